import { createHash } from 'node:crypto';
import { withoutRetired } from './pod-network-settings';
import type { IpFamily, VpcCniSettings } from './vpc-cni-settings';

/** How pods get their addresses: what decides how many pods a node can run, and what a node keeps for its life. */
export interface PodNetworkMode {
  /** The family of pod addresses. */
  readonly ipFamily: IpFamily;
  /** Whether interfaces take /28 (on IPv6 /80) prefixes. */
  readonly prefixDelegation: boolean;
  /** Whether pods have subnets of their own, so that the node's first interface serves none. */
  readonly customNetworking: boolean;
  /** Whether pods may have security groups of their own, so that one interface is their trunk. */
  readonly podSecurityGroups: boolean;
  /** The most interfaces of a node; undefined for as many as its type takes. */
  readonly maxEni: number | undefined;
}

/** The mode that the settings come to. */
export function podNetworkMode(given: VpcCniSettings, ipFamily: IpFamily = 'ipv4'): PodNetworkMode {
  const settings = withoutRetired(given);
  return {
    ipFamily,
    prefixDelegation: ipFamily === 'ipv6' || (settings.prefixDelegation ?? false),
    customNetworking: settings.customNetworking !== undefined,
    podSecurityGroups: settings.podSecurityGroups !== undefined,
    maxEni: settings.maxEni,
  };
}

/**
 * A short text that differs if and only if running nodes, and the pods on them, are wrong for the settings; for launch
 * templates to carry, so that a change of mode rolls the nodes. Only characters a tag value may have.
 *
 * What running nodes take up by themselves (warm targets, SNAT, logs, resources) is not in it, nor are defaults that are
 * written out.
 */
export function cniModeFingerprint(settings: VpcCniSettings, ipFamily: IpFamily = 'ipv4'): string {
  const { prefixDelegation } = podNetworkMode(settings, ipFamily);
  const { customNetworking, podSecurityGroups, vethPrefix = 'eni' } = withoutRetired(settings);
  const groups = [...(customNetworking?.securityGroupIds ?? [])].sort();
  const text = [
    ipFamily,
    prefixDelegation ? 'prefixes' : 'addresses',
    // in their order: new interfaces come from the last range
    ...(customNetworking === undefined ? [] : [`pods-in=${customNetworking.cidrs.join('+')}`]),
    ...(groups.length === 0 ? [] : [`pods-behind=${groups.join('+')}`]),
    ...(podSecurityGroups === undefined ? [] : [`pod-eni=${podSecurityGroups.enforcingMode ?? 'strict'}`]),
    ...(vethPrefix === 'eni' ? [] : [`veth=${vethPrefix}`]),
  ].join(' ');
  if (text.length <= TAG_VALUE) return text;
  return `${text.slice(0, TAG_VALUE - 13)} ${createHash('sha256').update(text).digest('hex').slice(0, 12)}`;
}

/** Characters a tag's value may have. */
const TAG_VALUE = 256;
