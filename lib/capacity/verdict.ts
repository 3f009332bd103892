import type { PlatformConfig } from '../platform-config';
import { adviceFor } from './advice';
import type { Capacity } from './capacity';

/** One plain sentence: how many pods a platform can run, what ends first, and what to change to get more. */
export function verdict(config: PlatformConfig, now: Capacity): string {
  const nodes = now.groups.reduce((sum, group) => sum + group.nodes.maximum, 0);
  const profiles = Object.keys(config.fargateProfiles ?? {}).length;
  if (nodes === 0) {
    const free = now.pools.reduce((sum, pool) => sum + pool.usable - pool.taken.maximum, 0);
    return profiles > 0
      ? `Every pod on Fargate takes one address of a node subnet: there are ${number(free)} free.`
      : 'This platform has no nodes and runs no pods.';
  }
  const advice = adviceFor(config, now);
  const more = advice === undefined ? '' : ` To run more: ${advice.change} (then ${number(advice.pods)}).`;
  const fargate = profiles > 0 ? ', and those on Fargate beside them' : '';
  return `This platform can run ${number(now.pods)} pods of yours on ${number(nodes)} nodes${fargate}; ${bound(now)}.${more}`;
}

function bound(now: Capacity): string {
  const full = now.pools.find(({ fits }) => !fits.maximum);
  if (full !== undefined) {
    const inPool = now.subnets.filter(({ id }) => full.subnets.includes(id));
    const overfull = inPool.filter(({ taken, usable }) => taken.maximum > usable);
    const named = overfull.length > 0 ? overfull : inPool;
    return `the addresses of ${named.map(({ id }) => id).join(' and ')} end first`;
  }
  const largest = [...now.groups].sort((a, b) => b.nodes.maximum * b.schedulable - a.nodes.maximum * a.schedulable)[0];
  return `\`nodeGroups.${largest?.name ?? ''}.scaling.max\` ends first, addresses reach further`;
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}
