import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import type { Tier } from './address-plan';

/** Subnets of one tier by zone and place: `1` is the first, `2` and on were appended, a CIDR is that of a further range. */
export type SubnetsByZone<S extends ec2.ISubnet = ec2.ISubnet> = Readonly<Record<string, Readonly<Record<string, S>>>>;

/** Subnets by tier, zone and place. */
export type SubnetsByTier<S extends ec2.ISubnet = ec2.ISubnet> = Readonly<Record<Tier, SubnetsByZone<S>>>;

/** A network as the other parts of a platform see it, whoever made it. */
export interface NetworkView {
  /** The VPC with the first subnets of the zones in use. */
  readonly vpc: ec2.IVpc;
  /** Subnets by tier, zone and place. */
  readonly subnets: SubnetsByTier;
}

/** Every subnet of a tier. */
export function allOf<S extends ec2.ISubnet>(byZone: SubnetsByZone<S>): S[] {
  return Object.values(byZone).flatMap((byPlace) => Object.values(byPlace));
}

/** The first subnet of each of some zones, by zone. */
export function firstOf<S extends ec2.ISubnet>(byZone: SubnetsByZone<S>, zones: readonly string[]): Record<string, S> {
  return Object.fromEntries(
    zones.flatMap((zone) => {
      const subnet = byZone[zone]?.['1'];
      return subnet === undefined ? [] : [[zone, subnet]];
    }),
  );
}

/** What {@link viewOf} needs to know of a VPC. */
export interface VpcAttributes {
  /** Its id. */
  readonly vpcId: string;
  /** Its first range. */
  readonly cidr: string;
  /** The zones in use. */
  readonly zones: readonly string[];
  /** Its subnets. */
  readonly subnets: SubnetsByTier;
}

/** A VPC for CDK constructs. `ec2.Vpc` itself numbers its subnets and asks AWS for the zones. */
export function viewOf(scope: Construct, { vpcId, cidr, zones, subnets }: VpcAttributes): ec2.IVpc {
  const group = (tier: Tier): { ids: string[]; names: string[]; routeTables: string[] } | undefined => {
    const first = zones.flatMap((zone) => subnets[tier][zone]?.['1'] ?? []);
    // the CDK wants a group whole: one subnet in each zone, or no group
    if (first.length < zones.length) return undefined;
    return {
      ids: first.map(({ subnetId }) => subnetId),
      names: [tier],
      routeTables: first.map(({ routeTable }) => routeTable.routeTableId),
    };
  };
  const [open, nodes, controlPlane] = [group('public'), group('nodes'), group('control-plane')];
  return ec2.Vpc.fromVpcAttributes(scope, 'View', {
    vpcId,
    vpcCidrBlock: cidr,
    availabilityZones: [...zones],
    publicSubnetIds: open?.ids,
    publicSubnetNames: open?.names,
    publicSubnetRouteTableIds: open?.routeTables,
    privateSubnetIds: nodes?.ids,
    privateSubnetNames: nodes?.names,
    privateSubnetRouteTableIds: nodes?.routeTables,
    isolatedSubnetIds: controlPlane?.ids,
    isolatedSubnetNames: controlPlane?.names,
    isolatedSubnetRouteTableIds: controlPlane?.routeTables,
  });
}
