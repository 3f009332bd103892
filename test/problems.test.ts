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
const ssoRole = (permissionSet: string, account = '111122223333'): string =>
  `arn:aws:iam::${account}:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_${permissionSet}_0123456789abcdef`;
const clusterRole = (value: unknown): Record<string, unknown> => ({ 'access/rbac/clusterRoles/r': value });
const binding = (value: unknown): Record<string, unknown> => ({ 'access/rbac/bindings/b': value });

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
  ['a VPC too small for its tiers', { 'network/cidr': '10.0.0.0/22' }],
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
  ['a retention CloudWatch does not know', { 'network/flowLog': { retentionDays: 31 } }],
  ['a retention of no days in a bucket', { 'network/flowLog': { destination: 's3', retentionDays: 0 } }],
  ['flow logs of everything', { 'network/flowLog': { traffic: 'EVERYTHING' } }],
  ['a flow log interval EC2 does not know', { 'network/flowLog': { intervalSeconds: 300 } }],
  ['zones by name and by id', { 'network/zones': { 'eu-west-1a': {}, 'euw1-az2': {}, 'eu-west-1b': {} } }],
  ['a zone id of another region', { 'network/zones/use1-az1': {} }],
  ['a zone without a slot', { 'network/zones/eu-west-1e': {} }],
  ['two zones in one slot', { 'network/zones/eu-west-1e': { slot: 0 } }],
  ['a slot that is none', { 'network/zones/eu-west-1e': { slot: 8 } }],
  ['room for three zones', { 'network/zoneSlots': 3 }],
  ['a VPC too small for eight zones', { 'network/zoneSlots': 8, 'network/cidr': '10.0.0.0/21' }],
  ['a need that no zone can hold', { 'network/sizes': { nodes: 12_279 } }],
  ['a prefix that no zone can hold', { 'network/sizes': { nodes: '/18', public: '/20' } }],
  ['a size that is none', { 'network/sizes': { nodes: '/29', intra: 0, public: 'large' } }],
  ['a size of a tier that has none', { 'network/sizes': { pods: 100 } }],
  ['a further range over the first', { 'network/secondaryCidrs': ['10.0.128.0/20'] }],
  ['a further range twice', { 'network/secondaryCidrs': ['100.64.0.0/16', '100.64.0.0/16'] }],
  ['a further range EC2 does not add', { 'network/secondaryCidrs': ['192.168.0.0/16'] }],
  ['a further range too small for its zones', { 'network/secondaryCidrs': ['100.64.0.0/27'] }],
  ['a further range too large', { 'network/secondaryCidrs': ['100.64.0.0/15'] }],
  ['a further range with IPv6', { 'network/ipv6': true, 'network/secondaryCidrs': ['100.64.0.0/16'] }],
  ['an address of a zone without NAT', { 'network/natAllocationIds': { 'eu-west-1b': 'eipalloc-0123456789abcdef0' } }],
  ['an address that is none', { 'network/natAllocationIds': { 'eu-west-1a': '203.0.113.7' } }],
  [
    'one address for two gateways',
    {
      'network/nat': 'per-zone',
      'network/natAllocationIds': Object.fromEntries(
        ['a', 'b', 'c'].map((letter) => [`eu-west-1${letter}`, 'eipalloc-0123456789abcdef0']),
      ),
    },
  ],
  [
    'addresses without NAT',
    {
      'network/nat': 'none',
      'network/interfaceEndpoints': 'private',
      'network/natAllocationIds': { 'eu-west-1a': 'eipalloc-0123456789abcdef0' },
    },
  ],
  ['endpoints in a word', { 'network/interfaceEndpoints': 'all' }],
  [
    'no NAT and no endpoint for an add-on',
    {
      'network/nat': 'none',
      'network/interfaceEndpoints': 'private',
      'addons/aws-efs-csi-driver': { version: 'v2.1.0-eksbuild.1' },
    },
  ],
  [
    'no NAT and no endpoint for the logs of network policies',
    {
      'network/nat': 'none',
      'network/interfaceEndpoints': ['ec2', 'ecr.api', 'ecr.dkr', 'eks', 'eks-auth', 'sts'],
      'cni/networkPolicy': { eventLogs: true, cloudWatchLogs: true },
    },
  ],
  [
    'a service range over a further range',
    { 'network/secondaryCidrs': ['100.64.0.0/16'], 'controlPlane/serviceIpv4Cidr': '100.64.0.0/16' },
  ],
  [
    'a service range in an IPv6 cluster',
    { 'network/ipv6': true, 'controlPlane/ipFamily': 'ipv6', 'controlPlane/serviceIpv4Cidr': '10.100.0.0/16' },
  ],
  ['an IPv6 cluster in an IPv4 network', { 'controlPlane/ipFamily': 'ipv6' }],
  [
    'an existing VPC with everything wrong',
    {
      network: {
        vpcId: 'vpc-1',
        cidr: '10.0.0.0/16',
        secondaryCidrs: ['10.0.0.0/20'],
        zones: {
          'eu-west-1a': {
            nodes: { subnetId: 'subnet-01234567', cidr: '10.1.0.0/20' },
            public: { subnetId: 'sn-1', cidr: '10.0.0.0/29' },
          },
          'eu-west-1b': { nodes: { subnetId: 'subnet-01234567', cidr: '10.0.32.0/20' } },
          'eu-west-1c': { nodes: { subnetId: 'subnet-0123456a', cidr: '10.0.40.0/21' } },
        },
        internet: false,
        existingEndpoints: ['sts', 'ec2', 'ecr.api', 'ecr.dkr', 'eks-auth'],
        interfaceEndpoints: ['sts'],
      },
    },
  ],
  [
    'an existing VPC in one zone',
    {
      network: {
        vpcId: 'vpc-01234567',
        cidr: '10.0.0.0/16',
        zones: { 'eu-west-1a': { nodes: { subnetId: 'subnet-01234567', cidr: '10.0.0.0/20' } } },
        internet: true,
      },
      'controlPlane/zones': ['eu-west-1a'],
    },
  ],
  [
    'pod subnets that an existing VPC lacks',
    {
      network: {
        vpcId: 'vpc-01234567',
        cidr: '10.0.0.0/16',
        secondaryCidrs: ['100.64.0.0/16'],
        zones: {
          'eu-west-1a': { nodes: { subnetId: 'subnet-01234567', cidr: '10.0.0.0/20' } },
          'eu-west-1b': {
            nodes: { subnetId: 'subnet-01234568', cidr: '10.0.16.0/20' },
            pods: { subnetId: 'subnet-01234569', cidr: '10.0.32.0/20' },
          },
        },
        internet: true,
      },
      'cni/customNetworking': { cidrs: ['100.64.0.0/16'] },
    },
  ],
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
    'a namespace wildcard in aws-auth',
    {
      ...grant({ principal: role('Ci'), can: 'edit', namespaces: ['shop-*'], renderAs: 'aws-auth' }),
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
  ['an instance profile', grant({ principal: 'arn:aws:iam::111122223333:instance-profile/Nodes', can: 'view' })],
  ['a federated user', grant({ principal: 'arn:aws:sts::111122223333:federated-user/Mei', can: 'view' })],
  ['nobody', grant({ can: 'view' })],
  ['a permission set that was never resolved', grant({ permissionSet: 'Dev', can: 'view' })],
  [
    'a slip in a permission set',
    {
      ...grant({ permissionSet: 'Developer', can: 'view' }),
      'access/sso': { accounts: { '111122223333': { Developers: ssoRole('Developers') } } },
    },
  ],
  [
    'a permission set that is resolved for another account',
    {
      ...grant({ permissionSet: 'Dev', can: 'view' }),
      'access/sso': { accounts: { '444455556666': { Dev: ssoRole('Dev', '444455556666') } } },
    },
  ],
  ['a permission set and a principal', grant({ permissionSet: 'Dev', principal: role('Dev'), can: 'view' })],
  [
    'a permission set and its own role',
    {
      'access/sso': { accounts: { '111122223333': { Dev: ssoRole('Dev') } } },
      'access/grants/x': { permissionSet: 'Dev', can: 'view' },
      'access/grants/y': { principal: ssoRole('Dev'), can: 'view' },
    },
  ],
  [
    'a lock file of a hand',
    {
      'access/sso': { accounts: { '111122223333': { Dev: role('AWSReservedSSO_Dev_0123456789abcdef') } } },
      ...grant({ permissionSet: 'Dev', can: 'view' }),
    },
  ],
  ['`via` without `can`', grant({ principal: role('Ci'), groups: ['ci'], via: 'groups' })],
  [
    'a namespace wildcard via groups',
    grant({ principal: role('Ci'), can: 'edit', via: 'groups', namespaces: ['shop-*'] }),
  ],
  ['a namespace twice', grant({ principal: role('Ci'), can: 'edit', namespaces: ['shop', 'shop'] })],
  ['a group of a grant', grant({ principal: role('Ci'), groups: ['kotohajime:root'] })],
  ['a group twice', grant({ principal: role('Ci'), groups: ['ci', 'ci'] })],
  ['another group of Kubernetes', grant({ principal: role('Ci'), groups: ['system:nodes'] })],
  ['an unknown template', grant({ principal: role('Ci'), groups: ['ci'], username: 'ci:{{Session}}' })],
  ['a session name without a colon', grant({ principal: role('Ci'), groups: ['ci'], username: '{{SessionName}}' })],
  [
    'the session of a user',
    grant({ principal: 'arn:aws:iam::111122223333:user/Mei', groups: ['ci'], username: 'u:{{SessionName}}' }),
  ],
  ['an administrator by groups only', { 'access/grants/root/via': 'groups' }],
  [
    'a node role of another account',
    { 'access/nodeRoles/own': { principal: 'arn:aws:iam::444455556666:role/Nodes', type: 'EC2_LINUX' } },
  ],
  [
    'a node role that is a person too',
    {
      'access/nodeRoles/own': { principal: role('Ci'), type: 'EC2_LINUX' },
      ...grant({ principal: role('Ci'), can: 'view' }),
    },
  ],
  ['a user as node', { 'access/nodeRoles/own': { principal: 'arn:aws:iam::111122223333:user/N', type: 'EC2_LINUX' } }],
  ['an entry type that is none', { 'access/nodeRoles/own': { principal: role('Nodes'), type: 'STANDARD' } }],
  [
    'the mode moved backwards',
    {
      'access/authenticationMode': 'API_AND_CONFIG_MAP',
      'access/record': { authenticationMode: 'API', principals: {}, administrators: [] },
    },
  ],
  [
    'back from an entry to aws-auth in one deploy',
    {
      'access/authenticationMode': 'API_AND_CONFIG_MAP',
      ...grant({ principal: role('Ci'), groups: ['ci'], renderAs: 'aws-auth' }),
      'access/record': {
        authenticationMode: 'API_AND_CONFIG_MAP',
        principals: { [role('Ci')]: 'access-entries' },
        administrators: [],
      },
    },
  ],
  [
    'the last administrator exchanged',
    {
      'access/record': {
        authenticationMode: 'API',
        principals: { [role('Old')]: 'access-entries' },
        administrators: [role('Old')],
      },
    },
  ],
  [
    'API while a node has a line of aws-auth only',
    {
      'access/record': {
        authenticationMode: 'API_AND_CONFIG_MAP',
        principals: {},
        administrators: [],
        onlyInAwsAuth: [role('Nodes')],
      },
    },
  ],
  ['a rule without verbs', clusterRole({ rules: [{ verbs: [], apiGroups: [''], resources: ['pods'] }] })],
  ['a rule without a group', clusterRole({ rules: [{ verbs: ['get'], resources: ['pods'] }] })],
  ['a rule for nothing', clusterRole({ rules: [{ verbs: ['get'] }] })],
  [
    'a rule for resources and URLs',
    clusterRole({ rules: [{ verbs: ['get'], apiGroups: [''], resources: ['pods'], nonResourceURLs: ['/healthz'] }] }),
  ],
  ['a cluster role of nothing', clusterRole({})],
  ['rules that are overwritten', clusterRole({ rules: [], aggregates: [{ matchLabels: { a: 'b' } }] })],
  ["one of Kubernetes' own roles", { 'access/rbac/clusterRoles/edit': { rules: [] } }],
  ['a reserved name', { 'access/rbac/clusterRoles/system:x': { rules: [] } }],
  ['a role in no namespace', { 'access/rbac/roles/r': { namespaces: [], rules: [] } }],
  [
    'URLs in a role',
    {
      'access/rbac/roles/r': { namespaces: ['shop'], rules: [{ verbs: ['get'], nonResourceURLs: ['/healthz'] }] },
    },
  ],
  ['a binding to no role', binding({ groups: ['ci'] })],
  ['a binding to two roles', binding({ role: 'a', clusterRole: 'b', namespaces: ['shop'], groups: ['ci'] })],
  ['a role in the whole cluster', binding({ role: 'a', groups: ['ci'] })],
  ['a binding of nobody', binding({ clusterRole: 'view' })],
  ['a binding of an unknown grant', binding({ clusterRole: 'view', grants: ['rot'] })],
  ['a malformed service account', binding({ clusterRole: 'view', serviceAccounts: ['default'] })],
  [
    'a binding where its role is not',
    {
      'access/rbac/roles/r': { namespaces: ['shop'], rules: [] },
      ...binding({ role: 'r', namespaces: ['shop', 'till'], groups: ['ci'] }),
    },
  ],
  [
    'a wildcard as the namespace of a binding',
    binding({ clusterRole: 'view', namespaces: ['shop-*'], groups: ['ci'] }),
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
  ['a group in a node subnet that is not there', { 'nodeGroups/system/subnet': 2 }],
  ['a group in a subnet that is none', { 'nodeGroups/system/subnet': 0 }],
  ['more pods than addresses', { 'nodeGroups/system/maxPods': 30 }],
  ['no pods', { 'nodeGroups/system/maxPods': 0 }],
  [
    'a group larger than its subnets',
    { 'network/cidr': '10.0.0.0/20', 'nodeGroups/system/scaling': { min: 1, max: 17 } },
  ],
  [
    'groups larger than their subnets together',
    {
      'network/cidr': '10.0.0.0/20',
      'nodeGroups/system/scaling': { min: 1, max: 10 },
      'nodeGroups/other': { zones: ['eu-west-1a'], instanceTypes: ['m7g.large'], scaling: { min: 1, max: 7 } },
      capacity: { require: 'sum' },
    },
  ],
  ['more pods than the groups can run', { capacity: { pods: 1000 } }],
  ['a requirement that is none', { capacity: { require: 'all', pods: 0, loadBalancers: -1 } }],
  // B. the CNI, and add-ons
  [
    'IPv6 on a Xen type',
    { 'network/ipv6': true, 'controlPlane/ipFamily': 'ipv6', 'nodeGroups/system/instanceTypes': ['m4.large'] },
  ],
  [
    'security groups of pods on a t type',
    { 'cni/podSecurityGroups': {}, 'nodeGroups/system/instanceTypes': ['t4g.large'] },
  ],
  [
    'pod subnets on a type with one interface',
    { 'cni/customNetworking': { cidrs: ['100.64.0.0/16'] }, 'nodeGroups/system/instanceTypes': ['hpc6id.32xlarge'] },
  ],
  ['pod subnets over the VPC', { 'cni/customNetworking': { cidrs: ['10.0.0.0/20'] } }],
  ['pod subnets in a range EC2 does not add', { 'cni/customNetworking': { cidrs: ['172.16.0.0/16'] } }],
  ['pod subnets too small for their zones', { 'cni/customNetworking': { cidrs: ['100.64.0.0/27'] } }],
  [
    'pod subnets with IPv6',
    { 'network/ipv6': true, 'controlPlane/ipFamily': 'ipv6', 'cni/customNetworking': { cidrs: ['100.64.0.0/16'] } },
  ],
  ['two warm targets', { 'cni/warmIpTarget': 2, 'cni/warmEniTarget': 1 }],
  ['a prefix target without prefixes', { 'cni/warmPrefixTarget': 1 }],
  ['no warm target at all with prefixes', { 'cni/prefixDelegation': true, 'cni/warmPrefixTarget': 0 }],
  ['an add-on misspelt', { 'addons/vpc_cni': {} }],
  ['an add-on version without its build', { 'addons/coredns': { version: '1.13.2' } }],
  ['an add-on nobody pinned', { 'addons/metrics-server': {} }],
  ['CNI settings in two places', { 'addons/vpc-cni': { configuration: { env: {} } } }],
  // L. logs
  ['a slip in the log pipeline', { logs: { archive: 'all', retention: 30 } }],
  [
    'a log pipeline with everything wrong',
    {
      logs: {
        hotRetentionDays: 31,
        archiveRetentionDays: 30,
        gradualMinutes: 5,
        alarmTopicArn: 'arn:aws:sns:us-east-1:111122223333:alarms',
      },
    },
  ],
  [
    'no NAT and no endpoint for the log agents',
    {
      'network/nat': 'none',
      'network/interfaceEndpoints': ['ec2', 'ecr.api', 'ecr.dkr', 'eks', 'eks-auth', 'sts'],
      logs: {},
    },
  ],
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

/** The same properties on the other side of each rule. */
const SOUND: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
  ['the largest need a zone holds', { 'network/sizes': { nodes: 12_278, public: 2033, intra: 1526 } }],
  ['the largest prefix a zone holds', { 'network/sizes': { nodes: '/19', public: '/21', intra: '/22' } }],
  ['the smallest VPC', { 'network/cidr': '10.0.0.0/21' }],
  ['the smallest VPC with room for eight zones', { 'network/zoneSlots': 8, 'network/cidr': '10.0.0.0/20' }],
  ['a fifth zone in a slot of its own', { 'network/zones/eu-west-1e': { slot: 3 } }],
  ['eight zones', { 'network/zoneSlots': 8, 'network/zones/eu-west-1h': {} }],
  ['the smallest further range', { 'network/secondaryCidrs': ['100.64.0.0/26'] }],
  ['a further range beside the first', { 'network/secondaryCidrs': ['10.1.0.0/16'] }],
  ['a public range', { 'network/secondaryCidrs': ['203.0.0.0/16'] }],
  ['the whole private set', { 'network/nat': 'none', 'network/interfaceEndpoints': 'private' }],
  ['a regional NAT gateway', { 'network/nat': 'regional' }],
  ['any number of days in a bucket', { 'network/flowLog': { destination: 's3', retentionDays: 31 } }],
  ['a group in an appended subnet', { 'network/sizes': { nodes: 9000 }, 'nodeGroups/system/subnet': 2 }],
  [
    'a group in a further range',
    { 'network/secondaryCidrs': ['10.1.0.0/16'], 'nodeGroups/system/subnet': '10.1.0.0/16' },
  ],
  ['as many pods as addresses', { 'nodeGroups/system/maxPods': 29 }],
  [
    'a group as large as its subnets',
    { 'network/cidr': '10.0.0.0/20', 'nodeGroups/system/scaling': { min: 1, max: 16 } },
  ],
  ['as many pods as the groups can run', { capacity: { pods: 76, require: 'sum', loadBalancers: 0 } }],
  ['a log pipeline', { logs: {} }],
  [
    'a log pipeline without NAT',
    { 'network/nat': 'none', 'network/interfaceEndpoints': 'private', logs: { archive: 'dropped-too' } },
  ],
  ['IPv6', { 'network/ipv6': true, 'controlPlane/ipFamily': 'ipv6' }],
  ['an IPv4 cluster in a dual-stack network', { 'network/ipv6': true }],
];

test.each(SOUND)('%s is fine', (_, changes) => {
  expect(problems(broken(changes))).toEqual([]);
});

describe('the private example', () => {
  const { network } = examples.private!;
  const endpoints = network.interfaceEndpoints as readonly string[];

  test.each(endpoints)('without the endpoint %s somebody is told who needs it', (service) => {
    const without = { ...network, interfaceEndpoints: endpoints.filter((each) => each !== service) };
    const found = problems({ ...examples.private, network: without });
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(
      new RegExp(
        `^.network.interfaceEndpoints. must include "${service.replace('.', '\\.')}" when .nat. is 'none': .{10,}, and there is no other way out`,
      ),
    );
  });
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
