import type { AccessGrant, AccessGrants, NodeAccess, NodeEntryType, PrincipalGrant, SsoLock } from '../access-grant';
import type { AwsAuthLine } from '../authenticator/aws-auth-line';
import { permissionSetOf, SSO_PATH } from '../permission-set';
import { parsePrincipal } from '../principal';
import { grantNames } from './grant-name';
import { termsOf } from './line-terms';
import { principalKey, type MapLine } from './map-line';

/** A grant, or a role of nodes, for one line of aws-auth. */
export interface Proposal {
  /** Its name. */
  readonly name: string;
  /** The line, such as `mapRoles[0]`. */
  readonly place: string;
  /** What is to be written into the config. */
  readonly write: { readonly grant: AccessGrant } | { readonly nodeRole: NodeAccess };
  /** Its principal, as far as it is known: a role's path may be missing. */
  readonly principal: string;
  /** What is to be known about it, or done. */
  readonly notes: readonly string[];
}

/** What is around a map, for the grants of its lines. */
export interface GrantsSurroundings {
  /** The cluster's account. */
  readonly account: string;
  /** The names of grants and node roles that are in use. */
  readonly names: { readonly grants: readonly string[]; readonly nodeRoles: readonly string[] };
  /** ARNs that are known with their path. */
  readonly arns: readonly string[];
  /** The principals that the config writes an access entry for. */
  readonly own: readonly string[];
  /**
   * The principals that have an access entry.
   *
   * @default - not known; then nothing is written for nodes
   */
  readonly entries?: readonly string[];
  /**
   * The roles of permission sets.
   *
   * @default - not known
   */
  readonly sso?: SsoLock;
}

/** What the config needs so that an existing map can go, and lines for which nothing is written. */
export interface ProposedAccess {
  /** One for each line that gets something. */
  readonly proposals: readonly Proposal[];
  /** Why a line gets nothing, for those where it is no matter of course. */
  readonly without: readonly { readonly place: string; readonly why: string }[];
}

/** The grants for lines that have none: the same groups and user names, and `can` in place of system:masters. */
export function grantsFor(lines: readonly MapLine[], around: GrantsSurroundings): ProposedAccess {
  const known = new Map(around.arns.map((arn) => [principalKey(arn), arn]));
  const propose = { node: nodeProposals(around), person: personProposals(around) };
  const found = lines.flatMap(({ place, kind, line, nodeType, grant }) => {
    if (line === undefined || grant !== undefined) return [];
    const named: NamedLine = { place, ...line, whole: known.get(principalKey(line.arn)) };
    if (kind === 'administrator' || kind === 'person') return propose.person(named);
    return kind === 'blocked' || nodeType === undefined ? [] : propose.node(named, nodeType);
  });
  return {
    proposals: found.flatMap((each) => ('write' in each ? [each] : [])),
    without: found.flatMap((each) => ('why' in each ? [each] : [])),
  };
}

interface NamedLine extends AwsAuthLine {
  readonly place: string;
  /** The ARN with its path. */
  readonly whole: string | undefined;
}

type Without = ProposedAccess['without'][number];

function nodeProposals({ account, names, own, entries }: GrantsSurroundings) {
  const nameOf = grantNames(names.nodeRoles, account);
  const mapped = new Set([...own, ...(entries ?? [])].map(principalKey));
  return ({ place, arn, whole }: NamedLine, type: NodeEntryType): (Proposal | Without)[] => {
    if (mapped.has(principalKey(arn))) return [];
    if (entries === undefined) return [{ place, why: WITHOUT_ENTRIES }];
    const principal = whole ?? arn;
    const notes = [...pathNotes(arn, whole), type === 'FARGATE_LINUX' ? OWN_PROFILES : OWN_NODES];
    return [{ name: nameOf(arn), place, write: { nodeRole: { principal, type } }, principal, notes }];
  };
}

