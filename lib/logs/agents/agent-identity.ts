import * as cdk from 'aws-cdk-lib';
import { CfnPodIdentityAssociation } from 'aws-cdk-lib/aws-eks';
import type * as eks from 'aws-cdk-lib/aws-eks-v2';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { streamName } from '../deployed';
import { AGENT_ACCOUNT, AGENT_NAMESPACE } from './agent-names';

/** Properties of {@link AgentIdentity}. */
export interface AgentIdentityProps {
  /** The cluster. */
  readonly cluster: eks.ICluster;
  /** The platform's name, after which the stream is named. */
  readonly platform: string;
}

/** Lets the log agents on nodes send to the delivery stream of their platform, and nothing else. */
export class AgentIdentity extends Construct {
  /** The agents' role. */
  readonly role: iam.Role;

  constructor(scope: Construct, id: string, { cluster, platform }: AgentIdentityProps) {
    super(scope, id);
    this.role = new iam.Role(this, 'Role', {
      // pod identity tags the session with cluster, namespace and service account, so the trust needs sts:TagSession
      assumedBy: new iam.ServicePrincipal('pods.eks.amazonaws.com').withSessionTags(),
    });
    const policy = mayDeliver(this, 'MayDeliver', platform, this.role);
    const association = new CfnPodIdentityAssociation(this, 'Resource', {
      clusterName: cluster.clusterName,
      namespace: AGENT_NAMESPACE,
      serviceAccount: AGENT_ACCOUNT,
      roleArn: this.role.roleArn,
    });
    association.node.addDependency(policy);
  }
}

/** Lets a role send to the delivery stream of a platform. The stream is named, not referred to: either may come first. */
export function mayDeliver(scope: Construct, id: string, platform: string, role: iam.IRole): iam.Policy {
  return new iam.Policy(scope, id, {
    roles: [role],
    statements: [
      new iam.PolicyStatement({
        actions: ['firehose:PutRecordBatch'],
        resources: [
          cdk.Stack.of(scope).formatArn({
            service: 'firehose',
            resource: 'deliverystream',
            resourceName: streamName(platform),
          }),
        ],
      }),
    ],
  });
}
