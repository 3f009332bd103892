import { DescribeAddonCommand, EKSClient } from '@aws-sdk/client-eks';
import { platforms } from '../../config';
import type { NetworkSettings } from '../../lib/network/network-settings';
import type { PlatformConfig } from '../../lib/platform-config';
import { inventory } from './inventory';
import { NOT_YET, steps, World } from './world';

/** A network that grows and shrinks under a living cluster: each step deploys, and only what was meant moves. */
const NAME = 'grows';
const C = 'ap-northeast-1c';
const D = 'ap-northeast-1d';
const { deployers: _, ...grants } = platforms.dev!.access.grants;
const start: PlatformConfig = { ...platforms.dev!, logs: undefined, access: { ...platforms.dev!.access, grants } };
const STILL = { Network: [], Egress: [], Cluster: [], Nodes: [] };

const step = steps();
let world: World;
let before: Record<string, string[]>;
let now = start;
const network = (changes: Partial<NetworkSettings>): PlatformConfig => ({
  ...now,
  network: { ...(now.network as NetworkSettings), ...changes },
});

beforeAll(async () => {
  world = await World.start();
  const cdk = await world.cdk(start);
  await cdk.bootstrap();
  before = await inventory(cdk);
  await world.deploy(NAME, start);
});

afterAll(() => world.stop());

/** Deploys another config; what it changed in each stack, gateway endpoints aside, which list every route table. */
async function deploy(next: PlatformConfig): Promise<Record<string, string[]>> {
  const changes = await world.changes(NAME, next);
  await world.deploy(NAME, next);
  now = next;
  return Object.fromEntries(
    Object.entries(changes).map(([stack, list]) => [
      stack,
      [...new Set(list)].filter((change) => change !== 'Modify AWS::EC2::VPCEndpoint'),
    ]),
  );
}

const SUBNET = ['Add AWS::EC2::Subnet', 'Add AWS::EC2::SubnetRouteTableAssociation'];

step('a larger need appends a subnet in each zone, and its way out is there already', async () => {
  expect(await deploy(network({ sizes: { nodes: 9000 } }))).toEqual({
    ...STILL,
    Network: SUBNET,
  });
});

step('a tier without a way out and a further range are added', async () => {
  expect(await deploy(network({ sizes: { nodes: 9000, intra: 100 }, secondaryCidrs: ['10.9.0.0/16'] }))).toEqual({
    ...STILL,
    Network: [...SUBNET, 'Add AWS::EC2::VPCCidrBlock'],
  });
});

step('a group of its own stands in the further range', async () => {
  const wide = { ...now.nodeGroups!.system!, subnet: '10.9.0.0/16' };
  expect(await deploy({ ...now, nodeGroups: { ...now.nodeGroups, wide } })).toEqual({
    ...STILL,
    Nodes: ['Add AWS::EC2::LaunchTemplate', 'Add AWS::EKS::Nodegroup'],
  });
});

step('pods get subnets of their own, and every node is made anew, none of its groups', async () => {
  const cni = { ...now.cni, customNetworking: { cidrs: ['100.64.0.0/16'] } };
  expect(await deploy({ ...now, cni })).toEqual({
    ...STILL,
    Network: [...SUBNET, 'Add AWS::EC2::VPCCidrBlock'],
    Cluster: [NOT_YET],
    Nodes: ['Modify AWS::EC2::LaunchTemplate', 'Modify AWS::EKS::Nodegroup'],
  });
  const eks = new EKSClient((await world.cdk(now)).client);
  const { addon } = await eks.send(new DescribeAddonCommand({ clusterName: NAME, addonName: 'vpc-cni' }));
  const { env, eniConfig } = JSON.parse(addon?.configurationValues ?? '{}') as {
    env: Record<string, string>;
    eniConfig: { subnets: Record<string, { id: string }> };
  };
  expect(env).toMatchObject({ AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: 'true' });
  expect(Object.entries(eniConfig.subnets).map(([zone, { id }]) => [zone, id.startsWith('subnet-')])).toEqual([
    ['ap-northeast-1a', true],
    [C, true],
  ]);
});

step('a second pod range is where new interfaces are made', async () => {
  const cni = { ...now.cni, customNetworking: { cidrs: ['100.64.0.0/16', '100.65.0.0/16'] } };
  expect(await deploy({ ...now, cni })).toMatchObject({ Cluster: [NOT_YET] });
});

step('the first pod range goes again', async () => {
  const cni = { ...now.cni, customNetworking: { cidrs: ['100.65.0.0/16'] } };
  const changes = await deploy({ ...now, cni });
  expect(changes.Network!.every((change) => change.startsWith('Remove '))).toBe(true);
  expect(changes).toMatchObject({ Egress: [], Cluster: [] });
});

step('NAT in every zone, then one gateway for all zones, then in another zone', async () => {
  expect(await deploy(network({ nat: 'per-zone' }))).toMatchObject({ Network: [], Cluster: [], Nodes: [] });
  expect(await deploy(network({ nat: 'regional' }))).toMatchObject({ Network: [], Cluster: [], Nodes: [] });
  expect(await deploy(network({ nat: 'single', natZone: C }))).toMatchObject({ Network: [], Cluster: [], Nodes: [] });
});

step('a zone with NAT of its own comes, is retired and goes', async () => {
  const { zones } = now.network as NetworkSettings;
  await deploy(network({ nat: 'per-zone', natZone: undefined, zones: { ...zones, [D]: {} } }));
  const retired = await deploy(network({ zones: { ...zones, [D]: { retire: true } } }));
  expect(retired.Egress).toEqual(
    expect.arrayContaining(['Remove AWS::EC2::EIP', 'Remove AWS::EC2::NatGateway', 'Remove AWS::EC2::Route']),
  );
  expect(retired).toMatchObject({ Network: [], Nodes: [] });
  const gone = await deploy(network({ zones }));
  expect(gone).toMatchObject({ Egress: [], Cluster: [], Nodes: [] });
  expect(gone.Network!.every((change) => change.startsWith('Remove '))).toBe(true);
});

step('pods leave their own subnets, which go in the next deploy', async () => {
  const { customNetworking, ...cni } = now.cni!;
  const retired = await deploy({ ...now, cni: { ...cni, customNetworking: { ...customNetworking!, retire: true } } });
  expect(retired).toEqual({
    ...STILL,
    Cluster: ['Modify AWS::EKS::Addon'],
    Nodes: ['Modify AWS::EC2::LaunchTemplate', 'Modify AWS::EKS::Nodegroup'],
  });
  const gone = await deploy({ ...now, cni });
  expect(gone).toMatchObject({ Egress: [], Cluster: [], Nodes: [] });
  expect(gone.Network!.every((change) => change.startsWith('Remove '))).toBe(true);
});

step('a node subnet goes once no group is in it', async () => {
  const { wide: __, ...nodeGroups } = now.nodeGroups!;
  await deploy({ ...now, nodeGroups });
  const back = await deploy(network({ sizes: undefined, secondaryCidrs: undefined }));
  expect(back).toMatchObject({ Egress: [], Cluster: [], Nodes: [] });
  expect(back.Network!.every((change) => change.startsWith('Remove '))).toBe(true);
});

step('destroying it leaves nothing', async () => {
  const cdk = await world.cdk(now);
  world.synth(NAME, now);
  await cdk.destroy(NAME, () => undefined);
  expect(await inventory(cdk)).toEqual(before);
});
