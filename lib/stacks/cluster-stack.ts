import * as cdk from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { AccessEntries } from '../access/access-entries';
import type { AuthenticationMode, NodeAccess, PrincipalGrants } from '../access/access-grant';
import { kubeconfigCommand } from '../access/login/kubeconfig-command';
import type { RbacSettings } from '../access/rbac/rbac-settings';
import { Addon } from '../addons/addon';
import { ControlPlane, type ControlPlaneProps } from '../cluster/control-plane';
import { VpcCni } from '../cni/vpc-cni';
import type { VpcCniSettings } from '../cni/vpc-cni-settings';
import { firstOf } from '../network/network-view';
import type { NetworkSource } from './network-source';

/** Properties of {@link ClusterStack}. */
export interface ClusterStackProps
  extends Omit<ControlPlaneProps, 'vpc' | 'subnets' | 'podSecurityGroups'>, Omit<cdk.StackProps, 'env'> {
  /** Where it is deployed. */
  readonly env: cdk.Environment;
  /** The network. */
  readonly network: NetworkSource;
  /** The zones of the control plane. */
  readonly zones: readonly string[];
  /** Who decides on access. */
  readonly authenticationMode: AuthenticationMode;
  /** The grants that become access entries. */
  readonly grants: PrincipalGrants;
  /** Roles of nodes that EKS makes no access entry for. */
  readonly nodeRoles: Readonly<Record<string, NodeAccess>>;
  /** Bindings that name grants. */
  readonly rbac: RbacSettings;
  /** The settings of the VPC CNI. */
  readonly cni: VpcCniSettings;
  /** The place of the pod subnets that new interfaces are made in, by zone, for custom networking. */
  readonly podPlaces: Readonly<Record<string, string>>;
  /** Versions of the add-ons that must be there before a node is. */
  readonly addonVersions: Readonly<Record<'vpc-cni' | 'kube-proxy' | 'eks-pod-identity-agent', string>>;
}

/** What changes with the Kubernetes minor: the control plane, people's access, and what no node works without. */
export class ClusterStack extends cdk.Stack {
  /** The control plane. */
  readonly controlPlane: ControlPlane;
  /** The one role of all nodes, stable, so that removing a group removes no role another group has. */
  readonly nodeRole: iam.IRole;

  constructor(scope: Construct, id: string, props: ClusterStackProps) {
    super(scope, id, props);
    const { vpc, subnets } = props.network(this);
    this.controlPlane = new ControlPlane(this, 'ControlPlane', {
      ...props,
      vpc,
      subnets: Object.values(firstOf(subnets['control-plane'], props.zones)),
      podSecurityGroups: props.cni.podSecurityGroups !== undefined,
    });
    const { cluster } = this.controlPlane;
    new AccessEntries(this, 'Access', { ...props, cluster });

    const agent = new Addon(this, 'PodIdentityAgent', {
      cluster,
      addonName: 'eks-pod-identity-agent',
      addonVersion: props.addonVersions['eks-pod-identity-agent'],
    });
    const cni = new VpcCni(this, 'VpcCni', {
      ...props.cni,
      cluster,
      addonVersion: props.addonVersions['vpc-cni'],
      ipFamily: props.ipFamily,
      podSubnets: Object.fromEntries(
        Object.entries(props.podPlaces).flatMap(([zone, place]) => {
          const subnet = subnets.pods[zone]?.[place];
          return subnet === undefined ? [] : [[zone, subnet]];
        }),
      ),
    });
    cni.node.addDependency(agent); // the CNI's role comes through the agent
    new Addon(this, 'KubeProxy', { cluster, addonName: 'kube-proxy', addonVersion: props.addonVersions['kube-proxy'] });

    this.nodeRole = new iam.Role(this, 'NodeRole', {
      assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com'),
      managedPolicies: [
        'AmazonEKSWorkerNodePolicy',
        'AmazonEC2ContainerRegistryPullOnly',
        'AmazonSSMManagedInstanceCore',
      ].map((name) => iam.ManagedPolicy.fromAwsManagedPolicyName(name)),
    });
    // exported whether used or not: removing the last consumer is one deploy
    for (const value of [
      cluster.clusterName,
      cluster.clusterEndpoint,
      cluster.clusterCertificateAuthorityData,
      this.controlPlane.clusterSecurityGroupId,
      this.nodeRole.roleArn,
    ]) {
      this.exportValue(value);
    }

    new cdk.CfnOutput(this, 'ClusterName', { value: cluster.clusterName });
    new cdk.CfnOutput(this, 'KubeconfigCommand', {
      value: kubeconfigCommand({ clusterName: props.clusterName, region: this.region }),
      description: 'Writes the cluster into your kubeconfig, for the credentials at hand',
    });
  }
}
