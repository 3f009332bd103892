import { platforms } from '../config';
import { examples } from '../examples';
import { problems } from '../lib/problems';

test.each(Object.entries({ ...platforms, ...examples }))('%s has no problem', (_, config) => {
  expect(problems(config)).toEqual([]);
});

/** A platform without mistakes, as plain data, to break one thing at a time. */
function sound(): Record<string, unknown> {
  return {
    env: { account: '111122223333', region: 'eu-west-1' },
    network: { cidr: '10.0.0.0/16', zones: { 'eu-west-1a': {}, 'eu-west-1b': {}, 'eu-west-1c': {} }, nat: 'single' },
    controlPlane: { version: '1.35', zones: ['eu-west-1a', 'eu-west-1b'] },
    nodeGroups: {
      system: { zones: ['eu-west-1a'], instanceTypes: ['m7g.large'], scaling: { min: 1, desired: 2, max: 3 } },
    },
    access: { grants: { root: { principal: 'arn:aws:iam::111122223333:role/BreakGlass', can: 'cluster-admin' } } },
  };
}

test('the config that the rows below break is sound', () => {
  expect(problems(sound())).toEqual([]);
});

/** Sets `a.b.c` in a copy of the sound config; undefined takes it out. */
function broken(changes: Readonly<Record<string, unknown>>): unknown {
  const config = sound();
  for (const [path, value] of Object.entries(changes)) {
    const keys = path.split('/');
    const last = keys.pop() ?? '';
    let holder: Record<string, unknown> = config;
    for (const key of keys) holder = (holder[key] ??= {}) as Record<string, unknown>;
    if (value === undefined) delete holder[last];
    else holder[last] = value;
  }
  return config;
}

const role = (name: string): string => `arn:aws:iam::111122223333:role/${name}`;
const grant = (value: unknown): Record<string, unknown> => ({ 'access/grants/x': value });

