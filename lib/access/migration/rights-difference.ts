import type { Identity } from '../access';
import type { Authorizer } from '../rbac/authorize';
import { isUrlRequest, type AccessRequest } from '../rbac/request';
import { groundInWords } from '../reasons-in-words';
import { askedPlaces, askedRequests, OTHER_NAMESPACES, WHOLE_CLUSTER, type AskedPlace } from './asked-rights';
import { inOneWord, requestParts, type RightsPart } from './rights-part';

/** What one identity may do and another may not. */
export interface RightsDifference {
  /** In words. */
  readonly parts: readonly RightsPart[];
  /** The requests, each in a namespace in which it is so. */
  readonly requests: readonly AccessRequest[];
}

/** Tells of two identities what only one of them may do: both are asked the same wherever their rights may differ. */
export function rightsDifferences(
  before: Identity,
  after: Identity,
  authorizer: Authorizer,
): { gained: RightsDifference; lost: RightsDifference } {
  const places = askedPlaces([before, after], authorizer);
  const requests = askedRequests([before, after], places, authorizer);
  const asked = { places, requests, authorizer };
  return { gained: onlyOf(after, before, asked), lost: onlyOf(before, after, asked) };
}

interface Asked {
  readonly places: readonly AskedPlace[];
  readonly requests: readonly AccessRequest[];
  readonly authorizer: Authorizer;
}

function onlyOf(one: Identity, other: Identity, { places, requests, authorizer }: Asked): RightsDifference {
  const may = (identity: Identity, request: AccessRequest): boolean => authorizer.authorize(identity, request).allowed;
  const same = new Map<string, { places: AskedPlace[]; requests: readonly AccessRequest[] }>();
  let whole = true;
  for (const place of places) {
    const found = requests.filter((request) => {
      // a URL is in no namespace
      if (isUrlRequest(request) && place.namespace !== '') return false;
      const placed = inPlace(request, place);
      if (!may(one, placed)) return false;
      const both = may(other, placed);
      if (both && !may(ANYBODY, placed)) whole = false;
      return !both;
    });
    const key = JSON.stringify(found.filter((request) => !isUrlRequest(request)));
    const before = same.get(key);
    if (before === undefined) same.set(key, { places: [place], requests: found });
    else before.places.push(place);
  }
  const groups = [...same.values()];
  const all = groups.flatMap((group) =>
    group.places.flatMap((place) => group.requests.map((request) => inPlace(request, place))),
  );
  const parts = groups.flatMap((group) => [
    ...requestParts(
      group.requests.filter((request) => !isUrlRequest(request)),
      whereInWords(group.places, places),
    ),
    ...requestParts(group.requests.filter(isUrlRequest)),
  ]);
  const grounds = whole && all.length > 0 ? ownGrounds(one, places, authorizer) : [];
  return { requests: all, parts: grounds.length > 0 ? [inOneWord(`all of ${grounds.join('; ')}`)] : parts };
}

/** Somebody who has signed in, and nothing else. */
const ANYBODY: Identity = { username: '', groups: ['system:authenticated'] };

function inPlace(request: AccessRequest, { namespace }: AskedPlace): AccessRequest {
  return isUrlRequest(request) ? request : { ...request, namespace };
}

/** What gives an identity its rights, apart from what everybody has. */
function ownGrounds(identity: Identity, places: readonly AskedPlace[], authorizer: Authorizer): string[] {
  const of = (who: Identity): string[] =>
    places.flatMap(({ namespace }) => authorizer.rulesFor(who, namespace).rules.map((reason) => groundInWords(reason)));
  const everybody = new Set(of(ANYBODY));
  return [...new Set(of(identity))].filter((ground) => !everybody.has(ground));
}

function whereInWords(some: readonly AskedPlace[], all: readonly AskedPlace[]): string {
  const names = some.map(({ name }) => name);
  const others = all.map(({ name }) => name).filter((name) => !names.includes(name));
  if (others.length === 0) return '';
  const everywhere = names.includes(WHOLE_CLUSTER) && names.includes(OTHER_NAMESPACES);
  return everywhere ? `in the whole cluster but ${others.join(', ')}` : `in ${names.join(', ')}`;
}
