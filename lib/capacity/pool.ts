import type { CapacitySubnet } from './subnet-list';

/** Addresses that are taken one by one, and whole /28 blocks. */
export interface Amount {
  /** Single addresses. */
  readonly singles: number;
  /** /28 blocks. */
  readonly blocks: number;
}

/** Nothing. */
export const NOTHING: Amount = { singles: 0, blocks: 0 };

/** What is asked of a pool. */
export interface Demand {
  /** What must come from each of its subnets, in their order: a node's first interface is in the node's own. */
  readonly own: readonly Amount[];
  /** What may come from any of them: a node's further interfaces. */
  readonly shared: Amount;
}

/** Nothing asked. */
export const NO_DEMAND: Demand = { own: [], shared: NOTHING };

/** Subnets of one zone that nodes or pods take their addresses from, and what else stands there. */
export interface Pool {
  /** Such as `nodes ap-northeast-1a`. */
  readonly name: string;
  /** Its zone. */
  readonly zone: string;
  /** Whether it serves nodes, and their pods without custom networking, or pods alone. */
  readonly tier: 'nodes' | 'pods';
  /** The subnets. */
  readonly subnets: readonly CapacitySubnet[];
  /** Addresses that others than nodes hold in each of them. */
  readonly standing: readonly number[];
}

/** Free single addresses beside the whole blocks of a subnet: its first and last block hold addresses EC2 keeps. */
const BESIDE_BLOCKS = 12 + 15;

/** /28 blocks of a subnet in which nothing stands: the first and the last are not whole. */
export function wholeBlocks({ prefix }: CapacitySubnet): number {
  return Math.max(0, 2 ** (28 - prefix) - 2);
}

/** Blocks left if single addresses lie as close together as they can: a fresh subnet. */
export function freshBlocks(subnet: CapacitySubnet, singles: number): number {
  return Math.max(0, wholeBlocks(subnet) - Math.ceil(Math.max(0, singles - BESIDE_BLOCKS) / 16));
}

/** Blocks left if every single address lies in a block of its own: a subnet after months of use. */
export function fragmentedBlocks(subnet: CapacitySubnet, singles: number): number {
  return Math.max(0, wholeBlocks(subnet) - singles);
}

/** Addresses of an amount. */
export function addressesOf({ singles, blocks }: Amount): number {
  return singles + 16 * blocks;
}

/** Whether a demand fits into a pool beside what stands there, in fresh subnets. */
export function fits(pool: Pool, { own, shared }: Demand): boolean {
  let [addresses, blocks] = [0, 0];
  for (const [index, subnet] of pool.subnets.entries()) {
    const amount = own[index] ?? NOTHING;
    const singles = (pool.standing[index] ?? 0) + amount.singles;
    const left = subnet.usable - singles - 16 * amount.blocks;
    const blocksLeft = freshBlocks(subnet, singles) - amount.blocks;
    if (left < 0 || (amount.blocks > 0 && blocksLeft < 0)) return false;
    addresses += left;
    blocks += Math.max(0, blocksLeft);
  }
  if (addressesOf(shared) > addresses) return false;
  return shared.blocks === 0 || shared.blocks <= blocks - Math.ceil(shared.singles / 16);
}

/** The sum of demands of one pool. */
export function sumOf(demands: readonly Demand[]): Demand {
  const [first, ...rest] = demands;
  if (first === undefined) return { own: [], shared: NOTHING };
  return rest.reduce(
    (sum, each) => ({
      own: Array.from({ length: Math.max(sum.own.length, each.own.length) }, (_, index) =>
        plus(sum.own[index] ?? NOTHING, each.own[index] ?? NOTHING),
      ),
      shared: plus(sum.shared, each.shared),
    }),
    first,
  );
}

/** A demand several times over. */
export function times(count: number, { own, shared }: Demand): Demand {
  const scaled = ({ singles, blocks }: Amount): Amount => ({ singles: count * singles, blocks: count * blocks });
  return { own: own.map(scaled), shared: scaled(shared) };
}

/** How many of the same demand fit, at most `limit`, beside what is taken already. */
export function howManyFit(pool: Pool, each: Demand, limit: number, taken: Demand): number {
  let [few, many] = [0, limit];
  while (few < many) {
    const middle = Math.ceil((few + many) / 2);
    if (fits(pool, sumOf([taken, times(middle, each)]))) few = middle;
    else many = middle - 1;
  }
  return few;
}

/** Addresses taken in each subnet of a pool: what must come from it, and its share of what may come from any. */
export function takenIn(pool: Pool, { own, shared }: Demand): number[] {
  const fixed = pool.subnets.map((_, index) => (pool.standing[index] ?? 0) + addressesOf(own[index] ?? NOTHING));
  // the CNI makes an interface where most addresses are free
  const free = pool.subnets.map(({ usable }, index) => Math.max(0, usable - (fixed[index] ?? 0)));
  const allFree = free.reduce((sum, each) => sum + each, 0);
  return fixed.map((taken, index) => {
    const share = allFree === 0 ? 1 / pool.subnets.length : (free[index] ?? 0) / allFree;
    return Math.ceil(taken + share * addressesOf(shared));
  });
}

function plus(a: Amount, b: Amount): Amount {
  return { singles: a.singles + b.singles, blocks: a.blocks + b.blocks };
}
