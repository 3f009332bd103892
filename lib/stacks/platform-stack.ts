import * as cdk from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as eks from 'aws-cdk-lib/aws-eks-v2';
import type { Construct } from 'constructs';
import type { AccessGrants } from '../access/access-grant';
import { AwsAuth } from '../access/aws-auth';

/** Properties of {@link PlatformStack}. */
export interface PlatformStackProps extends cdk.StackProps {
  /** The VPC. */
  readonly vpc: ec2.IVpc;
  /** Private subnets with a route to EKS and STS. */
  readonly subnets: readonly ec2.ISubnet[];
  /** The cluster's name. */
  readonly clusterName: string;
  /** The security group EKS made for the cluster. */
  readonly clusterSecurityGroupId: string;
  /** The grants that become lines of aws-auth. */
  readonly awsAuthGrants: AccessGrants;
}

/** What speaks to the Kubernetes API. */
export class PlatformStack extends cdk.Stack {
  constructor(scope: Construct, id: string, props: PlatformStackProps) {
    super(scope, id, props);
    const cluster = eks.Cluster.fromClusterAttributes(this, 'Cluster', {
      clusterName: props.clusterName,
      clusterSecurityGroupId: props.clusterSecurityGroupId,
      vpc: props.vpc,
    });
    new AwsAuth(this, 'AwsAuth', { cluster, subnets: props.subnets, grants: props.awsAuthGrants });
  }
}
