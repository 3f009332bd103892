import { listOf, mapOf, object, oneOf, optional, text } from '../shape';
import { element, problem, within } from '../validate';
import {
  grantsRenderedAs,
  isAdministrator,
  type AccessGrant,
  type AccessRecord,
  type AccessSettings,
  type NodeAccess,
  type SsoLock,
} from './access-grant';
import { awsAuthProblems, grantProblems, nodeRoleProblems, termsProblems, type GrantSurroundings } from './grant-rules';
import { permissionSetProblems, ssoLockProblems, withPrincipals } from './permission-set';
import { rbacProblems, rbacShape } from './rbac/rbac-rules';
import { recordProblems } from './access-record';

const renderings = oneOf('access-entries', 'aws-auth', 'both');

/** The form of {@link AccessSettings}. */
export const accessShape = object<AccessSettings>({
  authenticationMode: optional((value, property) => {
    if (value !== 'CONFIG_MAP') return oneOf('API_AND_CONFIG_MAP', 'API')(value, property);
    const rule = 'must not be CONFIG_MAP: nobody but the creator of the cluster could write the first aws-auth';
    return [problem(property, rule, value, "use 'API_AND_CONFIG_MAP'; it keeps aws-auth and adds access entries")];
  }),
  renderAs: optional(renderings),
  grants: mapOf(
    object<AccessGrant>({
      principal: optional(text),
      permissionSet: optional(text),
      can: optional(oneOf('cluster-admin', 'admin', 'edit', 'view', 'read-all')),
      namespaces: optional(listOf(text)),
      via: optional(oneOf('policy', 'groups')),
      groups: optional(listOf(text)),
      username: optional(text),
      renderAs: optional(renderings),
    }),
  ),
  sso: optional(object<SsoLock>({ accounts: mapOf(mapOf(text)) })),
  nodeRoles: optional(
    mapOf(
      object<NodeAccess>({
        principal: text,
        type: oneOf('EC2_LINUX', 'EC2_WINDOWS', 'EC2', 'FARGATE_LINUX', 'HYBRID_LINUX', 'HYPERPOD_LINUX'),
      }),
    ),
  ),
  rbac: optional(rbacShape),
  record: optional(
    object<AccessRecord>({
      authenticationMode: text,
      principals: mapOf(renderings),
      administrators: listOf(text),
      onlyInAwsAuth: optional(listOf(text)),
    }),
  ),
});

/** Every mistake in a platform's access, those that lock people out among them. */
export function accessProblems(access: AccessSettings, place: GrantSurroundings, holder: string): string[] {
  const { sso, nodeRoles = {}, rbac = {}, record } = access;
  const at = within(holder, 'grants');
  const grants = withPrincipals(access.grants, sso, place.account ?? '');
  const nameless = Object.fromEntries(Object.entries(access.grants).filter(([name]) => !(name in grants)));
  return [
    ...ssoLockProblems(sso, within(within(holder, 'sso'), 'accounts')),
    ...permissionSetProblems(access.grants, sso, place.account, at),
    ...grantProblems(grants, { ...place, rbac }, at),
    ...termsProblems(nameless, rbac, at),
    ...administratorProblems(access, at),
    ...modeProblems(access, holder, at),
    ...awsAuthProblems(grantsRenderedAs('aws-auth', { ...access, grants }), at),
    ...nodeRoleProblems(nodeRoles, grants, place, within(holder, 'nodeRoles')),
    ...rbacProblems(rbac, Object.keys(access.grants), within(holder, 'rbac')),
    ...(record === undefined ? [] : recordProblems({ ...access, grants }, record, holder)),
  ];
}

/** A cluster nobody can administer is beyond repair by its users. */
function administratorProblems({ grants, renderAs }: AccessSettings, property: string): string[] {
  if (Object.values(grants).some((grant) => isAdministrator(grant, renderAs))) return [];
  return [
    problem(
      property,
      "must hold at least one grant with `can: 'cluster-admin'` written as an access entry with its policy: the creator of the cluster is no administrator here",
      Object.keys(grants),
      'add a break-glass role; in a cluster that has lost its last one, whoever may call eks:CreateAccessEntry and eks:AssociateAccessPolicy can let one in',
    ),
  ];
}

function modeProblems(access: AccessSettings, holder: string, property: string): string[] {
  if ((access.authenticationMode ?? 'API') !== 'API') return [];
  const remedy = `set \`${within(holder, 'authenticationMode')}: 'API_AND_CONFIG_MAP'\` or write it as an access entry`;
  return Object.keys(grantsRenderedAs('aws-auth', access)).map((name) =>
    problem(
      element(property, name),
      'must not be written to aws-auth: with authentication mode API nobody reads it',
      'aws-auth',
      remedy,
    ),
  );
}
