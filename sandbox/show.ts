import {
  DescribeLaunchTemplateVersionsCommand,
  DescribeSubnetsCommand,
  EC2Client,
  type ResponseLaunchTemplateData,
} from '@aws-sdk/client-ec2';
import {
  DescribeAccessEntryCommand,
  DescribeAddonCommand,
  DescribeClusterCommand,
  DescribeFargateProfileCommand,
  DescribeNodegroupCommand,
  EKSClient,
  ListAccessEntriesCommand,
  ListAddonsCommand,
  ListAssociatedAccessPoliciesCommand,
  ListFargateProfilesCommand,
  ListNodegroupsCommand,
  type Cluster,
  type Nodegroup,
} from '@aws-sdk/client-eks';
import { parse } from 'yaml';
import type { Cdk } from './cdk';
import { ask } from './local-aws';
import { logTable } from './show-logs';
import { table } from './table';

type Paint = (text: string) => string;

/** A deployed platform as people look at it. Everything is read back from AWS, nothing from the config. */
export async function showPlatform(cdk: Cdk, platform: string, heading: Paint): Promise<string> {
  const eks = new EKSClient(cdk.client);
  const ec2 = new EC2Client(cdk.client);
  const { cluster } = await eks.send(new DescribeClusterCommand({ name: platform }));
  if (cluster === undefined) return `There is no cluster ${platform}.`;
  const parts: [string, string][] = [
    ['Cluster', clusterTable(cluster)],
    ['Zones and subnets', await subnetTable(ec2, cluster.resourcesVpcConfig?.vpcId ?? '')],
    ['Nodes', await nodeTable(eks, ec2, platform)],
    ['Add-ons, in the order they were made', await addonTable(eks, platform)],
    ['Who may do what', await accessTable(cdk, eks, platform)],
  ];
  const logs = await logTable(cdk, platform);
  if (logs !== undefined) parts.push(['Logs', logs]);
  return parts.map(([title, table]) => `${heading(title)}\n${table}`).join('\n\n');
}

function clusterTable(cluster: Cluster): string {
  const { endpointPublicAccess, endpointPrivateAccess, publicAccessCidrs = [] } = cluster.resourcesVpcConfig ?? {};
  const endpoint = [
    ...(endpointPrivateAccess === true ? ['private'] : []),
    ...(endpointPublicAccess === true ? [`public (${publicAccessCidrs.join(', ')})`] : []),
  ].join(' and ');
  const logs =
    cluster.logging?.clusterLogging?.filter(({ enabled }) => enabled).flatMap(({ types = [] }) => types) ?? [];
  return table(
    ['Name', 'Kubernetes', 'Authentication', 'Endpoint', 'Secrets', 'Logs', 'Protected'],
    [
      [
        cluster.name,
        cluster.version,
        cluster.accessConfig?.authenticationMode,
        endpoint,
        (cluster.encryptionConfig ?? []).length > 0 ? 'own KMS key' : 'AWS key',
        logs.length > 0 ? logs.join('\n') : 'none',
        cluster.deletionProtection === true ? 'yes' : 'no',
      ],
    ],
  );
}

async function subnetTable(ec2: EC2Client, vpcId: string): Promise<string> {
  const filters = [{ Name: 'vpc-id', Values: [vpcId] }];
  const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({ Filters: filters }));
  const zones = [...new Set(Subnets.map(({ AvailabilityZone = '' }) => AvailabilityZone))].sort();
  const cells = new Map<string, Map<string, string[]>>();
  for (const { Tags = [], AvailabilityZone = '', CidrBlock = '' } of Subnets) {
    const path = Tags.find(({ Key }) => Key === 'Name')?.Value ?? '';
    const tier = path.replace(/^.*\//, '').replace(`-${AvailabilityZone}`, '');
    const row = cells.get(tier) ?? new Map<string, string[]>();
    row.set(AvailabilityZone, [...(row.get(AvailabilityZone) ?? []), CidrBlock]);
    cells.set(tier, row);
  }
  return table(
    ['', ...zones],
    [...cells].map(([tier, row]) => [tier, ...zones.map((zone) => row.get(zone)?.join('\n') ?? '')]),
  );
}

async function nodeTable(eks: EKSClient, ec2: EC2Client, clusterName: string): Promise<string> {
  const { nodegroups = [] } = await eks.send(new ListNodegroupsCommand({ clusterName }));
  const rows: (string | undefined)[][] = [];
  for (const nodegroupName of nodegroups) {
    const { nodegroup } = await eks.send(new DescribeNodegroupCommand({ clusterName, nodegroupName }));
    if (nodegroup === undefined) continue;
    const { minSize, desiredSize, maxSize } = nodegroup.scalingConfig ?? {};
    const template = await launchTemplateOf(ec2, nodegroup);
    rows.push([
      nameIn(template) ?? nodegroupName,
      nodegroup.version,
      nodegroup.instanceTypes?.join('\n'),
      nodegroup.amiType,
      `${minSize} / ${desiredSize} / ${maxSize}`,
      maxPodsIn(template?.UserData),
    ]);
  }
  const { fargateProfileNames = [] } = await eks.send(new ListFargateProfilesCommand({ clusterName }));
  for (const fargateProfileName of fargateProfileNames) {
    const { fargateProfile } = await eks.send(new DescribeFargateProfileCommand({ clusterName, fargateProfileName }));
    const namespaces = fargateProfile?.selectors?.map(({ namespace }) => namespace).join(', ');
    rows.push([`${fargateProfileName} (Fargate)`, '', `namespaces ${namespaces}`, '', '', '']);
  }
  return table(['Group', 'Kubernetes', 'Instance types', 'AMI', 'Min / desired / max', 'Max pods per node'], rows);
}

