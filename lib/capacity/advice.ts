import { instanceFacts } from '../compute/instance-types';
import { sizeFits } from '../network/address-plan';
import { sharesAddresses } from '../network/cidr-rules';
import { addressPlanInput } from '../network/network-rules';
import { isExisting, type PlatformConfig } from '../platform-config';
import { capacity, type Capacity } from './capacity';

/** A change of the config that lets a platform run more pods. */
export interface Advice {
  /** The change as the user would write it. */
  readonly change: string;
  /** Pods of users after it. */
  readonly pods: number;
}

/**
 * What to change to run more pods: the smallest change first that gives every node its addresses, else the one that
 * helps most. undefined if none that is known here helps.
 */
export function adviceFor(config: PlatformConfig, now: Capacity = capacity(config)): Advice | undefined {
  const addressesEnd = now.pods < now.podsWithoutLimit;
  const candidates = addressesEnd
    ? [largerNodes, furtherRange, podSubnets, largerPodRange, prefixes]
    : [prefixes, moreNodes];
  let best: Advice | undefined;
  for (const candidate of candidates) {
    const variation = candidate(config, now);
    if (variation === undefined) continue;
    const { pods } = capacity(variation.config);
    if (pods <= (best?.pods ?? now.pods)) continue;
    best = { change: variation.change, pods };
    if (!addressesEnd || pods >= now.podsWithoutLimit) break;
  }
  return best;
}

type Variation = { readonly change: string; readonly config: PlatformConfig } | undefined;

function prefixes(config: PlatformConfig): Variation {
  const { cni = {}, controlPlane, nodeGroups = {} } = config;
  const types = Object.values(nodeGroups).flatMap(({ instanceTypes }) => instanceTypes);
  const possible = types.every((type) => instanceFacts(type)?.prefixDelegation === true);
  if (cni.prefixDelegation === true || controlPlane.ipFamily === 'ipv6' || !possible) return undefined;
  const { warmEniTarget: _, ...rest } = cni;
  return { change: '`cni.prefixDelegation: true`', config: { ...config, cni: { ...rest, prefixDelegation: true } } };
}

function moreNodes(config: PlatformConfig, { groups }: Capacity): Variation {
  const [largest] = [...groups].sort((a, b) => b.nodes.maximum * b.schedulable - a.nodes.maximum * a.schedulable);
  const group = config.nodeGroups?.[largest?.name ?? ''];
  if (largest === undefined || group === undefined || group.scaling.max >= 450) return undefined;
  const max = Math.min(450, group.scaling.max * 2);
  const scaling = { ...group.scaling, max };
  const nodeGroups = { ...config.nodeGroups, [largest.name]: { ...group, scaling } };
  return { change: `\`nodeGroups.${largest.name}.scaling.max: ${max}\``, config: { ...config, nodeGroups } };
}

function largerNodes({ network, ...config }: PlatformConfig): Variation {
  if (isExisting(network) || config.cni?.customNetworking !== undefined) return undefined;
  const { most } = sizeFits('nodes', { ...addressPlanInput(network, config.env.region), secondaryCidrs: [] });
  if (typeof network.sizes?.nodes === 'number' && network.sizes.nodes >= most) return undefined;
  const sizes = { ...network.sizes, nodes: most };
  return { change: `\`network.sizes.nodes: ${most}\``, config: { ...config, network: { ...network, sizes } } };
}

function furtherRange({ network, ...config }: PlatformConfig): Variation {
  if (isExisting(network) || config.cni?.customNetworking !== undefined || network.ipv6 === true) return undefined;
  const range = freeRange({ network, ...config });
  if (range === undefined) return undefined;
  const secondaryCidrs = [...(network.secondaryCidrs ?? []), range];
  return {
    change: `\`network.secondaryCidrs: ${list(secondaryCidrs)}\``,
    config: { ...config, network: { ...network, secondaryCidrs } },
  };
}

function podSubnets(config: PlatformConfig): Variation {
  const { cni = {}, network, controlPlane, nodeGroups = {} } = config;
  const types = Object.values(nodeGroups).flatMap(({ instanceTypes }) => instanceTypes);
  const possible = types.every((type) => (instanceFacts(type)?.interfaces ?? 0) > 1);
  if (cni.customNetworking !== undefined || isExisting(network) || controlPlane.ipFamily === 'ipv6' || !possible) {
    return undefined;
  }
  const range = freeRange(config);
  if (range === undefined) return undefined;
  const customNetworking = { cidrs: [range] };
  return {
    change: `\`cni.customNetworking: { cidrs: ${list([range])} }\``,
    config: { ...config, cni: { ...cni, customNetworking } },
  };
}

function largerPodRange(config: PlatformConfig): Variation {
  const { cni = {}, network } = config;
  const range = freeRange(config);
  if (cni.customNetworking === undefined || isExisting(network) || range === undefined) return undefined;
  const cidrs = [...cni.customNetworking.cidrs, range];
  return {
    change: `\`cni.customNetworking.cidrs: ${list(cidrs)}\``,
    config: { ...config, cni: { ...cni, customNetworking: { ...cni.customNetworking, cidrs } } },
  };
}

/** The first /16 of 100.64.0.0/10, which every VPC can have, that the platform does not use yet. */
function freeRange({ network, cni, controlPlane }: PlatformConfig): string | undefined {
  const used = [
    network.cidr,
    ...(network.secondaryCidrs ?? []),
    ...(cni?.customNetworking?.cidrs ?? []),
    ...(controlPlane.serviceIpv4Cidr === undefined ? [] : [controlPlane.serviceIpv4Cidr]),
  ];
  return Array.from({ length: 64 }, (_, index) => `100.${64 + index}.0.0/16`).find((range) =>
    used.every((each) => !sharesAddresses(range, each)),
  );
}

function list(values: readonly string[]): string {
  return `[${values.map((value) => `'${value}'`).join(', ')}]`;
}
