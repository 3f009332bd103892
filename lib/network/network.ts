import * as cdk from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { throwIfAny } from '../validate';
import { warn } from '../warn';
import { addressPlan, TIERS, type PlannedSubnet, type Tier } from './address-plan';
import { GATEWAY_ENDPOINTS } from './endpoints';
import { addFlowLog } from './flow-log';
import { addressPlanInput, networkProblems, networkWarnings } from './network-rules';
import { activeZones, type NetworkSettings } from './network-settings';
import { viewOf, type NetworkView, type SubnetsByTier } from './network-view';
import { isZoneId } from './zone';

/** Properties of {@link Network}. */
export interface NetworkProps extends NetworkSettings {
  /**
   * Further ranges of the VPC for pods alone, for custom networking; each gives every zone one pod subnet. A platform's
   * config says them in `cni.customNetworking`.
   *
   * @default - none: pods take addresses of the node subnets
   */
  readonly podCidrs?: readonly string[];
}

/**
 * The part of the network that almost never changes: VPC, subnets, route tables, gateway endpoints and the flow log.
 *
 * Subnets are named `<tier>-<zone>` and addressed by the zone's slot, so that a zone, a tier, a range or a size that
 * changes moves no subnet. NAT gateways, their addresses and interface endpoints come and go: see {@link Egress}.
 */
export class Network extends Construct implements NetworkView {
  /** The VPC with the first subnets of the zones in use: groups `public`, `nodes` and `control-plane`. */
  readonly vpc: ec2.IVpc;
  /** Subnets by tier, zone and place, those of retiring zones too. */
  readonly subnets: SubnetsByTier;
  /** The zones in use. */
  readonly zones: readonly string[];

  constructor(scope: Construct, id: string, props: NetworkProps) {
    super(scope, id);
    const { region } = cdk.Stack.of(this);
    const known = cdk.Token.isUnresolved(region) ? undefined : region;
    throwIfAny(this, known === undefined ? [] : networkProblems(props, known));
    warn(this, networkWarnings(props));
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
    const ranges = this.addRanges(vpc, props);

    const tables = this.addRouteTables(vpc, gateway, attachment, props);

    const made = addressPlan(addressPlanInput(props, known)).map((planned) => ({
      planned,
      subnet: this.addSubnet(planned, vpc, ranges, tables),
    }));
    this.subnets = Object.fromEntries(
      TIERS.map((tier) => [
        tier,
        Object.fromEntries(
          Object.keys(props.zones).map((zone) => [
            zone,
            Object.fromEntries(
              made
                .filter(({ planned }) => planned.tier === tier && planned.zone === zone)
                .map(({ planned, subnet }) => [planned.place, subnet]),
            ),
          ]),
        ),
      ]),
    ) as unknown as SubnetsByTier; // one entry for each tier of TIERS

    this.vpc = viewOf(this, { vpcId: vpc.ref, cidr: props.cidr, zones: this.zones, subnets: this.subnets });
    this.addGatewayEndpoints(vpc, tables);
    addFlowLog(this, this.vpc, props.flowLog ?? {}, props.retainOnDelete ?? true);
  }

  /** The VPC's further ranges, by range, and its IPv6 range under `ipv6`. */
  private addRanges(vpc: ec2.CfnVPC, props: NetworkProps): ReadonlyMap<string, ec2.CfnVPCCidrBlock> {
    const further = [...(props.secondaryCidrs ?? []), ...(props.podCidrs ?? [])].map(
      (cidrBlock): [string, ec2.CfnVPCCidrBlock] => [
        cidrBlock,
        new ec2.CfnVPCCidrBlock(this, `Range-${cidrBlock.replace('/', '-')}`, { vpcId: vpc.ref, cidrBlock }),
      ],
    );
    const ranges = new Map(further);
    if (props.ipv6 === true) {
      const range = new ec2.CfnVPCCidrBlock(this, 'Ipv6Range', { vpcId: vpc.ref, amazonProvidedIpv6CidrBlock: true });
      ranges.set('ipv6', range);
    }
    return ranges;
  }

