import { readFileSync } from 'node:fs';
import { IAMClient, paginateListRoles } from '@aws-sdk/client-iam';
import type { SsoLock } from '../../lib/access/access-grant';
import { permissionSetOf, SSO_PATH } from '../../lib/access/permission-set';
import { parsePrincipal } from '../../lib/access/principal';
import { isPlainObject } from '../../lib/shape';
import { Failure, messageOf } from '../../sandbox/failure';
import { asking, writeWhole } from '../refresh';

/** A role as IAM tells of it; the date is text in a saved answer. */
interface Role {
  readonly Arn?: string;
  readonly CreateDate?: Date | string;
}

/** Options of `hajime access resolve`. */
export interface ResolveOptions {
  /** A saved answer of `aws iam list-roles`. */
  readonly from?: string;
}

/** Writes the roles of an account's permission sets into the lock file, and says what changed. */
export async function resolve(file: string, { from }: ResolveOptions): Promise<void> {
  const roles = from === undefined ? await rolesOfAccount() : savedRoles(from);
  const { account, permissionSets, doubles } = permissionSetsOf(roles);
  const before = readLock(file);
  const old = before.accounts[account] ?? {};
  const accounts = Object.entries({ ...before.accounts, [account]: permissionSets }).sort(byName);
  writeWhole(file, { [file]: `${JSON.stringify({ accounts: Object.fromEntries(accounts) }, null, 2)}\n` });
  const lines = [...new Set([...Object.keys(old), ...Object.keys(permissionSets)])].sort().flatMap((name) => {
    const [was, is] = [old[name], permissionSets[name]];
    if (was === is) return [];
    if (was === undefined) return [`  + ${name}: ${is}`];
    if (is === undefined) return [`  - ${name}: a grant for it is now a problem`];
    return [`  ~ ${name}: ${is}\n    its role was made anew; deploying replaces the access entry`];
  });
  const summary = lines.length === 0 ? 'nothing changed' : `${lines.length} changed`;
  const count = Object.keys(permissionSets).length;
  process.stdout.write(
    `${[`${count} permission set${count === 1 ? '' : 's'} in account ${account}, ${summary}: ${file}`, ...lines, ...doubles].join('\n')}\n`,
  );
}

/** Permission sets and their roles; of two roles for one set the newer is in use. */
export function permissionSetsOf(roles: readonly Role[]): {
  account: string;
  permissionSets: Record<string, string>;
  doubles: string[];
} {
  const found = roles.flatMap(({ Arn = '', CreateDate }) => {
    const role = parsePrincipal(Arn);
    const permissionSet = permissionSetOf(role?.name ?? '');
    return role === undefined || permissionSet === undefined || !role.path.startsWith(SSO_PATH)
      ? []
      : [{ account: role.account, permissionSet, arn: Arn, made: new Date(CreateDate ?? 0).getTime() }];
  });
  const [first] = found;
  if (first === undefined) {
    throw new Failure(
      `No role of IAM Identity Center is in this account (path ${SSO_PATH}). Assign a permission set to it first; the role comes with the assignment.`,
    );
  }
  const others = new Set(found.map(({ account }) => account).filter((account) => account !== first.account));
  if (others.size > 0)
    throw new Failure(
      `These roles are of several accounts (${first.account}, ${[...others].join(', ')}): one at a time.`,
    );
  const newest = new Map<string, (typeof found)[number]>();
  const doubles: string[] = [];
  for (const each of found) {
    const other = newest.get(each.permissionSet);
    if (other !== undefined)
      doubles.push(`  ! ${each.permissionSet} has two roles, the newer is taken: ${other.arn}, ${each.arn}`);
    if (other === undefined || each.made > other.made) newest.set(each.permissionSet, each);
  }
  const permissionSets = Object.fromEntries([...newest].map(([name, { arn }]) => [name, arn] as const).sort(byName));
  return { account: first.account, permissionSets, doubles };
}

async function rolesOfAccount(): Promise<Role[]> {
  return asking(
    'IAM',
    [[/AccessDenied/, 'These credentials may not list roles: they need iam:ListRoles.']],
    async () => {
      const client = new IAMClient({ region: process.env.AWS_REGION ?? 'us-east-1' });
      const roles: Role[] = [];
      for await (const page of paginateListRoles({ client }, { PathPrefix: SSO_PATH }))
        roles.push(...(page.Roles ?? []));
      return roles;
    },
  );
}

function savedRoles(file: string): Role[] {
  const answer = readJson(file);
  if (!isPlainObject(answer) || !Array.isArray(answer.Roles))
    throw new Failure(
      `${file} is no answer of IAM: save one with aws iam list-roles --path-prefix ${SSO_PATH} --output json`,
    );
  return answer.Roles.filter(isPlainObject) as Role[];
}

function readLock(file: string): SsoLock {
  let lock: unknown;
  try {
    lock = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { accounts: {} };
    throw new Failure(`${file} cannot be read, and is left as it is: ${messageOf(error)}`);
  }
  if (!isPlainObject(lock) || !isPlainObject(lock.accounts))
    throw new Failure(`${file} has no "accounts", and is left as it is: take it from version control again`);
  return lock as unknown as SsoLock;
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Failure(`${file} cannot be read: ${messageOf(error)}`);
  }
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}
