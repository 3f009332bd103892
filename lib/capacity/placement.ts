import type { PlatformConfig } from '../platform-config';
import type { GroupCapacity, Level } from './group-capacity';
import { howManyFit, NO_DEMAND, NOTHING, sumOf, times, type Demand, type Pool } from './pool';

/** What one full node of a group takes of a pool. */
export function inPool(
  { name, full }: Pick<GroupCapacity, 'name' | 'full'>,
  pool: Pool,
  { nodeGroups }: PlatformConfig,
): Demand {
  if (pool.tier === 'pods') return { own: [full.pods], shared: NOTHING };
  const place = String(nodeGroups?.[name]?.subnet ?? 1);
  const home = pool.subnets.findIndex((subnet) => subnet.place === place);
  if (home < 0) return NO_DEMAND;
  return { own: pool.subnets.map((_, index) => (index === home ? full.own : NOTHING)), shared: full.further };
}

/** Nodes of a group in one zone, if it is one that has more than others. */
export function worstInZone({ zones }: Pick<GroupCapacity, 'zones'>, nodes: number, zone: string): number {
  return zones.includes(zone) ? Math.ceil(nodes / zones.length) : 0;
}

/** Nodes of a group in one zone, spread as evenly as can be over its zones, or over those that are left. */
function spread({ zones }: Pick<GroupCapacity, 'zones'>, nodes: number, zone: string, without?: string): number {
  const left = zones.filter((each) => each !== without);
  const index = left.indexOf(zone);
  return index < 0 ? 0 : Math.floor(nodes / left.length) + (index < nodes % left.length ? 1 : 0);
}

/** Pods in a zone, as far as its addresses reach: the groups that run most pods for an address come first. */
export function podsInZone(
  zone: string,
  level: Level,
  groups: readonly GroupCapacity[],
  pools: readonly Pool[],
  config: PlatformConfig,
  without?: string,
): number {
  if (zone === without) return 0;
  const inZone = pools.filter((pool) => pool.zone === zone);
  const taken = new Map(inZone.map((pool): [Pool, Demand] => [pool, NO_DEMAND]));
  const perAddress = (group: GroupCapacity): number => group.schedulable / Math.max(1, group.addressesPerNode.full);
  return [...groups]
    .sort((a, b) => perAddress(b) - perAddress(a))
    .reduce((sum, group) => {
      const wanted = spread(group, group.nodes[level], zone, without);
      const nodes = Math.min(
        ...inZone.map((pool) => howManyFit(pool, inPool(group, pool, config), wanted, taken.get(pool) ?? NO_DEMAND)),
      );
      for (const pool of inZone) {
        taken.set(pool, sumOf([taken.get(pool) ?? NO_DEMAND, times(nodes, inPool(group, pool, config))]));
      }
      return sum + nodes * group.schedulable;
    }, 0);
}
