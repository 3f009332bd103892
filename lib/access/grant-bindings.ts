import { groupOf, isBound, type AccessGrants, type Permission } from './access-grant';
import type { ClusterRole, RbacObjects } from './rbac/rbac-objects';
import { bindingsOf, clusterRoleRef, groupSubject } from './rbac/rbac-rendering';
import type { RbacSettings } from './rbac/rbac-settings';

const READ_ALL: ClusterRole = {
  metadata: { name: 'kotohajime:read-all' },
  rules: [
    { apiGroups: ['*'], resources: ['*'], verbs: ['get', 'list', 'watch'] },
    { nonResourceURLs: ['*'], verbs: ['get'] },
  ],
};

/** The ClusterRole of each permission; all but the last are Kubernetes' own. */
export const CLUSTER_ROLES: Readonly<Record<Permission, string>> = {
  'cluster-admin': 'cluster-admin',
  admin: 'admin',
  edit: 'edit',
  view: 'view',
  'read-all': READ_ALL.metadata.name,
};

/** The roles and bindings that give `can` its meaning where it is a group. */
export function grantBindings(grants: AccessGrants, place: 'access-entries' | 'aws-auth'): RbacObjects {
  const bound = Object.entries(grants).flatMap(([name, grant]) =>
    grant.can === undefined || !isBound(grant, place)
      ? []
      : [{ name: groupOf(name), can: grant.can, namespaces: grant.namespaces }],
  );
  return {
    roles: [],
    clusterRoles: bound.some(({ can }) => can === 'read-all') ? [READ_ALL] : [],
    ...bindingsOf(
      bound.map(({ name, can, namespaces }) => ({
        name,
        roleRef: clusterRoleRef(CLUSTER_ROLES[can]),
        namespaces,
        subjects: [groupSubject(name)],
      })),
    ),
  };
}

/** The Kubernetes groups of a grant where it is written. */
export function groupsOf(
  name: string,
  grant: AccessGrants[string],
  place: 'access-entries' | 'aws-auth',
  rbac: RbacSettings = {},
): string[] {
  const own =
    isBound(grant, place) || Object.values(rbac.bindings ?? {}).some(({ grants }) => grants?.includes(name) === true);
  return [...new Set([...(own ? [groupOf(name)] : []), ...(grant.groups ?? [])])];
}
