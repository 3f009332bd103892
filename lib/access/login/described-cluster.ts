import { isPlainObject } from '../../shape';
import { problem } from '../../validate';
import type { Access } from '../access';

/** What `aws eks describe-cluster` tells of a cluster, as far as a login depends on it. */
export interface DescribedCluster {
  /** Its name. */
  readonly name: string;
  /** Its ARN. */
  readonly arn: string;
  /**
   * Its endpoint, with `https://`.
   *
   * @default - it is still being made
   */
  readonly endpoint?: string;
  /**
   * The certificate of its authority, base64.
   *
   * @default - it is still being made
   */
  readonly certificateAuthority?: string;
  /**
   * Ranges that may reach the endpoint from outside.
   *
   * @default - the endpoint is private
   */
  readonly publicAccessCidrs?: readonly string[];
  /**
   * Who decides on access.
   *
   * @default - not told
   */
  readonly authenticationMode?: Access['mode'];
  /**
   * Whether whoever made it is an administrator.
   *
   * @default - not told
   */
  readonly creatorIsAdministrator?: boolean;
}

/** Where a cluster should be. */
export interface ClusterPlace {
  /** Its name. */
  readonly clusterName: string;
  /** Its region. */
  readonly region: string;
  /** Its account. */
  readonly account: string;
}

const MODES: readonly Access['mode'][] = ['CONFIG_MAP', 'API_AND_CONFIG_MAP', 'API'];

/** Reads the answer of `aws eks describe-cluster`; a text says what is wrong with it, `what` being how it is called. */
export function readDescribedCluster(text: string, what: string, place: ClusterPlace): DescribedCluster | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return `\`${what}\` must be JSON, as \`aws eks describe-cluster --output json\` prints it`;
  }
  const cluster = fields(value, 'cluster') ?? (isPlainObject(value) ? value : {});
  const { name, arn, endpoint } = cluster;
  if (typeof name !== 'string' || typeof arn !== 'string')
    return `\`${what}\` must hold a cluster with its name and ARN, as \`aws eks describe-cluster\` prints it`;
  const expected = `:eks:${place.region}:${place.account}:cluster/${place.clusterName}`;
  if (!arn.endsWith(expected)) return problem(what, `must be of the cluster arn:…${expected}`, arn);
  const vpc = fields(cluster, 'resourcesVpcConfig') ?? {};
  const access = fields(cluster, 'accessConfig') ?? {};
  const authority = fields(cluster, 'certificateAuthority')?.data;
  const creator = access.bootstrapClusterCreatorAdminPermissions;
  return {
    name,
    arn,
    endpoint: typeof endpoint === 'string' ? endpoint : undefined,
    certificateAuthority: typeof authority === 'string' ? authority : undefined,
    publicAccessCidrs: vpc.endpointPublicAccess === true ? texts(vpc.publicAccessCidrs) : undefined,
    authenticationMode: MODES.find((mode) => mode === access.authenticationMode),
    creatorIsAdministrator: typeof creator === 'boolean' ? creator : undefined,
  };
}

function fields(value: unknown, name: string): Record<string, unknown> | undefined {
  const inner = isPlainObject(value) ? value[name] : undefined;
  return isPlainObject(inner) ? inner : undefined;
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}
