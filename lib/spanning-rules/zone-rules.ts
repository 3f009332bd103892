import { addressPlan } from '../network/address-plan';
import { addressPlanInput, networkProblems, zoneChoiceProblems } from '../network/network-rules';
import { isExisting, type PlatformConfig, type PlatformNodeGroup } from '../platform-config';
import { element, problem, within } from '../validate';

/** Every part that names zones names those of the network that are in use. */
export function zonesProblems(config: PlatformConfig): string[] {
  const { network, controlPlane, nodeGroups, fargateProfiles } = config;
  const zones = isExisting(network)
    ? Object.fromEntries(Object.keys(network.zones).map((zone) => [zone, {}]))
    : network.zones;
  const chosen = [
    { at: 'controlPlane.zones', zones: controlPlane.zones },
    ...Object.entries(nodeGroups ?? {}).map(([name, group]) => ({
      at: `${element('nodeGroups', name)}.zones`,
      zones: group.zones,
    })),
    ...Object.entries(fargateProfiles ?? {}).map(([name, profile]) => ({
      at: `${element('fargateProfiles', name)}.zones`,
      zones: profile.zones,
    })),
  ];
  const unknown = chosen.flatMap(({ at, zones: wanted }) =>
    wanted.length === 0
      ? [problem(at, "must name at least one of the network's zones", wanted)]
      : zoneChoiceProblems(wanted, zones, at),
  );
  return [
    ...unknown,
    ...Object.entries(nodeGroups ?? {}).flatMap(([name, group]) =>
      subnetProblems(group, config, within(element('nodeGroups', name), 'subnet')),
    ),
  ];
}

/** A group's subnet must be one that the address plan has made. */
function subnetProblems({ subnet }: PlatformNodeGroup, { network, env }: PlatformConfig, property: string): string[] {
  if (subnet === undefined || String(subnet) === '1') return [];
  if (isExisting(network)) {
    return [problem(property, 'must not be given in an existing VPC, which has one node subnet in a zone', subnet)];
  }
  if (networkProblems(network, env.region).length > 0) return []; // its plan means nothing yet
  const places = [
    ...new Set(
      addressPlan(addressPlanInput(network, env.region))
        .filter(({ tier }) => tier === 'nodes')
        .map(({ place }) => String(place)),
    ),
  ];
  if (places.includes(String(subnet))) return [];
  const remedy = 'a larger `network.sizes.nodes` or a range in `network.secondaryCidrs` adds one';
  return [problem(property, `must be one of the node subnets of a zone (${places.join(', ')})`, subnet, remedy)];
}
