import { flag, integer, isPlainObject, listOf, mapOf, object, oneOf, optional, text, type Check } from '../shape';
import { problem, within } from '../validate';
import { addressProblems } from './address-rules';
import { agentProblems } from './agent-rules';
import { LOG_LEVELS, type AgentResources, type AgentToleration, type ResourceQuantities } from './agent-settings';
import { podNetworkProblems } from './pod-network-rules';
import type { CustomNetworking, NetworkPolicyEnforcement, PodSecurityGroups } from './pod-network-settings';
import { trafficProblems } from './traffic-rules';
import { versionProblems } from './version-rules';
import type { VpcCniContext, VpcCniSettings } from './vpc-cni-settings';

/** Plain true or false, or an object that says more. */
function flagOr(shape: Check): Check {
  return (value, property) => {
    if (typeof value === 'boolean') return [];
    return isPlainObject(value)
      ? shape(value, property)
      : [problem(property, 'must be true, false or an object', value)];
  };
}

/** An object whose being there turns something on, for who writes `true`. */
function presence(shape: Check, inShort: string): Check {
  return (value, property) => {
    if (isPlainObject(value)) return shape(value, property);
    const remedy = value === false ? 'take it out' : value === true ? `write \`${inShort}\`` : undefined;
    return [problem(property, 'must be an object', value, remedy)];
  };
}

const anyText: Check = (value, property) =>
  typeof value === 'string' ? [] : [problem(property, 'must be a text', value)];

const quantities = object<ResourceQuantities>({ cpu: optional(text), memory: optional(text) });

/** The form of {@link VpcCniSettings}. */
export const vpcCniShape = object<VpcCniSettings>({
  prefixDelegation: optional(flag),
  warmEniTarget: optional(integer(0)),
  warmIpTarget: optional(integer(0)),
  minimumIpTarget: optional(integer(0)),
  warmPrefixTarget: optional(integer(0)),
  maxEni: optional(integer(1)),
  ipCooldownSeconds: optional(integer(0)),
  subnetDiscovery: optional(flag),
  multiNic: optional(flag),
  additionalEniTags: optional(mapOf(anyText)),
  leakedEniCleanup: optional(flag),
  manageEnisNonSchedulable: optional(flag),
  customNetworking: optional(
    presence(
      object<CustomNetworking>({
        cidrs: listOf(text),
        securityGroupIds: optional(listOf(text)),
        retire: optional(flag),
      }),
      "{ cidrs: ['100.64.0.0/16'] }",
    ),
  ),
  podSecurityGroups: optional(
    presence(
      object<PodSecurityGroups>({
        enforcingMode: optional(oneOf('strict', 'standard')),
        tcpEarlyDemux: optional(flag),
      }),
      '{}',
    ),
  ),
  networkPolicy: optional(
    flagOr(
      object<NetworkPolicyEnforcement>({
        enforcingMode: optional(oneOf('standard', 'strict')),
        eventLogs: optional(flag),
        cloudWatchLogs: optional(flag),
      }),
    ),
  ),
  externalSnat: optional(flag),
  excludeSnatCidrs: optional(listOf(text)),
  randomizeSnat: optional(oneOf('prng', 'hashrandom', 'none')),
  externalServiceCidrs: optional(listOf(text)),
  eniMtu: optional(integer(1)),
  podMtu: optional(integer(1)),
  nodePortSupport: optional(flag),
  bandwidthPlugin: optional(flag),
  v4Egress: optional(flag),
  v6Egress: optional(flag),
  podIpv6: optional(flag),
  vethPrefix: optional(text),
  logLevel: optional(oneOf(...LOG_LEVELS)),
  pluginLogLevel: optional(oneOf(...LOG_LEVELS)),
  logFile: optional(text),
  pluginLogFile: optional(text),
  metrics: optional(flag),
  introspection: optional(flag),
  annotatePodIp: optional(flag),
  ec2Endpoint: optional(text),
  windowsIpam: optional(flag),
  livenessProbeTimeoutSeconds: optional(integer(1)),
  readinessProbeTimeoutSeconds: optional(integer(1)),
  resources: optional(object<AgentResources>({ requests: optional(quantities), limits: optional(quantities) })),
  tolerations: optional(
    listOf(
      object<AgentToleration>({
        key: optional(text),
        operator: optional(oneOf('Equal', 'Exists')),
        value: optional(anyText),
        effect: optional(oneOf('NoSchedule', 'PreferNoSchedule', 'NoExecute')),
        tolerationSeconds: optional(integer(0)),
      }),
    ),
  ),
});

/** Combinations that AWS refuses, that stop the CNI from starting or that it ignores in silence. */
export function vpcCniProblems(settings: VpcCniSettings, holder = '', context: VpcCniContext = {}): string[] {
  const at = (property: string): string => within(holder, property);
  const ipv6 = context.ipFamily === 'ipv6';
  return [
    ...addressProblems(settings, ipv6, at),
    ...podNetworkProblems(settings, ipv6, at),
    ...trafficProblems(settings, ipv6, at),
    ...agentProblems(settings, ipv6, at),
    ...versionProblems(settings, context, at),
  ];
}
