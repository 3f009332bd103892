import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { ExistingNetwork } from '../../lib/network/existing-network';
import { Egress, type EgressProps } from '../../lib/network/egress';
import { Network, type NetworkProps } from '../../lib/network/network';
import { fixture } from '../fixture';

const props: NetworkProps = { cidr: '10.0.0.0/16', zones: { 'eu-west-1a': {}, 'eu-west-1b': {} }, nat: 'single' };

function template(changes: Partial<NetworkProps> = {}): Template {
  const { stack } = fixture();
  new Network(stack, 'Network', { ...props, ...changes });
  return Template.fromStack(stack);
}

test('each zone has a public, a node and a control plane subnet, and none gives public addresses', () => {
  const found = Object.values(template().findResources('AWS::EC2::Subnet')).map(({ Properties }) => {
    const { AvailabilityZone, CidrBlock, MapPublicIpOnLaunch } = Properties as Record<string, unknown>;
    return [AvailabilityZone, CidrBlock, MapPublicIpOnLaunch];
  });
  expect(found).toEqual([
    ['eu-west-1a', '10.0.0.0/23', false],
    ['eu-west-1b', '10.0.2.0/23', false],
    ['eu-west-1a', '10.0.128.0/19', false],
    ['eu-west-1b', '10.0.160.0/19', false],
    ['eu-west-1a', '10.0.8.0/27', false],
    ['eu-west-1b', '10.0.8.32/27', false],
  ]);
});

test('the load balancer controller and the CNI find their subnets', () => {
  const tagged = (key: string): number =>
    Object.keys(
      template().findResources('AWS::EC2::Subnet', {
        Properties: { Tags: Match.arrayWith([{ Key: key, Value: '1' }]) },
      }),
    ).length;
  expect(['elb', 'internal-elb', 'cni'].map((role) => [role, tagged(`kubernetes.io/role/${role}`)])).toEqual([
    ['elb', 2],
    ['internal-elb', 2],
    ['cni', 2],
  ]);
});

test('S3 and DynamoDB have gateway endpoints on every route table', () => {
  const endpoints = Object.values(template().findResources('AWS::EC2::VPCEndpoint'));
  expect(endpoints.map(({ Properties }) => [Properties.ServiceName, Properties.RouteTableIds.length])).toEqual([
    ['com.amazonaws.eu-west-1.s3', 4],
    ['com.amazonaws.eu-west-1.dynamodb', 4],
  ]);
});

test('by default the flow log records all traffic, is kept 30 days, and outlives the stack', () => {
  template().hasResourceProperties('AWS::EC2::FlowLog', { TrafficType: 'ALL' });
  template().hasResource('AWS::Logs::LogGroup', { DeletionPolicy: 'Retain', Properties: { RetentionInDays: 30 } });
  template({ retainOnDelete: false, flowLog: { retentionDays: 7 } }).hasResource('AWS::Logs::LogGroup', {
    DeletionPolicy: 'Delete',
    Properties: { RetentionInDays: 7 },
  });
});

test('a retiring zone keeps its subnets and is in no view', () => {
  const { stack } = fixture();
  const network = new Network(stack, 'Network', {
    ...props,
    zones: { 'eu-west-1a': {}, 'eu-west-1b': {}, 'eu-west-1c': { retire: true } },
  });
  expect(network.vpc.availabilityZones).toEqual(['eu-west-1a', 'eu-west-1b']);
  Template.fromStack(stack).resourceCountIs('AWS::EC2::Subnet', 9);
});

test('it throws every problem at once', () => {
  expect(() => template({ cidr: '10.0.0.0/8', natZone: 'eu-west-1f' })).toThrow(
    'Theirs/Network is not valid:\n' +
      '  `cidr` must be from /16 to /21: EC2 takes no range larger than that, got "10.0.0.0/8"\n' +
      '  `natZone` must be a zone in use (eu-west-1a, eu-west-1b), got "eu-west-1f"',
  );
});

test('the private subnets of a zone share a route table, the public ones another, and the rest lead nowhere', () => {
  const found = template({ sizes: { nodes: 9000, intra: 100 }, podCidrs: ['100.64.0.0/16'] });
  const associations = Object.entries(found.findResources('AWS::EC2::SubnetRouteTableAssociation')).map(
    ([id, { Properties }]) => [
      id.replace(/Routes[0-9A-F]{8}$/, '').replace('Network', ''),
      (Properties.RouteTableId as { Ref: string }).Ref.replace(/[0-9A-F]{8}$/, '').replace('NetworkRoutes', ''),
    ],
  );
  expect(Object.fromEntries(associations.filter(([id]) => id?.includes('1a')))).toEqual({
    publiceuwest1a: 'public',
    nodeseuwest1a: 'privateeuwest1a',
    nodeseuwest1a2: 'privateeuwest1a',
    podseuwest1a100640016: 'privateeuwest1a',
    controlplaneeuwest1a: 'isolated',
    intraeuwest1a: 'isolated',
  });
});

