import type { PlatformConfig } from '../platform-config';
import { element, problem, type Warning } from '../validate';
import { adviceFor } from './advice';
import { capacity, type Capacity, type PoolCapacity } from './capacity';

/** What certainly does not fit. The config must have no other problem. */
export function capacityProblems(config: PlatformConfig): string[] {
  const now = capacity(config);
  return [...groupProblems(config, now), ...sumProblems(config, now), ...podsProblems(config, now)];
}

/** A group that cannot be as large as it says even if it were alone. */
function groupProblems(config: PlatformConfig, now: Capacity): string[] {
  return now.groups
    .filter(({ nodesThatFit, nodes }) => nodesThatFit < nodes.maximum)
    .map((group) => {
      const { name, nodes, nodesThatFit, addressesPerNode } = group;
      const pools = now.pools.filter(({ zone }) => group.zones.includes(zone));
      const narrow = [...pools].sort((a, b) => a.usable - b.usable)[0];
      const where = narrow === undefined ? '' : `${narrow.subnets.join(' and ')} (${narrow.usable} addresses)`;
      const rule = `must not exceed ${nodesThatFit}: a full node takes ${addressesPerNode.full} addresses and ${where} holds no more of them in its zone`;
      return problem(`${element('nodeGroups', name)}.scaling.max`, rule, nodes.maximum, remedy(config, now));
    });
}

function sumProblems(config: PlatformConfig, now: Capacity): string[] {
  if (config.capacity?.require !== 'sum') return [];
  return overfull(now).map((pool) =>
    problem('capacity.require', `must hold for every subnet: ${shortage(pool, now)}`, 'sum', remedy(config, now)),
  );
}

function podsProblems(config: PlatformConfig, now: Capacity): string[] {
  const wanted = config.capacity?.pods;
  if (wanted === undefined || wanted <= now.pods) return [];
  const why =
    now.pods < now.podsWithoutLimit ? 'its subnets have addresses for no more' : 'its groups have nodes for no more';
  return [
    problem(
      'capacity.pods',
      `must be at most ${now.pods}, all the platform can run: ${why}`,
      wanted,
      remedy(config, now),
    ),
  ];
}

function overfull(now: Capacity): PoolCapacity[] {
  return now.pools.filter(({ fits }) => !fits.maximum);
}

function shortage({ subnets, usable, taken, blocks }: PoolCapacity, now: Capacity): string {
  const when = 'with all groups at their maximum';
  const overfullSubnet = now.subnets.find(
    (subnet) => subnets.includes(subnet.id) && subnet.taken.maximum > subnet.usable,
  );
  if (overfullSubnet !== undefined) {
    return `${when} ${overfullSubnet.id} needs ${overfullSubnet.taken.maximum} of ${overfullSubnet.usable} addresses`;
  }
  const where = subnets.join(' and ');
  return blocks === undefined
    ? `${when} ${where} needs ${taken.maximum} of ${usable} addresses`
    : `${when} ${where} needs ${blocks.wanted} of ${blocks.fresh} whole /28 blocks`;
}

function remedy(config: PlatformConfig, now: Capacity): string {
  const advice = adviceFor(config, now);
  return advice === undefined ? 'lower `scaling.max`' : `${advice.change} makes room for ${advice.pods} pods`;
}

/** Left free below this, a subnet is told of. */
const COMFORT = 0.2;

/** What fits and may not for long, or not always. The config must have no problem. */
export function capacityWarnings(config: PlatformConfig, now: Capacity = capacity(config)): Warning[] {
  return [
    ...quotaWarnings(now),
    ...standingWarnings(now),
    ...controlPlaneWarnings(now),
    ...sumWarnings(config, now),
    ...now.pools.flatMap(poolWarnings),
    ...now.groups.flatMap((group) => groupWarnings(group, config)),
    ...now.losses
      .filter(({ desiredFits }) => !desiredFits)
      .map(({ zone }) => ({
        id: 'kotohajime:zone-loss',
        message: `without ${zone} the other zones cannot run what the platform runs at its desired size`,
      })),
  ];
}

