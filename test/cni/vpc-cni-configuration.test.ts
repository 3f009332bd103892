import { DESTINATIONS, toConfiguration } from '../../lib/cni/vpc-cni-configuration';
import type { VpcCniSettings } from '../../lib/cni/vpc-cni-settings';

test('without settings the add-on keeps its defaults', () => {
  expect(toConfiguration({})).toBeUndefined();
});

const tolerations = [{ operator: 'Exists' }] as const;
const resources = { requests: { cpu: '50m', memory: '64Mi' }, limits: { memory: '256Mi' } };

/** At least one row for each setting: what is written, and the whole configuration it becomes. */
const ROWS: readonly (readonly [VpcCniSettings, unknown])[] = [
  [{ prefixDelegation: true }, { env: { ENABLE_PREFIX_DELEGATION: 'true' } }],
  [{ prefixDelegation: false }, { env: { ENABLE_PREFIX_DELEGATION: 'false' } }],
  [{ warmEniTarget: 2 }, { env: { WARM_ENI_TARGET: '2' } }],
  [{ warmIpTarget: 0, minimumIpTarget: 5 }, { env: { WARM_IP_TARGET: '0', MINIMUM_IP_TARGET: '5' } }],
  [{ warmPrefixTarget: 1 }, { env: { WARM_PREFIX_TARGET: '1' } }],
  [{ maxEni: 3 }, { env: { MAX_ENI: '3' } }],
  [{ ipCooldownSeconds: 0 }, { env: { IP_COOLDOWN_PERIOD: '0' } }],
  [{ subnetDiscovery: false }, { env: { ENABLE_SUBNET_DISCOVERY: 'false' } }],
  [{ multiNic: true }, { env: { ENABLE_MULTI_NIC: 'true' } }],
  [
    { additionalEniTags: { team: 'shop', 'cost "x"': '' } },
    { env: { ADDITIONAL_ENI_TAGS: '{"team":"shop","cost \\"x\\"":""}' } },
  ],
  [{ leakedEniCleanup: false }, { env: { DISABLE_LEAKED_ENI_CLEANUP: 'true' } }],
  [{ leakedEniCleanup: true }, { env: { DISABLE_LEAKED_ENI_CLEANUP: 'false' } }],
  [{ manageEnisNonSchedulable: true }, { env: { AWS_MANAGE_ENIS_NON_SCHEDULABLE: 'true' } }],
  [
    { podSecurityGroups: {} },
    {
      env: { ENABLE_POD_ENI: 'true', POD_SECURITY_GROUP_ENFORCING_MODE: 'strict' },
      init: { env: { DISABLE_TCP_EARLY_DEMUX: 'true' } },
    },
  ],
  [
    { podSecurityGroups: { enforcingMode: 'strict', tcpEarlyDemux: true } },
    {
      env: { ENABLE_POD_ENI: 'true', POD_SECURITY_GROUP_ENFORCING_MODE: 'strict' },
      init: { env: { DISABLE_TCP_EARLY_DEMUX: 'false' } },
    },
  ],
  [
    { podSecurityGroups: { enforcingMode: 'standard' } },
    { env: { ENABLE_POD_ENI: 'true', POD_SECURITY_GROUP_ENFORCING_MODE: 'standard' } },
  ],
  [
    { podSecurityGroups: { enforcingMode: 'standard', tcpEarlyDemux: false } },
    {
      env: { ENABLE_POD_ENI: 'true', POD_SECURITY_GROUP_ENFORCING_MODE: 'standard' },
      init: { env: { DISABLE_TCP_EARLY_DEMUX: 'true' } },
    },
  ],
  [{ networkPolicy: true }, { enableNetworkPolicy: 'true' }],
  [{ networkPolicy: false }, { enableNetworkPolicy: 'false' }],
  [{ networkPolicy: {} }, { enableNetworkPolicy: 'true' }],
  [
    { networkPolicy: { enforcingMode: 'strict', eventLogs: true, cloudWatchLogs: false } },
    {
      enableNetworkPolicy: 'true',
      env: { NETWORK_POLICY_ENFORCING_MODE: 'strict' },
      nodeAgent: { enablePolicyEventLogs: 'true', enableCloudWatchLogs: 'false' },
    },
  ],
  [{ externalSnat: true }, { env: { AWS_VPC_K8S_CNI_EXTERNALSNAT: 'true' } }],
  [
    { excludeSnatCidrs: ['192.168.0.0/16', '172.16.0.0/12'] },
    { env: { AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS: '192.168.0.0/16,172.16.0.0/12' } },
  ],
  [{ excludeSnatCidrs: [] }, undefined],
  [{ randomizeSnat: 'hashrandom' }, { env: { AWS_VPC_K8S_CNI_RANDOMIZESNAT: 'hashrandom' } }],
  [{ externalServiceCidrs: ['10.9.0.0/24'] }, { env: { AWS_EXTERNAL_SERVICE_CIDRS: '10.9.0.0/24' } }],
  [{ eniMtu: 1500 }, { env: { AWS_VPC_ENI_MTU: '1500' } }],
  [{ podMtu: 1400 }, { env: { POD_MTU: '1400' } }],
  [{ nodePortSupport: false }, { env: { AWS_VPC_CNI_NODE_PORT_SUPPORT: 'false' } }],
  [{ bandwidthPlugin: true }, { env: { ENABLE_BANDWIDTH_PLUGIN: 'true' } }],
  [{ v4Egress: false }, { env: { ENABLE_V4_EGRESS: 'false' } }],
  [{ v6Egress: true }, { env: { ENABLE_V6_EGRESS: 'true' }, init: { env: { ENABLE_V6_EGRESS: 'true' } } }],
  [{ podIpv6: false }, { env: { DISABLE_POD_V6: 'true' } }],
  [{ vethPrefix: 'pod' }, { env: { AWS_VPC_K8S_CNI_VETHPREFIX: 'pod' } }],
  [{ logLevel: 'INFO' }, { env: { AWS_VPC_K8S_CNI_LOGLEVEL: 'INFO' } }],
  [{ pluginLogLevel: 'ERROR' }, { env: { AWS_VPC_K8S_PLUGIN_LOG_LEVEL: 'ERROR' } }],
  [{ logFile: 'stdout' }, { env: { AWS_VPC_K8S_CNI_LOG_FILE: 'stdout' } }],
  [{ pluginLogFile: 'stderr' }, { env: { AWS_VPC_K8S_PLUGIN_LOG_FILE: 'stderr' } }],
  [{ metrics: false }, { env: { DISABLE_METRICS: 'true' } }],
  [{ introspection: false }, { env: { DISABLE_INTROSPECTION: 'true' } }],
  [{ annotatePodIp: true }, { env: { ANNOTATE_POD_IP: 'true' } }],
  [{ ec2Endpoint: 'https://ec2.internal' }, { env: { AWS_EC2_ENDPOINT: 'https://ec2.internal' } }],
  [{ windowsIpam: true }, { enableWindowsIpam: 'true' }],
  [{ livenessProbeTimeoutSeconds: 30 }, { livenessProbeTimeoutSeconds: 30 }],
  [{ readinessProbeTimeoutSeconds: 20 }, { readinessProbeTimeoutSeconds: 20 }],
  [{ resources }, { resources }],
  [{ tolerations }, { tolerations }],
];

