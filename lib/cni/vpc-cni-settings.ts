import type { AddressSettings } from './address-settings';
import type { AgentSettings } from './agent-settings';
import type { PodNetworkSettings } from './pod-network-settings';
import type { TrafficSettings } from './traffic-settings';

/** Settings of the Amazon VPC CNI, by their own names in camel case. Where each goes: see `DESTINATIONS`. */
export interface VpcCniSettings extends AddressSettings, PodNetworkSettings, TrafficSettings, AgentSettings {}

/** The address family of a cluster's pods and services, fixed when the cluster is made. */
export type IpFamily = 'ipv4' | 'ipv6';

/** What the rules take from the cluster around the settings. */
export interface VpcCniContext {
  /**
   * The cluster's address family.
   *
   * @default 'ipv4'
   */
  readonly ipFamily?: IpFamily;
  /**
   * The add-on's exact version.
   *
   * @default - not known: what depends on it is not looked at
   */
  readonly addonVersion?: string;
}
