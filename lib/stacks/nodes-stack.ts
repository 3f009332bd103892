import * as cdk from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as eks from 'aws-cdk-lib/aws-eks-v2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { Addon } from '../addons/addon';
import type { AddonName } from '../addons/catalog';
import { FargateProfile } from '../compute/fargate-profile';
import type { PodNetworkMode } from '../cni/pod-network-mode';
import { NodeGroup } from '../compute/node-group';
import { mayDeliver } from '../logs/agents/agent-identity';
import type { PlatformFargateProfile, PlatformNodeGroup } from '../platform-config';
import type { NetworkSource } from './network-source';

/** An add-on that runs on nodes. */
export interface NodeAddon {
  /** Which one. */
  readonly name: AddonName;
  /** The exact version. */
  readonly version: string;
  /**
   * The add-on's own settings.
   *
   * @default - the add-on's defaults
   */
  readonly configuration?: Readonly<Record<string, unknown>>;
}

/** Properties of {@link NodesStack}. */
export interface NodesStackProps extends cdk.StackProps {
  /** The cluster's name. */
  readonly clusterName: string;
  /** The Kubernetes minor of control plane and nodes. */
  readonly kubernetesVersion: string;
  /** The network. */
  readonly network: NetworkSource;
  /** The role of all nodes. */
  readonly nodeRole: iam.IRole;
  /** How the VPC CNI gives pods their addresses. */
  readonly podNetwork: PodNetworkMode;
  /** A text that changes when running nodes become wrong for the CNI's settings. */
  readonly cniMode: string;
  /** Node groups by name. */
  readonly nodeGroups: Readonly<Record<string, PlatformNodeGroup>>;
  /** Fargate profiles by name. */
  readonly fargateProfiles: Readonly<Record<string, PlatformFargateProfile>>;
  /** The add-ons that run on nodes, each with its version and settings. */
  readonly addons: readonly NodeAddon[];
  /**
   * The platform to whose delivery stream the log router of Fargate may send.
   *
   * @default - none
   */
  readonly logsOf?: string;
}

/** What changes often: node groups and Fargate profiles, then CoreDNS and the other add-ons that run on them. */
export class NodesStack extends cdk.Stack {
  constructor(scope: Construct, id: string, props: NodesStackProps) {
    super(scope, id, props);
    const cluster = eks.Cluster.fromClusterAttributes(this, 'Cluster', { clusterName: props.clusterName });
    const { subnets } = props.network(this);
    const subnetsOf = (zones: readonly string[], place: number | string = 1): ec2.ISubnet[] =>
      zones.flatMap((zone) => subnets.nodes[zone]?.[place] ?? []);

    const groups = new Construct(this, 'NodeGroups');
    const capacity: Construct[] = Object.entries(props.nodeGroups).map(
      ([name, { zones, subnet, ...settings }]) =>
        new NodeGroup(groups, name, {
          ...settings,
          cluster,
          nodeRole: props.nodeRole,
          subnets: subnetsOf(zones, subnet),
          kubernetesVersion: props.kubernetesVersion,
          podNetwork: props.podNetwork,
          cniMode: props.cniMode,
        }),
    );

    const profiles = new Construct(this, 'FargateProfiles');
    const fargateLogs = new Construct(this, 'FargateLogs');
    let earlier: FargateProfile | undefined;
    for (const [name, { zones, selectors }] of Object.entries(props.fargateProfiles)) {
      const profile = new FargateProfile(profiles, name, { cluster, subnets: subnetsOf(zones), selectors });
      if (earlier !== undefined) profile.node.addDependency(earlier); // EKS makes one profile at a time
      // apart from the profile and waited for by nothing, so that logs come and go without touching anything else
      if (props.logsOf !== undefined) mayDeliver(fargateLogs, name, props.logsOf, profile.podExecutionRole);
      earlier = profile;
      capacity.push(profile);
    }

    const onNodes = new Construct(this, 'Addons');
    const onlyFargate = Object.keys(props.nodeGroups).length === 0;
    for (const { name, version, configuration } of props.addons) {
      const addon = new Addon(onNodes, name, {
        cluster,
        addonName: name,
        addonVersion: version,
        configuration: name === 'coredns' && onlyFargate ? { computeType: 'Fargate', ...configuration } : configuration,
      });
      // a Deployment without a node to run on leaves its add-on degraded, and the deploy waits twenty minutes for it
      addon.node.addDependency(...capacity);
    }
  }
}
