import * as cdk from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import {
  AccessEntries,
  Addon,
  AwsAuth,
  ControlPlane,
  Egress,
  FargateProfile,
  firstOf,
  Network,
  NodeGroup,
  VpcCni,
} from '../lib';

/** The constructs by themselves, in one stack of somebody else's app: what a `Platform` does, in small. */
export class OwnStack extends cdk.Stack {
  constructor(scope: Construct, id: string, props: cdk.StackProps) {
    super(scope, id, props);
    const zones = ['eu-west-1a', 'eu-west-1b'];
    const network = new Network(this, 'Network', {
      cidr: '10.0.0.0/16',
      zones: { 'eu-west-1a': {}, 'eu-west-1b': {} },
      nat: 'single',
    });
    const egress = new Egress(this, 'Egress', {
      vpc: network.vpc,
      publicSubnets: firstOf(network.subnets.public, zones),
      privateSubnets: firstOf(network.subnets.nodes, zones),
      natZones: ['eu-west-1a'],
    });
    egress.node.addDependency(network); // a NAT gateway needs the way to the internet to be there

    const { cluster } = new ControlPlane(this, 'ControlPlane', {
      clusterName: 'own',
      version: '1.35',
      vpc: network.vpc,
      subnets: Object.values(firstOf(network.subnets['control-plane'], zones)),
      authenticationMode: 'API_AND_CONFIG_MAP',
    });
    new AccessEntries(this, 'Access', {
      cluster,
      grants: { 'break-glass': { principal: 'arn:aws:iam::111122223333:role/BreakGlass', can: 'cluster-admin' } },
    });
    const agent = new Addon(this, 'PodIdentityAgent', {
      cluster,
      addonName: 'eks-pod-identity-agent',
      addonVersion: 'v1.3.10-eksbuild.2',
    });
    const cni = new VpcCni(this, 'VpcCni', { cluster, addonVersion: 'v1.21.1-eksbuild.1', prefixDelegation: true });
    cni.node.addDependency(agent);

    const nodeRole = new iam.Role(this, 'NodeRole', {
      assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com'),
      managedPolicies: ['AmazonEKSWorkerNodePolicy', 'AmazonEC2ContainerRegistryPullOnly'].map((name) =>
        iam.ManagedPolicy.fromAwsManagedPolicyName(name),
      ),
    });
    const subnets = Object.values(firstOf(network.subnets.nodes, zones));
    const nodes = new NodeGroup(this, 'System', {
      cluster,
      nodeRole,
      subnets,
      instanceTypes: ['m7g.large'],
      scaling: { min: 2, max: 4 },
      podNetwork: { prefixDelegation: true },
    });
    nodes.node.addDependency(cni, egress); // in one stack the order must be said; a Platform has it in its stacks
    new FargateProfile(this, 'Batch', { cluster, subnets, selectors: [{ namespace: 'batch' }] });

    const aws = new AwsAuth(this, 'AwsAuth', {
      cluster,
      subnets,
      grants: { deployers: { principal: 'arn:aws:iam::111122223333:role/ci/Deployers', groups: ['deployers'] } },
    });
    aws.node.addDependency(egress); // the writer calls EKS and STS through NAT
  }
}
