import { CloudFormationClient, DeleteStackCommand } from '@aws-sdk/client-cloudformation';
import {
  DescribeAccessEntryCommand,
  DescribeClusterCommand,
  EKSClient,
  ListAccessEntriesCommand,
  ListNodegroupsCommand,
  ListPodIdentityAssociationsCommand,
} from '@aws-sdk/client-eks';
import { platforms } from '../../config';
import type { NetworkSettings } from '../../lib/network/network-settings';
import type { PlatformConfig } from '../../lib/platform-config';
import { inventory } from './inventory';
import { steps, World } from './world';

/**
 * The life of the dev platform, step by step on one local AWS: each test goes on where the one before it stopped.
 *
 * Custom resources run the deployed function's real code. Its Kubernetes is a stand-in that keeps objects and checks the
 * token and the access entry; a real API server's admission, schemas and RBAC are not shown here.
 */
const NAME = 'dev';
const D = 'ap-northeast-1d';
// its log pipeline comes and goes in steps of its own
const { logs, ...shipped } = platforms.dev as PlatformConfig;
const NODE_LINE = `- rolearn: arn:aws:iam::111122223333:role/eks-nodes   # written by EKS
  username: system:node:{{EC2PrivateDNSName}}
  groups: [system:bootstrappers, "system:nodes"]
`;
const STRANGER = `- {rolearn: arn:aws:iam::111122223333:role/Stranger, username: stranger, groups: [viewers]}\n`;

const step = steps();
let world: World;
let before: Record<string, string[]>;
/** The config as the platform's owner has it at this step. */
let now: PlatformConfig;

beforeAll(async () => {
  world = await World.start();
});

afterAll(() => world.stop());

/** Deploys another config; before that, says what it would change, and afterwards that nothing else is to be done. */
async function deploy(next: PlatformConfig): Promise<Record<string, string[]>> {
  const changes = await world.changes(NAME, next);
  const outcomes = await world.deploy(NAME, next);
  for (const [stack, list] of Object.entries(changes))
    expect([stack, outcomes[stack]]).toEqual([stack, list.length > 0 ? 'updated' : 'unchanged']);
  now = next;
  return changes;
}

const network = (): NetworkSettings => now.network as NetworkSettings;
const eks = async (): Promise<EKSClient> => new EKSClient((await world.cdk(now)).client);

step('deploys from nothing, Egress beside Cluster', async () => {
  const { deployers: _, ...grants } = shipped.access.grants;
  now = {
    ...shipped,
    controlPlane: { ...shipped.controlPlane, version: '1.34' },
    access: { ...shipped.access, grants },
  };
  const cdk = await world.cdk(now);
  await cdk.bootstrap();
  before = await inventory(cdk);
  await world.control('POST', 'delays', { 'dev-Egress': 3, 'dev-Cluster': 3 });
  expect(await world.deploy(NAME, now)).toEqual({
    Network: 'created',
    Egress: 'created',
    Cluster: 'created',
    Nodes: 'created',
  });
  const spans = await world.control<{ stack: string; start: number; end: number }[]>('GET', 'timeline');
  const of = (stack: string): { start: number; end: number } => spans.find((span) => span.stack === stack)!;
  expect(of('dev-Egress').start).toBeLessThan(of('dev-Cluster').end);
  expect(of('dev-Cluster').start).toBeLessThan(of('dev-Egress').end);
  expect(of('dev-Nodes').start).toBeGreaterThan(Math.max(of('dev-Egress').end, of('dev-Cluster').end));
  await world.control('POST', 'delays', { 'dev-Egress': 0, 'dev-Cluster': 0 });
});

step('every resource of the templates exists', async () => {
  for (const stack of world.synth(NAME, now))
    expect((await world.resources(NAME, stack.name, now)).sort()).toEqual(Object.keys(stack.resources).sort());
});

step('a second deploy changes nothing, and diff finds nothing', async () => {
  expect(Object.values(await deploy(now)).flat()).toEqual([]);
  expect(await (await world.cdk(now)).isInSync(NAME)).toBe(true);
});

