import { Match, Template } from 'aws-cdk-lib/assertions';
import fc from 'fast-check';
import { Egress } from '../../lib/network/egress';
import { subnetCidr, type Tier } from '../../lib/network/address-plan';
import { contains, overlaps, parseCidr } from '../../lib/network/cidr';
import { Network, type NetworkProps } from '../../lib/network/network';
import { ZONE_SLOTS, zoneSlot } from '../../lib/network/zone';
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
    ['eu-west-1a', '10.0.0.0/24', false],
    ['eu-west-1b', '10.0.1.0/24', false],
    ['eu-west-1a', '10.0.128.0/20', false],
    ['eu-west-1b', '10.0.144.0/20', false],
    ['eu-west-1a', '10.0.8.0/28', false],
    ['eu-west-1b', '10.0.8.16/28', false],
  ]);
});

test('the load balancer controller finds its subnets', () => {
  const tagged = (key: string): number =>
    Object.keys(
      template().findResources('AWS::EC2::Subnet', {
        Properties: { Tags: Match.arrayWith([{ Key: key, Value: '1' }]) },
      }),
    ).length;
  expect([tagged('kubernetes.io/role/elb'), tagged('kubernetes.io/role/internal-elb')]).toEqual([2, 2]);
});

test('S3 and DynamoDB have gateway endpoints on every route table', () => {
  const endpoints = Object.values(template().findResources('AWS::EC2::VPCEndpoint'));
  expect(endpoints.map(({ Properties }) => [Properties.ServiceName, Properties.RouteTableIds.length])).toEqual([
    ['com.amazonaws.eu-west-1.s3', 6],
    ['com.amazonaws.eu-west-1.dynamodb', 6],
  ]);
});

test('by default the flow log records all traffic, is kept 30 days, and outlives the stack', () => {
  template().hasResourceProperties('AWS::EC2::FlowLog', { TrafficType: 'ALL' });
  template().hasResource('AWS::Logs::LogGroup', { DeletionPolicy: 'Retain', Properties: { RetentionInDays: 30 } });
  template({ retainOnDelete: false, flowLogRetentionDays: 7 }).hasResource('AWS::Logs::LogGroup', {
    DeletionPolicy: 'Delete',
    Properties: { RetentionInDays: 7 },
  });
});

test.each([
  ['single', 1],
  ['per-zone', 2],
  ['none', 0],
] as const)('nat %s has %d public addresses', (nat, addresses) => {
  const interfaceEndpoints = nat === 'none' ? ['ec2', 'ecr.api', 'ecr.dkr', 'eks', 'eks-auth', 'sts'] : [];
  template({ nat, interfaceEndpoints }).resourceCountIs('AWS::EC2::EIP', addresses);
});

test('a retiring zone keeps its subnets and is in no view and no NAT', () => {
  const { stack } = fixture();
  const network = new Network(stack, 'Network', {
    ...props,
    nat: 'per-zone',
    zones: { 'eu-west-1a': {}, 'eu-west-1b': {}, 'eu-west-1c': { retire: true } },
  });
  expect(network.vpc.availabilityZones).toEqual(['eu-west-1a', 'eu-west-1b']);
  expect(Object.keys(network.natAddresses)).toEqual(['eu-west-1a', 'eu-west-1b']);
  Template.fromStack(stack).resourceCountIs('AWS::EC2::Subnet', 9);
});

test('it throws every problem at once', () => {
  expect(() => template({ cidr: '10.0.0.0/8', natZone: 'eu-west-1f' })).toThrow(
    'Theirs/Network is not valid:\n' +
      '  `cidr` must be from /16 to /20: EC2 takes no VPC larger than that, got "10.0.0.0/8"\n' +
      '  `natZone` must be a zone in use (eu-west-1a, eu-west-1b), got "eu-west-1f"',
  );
});

describe('Egress', () => {
  const egress = (natAddresses: Record<string, string>, interfaceEndpoints?: string[]): Template => {
    const { stack, vpc } = fixture();
    const [a, b] = vpc.privateSubnets;
    const [pa, pb] = vpc.publicSubnets;
    new Egress(stack, 'Egress', {
      vpc,
      natAddresses,
      interfaceEndpoints,
      publicSubnets: { 'eu-west-1a': pa!, 'eu-west-1b': pb! },
      privateSubnets: { 'eu-west-1a': a!, 'eu-west-1b': b! },
    });
    return Template.fromStack(stack);
  };

  test('a zone without a NAT gateway of its own goes through the first', () => {
    const one = egress({ 'eu-west-1a': 'eipalloc-1' });
    one.resourceCountIs('AWS::EC2::NatGateway', 1);
    one.resourceCountIs('AWS::EC2::Route', 2);
    one.resourceCountIs('AWS::EC2::VPCEndpoint', 0);
  });

  test('interface endpoints answer HTTPS from the VPC only, under the public names', () => {
    const template = egress({}, ['ecr.api', 'sts']);
    template.resourcePropertiesCountIs(
      'AWS::EC2::VPCEndpoint',
      { VpcEndpointType: 'Interface', PrivateDnsEnabled: true },
      2,
    );
    template.hasResourceProperties('AWS::EC2::SecurityGroup', {
      SecurityGroupIngress: [Match.objectLike({ CidrIp: '10.0.0.0/16', FromPort: 443, ToPort: 443 })],
    });
  });

  test('a NAT address in a zone without a public subnet is refused', () => {
    expect(() => egress({ 'eu-west-1c': 'eipalloc-1' })).toThrow(
      '`natAddresses` must be for zones that have a public subnet, got "eu-west-1c"',
    );
  });
});

test('the address plan: no overlaps, all inside the VPC, for every VPC and zone', () => {
  const tiers: Tier[] = ['public', 'control-plane', 'nodes'];
  fc.assert(
    fc.property(fc.integer({ min: 16, max: 20 }), fc.integer({ min: 0, max: 255 }), (prefix, octet) => {
      const vpc = `10.${octet}.0.0/${prefix}`;
      const all = tiers.flatMap((tier) =>
        Array.from({ length: ZONE_SLOTS }, (_, slot) => parseCidr(subnetCidr(vpc, tier, slot))!),
      );
      for (const [index, one] of all.entries()) {
        expect(contains(parseCidr(vpc)!, one)).toBe(true);
        expect(all.slice(index + 1).some((other) => overlaps(one, other))).toBe(false);
        expect(one.prefix).toBeLessThanOrEqual(28);
      }
    }),
  );
});

test.each([
  ['ap-northeast-1a', 'ap-northeast-1', 0],
  ['ap-northeast-1h', 'ap-northeast-1', 7],
  ['ap-northeast-1i', 'ap-northeast-1', undefined],
  ['ap-northeast-1', 'ap-northeast-1', undefined],
  ['us-east-1a', 'us-east-2', undefined],
  ['us-east-1-bos-1a', 'us-east-1', undefined],
  ['use1-az1', 'us-east-1', undefined],
])('zone %s of %s has slot %s', (zone, region, slot) => {
  expect(zoneSlot(zone, region)).toBe(slot);
});
