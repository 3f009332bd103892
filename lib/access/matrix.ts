import type { Identity } from './access';
import type { Permission } from './access-grant';
import { policyDifference, type PolicyDifference } from './policy-differences';
import type { HeldRule } from './rbac/aggregation';
import type { AccessRequest } from './rbac/authorize';
import type { BindingScope, Bound } from './rbac/bindings';
import { isSuperuser } from './rbac/grounds';
import { namespaceMatcher } from './rbac/namespace-pattern';
import { covers } from './rbac/policy-cover';
import { policiesOf, type KnownPolicy } from './rbac/policy-scope';
import { bindingReason, type RbacIndex } from './rbac/rbac-index';
import type { PolicyRule } from './rbac/rbac-objects';
import { SUPERUSER } from './rbac/reason';
import { readRequest } from './rbac/request';
import { ruleMatcher } from './rbac/rule-match';
import { groundInWords, scopeInWords, sourceInWords } from './reasons-in-words';
import { RIGHTS, type Right } from './rights';
import { callerArnOf, type Simulator } from './simulator';

/** What somebody may do in some places that are alike. */
export interface PlaceRights {
  /** `cluster` for whatever is in no namespace and every namespace not named; namespaces, or patterns of them. */
  readonly where: readonly string[];
  /** The names of the rights they have there. */
  readonly rights: readonly string[];
  /** Why: each policy or binding that gives something there. */
  readonly because: readonly string[];
}

/** What the holder of one grant may do. */
export interface GrantRights {
  /** The grant. */
  readonly grant: string;
  /** Its principal. */
  readonly principal: string;
  /** How it comes in: `access entry`, `aws-auth mapRoles`, or why it does not. */
  readonly source: string;
  /**
   * The Kubernetes user name and groups.
   *
   * @default - it does not come in
   */
  readonly identity?: Pick<Identity, 'username' | 'groups'>;
  /** Where it may do what. Places where nothing gives it anything are left out, but for the cluster. */
  readonly places: readonly PlaceRights[];
  /**
   * How its access policy differs from the Kubernetes role of that name.
   *
   * @default - it has none, or one that differs in nothing
   */
  readonly difference?: PolicyDifference;
  /** What could not be taken into account. */
  readonly errors: readonly string[];
}

/** Who may do what: principals × places × rights. */
export function accessMatrix(simulator: Simulator): GrantRights[] {
  const { rendered, minor } = simulator;
  const rightsOf = rightsReckoner(simulator.index);
  const differences = new Map<Permission, PolicyDifference>();
  const differenceOf = (can: Permission): PolicyDifference => {
    const difference = differences.get(can) ?? policyDifference(can, minor);
    differences.set(can, difference);
    return difference;
  };
  return Object.entries(rendered.grants).map(([grant, terms]) => {
    const { principal, can } = terms;
    const identity = simulator.identityOf(callerArnOf(terms));
    if (!identity.mapped)
      return { grant, principal, source: `nobody: ${identity.detail}`, places: [], errors: [identity.detail] };
    const { places, errors } = placesOf(identity, simulator);
    const byPolicy = can !== undefined && can !== 'cluster-admin' && identity.policies.length > 0;
    return {
      grant,
      principal,
      source: sourceInWords(identity),
      identity: { username: identity.username, groups: identity.groups },
      places: places
        .map((place) => ({
          where: place.where,
          rights: rightsOf(identity, place),
          because: becauseOf(identity, place),
        }))
        .filter(({ where, because }) => because.length > 0 || where[0] === CLUSTER),
      ...(byPolicy ? { difference: differenceOf(can) } : {}),
      errors,
    };
  });
}

/** The name of the place that is the whole cluster. */
const CLUSTER = 'cluster';

/** Stands for letters no namespace has: what a pattern matches and no binding names. */
const ANY = '.';

/** Places where somebody has the same bindings and policies. */
interface Place {
  /** Their names. */
  readonly where: string[];
  /** The namespace to ask in. */
  readonly namespace: string;
  /** The bindings that count there. */
  readonly bound: readonly { readonly held: Bound; readonly rules: readonly HeldRule[] }[];
  /** The access policies that hold there. */
  readonly policies: readonly KnownPolicy[];
}

