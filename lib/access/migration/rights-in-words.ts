import { isUrlRequest, type AccessRequest } from '../rbac/request';

/** Requests as people say them: one text for each set of verbs, such as `create pods/eviction, serviceaccounts/token`. */
export function requestsInWords(requests: readonly AccessRequest[]): string[] {
  const verbs = new Map<string, Set<string>>();
  for (const request of requests) {
    const thing = thingInWords(request);
    const known = verbs.get(thing) ?? new Set();
    verbs.set(thing, known.add(request.verb));
  }
  const things = new Map<string, string[]>();
  for (const [thing, done] of verbs) {
    const key = verbsInWords([...done]);
    things.set(key, [...(things.get(key) ?? []), thing]);
  }
  // what stands for all the rest comes last
  return [...things]
    .map(([done, list]) => ({ text: [done, list.join(', ')].filter((part) => part !== '').join(' '), done }))
    .sort((a, b) => Number(a.done === '') - Number(b.done === ''))
    .map(({ text }) => text);
}

/** A star among verbs stands for all others; alone it needs no word. */
function verbsInWords(verbs: readonly string[]): string {
  if (!verbs.includes('*')) return [...verbs].sort().join(', ');
  const others = verbs.filter((verb) => verb !== '*').sort();
  return others.length === 0 ? '' : `${others.join(', ')} and any other verb on`;
}

function thingInWords(request: AccessRequest): string {
  if (isUrlRequest(request)) return request.path === '*' ? 'every other URL' : request.path;
  const { apiGroup, resource, subresource, name } = request;
  if (apiGroup === '*' && resource === '*') return 'everything else';
  if (apiGroup === 'any.example.com') return 'custom resources';
  const whole = `${resource === '*' ? 'everything else' : resource}${subresource === undefined ? '' : `/${subresource}`}`;
  const group = apiGroup === '' ? '' : resource === '*' ? ` of ${apiGroup}` : `.${apiGroup}`;
  return `${whole}${group}${name === undefined ? '' : ` ${name}`}`;
}