function personProposals(around: GrantsSurroundings) {
  const mapped = new Set(around.entries?.map(principalKey));
  const nameOf = grantNames(around.names.grants, around.account);
  const rolesOfSets = new Map<string, string>();
  return (line: NamedLine): (Proposal | Without)[] => {
    const { place, arn, whole } = line;
    if (mapped.has(principalKey(arn))) return [{ place, why: MAPPED_ELSEWHERE }];
    const principal = whole ?? arn;
    const permissionSet = permissionSetIn(arn, around.account);
    const leftOver = permissionSet === undefined ? undefined : staleRole(permissionSet, principal, rolesOfSets, around);
    if (leftOver !== undefined) return [{ place, why: leftOver }];
    const name = nameOf(arn);
    const { grant, notes } = termsOf(name, principal, line);
    const who = permissionSet === undefined ? { principal } : { permissionSet };
    const toFind = permissionSet === undefined ? pathNotes(arn, whole) : setNotes(permissionSet, around);
    return [{ name, place, principal, write: { grant: { ...who, ...grant } }, notes: [...toFind, ...notes] }];
  };
}

/** The grants as the config has them. */
export function proposedGrants(proposals: readonly Proposal[]): AccessGrants {
  return Object.fromEntries(proposals.flatMap(({ name, write }) => ('grant' in write ? [[name, write.grant]] : [])));
}

/** The roles of nodes as the config has them. */
export function proposedNodeRoles(proposals: readonly Proposal[]): Readonly<Record<string, NodeAccess>> {
  return Object.fromEntries(
    proposals.flatMap(({ name, write }) => ('nodeRole' in write ? [[name, write.nodeRole]] : [])),
  );
}

/** The grants with their principals, those of permission sets too whose role nobody has looked up yet. */
export function grantsWithPrincipals(proposals: readonly Proposal[]): Readonly<Record<string, PrincipalGrant>> {
  return Object.fromEntries(
    proposals.flatMap(({ name, write, principal }) => {
      if (!('grant' in write)) return [];
      const { permissionSet: _, ...grant } = write.grant;
      return [[name, { ...grant, principal }]];
    }),
  );
}

const MAPPED_ELSEWHERE = 'it has an access entry already, which is not of this config and wins over the line';
const WITHOUT_ENTRIES = '--entries tells whether EKS has made its access entry';
const OWN_NODES = 'for nodes of your own; EKS makes the entry of a managed node group itself, once the mode has API';
const OWN_PROFILES =
  'EKS makes the entry of a Fargate profile itself, once the mode has API: write it only if that is not so';

function pathNotes(written: string, known: string | undefined): string[] {
  const { kind, name = '', account } = parsePrincipal(written) ?? {};
  if (known !== undefined || kind !== 'role') return [];
  if (permissionSetOf(name) === undefined)
    return [`aws-auth has no path: \`aws iam get-role --role-name ${name} --query Role.Arn\` shows the whole ARN`];
  const path = `${SSO_PATH.slice(1)}<region>/`;
  return [
    `its whole ARN has the path ${path}, with the region of IAM Identity Center, or none in us-east-1: \`aws iam get-role --role-name ${name} --query Role.Arn\` in account ${account ?? ''} shows it`,
  ];
}

/** The permission set of a role in the cluster's account; those of other accounts are not in the lock file. */
function permissionSetIn(arn: string, account: string): string | undefined {
  const role = parsePrincipal(arn);
  return role?.kind === 'role' && role.account === account ? permissionSetOf(role.name) : undefined;
}

/** Why a permission set's role is not the one in use; the first of several is, if nobody has looked it up. */
function staleRole(
  set: string,
  principal: string,
  seen: Map<string, string>,
  { sso, account }: GrantsSurroundings,
): string | undefined {
  const roles = sso?.accounts[account] ?? {};
  const locked = Object.hasOwn(roles, set) ? roles[set] : undefined;
  const inUse = locked ?? seen.get(set) ?? principal;
  seen.set(set, inUse);
  if (principalKey(inUse) === principalKey(principal)) return undefined;
  return `the permission set ${set} has another role, ${inUse}: this one is left over, or \`npx hajime access resolve\` says otherwise`;
}

function setNotes(set: string, { sso, account }: GrantsSurroundings): string[] {
  if (Object.hasOwn(sso?.accounts[account] ?? {}, set)) return [];
  return [`\`npx hajime access resolve\` finds the role of ${set}, with its path, and writes config/sso.json`];
}
