import { isDeepStrictEqual } from 'node:util';
import type { Identity } from '../access';
import type { MappedIdentity, UnmappedCaller } from '../authenticator/map-identity';
import type { Authorizer } from '../rbac/authorize';
import { isSuperuser } from '../rbac/grounds';
import type { RbacObjects } from '../rbac/rbac-objects';
import type { AccessRequest } from '../rbac/request';
import { scopeInWords } from '../reasons-in-words';
import { rightsDifferences } from './rights-difference';
import { inOneWord, type RightsPart } from './rights-part';

/** Who a caller is to the cluster. */
export type Held = MappedIdentity | UnmappedCaller;

/** What a change comes to for one principal; not known, if only the ARN is known of the entry that goes. */
export type Verdict = 'unchanged' | 'gains' | 'loses' | 'gains and loses' | 'let in' | 'shut out' | 'not known';

/** What changes for one principal. */
export interface RightsChange {
  /** In a word. */
  readonly verdict: Verdict;
  /** What it may do then and may not now. */
  readonly gains: readonly RightsPart[];
  /** What it may do now and may not then. */
  readonly loses: readonly RightsPart[];
  /** What else is to be known. */
  readonly notes: readonly string[];
  /** The requests it loses, each in a namespace in which it does. */
  readonly lost: readonly AccessRequest[];
}

/** What decides whether something changes. */
export interface Comparison {
  /** Decides what each may do. */
  readonly authorizer: Authorizer;
  /** The groups that something here is bound to. */
  readonly boundGroups: ReadonlySet<string>;
}

/** The groups that bindings name. */
export function groupsBoundIn({ clusterRoleBindings, roleBindings }: RbacObjects): ReadonlySet<string> {
  const subjects = [...clusterRoleBindings, ...roleBindings].flatMap((binding) => binding.subjects ?? []);
  return new Set(subjects.filter(({ kind }) => kind === 'Group').map(({ name }) => name));
}

/** No change. */
export const NO_CHANGE: RightsChange = { verdict: 'unchanged', gains: [], loses: [], notes: [], lost: [] };

/** What changes for a principal that is one identity now and another then. */
export function rightsChange(before: Held, after: Held, comparison: Comparison): RightsChange {
  if (!before.mapped && !after.mapped) return NO_CHANGE;
  if (!after.mapped)
    return {
      ...NO_CHANGE,
      verdict: 'shut out',
      loses: before.mapped ? [inOneWord(`had ${identityInWords(before)}`)] : [],
    };
  if (!before.mapped) return { ...NO_CHANGE, verdict: 'let in', gains: [inOneWord(`has ${identityInWords(after)}`)] };
  if (isDeepStrictEqual(terms(before), terms(after))) return NO_CHANGE;
  const { gained, lost } = rightsDifferences(before, after, comparison.authorizer);
  const gains = [...gained.parts, ...undecided(after, before, comparison)];
  const loses = [...lost.parts, ...undecided(before, after, comparison)];
  return {
    verdict: verdictOf(gains, loses),
    gains,
    loses,
    notes: before.username === after.username ? [] : [`is ${after.username} to Kubernetes, and was ${before.username}`],
    lost: lost.requests,
  };
}

/** Who somebody is, as far as it says what they may do. */
export function identityInWords(identity: MappedIdentity): string {
  if (isNode(identity)) return 'the rights of a node';
  if (isSuperuser(identity)) return 'everything (system:masters)';
  const policies = identity.policies.map(({ policy, namespaces }) => `${policy} ${scopeInWords(namespaces)}`);
  const groups = identity.groups.filter((group) => group !== 'system:authenticated').map((group) => `group ${group}`);
  return [...policies, ...groups].join(', ') || 'no group';
}

/** What makes an identity, apart from where it comes from. */
export function terms({ username, groups, policies }: MappedIdentity): unknown {
  return [username, groups, policies];
}

function verdictOf(gains: readonly unknown[], loses: readonly unknown[]): Verdict {
  if (gains.length > 0) return loses.length > 0 ? 'gains and loses' : 'gains';
  return loses.length > 0 ? 'loses' : 'unchanged';
}

function isNode({ username, groups }: Identity): boolean {
  return username.startsWith('system:node:') && groups.includes('system:nodes');
}

const DECIDED = ['system:masters', 'system:authenticated', 'system:nodes'];

/** What one has and the other has not, and no rule here says: being a node, and groups that are bound elsewhere. */
function undecided(one: MappedIdentity, other: MappedIdentity, { authorizer, boundGroups }: Comparison): RightsPart[] {
  const everything = [
    { verb: '*', apiGroup: '*', resource: '*' },
    { verb: '*', path: '*' },
  ];
  if (everything.every((request) => authorizer.authorize(other, request).allowed)) return [];
  const groups = one.groups.filter(
    (group) => !other.groups.includes(group) && !boundGroups.has(group) && !DECIDED.includes(group),
  );
  return [
    ...(isNode(one) && !isNode(other) ? [inOneWord('the rights of a node')] : []),
    ...groups.map((group) => inOneWord(`whatever the group ${group} is bound to, which is not known here`)),
  ];
}
