/**
 * The pure-L1 peer: the resources of our two shipped platforms with the same number in each stack, on Cfn classes only,
 * with literal names where ours has references. No rules, no views of a VPC, no exports: the least an app can do.
 */
import * as cdk from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as eks from 'aws-cdk-lib/aws-eks';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';

interface Shape {
  readonly name: string;
  readonly account: string;
  readonly octet: number;
  readonly zones: readonly string[];
  readonly nats: number;
  readonly endpoints: readonly string[];
  readonly groups: readonly string[];
  readonly entries: number;
  readonly addonsAfter: readonly { name: string; role: boolean }[];
  readonly writer: boolean;
}

const REGION = 'ap-northeast-1';
const SHAPES: readonly Shape[] = [
  {
    name: 'dev',
    account: '111122223333',
    octet: 0,
    zones: ['a', 'c'],
    nats: 1,
    endpoints: [],
    groups: ['system'],
    entries: 2,
    addonsAfter: [{ name: 'coredns', role: false }],
    writer: true,
  },
  {
    name: 'prod',
    account: '444455556666',
    octet: 1,
    zones: ['a', 'c', 'd'],
    nats: 3,
    endpoints: ['ecr.api', 'ecr.dkr', 'sts'],
    groups: ['system', 'services'],
    entries: 3,
    addonsAfter: [
      { name: 'coredns', role: false },
      { name: 'aws-ebs-csi-driver', role: true },
    ],
    writer: false,
  },
];

const trust = (service: string, ...more: string[]): object => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: ['sts:AssumeRole', ...more], Principal: { Service: service } }],
});
const managed = (name: string): string => `arn:aws:iam::aws:policy/${name}`;

function network(
  stage: cdk.Stage,
  { octet, zones }: Shape,
): { stack: cdk.Stack; vpc: string; subnets: Record<string, string[]>; tables: string[] } {
  const stack = new cdk.Stack(stage, 'Network');
  const vpc = new ec2.CfnVPC(stack, 'Vpc', {
    cidrBlock: `10.${octet}.0.0/16`,
    enableDnsHostnames: true,
    enableDnsSupport: true,
  });
  const gateway = new ec2.CfnInternetGateway(stack, 'Igw');
  new ec2.CfnVPCGatewayAttachment(stack, 'Attachment', { vpcId: vpc.ref, internetGatewayId: gateway.ref });
  const subnets: Record<string, string[]> = {};
  const tableOf = Object.fromEntries(
    ['public', 'isolated', ...zones].map((id): [string, string] => [
      id,
      new ec2.CfnRouteTable(stack, `table-${id}`, { vpcId: vpc.ref, tags: [{ key: 'Name', value: id }] }).ref,
    ]),
  );
  new ec2.CfnRoute(stack, 'public-route', {
    routeTableId: tableOf.public ?? '',
    destinationCidrBlock: '0.0.0.0/0',
    gatewayId: gateway.ref,
  });
  for (const [tier, first, step] of [
    ['public', 0, '0/24'],
    ['nodes', 128, '0/20'],
    ['control', 8, '/28'],
  ] as const) {
    subnets[tier] = zones.map((zone, index) => {
      const cidrBlock =
        tier === 'control'
          ? `10.${octet}.8.${16 * index}/28`
          : `10.${octet}.${first + (tier === 'nodes' ? 16 : 1) * index}.${step}`;
      const subnet = new ec2.CfnSubnet(stack, `${tier}-${zone}`, {
        vpcId: vpc.ref,
        availabilityZone: `${REGION}${zone}`,
        cidrBlock,
        mapPublicIpOnLaunch: false,
        tags: [
          { key: 'Name', value: `${tier}-${zone}` },
          { key: 'kubernetes.io/role/elb', value: '1' },
        ],
      });
      const table = tableOf[tier === 'nodes' ? zone : tier === 'public' ? 'public' : 'isolated'] ?? '';
      new ec2.CfnSubnetRouteTableAssociation(stack, `${tier}-${zone}-association`, {
        subnetId: subnet.ref,
        routeTableId: table,
      });
      return subnet.ref;
    });
  }
  for (const service of ['s3', 'dynamodb'])
    new ec2.CfnVPCEndpoint(stack, service, {
      vpcId: vpc.ref,
      vpcEndpointType: 'Gateway',
      serviceName: `com.amazonaws.${REGION}.${service}`,
      routeTableIds: Object.values(tableOf),
    });
  const logGroup = new logs.CfnLogGroup(stack, 'Flow', { retentionInDays: 30 });
  const role = new iam.CfnRole(stack, 'FlowRole', { assumeRolePolicyDocument: trust('vpc-flow-logs.amazonaws.com') });
  new iam.CfnPolicy(stack, 'FlowPolicy', {
    policyName: 'flow',
    roles: [role.ref],
    policyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: ['logs:CreateLogStream', 'logs:PutLogEvents', 'logs:DescribeLogStreams'],
          Resource: logGroup.attrArn,
        },
      ],
    },
  });
  new ec2.CfnFlowLog(stack, 'FlowLog', {
    resourceId: vpc.ref,
    resourceType: 'VPC',
    trafficType: 'ALL',
    logGroupName: logGroup.ref,
    deliverLogsPermissionArn: role.attrArn,
  });
  return { stack, vpc: vpc.ref, subnets, tables: zones.map((zone) => tableOf[zone] ?? '') };
}

