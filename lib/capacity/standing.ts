import { grantsRenderedAs } from '../access/access-grant';
import { namedEndpoints } from '../network/endpoints';
import { natZones } from '../network/nat-rules';
import { isExisting, zonesInUse, type PlatformConfig } from '../platform-config';
import type { CapacitySubnet } from './subnet-list';

/** Something that stands in a subnet beside nodes and pods, and the addresses it holds. */
export interface Standing {
  /** Such as `interface endpoints`. */
  readonly what: string;
  /** How many addresses. */
  readonly addresses: number;
}

/**
 * Free addresses a load balancer wants in each of its subnets.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html (2026-11)
 */
const PER_LOAD_BALANCER = 8;

/**
 * Interfaces of a control plane in one of its subnets, and free addresses an upgrade needs.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html (2026-11)
 */
const CONTROL_PLANE = { interfaces: 2, upgrade: 5 } as const;

/** What stands in a subnet of a platform beside its nodes and pods. */
export function standingIn({ tiers, zone, place }: CapacitySubnet, config: PlatformConfig): Standing[] {
  if (place !== '1') return [];
  const { network, controlPlane, access } = config;
  const found: Standing[] = [];
  const loadBalancers = config.capacity?.loadBalancers ?? 1;
  const forLoadBalancers = { what: 'load balancers', addresses: PER_LOAD_BALANCER * loadBalancers };
  if (tiers.includes('public')) {
    const zonalNat = !isExisting(network) && network.nat !== 'regional' && natZones(network).includes(zone);
    if (zonalNat) found.push({ what: 'NAT gateway', addresses: 1 });
    found.push(forLoadBalancers);
  }
  if (tiers.includes('nodes') && zonesInUse(network).includes(zone)) {
    const endpoints = namedEndpoints(network.interfaceEndpoints).length;
    found.push({ what: 'interface endpoints', addresses: endpoints }, forLoadBalancers);
    const writes = Object.keys(grantsRenderedAs('aws-auth', access)).length > 0 && controlPlane.zones.includes(zone);
    if (writes) found.push({ what: 'writer of aws-auth', addresses: 1 });
  }
  if (tiers.includes('control-plane') && controlPlane.zones.includes(zone)) {
    found.push(
      { what: 'control plane', addresses: CONTROL_PLANE.interfaces },
      { what: "control plane's upgrade", addresses: CONTROL_PLANE.upgrade },
    );
  }
  return found.filter(({ addresses }) => addresses > 0);
}

/** All addresses of what stands in a subnet. */
export function standingAddresses(subnet: CapacitySubnet, config: PlatformConfig): number {
  return standingIn(subnet, config).reduce((sum, { addresses }) => sum + addresses, 0);
}
