import * as cdk from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as eks from 'aws-cdk-lib/aws-eks-v2';
import cdkJson from '../cdk.json';

/** Somebody else's stack, with a VPC and a cluster it only knows by name: a construct must work alone there. */
export function fixture(region = 'eu-west-1'): {
  stack: cdk.Stack;
  vpc: ec2.IVpc;
  subnets: ec2.ISubnet[];
  cluster: eks.ICluster;
} {
  const app = new cdk.App({ context: cdkJson.context, builtinCloudFormationValidation: false });
  const stack = new cdk.Stack(app, 'Theirs', { env: { account: '111122223333', region } });
  const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: 'vpc-1',
    vpcCidrBlock: '10.0.0.0/16',
    availabilityZones: [`${region}a`, `${region}b`],
    privateSubnetIds: ['subnet-a', 'subnet-b'],
    privateSubnetNames: ['nodes'],
    privateSubnetRouteTableIds: ['rtb-a', 'rtb-b'],
    publicSubnetIds: ['subnet-pa', 'subnet-pb'],
    publicSubnetRouteTableIds: ['rtb-pa', 'rtb-pb'],
  });
  const cluster = eks.Cluster.fromClusterAttributes(stack, 'Cluster', {
    clusterName: 'theirs',
    vpc,
    clusterSecurityGroupId: 'sg-1',
  });
  return { stack, vpc, subnets: vpc.privateSubnets, cluster };
}
