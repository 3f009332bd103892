import type { PlatformConfig, PlatformNodeGroup } from '../platform-config';
import { nodeDemand, type NodeDemand } from './node-demand';
import { inPool } from './placement';
import { addressesOf, howManyFit, NO_DEMAND, type Pool } from './pool';

/** A moment in the life of a platform: how many nodes its groups have. `update` is at the maximum, with the surge. */
export type Level = 'minimum' | 'desired' | 'maximum' | 'update';

/** The levels, from the fewest nodes to the most. */
export const LEVELS: readonly Level[] = ['minimum', 'desired', 'maximum', 'update'];

/** One node group: its nodes and what one of them runs and takes. */
export interface GroupCapacity extends NodeDemand {
  /** Its name. */
  readonly name: string;
  /** Its zones. */
  readonly zones: readonly string[];
  /** Its instance types. */
  readonly instanceTypes: readonly string[];
  /** Nodes at each level. */
  readonly nodes: Readonly<Record<Level, number>>;
  /** Addresses of one node with system pods alone, and full. */
  readonly addressesPerNode: { readonly idle: number; readonly full: number };
  /** Nodes that fit by themselves, all other groups empty, at most its maximum. */
  readonly nodesThatFit: number;
  /** What ends first as the group grows. */
  readonly bindsFirst: 'max pods' | 'interfaces' | 'addresses of the subnets';
}

/** Something of each level. */
export function byLevel<T>(of: (level: Level) => T): Record<Level, T> {
  return { minimum: of('minimum'), desired: of('desired'), maximum: of('maximum'), update: of('update') };
}

/** Reckons one node group by itself. */
export function groupCapacity(
  name: string,
  group: PlatformNodeGroup,
  config: PlatformConfig,
  pools: readonly Pool[],
): GroupCapacity {
  const demand = nodeDemand(group, config);
  const { min, desired = min, max } = group.scaling;
  // during an update EKS adds nodes first: two for each zone, or as many as may be unavailable
  const surge = Math.max(2 * group.zones.length, group.maxUnavailable ?? 1);
  const of = ({ own, further, pods }: NodeDemand['full']): number =>
    addressesOf(own) + addressesOf(further) + addressesOf(pods);
  const base = {
    ...demand,
    name,
    zones: group.zones,
    instanceTypes: group.instanceTypes,
    nodes: { minimum: min, desired, maximum: max, update: max + surge },
    addressesPerNode: { idle: of(demand.idle), full: of(demand.full) },
  };
  const inEachZone = Math.ceil(max / group.zones.length);
  const fitting = Math.min(
    ...pools
      .filter(({ zone }) => group.zones.includes(zone))
      .map((pool) => howManyFit(pool, inPool(base, pool, config), inEachZone, NO_DEMAND)),
  );
  return {
    ...base,
    nodesThatFit: Math.min(max, fitting * group.zones.length),
    bindsFirst: fitting < inEachZone ? 'addresses of the subnets' : demand.bound,
  };
}