/** What the user wrote, and the whole of what is said. */
const ROWS: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
  // form
  ['an unknown property', { 'network/natGateways': 1 }],
  ['a slip in a property', { 'network/zone': {} }],
  ['a section missing', { access: undefined }],
  ['a required property missing', { 'network/cidr': undefined }],
  ['a number for a text', { 'controlPlane/version': 1.35 }],
  ['a text for a number', { 'nodeGroups/system/scaling/min': '1' }],
  ['a list for a map', { nodeGroups: [] }],
  // env
  ['a malformed account', { 'env/account': '1111-2222-3333' }],
  ['a number as account', { 'env/account': 111122223333 }],
  ['a malformed region', { 'env/region': 'eu-west' }],
  // A. network
  ['a VPC larger than EC2 takes', { 'network/cidr': '10.0.0.0/15' }],
  ['a VPC too small for its tiers', { 'network/cidr': '10.0.0.0/21' }],
  ['host bits', { 'network/cidr': '10.0.0.1/16' }],
  ['no CIDR at all', { 'network/cidr': '10.0.0.0' }],
  ['an octet above 255', { 'network/cidr': '10.0.256.0/16' }],
  ['a zone of another region', { 'network/zones': { 'eu-west-1a': {}, 'eu-west-1b': {}, 'eu-central-1a': {} } }],
  ['a Local Zone', { 'network/zones': { 'eu-west-1a': {}, 'eu-west-1b': {}, 'eu-west-1-lon-1a': {} } }],
  ['one zone', { 'network/zones': { 'eu-west-1a': {} }, 'controlPlane/zones': ['eu-west-1a'] }],
  ['an unknown NAT mode', { 'network/nat': 'per-az' }],
  ['a NAT zone that is not there', { 'network/natZone': 'eu-west-1d' }],
  ['a NAT zone without a single NAT', { 'network/nat': 'per-zone', 'network/natZone': 'eu-west-1a' }],
  [
    'no NAT and a missing endpoint',
    { 'network/nat': 'none', 'network/interfaceEndpoints': ['ec2', 'ecr.api', 'ecr.dkr', 'eks', 'sts'] },
  ],
  ['a full endpoint name', { 'network/interfaceEndpoints': ['com.amazonaws.eu-west-1.sts'] }],
  ['an endpoint twice', { 'network/interfaceEndpoints': ['sts', 'sts'] }],
  ['an endpoint that is a gateway already', { 'network/interfaceEndpoints': ['s3'] }],
  ['a retention CloudWatch does not know', { 'network/flowLogRetentionDays': 31 }],
  ['a service range over the VPC', { 'controlPlane/serviceIpv4Cidr': '10.0.0.0/16' }],
  ['a service range outside RFC 1918', { 'controlPlane/serviceIpv4Cidr': '100.64.0.0/16' }],
  ['a service range of /25', { 'controlPlane/serviceIpv4Cidr': '172.20.0.0/25' }],
  ['a service range of /8', { 'controlPlane/serviceIpv4Cidr': '10.0.0.0/8' }],
  ['the default service range over the VPC', { 'network/cidr': '172.20.0.0/16' }],
  // C. control plane
  ['a malformed version', { 'controlPlane/version': 'v1.35' }],
  ['a patch version', { 'controlPlane/version': '1.35.2' }],
  ['a version older than the table', { 'controlPlane/version': '1.29' }],
  ['a version newer than the table', { 'controlPlane/version': '1.99' }],
  ['a control plane in one zone', { 'controlPlane/zones': ['eu-west-1a'] }],
  ['a control plane zone twice', { 'controlPlane/zones': ['eu-west-1a', 'eu-west-1a'] }],
  ['a control plane in a zone the network lacks', { 'controlPlane/zones': ['eu-west-1a', 'eu-west-1d'] }],
  ['a control plane in a retiring zone', { 'network/zones/eu-west-1b': { retire: true } }],
  ['a public endpoint without CIDRs', { 'controlPlane/publicAccessCidrs': [] }],
  ['a private range on the public endpoint', { 'controlPlane/publicAccessCidrs': ['192.168.1.0/24'] }],
  ['a malformed CIDR on the public endpoint', { 'controlPlane/publicAccessCidrs': ['203.0.113.7'] }],
  ['an unknown log type', { 'controlPlane/logTypes': ['audits'] }],
  ['a log type twice', { 'controlPlane/logTypes': ['audit', 'audit'] }],
  // D. access
  ['a session instead of a role', grant({ principal: 'arn:aws:sts::111122223333:assumed-role/Dev/mei', can: 'view' })],
  ['a malformed ARN', grant({ principal: 'arn:aws:iam:111122223333:role/Dev', can: 'view' })],
  ['an IAM group', grant({ principal: 'arn:aws:iam::111122223333:group/Dev', can: 'view' })],
  ['the account root', grant({ principal: 'arn:aws:iam::111122223333:root', can: 'view' })],
  [
    'a service-linked role',
    grant({ principal: role('aws-service-role/elasticmapreduce.amazonaws.com/X'), can: 'view' }),
  ],
  ['the wrong partition', grant({ principal: 'arn:aws-cn:iam::111122223333:role/Dev', can: 'view' })],
  [
    'one principal twice, in another case',
    grant({ principal: role('breakglass').replace('breakglass', 'BREAKGLASS'), can: 'view' }),
  ],
  ['no administrator left', { 'access/grants/root/can': 'admin' }],
  [
    'an administrator in aws-auth only',
    { 'access/grants/root/renderAs': 'aws-auth', 'access/authenticationMode': 'API_AND_CONFIG_MAP' },
  ],
  ['the mode CONFIG_MAP', { 'access/authenticationMode': 'CONFIG_MAP' }],
  ['aws-auth with mode API', grant({ principal: role('Ci'), groups: ['ci'], renderAs: 'aws-auth' })],
  ['system:masters as a group', grant({ principal: role('Ci'), groups: ['system:masters'] })],
  ['a reserved user name', grant({ principal: role('Ci'), groups: ['ci'], username: 'system:admin' })],
  ['a grant of nothing', grant({ principal: role('Ci') })],
  ['namespaces that are none', grant({ principal: role('Ci'), can: 'edit', namespaces: [] })],
  ['namespaces for cluster-admin', grant({ principal: role('Ci'), can: 'cluster-admin', namespaces: ['shop'] })],
  ['a malformed namespace', grant({ principal: role('Ci'), can: 'edit', namespaces: ['Shop'] })],
  [
    'namespaces in aws-auth',
    {
      ...grant({ principal: role('Ci'), can: 'edit', namespaces: ['shop'], renderAs: 'aws-auth' }),
      'access/authenticationMode': 'API_AND_CONFIG_MAP',
    },
  ],
  [
    'two roles aws-auth cannot tell apart',
    {
      'access/authenticationMode': 'API_AND_CONFIG_MAP',
      'access/grants/x': { principal: role('a/Ci'), groups: ['ci'], renderAs: 'aws-auth' },
      'access/grants/y': { principal: role('b/Ci'), groups: ['ci'], renderAs: 'aws-auth' },
    },
  ],
  [
    'aws-auth without a route',
    {
      'access/authenticationMode': 'API_AND_CONFIG_MAP',
      ...grant({ principal: role('Ci'), groups: ['ci'], renderAs: 'aws-auth' }),
      'network/nat': 'none',
      'network/interfaceEndpoints': ['ec2', 'ecr.api', 'ecr.dkr', 'eks-auth', 'eks'],
    },
  ],
  // E. node groups
  ['min above max', { 'nodeGroups/system/scaling': { min: 4, max: 3 } }],
  ['desired below min', { 'nodeGroups/system/scaling': { min: 2, desired: 1, max: 3 } }],
  ['desired above max', { 'nodeGroups/system/scaling': { min: 1, desired: 4, max: 3 } }],
  ['max 0', { 'nodeGroups/system/scaling': { min: 0, max: 0 } }],
  ['more nodes than a group may have', { 'nodeGroups/system/scaling': { min: 0, max: 451 } }],
  ['an image of another architecture', { 'nodeGroups/system/amiType': 'AL2023_x86_64_STANDARD' }],
  ['two architectures', { 'nodeGroups/system/instanceTypes': ['m7g.large', 'm7i.large'] }],
  ['an unknown instance type', { 'nodeGroups/system/instanceTypes': ['m7g.larg'] }],
  ['an image of AL2', { 'nodeGroups/system/amiType': 'AL2_x86_64' }],
  ['no instance type', { 'nodeGroups/system/instanceTypes': [] }],
  ['a label of kubelet', { 'nodeGroups/system/labels': { 'node-role.kubernetes.io/worker': 'true' } }],
  ['a label of EKS', { 'nodeGroups/system/labels': { 'eks.amazonaws.com/x': 'y' } }],
  ['a malformed label value', { 'nodeGroups/system/labels': { team: 'a b' } }],
  [
    '51 taints',
    {
      'nodeGroups/system/taints': Array.from({ length: 51 }, (_, i) => ({
        key: `k${i}`,
        effect: 'PREFER_NO_SCHEDULE',
      })),
    },
  ],
  ['maxUnavailable 101', { 'nodeGroups/system/maxUnavailable': 101 }],
  ['hop limit 65', { 'nodeGroups/system/metadataHopLimit': 65 }],
  [
    'a name EKS refuses',
    { nodeGroups: { System_A: sound().nodeGroups && (sound().nodeGroups as Record<string, unknown>).system } },
  ],
  ['a group in a zone the network lacks', { 'nodeGroups/system/zones': ['eu-west-1f'] }],
  [
    'a group in a retiring zone',
    { 'network/zones/eu-west-1c': { retire: true }, 'nodeGroups/system/zones': ['eu-west-1c'] },
  ],
  ['a group in no zone', { 'nodeGroups/system/zones': [] }],
  ['nowhere for CoreDNS', { nodeGroups: {} }],
  ['only tainted nodes for CoreDNS', { 'nodeGroups/system/taints': [{ key: 'gpu', effect: 'NO_SCHEDULE' }] }],
  ['prefixes on a Xen type', { 'cni/prefixDelegation': true, 'nodeGroups/system/instanceTypes': ['m4.large'] }],
  // B. the CNI, and add-ons
  ['two warm targets', { 'cni/warmIpTarget': 2, 'cni/warmEniTarget': 1 }],
  ['a prefix target without prefixes', { 'cni/warmPrefixTarget': 1 }],
  ['no warm target at all with prefixes', { 'cni/prefixDelegation': true, 'cni/warmPrefixTarget': 0 }],
  ['an add-on misspelt', { 'addons/vpc_cni': {} }],
  ['an add-on version without its build', { 'addons/coredns': { version: '1.13.2' } }],
  ['an add-on nobody pinned', { 'addons/metrics-server': {} }],
  ['CNI settings in two places', { 'addons/vpc-cni': { configuration: { env: {} } } }],
  // F. Fargate
  [
    'six selectors',
    {
      'fargateProfiles/x': { zones: ['eu-west-1a'], selectors: Array.from({ length: 6 }, () => ({ namespace: 'a' })) },
    },
  ],
  ['no selector', { 'fargateProfiles/x': { zones: ['eu-west-1a'], selectors: [] } }],
  ['a malformed selector', { 'fargateProfiles/x': { zones: ['eu-west-1a'], selectors: [{ namespace: 'A' }] } }],
];

test('every row is refused, each with its whole message', () => {
  const told = Object.fromEntries(ROWS.map(([what, changes]) => [what, problems(broken(changes))]));
  expect(Object.entries(told).filter(([, lines]) => lines.length === 0)).toEqual([]);
  expect(told).toMatchSnapshot();
});

test('all problems are told at once', () => {
  const config = broken({
    'env/account': '1',
    'network/cidr': '10.0.0.0/8',
    'controlPlane/version': '1',
    'nodeGroups/system/scaling/min': 9,
  });
  expect(problems(config).map((line) => line.split('`')[1])).toEqual([
    'env.account',
    'network.cidr',
    'controlPlane.version',
    'nodeGroups.system.scaling.min',
    'nodeGroups.system.scaling.desired',
  ]);
});

test.each([undefined, null, 'dev', 7, [], () => 1])('%p is no config, and no crash', (config) => {
  expect(problems(config)).not.toEqual([]);
});
