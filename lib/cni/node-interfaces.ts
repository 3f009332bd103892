import { knownInstanceFacts, type InstanceFacts } from '../compute/instance-types';

/** How pods get their addresses on a node. */
export interface NodeInterfacesInput {
  /** Such as `m7g.large`. */
  readonly instanceType: string;
  /**
   * Whether interfaces take /28 prefixes. It changes nothing on a type that cannot (Xen).
   *
   * @default false
   */
  readonly prefixDelegation?: boolean;
  /**
   * Whether pods have subnets of their own: the primary interface then holds none of them.
   *
   * @default false
   */
  readonly customNetworking?: boolean;
  /**
   * Whether pods may have security groups of their own: one interface of the node is then their trunk.
   *
   * @default false
   */
  readonly podSecurityGroups?: boolean;
  /**
   * The family of pod addresses.
   *
   * @default 'ipv4'
   */
  readonly ipFamily?: 'ipv4' | 'ipv6';
  /**
   * The operating system of the node.
   *
   * @default 'linux'
   */
  readonly os?: 'linux' | 'windows';
  /**
   * The CNI's MAX_ENI. Like the CNI, it ignores what is not a whole number of 1 or more.
   *
   * @default - as many as the default network card has
   */
  readonly maxEni?: number;
}

/** What a node has for its pods. */
export interface NodeInterfaces {
  /** The facts of its type. */
  readonly facts: InstanceFacts;
  /** Interfaces the CNI may attach, the primary one included. */
  readonly interfaces: number;
  /** Slots of one interface, beside its own address. */
  readonly slotsPerInterface: number;
  /** Pod addresses in one slot: a single one, or those of a /28 prefix. */
  readonly addressesPerSlot: 1 | 16;
}

/**
 * What a node has for its pods; throws for a type that is not known and for combinations in which pods get no network.
 *
 * @see https://github.com/aws/amazon-vpc-cni-k8s/blob/v1.23.1/pkg/ipamd/ipamd.go isConfigValid, getMaxENI
 */
export function nodeInterfaces(input: NodeInterfacesInput): NodeInterfaces {
  const { instanceType, prefixDelegation = false, customNetworking = false } = input;
  const { ipFamily = 'ipv4', os = 'linux', maxEni } = input;
  const facts = knownInstanceFacts(instanceType);
  if (os === 'windows' && ipFamily === 'ipv6') throw new Error('`ipFamily` must be ipv4 with `os` windows, got ipv6');
  if (os === 'windows' && customNetworking) {
    throw new Error('`customNetworking` must be false with `os` windows, got true');
  }
  if (ipFamily === 'ipv6' && customNetworking) {
    throw new Error('`customNetworking` must be false with `ipFamily` ipv6, got true');
  }
  if (ipFamily === 'ipv6' && !facts.prefixDelegation) {
    throw new Error(`\`instanceType\` must be a Nitro type with \`ipFamily\` ipv6, got ${instanceType}`);
  }
  const limited = maxEni !== undefined && Number.isInteger(maxEni) && maxEni >= 1;
  return {
    facts,
    interfaces: limited ? Math.min(facts.interfaces, maxEni) : facts.interfaces,
    slotsPerInterface: facts.ipv4PerInterface - 1,
    addressesPerSlot: facts.prefixDelegation && (prefixDelegation || ipFamily === 'ipv6') ? 16 : 1,
  };
}