step('the first grant in aws-auth leaves the lines of others as they are, byte for byte', async () => {
  await world.seedAwsAuth(NAME, now, { mapRoles: NODE_LINE + STRANGER, mapAccounts: '[]' });
  await world.control('POST', 'access-delay', 3);
  now = { ...now, access: shipped.access };
  expect(await world.deploy(NAME, now)).toEqual({
    Network: 'unchanged',
    Egress: 'unchanged',
    Cluster: 'unchanged',
    Nodes: 'unchanged',
    Platform: 'created',
  });
  const map = await world.awsAuth(NAME, now);
  expect(map).toEqual({ mapRoles: expect.stringContaining(NODE_LINE + STRANGER) as string, mapAccounts: '[]' });
  // the line is for the role as sessions tell it: without its path
  expect(map?.mapRoles).toContain('- rolearn: arn:aws:iam::111122223333:role/Deployers\n');
});

step('the function was let in only once its access entry was effective, and tried until then', async () => {
  const [run] = await world.control<{ status: string; log: string }[]>('GET', 'functions');
  expect(run).toMatchObject({ status: 'SUCCESS', log: expect.stringContaining('401') as string });
});

step('a changed grant is a changed line, and the others stay', async () => {
  const grants = { ...now.access.grants, deployers: { ...now.access.grants.deployers!, groups: ['release-managers'] } };
  const changes = await deploy({ ...now, access: { ...now.access, grants } });
  expect(changes).toEqual({
    Network: [],
    Egress: [],
    Cluster: [],
    Nodes: [],
    Platform: ['Modify Custom::KotohajimeAwsAuth'],
  });
  const map = await world.awsAuth(NAME, now);
  expect(map?.mapRoles).toContain(NODE_LINE + STRANGER);
  expect(map?.mapRoles).toContain('release-managers');
  expect(map?.mapRoles).not.toContain('    - deployers\n');
});

step('the scale of a node group changes that group alone', async () => {
  const nodeGroups = { system: { ...now.nodeGroups!.system!, scaling: { min: 2, max: 5 } } };
  expect(await deploy({ ...now, nodeGroups })).toEqual({
    Network: [],
    Egress: [],
    Cluster: [],
    Nodes: ['Modify AWS::EKS::Nodegroup'],
    Platform: [],
  });
});

step('a node group and a grant are added, and exactly that is deployed', async () => {
  const spot = { zones: ['ap-northeast-1a'], instanceTypes: ['m7g.large'], scaling: { min: 1, max: 3 } };
  const auditors = { principal: 'arn:aws:iam::111122223333:role/Auditors', can: 'view', via: 'groups' } as const;
  const karpenter = { principal: 'arn:aws:iam::111122223333:role/Karpenter', type: 'EC2_LINUX' } as const;
  const next = {
    ...now,
    nodeGroups: { ...now.nodeGroups, spot },
    access: { ...now.access, grants: { ...now.access.grants, auditors }, nodeRoles: { karpenter } },
  };
  expect(await deploy(next)).toEqual({
    Network: [],
    Egress: [],
    Cluster: ['Add AWS::EKS::AccessEntry', 'Add AWS::EKS::AccessEntry'],
    // CoreDNS waits for every group, so it is a change of the template, but not of the add-on
    Nodes: ['Add AWS::EC2::LaunchTemplate', 'Add AWS::EKS::Nodegroup'],
    Platform: [],
  });
});

step('the entries are what the config says', async () => {
  const client = await eks();
  const entry = async (role: string): Promise<unknown> => {
    const principalArn = `arn:aws:iam::111122223333:role/${role}`;
    const { accessEntry } = await client.send(new DescribeAccessEntryCommand({ clusterName: NAME, principalArn }));
    return { type: accessEntry?.type, groups: accessEntry?.kubernetesGroups };
  };
  expect(await entry('Auditors')).toEqual({ type: 'STANDARD', groups: ['kotohajime:auditors'] });
  expect(await entry('Karpenter')).toMatchObject({ type: 'EC2_LINUX' });
});

