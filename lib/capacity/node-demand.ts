import { ADDONS, CORE_ADDONS, type AddonFacts, type AddonName } from '../addons/catalog';
import { nodeAddresses, type NodeAddresses } from '../cni/node-addresses';
import { podNetworkMode, type PodNetworkMode } from '../cni/pod-network-mode';
import { instanceFacts, knownInstanceFacts } from '../compute/instance-types';
import { maxPods } from '../compute/max-pods';
import type { PlatformConfig, PlatformNodeGroup } from '../platform-config';
import { NOTHING, type Amount } from './pool';

/** What decides first how many pods one node runs. */
export type NodeBound = 'max pods' | 'interfaces';

/** What one node of a group runs and takes. Where its types differ: the fewest pods, the most addresses. */
export interface NodeDemand {
  /** Pods kubelet may run, system pods included. */
  readonly maxPods: number;
  /** Who sets that number, and what EKS is expected to make of it. */
  readonly maxPodsAuthor: string;
  /** Pods of the platform's users: without those that run on every node. */
  readonly schedulable: number;
  /** What decides it. */
  readonly bound: NodeBound;
  /** Addresses a node takes with nothing on it but system pods: the warm pool. */
  readonly idle: Taken;
  /** Addresses a node takes when no further pod fits. */
  readonly full: Taken;
  /** Pods with security groups of their own that a node can run; undefined without `cni.podSecurityGroups`. */
  readonly branchInterfaces: number | undefined;
}

/** Addresses of one node, by where they come from. */
export interface Taken {
  /** Of the node's own subnet: its first interface with what is on it, and the trunk. */
  readonly own: Amount;
  /** Of any node subnet of its zone: further interfaces, without custom networking. */
  readonly further: Amount;
  /** Of the zone's pod subnet, with custom networking. */
  readonly pods: Amount;
}

/** The pods that every node runs, and how many of them take an address of the CNI. */
export function systemPodsPerNode({ addons, logs }: PlatformConfig): {
  readonly all: number;
  readonly addressed: number;
} {
  const names = new Set<AddonName>([...CORE_ADDONS, ...(Object.keys(addons ?? {}) as AddonName[])]);
  const facts = [...names]
    .map((name): AddonFacts => ADDONS[name])
    .filter(({ onEveryNode }) => onEveryNode !== undefined);
  const agents = logs === undefined ? 0 : 1; // on the node's own network: it takes a place, but no address
  return {
    all: facts.length + agents,
    addressed: facts.filter(({ onEveryNode }) => onEveryNode === 'pod-network').length,
  };
}

/** The pods of add-ons that run somewhere in the cluster. */
export function systemPodsOfCluster({ addons }: PlatformConfig): number {
  const names = new Set<AddonName>([...CORE_ADDONS, ...(Object.keys(addons ?? {}) as AddonName[])]);
  return [...names].map((name): AddonFacts => ADDONS[name]).reduce((sum, { replicas = 0 }) => sum + replicas, 0);
}

/** What one node of a group runs and takes. */
export function nodeDemand(group: PlatformNodeGroup, config: PlatformConfig): NodeDemand {
  const { cni = {}, controlPlane } = config;
  const mode = podNetworkMode(cni, controlPlane.ipFamily);
  const { instanceTypes } = group;
  const expected = Math.min(...instanceTypes.map((instanceType) => maxPods({ ...mode, instanceType })));
  const ours = group.maxPods ?? expected;
  // EKS writes a value of its own into the start-up settings and documents that it wins
  const effective = Math.min(ours, expected);
  const system = systemPodsPerNode(config);
  const hostPods = system.all - system.addressed;
  const { warmEniTarget, warmIpTarget, minimumIpTarget, warmPrefixTarget } = cni;
  const held = (instanceType: string, pods: number): NodeAddresses =>
    nodeAddresses({
      ...mode,
      instanceType,
      pods: Math.max(0, pods),
      warmEniTarget,
      warmIpTarget,
      minimumIpTarget,
      warmPrefixTarget,
      maxPods: effective,
    });
  const full = instanceTypes.map((instanceType) => ({ instanceType, ...held(instanceType, effective - hostPods) }));
  const idle = instanceTypes.map((instanceType) => ({ instanceType, ...held(instanceType, system.addressed) }));
  const unplaced = Math.max(...full.map((each) => each.unplaced));
  const branches = instanceTypes.map((instanceType) => instanceFacts(instanceType)?.branchInterfaces ?? 0);
  return {
    maxPods: effective,
    maxPodsAuthor: author(group.maxPods, expected),
    schedulable: Math.max(0, effective - system.all - unplaced),
    bound: unplaced > 0 ? 'interfaces' : 'max pods',
    idle: most(idle.map((each) => taken(each, mode))),
    full: most(full.map((each) => taken(each, mode))),
    branchInterfaces: mode.podSecurityGroups ? Math.min(...branches) : undefined,
  };
}

function author(given: number | undefined, expected: number): string {
  if (given === undefined) return `set by us, EKS expected ${expected}`;
  return given <= expected ? `set by us in \`maxPods\`, EKS expected ${expected}` : `EKS, ${given} by us is above it`;
}

function taken(
  { enis, slots, instanceType }: NodeAddresses & { readonly instanceType: string },
  mode: PodNetworkMode,
): Taken {
  if (mode.ipFamily === 'ipv6') return { own: { singles: 1, blocks: 0 }, further: NOTHING, pods: NOTHING };
  const facts = knownInstanceFacts(instanceType);
  const trunk = mode.podSecurityGroups && facts.trunk !== false ? 1 : 0;
  const inPrefixes = mode.prefixDelegation && facts.prefixDelegation;
  const amount = (interfaces: number, held: number): Amount =>
    inPrefixes ? { singles: interfaces, blocks: held } : { singles: interfaces + held, blocks: 0 };
  if (mode.customNetworking) {
    return { own: amount(1 + trunk, 0), further: NOTHING, pods: amount(enis - 1, slots) };
  }
  // the first interface is filled before another is attached, and what is on it is of its own subnet
  const onFirst = Math.min(slots, facts.ipv4PerInterface - 1);
  return { own: amount(1 + trunk, onFirst), further: amount(enis - 1, slots - onFirst), pods: NOTHING };
}

function most(all: readonly Taken[]): Taken {
  const of = (key: keyof Taken): Amount => ({
    singles: Math.max(...all.map((each) => each[key].singles)),
    blocks: Math.max(...all.map((each) => each[key].blocks)),
  });
  return { own: of('own'), further: of('further'), pods: of('pods') };
}
