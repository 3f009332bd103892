import { addressPlan, TIERS, type Tier } from '../network/address-plan';
import { parseCidr } from '../network/cidr';
import { subnetOf } from '../network/existing-network';
import { addressPlanInput } from '../network/network-rules';
import { isExisting, zonesInUse, type PlatformConfig } from '../platform-config';

/** A subnet of a platform, as far as capacity goes. */
export interface CapacitySubnet {
  /** Such as `nodes-ap-northeast-1a`. */
  readonly id: string;
  /** The tiers it serves; an existing VPC may have one subnet for several. */
  readonly tiers: readonly Tier[];
  /** Its zone. */
  readonly zone: string;
  /** Its place in the tier and zone. */
  readonly place: string;
  /** Its addresses. */
  readonly cidr: string;
  /** The length of its prefix. */
  readonly prefix: number;
  /** Addresses it gives out; EC2 keeps five. */
  readonly usable: number;
}

/** The subnets of the zones in use. */
export function capacitySubnets({ network, cni, env }: PlatformConfig): CapacitySubnet[] {
  const zones = zonesInUse(network);
  const subnets = isExisting(network)
    ? existingSubnets(network)
    : addressPlan(addressPlanInput({ ...network, podCidrs: cni?.customNetworking?.cidrs ?? [] }, env.region)).map(
        ({ id, tier, zone, place, cidr }) => ({ id, tiers: [tier], zone, place: String(place), cidr }),
      );
  return subnets
    .filter(({ zone }) => zones.includes(zone))
    .map((subnet) => {
      const prefix = parseCidr(subnet.cidr)?.prefix ?? 32;
      return { ...subnet, prefix, usable: 2 ** (32 - prefix) - 5 };
    });
}

/** One entry for each subnet, however many tiers share it. */
function existingSubnets(
  network: Extract<PlatformConfig['network'], { vpcId: string }>,
): { id: string; tiers: Tier[]; zone: string; place: string; cidr: string }[] {
  const found = new Map<string, { id: string; tiers: Tier[]; zone: string; place: string; cidr: string }>();
  for (const [zone, subnets] of Object.entries(network.zones)) {
    for (const tier of TIERS) {
      const subnet = subnetOf(subnets, tier);
      if (subnet === undefined) continue;
      const earlier = found.get(subnet.subnetId);
      if (earlier === undefined)
        found.set(subnet.subnetId, { id: `${tier}-${zone}`, tiers: [tier], zone, place: '1', cidr: subnet.cidr });
      else earlier.tiers.push(tier);
    }
  }
  return [...found.values()];
}
