import { Stack } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as eks from 'aws-cdk-lib/aws-eks-v2';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { Addon } from '../addons/addon';
import { throwIfAny } from '../validate';
import { warn } from '../warn';
import { withoutRetired } from './pod-network-settings';
import { podSubnetProblems } from './pod-network-rules';
import { DESTINATIONS, toConfiguration } from './vpc-cni-configuration';
import { ipv6Policy, policyLogStatements } from './vpc-cni-policies';
import { vpcCniProblems, vpcCniShape } from './vpc-cni-rules';
import type { IpFamily, VpcCniSettings } from './vpc-cni-settings';
import { vpcCniWarnings } from './vpc-cni-warnings';

/** Properties of {@link VpcCni}. */
export interface VpcCniProps extends VpcCniSettings {
  /** The cluster. */
  readonly cluster: eks.ICluster;
  /** The exact add-on version, such as `v1.21.1-eksbuild.1`. It moves one minor at a time. */
  readonly addonVersion: string;
  /**
   * The cluster's address family.
   *
   * @default 'ipv4'
   */
  readonly ipFamily?: IpFamily;
  /**
   * The subnets pods get addresses of, by the name of their zone, with `customNetworking`: one for every zone that has
   * nodes. A node in another zone never gets ready.
   *
   * @default - none
   */
  readonly podSubnets?: Readonly<Record<string, ec2.ISubnet>>;
}

/**
 * The VPC CNI add-on with its settings, under a role of its own, so that no node carries its rights.
 *
 * It must be there with its final settings before the first node: nodes keep the mode they started with. What changes
 * with them is in `cniModeFingerprint`.
 */
export class VpcCni extends Construct {
  /** The role of the `aws-node` service account. */
  readonly role: iam.IRole | undefined;

  constructor(scope: Construct, id: string, props: VpcCniProps) {
    super(scope, id);
    const { addonVersion, cluster, ipFamily = 'ipv4', podSubnets = {} } = props;
    const settings = withoutRetired(settingsOf(props));
    const context = { ipFamily, addonVersion };
    throwIfAny(this, vpcCniShape(settings, ''));
    throwIfAny(this, [
      ...vpcCniProblems(settings, '', context),
      ...podSubnetProblems(settings, Object.keys(podSubnets)),
    ]);
    warn(this, vpcCniWarnings(settings, '', context));

    const addon = new Addon(this, 'Addon', {
      cluster,
      addonName: 'vpc-cni',
      addonVersion,
      configuration: toConfiguration(settings, {
        ipFamily,
        region: Stack.of(this).region,
        podSubnetIds: Object.fromEntries(Object.entries(podSubnets).map(([zone, { subnetId }]) => [zone, subnetId])),
      }),
      // on IPv4 the add-on makes its own, with the policy that AWS manages
      role: ipFamily === 'ipv6' ? this.ipv6Role(settings.multiNic ?? false) : undefined,
    });
    this.role = addon.role;

    const { networkPolicy } = settings;
    if (addon.role !== undefined && typeof networkPolicy === 'object' && networkPolicy.cloudWatchLogs === true) {
      // apart from the role, so that turning the logs on leaves the role alone
      const logs = new iam.Policy(this, 'PolicyLogs', {
        statements: policyLogStatements(this, cluster.clusterName),
        roles: [addon.role],
      });
      // an agent that may not write ends, and the CNI with it: https://github.com/aws/aws-network-policy-agent/issues/141
      addon.node.defaultChild?.node.addDependency(logs);
    }
  }

  private ipv6Role(multiNic: boolean): iam.Role {
    return new iam.Role(this, 'Role', {
      // pod identity tags the session with cluster, namespace and service account, so the trust needs sts:TagSession
      assumedBy: new iam.ServicePrincipal('pods.eks.amazonaws.com').withSessionTags(),
      inlinePolicies: { VpcCni: ipv6Policy(this, { multiNic }) },
    });
  }
}

/** The settings among a construct's properties. */
function settingsOf(props: VpcCniProps): VpcCniSettings {
  const names = Object.keys(DESTINATIONS) as (keyof VpcCniSettings)[];
  return Object.fromEntries(names.map((name) => [name, props[name]]));
}
