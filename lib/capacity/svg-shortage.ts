import type { Capacity, PoolCapacity, SubnetCapacity } from './capacity';
import type { Level } from './group-capacity';
import { number } from './svg-text';

/** What a subnet lacks first, from the fewest nodes to the most. */
export interface Shortage {
  /** When; `standing` is before there is any node. */
  readonly level: 'standing' | Exclude<Level, 'minimum'>;
  /** How many addresses are missing; 0 if there are enough, and whole /28 blocks are missing. */
  readonly by: number;
}

/** What a subnet lacks, by itself or in whole blocks together with those of its pool; undefined if it has enough. */
export function shortageIn(subnet: SubnetCapacity, now: Capacity): Shortage | undefined {
  const { usable, taken } = subnet;
  const standing = standingOf(subnet);
  if (standing > usable) return { level: 'standing', by: standing - usable };
  const pool = poolOf(now, subnet);
  const inPool = now.subnets.filter(({ id }) => pool?.subnets.includes(id) === true);
  for (const level of ['desired', 'maximum', 'update'] as const) {
    if (taken[level] > usable) return { level, by: taken[level] - usable };
    const anotherLacks = inPool.some((other) => other.taken[level] > other.usable);
    if (pool?.fits[level] === false && !anotherLacks && taken[level] > standing) return { level, by: 0 };
  }
  return undefined;
}

/** Whether a shortage is one of what the config asks for, and not of a while. */
export function isOverfull(shortage: Shortage | undefined): shortage is Shortage {
  return shortage !== undefined && shortage.level !== 'update';
}

/** The pool a subnet is in; undefined if no node takes addresses there. */
export function poolOf({ pools }: Capacity, { id }: SubnetCapacity): PoolCapacity | undefined {
  return pools.find(({ subnets }) => subnets.includes(id));
}

/** All addresses of what stands in a subnet. */
export function standingOf({ standing }: Pick<SubnetCapacity, 'standing'>): number {
  return standing.reduce((sum, { addresses }) => sum + addresses, 0);
}

/** Each level in words. */
export const MOMENTS: Readonly<Record<Level, string>> = {
  minimum: 'at minimum',
  desired: 'at desired',
  maximum: 'at maximum',
  update: 'while updating',
};

/** A shortage in words. */
export function shortageWords({ level, by }: Shortage): string {
  if (level === 'update')
    return by > 0 ? `lacks ${number(by)} ${MOMENTS.update}` : `lacks /28 blocks ${MOMENTS.update}`;
  if (by === 0) return 'OVERFULL in /28 blocks';
  return `OVERFULL by ${number(by)} ${level === 'standing' ? 'before any node' : MOMENTS[level]}`;
}
