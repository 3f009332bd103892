import type { Tier } from '../network/address-plan';
import { zonesInUse, type PlatformConfig } from '../platform-config';
import { byLevel, groupCapacity, type GroupCapacity, type Level } from './group-capacity';
import { systemPodsOfCluster } from './node-demand';
import { inPool, podsInZone, worstInZone } from './placement';
import {
  fits,
  fragmentedBlocks,
  freshBlocks,
  sumOf,
  takenIn,
  times,
  wholeBlocks,
  type Demand,
  type Pool,
} from './pool';
import { poolsOf } from './pools';
import { standingIn, type Standing } from './standing';
import { capacitySubnets, type CapacitySubnet } from './subnet-list';

/** One subnet: what is in it at each level, nodes full. */
export interface SubnetCapacity {
  /** Its construct id. */
  readonly id: string;
  /** The tiers it serves. */
  readonly tiers: readonly Tier[];
  /** Its zone. */
  readonly zone: string;
  /** Its addresses. */
  readonly cidr: string;
  /** Addresses it gives out; EC2 keeps five more. */
  readonly usable: number;
  /** What stands in it beside nodes and pods. */
  readonly standing: readonly Standing[];
  /** Addresses taken at each level. */
  readonly taken: Readonly<Record<Level, number>>;
}

/** The subnets of a zone that nodes or pods share, where they may run out. */
export interface PoolCapacity {
  /** Such as `nodes ap-northeast-1a`. */
  readonly name: string;
  /** Its zone. */
  readonly zone: string;
  /** Whether it serves nodes, or pods alone. */
  readonly tier: 'nodes' | 'pods';
  /** The ids of its subnets. */
  readonly subnets: readonly string[];
  /** Addresses it gives out. */
  readonly usable: number;
  /** Addresses taken at each level, with what stands there. */
  readonly taken: Readonly<Record<Level, number>>;
  /** Whether it all fits at each level, whole blocks included, in fresh subnets. */
  readonly fits: Readonly<Record<Level, boolean>>;
  /** /28 blocks, where there is prefix delegation: those wanted and those to be had at the maximum. */
  readonly blocks:
    | { readonly wanted: number; readonly empty: number; readonly fresh: number; readonly fragmented: number }
    | undefined;
}

/** What is left without one zone, its nodes made again in the others. */
export interface ZoneLoss {
  /** The zone. */
  readonly zone: string;
  /** Pods of users that the rest runs, groups at their maximum. */
  readonly pods: number;
  /** Whether what the platform runs at the desired size still fits. */
  readonly desiredFits: boolean;
}

/** How much a platform can hold, and where it ends. */
export interface Capacity {
  /** Every subnet of the zones in use. */
  readonly subnets: readonly SubnetCapacity[];
  /** Where nodes and pods take addresses. */
  readonly pools: readonly PoolCapacity[];
  /** Every node group. */
  readonly groups: readonly GroupCapacity[];
  /** Pods of users in each zone, groups at their maximum. */
  readonly podsByZone: Readonly<Record<string, number>>;
  /** The loss of each zone. */
  readonly losses: readonly ZoneLoss[];
  /** Pods of users at the desired size. */
  readonly podsAtDesired: number;
  /** Pods of users, groups at their maximum, as far as addresses reach. */
  readonly pods: number;
  /** The same if addresses never ended. */
  readonly podsWithoutLimit: number;
}

/** Reckons a platform's capacity from its config alone. The config must have no problems. */
export function capacity(config: PlatformConfig): Capacity {
  const subnets = capacitySubnets(config);
  const pools = poolsOf(subnets, config);
  const groups = Object.entries(config.nodeGroups ?? {}).map(([name, group]) =>
    groupCapacity(name, group, config, pools),
  );
  const zones = zonesInUse(config.network);
  const poolDemand = (pool: Pool, level: Level): Demand =>
    sumOf(groups.map((group) => times(worstInZone(group, group.nodes[level], pool.zone), inPool(group, pool, config))));
  const cluster = systemPodsOfCluster(config);
  const users = (pods: number): number => Math.max(0, pods - cluster);
  const at = (level: Level, without?: string): number =>
    zones.reduce((sum, zone) => sum + podsInZone(zone, level, groups, pools, config, without), 0);
  return {
    subnets: subnets.map((subnet) => subnetCapacity(subnet, config, pools, poolDemand)),
    pools: pools.map((pool) => ({
      name: pool.name,
      zone: pool.zone,
      tier: pool.tier,
      subnets: pool.subnets.map(({ id }) => id),
      usable: pool.subnets.reduce((sum, { usable }) => sum + usable, 0),
      taken: byLevel((level) => takenIn(pool, poolDemand(pool, level)).reduce((sum, each) => sum + each, 0)),
      fits: byLevel((level) => fits(pool, poolDemand(pool, level))),
      blocks: blocksOf(pool, poolDemand(pool, 'maximum')),
    })),
    groups,
    podsByZone: Object.fromEntries(zones.map((zone) => [zone, podsInZone(zone, 'maximum', groups, pools, config)])),
    losses: zones.map((zone) => ({
      zone,
      pods: users(at('maximum', zone)),
      desiredFits: at('desired', zone) >= at('desired'),
    })),
    podsAtDesired: users(at('desired')),
    pods: users(at('maximum')),
    podsWithoutLimit: users(groups.reduce((sum, { nodes, schedulable }) => sum + nodes.maximum * schedulable, 0)),
  };
}

function subnetCapacity(
  subnet: CapacitySubnet,
  config: PlatformConfig,
  pools: readonly Pool[],
  poolDemand: (pool: Pool, level: Level) => Demand,
): SubnetCapacity {
  const standing = standingIn(subnet, config);
  const pool = pools.find(({ subnets }) => subnets.includes(subnet));
  const { id, tiers, zone, cidr, usable } = subnet;
  return {
    id,
    tiers,
    zone,
    cidr,
    usable,
    standing,
    taken: byLevel((level) =>
      pool === undefined
        ? standing.reduce((sum, { addresses }) => sum + addresses, 0)
        : (takenIn(pool, poolDemand(pool, level))[pool.subnets.indexOf(subnet)] ?? 0),
    ),
  };
}

function blocksOf(pool: Pool, { own, shared }: Demand): PoolCapacity['blocks'] {
  const wanted = own.reduce((sum, { blocks }) => sum + blocks, shared.blocks);
  if (wanted === 0) return undefined;
  const inAll = (of: (subnet: CapacitySubnet, singles: number) => number): number =>
    pool.subnets.reduce(
      (sum, subnet, index) => sum + of(subnet, (pool.standing[index] ?? 0) + (own[index]?.singles ?? 0)),
      0,
    );
  return { wanted, empty: inAll(wholeBlocks), fresh: inAll(freshBlocks), fragmented: inAll(fragmentedBlocks) };
}