test.each(ROWS)('%j becomes %j', (settings, configuration) => {
  expect(toConfiguration(settings)).toEqual(configuration);
});

const podSubnetIds = { 'eu-west-1a': 'subnet-1', 'eu-west-1b': 'subnet-2' };

test.each([
  [undefined, {}],
  [[], {}],
  [['sg-01234567'], { securityGroups: ['sg-01234567'] }],
])('custom networking with the security groups %j names a subnet for each zone', (securityGroupIds, groups) => {
  const settings = { customNetworking: { cidrs: ['100.64.0.0/16'], securityGroupIds } };
  expect(toConfiguration(settings, { region: 'eu-west-1', podSubnetIds })).toEqual({
    env: { AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: 'true', ENI_CONFIG_LABEL_DEF: 'topology.kubernetes.io/zone' },
    eniConfig: {
      create: true,
      region: 'eu-west-1',
      subnets: { 'eu-west-1a': { id: 'subnet-1', ...groups }, 'eu-west-1b': { id: 'subnet-2', ...groups } },
    },
  });
});

test('where zones are ids, the label is that of ids', () => {
  const byId = { 'euw1-az1': 'subnet-1', 'euw1-az2': 'subnet-2' };
  const settings = { customNetworking: { cidrs: ['100.64.0.0/16'] } };
  expect(toConfiguration(settings, { region: 'eu-west-1', podSubnetIds: byId })).toMatchObject({
    env: { ENI_CONFIG_LABEL_DEF: 'topology.k8s.aws/zone-id' },
    eniConfig: { subnets: { 'euw1-az1': { id: 'subnet-1' } } },
  });
});

test('every setting has a row above', () => {
  const tested = new Set(['customNetworking', ...ROWS.flatMap(([settings]) => Object.keys(settings))]);
  expect([...tested].sort()).toEqual(Object.keys(DESTINATIONS).sort());
});

test('no two settings go to one place', () => {
  const places = Object.values(DESTINATIONS).flatMap((each) => Object.keys(each));
  expect(new Set(places).size).toBe(places.length);
});

test('an IPv6 cluster has prefixes without being told, and the add-on is not left to guess', () => {
  expect(toConfiguration({}, { ipFamily: 'ipv6' })).toEqual({ env: { ENABLE_PREFIX_DELEGATION: 'true' } });
});

test('the text does not depend on the order settings are written in', () => {
  const one = toConfiguration({ logLevel: 'INFO', networkPolicy: true, prefixDelegation: true });
  const other = toConfiguration({ prefixDelegation: true, networkPolicy: true, logLevel: 'INFO' });
  expect(JSON.stringify(one)).toBe(JSON.stringify(other));
  expect(JSON.stringify(one)).toBe(
    '{"enableNetworkPolicy":"true","env":{"AWS_VPC_K8S_CNI_LOGLEVEL":"INFO","ENABLE_PREFIX_DELEGATION":"true"}}',
  );
});
