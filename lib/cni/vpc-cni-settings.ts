/** Settings of the Amazon VPC CNI, by their own names in camel case. */
export interface VpcCniSettings {
  /**
   * Gives each interface /28 blocks instead of single addresses: many more pods on a node, in larger steps. Nitro
   * instances only. A change rolls the nodes, because only new ones take it up.
   *
   * @default false
   */
  readonly prefixDelegation?: boolean;
  /**
   * Whole interfaces' worth of free addresses kept ready on each node. Ignored with `warmIpTarget` or `minimumIpTarget`.
   *
   * @default 1
   */
  readonly warmEniTarget?: number;
  /**
   * Free addresses kept ready on each node.
   *
   * @default - not set: `warmEniTarget` decides
   */
  readonly warmIpTarget?: number;
  /**
   * Addresses a node holds at least, used or free.
   *
   * @default - not set
   */
  readonly minimumIpTarget?: number;
  /**
   * Free /28 blocks kept ready on each node, with `prefixDelegation`.
   *
   * @default 1
   */
  readonly warmPrefixTarget?: number;
  /**
   * Enforces Kubernetes NetworkPolicy objects on the nodes.
   *
   * @default false
   */
  readonly networkPolicy?: boolean;
  /**
   * Leaves pod traffic to other networks with the pod's own address, for a NAT elsewhere to translate.
   *
   * @default false
   */
  readonly externalSnat?: boolean;
  /**
   * How much the CNI logs.
   *
   * @default 'DEBUG'
   */
  readonly logLevel?: 'DEBUG' | 'INFO' | 'WARN' | 'ERROR' | 'FATAL';
}

/**
 * Where each setting goes: an environment variable of the `aws-node` pod, or a key of the add-on's configuration.
 *
 * @see https://github.com/aws/amazon-vpc-cni-k8s/blob/v1.23.1/README.md
 */
export const DESTINATIONS: Readonly<
  Record<keyof Required<VpcCniSettings>, { readonly env: string } | { readonly key: string }>
> = {
  prefixDelegation: { env: 'ENABLE_PREFIX_DELEGATION' },
  warmEniTarget: { env: 'WARM_ENI_TARGET' },
  warmIpTarget: { env: 'WARM_IP_TARGET' },
  minimumIpTarget: { env: 'MINIMUM_IP_TARGET' },
  warmPrefixTarget: { env: 'WARM_PREFIX_TARGET' },
  networkPolicy: { key: 'enableNetworkPolicy' },
  externalSnat: { env: 'AWS_VPC_K8S_CNI_EXTERNALSNAT' },
  logLevel: { env: 'AWS_VPC_K8S_CNI_LOGLEVEL' },
};

/** The add-on's configuration values. Its schema takes texts only, numbers and booleans too. */
export function toConfiguration(settings: VpcCniSettings): Readonly<Record<string, unknown>> | undefined {
  const env: Record<string, string> = {};
  const keys: Record<string, string> = {};
  for (const [setting, destination] of Object.entries(DESTINATIONS)) {
    const value = settings[setting as keyof VpcCniSettings];
    if (value === undefined) continue;
    if ('env' in destination) env[destination.env] = String(value);
    else keys[destination.key] = String(value);
  }
  const configuration = { ...keys, ...(Object.keys(env).length > 0 ? { env } : {}) };
  return Object.keys(configuration).length > 0 ? configuration : undefined;
}
