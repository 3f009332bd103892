import * as cdk from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { throwIfAny } from '../validate';
import { subnetCidr, type Tier } from './address-plan';
import { activeZones, natZones, networkProblems } from './network-rules';
import { zoneSlot } from './zone';

/** One availability zone of a {@link Network}. */
export interface ZoneProps {
  /**
   * Takes everything out of the zone and keeps its subnets, the first of the two deploys that remove a zone.
   *
   * After that deploy, delete the zone's entry and deploy again. In one step CloudFormation would delete subnets that
   * still hold nodes.
   *
   * @default false
   */
  readonly retire?: boolean;
}

/** Properties of {@link Network}. */
export interface NetworkProps {
  /**
   * The VPC's range, from /16 to /20, such as `10.0.0.0/16`. Changing it replaces the VPC and all that is in it.
   *
   * It must not overlap the cluster's service range (`controlPlane.serviceIpv4Cidr`) or a network you will peer with.
   */
  readonly cidr: string;
  /** The availability zones by name, such as `{ 'ap-northeast-1a': {}, 'ap-northeast-1c': {} }`; at least two. */
  readonly zones: Readonly<Record<string, ZoneProps>>;
  /**
   * How private subnets reach the internet: a NAT gateway in each zone, one for all, or none.
   *
   * `single` costs a third of `per-zone` in three zones and takes the whole platform's egress down with its zone. `none`
   * needs interface endpoints for everything a node calls.
   */
  readonly nat: 'per-zone' | 'single' | 'none';
  /**
   * The zone of the single NAT gateway. Changing it replaces the gateway and its public address.
   *
   * @default - the first zone as written in `zones`
   */
  readonly natZone?: string;
  /**
   * AWS services reached without NAT, by short name, such as `ecr.api`. Each costs an interface in every zone.
   *
   * @default - none; S3 and DynamoDB always have gateway endpoints, which are free
   */
  readonly interfaceEndpoints?: readonly string[];
  /**
   * How long the VPC flow log is kept, in days.
   *
   * @default 30
   */
  readonly flowLogRetentionDays?: number;
  /**
   * Keeps the flow log's records when the stack is deleted.
   *
   * @default true
   */
  readonly retainOnDelete?: boolean;
}

/**
 * The part of the network that almost never changes: VPC, subnets, route tables, gateway endpoints, the public
 * addresses of the NAT gateways and the flow log.
 *
 * Subnets are named `<tier>-<zone>` and addressed by the zone's letter, so that a zone added or removed moves no other.
 * NAT gateways and interface endpoints come and go: see {@link Egress}.
 */
export class Network extends Construct {
  /** The VPC with the subnets of the zones in use: groups `public`, `nodes` and `control-plane`. */
  readonly vpc: ec2.IVpc;
  /** Subnets by zone, those of retiring zones too, for who must export or list all. */
  readonly subnets: Readonly<Record<Tier, Readonly<Record<string, ec2.Subnet>>>>;
  /** Allocation ids of the NAT gateways' public addresses, by zone. Partners allow-list these addresses. */
  readonly natAddresses: Readonly<Record<string, string>>;
  /** The zones in use. */
  readonly zones: readonly string[];

  constructor(scope: Construct, id: string, props: NetworkProps) {
    super(scope, id);
    const { region } = cdk.Stack.of(this);
    throwIfAny(this, cdk.Token.isUnresolved(region) ? [] : networkProblems(props, region));
    this.zones = activeZones(props.zones);

    const vpc = new ec2.CfnVPC(this, 'Vpc', {
      cidrBlock: props.cidr,
      enableDnsHostnames: true,
      enableDnsSupport: true,
      tags: [{ key: 'Name', value: this.node.path }],
    });
    const gateway = new ec2.CfnInternetGateway(this, 'InternetGateway');
    const attachment = new ec2.CfnVPCGatewayAttachment(this, 'InternetGatewayAttachment', {
      vpcId: vpc.ref,
      internetGatewayId: gateway.ref,
    });

    const tier = (name: Tier, make: typeof ec2.PublicSubnet | typeof ec2.PrivateSubnet): Record<string, ec2.Subnet> =>
      Object.fromEntries(
        Object.keys(props.zones).map((zone) => [
          zone,
          new make(this, `${name}-${zone}`, {
            vpcId: vpc.ref,
            availabilityZone: zone,
            cidrBlock: subnetCidr(props.cidr, name, slotOf(zone)),
            mapPublicIpOnLaunch: false,
          }),
        ]),
      );
    const publicSubnets = tier('public', ec2.PublicSubnet);
    for (const subnet of Object.values(publicSubnets)) subnet.addDefaultInternetRoute(gateway.ref, attachment);
    this.subnets = {
      public: publicSubnets,
      nodes: tier('nodes', ec2.PrivateSubnet),
      'control-plane': tier('control-plane', ec2.PrivateSubnet),
    };
    tagForLoadBalancers(this.subnets);

    this.vpc = this.viewOf(vpc, props.cidr);
    this.natAddresses = Object.fromEntries(
      natZones(props).map((zone) => [
        zone,
        new ec2.CfnEIP(this, `NatAddress-${zone}`, { domain: 'vpc' }).attrAllocationId,
      ]),
    );
    this.addGatewayEndpoints(vpc);
    this.addFlowLog(props);
  }

