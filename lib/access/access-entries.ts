import { CfnAccessEntry } from 'aws-cdk-lib/aws-eks';
import type * as eks from 'aws-cdk-lib/aws-eks-v2';
import { Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { throwIfAny } from '../validate';
import { isBound, type NodeAccess, type PrincipalGrants } from './access-grant';
import { accessPolicyArn, ACCESS_POLICIES } from './access-policy';
import { groupsOf } from './grant-bindings';
import { grantProblems, nodeRoleProblems } from './grant-rules';
import type { RbacSettings } from './rbac/rbac-settings';
import { tokenDuplicates } from './token-principals';

/** Properties of {@link AccessEntries}. */
export interface AccessEntriesProps {
  /** The cluster. Its authentication mode must include `API`. */
  readonly cluster: eks.ICluster;
  /** Who may do what, by name. Another principal under the same name replaces the entry. */
  readonly grants: PrincipalGrants;
  /**
   * Roles of nodes that EKS makes no entry for, by name. The names are apart from those of `grants`.
   *
   * @default - none
   */
  readonly nodeRoles?: Readonly<Record<string, NodeAccess>>;
  /**
   * Bindings that name grants, whose entries then hold a group for them.
   *
   * @default - none
   */
  readonly rbac?: RbacSettings;
}

/**
 * People's and machines' access to a cluster as EKS access entries: nothing is written into the Kubernetes API.
 *
 * Node groups and Fargate profiles are not among them: EKS makes their entries itself.
 */
export class AccessEntries extends Construct {
  constructor(scope: Construct, id: string, props: AccessEntriesProps) {
    super(scope, id);
    const { grants, nodeRoles = {}, rbac } = props;
    throwIfAny(this, [
      ...grantProblems(grants, { rbac }, 'grants'),
      ...nodeRoleProblems(nodeRoles, grants, {}, 'nodeRoles'),
      ...tokenDuplicates(this, grants, 'grants'),
    ]);
    const { partition } = Stack.of(this);
    const { clusterName } = props.cluster;
    for (const [name, grant] of Object.entries(grants)) {
      const { principal, can, namespaces, username } = grant;
      const groups = groupsOf(name, grant, 'access-entries', rbac);
      // one construct below the name: directly under this one, `shop-a` and `shopa` would collide
      new CfnAccessEntry(new Construct(this, name), 'Resource', {
        clusterName,
        principalArn: principal,
        kubernetesGroups: groups.length === 0 ? undefined : groups,
        username,
        accessPolicies:
          can === undefined || isBound(grant, 'access-entries')
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
    if (Object.keys(nodeRoles).length === 0) return;
    const nodes = new Construct(this, 'NodeRoles');
    for (const [name, { principal, type }] of Object.entries(nodeRoles)) {
      new CfnAccessEntry(new Construct(nodes, name), 'Resource', { clusterName, principalArn: principal, type });
    }
  }
}
