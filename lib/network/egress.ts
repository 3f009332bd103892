import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { problem, throwIfAny } from '../validate';
import { isZoneId } from './zone';

/** Properties of {@link Egress}. */
export interface EgressProps {
  /** The VPC. */
  readonly vpc: ec2.IVpc;
  /** Public subnets by zone, for the NAT gateways; a regional gateway needs none. */
  readonly publicSubnets: Readonly<Record<string, ec2.ISubnet>>;
  /** A private subnet of each zone, by zone: its route table, and so all that share it, gets the default route. */
  readonly privateSubnets: Readonly<Record<string, ec2.ISubnet>>;
  /**
   * The zones with NAT: a gateway in each, or one over all of them. A zone without one goes through the first.
   *
   * @default - none
   */
  readonly natZones?: readonly string[];
  /**
   * Allocation ids of Elastic IPs to use, by zone, such as those a partner allow-lists.
   *
   * @default - an Elastic IP of its own for each zone, released with the gateway
   */
  readonly natAllocationIds?: Readonly<Record<string, string>>;
  /**
   * Whether there is a gateway in each of those zones, or a single one that AWS keeps in all of them. Changing it
   * replaces the gateways and the addresses made for them; with `natAllocationIds` the old gateway must go first.
   *
   * @default 'zonal'
   */
  readonly natAvailability?: 'zonal' | 'regional';
  /**
   * Lets private subnets with IPv6 reach the internet through an egress-only gateway. The VPC must have an IPv6 range.
   *
   * @default false
   */
  readonly ipv6?: boolean;
  /**
   * AWS services by short name, such as `ecr.api`, to reach through interface endpoints.
   *
   * @default - none
   */
  readonly interfaceEndpoints?: readonly string[];
  /**
   * Subnets for the interface endpoints, one in each zone.
   *
   * @default - the private subnets
   */
  readonly endpointSubnets?: readonly ec2.ISubnet[];
  /**
   * Ranges that may call the interface endpoints.
   *
   * @default - the VPC's first range
   */
  readonly clientCidrs?: readonly string[];
}

/**
 * How private subnets reach the outside: NAT gateways with their addresses, default routes and interface endpoints.
 *
 * Apart from {@link Network} because it changes more often and because a control plane need not wait for it.
 */
export class Egress extends Construct {
  constructor(scope: Construct, id: string, props: EgressProps) {
    super(scope, id);
    const regional = props.natAvailability === 'regional';
    throwIfAny(
      this,
      (props.natZones ?? [])
        .filter((zone) => !regional && props.publicSubnets[zone] === undefined)
        .map((zone) => problem('natZones', 'must be zones that have a public subnet', zone)),
    );
    const addresses = Object.fromEntries(
      (props.natZones ?? []).map((zone) => [
        zone,
        props.natAllocationIds?.[zone] ??
          // the new gateway is made before the old one goes, and an address cannot be at both
          new ec2.CfnEIP(this, `${regional ? 'RegionalNatAddress' : 'NatAddress'}-${zone}`, { domain: 'vpc' })
            .attrAllocationId,
      ]),
    );
    const gateways = regional ? this.regionalGateway(addresses, props) : this.zonalGateways(addresses, props);
    this.addRoutes(props, gateways);
    if (props.interfaceEndpoints !== undefined && props.interfaceEndpoints.length > 0) this.addEndpoints(props);
  }

  /** A gateway for each zone that has an address, by zone. */
  private zonalGateways(
    addresses: Readonly<Record<string, string>>,
    { publicSubnets }: EgressProps,
  ): Record<string, string> {
    return Object.fromEntries(
      Object.entries(addresses).flatMap(([zone, allocationId]) => {
        const subnet = publicSubnets[zone];
        if (subnet === undefined) return []; // refused above
        return [[zone, new ec2.CfnNatGateway(this, `Nat-${zone}`, { subnetId: subnet.subnetId, allocationId }).ref]];
      }),
    );
  }

  /** One gateway with our addresses in every zone, so that what partners allow-list stays known. */
  private regionalGateway(addresses: Readonly<Record<string, string>>, { vpc }: EgressProps): Record<string, string> {
    const zones = Object.keys(addresses);
    if (zones.length === 0) return {};
    const gateway = new ec2.CfnNatGateway(this, 'Nat', {
      availabilityMode: 'regional',
      vpcId: vpc.vpcId,
      availabilityZoneAddresses: Object.entries(addresses).map(([zone, allocationId]) => ({
        ...(isZoneId(zone) ? { availabilityZoneId: zone } : { availabilityZone: zone }),
        allocationIds: [allocationId],
      })),
    });
    return Object.fromEntries(zones.map((zone) => [zone, gateway.ref]));
  }

  private addRoutes(props: EgressProps, gateways: Readonly<Record<string, string>>): void {
    const [shared] = Object.values(gateways);
    const gateway6 =
      props.ipv6 === true
        ? new ec2.CfnEgressOnlyInternetGateway(this, 'EgressOnlyGateway', { vpcId: props.vpc.vpcId })
        : undefined;
    for (const [zone, { routeTable }] of Object.entries(props.privateSubnets)) {
      const { routeTableId } = routeTable;
      if (shared !== undefined) {
        new ec2.CfnRoute(this, `DefaultRoute-${zone}`, {
          routeTableId,
          destinationCidrBlock: '0.0.0.0/0',
          natGatewayId: gateways[zone] ?? shared,
        });
      }
      if (gateway6 !== undefined) {
        new ec2.CfnRoute(this, `Ipv6Route-${zone}`, {
          routeTableId,
          destinationIpv6CidrBlock: '::/0',
          egressOnlyInternetGatewayId: gateway6.ref,
        });
      }
    }
  }

  private addEndpoints(props: EgressProps): void {
    const { vpc, interfaceEndpoints = [], clientCidrs = [vpc.vpcCidrBlock] } = props;
    const securityGroup = new ec2.SecurityGroup(this, 'EndpointSecurityGroup', {
      vpc,
      description: 'HTTPS from the VPC to the interface endpoints',
      allowAllOutbound: false,
    });
    for (const cidr of clientCidrs) {
      securityGroup.addIngressRule(ec2.Peer.ipv4(cidr), ec2.Port.tcp(443), 'HTTPS from the VPC');
    }
    const subnets = props.endpointSubnets ?? Object.values(props.privateSubnets);
    for (const service of interfaceEndpoints) {
      // not vpc.addInterfaceEndpoint: that would land in the stack of the VPC
      new ec2.InterfaceVpcEndpoint(this, `Endpoint-${service}`, {
        vpc,
        service: new ec2.InterfaceVpcEndpointAwsService(service),
        privateDnsEnabled: true,
        securityGroups: [securityGroup],
        open: false,
        subnets: { subnets: [...subnets] },
      });
    }
  }
}
