import { isUrlRequest, type AccessRequest } from '../rbac/request';

/** Some rights that somebody gains or loses, such as `create` on two things in one namespace. */
export interface RightsPart {
  /** What is done, such as `get, list`; empty where the things say it. */
  readonly verbs: string;
  /** To what. */
  readonly things: readonly string[];
  /** Where, such as `in shop`; empty for everywhere. */
  readonly where: string;
}

/** A part as people say it; of many things the first few. */
export function partInWords({ verbs, things, where }: RightsPart, most = Infinity): string {
  const shown = things.length <= most + 1 ? things : [...things.slice(0, most), `${things.length - most} more`];
  return [verbs, shown.join(', '), where].filter((text) => text !== '').join(' ');
}

/** A part that is said in words of its own. */
export function inOneWord(text: string): RightsPart {
  return { verbs: '', things: [text], where: '' };
}

/** Requests in parts: one for each set of verbs, what stands for all the rest at the end. */
export function requestParts(requests: readonly AccessRequest[], where = ''): RightsPart[] {
  const verbs = new Map<string, Set<string>>();
  for (const request of requests) {
    const thing = thingInWords(request);
    verbs.set(thing, (verbs.get(thing) ?? new Set()).add(request.verb));
  }
  const things = new Map<string, string[]>();
  for (const [thing, done] of verbs) {
    const key = verbsInWords([...done]);
    things.set(key, [...(things.get(key) ?? []), thing]);
  }
  return [...things]
    .map(([done, list]) => ({ verbs: done, things: list, where }))
    .sort((a, b) => Number(a.verbs === '') - Number(b.verbs === ''));
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
  const below = subresource === undefined ? '' : `/${subresource}`;
  const named = name === undefined ? '' : ` ${name}`;
  if (resource === '*') return `everything else${below}${apiGroup === '' ? '' : ` of ${apiGroup}`}${named}`;
  // the group is written behind the plural, as kubectl takes it
  return `${resource}${apiGroup === '' ? '' : `.${apiGroup}`}${below}${named}`;
}