/** Where somebody's rights may differ: the cluster, the namespaces of their bindings and policies, and patterns. */
function placesOf(identity: Identity, { index }: Simulator): { places: Place[]; errors: string[] } {
  const { policies, errors: unread } = policiesOf(identity);
  const errors = new Set(unread);
  const boundIn = (scope: BindingScope): Place['bound'] =>
    scope.of(identity).map((held) => {
      const given = index.given(held.binding);
      for (const error of given.errors) errors.add(error);
      return { held, rules: given.rules };
    });
  const scoped = policies.map((policy) => ({ policy, holdsIn: namespaceMatcher(policy.namespaces) }));
  const everywhere = boundIn(index.bindings.cluster);
  const places = new Map<string, Place>();
  const add = (name: string, namespace: string, own: Place['bound']): void => {
    const holding = scoped.filter(({ holdsIn }) => holdsIn(namespace)).map(({ policy }) => policy);
    const key = JSON.stringify([
      name === CLUSTER,
      own.map(({ held: { binding, subject } }) => [binding.name, binding.roleRef, subject]),
      holding.map((policy) => policies.indexOf(policy)),
    ]);
    const before = places.get(key);
    if (before !== undefined) before.where.push(name);
    else places.set(key, { where: [name], namespace, bound: [...everywhere, ...own], policies: holding });
  };
  add(CLUSTER, ANY, []);
  const patterns = [...new Set(policies.flatMap(({ namespaces = [] }) => namespaces))];
  const wild = patterns.filter((pattern) => pattern.includes('*'));
  const isWild = namespaceMatcher(wild);
  const named = new Set(patterns.filter((pattern) => !pattern.includes('*')));
  for (const [namespace, scope] of index.bindings.namespaces)
    if (isWild(namespace) || scope.of(identity).length > 0) named.add(namespace);
  for (const namespace of [...named].sort()) {
    const scope = index.bindings.namespaces.get(namespace);
    add(namespace, namespace, scope === undefined ? [] : boundIn(scope));
  }
  for (const pattern of wild) add(pattern, pattern.replaceAll('*', ANY), []);
  return { places: [...places.values()], errors: [...errors] };
}

function becauseOf(identity: Identity, { where: [first], bound, policies }: Place): string[] {
  if (isSuperuser(identity)) return [groundInWords(SUPERUSER)];
  return [
    ...bound
      // what everybody who signs in may do is no news
      .filter(({ held }) => held.subject.name !== 'system:authenticated')
      .flatMap(({ held, rules: [rule] }) =>
        rule === undefined ? [] : [groundInWords(bindingReason(held, rule), first)],
      ),
    ...policies.map(({ policy, namespaces }) => `${policy} ${scopeInWords(namespaces)}`),
  ];
}

/** Looks at the same set of rules once: a thousand people with the same role in a hundred namespaces are one case. */
function rightsReckoner(index: RbacIndex): (identity: Identity, place: Place) => readonly string[] {
  const ids = new Map<unknown, number>();
  const idOf = (rules: unknown): number => {
    const id = ids.get(rules) ?? ids.size;
    ids.set(rules, id);
    return id;
  };
  const known = new Map<string, readonly string[]>();
  return (identity, { where: [first], namespace, bound, policies }) => {
    const wholeCluster = first === CLUSTER;
    const asked = RIGHTS.filter(({ namespaced = true }) => namespaced || wholeCluster);
    if (isSuperuser(identity)) return asked.map(({ name }) => name);
    const sets = [bound, policies].map((grounds) =>
      [...new Set(grounds.map(({ rules }) => idOf(rules)))].sort().join(),
    );
    const key = `${wholeCluster ? CLUSTER : ''};${sets.join(';')}`;
    const rights =
      known.get(key) ??
      asked.filter(hasRight(index, namespace, rulesOf(bound), rulesOf(policies))).map(({ name }) => name);
    known.set(key, rights);
    return rights;
  };
}

function rulesOf(grounds: readonly { readonly rules: readonly HeldRule[] }[]): PolicyRule[] {
  return grounds.flatMap(({ rules }) => rules.map(({ rule }) => rule));
}

/** Whether all that makes a right is permitted by the rules of bindings and policies together. */
function hasRight(
  index: RbacIndex,
  namespace: string,
  held: readonly PolicyRule[],
  byPolicy: readonly PolicyRule[],
): (right: Right) => boolean {
  const all = [...held, ...byPolicy];
  const allows = (request: AccessRequest): boolean => {
    const asked = readRequest(request);
    return asked !== undefined && all.some(ruleMatcher(asked));
  };
  return ({ requests, namespaced = true, mustGive: name }) => {
    const place = namespaced ? { namespace } : {};
    if (!requests.every((request) => allows('path' in request ? request : { ...request, ...place }))) return false;
    if (name === undefined) return true;
    const bind = { verb: 'bind', apiGroup: 'rbac.authorization.k8s.io', resource: 'clusterroles', name, namespace };
    const role = index.role({ kind: 'ClusterRole', name }, '');
    return allows(bind) || (typeof role !== 'string' && covers(held, rulesOf([role])).covered);
  };
}
