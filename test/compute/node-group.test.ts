import * as iam from 'aws-cdk-lib/aws-iam';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { architectureOf } from '../../lib/compute/ami-type';
import { FargateProfile } from '../../lib/compute/fargate-profile';
import { NodeGroup, type NodeGroupProps } from '../../lib/compute/node-group';
import { userData } from '../../lib/compute/user-data';
import { fixture } from '../fixture';

function group(changes: Partial<NodeGroupProps> = {}): { template: Template; nodeGroup: NodeGroup } {
  const { stack, cluster, subnets } = fixture();
  const nodeRole = iam.Role.fromRoleArn(stack, 'NodeRole', 'arn:aws:iam::111122223333:role/Nodes');
  const nodeGroup = new NodeGroup(stack, 'system', {
    cluster,
    subnets,
    nodeRole,
    instanceTypes: ['m7g.large'],
    scaling: { min: 1, max: 3 },
    ...changes,
  });
  return { template: Template.fromStack(stack), nodeGroup };
}

test('by default it is on demand, on AL2023 of its architecture, one node out at a time, repaired, at its minimum', () => {
  group().template.hasResourceProperties('AWS::EKS::Nodegroup', {
    ClusterName: 'theirs',
    NodegroupName: Match.absent(),
    AmiType: 'AL2023_ARM_64_STANDARD',
    CapacityType: 'ON_DEMAND',
    InstanceTypes: ['m7g.large'],
    ScalingConfig: { MinSize: 1, DesiredSize: 1, MaxSize: 3 },
    UpdateConfig: { MaxUnavailable: 1 },
    NodeRepairConfig: { Enabled: true },
    DiskSize: Match.absent(),
    RemoteAccess: Match.absent(),
    ForceUpdateEnabled: Match.absent(),
  });
});

test('by default its nodes have IMDSv2 with one hop and an encrypted gp3 disk of 50 GiB', () => {
  group().template.hasResourceProperties('AWS::EC2::LaunchTemplate', {
    LaunchTemplateData: {
      MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
      BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { Encrypted: true, VolumeSize: 50, VolumeType: 'gp3' } }],
    },
  });
});

test('every setting reaches the group', () => {
  const { template } = group({
    instanceTypes: ['m7i.large', 'm6i.large'],
    amiType: 'BOTTLEROCKET_x86_64',
    capacityType: 'SPOT',
    scaling: { min: 0, desired: 2, max: 5 },
    diskSizeGiB: 100,
    labels: { team: 'shop' },
    taints: [{ key: 'spot', value: 'true', effect: 'NO_SCHEDULE' }],
    maxUnavailable: 3,
    autoRepair: false,
    metadataHopLimit: 2,
    releaseVersion: '1.35.0-20260120',
    kubernetesVersion: '1.35',
  });
  template.hasResourceProperties('AWS::EKS::Nodegroup', {
    AmiType: 'BOTTLEROCKET_x86_64',
    CapacityType: 'SPOT',
    InstanceTypes: ['m7i.large', 'm6i.large'],
    Labels: { team: 'shop' },
    NodeRepairConfig: { Enabled: false },
    ReleaseVersion: '1.35.0-20260120',
    ScalingConfig: { MinSize: 0, DesiredSize: 2, MaxSize: 5 },
    Taints: [{ Key: 'spot', Value: 'true', Effect: 'NO_SCHEDULE' }],
    UpdateConfig: { MaxUnavailable: 3 },
    Version: '1.35',
  });
  template.hasResourceProperties('AWS::EC2::LaunchTemplate', {
    LaunchTemplateData: {
      MetadataOptions: { HttpPutResponseHopLimit: 2 },
      BlockDeviceMappings: [{ DeviceName: '/dev/xvdb', Ebs: { VolumeSize: 100 } }],
    },
  });
});

test('kubelet is told the pods its smallest type can run', () => {
  expect(group({ instanceTypes: ['m7g.2xlarge', 'm7g.large'] }).nodeGroup.maxPods).toBe(29);
  expect(group({ podNetwork: { prefixDelegation: true } }).nodeGroup.maxPods).toBe(110);
});

test('start-up settings as each image takes them', () => {
  const text = (...args: Parameters<typeof userData>): string => Buffer.from(userData(...args), 'base64').toString();
  expect(text('nodeadm', 29)).toMatchInlineSnapshot(`
   "MIME-Version: 1.0
   Content-Type: multipart/mixed; boundary="kotohajime"

   --kotohajime
   Content-Type: application/node.eks.aws

   apiVersion: node.eks.aws/v1alpha1
   kind: NodeConfig
   spec:
     kubelet:
       config:
         maxPods: 29

   --kotohajime--
   "
  `);
  expect(text('bottlerocket', 110)).toMatchInlineSnapshot(`
   "[settings.kubernetes]
   max-pods = 110
   "
  `);
});

test.each([
  ['m7g.large', 'arm64'],
  ['c6gn.large', 'arm64'],
  ['a1.large', 'arm64'],
  ['g5g.xlarge', 'arm64'],
  ['g5.xlarge', 'x86_64'],
  ['m7i.large', 'x86_64'],
  ['im4gn.large', 'arm64'],
])('%s is %s', (type, architecture) => {
  expect(architectureOf(type)).toBe(architecture);
});

describe('FargateProfile', () => {
  test('has private subnets and a role of its own that only Fargate can take', () => {
    const { stack, cluster, subnets } = fixture();
    new FargateProfile(stack, 'shop', {
      cluster,
      subnets,
      selectors: [{ namespace: 'shop', labels: { tier: 'web' } }],
    });
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::EKS::FargateProfile', {
      ClusterName: 'theirs',
      Subnets: ['subnet-a', 'subnet-b'],
      Selectors: [{ Namespace: 'shop', Labels: [{ Key: 'tier', Value: 'web' }] }],
    });
    template.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [{ Action: 'sts:AssumeRole', Principal: { Service: 'eks-fargate-pods.amazonaws.com' } }],
      },
    });
  });

  test('six selectors are refused', () => {
    const { stack, cluster, subnets } = fixture();
    const selectors = Array.from({ length: 6 }, () => ({ namespace: 'shop' }));
    expect(() => new FargateProfile(stack, 'shop', { cluster, subnets, selectors })).toThrow(
      '`selectors` must hold one to five selectors, got 6',
    );
  });
});
