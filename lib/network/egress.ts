import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { problem, throwIfAny } from '../validate';

/** Properties of {@link Egress}. */
export interface EgressProps {
  /** The VPC, with its `nodes` subnets, where interface endpoints are placed. */
  readonly vpc: ec2.IVpc;
  /** Public subnets by zone, for the NAT gateways. */
  readonly publicSubnets: Readonly<Record<string, ec2.ISubnet>>;
  /** Private subnets by zone whose route tables get the default route. */
  readonly privateSubnets: Readonly<Record<string, ec2.ISubnet>>;
  /**
   * Allocation ids of the NAT gateways' addresses by zone: one gateway for each entry. A zone without one goes through
   * the first.
   */
  readonly natAddresses: Readonly<Record<string, string>>;
  /**
   * AWS services by short name, such as `ecr.api`, to reach through interface endpoints.
   *
   * @default - none
   */
  readonly interfaceEndpoints?: readonly string[];
}

/**
 * How private subnets reach the outside: NAT gateways, default routes and interface endpoints.
 *
 * Apart from {@link Network} because it changes more often and because a control plane need not wait for it.
 */
export class Egress extends Construct {
  constructor(scope: Construct, id: string, props: EgressProps) {
    super(scope, id);
    throwIfAny(
      this,
      Object.keys(props.natAddresses)
        .filter((zone) => props.publicSubnets[zone] === undefined)
        .map((zone) => problem('natAddresses', 'must be for zones that have a public subnet', zone)),
    );
    this.addNatGateways(props);
    if (props.interfaceEndpoints !== undefined && props.interfaceEndpoints.length > 0) {
      this.addInterfaceEndpoints(props.vpc, props.interfaceEndpoints);
    }
  }

  private addNatGateways({ natAddresses, publicSubnets, privateSubnets }: EgressProps): void {
    const gateways = new Map<string, ec2.CfnNatGateway>();
    for (const [zone, allocationId] of Object.entries(natAddresses)) {
      const subnet = publicSubnets[zone];
      if (subnet === undefined) continue; // refused above
      gateways.set(zone, new ec2.CfnNatGateway(this, `Nat-${zone}`, { subnetId: subnet.subnetId, allocationId }));
    }
    const [shared] = gateways.values();
    if (shared === undefined) return;
    for (const [zone, subnet] of Object.entries(privateSubnets)) {
      new ec2.CfnRoute(this, `DefaultRoute-${zone}`, {
        routeTableId: subnet.routeTable.routeTableId,
        destinationCidrBlock: '0.0.0.0/0',
        natGatewayId: (gateways.get(zone) ?? shared).ref,
      });
    }
  }

  private addInterfaceEndpoints(vpc: ec2.IVpc, services: readonly string[]): void {
    const securityGroup = new ec2.SecurityGroup(this, 'EndpointSecurityGroup', {
      vpc,
      description: 'HTTPS from the VPC to the interface endpoints',
      allowAllOutbound: false,
    });
    securityGroup.addIngressRule(ec2.Peer.ipv4(vpc.vpcCidrBlock), ec2.Port.tcp(443), 'HTTPS from the VPC');
    for (const service of services) {
      // not vpc.addInterfaceEndpoint: that would land in the stack of the VPC
      new ec2.InterfaceVpcEndpoint(this, `Endpoint-${service}`, {
        vpc,
        service: new ec2.InterfaceVpcEndpointAwsService(service),
        privateDnsEnabled: true,
        securityGroups: [securityGroup],
        open: false,
        subnets: { subnetGroupName: 'nodes' },
      });
    }
  }
}