step('they are removed again', async () => {
  const { spot: _, ...nodeGroups } = now.nodeGroups!;
  const { auditors: __, ...grants } = now.access.grants;
  const { nodeRoles: ___, ...access } = now.access;
  expect(await deploy({ ...now, nodeGroups, access: { ...access, grants } })).toEqual({
    Network: [],
    Egress: [],
    Cluster: ['Remove AWS::EKS::AccessEntry', 'Remove AWS::EKS::AccessEntry'],
    Nodes: ['Remove AWS::EC2::LaunchTemplate', 'Remove AWS::EKS::Nodegroup'],
    Platform: [],
  });
  const client = await eks();
  expect((await client.send(new ListNodegroupsCommand({ clusterName: NAME }))).nodegroups).toHaveLength(1);
  const { accessEntries } = await client.send(new ListAccessEntriesCommand({ clusterName: NAME }));
  expect(accessEntries).not.toContain('arn:aws:iam::111122223333:role/Auditors');
});

step('a setting of the CNI changes its add-on alone', async () => {
  expect(await deploy({ ...now, cni: { ...now.cni, warmPrefixTarget: 2 } })).toEqual({
    Network: [],
    Egress: [],
    Cluster: ['Modify AWS::EKS::Addon'],
    Nodes: [],
    Platform: [],
  });
});

step('a higher Kubernetes minor changes the control plane before the nodes, and nothing else', async () => {
  const changes = await deploy({ ...now, controlPlane: { ...now.controlPlane, version: '1.35' } });
  expect(changes).toMatchObject({ Network: [], Egress: [], Platform: [] });
  expect(changes.Cluster).toContain('Modify AWS::EKS::Cluster');
  expect(changes.Nodes).toContain('Modify AWS::EKS::Nodegroup');
  expect([...changes.Cluster!, ...changes.Nodes!].filter((change) => /replaced|Add |Remove /.test(change))).toEqual([]);
  const { cluster } = await (await eks()).send(new DescribeClusterCommand({ name: NAME }));
  expect(cluster?.version).toBe('1.35');
});

step('an update that EKS refuses is rolled back, and what was there still is', async () => {
  const existed = await inventory(await world.cdk(now));
  const older = { ...now, controlPlane: { ...now.controlPlane, version: '1.33' } };
  await expect(world.deploy(NAME, older)).rejects.toThrow(
    'Unsupported Kubernetes minor version update from 1.35 to 1.33',
  );
  expect(await world.statuses(NAME, now)).toMatchObject({
    Cluster: 'UPDATE_ROLLBACK_COMPLETE',
    Nodes: 'UPDATE_COMPLETE',
  });
  expect(await inventory(await world.cdk(now))).toEqual(existed);
  expect(Object.values(await deploy(now)).flat()).toEqual([]);
});

step('a zone is added beside the others', async () => {
  const changes = await deploy({ ...now, network: { ...network(), zones: { ...network().zones, [D]: {} } } });
  expect(changes).toMatchObject({ Egress: ['Add AWS::EC2::Route'], Cluster: [], Nodes: [] });
  expect(changes.Network!.filter((change) => !change.startsWith('Add '))).toEqual([
    'Modify AWS::EC2::VPCEndpoint',
    'Modify AWS::EC2::VPCEndpoint',
  ]);
});

step('nodes move into it', async () => {
  const nodeGroups = { system: { ...now.nodeGroups!.system!, zones: ['ap-northeast-1a', 'ap-northeast-1c', D] } };
  expect(await deploy({ ...now, nodeGroups })).toEqual({
    Network: [],
    Egress: [],
    Cluster: [],
    Nodes: ['Modify AWS::EKS::Nodegroup (replaced)'],
    Platform: [],
  });
});

step('it is retired: everything moves out, its subnets stay', async () => {
  const nodeGroups = { system: shipped.nodeGroups!.system! };
  const zones = { ...network().zones, [D]: { retire: true } };
  const changes = await deploy({ ...now, nodeGroups, network: { ...network(), zones } });
  expect(changes).toMatchObject({
    Network: [],
    Egress: ['Remove AWS::EC2::Route'],
    Cluster: [],
    Nodes: ['Modify AWS::EKS::Nodegroup (replaced)'],
  });
});

