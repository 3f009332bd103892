import { CfnAccessEntry } from 'aws-cdk-lib/aws-eks';
import type * as eks from 'aws-cdk-lib/aws-eks-v2';
import { Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { throwIfAny } from '../validate';
import type { AccessGrants, Permission } from './access-grant';
import { grantProblems } from './access-rules';

/**
 * The EKS access policy that permits what a Kubernetes role does.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html
 */
export const ACCESS_POLICIES: Readonly<Record<Permission, string>> = {
  'cluster-admin': 'AmazonEKSClusterAdminPolicy',
  admin: 'AmazonEKSAdminPolicy',
  edit: 'AmazonEKSEditPolicy',
  view: 'AmazonEKSViewPolicy',
  'read-all': 'AmazonEKSAdminViewPolicy',
};

/** The ARN of an EKS access policy. */
export function accessPolicyArn(partition: string, policy: string): string {
  return `arn:${partition}:eks::aws:cluster-access-policy/${policy}`;
}

/** Properties of {@link AccessEntries}. */
export interface AccessEntriesProps {
  /** The cluster. Its authentication mode must include `API`. */
  readonly cluster: eks.ICluster;
  /** Who may do what, by name. Another principal under the same name replaces the entry. */
  readonly grants: AccessGrants;
}

/**
 * People's and machines' access to a cluster as EKS access entries: nothing is written into the Kubernetes API.
 *
 * Node groups and Fargate profiles are not among them: EKS makes their entries itself.
 */
export class AccessEntries extends Construct {
  constructor(scope: Construct, id: string, props: AccessEntriesProps) {
    super(scope, id);
    throwIfAny(this, grantProblems(props.grants, undefined, 'grants'));
    const { partition } = Stack.of(this);
    for (const [name, { principal, can, namespaces, groups, username }] of Object.entries(props.grants)) {
      // one construct below the name: directly under this one, `shop-a` and `shopa` would collide
      new CfnAccessEntry(new Construct(this, name), 'Resource', {
        clusterName: props.cluster.clusterName,
        principalArn: principal,
        kubernetesGroups: groups === undefined ? undefined : [...groups],
        username,
        accessPolicies:
          can === undefined
            ? undefined
            : [
                {
                  policyArn: accessPolicyArn(partition, ACCESS_POLICIES[can]),
                  accessScope:
                    namespaces === undefined ? { type: 'cluster' } : { type: 'namespace', namespaces: [...namespaces] },
                },
              ],
      });
    }
  }
}
