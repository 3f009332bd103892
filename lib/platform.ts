import * as cdk from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { accessWarnings } from './access/access-warnings';
import { grantsRenderedAs } from './access/access-grant';
import { withPrincipals } from './access/permission-set';
import { ADDONS, CORE_ADDONS, type AddonName } from './addons/catalog';
import { capacityWarnings } from './capacity/capacity-rules';
import { cniModeFingerprint, podNetworkMode } from './cni/pod-network-mode';
import type { EgressProps } from './network/egress';
import { withoutRetired } from './cni/pod-network-settings';
import { namedEndpoints } from './network/endpoints';
import { fargateLogWarnings } from './logs/log-settings-rules';
import { ExistingNetwork, type ExistingNetworkSettings } from './network/existing-network';
import { natZones } from './network/nat-rules';
import { addonVersionOf, isExisting, zonesInUse, type PlatformConfig } from './platform-config';
import { problems } from './problems';
import { ClusterStack } from './stacks/cluster-stack';
import { EgressStack } from './stacks/egress-stack';
import type { NetworkSource } from './stacks/network-source';
import { LogsStack } from './stacks/logs-stack';
import { NetworkStack } from './stacks/network-stack';
import { NodesStack, type NodeAddon } from './stacks/nodes-stack';
import { PlatformStack } from './stacks/platform-stack';
import { throwIfAny } from './validate';
import { warn } from './warn';

/**
 * One platform: its stacks by life cycle, and what waits for what.
 *
 * ```
 * Network ──► Egress ───────┐
 *    └──────► Cluster ──────┴──► Nodes ──► Platform        Logs
 * ```
 */
