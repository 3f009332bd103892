import { stringify } from 'yaml';
import { partitionOf } from '../partition';
import type { PlatformConfig } from '../platform-config';
import type { Access, AccessEntry } from './access';
import { ACCESS_POLICIES } from './access-policy';
import { grantsRenderedAs, isBound, type PrincipalGrants } from './access-grant';
import { toAwsAuth, type AwsAuthLine } from './aws-auth-rendering';
import { grantBindings, groupsOf } from './grant-bindings';
import { withPrincipals } from './permission-set';
import { parsePrincipal } from './principal';
import type { RbacObjects } from './rbac/rbac-objects';
import { NO_OBJECTS, together, toRbacObjects } from './rbac/rbac-rendering';

/** What a platform's access settings come to in its cluster. */
export interface RenderedAccess {
  /** The grants, with the principal of each. */
  readonly grants: PrincipalGrants;
  /** Entries and lines of aws-auth. */
  readonly access: Access;
  /** RBAC objects that the writer applies at deploy. */
  readonly written: RbacObjects;
  /** RBAC objects for the Kubernetes layer to apply, from `k8s/`. */
  readonly manifests: RbacObjects;
  /** The grant behind each entry and each line of aws-auth, in their order; undefined for the entry of a node role. */
  readonly behind: Readonly<Record<'entry' | 'mapRoles' | 'mapUsers', readonly (string | undefined)[]>>;
}

/** What a platform's cluster will hold about access, besides what EKS and Kubernetes put there themselves. */
export function renderedAccess({ env, access }: Pick<PlatformConfig, 'env' | 'access'>): RenderedAccess {
  const { authenticationMode = 'API', nodeRoles = {}, rbac = {} } = access;
  const grants = withPrincipals(access.grants, access.sso, env.account);
  const asEntries = grantsRenderedAs('access-entries', { ...access, grants });
  const inAwsAuth = grantsRenderedAs('aws-auth', { ...access, grants });
  const { roles, users } = toAwsAuth(inAwsAuth, rbac);
  const boundInAwsAuth = grantBindings(inAwsAuth, 'aws-auth');
  const boundByEntries = grantBindings(
    Object.fromEntries(Object.entries(asEntries).filter(([name]) => !(name in inAwsAuth))),
    'access-entries',
  );
  return {
    grants,
    access: {
      mode: authenticationMode,
      partition: partitionOf(env.region),
      account: env.account,
      entries: [
        ...Object.entries(asEntries).map(([name, grant]): AccessEntry => ({
          principalArn: grant.principal,
          type: 'STANDARD',
          username: grant.username,
          groups: groupsOf(name, grant, 'access-entries', rbac),
          policies:
            grant.can === undefined || isBound(grant, 'access-entries')
              ? []
              : [{ policy: ACCESS_POLICIES[grant.can], namespaces: grant.namespaces }],
        })),
        ...Object.values(nodeRoles).map(({ principal, type }): AccessEntry => ({ principalArn: principal, type })),
      ],
      ...(Object.keys(inAwsAuth).length === 0
        ? {}
        : { awsAuth: { mapRoles: mapText('rolearn', roles), mapUsers: mapText('userarn', users) } }),
    },
    behind: {
      entry: [...Object.keys(asEntries), ...Object.keys(nodeRoles).map(() => undefined)],
      mapRoles: namesOf(inAwsAuth, 'role'),
      mapUsers: namesOf(inAwsAuth, 'user'),
    },
    written: { ...boundInAwsAuth, roleBindings: [] },
    manifests: together(
      { ...NO_OBJECTS, roleBindings: boundInAwsAuth.roleBindings },
      // the role that stands for `read-all` is the writer's where there is one
      boundInAwsAuth.clusterRoles.length > 0 ? { ...boundByEntries, clusterRoles: [] } : boundByEntries,
      toRbacObjects(rbac),
    ),
  };
}

function namesOf(grants: PrincipalGrants, kind: 'role' | 'user'): string[] {
  return Object.keys(grants).filter((name) => (parsePrincipal(grants[name]?.principal ?? '')?.kind ?? 'role') === kind);
}

function mapText(arnKey: string, lines: readonly AwsAuthLine[]): string {
  return stringify(lines.map(({ arn, username, groups }) => ({ [arnKey]: arn, username, groups })));
}
