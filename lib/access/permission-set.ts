import { nearestRemedy } from '../shape';
import { element, problem, within } from '../validate';
import type { AccessGrant, AccessGrants, PrincipalGrants, SsoLock } from './access-grant';

/** The path of every role that IAM Identity Center makes. */
export const SSO_PATH = '/aws-reserved/sso.amazonaws.com/';

/**
 * The permission set a role was made for; undefined for any other role.
 *
 * @see https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
 */
export function permissionSetOf(roleName: string): string | undefined {
  return /^AWSReservedSSO_(.+)_[0-9a-f]{16}$/.exec(roleName)?.[1];
}

/** Grants with the principals they mean; one whose permission set has no known role is left out. */
export function withPrincipals(grants: AccessGrants, sso: SsoLock | undefined, account: string): PrincipalGrants {
  return Object.fromEntries(
    Object.entries(grants).flatMap(([name, grant]) => {
      const principal = principalOf(grant, sso, account);
      return principal === undefined ? [] : [[name, { ...grant, principal }]];
    }),
  );
}

function principalOf(
  { principal, permissionSet }: AccessGrant,
  sso: SsoLock | undefined,
  account: string,
): string | undefined {
  if (principal !== undefined || permissionSet === undefined) return principal;
  const roles = sso?.accounts[account] ?? {};
  return Object.hasOwn(roles, permissionSet) ? roles[permissionSet] : undefined;
}

/** Every mistake in who the grants are for. */
export function permissionSetProblems(
  grants: AccessGrants,
  sso: SsoLock | undefined,
  account: string | undefined,
  holder: string,
): string[] {
  return Object.entries(grants).flatMap(([name, { principal, permissionSet }]) => {
    const at = (property: string): string => within(element(holder, name), property);
    if (principal === undefined && permissionSet === undefined)
      return [problem(at('principal'), 'must be given, or `permissionSet`', undefined)];
    if (permissionSet === undefined) return [];
    if (principal !== undefined)
      return [problem(at('permissionSet'), 'must not be given with `principal`', permissionSet)];
    if (account === undefined) return [];
    const known = sso?.accounts[account];
    if (known !== undefined && Object.hasOwn(known, permissionSet)) return [];
    return [
      problem(
        at('permissionSet'),
        `must be a permission set of account ${account} in \`access.sso\``,
        permissionSet,
        nearestRemedy(permissionSet, Object.keys(known ?? {})) ??
          '`npx hajime access resolve` finds its role and writes config/sso.json',
      ),
    ];
  });
}

/** Every mistake in the lock file itself, as a hand might make it. */
export function ssoLockProblems(sso: SsoLock | undefined, holder: string): string[] {
  return Object.entries(sso?.accounts ?? {}).flatMap(([account, roles]) =>
    Object.entries(roles).flatMap(([permissionSet, arn]) => {
      const [, inAccount, name] = /^arn:aws[a-z-]*:iam::(\d{12}):role\/(?:.+\/)?([^/]+)$/.exec(arn) ?? [];
      if (inAccount === account && arn.includes(SSO_PATH) && permissionSetOf(name ?? '') === permissionSet) return [];
      return [
        problem(
          within(element(holder, account), element('', permissionSet)),
          `must be the ARN of the role that IAM Identity Center made for ${permissionSet} in ${account}, with its path`,
          arn,
          '`npx hajime access resolve` writes it anew',
        ),
      ];
    }),
  );
}
