import type { PrincipalGrants } from './access-grant';
import { groupsOf } from './grant-bindings';
import { parsePrincipal, withoutRolePath } from './principal';
import type { RbacSettings } from './rbac/rbac-settings';

/** One line of aws-auth, in the authenticator's own words. */
export interface AwsAuthLine {
  /** The ARN, without a role's path. */
  readonly arn: string;
  /** The Kubernetes user name; `{{SessionName}}` becomes the session's. */
  readonly username: string;
  /** The Kubernetes groups. */
  readonly groups: readonly string[];
}

/** What grants become in aws-auth. */
export interface AwsAuthRendering {
  /** Lines of `mapRoles`. */
  readonly roles: readonly AwsAuthLine[];
  /** Lines of `mapUsers`. */
  readonly users: readonly AwsAuthLine[];
}

/** Renders grants for aws-auth. */
export function toAwsAuth(grants: PrincipalGrants, rbac?: RbacSettings): AwsAuthRendering {
  const lines = Object.entries(grants).map(([name, grant]) => {
    const kind = parsePrincipal(grant.principal)?.kind ?? 'role';
    return {
      kind,
      arn: withoutRolePath(grant.principal),
      // a user has no session to name
      username: grant.username ?? (kind === 'user' ? name : `${name}:{{SessionName}}`),
      groups: groupsOf(name, grant, 'aws-auth', rbac),
    };
  });
  const line = ({ arn, username, groups }: AwsAuthLine): AwsAuthLine => ({ arn, username, groups });
  return {
    roles: lines.filter(({ kind }) => kind === 'role').map(line),
    users: lines.filter(({ kind }) => kind === 'user').map(line),
  };
}