step('then it is removed', async () => {
  const changes = await deploy({
    ...now,
    network: { ...network(), zones: (shipped.network as NetworkSettings).zones },
  });
  expect(changes).toMatchObject({ Egress: [], Cluster: [], Nodes: [], Platform: [] });
  expect(changes.Network!.filter((change) => !change.startsWith('Remove '))).toEqual([
    'Modify AWS::EC2::VPCEndpoint',
    'Modify AWS::EC2::VPCEndpoint',
  ]);
});

step('the wrong order of destruction is refused and nothing is touched', async () => {
  const cdk = await world.cdk(now);
  const existed = await inventory(cdk);
  const cloudFormation = new CloudFormationClient(cdk.client);
  for (const stack of ['dev-Network', 'dev-Cluster'])
    await expect(cloudFormation.send(new DeleteStackCommand({ StackName: stack }))).rejects.toThrow(
      /Export \S+ cannot be deleted as it is in use by dev-/,
    );
  expect(await inventory(cdk)).toEqual(existed);
});

step(
  'without any grant in aws-auth the writer is left over; deleting it leaves the lines of others, byte for byte',
  async () => {
    const { deployers: _, ...grants } = now.access.grants;
    const next = { ...now, access: { ...now.access, grants } };
    expect(Object.keys(await world.deploy(NAME, next))).not.toContain('Platform');
    const cdk = await world.cdk(next);
    expect(await cdk.leftOver(NAME)).toEqual(['dev-Platform']);
    await cdk.deleteStack('dev-Platform');
    expect(await world.awsAuth(NAME, now)).toEqual({ mapRoles: NODE_LINE + STRANGER, mapAccounts: '[]' });
    expect(await cdk.leftOver(NAME)).toEqual([]);
  },
);

/** The config without any grant in aws-auth, so that nothing but logs needs the Platform stack. */
function withoutAwsAuth(): PlatformConfig {
  const { deployers: _, ...grants } = now.access.grants;
  return { ...now, access: { ...now.access, grants } };
}

step('the log pipeline comes in one deploy, and touches nothing that is there', async () => {
  const next = { ...withoutAwsAuth(), logs };
  expect(await world.deploy(NAME, next)).toEqual({
    Network: 'unchanged',
    Egress: 'unchanged',
    Cluster: 'unchanged',
    Nodes: 'unchanged',
    Platform: 'created',
    Logs: 'created',
  });
  expect(Object.values(await world.changes(NAME, next)).flat()).toEqual([]);
  const client = await eks();
  const { associations = [] } = await client.send(new ListPodIdentityAssociationsCommand({ clusterName: NAME }));
  expect(associations.map(({ namespace, serviceAccount }) => [namespace, serviceAccount])).toContainEqual([
    'logging',
    'fluent-bit',
  ]);
});

step('it goes in one deploy too: what is left over is not needed, and can be deleted', async () => {
  const next = withoutAwsAuth();
  expect(Object.values(await world.deploy(NAME, next))).toEqual(['unchanged', 'unchanged', 'unchanged', 'unchanged']);
  const cdk = await world.cdk(next);
  const left = await cdk.leftOver(NAME);
  expect([...left].sort()).toEqual(['dev-Logs', 'dev-Platform']);
  for (const stack of left) await cdk.deleteStack(stack);
});

step('destroying it leaves nothing', async () => {
  // with the writer again, once in order with the others and once left over: both go
  await world.deploy(NAME, now);
  const { deployers: _, ...grants } = now.access.grants;
  world.synth(NAME, { ...now, access: { ...now.access, grants } });
  const cdk = await world.cdk(now);
  await cdk.destroy(NAME, () => undefined);
  expect(await world.statuses(NAME, now)).toEqual({});
  expect(await inventory(cdk)).toEqual(before);
});