  /** The VPC as others see it. `ec2.Vpc` itself numbers its subnets and asks AWS for the zones. */
  private viewOf(vpc: ec2.CfnVPC, cidr: string): ec2.IVpc {
    const group = (name: Tier): { ids: string[]; names: string[]; routeTables: string[] } => {
      const subnets = this.zones.map((zone) => this.subnets[name][zone]).filter((subnet) => subnet !== undefined);
      return {
        ids: subnets.map(({ subnetId }) => subnetId),
        names: [name],
        routeTables: subnets.map(({ routeTable }) => routeTable.routeTableId),
      };
    };
    const [open, nodes, controlPlane] = [group('public'), group('nodes'), group('control-plane')];
    return ec2.Vpc.fromVpcAttributes(this, 'View', {
      vpcId: vpc.ref,
      vpcCidrBlock: cidr,
      availabilityZones: [...this.zones],
      publicSubnetIds: open.ids,
      publicSubnetNames: open.names,
      publicSubnetRouteTableIds: open.routeTables,
      privateSubnetIds: nodes.ids,
      privateSubnetNames: nodes.names,
      privateSubnetRouteTableIds: nodes.routeTables,
      isolatedSubnetIds: controlPlane.ids,
      isolatedSubnetNames: controlPlane.names,
      isolatedSubnetRouteTableIds: controlPlane.routeTables,
    });
  }

  private addGatewayEndpoints(vpc: ec2.CfnVPC): void {
    const routeTableIds = Object.values(this.subnets).flatMap((byZone) =>
      Object.values(byZone).map(({ routeTable }) => routeTable.routeTableId),
    );
    for (const service of ['s3', 'dynamodb']) {
      new ec2.CfnVPCEndpoint(this, `Gateway-${service}`, {
        vpcId: vpc.ref,
        vpcEndpointType: 'Gateway',
        serviceName: `com.amazonaws.${cdk.Stack.of(this).region}.${service}`,
        routeTableIds,
      });
    }
  }

  private addFlowLog(props: NetworkProps): void {
    const logGroup = new logs.LogGroup(this, 'FlowLogGroup', {
      retention: props.flowLogRetentionDays ?? 30,
      removalPolicy: (props.retainOnDelete ?? true) ? cdk.RemovalPolicy.RETAIN : cdk.RemovalPolicy.DESTROY,
    });
    new ec2.FlowLog(this, 'FlowLog', {
      resourceType: ec2.FlowLogResourceType.fromVpc(this.vpc),
      destination: ec2.FlowLogDestination.toCloudWatchLogs(logGroup),
      trafficType: ec2.FlowLogTrafficType.ALL,
    });
  }
}

/** The slot is there: the rules refuse other zones. Where the region is not known yet, the last letter decides. */
function slotOf(zone: string): number {
  return zoneSlot(zone, zone.slice(0, -1)) ?? 0;
}

/** How the load balancer controller finds subnets. @see https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html */
function tagForLoadBalancers(subnets: Network['subnets']): void {
  const only = { includeResourceTypes: ['AWS::EC2::Subnet'] };
  for (const subnet of Object.values(subnets.public)) cdk.Tags.of(subnet).add('kubernetes.io/role/elb', '1', only);
  for (const subnet of Object.values(subnets.nodes))
    cdk.Tags.of(subnet).add('kubernetes.io/role/internal-elb', '1', only);
}
