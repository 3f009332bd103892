import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { throwIfAny } from '../validate';
import { TIERS, type Tier } from './address-plan';
import { existingNetworkProblems } from './existing-network-rules';
import { viewOf, type NetworkView, type SubnetsByTier } from './network-view';

/** A subnet that is there already. */
export interface ExistingSubnet {
  /** Such as `subnet-0123456789abcdef0`. */
  readonly subnetId: string;
  /** Its addresses, such as `10.0.64.0/19`; what it holds is reckoned from them. */
  readonly cidr: string;
}

/** One availability zone of an existing VPC: the subnet of each tier. */
export interface ExistingZone {
  /** The private subnet of nodes. */
  readonly nodes: ExistingSubnet;
  /**
   * The subnet of the control plane's interfaces.
   *
   * @default - that of the nodes
   */
  readonly 'control-plane'?: ExistingSubnet;
  /**
   * The subnet of public load balancers.
   *
   * @default - none
   */
  readonly public?: ExistingSubnet;
  /**
   * The subnet of pods, for `cni.customNetworking`.
   *
   * @default - none
   */
  readonly pods?: ExistingSubnet;
}

/** A VPC that is there already, by ids: nothing is looked up, nothing in it is changed. */
export interface ExistingNetworkSettings {
  /** Such as `vpc-0123456789abcdef0`. */
  readonly vpcId: string;
  /** Its first range, such as `10.0.0.0/16`. */
  readonly cidr: string;
  /**
   * Its further ranges.
   *
   * @default - none
   */
  readonly secondaryCidrs?: readonly string[];
  /** Its zones by name or id; at least two. */
  readonly zones: Readonly<Record<string, ExistingZone>>;
  /** Whether the routes of the node subnets lead to the internet. Nobody here can check it. */
  readonly internet: boolean;
  /**
   * AWS services that have an interface endpoint in the VPC already.
   *
   * @default - none
   */
  readonly existingEndpoints?: readonly string[];
  /**
   * AWS services to make interface endpoints for, by short name, or `private` for the whole set.
   *
   * @default - none
   */
  readonly interfaceEndpoints?: 'private' | readonly string[];
  /**
   * Whether the VPC and the subnets named here have IPv6 ranges.
   *
   * @default false
   */
  readonly ipv6?: boolean;
}

/** Properties of {@link ExistingNetwork}. */
export type ExistingNetworkProps = ExistingNetworkSettings;

/** A VPC that is there already, as other parts see it. It makes no resource. */
export class ExistingNetwork extends Construct implements NetworkView {
  /** The VPC with the subnets of its zones. */
  readonly vpc: ec2.IVpc;
  /** Subnets by tier, zone and place. */
  readonly subnets: SubnetsByTier;

  constructor(scope: Construct, id: string, props: ExistingNetworkProps) {
    super(scope, id);
    throwIfAny(this, existingNetworkProblems(props, undefined));
    this.subnets = Object.fromEntries(
      TIERS.map((tier) => [
        tier,
        Object.fromEntries(
          Object.entries(props.zones).map(([zone, subnets]) => {
            const existing = subnetOf(subnets, tier);
            return [zone, existing === undefined ? {} : { '1': this.import(tier, zone, existing) }];
          }),
        ),
      ]),
    ) as unknown as SubnetsByTier; // one entry for each tier of TIERS
    const { vpcId, cidr, zones } = props;
    this.vpc = viewOf(this, { vpcId, cidr, zones: Object.keys(zones), subnets: this.subnets });
  }

  private import(tier: Tier, zone: string, { subnetId, cidr }: ExistingSubnet): ec2.ISubnet {
    return ec2.Subnet.fromSubnetAttributes(this, `${tier}-${zone}`, {
      subnetId,
      availabilityZone: zone,
      ipv4CidrBlock: cidr,
      routeTableId: 'not-known', // nothing here adds a route to it
    });
  }
}

/** The subnet of a tier in an existing zone; control planes stand among the nodes unless told otherwise. */
export function subnetOf(zone: ExistingZone, tier: Tier): ExistingSubnet | undefined {
  if (tier === 'intra') return undefined;
  return tier === 'control-plane' ? (zone['control-plane'] ?? zone.nodes) : zone[tier];
}
