import type { PolicyRule } from './rbac-objects';
import { isUrlRequest, type AccessRequest } from './request';

/** Whether a rule by itself allows a request, as Kubernetes' RBAC matches them. */
export function ruleAllows(rule: PolicyRule, request: AccessRequest): boolean {
  return ruleMatcher(request)(rule);
}

/** Tells the rules that allow a request, for one request and many rules. */
export function ruleMatcher(request: AccessRequest): (rule: PolicyRule) => boolean {
  const { verb } = request;
  if (isUrlRequest(request)) {
    const { path } = request;
    return ({ verbs, nonResourceURLs = [] }) => has(verbs, verb) && nonResourceURLs.some((url) => urlCovers(url, path));
  }
  const { apiGroup, resource, subresource = '', name = '' } = request;
  const whole = subresource === '' ? resource : `${resource}/${subresource}`;
  const ofAny = `*/${subresource}`;
  return ({ verbs, apiGroups = [], resources = [], resourceNames = [] }) =>
    has(verbs, verb) &&
    has(apiGroups, apiGroup) &&
    // `pods/*` is no wildcard: only a star alone or before the slash is
    (has(resources, whole) || (subresource !== '' && resources.includes(ofAny))) &&
    (resourceNames.length === 0 || resourceNames.includes(name));
}

/** Whether a rule for `url` is one for `path` too; stars at its end, and nowhere else, are a wildcard. */
export function urlCovers(url: string, path: string): boolean {
  if (url === path) return true;
  if (!url.endsWith('*')) return false;
  let end = url.length;
  while (url[end - 1] === '*') end--;
  return path.startsWith(url.slice(0, end));
}

function has(list: readonly string[], value: string): boolean {
  return list.includes('*') || list.includes(value);
}
