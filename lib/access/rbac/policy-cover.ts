import type { PolicyRule } from './rbac-objects';
import { urlCovers } from './rule-match';

/** Whether rules cover others, and which of those they do not. */
export interface Cover {
  /** Whether they cover all of them. */
  readonly covered: boolean;
  /** The rules that cover anything. */
  readonly by: ReadonlySet<PolicyRule>;
  /** The parts that none of them covers, each for one verb on one thing. */
  readonly missing: readonly PolicyRule[];
}

/**
 * Whether whoever holds `owner` may do all that `servant` permits: the rule by which Kubernetes lets people grant.
 *
 * Each part of `servant` must be covered by one rule of `owner` alone. So a list of verbs never covers `*`, even if it
 * has every verb there is.
 *
 * @see https://github.com/kubernetes/component-helpers/blob/v0.35.4/auth/rbac/validation/policy_comparator.go
 */
export function covers(owner: readonly PolicyRule[], servant: readonly PolicyRule[]): Cover {
  const by = new Set<PolicyRule>();
  const missing: PolicyRule[] = [];
  for (const atom of servant.flatMap(atoms)) {
    const covering = owner.find((rule) => ruleCovers(rule, atom));
    if (covering) by.add(covering);
    else missing.push(atom);
  }
  return { covered: missing.length === 0, by, missing };
}

/** Breaks a rule down into rules of one verb each, on one resource, one name of an object, or one URL. */
export function atoms(rule: PolicyRule): PolicyRule[] {
  const { verbs, apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } = rule;
  const names = resourceNames.length === 0 ? [{}] : resourceNames.map((name) => ({ resourceNames: [name] }));
  return [
    ...apiGroups.flatMap((group) =>
      resources.flatMap((resource) =>
        verbs.flatMap((verb) =>
          names.map((name) => ({ apiGroups: [group], resources: [resource], verbs: [verb], ...name })),
        ),
      ),
    ),
    ...nonResourceURLs.flatMap((url) => verbs.map((verb) => ({ nonResourceURLs: [url], verbs: [verb] }))),
  ];
}

/** Whether one rule covers a part of another, as {@link atoms} makes it. */
function ruleCovers(rule: PolicyRule, atom: PolicyRule): boolean {
  const { verbs, apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } = rule;
  const { resourceNames: names = [], nonResourceURLs: urls = [] } = atom;
  return (
    hasAll(verbs, atom.verbs) &&
    hasAll(apiGroups, atom.apiGroups ?? []) &&
    (atom.resources ?? []).every((resource) => resourceCovered(resources, resource)) &&
    (resourceNames.length === 0 || (names.length > 0 && names.every((name) => resourceNames.includes(name)))) &&
    urls.every((url) => nonResourceURLs.some((own) => urlCovers(own, url)))
  );
}

/** Joins the rules that differ in their verbs only and are for one resource, one object or one URL; the rest stays. */
export function compactRules(rules: readonly PolicyRule[]): PolicyRule[] {
  const joined = new Map<unknown, PolicyRule>();
  for (const rule of rules) {
    const key = onlyThing(rule) ?? rule;
    const before = joined.get(key);
    joined.set(key, before ? { ...before, verbs: [...new Set([...before.verbs, ...rule.verbs])] } : rule);
  }
  return [...joined.values()];
}

function onlyThing(rule: PolicyRule): string | undefined {
  const { apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } = rule;
  const counts = [apiGroups, resources, nonResourceURLs].map((list) => list.length).join();
  const one = counts === '1,1,0' ? resourceNames.length <= 1 : counts === '0,0,1' && resourceNames.length === 0;
  return one ? JSON.stringify([apiGroups, resources, resourceNames, nonResourceURLs]) : undefined;
}

function hasAll(list: readonly string[], values: readonly string[]): boolean {
  return list.includes('*') || values.every((value) => list.includes(value));
}

function resourceCovered(list: readonly string[], resource: string): boolean {
  if (list.includes('*') || list.includes(resource)) return true;
  const slash = resource.indexOf('/');
  return slash >= 0 && list.includes(`*${resource.slice(slash)}`);
}
