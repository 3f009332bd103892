import type { PlatformConfig } from '../../platform-config';
import type { AccessRecord, PrincipalGrants, Rendering } from '../access-grant';
import { renderedAccess } from '../rendered-access';
import type { AwsAuthTexts } from '../access';

/** What the config has in aws-auth, as far as it is deployed. */
export function writtenTexts(
  { env, access }: Pick<PlatformConfig, 'env' | 'access'>,
  grants: PrincipalGrants,
  record: AccessRecord | undefined,
): AwsAuthTexts {
  if (record === undefined) return renderedAccess({ env, access }).access.awsAuth ?? {};
  const deployed = Object.fromEntries(
    Object.entries(grants).filter(([, { principal }]) => record.principals[principal] !== undefined),
  );
  const asRecorded = placed(deployed, ({ principal }) => record.principals[principal]);
  return renderedAccess({ env, access: { ...access, grants: asRecorded } }).access.awsAuth ?? {};
}

/** Where a grant is to be written; undefined as the config says. */
export type Placing = (grant: PrincipalGrants[string]) => Rendering | undefined;

/** Grants with their principals, written elsewhere. */
export function placed(grants: PrincipalGrants, renderAs: Placing): PrincipalGrants {
  return Object.fromEntries(
    // the principal is known, and only one of the two may be given
    Object.entries(grants).map(([name, { permissionSet: _, ...grant }]) => [
      name,
      { ...grant, renderAs: renderAs(grant) },
    ]),
  );
}
