import * as cdk from 'aws-cdk-lib';
import * as eks from 'aws-cdk-lib/aws-eks-v2';
import type { Construct } from 'constructs';
import type { PrincipalGrants } from '../access/access-grant';
import { AwsAuth } from '../access/aws-auth';
import type { RbacSettings } from '../access/rbac/rbac-settings';
import { AgentIdentity } from '../logs/agents/agent-identity';
import { firstOf } from '../network/network-view';
import type { NetworkSource } from './network-source';

/** Properties of {@link PlatformStack}. */
export interface PlatformStackProps extends cdk.StackProps {
  /** The network. */
  readonly network: NetworkSource;
  /** The zones whose node subnets the writer is in; they have a route to EKS and STS. */
  readonly zones: readonly string[];
  /** The cluster's name. */
  readonly clusterName: string;
  /** The security group EKS made for the cluster. */
  readonly clusterSecurityGroupId: string;
  /**
   * The grants that become lines of aws-auth.
   *
   * @default - none, and so no function that writes them
   */
  readonly awsAuthGrants?: PrincipalGrants;
  /** Bindings that name grants. */
  readonly rbac: RbacSettings;
  /**
   * The platform to whose delivery stream the log agents may send.
   *
   * @default - none
   */
  readonly logsOf?: string;
}

/** What speaks to the Kubernetes API, or serves what runs on it. */
export class PlatformStack extends cdk.Stack {
  constructor(scope: Construct, id: string, props: PlatformStackProps) {
    super(scope, id, props);
    const { vpc, subnets } = props.network(this);
    const cluster = eks.Cluster.fromClusterAttributes(this, 'Cluster', {
      clusterName: props.clusterName,
      clusterSecurityGroupId: props.clusterSecurityGroupId,
      vpc,
    });
    if (props.awsAuthGrants !== undefined) {
      new AwsAuth(this, 'AwsAuth', {
        cluster,
        subnets: Object.values(firstOf(subnets.nodes, props.zones)),
        grants: props.awsAuthGrants,
        rbac: props.rbac,
      });
    }
    if (props.logsOf !== undefined) new AgentIdentity(this, 'LogAgents', { cluster, platform: props.logsOf });
  }
}
