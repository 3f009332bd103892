import * as cdk from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { grantsRenderedAs } from './access/access-grant';
import { ADDONS, CORE_ADDONS, type AddonName } from './addons/catalog';
import { pinnedAddonVersion } from './addons/versions';
import { activeZones } from './network/network-rules';
import type { PlatformConfig } from './platform-config';
import { problems } from './problems';
import { ClusterStack } from './stacks/cluster-stack';
import { EgressStack } from './stacks/egress-stack';
import { NetworkStack } from './stacks/network-stack';
import { NodesStack, type NodeAddon } from './stacks/nodes-stack';
import { PlatformStack } from './stacks/platform-stack';
import { throwIfAny } from './validate';

/**
 * One platform: its stacks by life cycle, and what waits for what.
 *
 * ```
 * Network ──► Egress ───────┐
 *    └──────► Cluster ──────┴──► Nodes ──► Platform
 * ```
 */
export class Platform extends cdk.Stage {
  constructor(scope: Construct, name: string, config: PlatformConfig) {
    super(scope, name, { env: { ...config.env } });
    throwIfAny(this, problems(config));
    const { network: networkProps, controlPlane, access } = config;
    const { env } = config;
    const common = { env, terminationProtection: controlPlane.deletionProtection ?? true };
    const addons = platformAddons(config);
    const prefixDelegation = config.cni?.prefixDelegation ?? false;

    const networkStack = new NetworkStack(this, 'Network', { ...common, ...networkProps });
    const { network } = networkStack;
    const inUse = activeZones(networkProps.zones);
    const nodeSubnets = pick(network.subnets.nodes, inUse);

    const hasEgress = networkProps.nat !== 'none' || (networkProps.interfaceEndpoints ?? []).length > 0;
    const egressStack = hasEgress
      ? new EgressStack(this, 'Egress', {
          ...common,
          vpc: network.vpc,
          publicSubnets: pick(network.subnets.public, inUse),
          privateSubnets: nodeSubnets,
          natAddresses: network.natAddresses,
          interfaceEndpoints: networkProps.interfaceEndpoints,
        })
      : undefined;
    egressStack?.addStackDependency(networkStack);

    const clusterStack = new ClusterStack(this, 'Cluster', {
      ...common,
      ...controlPlane,
      clusterName: name,
      vpc: network.vpc,
      subnets: Object.values(pick(network.subnets['control-plane'], controlPlane.zones)),
      authenticationMode: access.authenticationMode ?? 'API',
      grants: grantsRenderedAs('access-entries', access),
      cni: config.cni ?? {},
      addonVersions: {
        'vpc-cni': versionOf('vpc-cni', config),
        'kube-proxy': versionOf('kube-proxy', config),
        'eks-pod-identity-agent': versionOf('eks-pod-identity-agent', config),
      },
    });
    clusterStack.addStackDependency(networkStack);
    const { cluster } = clusterStack.controlPlane;

    const nodesStack = new NodesStack(this, 'Nodes', {
      ...common,
      clusterName: cluster.clusterName,
      kubernetesVersion: controlPlane.version,
      subnets: nodeSubnets,
      nodeRole: clusterStack.nodeRole,
      prefixDelegation,
      nodeGroups: config.nodeGroups ?? {},
      fargateProfiles: config.fargateProfiles ?? {},
      addons,
    });
    nodesStack.addStackDependency(clusterStack);
    if (egressStack !== undefined) nodesStack.addStackDependency(egressStack); // nodes pull images at once

    const inAwsAuth = grantsRenderedAs('aws-auth', access);
    if (Object.keys(inAwsAuth).length > 0) {
      const platformStack = new PlatformStack(this, 'Platform', {
        ...common,
        vpc: network.vpc,
        // the zones of the control plane never change: adding or removing one leaves the writer alone
        subnets: Object.values(pick(network.subnets.nodes, controlPlane.zones)),
        clusterName: cluster.clusterName,
        clusterSecurityGroupId: clusterStack.controlPlane.clusterSecurityGroupId,
        awsAuthGrants: inAwsAuth,
      });
      platformStack.addStackDependency(nodesStack);
    }

    const tags = { 'kotohajime:platform': name, ...config.tags };
    for (const [key, value] of Object.entries(tags)) cdk.Tags.of(this).add(key, value);
  }
}

/** The add-ons that run on nodes: CoreDNS, and those the config names. */
function platformAddons(config: PlatformConfig): NodeAddon[] {
  const names = new Set<AddonName>([...CORE_ADDONS, ...(Object.keys(config.addons ?? {}) as AddonName[])]);
  return [...names]
    .filter((name) => ADDONS[name].when === 'after-nodes')
    .map((name) => ({ name, version: versionOf(name, config), configuration: config.addons?.[name]?.configuration }));
}

function versionOf(name: AddonName, { addons, controlPlane }: PlatformConfig): string {
  // the rules refuse a config in which an add-on has neither
  return addons?.[name]?.version ?? pinnedAddonVersion(name, controlPlane.version) ?? '';
}

function pick<T>(all: Readonly<Record<string, T>>, keys: readonly string[]): Record<string, T> {
  return Object.fromEntries(Object.entries(all).filter(([key]) => keys.includes(key)));
}
