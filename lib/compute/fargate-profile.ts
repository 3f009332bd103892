import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import { CfnFargateProfile } from 'aws-cdk-lib/aws-eks';
import type * as eks from 'aws-cdk-lib/aws-eks-v2';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { throwIfAny } from '../validate';
import { fargateProfileProblems } from './fargate-profile-rules';

/** Which pods run on Fargate. */
export interface FargateSelector {
  /** The pods' namespace; `*` and `?` are wildcards. */
  readonly namespace: string;
  /**
   * Labels the pods must carry, all of them.
   *
   * @default - any pod of the namespace
   */
  readonly labels?: Readonly<Record<string, string>>;
}

/** Properties of {@link FargateProfile}. */
export interface FargateProfileProps {
  /** The cluster. */
  readonly cluster: eks.ICluster;
  /** Private subnets for the pods; Fargate takes no others. */
  readonly subnets: readonly ec2.ISubnet[];
  /** One to five selectors; a pod that fits one of them runs on Fargate. */
  readonly selectors: readonly FargateSelector[];
  /**
   * The role kubelet on Fargate pulls images and writes logs with. EKS makes its access entry.
   *
   * @default - a role of its own
   */
  readonly podExecutionRole?: iam.IRole;
}

/** Pods on Fargate, by namespace and labels. Any change but of tags replaces the profile and its pods. */
export class FargateProfile extends Construct {
  /** The profile itself: EKS makes one at a time, so several must wait for each other. */
  readonly resource: CfnFargateProfile;
  /** The role kubelet on Fargate pulls images and writes logs with. */
  readonly podExecutionRole: iam.IRole;

  constructor(scope: Construct, id: string, props: FargateProfileProps) {
    super(scope, id);
    throwIfAny(this, fargateProfileProblems(props.selectors, 'selectors'));
    this.podExecutionRole =
      props.podExecutionRole ??
      new iam.Role(this, 'PodExecutionRole', {
        assumedBy: new iam.ServicePrincipal('eks-fargate-pods.amazonaws.com'),
        managedPolicies: [iam.ManagedPolicy.fromAwsManagedPolicyName('AmazonEKSFargatePodExecutionRolePolicy')],
      });
    this.resource = new CfnFargateProfile(this, 'Resource', {
      clusterName: props.cluster.clusterName,
      podExecutionRoleArn: this.podExecutionRole.roleArn,
      subnets: props.subnets.map(({ subnetId }) => subnetId),
      selectors: props.selectors.map(({ namespace, labels }) => ({
        namespace,
        labels: labels === undefined ? undefined : Object.entries(labels).map(([key, value]) => ({ key, value })),
      })),
    });
  }
}