  /**
   * A route table for all public subnets, one for those that lead nowhere, and one for the private subnets of each zone,
   * which share their way out: so a subnet that comes or goes touches no route.
   */
  private addRouteTables(
    vpc: ec2.CfnVPC,
    gateway: ec2.CfnInternetGateway,
    attachment: ec2.CfnVPCGatewayAttachment,
    { zones, ipv6 }: NetworkProps,
  ): RouteTables {
    const table = (id: string): ec2.CfnRouteTable =>
      new ec2.CfnRouteTable(this, `Routes-${id}`, {
        vpcId: vpc.ref,
        tags: [{ key: 'Name', value: `${this.node.path}/${id}` }],
      });
    const open = table('public');
    const routes = [
      new ec2.CfnRoute(this, 'PublicRoute', {
        routeTableId: open.ref,
        destinationCidrBlock: '0.0.0.0/0',
        gatewayId: gateway.ref,
      }),
      ...(ipv6 === true
        ? [
            new ec2.CfnRoute(this, 'PublicIpv6Route', {
              routeTableId: open.ref,
              destinationIpv6CidrBlock: '::/0',
              gatewayId: gateway.ref,
            }),
          ]
        : []),
    ];
    for (const route of routes) route.addResourceDependency(attachment);
    return {
      public: open,
      isolated: table('isolated'),
      private: Object.fromEntries(Object.keys(zones).map((zone) => [zone, table(`private-${zone}`)])),
    };
  }

  private addSubnet(
    { id, tier, zone, cidr, range, ipv6Index }: PlannedSubnet,
    vpc: ec2.CfnVPC,
    ranges: ReadonlyMap<string, ec2.CfnVPCCidrBlock>,
    tables: RouteTables,
  ): ec2.ISubnet {
    const scope = new Construct(this, id);
    const ipv6 = ranges.get('ipv6');
    const subnet = new ec2.CfnSubnet(scope, 'Subnet', {
      vpcId: vpc.ref,
      ...(isZoneId(zone) ? { availabilityZoneId: zone } : { availabilityZone: zone }),
      cidrBlock: cidr,
      mapPublicIpOnLaunch: false,
      ...(ipv6 === undefined ? {} : { ipv6CidrBlock: slash64(vpc, ipv6Index), assignIpv6AddressOnCreation: true }),
      tags: [{ key: 'Name', value: scope.node.path }, ...discoveryTags(tier)],
    });
    for (const needed of [ranges.get(range), ipv6]) if (needed !== undefined) subnet.addResourceDependency(needed);
    const table = (ROUTES[tier] === 'private' ? tables.private[zone] : tables[ROUTES[tier]]) ?? tables.isolated;
    new ec2.CfnSubnetRouteTableAssociation(scope, 'Routes', { subnetId: subnet.ref, routeTableId: table.ref });
    return ec2.Subnet.fromSubnetAttributes(scope, 'View', {
      subnetId: subnet.ref,
      availabilityZone: zone,
      ipv4CidrBlock: cidr,
      routeTableId: table.ref,
    });
  }

  private addGatewayEndpoints(vpc: ec2.CfnVPC, tables: RouteTables): void {
    const routeTableIds = [tables.public, tables.isolated, ...Object.values(tables.private)].map(({ ref }) => ref);
    for (const service of GATEWAY_ENDPOINTS) {
      new ec2.CfnVPCEndpoint(this, `Gateway-${service}`, {
        vpcId: vpc.ref,
        vpcEndpointType: 'Gateway',
        serviceName: `com.amazonaws.${cdk.Stack.of(this).region}.${service}`,
        routeTableIds,
      });
    }
  }
}

interface RouteTables {
  readonly public: ec2.CfnRouteTable;
  readonly isolated: ec2.CfnRouteTable;
  readonly private: Readonly<Record<string, ec2.CfnRouteTable>>;
}

/** Where the traffic of each tier goes. */
const ROUTES: Readonly<Record<Tier, keyof RouteTables>> = {
  public: 'public',
  nodes: 'private',
  pods: 'private',
  'control-plane': 'isolated',
  intra: 'isolated',
};

/** One /64 of the VPC's /56. The count is fixed: another one would cut the range differently. */
function slash64(vpc: ec2.CfnVPC, index: number): string {
  return cdk.Fn.select(index, cdk.Fn.cidr(cdk.Fn.select(0, vpc.attrIpv6CidrBlocks), 64, '64'));
}

/**
 * How the load balancer controller and the VPC CNI find subnets. Pods of any node may take addresses of every node
 * subnet of its zone; pod subnets are named by custom networking and must not be found.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html
 * @see https://docs.aws.amazon.com/eks/latest/userguide/cni-subnet-selection.html
 */
function discoveryTags(tier: Tier): cdk.CfnTag[] {
  const roles: Readonly<Partial<Record<Tier, readonly string[]>>> = { public: ['elb'], nodes: ['internal-elb', 'cni'] };
  return (roles[tier] ?? []).map((role) => ({ key: `kubernetes.io/role/${role}`, value: '1' }));
}
