import { podNetworkMode } from '../cni/pod-network-mode';
import { withoutRetired } from '../cni/pod-network-settings';
import { instanceFacts, type InstanceFacts } from '../compute/instance-types';
import { groupMaxPods } from '../compute/max-pods';
import { furtherRangeProblems, isInside, type NamedRange } from '../network/cidr-rules';
import { parseCidr } from '../network/cidr';
import { DEFAULT_ZONE_SLOTS } from '../network/zone';
import { isExisting, zonesInUse, type PlatformConfig } from '../platform-config';
import { element, problem } from '../validate';

/** What an instance type cannot do that the CNI is told to, and what comes of it. */
function typeProblem(facts: InstanceFacts, { cni, controlPlane }: PlatformConfig): string | undefined {
  const mode = podNetworkMode(cni ?? {}, controlPlane.ipFamily);
  if (mode.ipFamily === 'ipv6' && !facts.prefixDelegation) {
    return "must be a Nitro type with `controlPlane.ipFamily: 'ipv6'`: this one takes no IPv6 prefix and its pods find no address";
  }
  if (mode.prefixDelegation && !facts.prefixDelegation) {
    return 'must be a Nitro type with `cni.prefixDelegation`: this one ignores prefixes in silence and pods find no address';
  }
  if (mode.podSecurityGroups && facts.trunk === false) {
    return 'must be a type with a trunk interface with `cni.podSecurityGroups`: pods with security groups of their own stay pending on this one';
  }
  const usable = Math.min(facts.interfaces, mode.maxEni ?? facts.interfaces) - (mode.customNetworking ? 1 : 0);
  if (usable < 1) {
    return 'must have more than one interface with `cni.customNetworking`, which gives pods none of the first';
  }
  return undefined;
}

/** Every instance type must be able to do what the CNI is told to. */
export function instanceTypeProblems(config: PlatformConfig): string[] {
  return Object.entries(config.nodeGroups ?? {}).flatMap(([name, { instanceTypes }]) =>
    instanceTypes.flatMap((type, index) => {
      const facts = instanceFacts(type);
      const rule = facts === undefined ? undefined : typeProblem(facts, config);
      return rule === undefined ? [] : [problem(`${element('nodeGroups', name)}.instanceTypes[${index}]`, rule, type)];
    }),
  );
}

/** A group may not run more pods than its smallest type has addresses for. */
export function maxPodsProblems({ nodeGroups, cni, controlPlane }: PlatformConfig): string[] {
  const mode = podNetworkMode(cni ?? {}, controlPlane.ipFamily);
  return Object.entries(nodeGroups ?? {}).flatMap(([name, { instanceTypes, maxPods }]) => {
    if (maxPods === undefined || instanceTypes.some((type) => instanceFacts(type) === undefined)) return [];
    const most = groupMaxPods(instanceTypes, { ...mode, capped: false });
    if (maxPods <= most) return [];
    const rule = `must be at most ${most}, all that its smallest type has addresses for: further pods would find none`;
    return [problem(`${element('nodeGroups', name)}.maxPods`, rule, maxPods)];
  });
}

/** The ranges of pods beside the other ranges of the VPC, and a pod subnet in every zone. */
export function podRangeProblems({ network, cni }: PlatformConfig): string[] {
  const cidrs = cni?.customNetworking?.cidrs ?? [];
  const at = (index: number): string => `cni.customNetworking.cidrs[${index}]`;
  if (isExisting(network)) {
    return withoutRetired(cni ?? {}).customNetworking === undefined ? [] : existingPodProblems(network, cidrs);
  }
  const others: NamedRange[] = [
    { cidr: network.cidr, property: 'network.cidr' },
    ...(network.secondaryCidrs ?? []).map((cidr, index) => ({ cidr, property: `network.secondaryCidrs[${index}]` })),
  ];
  const slots = network.zoneSlots ?? DEFAULT_ZONE_SLOTS;
  const smallest = 28 - Math.log2(slots);
  return cidrs.flatMap((cidr, index) => {
    const range = parseCidr(cidr);
    if (range === undefined) return []; // the CNI's own rules say so
    const small =
      range.prefix > smallest && range.prefix <= 28
        ? [problem(at(index), `must be at least /${smallest}: each of ${slots} zones gets a part of it`, cidr)]
        : [];
    return [...small, ...furtherRangeProblems(cidr, at(index), others)];
  });
}

function existingPodProblems(
  network: Extract<PlatformConfig['network'], { vpcId: string }>,
  cidrs: readonly string[],
): string[] {
  return zonesInUse(network).flatMap((zone) => {
    const property = `${element('network.zones', zone)}.pods`;
    const pods = network.zones[zone]?.pods;
    if (pods === undefined) {
      return [
        problem(
          property,
          'must be given with `cni.customNetworking`: pods of the zone would get no address',
          undefined,
        ),
      ];
    }
    return cidrs.some((cidr) => isInside(pods.cidr, cidr))
      ? []
      : [problem(`${property}.cidr`, `must be inside \`cni.customNetworking.cidrs\` (${cidrs.join(', ')})`, pods.cidr)];
  });
}

/** An IPv6 cluster in a network that has IPv6. */
export function ipFamilyProblems({ controlPlane, network }: PlatformConfig): string[] {
  return controlPlane.ipFamily === 'ipv6' && network.ipv6 !== true
    ? [problem('network.ipv6', "must be true with `controlPlane.ipFamily: 'ipv6'`", network.ipv6)]
    : [];
}
