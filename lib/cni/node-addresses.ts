import { nodeInterfaces, type NodeInterfacesInput } from './node-interfaces';
import { WarmPool, type WarmTargets } from './warm-pool';

/** A node with pods, and the CNI settings that decide what it holds. An IPv6 node ignores every target. */
export interface NodeAddressesInput extends Omit<NodeInterfacesInput, 'os'> {
  /** Pods with an address of the CNI: none of the host network and none with security groups of their own. */
  readonly pods: number;
  /**
   * WARM_ENI_TARGET. Ignored with prefixes, or if `warmIpTarget` or `minimumIpTarget` is set.
   *
   * @default 1
   */
  readonly warmEniTarget?: number;
  /**
   * WARM_IP_TARGET; 0 or less counts as unset.
   *
   * @default - not set
   */
  readonly warmIpTarget?: number;
  /**
   * MINIMUM_IP_TARGET; 0 or less counts as unset. Without `warmIpTarget` the node never gets more than this.
   *
   * @default - not set
   */
  readonly minimumIpTarget?: number;
  /**
   * WARM_PREFIX_TARGET, with `prefixDelegation`. Ignored if `warmIpTarget` or `minimumIpTarget` is set.
   *
   * @default 1
   */
  readonly warmPrefixTarget?: number;
  /**
   * Pods kubelet may run: with as many addresses, used or free, ipamd asks for no more.
   *
   * @default - no stop
   */
  readonly maxPods?: number;
}

/** What one node holds. */
export interface NodeAddresses {
  /** Attached interfaces, the primary one included and the trunk not. */
  readonly enis: number;
  /** Secondary addresses, or /28 prefixes with prefix delegation, or the one /80 prefix of an IPv6 node. */
  readonly slots: number;
  /** IPv4 addresses taken from subnets: one for each interface, and its slots. */
  readonly addresses: number;
  /** Those of the node's own subnet. */
  readonly nodeSubnet: number;
  /** Those of the pods' subnet, with custom networking. */
  readonly podSubnet: number;
  /** Pods for which there is no address. */
  readonly unplaced: number;
}

/**
 * What one node holds when ipamd has nothing left to do, reached from an empty node by adding pods one by one.
 *
 * @see https://github.com/aws/amazon-vpc-cni-k8s/blob/v1.23.1/docs/eni-and-ip-target.md
 * @see https://github.com/aws/amazon-vpc-cni-k8s/blob/v1.23.1/docs/prefix-and-ip-target.md
 */
export function nodeAddresses(input: NodeAddressesInput): NodeAddresses {
  const { pool, held } = emptyNode(input);
  for (let pod = 1; pod <= input.pods; pod += 1) {
    // nothing changes any more once a pod finds no address
    if (pool?.place() === false) break;
  }
  return held(input.pods);
}

/** What the node holds with no pod, with the first, and so on up to `pods`: one state for each. */
export function nodeAddressStates(input: NodeAddressesInput): NodeAddresses[] {
  const { pool, held } = emptyNode(input);
  return Array.from({ length: input.pods + 1 }, (_, pods) => {
    if (pods > 0) pool?.place();
    return held(pods);
  });
}

interface EmptyNode {
  /** undefined for IPv6: one prefix has room for every pod. */
  readonly pool: WarmPool | undefined;
  readonly held: (pods: number) => NodeAddresses;
}

function emptyNode(input: NodeAddressesInput): EmptyNode {
  const { pods, customNetworking = false, podSecurityGroups = false, ipFamily = 'ipv4', maxPods = Infinity } = input;
  if (!Number.isInteger(pods) || pods < 0) throw new Error(`\`pods\` must be a whole number of 0 or more, got ${pods}`);
  const { facts, interfaces, ...slot } = nodeInterfaces(input);
  if (ipFamily === 'ipv6') {
    return {
      pool: undefined,
      held: () => ({ enis: 1, slots: 1, addresses: 1, nodeSubnet: 1, podSubnet: 0, unplaced: 0 }),
    };
  }
  // the CNI keeps room for the trunk unless it knows that the type takes none
  const trunk = podSecurityGroups && facts.trunk !== false ? 1 : 0;
  const limits = { ...slot, interfaces: interfaces - trunk, skipPrimary: customNetworking, maxPods };
  const pool = new WarmPool(limits, warmTargets(input));
  return {
    pool,
    held: (wanted) => {
      const addresses = pool.interfaces + pool.slots * slot.addressesPerSlot;
      const nodeSubnet = customNetworking ? 1 : addresses;
      const podSubnet = addresses - nodeSubnet;
      const unplaced = wanted - pool.pods;
      return { enis: pool.interfaces, slots: pool.slots, addresses, nodeSubnet, podSubnet, unplaced };
    },
  };
}

/** The targets as the CNI reads them: what is not a whole number of 0 or more is its default. */
function warmTargets(input: NodeAddressesInput): WarmTargets {
  const { warmEniTarget = 1, warmPrefixTarget = 1, warmIpTarget = 0, minimumIpTarget = 0 } = input;
  const read = (target: number, otherwise: number): number =>
    Number.isInteger(target) && target >= 0 ? target : otherwise;
  return {
    enis: read(warmEniTarget, 1),
    prefixes: read(warmPrefixTarget, 0),
    ips: read(warmIpTarget, 0),
    minimumIps: read(minimumIpTarget, 0),
  };
}
