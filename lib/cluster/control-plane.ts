import * as cdk from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import { CfnCluster } from 'aws-cdk-lib/aws-eks';
import * as eks from 'aws-cdk-lib/aws-eks-v2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { AuthenticationMode } from '../access/access-grant';
import { throwIfAny } from '../validate';
import { warn } from '../warn';
import {
  clusterNameProblems,
  controlPlaneProblems,
  controlPlaneWarnings,
  controlPlaneZoneProblems,
  DEFAULT_SERVICE_CIDR,
  LOG_TYPES,
} from './control-plane-rules';

/** What may be chosen about a control plane, apart from where it stands. */
export interface ControlPlaneSettings {
  /**
   * The Kubernetes minor, such as `1.35`. EKS goes up one minor at a time and never down.
   *
   * @see https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html
   */
  readonly version: string;
  /**
   * Public ranges that may reach the API endpoint, such as `203.0.113.0/24`; at most 40. Giving them makes the endpoint
   * public as well as private.
   *
   * @default - the endpoint is private
   */
  readonly publicAccessCidrs?: readonly string[];
  /**
   * The range of Kubernetes Services, from /12 to /24 inside RFC 1918, apart from the VPC and from networks pods call.
   * Changing it replaces the cluster.
   *
   * @default '172.20.0.0/16'
   */
  readonly serviceIpv4Cidr?: string;
  /**
   * The family of pod and service addresses. With `ipv6` the VPC and its subnets need IPv6 ranges, and EKS chooses the
   * service range. Changing it replaces the cluster.
   *
   * @default 'ipv4'
   * @see https://docs.aws.amazon.com/eks/latest/userguide/cni-ipv6.html
   */
  readonly ipFamily?: 'ipv4' | 'ipv6';
  /**
   * The control plane logs to keep in CloudWatch Logs, which charges by volume; `audit` is the largest.
   *
   * @default - all five: api, audit, authenticator, controllerManager, scheduler
   */
  readonly logTypes?: readonly (typeof LOG_TYPES)[number][];
  /**
   * How long control plane logs are kept, in days.
   *
   * @default 90
   */
  readonly logRetentionDays?: number;
  /**
   * Whether EKS refuses to delete the cluster. Turn it off in a deploy of its own before a deletion that is meant.
   *
   * @default true
   */
  readonly deletionProtection?: boolean;
  /**
   * Keeps the secrets key and the control plane logs when the stack is deleted. A kept log group must be deleted or
   * imported before a cluster of the same name is made again.
   *
   * @default true
   */
  readonly retainOnDelete?: boolean;
  /**
   * What EKS does at the end of standard support: `STANDARD` upgrades the cluster, `EXTENDED` keeps it and charges more.
   *
   * @default 'STANDARD'
   */
  readonly supportType?: 'STANDARD' | 'EXTENDED';
  /**
   * Lets AWS move traffic away from a zone in trouble.
   *
   * @default true
   */
  readonly zonalShift?: boolean;
}

/** Properties of {@link ControlPlane}. */
export interface ControlPlaneProps extends ControlPlaneSettings {
  /** The cluster's name, which its log group and its nodes' tags carry. Changing it replaces the cluster. */
  readonly clusterName: string;
  /** The VPC. */
  readonly vpc: ec2.IVpc;
  /**
   * Two or three small subnets in as many zones, for the control plane's interfaces. EKS refuses another set of zones
   * later.
   */
  readonly subnets: readonly ec2.ISubnet[];
  /**
   * Who decides on access: access entries alone, or access entries and the aws-auth ConfigMap. It only moves towards
   * `API`.
   *
   * @default 'API'
   */
  readonly authenticationMode?: AuthenticationMode;
  /**
   * Lets the control plane manage the interfaces of pods with security groups of their own.
   *
   * @default false
   */
  readonly podSecurityGroups?: boolean;
}

/**
 * An EKS control plane with its role, secrets key and log group, on `AWS::EKS::Cluster` itself.
 *
 * The creator is no administrator and EKS installs no add-on by itself: both are said where they belong, in access
 * entries and add-ons. @see docs/decisions/0003-control-plane-on-l1.md
 */
