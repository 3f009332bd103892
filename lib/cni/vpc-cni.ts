import type * as eks from 'aws-cdk-lib/aws-eks-v2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { Addon } from '../addons/addon';
import { throwIfAny } from '../validate';
import { vpcCniProblems } from './vpc-cni-rules';
import { toConfiguration, type VpcCniSettings } from './vpc-cni-settings';

/** Properties of {@link VpcCni}. */
export interface VpcCniProps extends VpcCniSettings {
  /** The cluster. */
  readonly cluster: eks.ICluster;
  /** The exact add-on version, such as `v1.21.1-eksbuild.1`. It moves one minor at a time. */
  readonly addonVersion: string;
}

/**
 * The VPC CNI add-on with its settings, under a role of its own, so that no node carries its rights.
 *
 * It must be there with its final settings before the first node: nodes keep the mode they started with.
 */
export class VpcCni extends Construct {
  /** The role of the `aws-node` service account. */
  readonly role: iam.IRole | undefined;

  constructor(scope: Construct, id: string, props: VpcCniProps) {
    super(scope, id);
    throwIfAny(this, vpcCniProblems(props));
    const addon = new Addon(this, 'Addon', {
      cluster: props.cluster,
      addonName: 'vpc-cni',
      addonVersion: props.addonVersion,
      configuration: toConfiguration(props),
    });
    this.role = addon.role;
  }
}
