import type { AccessGrants, Permission } from './access-grant';
import { parsePrincipal, withoutRolePath } from './principal';

/** One line of aws-auth, in the authenticator's own words. */
export interface AwsAuthLine {
  /** The ARN, without a role's path. */
  readonly arn: string;
  /** The Kubernetes user name; `{{SessionName}}` becomes the session's. */
  readonly username: string;
  /** The Kubernetes groups. */
  readonly groups: readonly string[];
}

/** What grants become in aws-auth, and the bindings that give `can` its meaning there. */
export interface AwsAuthRendering {
  /** Lines of `mapRoles`. */
  readonly roles: readonly AwsAuthLine[];
  /** Lines of `mapUsers`. */
  readonly users: readonly AwsAuthLine[];
  /** Kubernetes objects that must exist for the lines to mean something. */
  readonly objects: readonly object[];
}

/** The Kubernetes group of a grant that says `can`. */
export function groupOf(grant: string): string {
  return `kotohajime:${grant}`;
}

/** Renders grants for aws-auth. */
export function toAwsAuth(grants: AccessGrants): AwsAuthRendering {
  const lines = Object.entries(grants).map(([name, { principal, can, groups = [], username }]) => {
    const kind = parsePrincipal(principal)?.kind ?? 'role';
    return {
      kind,
      arn: withoutRolePath(principal),
      // a user has no session to name
      username: username ?? (kind === 'user' ? name : `${name}:{{SessionName}}`),
      groups: can === undefined ? [...groups] : [groupOf(name), ...groups],
    };
  });
  const line = ({ arn, username, groups }: AwsAuthLine): AwsAuthLine => ({ arn, username, groups });
  return {
    roles: lines.filter(({ kind }) => kind === 'role').map(line),
    users: lines.filter(({ kind }) => kind === 'user').map(line),
    objects: objectsOf(grants),
  };
}

const READ_ALL = 'kotohajime:read-all';

/** The ClusterRole of each permission; all but the last are Kubernetes' own. */
const CLUSTER_ROLES: Readonly<Record<Permission, string>> = {
  'cluster-admin': 'cluster-admin',
  admin: 'admin',
  edit: 'edit',
  view: 'view',
  'read-all': READ_ALL,
};

function objectsOf(grants: AccessGrants): object[] {
  const permitted = Object.entries(grants).flatMap(([name, { can }]) => (can === undefined ? [] : [{ name, can }]));
  const bindings = permitted.map(({ name, can }) => ({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: groupOf(name) },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: CLUSTER_ROLES[can] },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: groupOf(name) }],
  }));
  const readAll = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: READ_ALL },
    rules: [
      { apiGroups: ['*'], resources: ['*'], verbs: ['get', 'list', 'watch'] },
      { nonResourceURLs: ['*'], verbs: ['get'] },
    ],
  };
  return permitted.some(({ can }) => can === 'read-all') ? [readAll, ...bindings] : bindings;
}