export class Platform extends cdk.Stage {
  constructor(scope: Construct, name: string, config: PlatformConfig) {
    super(scope, name, { env: { ...config.env } });
    throwIfAny(this, problems(config));
    warn(this, [...accessWarnings(config), ...capacityWarnings(config)]);
    if (config.logs !== undefined) {
      warn(this, fargateLogWarnings(config.logs, Object.keys(config.fargateProfiles ?? {}), 'logs'));
    }
    const { network: networkSettings, controlPlane, access } = config;
    const { env } = config;
    const grants = withPrincipals(access.grants, access.sso, env.account);
    const { nodeRoles = {}, rbac = {} } = access;
    const common = { env, terminationProtection: controlPlane.deletionProtection ?? true };
    const cni = config.cni ?? {};
    const podCidrs = cni.customNetworking?.cidrs ?? [];
    const newestPodRange = withoutRetired(cni).customNetworking?.cidrs.at(-1);
    const zones = zonesInUse(networkSettings);

    const networkStack = isExisting(networkSettings)
      ? undefined
      : new NetworkStack(this, 'Network', { ...common, ...networkSettings, podCidrs });
    const network: NetworkSource = (stack) =>
      networkStack?.network ??
      // the rules refuse a network that is neither
      new ExistingNetwork(stack, 'Network', networkSettings as ExistingNetworkSettings);

    const egress = egressOf(networkSettings);
    const egressStack =
      egress === undefined
        ? undefined
        : new EgressStack(this, 'Egress', {
            ...common,
            ...egress,
            network,
            zones,
            clientCidrs: [networkSettings.cidr, ...(networkSettings.secondaryCidrs ?? []), ...podCidrs],
          });

    const clusterStack = new ClusterStack(this, 'Cluster', {
      ...common,
      ...controlPlane,
      clusterName: name,
      network,
      authenticationMode: access.authenticationMode ?? 'API',
      grants: grantsRenderedAs('access-entries', { ...access, grants }),
      nodeRoles,
      rbac,
      cni,
      podPlaces: podPlaces(networkSettings, newestPodRange),
      // the rules refuse a config in which an add-on has no version
      addonVersions: {
        'vpc-cni': addonVersionOf('vpc-cni', config) ?? '',
        'kube-proxy': addonVersionOf('kube-proxy', config) ?? '',
        'eks-pod-identity-agent': addonVersionOf('eks-pod-identity-agent', config) ?? '',
      },
    });
    const { cluster } = clusterStack.controlPlane;
    if (networkStack !== undefined) {
      egressStack?.addStackDependency(networkStack);
      clusterStack.addStackDependency(networkStack);
    }

    const nodesStack = new NodesStack(this, 'Nodes', {
      ...common,
      clusterName: cluster.clusterName,
      kubernetesVersion: controlPlane.version,
      network,
      nodeRole: clusterStack.nodeRole,
      podNetwork: podNetworkMode(cni, controlPlane.ipFamily),
      cniMode: cniModeFingerprint(cni, controlPlane.ipFamily),
      nodeGroups: config.nodeGroups ?? {},
      fargateProfiles: config.fargateProfiles ?? {},
      addons: platformAddons(config),
      logsOf: config.logs === undefined ? undefined : name,
    });
    nodesStack.addStackDependency(clusterStack);
    if (egressStack !== undefined) nodesStack.addStackDependency(egressStack); // nodes pull images at once

    const inAwsAuth = grantsRenderedAs('aws-auth', { ...access, grants });
    const hasAwsAuth = Object.keys(inAwsAuth).length > 0;
    if (hasAwsAuth || config.logs !== undefined) {
      const platformStack = new PlatformStack(this, 'Platform', {
        ...common,
        network,
        // the zones of the control plane never change: adding or removing one leaves the writer alone
        zones: controlPlane.zones,
        clusterName: cluster.clusterName,
        clusterSecurityGroupId: clusterStack.controlPlane.clusterSecurityGroupId,
        awsAuthGrants: hasAwsAuth ? inAwsAuth : undefined,
        rbac,
        logsOf: config.logs === undefined ? undefined : name,
      });
      platformStack.addStackDependency(nodesStack);
    }

    // agents know its stream by name, so it waits for nothing and nothing waits for it
    if (config.logs !== undefined) new LogsStack(this, 'Logs', { ...common, ...config.logs, platform: name });

    const tags = { 'kotohajime:platform': name, ...config.tags };
    for (const [key, value] of Object.entries(tags)) cdk.Tags.of(this).add(key, value);
  }
}

/** The add-ons that run on nodes: CoreDNS, and those the config names. */
function platformAddons(config: PlatformConfig): NodeAddon[] {
  const names = new Set<AddonName>([...CORE_ADDONS, ...(Object.keys(config.addons ?? {}) as AddonName[])]);
  return [...names]
    .filter((name) => ADDONS[name].when === 'after-nodes')
    .map((name) => ({
      name,
      version: addonVersionOf(name, config) ?? '',
      configuration: config.addons?.[name]?.configuration,
    }));
}

/** What the Egress stack makes; undefined for nothing. */
function egressOf(
  network: PlatformConfig['network'],
): Pick<EgressProps, 'natZones' | 'natAllocationIds' | 'natAvailability' | 'ipv6' | 'interfaceEndpoints'> | undefined {
  const interfaceEndpoints = namedEndpoints(network.interfaceEndpoints);
  if (isExisting(network) || network.nat === 'none') {
    return interfaceEndpoints.length > 0 ? { interfaceEndpoints } : undefined;
  }
  const { natAllocationIds, ipv6 } = network;
  const natAvailability = network.nat === 'regional' ? 'regional' : 'zonal';
  return { natZones: natZones(network), natAllocationIds, natAvailability, ipv6, interfaceEndpoints };
}

/** Where new interfaces of pods are made: in the range that was added last. */
function podPlaces(network: PlatformConfig['network'], newest: string | undefined): Record<string, string> {
  if (newest === undefined) return {};
  return Object.fromEntries(zonesInUse(network).map((zone) => [zone, isExisting(network) ? '1' : newest]));
}
