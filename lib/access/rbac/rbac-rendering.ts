import { groupOf } from '../access-grant';
import type { ClusterRole, RbacObjects, Role, RoleBinding, RoleRef, Subject } from './rbac-objects';
import type { BindingSettings, RbacSettings } from './rbac-settings';

/** No object at all. */
export const NO_OBJECTS: RbacObjects = { roles: [], clusterRoles: [], roleBindings: [], clusterRoleBindings: [] };

const RBAC = 'rbac.authorization.k8s.io';

/** Several sets of objects as one. */
export function together(...sets: readonly RbacObjects[]): RbacObjects {
  return {
    roles: sets.flatMap(({ roles }) => roles),
    clusterRoles: sets.flatMap(({ clusterRoles }) => clusterRoles),
    roleBindings: sets.flatMap(({ roleBindings }) => roleBindings),
    clusterRoleBindings: sets.flatMap(({ clusterRoleBindings }) => clusterRoleBindings),
  };
}

/** The Kubernetes objects of a platform's RBAC settings. */
export function toRbacObjects({ clusterRoles = {}, roles = {}, bindings = {} }: RbacSettings): RbacObjects {
  return {
    clusterRoles: Object.entries(clusterRoles).map(
      ([name, { rules = [], aggregateTo = [], aggregates, labels }]): ClusterRole => {
        const toOthers = Object.fromEntries(aggregateTo.map((role) => [`${RBAC}/aggregate-to-${role}`, 'true']));
        return {
          metadata: { name, ...labelled({ ...labels, ...toOthers }) },
          ...(aggregates === undefined ? { rules } : { aggregationRule: { clusterRoleSelectors: aggregates } }),
        };
      },
    ),
    roles: Object.entries(roles).flatMap(([name, { namespaces, rules }]) =>
      namespaces.map((namespace): Role => ({ metadata: { name, namespace }, rules })),
    ),
    ...bindingsOf(
      Object.entries(bindings).map(([name, binding]) => ({
        name,
        roleRef: refOf(binding),
        namespaces: binding.namespaces,
        subjects: subjectsOf(binding),
      })),
    ),
  };
}

/** Role bindings for those with namespaces, cluster role bindings for the others. */
export function bindingsOf(
  bindings: readonly {
    readonly name: string;
    readonly roleRef: RoleRef;
    readonly namespaces: readonly string[] | undefined;
    readonly subjects: readonly Subject[];
  }[],
): Pick<RbacObjects, 'roleBindings' | 'clusterRoleBindings'> {
  return {
    roleBindings: bindings.flatMap(({ name, namespaces = [], roleRef, subjects }) =>
      namespaces.map((namespace): RoleBinding => ({ metadata: { name, namespace }, roleRef, subjects })),
    ),
    clusterRoleBindings: bindings
      .filter(({ namespaces }) => namespaces === undefined)
      .map(({ name, roleRef, subjects }): RoleBinding => ({ metadata: { name }, roleRef, subjects })),
  };
}

/** A cluster role as the role of a binding. */
export function clusterRoleRef(name: string): RoleRef {
  return { apiGroup: RBAC, kind: 'ClusterRole', name };
}

/** A group as the subject of a binding. */
export function groupSubject(name: string): Subject {
  return { apiGroup: RBAC, kind: 'Group', name };
}

function refOf({ role, clusterRole }: BindingSettings): RoleRef {
  return clusterRole === undefined ? { apiGroup: RBAC, kind: 'Role', name: role ?? '' } : clusterRoleRef(clusterRole);
}

function subjectsOf({ grants = [], groups = [], users = [], serviceAccounts = [] }: BindingSettings): Subject[] {
  return [
    ...grants.map((grant) => groupSubject(groupOf(grant))),
    ...groups.map(groupSubject),
    ...users.map((name): Subject => ({ apiGroup: RBAC, kind: 'User', name })),
    ...serviceAccounts.map((account): Subject => {
      const [namespace = '', name = ''] = account.split('/');
      return { kind: 'ServiceAccount', name, namespace };
    }),
  ];
}

function labelled(labels: Readonly<Record<string, string>>): { labels?: Readonly<Record<string, string>> } {
  return Object.keys(labels).length === 0 ? {} : { labels };
}

/** An RBAC object as a manifest. */
export type RbacManifest = (Role | ClusterRole | RoleBinding) & {
  /** Always `rbac.authorization.k8s.io/v1`. */
  readonly apiVersion: string;
  /** What it is. */
  readonly kind: 'Role' | 'ClusterRole' | 'RoleBinding' | 'ClusterRoleBinding';
};

/** The objects as manifests: roles before what binds them. */
export function toManifests(objects: RbacObjects): RbacManifest[] {
  const manifest =
    (kind: RbacManifest['kind']) =>
    (object: Role | ClusterRole | RoleBinding): RbacManifest => ({ apiVersion: `${RBAC}/v1`, kind, ...object });
  return [
    ...objects.clusterRoles.map(manifest('ClusterRole')),
    ...objects.roles.map(manifest('Role')),
    ...objects.clusterRoleBindings.map(manifest('ClusterRoleBinding')),
    ...objects.roleBindings.map(manifest('RoleBinding')),
  ];
}