function platform(app: cdk.App, shape: Shape): void {
  const { name, account, octet, zones, endpoints, groups, entries, addonsAfter, writer } = shape;
  const stage = new cdk.Stage(app, name, { env: { account, region: REGION } });
  const net = network(stage, shape);
  const egress = new cdk.Stack(stage, 'Egress');
  const nats = zones.slice(0, shape.nats).map((zone, index) => {
    const { attrAllocationId: allocationId } = new ec2.CfnEIP(egress, `eip-${zone}`, { domain: 'vpc' });
    return new ec2.CfnNatGateway(egress, `nat-${index}`, { allocationId, subnetId: net.subnets.public?.[index] ?? '' })
      .ref;
  });
  net.tables.forEach(
    (routeTableId, index) =>
      new ec2.CfnRoute(egress, `route-${index}`, {
        routeTableId,
        destinationCidrBlock: '0.0.0.0/0',
        natGatewayId: nats[index] ?? nats[0],
      }),
  );
  if (endpoints.length > 0) {
    const group = new ec2.CfnSecurityGroup(egress, 'EndpointGroup', {
      vpcId: net.vpc,
      groupDescription: 'endpoints',
      securityGroupIngress: [{ ipProtocol: 'tcp', fromPort: 443, toPort: 443, cidrIp: `10.${octet}.0.0/16` }],
    });
    for (const service of endpoints)
      new ec2.CfnVPCEndpoint(egress, service, {
        vpcId: net.vpc,
        vpcEndpointType: 'Interface',
        privateDnsEnabled: true,
        serviceName: `com.amazonaws.${REGION}.${service}`,
        subnetIds: net.subnets.nodes,
        securityGroupIds: [group.attrGroupId],
      });
  }

  const plane = new cdk.Stack(stage, 'Cluster');
  const key = new kms.CfnKey(plane, 'Key', {
    enableKeyRotation: true,
    keyPolicy: {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Action: 'kms:*', Principal: { AWS: `arn:aws:iam::${account}:root` }, Resource: '*' },
      ],
    },
  });
  const role = new iam.CfnRole(plane, 'Role', {
    assumeRolePolicyDocument: trust('eks.amazonaws.com'),
    managedPolicyArns: [managed('AmazonEKSClusterPolicy')],
  });
  const logGroup = new logs.CfnLogGroup(plane, 'Logs', {
    logGroupName: `/aws/eks/${name}/cluster`,
    retentionInDays: 90,
  });
  const cluster = new eks.CfnCluster(plane, 'Plane', {
    name,
    version: '1.35',
    roleArn: role.attrArn,
    accessConfig: { authenticationMode: 'API_AND_CONFIG_MAP', bootstrapClusterCreatorAdminPermissions: false },
    resourcesVpcConfig: {
      subnetIds: net.subnets.control ?? [],
      endpointPrivateAccess: true,
      endpointPublicAccess: false,
    },
    encryptionConfig: [{ provider: { keyArn: key.attrArn }, resources: ['secrets'] }],
    logging: {
      clusterLogging: {
        enabledTypes: ['api', 'audit', 'authenticator', 'controllerManager', 'scheduler'].map((type) => ({ type })),
      },
    },
    bootstrapSelfManagedAddons: false,
    upgradePolicy: { supportType: 'STANDARD' },
    zonalShiftConfig: { enabled: true },
    deletionProtection: true,
  });
  cluster.addResourceDependency(logGroup);
  const addon = (
    stack: cdk.Stack,
    addonName: string,
    after: readonly cdk.CfnResource[],
    withRole = false,
  ): eks.CfnAddon => {
    const own = withRole
      ? new iam.CfnRole(stack, `${addonName}-role`, {
          assumeRolePolicyDocument: trust('pods.eks.amazonaws.com', 'sts:TagSession'),
          managedPolicyArns: [managed('AmazonEKS_CNI_Policy')],
        })
      : undefined;
    const made = new eks.CfnAddon(stack, addonName, {
      addonName,
      clusterName: cluster.ref,
      addonVersion: 'v1.0.0-eksbuild.1',
      resolveConflicts: 'OVERWRITE',
      podIdentityAssociations: own === undefined ? undefined : [{ serviceAccount: 'x', roleArn: own.attrArn }],
    });
    for (const each of after) made.addResourceDependency(each);
    return made;
  };
  const agent = addon(plane, 'eks-pod-identity-agent', []);
  addon(plane, 'vpc-cni', [agent], true);
  addon(plane, 'kube-proxy', []);
  const nodeRole = new iam.CfnRole(plane, 'NodeRole', {
    assumeRolePolicyDocument: trust('ec2.amazonaws.com'),
    managedPolicyArns: [
      'AmazonEKSWorkerNodePolicy',
      'AmazonEC2ContainerRegistryPullOnly',
      'AmazonSSMManagedInstanceCore',
    ].map(managed),
  });
  for (let index = 0; index < entries; index++)
    new eks.CfnAccessEntry(plane, `entry-${index}`, {
      clusterName: cluster.ref,
      principalArn: `arn:aws:iam::${account}:role/R${index}`,
      accessPolicies: [
        { policyArn: 'arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy', accessScope: { type: 'cluster' } },
      ],
    });

  const nodes = new cdk.Stack(stage, 'Nodes');
  const made = groups.map((group) => {
    const template = new ec2.CfnLaunchTemplate(nodes, `${group}-template`, {
      launchTemplateData: {
        metadataOptions: { httpTokens: 'required', httpPutResponseHopLimit: 1 },
        userData: 'bWF4UG9kcw==',
        blockDeviceMappings: [{ deviceName: '/dev/xvda', ebs: { encrypted: true, volumeSize: 50, volumeType: 'gp3' } }],
      },
    });
    return new eks.CfnNodegroup(nodes, group, {
      clusterName: cluster.ref,
      nodeRole: nodeRole.attrArn,
      subnets: net.subnets.nodes ?? [],
      amiType: 'AL2023_ARM_64_STANDARD',
      capacityType: 'ON_DEMAND',
      instanceTypes: ['m7g.large'],
      scalingConfig: { minSize: 2, desiredSize: 2, maxSize: 4 },
      launchTemplate: { id: template.ref, version: template.attrLatestVersionNumber },
      updateConfig: { maxUnavailable: 1 },
      nodeRepairConfig: { enabled: true },
      version: '1.35',
    });
  });
  for (const { name: addonName, role: withRole } of addonsAfter) addon(nodes, addonName, made, withRole);
  nodes.addStackDependency(egress);

  if (!writer) return;
  const last = new cdk.Stack(stage, 'Platform');
  const group = new ec2.CfnSecurityGroup(last, 'Group', { vpcId: net.vpc, groupDescription: 'writer' });
  new ec2.CfnSecurityGroupIngress(last, 'Ingress', {
    groupId: cluster.attrClusterSecurityGroupId,
    sourceSecurityGroupId: group.attrGroupId,
    ipProtocol: 'tcp',
    fromPort: 443,
    toPort: 443,
  });
  const writerRole = new iam.CfnRole(last, 'Role', {
    assumeRolePolicyDocument: trust('lambda.amazonaws.com'),
    managedPolicyArns: [managed('service-role/AWSLambdaVPCAccessExecutionRole')],
  });
  new iam.CfnPolicy(last, 'Policy', {
    policyName: 'writer',
    roles: [writerRole.ref],
    policyDocument: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 'eks:DescribeCluster', Resource: cluster.attrArn }],
    },
  });
  const writerLogs = new logs.CfnLogGroup(last, 'Logs', { retentionInDays: 30 });
  const fn = new lambda.CfnFunction(last, 'Function', {
    runtime: 'nodejs22.x',
    handler: 'index.handler',
    role: writerRole.attrArn,
    code: { zipFile: 'exports.handler = async () => {}' },
    timeout: 300,
    loggingConfig: { logGroup: writerLogs.ref },
    vpcConfig: { subnetIds: net.subnets.nodes, securityGroupIds: [group.attrGroupId] },
  });
  const entry = new eks.CfnAccessEntry(last, 'Entry', { clusterName: cluster.ref, principalArn: writerRole.attrArn });
  const custom = new cdk.CfnResource(last, 'Map', {
    type: 'Custom::Map',
    properties: { ServiceToken: fn.attrArn, ClusterName: cluster.ref },
  });
  custom.addResourceDependency(entry);
  last.addStackDependency(nodes);
  void zones;
}

const app = new cdk.App();
for (const shape of SHAPES) platform(app, shape);