test('a larger size appends a subnet and leaves the others as they are', () => {
  const subnets = (changes: Partial<NetworkProps>): Record<string, unknown> =>
    template(changes).findResources('AWS::EC2::Subnet');
  const before = subnets({});
  const after = subnets({
    sizes: { nodes: 9000, intra: 100 },
    secondaryCidrs: ['10.9.0.0/16'],
    podCidrs: ['100.64.0.0/16'],
  });
  expect(after).toMatchObject(before);
  expect(Object.keys(after).length - Object.keys(before).length).toBe(8);
});

test('a subnet in a further range waits until the VPC has it', () => {
  const found = Object.entries(template({ podCidrs: ['100.64.0.0/16'] }).findResources('AWS::EC2::Subnet'));
  const waiting = found.filter(([id]) => id.includes('pods'));
  expect(waiting.map(([, { DependsOn }]) => String(DependsOn).replace(/[0-9A-F]{8}$/, ''))).toEqual([
    'NetworkRange100640016',
    'NetworkRange100640016',
  ]);
});

test('the flow log can go to a bucket that forgets', () => {
  const found = template({
    flowLog: { destination: 's3', retentionDays: 400, traffic: 'REJECT', intervalSeconds: 60 },
  });
  found.hasResourceProperties('AWS::EC2::FlowLog', {
    LogDestinationType: 's3',
    TrafficType: 'REJECT',
    MaxAggregationInterval: 60,
  });
  found.hasResource('AWS::S3::Bucket', {
    DeletionPolicy: 'Retain',
    Properties: {
      LifecycleConfiguration: { Rules: [Match.objectLike({ ExpirationInDays: 400 })] },
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true },
      BucketEncryption: Match.anyValue(),
    },
  });
  found.resourceCountIs('AWS::Logs::LogGroup', 0);
});

test('with IPv6 every subnet has a /64 of its own, and public ones a way in and out', () => {
  const found = template({ ipv6: true });
  const subnets = Object.values(found.findResources('AWS::EC2::Subnet')).map(({ Properties }) => Properties);
  const indices = subnets.map(
    ({ Ipv6CidrBlock }) => (Ipv6CidrBlock as { 'Fn::Select': [number, unknown] })['Fn::Select'][0],
  );
  expect(indices).toEqual([0, 1, 24, 25, 40, 41]);
  expect(subnets.every(({ AssignIpv6AddressOnCreation }) => AssignIpv6AddressOnCreation === true)).toBe(true);
  found.resourcePropertiesCountIs('AWS::EC2::Route', { DestinationIpv6CidrBlock: '::/0' }, 1);
  found.hasResourceProperties('AWS::EC2::VPCCidrBlock', { AmazonProvidedIpv6CidrBlock: true });
});

test('zones may be ids', () => {
  const found = template({ zones: { 'euw1-az1': {}, 'euw1-az3': {} } });
  const subnets = Object.values(found.findResources('AWS::EC2::Subnet')).map(({ Properties }) => [
    Properties.AvailabilityZoneId,
    Properties.AvailabilityZone,
    Properties.CidrBlock,
  ]);
  expect(subnets.slice(2, 4)).toEqual([
    ['euw1-az1', undefined, '10.0.128.0/19'],
    ['euw1-az3', undefined, '10.0.192.0/19'],
  ]);
});

