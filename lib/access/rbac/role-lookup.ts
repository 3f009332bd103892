import { clusterRoleRules, type RoleRules } from './aggregation';
import { fieldsOf, listOf, readRules, textOf } from './loose';
import type { RbacObjects, RoleRef } from './rbac-objects';

/** What the role of a binding permits, or why there is no such role. */
export type RoleLookup = (roleRef: RoleRef, namespace: string) => RoleRules | string;

/**
 * Finds what a binding's role permits. `namespace` is the binding's, `''` for a cluster role binding, which therefore
 * never finds a role that is in a namespace.
 *
 * Of objects with the same name the last one counts, as if they were applied one after the other.
 */
export function roleLookup(objects: RbacObjects): RoleLookup {
  const { clusterRoles, roles } = fieldsOf(objects);
  const ofCluster = byName(listOf(clusterRoles), ({ name }) => name);
  const ofNamespaces = byName(listOf(roles), ({ namespace, name }) => namespace && `${namespace}/${name}`);
  const rulesOf = clusterRoleRules(ofCluster);
  const read = new Map<string, RoleRules>();

  const inCluster = (name: string): RoleRules | string =>
    ofCluster.has(name) ? rulesOf(name) : `there is no ClusterRole ${name}`;
  const inNamespace = (name: string, namespace: string): RoleRules | string => {
    if (namespace === '') return `the Role ${name} can be given in its namespace only, not in the whole cluster`;
    const key = `${namespace}/${name}`;
    if (!ofNamespaces.has(key)) return `there is no Role ${key}`;
    const before = read.get(key);
    if (before) return before;
    const { rules, errors } = readRules(fieldsOf(ofNamespaces.get(key)).rules, `Role ${key}`);
    const now = { rules: rules.map((rule) => ({ rule })), errors };
    read.set(key, now);
    return now;
  };
  const kinds = new Map<unknown, RoleLookup>([
    ['ClusterRole', ({ name }) => inCluster(name)],
    ['Role', ({ name }, namespace) => inNamespace(name, namespace)],
  ]);
  return (roleRef, namespace) =>
    kinds.get(roleRef.kind)?.(roleRef, namespace) ?? `there is no kind of role ${JSON.stringify(roleRef.kind)}`;
}

function byName(
  objects: readonly unknown[],
  keyOf: (metadata: { namespace: string; name: string }) => string,
): ReadonlyMap<string, unknown> {
  const named = new Map<string, unknown>();
  for (const object of objects) {
    const { namespace, name } = fieldsOf(fieldsOf(object).metadata);
    const key = textOf(name) && keyOf({ namespace: textOf(namespace), name: textOf(name) });
    if (key !== '') named.set(key, object);
  }
  return named;
}
