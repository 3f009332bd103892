import { Stack } from 'aws-cdk-lib';
import { CfnAddon } from 'aws-cdk-lib/aws-eks';
import type * as eks from 'aws-cdk-lib/aws-eks-v2';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { throwIfAny } from '../validate';
import { addonVersionProblems } from './addon-rules';
import { ADDONS, type AddonFacts, type AddonName } from './catalog';

/** Properties of {@link Addon}. */
export interface AddonProps {
  /** The cluster that gets the add-on. */
  readonly cluster: eks.ICluster;
  /** Which add-on. */
  readonly addonName: AddonName;
  /** The exact version, such as `v1.21.1-eksbuild.1`. */
  readonly addonVersion: string;
  /**
   * The add-on's own settings, by the names of its configuration schema.
   *
   * @default - the add-on's defaults
   */
  readonly configuration?: Readonly<Record<string, unknown>>;
  /**
   * The role of the add-on's service account, trusted by pod identity.
   *
   * @default - a role with the managed policies the add-on asks for, if it calls AWS at all
   */
  readonly role?: iam.IRole;
}

/**
 * An EKS add-on with a pinned version and, if it calls AWS, a role of its own given to it by pod identity.
 *
 * Its settings are ours: EKS overwrites what somebody edits in the cluster by hand.
 */
export class Addon extends Construct {
  /** The role of the add-on's service account, if it calls AWS. */
  readonly role: iam.IRole | undefined;

  constructor(scope: Construct, id: string, props: AddonProps) {
    super(scope, id);
    throwIfAny(this, addonVersionProblems(props.addonVersion, 'addonVersion'));
    const facts: AddonFacts = ADDONS[props.addonName];
    this.role = facts.serviceAccount === undefined ? undefined : (props.role ?? this.ownRole(facts));

    new CfnAddon(this, 'Resource', {
      clusterName: props.cluster.clusterName,
      addonName: props.addonName,
      addonVersion: props.addonVersion,
      resolveConflicts: 'OVERWRITE',
      configurationValues: props.configuration === undefined ? undefined : this.toJson(props.configuration),
      podIdentityAssociations:
        facts.serviceAccount === undefined || this.role === undefined
          ? undefined
          : [{ serviceAccount: facts.serviceAccount, roleArn: this.role.roleArn }],
    });
  }

  private ownRole({ managedPolicies = [] }: AddonFacts): iam.Role {
    return new iam.Role(this, 'Role', {
      // pod identity tags the session with cluster, namespace and service account, so the trust needs sts:TagSession
      assumedBy: new iam.ServicePrincipal('pods.eks.amazonaws.com').withSessionTags(),
      managedPolicies: managedPolicies.map((name) => iam.ManagedPolicy.fromAwsManagedPolicyName(name)),
    });
  }

  private toJson(configuration: Readonly<Record<string, unknown>>): string {
    return Stack.of(this).toJsonString(configuration);
  }
}
