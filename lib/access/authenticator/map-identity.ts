import { problem } from '../../validate';
import type { Access, AssociatedPolicy } from '../access';
import { awsAuthIndex } from './aws-auth-index';
import { canonicalArn, type CanonicalArn } from './canonical-arn';
import { entryIndex, type IndexedEntry } from './entry-index';
import { render } from './template';

/** What let a caller in. */
export interface MappedBy {
  /** An access entry, or one of the texts in aws-auth. */
  readonly source: 'entry' | 'mapRoles' | 'mapUsers' | 'mapAccounts';
  /** Its place there, from 0. */
  readonly index: number;
}

/** A caller that has an identity in the cluster. */
export interface MappedIdentity {
  /** Tells it from a caller without. */
  readonly mapped: true;
  /** The user name; blank for a line of aws-auth without one. */
  readonly username: string;
  /** The groups; the last one is `system:authenticated`, which Kubernetes adds. */
  readonly groups: string[];
  /** The access policies of the entry; aws-auth has none. */
  readonly policies: AssociatedPolicy[];
  /** What let the caller in. */
  readonly by: MappedBy;
}

/** A caller that the cluster refuses. */
export interface UnmappedCaller {
  /** Tells it from a caller with an identity. */
  readonly mapped: false;
  /**
   * Why: it is nobody STS could name; nothing is for it; what is for it needs the name of an EC2 instance; or nothing is
   * for it in what can be read of aws-auth.
   */
  readonly reason: 'not-an-arn' | 'no-mapping' | 'template-failed' | 'invalid-config-map';
  /** The same for people, with the values. */
  readonly detail: string;
}

/** Who one caller is to a cluster; for many callers take {@link identityMapper}. */
export function mapIdentity(callerArn: string, access: Access): MappedIdentity | UnmappedCaller {
  return identityMapper(access)(callerArn);
}

/**
 * Reads what a cluster holds once, and then tells who any caller is to it, as the authenticator of EKS would. A caller is
 * the ARN that STS tells of it; the ARN of a role itself stands for a session of that role without a name.
 */
export function identityMapper(access: Access): (callerArn: string) => MappedIdentity | UnmappedCaller {
  const entryOf = entryIndex(access.mode === 'CONFIG_MAP' ? [] : access.entries);
  const { roles, users, accounts, unusable, flaws } = awsAuthIndex((access.mode !== 'API' && access.awsAuth) || {});

  return (callerArn) => {
    const caller = callerOf(callerArn);
    if (caller === undefined) {
      const rule = 'must be what STS tells of a session, user, root or federated user';
      return { mapped: false, reason: 'not-an-arn', detail: problem('callerArn', rule, callerArn) };
    }
    // an entry wins wholly over aws-auth, even if its template then fails
    const entry = entryOf(caller);
    if (entry !== undefined) return rendered({ source: 'entry', index: entry.index }, entry, caller, entry.policies);
    const arn = caller.arn.toLowerCase();
    // either of them may name either kind of principal
    const role = roles.get(arn);
    if (role !== undefined) return rendered({ source: 'mapRoles', index: role.index }, role.value, caller);
    const user = users.get(arn);
    if (user !== undefined) return rendered({ source: 'mapUsers', index: user.index }, user.value, caller);
    const account = accounts.get(caller.account);
    if (account !== undefined) return mapped({ source: 'mapAccounts', index: account }, caller.arn, []);
    if (unusable.length > 0) {
      return { mapped: false, reason: 'invalid-config-map', detail: `aws-auth: ${unusable.join('; ')}` };
    }
    return { mapped: false, reason: 'no-mapping', detail: nothingFor(caller, access.mode, flaws) };
  };
}

/** A role's own ARN loses its path, because STS would tell none of its sessions' ARNs with it. */
function callerOf(callerArn: string): CanonicalArn | undefined {
  const caller = canonicalArn(callerArn);
  if (caller?.kind !== 'role' || caller.arn.split('/').length <= 2) return caller;
  return { ...caller, arn: `arn:${caller.partition}:iam::${caller.account}:role/${caller.roleName ?? ''}` };
}

function rendered(
  by: MappedBy,
  mapping: Pick<IndexedEntry, 'username' | 'groups'>,
  caller: CanonicalArn,
  policies: readonly AssociatedPolicy[] = [],
): MappedIdentity | UnmappedCaller {
  const username = render(mapping.username, caller);
  const groups = mapping.groups.map((group) => render(group, caller));
  if (username === undefined || !groups.every((group) => group !== undefined)) {
    const rule = 'needs a session named by the id of its EC2 instance for {{EC2PrivateDNSName}}';
    const detail = problem(`${by.source === 'entry' ? 'entries' : by.source}[${by.index}]`, rule, caller.session);
    return { mapped: false, reason: 'template-failed', detail };
  }
  return mapped(by, username, groups, policies);
}

const AUTHENTICATED = 'system:authenticated';

function mapped(
  by: MappedBy,
  username: string,
  groups: readonly string[],
  policies: readonly AssociatedPolicy[] = [],
): MappedIdentity {
  const others = groups.filter((group) => group !== AUTHENTICATED);
  return { mapped: true, username, groups: [...others, AUTHENTICATED], policies: [...policies], by };
}

const HOLDERS: Readonly<Record<Access['mode'], string>> = {
  API: 'access entry',
  API_AND_CONFIG_MAP: 'access entry or line of aws-auth',
  CONFIG_MAP: 'line of aws-auth',
};

function nothingFor({ arn }: CanonicalArn, mode: Access['mode'], flaws: readonly string[]): string {
  const [first, ...others] = flaws;
  if (first === undefined) return `no ${HOLDERS[mode]} is for ${arn}`;
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  return `no ${HOLDERS[mode]} is for ${arn}; ${first}${more}`;
}
