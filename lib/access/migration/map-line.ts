import type { NodeEntryType, PrincipalGrants } from '../access-grant';
import { withoutRolePath } from '../principal';
import type { ReadMapLine } from './aws-auth-file';
import { withoutEffect } from './line-effect';

/**
 * What a line is: for nodes, for Fargate, for the principal of a grant, for somebody in system:masters, for anybody else,
 * for those whom no access entry can let in, or for nobody.
 */
export type LineKind = 'node' | 'fargate' | 'ours' | 'administrator' | 'person' | 'blocked' | 'without effect';

/** A line of aws-auth, and what it is. */
export interface MapLine extends ReadMapLine {
  /** Where it stands, such as `mapRoles[0]`. */
  readonly place: string;
  /** What it is. */
  readonly kind: LineKind;
  /**
   * The grant that its principal has.
   *
   * @default - none
   */
  readonly grant?: string;
  /**
   * The type of access entry that its nodes need.
   *
   * @default - it is not for nodes
   */
  readonly nodeType?: NodeEntryType;
  /**
   * Why it is blocked or without effect.
   *
   * @default - it is neither
   */
  readonly why?: string;
  /**
   * What to do about that.
   *
   * @default - nothing, or the why says it
   */
  readonly remedy?: string;
}

/** Where a map is. */
export interface MapSurroundings {
  /** The cluster's partition. */
  readonly partition: string;
  /** The cluster's account. */
  readonly account: string;
  /** The grants of its platform. */
  readonly grants: PrincipalGrants;
}

/** Tells of each line what it is. */
export function classifyLines(lines: readonly ReadMapLine[], around: MapSurroundings): MapLine[] {
  const grants = new Map(Object.entries(around.grants).map(([name, { principal }]) => [principalKey(principal), name]));
  return lines.map((line) => ({ ...line, place: placeOf(line), ...kindOf(line, lines, grants, around) }));
}

/** The same text for the same principal, however its ARN is written: in aws-auth a role has no path. */
export function principalKey(arn: string): string {
  return withoutRolePath(arn).toLowerCase();
}

/** Where a line stands. */
export function placeOf({ text, index }: Pick<ReadMapLine, 'text' | 'index'>): string {
  return `${text}[${index}]`;
}

type Kind = Pick<MapLine, 'kind' | 'grant' | 'nodeType' | 'why' | 'remedy'>;

function kindOf(
  read: ReadMapLine,
  all: readonly ReadMapLine[],
  grants: ReadonlyMap<string, string>,
  { partition, account }: MapSurroundings,
): Kind {
  const dead = withoutEffect(read, all, partition);
  if (dead !== undefined) return { kind: 'without effect', ...dead };
  const { line } = read;
  if (line === undefined) {
    const why = 'it lets in everybody of an account, and an access entry is for one role or user';
    return { kind: 'blocked', why, remedy: 'grant the roles of that account that are used' };
  }
  const grant = grants.get(principalKey(line.arn));
  const ours = grant === undefined ? {} : { grant };
  const nodeType = nodeTypeOf(line);
  if (nodeType !== undefined) {
    if (line.arn.split(':')[4] === account)
      return { kind: nodeType === 'FARGATE_LINUX' ? 'fargate' : 'node', nodeType, ...ours };
    const why = 'it is for nodes under a role of another account, and EKS takes entries of nodes for its own only';
    return { kind: 'blocked', why, remedy: "run those nodes under a role of the cluster's account" };
  }
  const blocked = blockedBy(line, grant !== undefined);
  if (blocked !== undefined) return { kind: 'blocked', ...ours, ...blocked };
  if (grant !== undefined) return { kind: 'ours', grant };
  return { kind: line.groups.includes('system:masters') ? 'administrator' : 'person' };
}

type NamedLine = NonNullable<ReadMapLine['line']>;

/** @see https://docs.aws.amazon.com/eks/latest/userguide/auth-configmap.html */
function nodeTypeOf({ username, groups }: NamedLine): NodeEntryType | undefined {
  if (groups.includes('system:node-proxier')) return 'FARGATE_LINUX';
  if (username.includes('{{EC2PrivateDNSName}}') || groups.includes('system:nodes')) {
    if (groups.includes('eks:kube-proxy-windows')) return 'EC2_WINDOWS';
    return username.includes('{{SessionName') ? 'HYBRID_LINUX' : 'EC2_LINUX';
  }
  return undefined;
}

function blockedBy({ arn, groups }: NamedLine, granted: boolean): { why: string; remedy: string } | undefined {
  if (/^arn:[^:]+:iam::\d+:root$/i.test(arn))
    return { why: 'it is for the root of an account, and EKS takes no entry for one', remedy: 'grant a role instead' };
  if (/^arn:[^:]+:sts:/i.test(arn))
    return { why: 'it is for a federated user, and EKS takes no entry for one', remedy: 'grant the role they assume' };
  if (/:role\/AWSServiceRoleFor/i.test(arn)) {
    return {
      why: 'it is for a service-linked role, and EKS takes no entry for one',
      remedy: 'see how that service comes in without aws-auth; EMR makes an entry of its own',
    };
  }
  const reserved = reservedGroup(groups);
  // what a grant says of its holder counts, not what the line says
  if (reserved === undefined || granted) return undefined;
  return {
    why: `it has the group ${reserved}, and EKS takes no group that begins with system: in an entry`,
    remedy: 'bind what that group is bound to to a group of your own, and write a grant with that',
  };
}

/** A group that no access entry can have; whoever is in system:masters needs no other. */
function reservedGroup(groups: readonly string[]): string | undefined {
  if (groups.includes('system:masters')) return undefined;
  // everybody who signs in has the last one anyway
  return groups.find((group) => group.startsWith('system:') && group !== 'system:authenticated');
}
