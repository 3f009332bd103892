/** The aws-eks-v2 peer: what its L2s make of a cluster like ours, one stack a platform, with the kubectl handler in dev. */
import * as cdk from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as eks from 'aws-cdk-lib/aws-eks-v2';
import * as kms from 'aws-cdk-lib/aws-kms';
import { KubectlV35Layer } from '@aws-cdk/lambda-layer-kubectl-v35';

const REGION = 'ap-northeast-1';

function platform(
  app: cdk.App,
  name: string,
  account: string,
  zones: number,
  natGateways: number,
  groups: string[],
): void {
  const stack = new cdk.Stack(app, name, { env: { account, region: REGION } });
  const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: zones, natGateways, restrictDefaultSecurityGroup: false });
  vpc.addFlowLog('FlowLog');
  const cluster = new eks.Cluster(stack, 'Cluster', {
    clusterName: name,
    version: eks.KubernetesVersion.of('1.35'),
    vpc,
    endpointAccess: eks.EndpointAccess.PRIVATE,
    defaultCapacityType: eks.DefaultCapacityType.NODEGROUP,
    defaultCapacity: 0,
    bootstrapSelfManagedAddons: false,
    secretsEncryptionKey: new kms.Key(stack, 'Key', { enableKeyRotation: true }),
    kubectlProviderOptions: name === 'dev' ? { kubectlLayer: new KubectlV35Layer(stack, 'Kubectl') } : undefined,
  });
  for (const addonName of ['eks-pod-identity-agent', 'vpc-cni', 'kube-proxy', 'coredns'])
    new eks.Addon(stack, addonName, { cluster, addonName });
  for (const group of groups)
    cluster.addNodegroupCapacity(group, { instanceTypes: [new ec2.InstanceType('m7g.large')], minSize: 2, maxSize: 4 });
  cluster.grantAccess('BreakGlass', `arn:aws:iam::${account}:role/BreakGlass`, [
    eks.AccessPolicy.fromAccessPolicyName('AmazonEKSClusterAdminPolicy', {
      accessScopeType: eks.AccessScopeType.CLUSTER,
    }),
  ]);
  if (name === 'dev')
    cluster.addManifest('aws-auth', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'aws-auth', namespace: 'kube-system' },
      data: { mapRoles: '[]' },
    });
}

const app = new cdk.App({
  // both ask AWS for the zones otherwise
  context: {
    [`availability-zones:account=111122223333:region=${REGION}`]: ['a', 'c'].map((zone) => REGION + zone),
    [`availability-zones:account=444455556666:region=${REGION}`]: ['a', 'c', 'd'].map((zone) => REGION + zone),
  },
});
platform(app, 'dev', '111122223333', 2, 1, ['system']);
platform(app, 'prod', '444455556666', 3, 3, ['system', 'services']);
