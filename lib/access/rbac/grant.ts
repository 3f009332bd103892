import { aggregates } from './aggregation';
import { readRoleRef } from './bindings';
import { fieldsOf, isAbsent, listOf, readRules, textOf } from './loose';
import type { RbacIndex } from './rbac-index';
import type { PolicyRule, RbacObjects, RoleRef } from './rbac-objects';
import type { ResourceRequest } from './request';

/** The objects that give rights. */
export type GrantKind = 'Role' | 'ClusterRole' | 'RoleBinding' | 'ClusterRoleBinding';

/** What an object gives, or would. */
export interface Grant {
  /** The namespace it gives it in; `''` for the whole cluster. */
  readonly namespace: string;
  /** The request that makes the rules not matter if it is allowed. */
  readonly instead: ResourceRequest;
  /** The rights. */
  readonly rules: readonly PolicyRule[];
  /** Why they are not known in full; then nobody may give them for holding them. */
  readonly errors: readonly string[];
}

/** Reads what an object gives, or why that cannot be told. */
export function readGrant(object: unknown, index: RbacIndex, objects: RbacObjects): Grant | string {
  const kind = kindOf(object);
  if (!kind) return 'only a Role, ClusterRole, RoleBinding or ClusterRoleBinding gives rights';
  const { namespace, name } = placeOf(object);
  const namespaced = kind === 'Role' || kind === 'RoleBinding';
  if (namespaced && namespace === '') return `${kind} ${name}: it has no namespace`;
  return READERS[kind]({
    fields: fieldsOf(object),
    index,
    objects,
    namespace: namespaced ? namespace : '',
    name,
    label: namespaced ? `${kind} ${namespace}/${name}` : `${kind} ${name}`,
  });
}

interface Written {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly index: RbacIndex;
  readonly objects: RbacObjects;
  readonly namespace: string;
  readonly name: string;
  readonly label: string;
}

const API_GROUP = 'rbac.authorization.k8s.io';

const FULL_AUTHORITY: readonly PolicyRule[] = [
  { apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
  { nonResourceURLs: ['*'], verbs: ['*'] },
];

const READERS: Record<GrantKind, (written: Written) => Grant | string> = {
  Role({ fields, objects, namespace, name, label }) {
    const before = listOf(fieldsOf(objects).roles).some((role) => {
      const other = placeOf(role);
      return other.namespace === namespace && other.name === name;
    });
    return { namespace, instead: escalate('roles', before ? name : '', namespace), ...readRules(fields.rules, label) };
  },
  ClusterRole({ fields, objects, name, label }) {
    const before = listOf(fieldsOf(objects).clusterRoles).filter((role) => placeOf(role).name === name);
    const { rules, errors } = readRules(fields.rules, label);
    // nobody knows what it will gather, so only those with every right may let it gather, or stop it
    const gathers = [fields, ...before].some(aggregates);
    return {
      namespace: '',
      instead: escalate('clusterroles', before.length > 0 ? name : '', ''),
      rules: gathers ? [...rules, ...FULL_AUTHORITY] : rules,
      errors,
    };
  },
  RoleBinding: bind,
  ClusterRoleBinding: bind,
};

function escalate(resource: string, name: string, namespace: string): ResourceRequest {
  return { verb: 'escalate', apiGroup: API_GROUP, resource, name, namespace };
}

const RESOURCES: Record<RoleRef['kind'], string> = { Role: 'roles', ClusterRole: 'clusterroles' };

function bind({ fields, index, namespace, label }: Written): Grant | string {
  const roleRef = readRoleRef(fields.roleRef);
  const { kind, name, apiGroup = API_GROUP } = roleRef;
  const role = index.role(roleRef, namespace);
  const missing = typeof role === 'string';
  if (missing && !Object.hasOwn(RESOURCES, kind)) return `${label}: ${role}`;
  return {
    namespace,
    instead: { verb: 'bind', apiGroup, resource: RESOURCES[kind], name, namespace },
    rules: missing ? [] : role.rules.map(({ rule }) => rule),
    errors: missing ? [`${label}: ${role}`] : role.errors,
  };
}

function kindOf(object: unknown): GrantKind | undefined {
  const { kind, roleRef } = fieldsOf(object);
  if (!isAbsent(kind)) return Object.keys(READERS).find((known): known is GrantKind => known === kind);
  if (fieldsOf(object) !== object) return undefined;
  const { namespace } = placeOf(object);
  if (isAbsent(roleRef)) return namespace === '' ? 'ClusterRole' : 'Role';
  return namespace === '' ? 'ClusterRoleBinding' : 'RoleBinding';
}

function placeOf(object: unknown): { readonly namespace: string; readonly name: string } {
  const { namespace, name } = fieldsOf(fieldsOf(object).metadata);
  return { namespace: textOf(namespace), name: textOf(name) };
}
