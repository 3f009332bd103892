import { element, problem, within } from '../validate';
import {
  isAdministrator,
  type AccessRecord,
  type AccessSettings,
  type PrincipalGrants,
  type Rendering,
} from './access-grant';

type Known = Omit<AccessSettings, 'grants'> & { readonly grants: PrincipalGrants };

/** What a platform's access will be once it is deployed. */
export function accessRecord(
  { authenticationMode = 'API', renderAs = 'access-entries', grants }: Known,
  onlyInAwsAuth: readonly string[] = [],
): AccessRecord {
  const all = Object.values(grants);
  return {
    authenticationMode,
    principals: Object.fromEntries(all.map((grant) => [grant.principal, grant.renderAs ?? renderAs])),
    administrators: all.filter((grant) => isAdministrator(grant, renderAs)).map(({ principal }) => principal),
    ...(onlyInAwsAuth.length === 0 ? {} : { onlyInAwsAuth }),
  };
}

/**
 * What would lock somebody out while a change is deployed: entries go before lines of aws-auth come, the mode never
 * moves back, and a new administrator is none until the access entry is there.
 */
export function recordProblems(access: Known, record: AccessRecord, holder: string): string[] {
  const mode = access.authenticationMode ?? 'API';
  return [
    ...(mode !== 'API' && record.authenticationMode === 'API' ? [backwards(mode, holder)] : []),
    ...movedBack(access, record, within(holder, 'grants')),
    ...lastAdministrators(access, record, within(holder, 'grants')),
    ...(mode === 'API' ? leftBehind(record, holder) : []),
  ];
}

function backwards(mode: string, holder: string): string {
  const rule = 'must not move backwards: the cluster is in mode API, and EKS never leaves it again';
  return problem(within(holder, 'authenticationMode'), rule, mode, "set it to 'API'");
}

function movedBack({ grants, renderAs = 'access-entries' }: Known, record: AccessRecord, holder: string): string[] {
  const before = byLowerCase(record.principals);
  return Object.entries(grants).flatMap(([name, grant]) => {
    const was = before.get(grant.principal.toLowerCase());
    if ((grant.renderAs ?? renderAs) !== 'aws-auth' || was !== 'access-entries') return [];
    const rule =
      'must not move from an access entry to aws-auth in one deploy: the entry goes minutes before the line comes';
    const remedy = "deploy `renderAs: 'both'` first, then 'aws-auth'";
    return [problem(within(element(holder, name), 'renderAs'), rule, 'aws-auth', remedy)];
  });
}

function lastAdministrators({ grants, renderAs }: Known, record: AccessRecord, holder: string): string[] {
  if (record.administrators.length === 0) return [];
  const still = new Set(
    Object.values(grants)
      .filter((grant) => isAdministrator(grant, renderAs))
      .map(({ principal }) => principal.toLowerCase()),
  );
  if (record.administrators.some((arn) => still.has(arn.toLowerCase()))) return [];
  const rule = `must keep an administrator that is deployed (${record.administrators.join(', ')}) while a new one comes: a slip in the new one would lock everybody out`;
  const remedy =
    'add the new one beside it, try it, and take the old one out in the next deploy; after a lock-out, whoever may call eks:CreateAccessEntry and eks:AssociateAccessPolicy can let one in again';
  return [problem(holder, rule, [...still], remedy)];
}

function leftBehind({ onlyInAwsAuth = [] }: AccessRecord, holder: string): string[] {
  return onlyInAwsAuth.map((arn) =>
    problem(
      within(holder, 'authenticationMode'),
      `must not become API while a line of aws-auth has no access entry: ${arn} would be shut out`,
      'API',
      'add a grant or `nodeRoles` for it, or wait until EKS has made its entry, then `npx hajime access record --from aws-auth.yaml --entries entries.json`',
    ),
  );
}

function byLowerCase(principals: Readonly<Record<string, Rendering>>): Map<string, Rendering> {
  return new Map(Object.entries(principals).map(([arn, place]) => [arn.toLowerCase(), place]));
}
