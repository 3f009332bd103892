import { isZoneId } from '../network/zone';
import type { IpFamily, VpcCniSettings } from './vpc-cni-settings';

/** What the add-on's configuration takes from the cluster around it. */
export interface ConfigurationContext {
  /**
   * The cluster's address family.
   *
   * @default 'ipv4'
   */
  readonly ipFamily?: IpFamily;
  /**
   * The cluster's region, with `customNetworking`.
   *
   * @default - none
   */
  readonly region?: string;
  /**
   * Ids of the pod subnets by zone, with `customNetworking`.
   *
   * @default - none
   */
  readonly podSubnetIds?: Readonly<Record<string, string>>;
}

/** Turns a setting into what stands at one place of the configuration; undefined leaves the place out. */
type Render<T> = (value: T, context: ConfigurationContext) => unknown;

/** Each place a setting goes to, as a path in the add-on's configuration, and what stands there. */
type Places<T> = Readonly<Record<string, Render<T>>>;

// the add-on's schema takes texts for nearly everything, numbers and booleans too
const asText = (value: string | number | boolean): string => String(value);
const opposite = (value: boolean): string => String(!value);
const commaSeparated = (values: readonly string[]): string | undefined =>
  values.length > 0 ? values.join(',') : undefined;
const asIs = (value: unknown): unknown => value;
const on = (): string => 'true';

/**
 * Where each setting goes: environment variables of the `aws-node` pod (`env`), of its init container (`init.env`) or
 * keys of the add-on's configuration. The compiler refuses a missing row.
 *
 * @see https://github.com/aws/amazon-vpc-cni-k8s/blob/v1.23.1/README.md
 * @see https://github.com/aws/amazon-vpc-cni-k8s/blob/v1.23.1/charts/aws-vpc-cni/templates/eniconfig.yaml
 */
export const DESTINATIONS: { readonly [K in keyof Required<VpcCniSettings>]: Places<NonNullable<VpcCniSettings[K]>> } =
  {
    prefixDelegation: { 'env.ENABLE_PREFIX_DELEGATION': asText },
    warmEniTarget: { 'env.WARM_ENI_TARGET': asText },
    warmIpTarget: { 'env.WARM_IP_TARGET': asText },
    minimumIpTarget: { 'env.MINIMUM_IP_TARGET': asText },
    warmPrefixTarget: { 'env.WARM_PREFIX_TARGET': asText },
    maxEni: { 'env.MAX_ENI': asText },
    ipCooldownSeconds: { 'env.IP_COOLDOWN_PERIOD': asText },
    subnetDiscovery: { 'env.ENABLE_SUBNET_DISCOVERY': asText },
    multiNic: { 'env.ENABLE_MULTI_NIC': asText },
    additionalEniTags: { 'env.ADDITIONAL_ENI_TAGS': (tags) => JSON.stringify(tags) },
    leakedEniCleanup: { 'env.DISABLE_LEAKED_ENI_CLEANUP': opposite },
    manageEnisNonSchedulable: { 'env.AWS_MANAGE_ENIS_NON_SCHEDULABLE': asText },
    customNetworking: {
      'env.AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG': on,
      // each ENIConfig is named as its zone, which is the value of this label on the nodes of the zone
      'env.ENI_CONFIG_LABEL_DEF': (_, { podSubnetIds = {} }) =>
        Object.keys(podSubnetIds).some(isZoneId) ? 'topology.k8s.aws/zone-id' : 'topology.kubernetes.io/zone',
      eniConfig: ({ securityGroupIds = [] }, { region, podSubnetIds = {} }) => ({
        create: true,
        region,
        subnets: Object.fromEntries(
          Object.entries(podSubnetIds).map(([zone, id]) => [
            zone,
            securityGroupIds.length > 0 ? { id, securityGroups: securityGroupIds } : { id },
          ]),
        ),
      }),
    },
    podSecurityGroups: {
      'env.ENABLE_POD_ENI': on,
      'env.POD_SECURITY_GROUP_ENFORCING_MODE': ({ enforcingMode = 'strict' }) => enforcingMode,
      'init.env.DISABLE_TCP_EARLY_DEMUX': ({ enforcingMode = 'strict', tcpEarlyDemux }) =>
        tcpEarlyDemux !== undefined ? opposite(tcpEarlyDemux) : enforcingMode === 'strict' ? 'true' : undefined,
    },
    networkPolicy: {
      enableNetworkPolicy: (policy) => (typeof policy === 'boolean' ? String(policy) : 'true'),
      'env.NETWORK_POLICY_ENFORCING_MODE': (policy) => (typeof policy === 'boolean' ? undefined : policy.enforcingMode),
      'nodeAgent.enablePolicyEventLogs': (policy) => (typeof policy === 'boolean' ? undefined : flag(policy.eventLogs)),
      'nodeAgent.enableCloudWatchLogs': (policy) =>
        typeof policy === 'boolean' ? undefined : flag(policy.cloudWatchLogs),
    },
    externalSnat: { 'env.AWS_VPC_K8S_CNI_EXTERNALSNAT': asText },
    excludeSnatCidrs: { 'env.AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS': commaSeparated },
    randomizeSnat: { 'env.AWS_VPC_K8S_CNI_RANDOMIZESNAT': asText },
    externalServiceCidrs: { 'env.AWS_EXTERNAL_SERVICE_CIDRS': commaSeparated },
    eniMtu: { 'env.AWS_VPC_ENI_MTU': asText },
    podMtu: { 'env.POD_MTU': asText },
    nodePortSupport: { 'env.AWS_VPC_CNI_NODE_PORT_SUPPORT': asText },
    bandwidthPlugin: { 'env.ENABLE_BANDWIDTH_PLUGIN': asText },
    v4Egress: { 'env.ENABLE_V4_EGRESS': asText },
    v6Egress: { 'env.ENABLE_V6_EGRESS': asText, 'init.env.ENABLE_V6_EGRESS': asText },
    podIpv6: { 'env.DISABLE_POD_V6': opposite },
    vethPrefix: { 'env.AWS_VPC_K8S_CNI_VETHPREFIX': asText },
    logLevel: { 'env.AWS_VPC_K8S_CNI_LOGLEVEL': asText },
    pluginLogLevel: { 'env.AWS_VPC_K8S_PLUGIN_LOG_LEVEL': asText },
    logFile: { 'env.AWS_VPC_K8S_CNI_LOG_FILE': asText },
    pluginLogFile: { 'env.AWS_VPC_K8S_PLUGIN_LOG_FILE': asText },
    metrics: { 'env.DISABLE_METRICS': opposite },
    introspection: { 'env.DISABLE_INTROSPECTION': opposite },
    annotatePodIp: { 'env.ANNOTATE_POD_IP': asText },
    ec2Endpoint: { 'env.AWS_EC2_ENDPOINT': asText },
    windowsIpam: { enableWindowsIpam: asText },
    livenessProbeTimeoutSeconds: { livenessProbeTimeoutSeconds: asIs },
    readinessProbeTimeoutSeconds: { readinessProbeTimeoutSeconds: asIs },
    resources: { resources: asIs },
    tolerations: { tolerations: asIs },
  };

