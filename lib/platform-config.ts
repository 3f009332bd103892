import type { AccessSettings } from './access/access-grant';
import type { AddonName } from './addons/catalog';
import { pinnedAddonVersion } from './addons/versions';
import type { AddonSettings } from './addons/addon-rules';
import type { ControlPlaneSettings } from './cluster/control-plane';
import type { VpcCniSettings } from './cni/vpc-cni-settings';
import type { FargateSelector } from './compute/fargate-profile';
import type { NodeGroupSettings } from './compute/node-group';
import type { LogSettings } from './logs/log-settings';
import type { ExistingNetworkSettings } from './network/existing-network';
import { activeZones, type NetworkSettings } from './network/network-settings';

/** The account and region a platform is deployed to. */
export interface PlatformEnv {
  /** Twelve digits, in quotes. */
  readonly account: string;
  /** Such as `ap-northeast-1`. */
  readonly region: string;
}

/** The control plane of a platform. */
export interface PlatformControlPlane extends ControlPlaneSettings {
  /**
   * Two or three of the network's zones. EKS fixes them when the cluster is made, so they are apart from the zones of
   * nodes.
   */
  readonly zones: readonly string[];
}

/** A node group of a platform. */
export interface PlatformNodeGroup extends NodeGroupSettings {
  /** The network's zones the group is in. Changing them replaces the group, so a new zone never does. */
  readonly zones: readonly string[];
  /**
   * Which node subnet of each zone: `1` is the first; `2` one that a larger `network.sizes.nodes` appended; or the range
   * of `network.secondaryCidrs` it is in. Changing it replaces the group, so it is for new groups.
   *
   * @default 1
   */
  readonly subnet?: number | string;
}

/** A Fargate profile of a platform. */
export interface PlatformFargateProfile {
  /** The network's zones the pods are in. Changing them replaces the profile. */
  readonly zones: readonly string[];
  /** One to five selectors; a pod that fits one of them runs on Fargate. */
  readonly selectors: readonly FargateSelector[];
}

/** What a platform must be able to hold. */
export interface CapacityRequirements {
  /**
   * `sum`: all groups must fit at their maximum at the same time.
   *
   * @default - each group must fit by itself; the sum is a warning
   */
  readonly require?: 'sum';
  /**
   * How many pods of its users the platform must be able to run, all groups at their maximum.
   *
   * @default - any number
   */
  readonly pods?: number;
  /**
   * Load balancers that will stand in the platform's subnets; each needs eight free addresses in every zone.
   *
   * @default 1
   */
  readonly loadBalancers?: number;
}

/**
 * Everything that may differ between platforms, as plain data. It is what a fork edits.
 *
 * Its entry's name in `config/index.ts` is the platform's: the prefix of its stacks and the name of its cluster.
 */
export interface PlatformConfig {
  /** Where it is deployed. */
  readonly env: PlatformEnv;
  /** The VPC, its zones and the way out; or, with a `vpcId`, a VPC that is there already. */
  readonly network: NetworkSettings | ExistingNetworkSettings;
  /** The EKS control plane. */
  readonly controlPlane: PlatformControlPlane;
  /**
   * The VPC CNI.
   *
   * @default - the CNI's own defaults
   */
  readonly cni?: VpcCniSettings;
  /**
   * Managed node groups by name; the name is the construct id.
   *
   * @default - none
   */
  readonly nodeGroups?: Readonly<Record<string, PlatformNodeGroup>>;
  /**
   * Fargate profiles by name.
   *
   * @default - none
   */
  readonly fargateProfiles?: Readonly<Record<string, PlatformFargateProfile>>;
  /** Who may do what in the cluster. */
  readonly access: AccessSettings;
  /**
   * EKS add-ons beside the core ones (vpc-cni, kube-proxy, eks-pod-identity-agent, coredns), and versions of any that
   * differ from the pinned ones.
   *
   * @default - the core add-ons at the versions pinned for the Kubernetes minor
   */
  readonly addons?: Readonly<Partial<Record<AddonName, AddonSettings>>>;
  /**
   * The log pipeline. Control plane logs do not pass through it.
   *
   * @default - none: what the agents do with the logs is not this project's business
   */
  readonly logs?: LogSettings;
  /**
   * What the platform must be able to hold, checked before it is deployed.
   *
   * @default - each group must fit by itself; more is a warning
   */
  readonly capacity?: CapacityRequirements;
  /**
   * Tags on everything.
   *
   * @default - `kotohajime:platform` with the platform's name
   */
  readonly tags?: Readonly<Record<string, string>>;
}

/** Whether a platform's VPC is there already. */
export function isExisting(network: PlatformConfig['network']): network is ExistingNetworkSettings {
  return 'vpcId' in network;
}

/** The zones of a platform's network that are not being retired. */
export function zonesInUse(network: PlatformConfig['network']): string[] {
  return isExisting(network) ? Object.keys(network.zones) : activeZones(network.zones);
}

/** The version of an add-on in a platform: its own, or the one pinned for the Kubernetes minor; undefined for neither. */
export function addonVersionOf(
  name: AddonName,
  { addons, controlPlane }: Pick<PlatformConfig, 'addons' | 'controlPlane'>,
): string | undefined {
  return addons?.[name]?.version ?? pinnedAddonVersion(name, controlPlane.version);
}
