import { CloudFormationClient, DescribeStackEventsCommand, ListStacksCommand } from '@aws-sdk/client-cloudformation';
import { DeleteClusterCommand, DescribeClusterCommand, EKSClient } from '@aws-sdk/client-eks';
import { platforms } from '../../config';
import type { PlatformConfig } from '../../lib/platform-config';
import { inventory } from './inventory';
import { steps, World } from './world';

/** The end of a protected platform, in an account of its own. */
const prod = platforms.prod as PlatformConfig;
const STACKS = ['Cluster', 'Egress', 'Logs', 'Network', 'Nodes', 'Platform'];

const step = steps();
let world: World;
let before: Record<string, string[]>;

beforeAll(async () => {
  world = await World.start();
  const cdk = await world.cdk(prod);
  await cdk.bootstrap();
  before = await inventory(cdk);
});

afterAll(() => world.stop());

step('deploys with no function but those of its log pipeline', async () => {
  expect(Object.keys(await world.deploy('prod', prod)).sort()).toEqual(STACKS);
  const { functions = [] } = await inventory(await world.cdk(prod));
  expect(functions.filter((name) => !name.startsWith('prod-Logs-'))).toEqual([]);
});

step('is what its config says', async () => {
  const eks = new EKSClient((await world.cdk(prod)).client);
  const { cluster } = await eks.send(new DescribeClusterCommand({ name: 'prod' }));
  expect(cluster).toMatchObject({
    version: prod.controlPlane.version,
    accessConfig: { authenticationMode: 'API' },
    resourcesVpcConfig: { endpointPrivateAccess: true, endpointPublicAccess: false },
    deletionProtection: true,
  });
});

step('is destroyed neither as a whole nor past CloudFormation', async () => {
  const cdk = await world.cdk(prod);
  const existed = await inventory(cdk);
  await expect(cdk.destroy('prod', () => undefined)).rejects.toThrow('TerminationProtection');
  const eks = new EKSClient(cdk.client);
  await expect(eks.send(new DeleteClusterCommand({ name: 'prod' }))).rejects.toThrow('deletion protection');
  expect(await inventory(cdk)).toEqual(existed);
});

step('once unprotected, it leaves exactly what holds data', async () => {
  const unprotected = { ...prod, controlPlane: { ...prod.controlPlane, deletionProtection: false } };
  await world.deploy('prod', unprotected);
  const cdk = await world.cdk(prod);
  await cdk.destroy('prod', () => undefined);
  expect(await world.statuses('prod', prod)).toEqual({});

  const cloudFormation = new CloudFormationClient(cdk.client);
  const { StackSummaries = [] } = await cloudFormation.send(new ListStacksCommand({}));
  const kept: string[] = [];
  for (const { StackId } of StackSummaries) {
    const { StackEvents = [] } = await cloudFormation.send(new DescribeStackEventsCommand({ StackName: StackId }));
    for (const { ResourceStatus, ResourceType, LogicalResourceId } of StackEvents)
      if (ResourceStatus === 'DELETE_SKIPPED') kept.push(`${ResourceType} ${LogicalResourceId}`);
  }
  expect(kept.map((line) => line.replace(/(Logs\w+?)[0-9A-F]{8}$/, '$1')).sort()).toEqual([
    'AWS::AppConfig::Application LogsRulesApplication',
    'AWS::AppConfig::ConfigurationProfile LogsRules',
    'AWS::KMS::Key ControlPlaneSecretsKey72FED211',
    'AWS::Logs::LogGroup ControlPlaneLogs565FD5C2',
    'AWS::Logs::LogGroup LogsFilterHotCopy',
    'AWS::Logs::LogGroup NetworkFlowLogGroup4F8CEEEF',
    'AWS::S3::Bucket LogsBuckets',
    'AWS::S3::Bucket LogsBucketsArchive',
  ]);
  const left = await inventory(cdk);
  expect({ ...left, keys: left.keys!.length, logGroups: left.logGroups!.length }).toEqual({
    ...before,
    keys: before.keys!.length + 1,
    logGroups: before.logGroups!.length + 3,
  });
});
