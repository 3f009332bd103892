import { withoutRetired } from '../cni/pod-network-settings';
import { isExisting, zonesInUse, type PlatformConfig } from '../platform-config';
import type { Pool } from './pool';
import { standingAddresses } from './standing';
import type { CapacitySubnet } from './subnet-list';

/** Where nodes and pods of each zone take addresses. */
export function poolsOf(subnets: readonly CapacitySubnet[], config: PlatformConfig): Pool[] {
  const { network, controlPlane } = config;
  const cni = withoutRetired(config.cni ?? {});
  const newest = cni.customNetworking?.cidrs.at(-1);
  // the CNI takes addresses of every node subnet of the zone that is tagged for it, and ours are
  const shared =
    newest === undefined && (cni.subnetDiscovery ?? true) && !isExisting(network) && controlPlane.ipFamily !== 'ipv6';
  const pool = (tier: 'nodes' | 'pods', zone: string, members: CapacitySubnet[], suffix = ''): Pool => ({
    name: `${tier} ${zone}${suffix}`,
    zone,
    tier,
    subnets: members,
    standing: members.map((subnet) => standingAddresses(subnet, config)),
  });
  return zonesInUse(network).flatMap((zone) => {
    const inZone = subnets.filter((subnet) => subnet.zone === zone);
    const nodes = inZone.filter(({ tiers }) => tiers.includes('nodes'));
    const pods = inZone.filter(
      ({ tiers, place }) => tiers.includes('pods') && newest !== undefined && (isExisting(network) || place === newest),
    );
    return [
      ...(shared
        ? [pool('nodes', zone, nodes)]
        : nodes.map((subnet) => pool('nodes', zone, [subnet], subnet.place === '1' ? '' : ` ${subnet.place}`))),
      ...(pods.length > 0 ? [pool('pods', zone, pods)] : []),
    ];
  });
}