/** What the launch template in use says. */
async function launchTemplateOf(
  ec2: EC2Client,
  { launchTemplate }: Nodegroup,
): Promise<ResponseLaunchTemplateData | undefined> {
  if (launchTemplate?.id === undefined) return undefined;
  const { LaunchTemplateVersions = [] } = await ec2.send(
    new DescribeLaunchTemplateVersionsCommand({
      LaunchTemplateId: launchTemplate.id,
      Versions: [launchTemplate.version ?? '$Default'],
    }),
  );
  return LaunchTemplateVersions[0]?.LaunchTemplateData;
}

/** The name the instances of a group carry, without their stack's. */
function nameIn(template: ResponseLaunchTemplateData | undefined): string | undefined {
  const tags = template?.TagSpecifications?.find(({ ResourceType }) => ResourceType === 'instance')?.Tags ?? [];
  return tags.find(({ Key }) => Key === 'Name')?.Value?.replace(/^.*\//, '');
}

/** Max pods as nodes are told: in user data, base64 as EC2 gives it. */
export function maxPodsIn(userData: string | undefined): string {
  if (userData === undefined) return 'by EKS';
  const text = Buffer.from(userData, 'base64').toString();
  const bottlerocket = /^max-pods = (\d+)$/m.exec(text)?.[1];
  if (bottlerocket !== undefined) return bottlerocket;
  const part = /Content-Type: application\/node\.eks\.aws\r?\n\r?\n([\s\S]*?)(?=\r?\n--)/.exec(text)?.[1];
  const settings =
    part === undefined ? undefined : (parse(part) as { spec?: { kubelet?: { config?: { maxPods?: number } } } });
  return String(settings?.spec?.kubelet?.config?.maxPods ?? 'by EKS');
}

async function addonTable(eks: EKSClient, clusterName: string): Promise<string> {
  const { addons = [] } = await eks.send(new ListAddonsCommand({ clusterName }));
  const found = await Promise.all(
    addons.map(async (addonName) => (await eks.send(new DescribeAddonCommand({ clusterName, addonName }))).addon),
  );
  found.sort((a, b) => Number(a?.createdAt) - Number(b?.createdAt));
  return table(
    ['', 'Add-on', 'Version', 'Configuration'],
    found.map((addon, index) => [
      String(index + 1),
      addon?.addonName,
      addon?.addonVersion,
      addon?.configurationValues === undefined || addon.configurationValues === '{}'
        ? 'defaults'
        : flat(JSON.parse(addon.configurationValues)).join('\n'),
    ]),
  );
}

async function accessTable(cdk: Cdk, eks: EKSClient, clusterName: string): Promise<string> {
  const { accessEntries = [] } = await eks.send(new ListAccessEntriesCommand({ clusterName }));
  const rows: (string | undefined)[][] = [];
  for (const principalArn of accessEntries) {
    const { accessEntry } = await eks.send(new DescribeAccessEntryCommand({ clusterName, principalArn }));
    const { associatedAccessPolicies = [] } = await eks.send(
      new ListAssociatedAccessPoliciesCommand({ clusterName, principalArn }),
    );
    const may = [
      ...associatedAccessPolicies.map(({ policyArn = '', accessScope }) => {
        const { namespaces = [] } = accessScope ?? {};
        return `${policyArn.replace(/^.*\//, '')} in ${namespaces.length > 0 ? namespaces.join(', ') : 'the cluster'}`;
      }),
      ...(accessEntry?.kubernetesGroups ?? []).map((group) => `group ${group}`),
    ];
    const kind = accessEntry?.type === 'STANDARD' ? 'access entry' : `access entry (${accessEntry?.type})`;
    rows.push([nameOf(principalArn), kind, may.join('\n')]);
  }
  return table(['Who', 'By', 'May'], [...rows, ...(await awsAuthRows(cdk, clusterName))]);
}

interface AwsAuthLine {
  readonly rolearn?: string;
  readonly userarn?: string;
  readonly groups?: readonly string[];
}

/** The lines of aws-auth, with a mark on those this platform owns. */
async function awsAuthRows({ aws, where }: Cdk, clusterName: string): Promise<string[][]> {
  const objects = await ask<
    Record<string, { data?: Record<string, string>; metadata?: { annotations?: Record<string, string> } }>
  >(aws, `kubernetes/${where.account}/${where.region}/${clusterName}`);
  const map = objects['/api/v1/namespaces/kube-system/configmaps/aws-auth'];
  const owned = map?.metadata?.annotations?.['kotohajime.dev/owned'] ?? '';
  return ['mapRoles', 'mapUsers'].flatMap((key) => {
    const lines = (parse(map?.data?.[key] ?? '[]') ?? []) as AwsAuthLine[];
    return lines.map(({ rolearn, userarn, groups = [] }) => {
      const arn = rolearn ?? userarn ?? '';
      return [
        nameOf(arn),
        owned.includes(arn) ? 'aws-auth' : 'aws-auth (not ours)',
        groups.map((group) => `group ${group}`).join('\n'),
      ];
    });
  });
}

function nameOf(arn: string): string {
  return arn.replace(/^arn:[^:]+:iam::\d+:/, '').replace(/^(role|user)\/(?:.*\/)?/, '$1 ');
}

/** An object as lines of `path: value`. */
function flat(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return [`${path}: ${String(value)}`];
  return Object.entries(value).flatMap(([key, inner]) => flat(inner, path === '' ? key : `${path}.${key}`));
}