/** What stands at one place of the configuration, and the setting that put it there. */
export interface Placed {
  /** Such as `env.WARM_IP_TARGET`. */
  readonly path: string;
  /** What stands there. */
  readonly value: unknown;
  /** The setting's name. */
  readonly setting: keyof VpcCniSettings;
}

/** Everything the settings put into the add-on's configuration, in the order of its paths. */
export function placed(settings: VpcCniSettings, context: ConfigurationContext = {}): Placed[] {
  // the CNI does not start on an IPv6 cluster without prefixes, so they are not left to the add-on's defaults
  const effective = context.ipFamily === 'ipv6' ? { ...settings, prefixDelegation: true } : settings;
  const rows = Object.entries(DESTINATIONS) as [keyof VpcCniSettings, Places<unknown>][];
  return rows
    .filter(([setting]) => effective[setting] !== undefined)
    .flatMap(([setting, places]) =>
      Object.entries(places).map(([path, render]) => ({ path, value: render(effective[setting], context), setting })),
    )
    .filter(({ value }) => value !== undefined)
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The add-on's configuration values; undefined if the add-on's defaults are all that is wanted. */
export function toConfiguration(
  settings: VpcCniSettings,
  context: ConfigurationContext = {},
): Readonly<Record<string, unknown>> | undefined {
  const all = placed(settings, context);
  return all.length === 0 ? undefined : nested(all.map(({ path, value }) => [path.split('.'), value]));
}

function nested(values: readonly (readonly [readonly string[], unknown])[]): Record<string, unknown> {
  const heads = [...new Set(values.map(([[head = '']]) => head))];
  return Object.fromEntries(
    heads.map((head) => {
      const inside = values.filter(([path]) => path[0] === head);
      const leaf = inside.find(([path]) => path.length === 1);
      return [head, leaf === undefined ? nested(inside.map(([path, value]) => [path.slice(1), value])) : leaf[1]];
    }),
  );
}

function flag(value: boolean | undefined): string | undefined {
  return value === undefined ? undefined : String(value);
}
