import type { PodNetworkMode } from '../cni/pod-network-mode';
import type { VpcCniSettings } from '../cni/vpc-cni-settings';
import { knownInstanceFacts } from '../compute/instance-types';
import type { PlatformConfig } from '../platform-config';
import { capacity, type Capacity } from './capacity';

/** What somebody wants to run, before there is a config. */
export interface Wish {
  /** Pods of users. */
  readonly pods: number;
  /** Such as `m7g.2xlarge`. */
  readonly instanceType: string;
  /** How many zones, 2 to 6. */
  readonly zones: number;
  /**
   * The VPC's first range.
   *
   * @default - the smallest from 10.0.0.0/21 to /16 that does it
   */
  readonly cidr?: string;
}

/** One way of giving pods their addresses, and what comes of it. */
export interface Option {
  /** In words. */
  readonly name: string;
  /** The config that makes it: what of a platform's config decides its capacity. */
  readonly config: PlatformConfig;
  /** Its capacity. */
  readonly capacity: Capacity;
  /** Whether it runs all the pods. */
  readonly enough: boolean;
  /** Why not, or what it costs. */
  readonly remark: string;
}

type Mode = Pick<PodNetworkMode, 'prefixDelegation' | 'customNetworking'>;

/** The modes, the simplest first. */
const MODES: readonly (Mode & { readonly name: string; readonly cost: string })[] = [
  { name: 'single addresses', prefixDelegation: false, customNetworking: false, cost: 'the simplest: nothing to set' },
  {
    name: '/28 prefixes',
    prefixDelegation: true,
    customNetworking: false,
    cost: 'pods in blocks of 16 addresses of the node subnets',
  },
  {
    name: '/28 prefixes in pod subnets',
    prefixDelegation: true,
    customNetworking: true,
    cost: 'pods in a range of their own that only the VPC knows; one interface of a node serves no pods',
  },
];
const CIDRS = [21, 20, 19, 18, 17, 16].map((prefix) => `10.0.0.0/${prefix}`);
const LARGEST_GROUP = 450;

/**
 * The ways to run so many pods on an instance type, the simplest first, each with the smallest VPC that does it; one
 * that does not says why. Nodes are as few as can be; every group is at its maximum.
 */
export function planFor(wish: Wish): Option[] {
  return MODES.filter((mode) => isPossible(wish, mode)).map((mode) => {
    const options = (wish.cidr === undefined ? CIDRS : [wish.cidr]).map((cidr) => optionFor(wish, mode, cidr));
    const found = options.find(({ enough }) => enough) ?? options.at(-1);
    if (found === undefined) throw new Error('there is no range to plan with');
    return found;
  });
}

function isPossible({ instanceType }: Wish, { prefixDelegation, customNetworking }: Mode): boolean {
  const facts = knownInstanceFacts(instanceType);
  return (!prefixDelegation || facts.prefixDelegation) && (!customNetworking || facts.interfaces > 1);
}

function optionFor(wish: Wish, mode: Mode & { readonly name: string; readonly cost: string }, cidr: string): Option {
  const perNode = capacity(configFor(wish, mode, cidr, 1)).groups[0]?.schedulable ?? 0;
  // CoreDNS runs somewhere too
  const nodes = Math.max(wish.zones, Math.ceil((wish.pods + 2) / Math.max(1, perNode)));
  const config = configFor(wish, mode, cidr, nodes);
  const now = capacity(config);
  const enough = now.pods >= wish.pods;
  return { name: mode.name, config, capacity: now, enough, remark: enough ? mode.cost : shortfall(now, config) };
}

function shortfall(now: Capacity, config: PlatformConfig): string {
  const group = now.groups[0];
  const full = now.pools.find(({ fits }) => !fits.maximum);
  if (full === undefined || group === undefined) return 'the groups have too few nodes';
  const range = full.tier === 'pods' ? config.cni?.customNetworking?.cidrs.at(-1) : config.network.cidr;
  return `even in ${range ?? ''} a zone has ${full.usable} addresses for ${Math.ceil(group.nodes.maximum / group.zones.length)} nodes that take ${group.addressesPerNode.full} each`;
}

const LETTERS = ['a', 'b', 'c', 'd', 'e', 'f'] as const;

function configFor({ zones: count, instanceType }: Wish, mode: Mode, cidr: string, nodes: number): PlatformConfig {
  const zones = LETTERS.slice(0, count).map((letter) => `eu-west-1${letter}`);
  const cni: VpcCniSettings = {
    ...(mode.prefixDelegation ? { prefixDelegation: true } : {}),
    ...(mode.customNetworking ? { customNetworking: { cidrs: ['100.64.0.0/16'] } } : {}),
  };
  const groups = Math.ceil(nodes / LARGEST_GROUP);
  return {
    env: { account: '111122223333', region: 'eu-west-1' },
    network: {
      cidr,
      zones: Object.fromEntries(zones.map((zone) => [zone, {}])),
      ...(count > 4 ? { zoneSlots: 8 as const } : {}),
      nat: 'per-zone',
    },
    controlPlane: { version: '1.35', zones: zones.slice(0, Math.min(3, count)) },
    cni,
    nodeGroups: Object.fromEntries(
      Array.from({ length: groups }, (_, index) => [
        groups === 1 ? 'general' : `general-${index + 1}`,
        {
          zones,
          instanceTypes: [instanceType],
          scaling: { min: count, max: Math.ceil(nodes / groups) },
        },
      ]),
    ),
    access: { grants: {} },
  };
}