test('what is doubtful is a warning', () => {
  const { stack } = fixture();
  new Network(stack, 'Network', {
    ...props,
    cidr: '172.17.0.0/16',
    zones: { 'eu-west-1a': {}, 'eu-west-1b': {}, 'eu-west-1c': {} },
    secondaryCidrs: ['100.64.0.0/16', '100.65.0.0/16', '100.66.0.0/16', '100.67.0.0/16'],
    podCidrs: ['100.68.0.0/16'],
  });
  const warnings = Annotations.fromStack(stack).findWarning('*', Match.anyValue());
  expect(warnings.map(({ entry }) => String(entry.data).replace(/ \[ack: .*/, ''))).toMatchInlineSnapshot(`
   [
     "\`cidr\` (172.17.0.0/16) overlaps 172.17.0.0/16, which Docker's bridge and some AWS services use: nodes may not reach addresses there",
     "the VPC has 6 ranges and the quota is 5 unless it was raised ("IPv4 CIDR blocks per VPC")",
     "\`nat\` is 'single' over 3 zones: without its zone no node reaches the internet",
   ]
  `);
});

describe('Egress', () => {
  const egress = (changes: Partial<EgressProps>): Template => {
    const { stack, vpc } = fixture();
    const [a, b] = vpc.privateSubnets;
    const [pa, pb] = vpc.publicSubnets;
    new Egress(stack, 'Egress', {
      vpc,
      publicSubnets: { 'eu-west-1a': pa!, 'eu-west-1b': pb! },
      privateSubnets: { 'eu-west-1a': a!, 'eu-west-1b': b! },
      ...changes,
    });
    return Template.fromStack(stack);
  };
  const ids = (found: Template, type: string): string[] =>
    Object.keys(found.findResources(type)).map((id) => id.replace(/[0-9A-F]{8}$/, ''));

  test('a zone without a NAT gateway of its own goes through the first', () => {
    const one = egress({ natZones: ['eu-west-1a'] });
    one.resourceCountIs('AWS::EC2::EIP', 1);
    one.resourceCountIs('AWS::EC2::NatGateway', 1);
    expect(ids(one, 'AWS::EC2::Route')).toEqual(['EgressDefaultRouteeuwest1a', 'EgressDefaultRouteeuwest1b']);
    one.resourceCountIs('AWS::EC2::VPCEndpoint', 0);
  });

  test('a regional NAT gateway keeps our addresses in every zone and needs no subnet', () => {
    const found = egress({
      natAvailability: 'regional',
      natZones: ['eu-west-1a', 'eu-west-1b'],
      natAllocationIds: { 'eu-west-1a': 'eipalloc-1', 'eu-west-1b': 'eipalloc-2' },
    });
    found.hasResourceProperties('AWS::EC2::NatGateway', {
      AvailabilityMode: 'regional',
      VpcId: 'vpc-1',
      SubnetId: Match.absent(),
      AllocationId: Match.absent(),
      AvailabilityZoneAddresses: [
        { AvailabilityZone: 'eu-west-1a', AllocationIds: ['eipalloc-1'] },
        { AvailabilityZone: 'eu-west-1b', AllocationIds: ['eipalloc-2'] },
      ],
    });
    found.resourceCountIs('AWS::EC2::NatGateway', 1);
    found.resourceCountIs('AWS::EC2::EIP', 0); // they are there already
    found.resourceCountIs('AWS::EC2::Route', 2);
  });

  test('IPv6 goes out through a gateway that lets nothing in', () => {
    const found = egress({ ipv6: true });
    found.resourceCountIs('AWS::EC2::EgressOnlyInternetGateway', 1);
    found.resourcePropertiesCountIs(
      'AWS::EC2::Route',
      { DestinationIpv6CidrBlock: '::/0', EgressOnlyInternetGatewayId: Match.anyValue() },
      2,
    );
  });

  test('interface endpoints stand once in each zone and answer HTTPS from the VPC only, under the public names', () => {
    const template = egress({ interfaceEndpoints: ['ecr.api', 'sts'], clientCidrs: ['10.0.0.0/16', '100.64.0.0/16'] });
    template.resourcePropertiesCountIs(
      'AWS::EC2::VPCEndpoint',
      { VpcEndpointType: 'Interface', PrivateDnsEnabled: true, SubnetIds: ['subnet-a', 'subnet-b'] },
      2,
    );
    template.hasResourceProperties('AWS::EC2::SecurityGroup', {
      SecurityGroupIngress: ['10.0.0.0/16', '100.64.0.0/16'].map((CidrIp): unknown =>
        Match.objectLike({ CidrIp, FromPort: 443, ToPort: 443 }),
      ),
    });
  });

  test('NAT in a zone without a public subnet is refused', () => {
    expect(() => egress({ natZones: ['eu-west-1c'] })).toThrow(
      '`natZones` must be zones that have a public subnet, got "eu-west-1c"',
    );
  });
});

test('an existing VPC makes nothing and is seen like one of ours', () => {
  const { stack } = fixture();
  const network = new ExistingNetwork(stack, 'Network', {
    vpcId: 'vpc-0a1b2c3d4e5f60718',
    cidr: '10.6.0.0/16',
    internet: true,
    zones: {
      'eu-west-1a': { nodes: { subnetId: 'subnet-0a1b2c3d4e5f60701', cidr: '10.6.0.0/19' } },
      'eu-west-1b': { nodes: { subnetId: 'subnet-0a1b2c3d4e5f60703', cidr: '10.6.32.0/19' } },
    },
  });
  expect(Template.fromStack(stack).toJSON()).not.toHaveProperty('Resources');
  expect(network.vpc.availabilityZones).toEqual(['eu-west-1a', 'eu-west-1b']);
  expect(network.subnets['control-plane']['eu-west-1b']?.['1']?.subnetId).toBe('subnet-0a1b2c3d4e5f60703');
  expect(network.subnets.public['eu-west-1a']).toEqual({});
});