export class ControlPlane extends Construct {
  /** The cluster as the CDK knows it, for constructs in this stack. */
  readonly cluster: eks.ICluster;
  /** The security group EKS makes and puts on the control plane and on every node. */
  readonly clusterSecurityGroupId: string;
  /** The key that encrypts Kubernetes secrets. */
  readonly secretsKey: kms.IKey;

  constructor(scope: Construct, id: string, props: ControlPlaneProps) {
    super(scope, id);
    throwIfAny(this, [
      ...clusterNameProblems(props.clusterName, 'clusterName'),
      ...controlPlaneProblems(props, []),
      ...subnetProblems(props.subnets),
    ]);
    warn(this, controlPlaneWarnings(props));
    const removalPolicy = (props.retainOnDelete ?? true) ? cdk.RemovalPolicy.RETAIN : cdk.RemovalPolicy.DESTROY;

    this.secretsKey = new kms.Key(this, 'SecretsKey', {
      description: `Kubernetes secrets of the EKS cluster ${props.clusterName}`,
      enableKeyRotation: true,
      removalPolicy,
    });
    const role = new iam.Role(this, 'Role', {
      assumedBy: new iam.ServicePrincipal('eks.amazonaws.com'),
      managedPolicies: [
        'AmazonEKSClusterPolicy',
        ...(props.podSecurityGroups === true ? ['AmazonEKSVPCResourceController'] : []),
      ].map((name) => iam.ManagedPolicy.fromAwsManagedPolicyName(name)),
    });
    const logGroup = new logs.LogGroup(this, 'Logs', {
      logGroupName: `/aws/eks/${props.clusterName}/cluster`,
      retention: props.logRetentionDays ?? 90,
      removalPolicy,
    });
    const resource = new CfnCluster(this, 'Resource', {
      name: props.clusterName,
      version: props.version,
      roleArn: role.roleArn,
      accessConfig: {
        authenticationMode: props.authenticationMode ?? 'API',
        bootstrapClusterCreatorAdminPermissions: false,
      },
      resourcesVpcConfig: {
        subnetIds: props.subnets.map(({ subnetId }) => subnetId),
        endpointPrivateAccess: true,
        endpointPublicAccess: props.publicAccessCidrs !== undefined,
        publicAccessCidrs: props.publicAccessCidrs === undefined ? undefined : [...props.publicAccessCidrs],
      },
      kubernetesNetworkConfig:
        props.ipFamily === 'ipv6'
          ? { ipFamily: 'ipv6' }
          : { ipFamily: 'ipv4', serviceIpv4Cidr: props.serviceIpv4Cidr ?? DEFAULT_SERVICE_CIDR },
      encryptionConfig: [{ provider: { keyArn: this.secretsKey.keyArn }, resources: ['secrets'] }],
      logging: { clusterLogging: { enabledTypes: (props.logTypes ?? LOG_TYPES).map((type) => ({ type })) } },
      bootstrapSelfManagedAddons: false,
      upgradePolicy: { supportType: props.supportType ?? 'STANDARD' },
      zonalShiftConfig: { enabled: props.zonalShift ?? true },
      deletionProtection: props.deletionProtection ?? true,
    });
    // without the group in place EKS makes one of its own, which keeps logs for ever
    resource.node.addDependency(logGroup, role);

    this.clusterSecurityGroupId = resource.attrClusterSecurityGroupId;
    this.cluster = eks.Cluster.fromClusterAttributes(this, 'Cluster', {
      clusterName: resource.ref,
      vpc: props.vpc,
      clusterEndpoint: resource.attrEndpoint,
      clusterCertificateAuthorityData: resource.attrCertificateAuthorityData,
      clusterSecurityGroupId: resource.attrClusterSecurityGroupId,
    });
  }
}

function subnetProblems(subnets: readonly ec2.ISubnet[]): string[] {
  const zones = subnets.map(({ availabilityZone }) => availabilityZone);
  if (cdk.Token.isUnresolved(zones) || zones.some((zone) => cdk.Token.isUnresolved(zone))) return [];
  return controlPlaneZoneProblems(zones, 'subnets');
}
