import { isDeepStrictEqual } from 'node:util';
import type { Identity } from '../access';
import type { MappedIdentity, UnmappedCaller } from '../authenticator/map-identity';
import type { Authorizer } from '../rbac/authorize';
import { isSuperuser } from '../rbac/grounds';
import type { RbacObjects } from '../rbac/rbac-objects';
import { isUrlRequest, type AccessRequest } from '../rbac/request';
import { scopeInWords } from '../reasons-in-words';
import { askedPlaces, askedRequests, OTHER_NAMESPACES, WHOLE_CLUSTER, type AskedPlace } from './asked-rights';
import { requestsInWords } from './rights-in-words';

/** Who a caller is to the cluster; `'not known'` for an access entry of which only the ARN is known. */
export type Held = MappedIdentity | UnmappedCaller | 'not known';

/** What a change comes to for one principal. */
export type Verdict = 'unchanged' | 'gains' | 'loses' | 'gains and loses' | 'let in' | 'shut out' | 'not known';

/** What changes for one principal. */
export interface RightsChange {
  /** In a word. */
  readonly verdict: Verdict;
  /** What it may do then and may not now. */
  readonly gains: readonly string[];
  /** What it may do now and may not then. */
  readonly loses: readonly string[];
  /** What else is to be known. */
  readonly notes: readonly string[];
  /** The requests it loses, each in a namespace in which it does. */
  readonly lost: readonly AccessRequest[];
}

/** Tells what changes for a principal that is one identity now and another then. */
export interface Comparison {
  /** Decides what each may do. */
  readonly authorizer: Authorizer;
  /** The groups that something here is bound to. */
  readonly boundGroups: ReadonlySet<string>;
}

/** What {@link rightsChange} needs of a cluster's objects. */
export function boundGroups({ clusterRoleBindings, roleBindings }: RbacObjects): ReadonlySet<string> {
  const subjects = [...clusterRoleBindings, ...roleBindings].flatMap((binding) => binding.subjects ?? []);
  return new Set(subjects.filter(({ kind }) => kind === 'Group').map(({ name }) => name));
}

const NOTHING: RightsChange = { verdict: 'unchanged', gains: [], loses: [], notes: [], lost: [] };

/** What changes: both are asked the same requests wherever their rights may differ. */
export function rightsChange(before: Held, after: Held, { authorizer, boundGroups: bound }: Comparison): RightsChange {
  if (before === 'not known' || after === 'not known') {
    if (before === after) return NOTHING;
    return { ...NOTHING, verdict: 'not known', notes: ['what its access entry permits now is not in --entries'] };
  }
  if (!before.mapped && !after.mapped) return NOTHING;
  if (!before.mapped) return { ...NOTHING, verdict: 'let in', gains: after.mapped ? [identityInWords(after)] : [] };
  if (!after.mapped) return { ...NOTHING, verdict: 'shut out', loses: [identityInWords(before)] };
  if (sameRights(before, after)) return NOTHING;
  const places = askedPlaces([before, after], authorizer);
  const requests = askedRequests([before, after], places, authorizer);
  const gained = difference(after, before, places, requests, authorizer);
  const lost = difference(before, after, places, requests, authorizer);
  const gains = [...gained.flatMap(inWords(places)), ...unboundIn(after, before, bound, authorizer)];
  const loses = [...lost.flatMap(inWords(places)), ...unboundIn(before, after, bound, authorizer)];
  return {
    verdict: verdictOf(gains, loses),
    gains,
    loses,
    notes: before.username === after.username ? [] : [`is ${after.username} to Kubernetes, and was ${before.username}`],
    lost: lost.flatMap(({ places: where, requests: list }) =>
      where.flatMap(({ namespace }) => list.map((request) => placed(request, namespace))),
    ),
  };
}

/** Requests, and the places in which they make a difference. */
interface Difference {
  readonly places: readonly AskedPlace[];
  readonly requests: readonly AccessRequest[];
}

/** What one may do and the other may not; places with the same difference are one. */
function difference(
  one: Identity,
  other: Identity,
  places: readonly AskedPlace[],
  requests: readonly AccessRequest[],
  { authorize }: Authorizer,
): Difference[] {
  const only = (request: AccessRequest): boolean =>
    authorize(one, request).allowed && !authorize(other, request).allowed;
  const together = new Map<string, Difference>();
  for (const place of places) {
    const found = requests.filter((request) => !isUrlRequest(request) && only(placed(request, place.namespace)));
    const key = JSON.stringify(found);
    together.set(key, { places: [...(together.get(key)?.places ?? []), place], requests: found });
  }
  // a URL is in no namespace
  const urls = requests.filter((request) => isUrlRequest(request) && only(request));
  return [...together.values(), { places: places.slice(0, 1), requests: urls }];
}

function placed(request: AccessRequest, namespace: string): AccessRequest {
  return isUrlRequest(request) ? request : { ...request, namespace };
}

function inWords(all: readonly AskedPlace[]): (difference: Difference) => string[] {
  return ({ places, requests }) => {
    const names = places.map(({ name }) => name);
    const others = all.map(({ name }) => name).filter((name) => !names.includes(name));
    const everywhere = names.includes(WHOLE_CLUSTER) && names.includes(OTHER_NAMESPACES);
    const where = everywhere ? `in the whole cluster but ${others.join(', ')}` : `in ${names.join(', ')}`;
    const placeless = others.length === 0 || requests.every(isUrlRequest);
    return requestsInWords(requests).map((text) => (placeless ? text : `${text} ${where}`));
  };
}

function verdictOf(gains: readonly string[], loses: readonly string[]): Verdict {
  if (gains.length > 0) return loses.length > 0 ? 'gains and loses' : 'gains';
  return loses.length > 0 ? 'loses' : 'unchanged';
}

/** Who somebody is, as far as it says what they may do. */
export function identityInWords(identity: MappedIdentity): string {
  if (isNode(identity)) return 'a node';
  if (isSuperuser(identity)) return 'everything (system:masters)';
  const policies = identity.policies.map(({ policy, namespaces }) => `${policy} ${scopeInWords(namespaces)}`);
  const groups = identity.groups.filter((group) => group !== 'system:authenticated').map((group) => `group ${group}`);
  return [...policies, ...groups].join(', ') || 'no group';
}

function sameRights(before: MappedIdentity, after: MappedIdentity): boolean {
  const terms = ({ username, groups, policies }: MappedIdentity): unknown => [username, groups, policies];
  return isDeepStrictEqual(terms(before), terms(after));
}

function isNode({ username, groups }: Identity): boolean {
  return username.startsWith('system:node:') && groups.includes('system:nodes');
}

/** What one has and the other has not, and nothing here can decide on: groups bound elsewhere, and being a node. */
function unboundIn(
  one: MappedIdentity,
  other: MappedIdentity,
  bound: ReadonlySet<string>,
  authorizer: Authorizer,
): string[] {
  if (mayEverything(other, authorizer)) return [];
  const groups = one.groups.filter(
    (group) => !other.groups.includes(group) && !bound.has(group) && !KNOWN.includes(group),
  );
  return [
    ...(isNode(one) && !isNode(other) ? ['what a node may do'] : []),
    ...groups.map((group) => `whatever the group ${group} is bound to, which is not known here`),
  ];
}

const KNOWN = ['system:masters', 'system:authenticated', 'system:nodes'];

function mayEverything(identity: Identity, authorizer: Authorizer): boolean {
  return (
    authorizer.authorize(identity, { verb: '*', apiGroup: '*', resource: '*' }).allowed &&
    authorizer.authorize(identity, { verb: '*', path: '*' }).allowed
  );
}
