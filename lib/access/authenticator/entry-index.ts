import type { AccessEntry, AssociatedPolicy } from '../access';
import { canonicalArn, type CanonicalArn } from './canonical-arn';

/** What an entry makes of its principal; user name and groups may hold templates. */
export interface IndexedEntry {
  /** Its place among the entries. */
  readonly index: number;
  /** The user name. */
  readonly username: string;
  /** The groups. */
  readonly groups: readonly string[];
  /** The access policies. */
  readonly policies: readonly AssociatedPolicy[];
}

type Mapping = Pick<IndexedEntry, 'username' | 'groups'>;

const NODE_GROUPS = ['system:bootstrappers', 'system:nodes'];
const INSTANCE: Mapping = { username: 'system:node:{{EC2PrivateDNSName}}', groups: NODE_GROUPS };

// what EKS gives the types that have no user name and groups of their own; any other type has them, like STANDARD
const NODE_TYPES = new Map<string, Mapping>([
  ['EC2_LINUX', INSTANCE],
  ['EC2_WINDOWS', { ...INSTANCE, groups: [...NODE_GROUPS, 'eks:kube-proxy-windows'] }],
  ['EC2', INSTANCE],
  ['HYPERPOD_LINUX', INSTANCE],
  ['HYBRID_LINUX', { username: 'system:node:{{SessionName}}', groups: NODE_GROUPS }],
  ['FARGATE_LINUX', { username: 'system:node:{{SessionName}}', groups: [...NODE_GROUPS, 'system:node-proxier'] }],
]);

/** The entries by their principal, so that one look finds the entry of a caller; the first of two for one principal. */
export function entryIndex(entries: readonly AccessEntry[]): (caller: CanonicalArn) => IndexedEntry | undefined {
  const byPrincipal = new Map<string, IndexedEntry>();
  for (const [index, entry] of entries.entries()) {
    const principal = canonicalArn(entry.principalArn);
    // an entry is for a role or user itself; EKS refuses a session
    if (principal === undefined || principal.kind === 'assumed-role') continue;
    const key = principalKey(principal);
    if (byPrincipal.has(key)) continue;
    const mapping = NODE_TYPES.get(entry.type) ?? ownMapping(entry, principal);
    byPrincipal.set(key, { index, ...mapping, policies: entry.policies ?? [] });
  }
  return (caller) => byPrincipal.get(principalKey(caller));
}

/** A role without its path, because STS does not tell it; anyone else with it. */
function principalKey({ roleName, partition, account, arn }: CanonicalArn): string {
  return (roleName === undefined ? arn : `arn:${partition}:iam::${account}:role/${roleName}`).toLowerCase();
}

/** @see https://docs.aws.amazon.com/eks/latest/userguide/creating-access-entries.html */
function ownMapping(entry: AccessEntry, { roleName, partition, account }: CanonicalArn): Mapping {
  const session = `arn:${partition}:sts::${account}:assumed-role/${roleName ?? ''}/{{SessionName}}`;
  const username = entry.username ?? (roleName === undefined ? entry.principalArn : session);
  return { username, groups: entry.groups ?? [] };
}