/** Node groups of a cluster before a quota is raised. @see https://docs.aws.amazon.com/eks/latest/userguide/service-quotas.html (2026-11) */
const GROUPS = 30;

function quotaWarnings({ groups }: Capacity): Warning[] {
  if (groups.length <= GROUPS) return [];
  const message = `\`nodeGroups\` holds ${groups.length} groups and the quota of a cluster is ${GROUPS} unless it was raised`;
  return [{ id: 'kotohajime:node-group-quota', message }];
}

/** Subnets in which too much stands already, before any node. */
function standingWarnings({ subnets }: Capacity): Warning[] {
  return subnets.flatMap(({ id, usable, standing }) => {
    const addresses = standing.reduce((sum, each) => sum + each.addresses, 0);
    if (addresses <= usable) return [];
    const what = standing.map((each) => `${each.what} ${each.addresses}`).join(', ');
    const message = `${id} has ${usable} addresses and ${addresses} are taken before any node: ${what}`;
    return [{ id: 'kotohajime:addresses-standing', message }];
  });
}

/** Free addresses EKS recommends in a subnet of a control plane. @see https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html (2026-11) */
const CONTROL_PLANE_FREE = 16;

function controlPlaneWarnings({ subnets }: Capacity): Warning[] {
  return subnets
    .filter(({ tiers, usable }) => tiers.includes('control-plane') && usable < CONTROL_PLANE_FREE)
    .map(({ id, usable }) => ({
      id: 'kotohajime:control-plane-addresses',
      message: `${id} has ${usable} addresses: EKS needs 6 free ones for a control plane and recommends ${CONTROL_PLANE_FREE}`,
    }));
}

function sumWarnings(config: PlatformConfig, now: Capacity): Warning[] {
  if (config.capacity?.require === 'sum') return [];
  return overfull(now).map((pool) => ({
    id: 'kotohajime:addresses-sum',
    message: `${shortage(pool, now)}; ${remedy(config, now)} (\`capacity: { require: 'sum' }\` makes this a problem)`,
  }));
}

function poolWarnings({ subnets, usable, taken, fits, blocks }: PoolCapacity): Warning[] {
  if (!fits.maximum) return [];
  const where = subnets.join(' and ');
  const left = Math.max(0, 1 - taken.maximum / usable);
  const warnings: Warning[] = [];
  if (left < COMFORT) {
    warnings.push({
      id: 'kotohajime:addresses-tight',
      message: `${where} has ${Math.floor(left * 100)} % of its addresses left with all groups at their maximum`,
    });
  }
  if (!fits.update) {
    warnings.push({
      id: 'kotohajime:addresses-update',
      message: `${where} has no room for the nodes EKS adds while it updates groups that are at their maximum: ${taken.update} of ${usable} addresses`,
    });
  }
  if (blocks !== undefined && blocks.wanted > blocks.fragmented) {
    warnings.push({
      id: 'kotohajime:prefix-fragmentation',
      message: `${where} needs ${blocks.wanted} whole /28 blocks; single addresses scattered over it may leave ${blocks.fragmented}: give pods subnets of their own with \`cni.customNetworking\``,
    });
  }
  return warnings;
}

/** Fewer pods than that leave no room for CoreDNS and a controller or two. */
const FEW_PODS = 5;

function groupWarnings({ name, maxPods, schedulable }: Capacity['groups'][number], config: PlatformConfig): Warning[] {
  const warnings: Warning[] = [];
  const property = element('nodeGroups', name);
  if (schedulable < FEW_PODS) {
    warnings.push({
      id: 'kotohajime:few-pods',
      message: `a node of \`${property}\` runs ${maxPods} pods, and ${schedulable} of them may be yours; take a larger instance type`,
    });
  }
  const given = config.nodeGroups?.[name]?.maxPods;
  if (given !== undefined && given > maxPods) {
    warnings.push({
      id: 'kotohajime:max-pods',
      message: `\`${property}.maxPods\` is ${given}, and EKS writes ${maxPods} into the nodes' settings, which wins`,
    });
  }
  return warnings;
}
