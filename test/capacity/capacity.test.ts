import { platforms } from '../../config';
import { examples } from '../../examples';
import { adviceFor } from '../../lib/capacity/advice';
import { capacity, type Capacity } from '../../lib/capacity/capacity';
import { capacityProblems, capacityWarnings } from '../../lib/capacity/capacity-rules';
import { planFor } from '../../lib/capacity/planner';
import { verdict } from '../../lib/capacity/verdict';
import type { NetworkSettings } from '../../lib/network/network-settings';
import type { PlatformConfig, PlatformNodeGroup } from '../../lib/platform-config';
import { problems } from '../../lib/problems';

const group: PlatformNodeGroup = {
  zones: ['eu-west-1a', 'eu-west-1b'],
  instanceTypes: ['m7g.large'],
  scaling: { min: 2, desired: 4, max: 6 },
};
const network: NetworkSettings = {
  cidr: '10.0.0.0/20',
  zones: { 'eu-west-1a': {}, 'eu-west-1b': {} },
  nat: 'per-zone',
};

/** Two zones with 507 node addresses each. */
function config(changes: Partial<PlatformConfig> = {}): PlatformConfig {
  return {
    env: { account: '111122223333', region: 'eu-west-1' },
    network,
    controlPlane: { version: '1.35', zones: ['eu-west-1a', 'eu-west-1b'] },
    nodeGroups: { general: group },
    access: { grants: { root: { principal: 'arn:aws:iam::111122223333:role/BreakGlass', can: 'cluster-admin' } } },
    ...changes,
  };
}
const sized = (max: number, changes: Partial<PlatformNodeGroup> = {}): Partial<PlatformConfig> => ({
  nodeGroups: { general: { ...group, scaling: { min: 2, max }, ...changes } },
});
const subnetOf = (now: Capacity, id: string): Capacity['subnets'][number] =>
  now.subnets.find((subnet) => subnet.id === id)!;

test('every subnet, with what stands there and what nodes take', () => {
  const now = capacity(config({ network: { ...network, nat: 'single', interfaceEndpoints: ['sts', 'ecr.api'] } }));
  expect(
    now.subnets.map(({ id, usable, standing, taken }) => [
      id,
      usable,
      standing.map(({ what, addresses }) => `${what} ${addresses}`).join(', '),
      ...Object.values(taken),
    ]),
  ).toEqual([
    ['public-eu-west-1a', 27, 'NAT gateway 1, load balancers 8', 9, 9, 9, 9],
    ['public-eu-west-1b', 27, 'load balancers 8', 8, 8, 8, 8],
    // a full m7g.large: 3 interfaces of 10 addresses; 1, 2, 3 and, updating, 5 nodes in a zone
    ['nodes-eu-west-1a', 507, 'interface endpoints 2, load balancers 8', 40, 70, 100, 160],
    ['nodes-eu-west-1b', 507, 'interface endpoints 2, load balancers 8', 40, 70, 100, 160],
    ['control-plane-eu-west-1a', 27, "control plane 2, control plane's upgrade 5", 7, 7, 7, 7],
    ['control-plane-eu-west-1b', 27, "control plane 2, control plane's upgrade 5", 7, 7, 7, 7],
  ]);
});

test('a grant in aws-auth puts its writer beside the nodes of the control plane zones', () => {
  const access = {
    authenticationMode: 'API_AND_CONFIG_MAP' as const,
    grants: { ci: { principal: 'arn:aws:iam::111122223333:role/Ci', groups: ['ci'], renderAs: 'aws-auth' as const } },
  };
  expect(subnetOf(capacity(config({ access })), 'nodes-eu-west-1a').standing).toContainEqual({
    what: 'writer of aws-auth',
    addresses: 1,
  });
});

test.each<[string, Partial<PlatformConfig>, Partial<Capacity['groups'][number]>]>([
  [
    'single addresses',
    {},
    { maxPods: 29, schedulable: 26, bound: 'max pods', addressesPerNode: { idle: 10, full: 30 } },
  ],
  [
    'prefixes',
    { cni: { prefixDelegation: true } },
    { maxPods: 110, schedulable: 107, addressesPerNode: { idle: 17, full: 113 } },
  ],
  [
    'a pod subnet',
    { cni: { customNetworking: { cidrs: ['100.64.0.0/16'] } } },
    { maxPods: 20, schedulable: 17, addressesPerNode: { idle: 11, full: 21 } },
  ],
  [
    'security groups of pods: the trunk takes an interface, and its addresses',
    { cni: { podSecurityGroups: {} } },
    {
      maxPods: 29,
      schedulable: 18,
      bound: 'interfaces',
      branchInterfaces: 9,
      addressesPerNode: { idle: 11, full: 21 },
    },
  ],
  [
    'a driver that runs on every node in the pod network',
    { addons: { 'aws-ebs-csi-driver': {} } },
    { maxPods: 29, schedulable: 25, addressesPerNode: { idle: 20, full: 30 } },
  ],
  ['the smallest of several types', sized(6, { instanceTypes: ['m7g.2xlarge', 'm7g.large'] }), { maxPods: 29 }],
  [
    'a number of our own',
    sized(6, { maxPods: 20 }),
    { maxPods: 20, schedulable: 17, maxPodsAuthor: 'set by us in `maxPods`, EKS expected 29' },
  ],
  [
    'a number above what EKS will set',
    { cni: { prefixDelegation: true }, ...sized(6, { maxPods: 200 }) },
    { maxPods: 110, maxPodsAuthor: 'EKS, 200 by us is above it' },
  ],
  [
    'IPv6',
    {
      network: { ...network, ipv6: true },
      controlPlane: { version: '1.35', zones: ['eu-west-1a', 'eu-west-1b'], ipFamily: 'ipv6' },
    },
    { maxPods: 110, schedulable: 107, addressesPerNode: { idle: 1, full: 1 } },
  ],
])('one node with %s', (_, changes, wanted) => {
  expect(problems(config(changes))).toEqual([]);
  expect(capacity(config(changes)).groups[0]).toMatchObject(wanted);
});

test('pods of users are those of all nodes, less what the add-ons run', () => {
  const now = capacity(config());
  expect([now.pods, now.podsAtDesired, now.podsWithoutLimit]).toEqual([6 * 26 - 2, 4 * 26 - 2, 6 * 26 - 2]);
  expect(now.podsByZone).toEqual({ 'eu-west-1a': 78, 'eu-west-1b': 78 });
});

test('without a zone its nodes are made in the others, as far as those have addresses', () => {
  expect(capacity(config()).losses).toEqual([
    { zone: 'eu-west-1a', pods: 154, desiredFits: true },
    { zone: 'eu-west-1b', pods: 154, desiredFits: true },
  ]);
  // 16 full nodes of 30 addresses fit beside the load balancers' eight
  const large = capacity(config({ nodeGroups: { general: { ...group, scaling: { min: 2, desired: 20, max: 32 } } } }));
  expect(large.losses[0]).toEqual({ zone: 'eu-west-1a', pods: 16 * 26 - 2, desiredFits: false });
});

test('a group in one zone is gone with it', () => {
  const batch = { ...group, zones: ['eu-west-1a'] };
  expect(capacity(config({ nodeGroups: { batch } })).losses).toEqual([
    { zone: 'eu-west-1a', pods: 0, desiredFits: false },
    { zone: 'eu-west-1b', pods: 154, desiredFits: true },
  ]);
});

test('further interfaces use an appended subnet, first ones do not', () => {
  const more = (changes: Partial<PlatformConfig>): Capacity =>
    capacity(config({ network: { ...network, sizes: { nodes: 600 } }, ...sized(34), ...changes }));
  // 17 nodes in a zone: 10 addresses each in their own subnet, 20 anywhere
  expect(more({}).groups[0]).toMatchObject({ nodesThatFit: 34, bindsFirst: 'max pods' });
  // with prefixes a node has one interface with all it needs, and that is in its own subnet
  expect(more({ cni: { prefixDelegation: true } }).groups[0]).toMatchObject({ nodesThatFit: 8 });
  // told not to look for other subnets, the CNI does not
  expect(more({ cni: { subnetDiscovery: false } }).groups[0]).toMatchObject({ nodesThatFit: 32 });
});

test('a group of its own in an appended subnet', () => {
  const nodeGroups = { general: group, batch: { ...group, subnet: 2 } };
  const now = capacity(
    config({ network: { ...network, sizes: { nodes: 600 } }, cni: { prefixDelegation: true }, nodeGroups }),
  );
  expect(subnetOf(now, 'nodes-eu-west-1a-2').taken.maximum).toBe(3 * 113);
});

describe('what cannot be', () => {
  test('a group that fits exactly is no problem, one node more in a zone is', () => {
    expect(capacityProblems(config(sized(32)))).toEqual([]);
    expect(capacityProblems(config(sized(33)))).toMatchInlineSnapshot(`
     [
       "\`nodeGroups.general.scaling.max\` must not exceed 32: a full node takes 30 addresses and nodes-eu-west-1a (507 addresses) holds no more of them in its zone, got 33; \`network.sizes.nodes: 758\` makes room for 856 pods",
     ]
    `);
  });

  test('the sum of all groups is a warning, and a problem where the config asks for it', () => {
    const nodeGroups = { a: { ...group, scaling: { min: 2, max: 30 } }, b: { ...group, scaling: { min: 2, max: 4 } } };
    expect(capacityProblems(config({ nodeGroups }))).toEqual([]);
    expect(capacityWarnings(config({ nodeGroups })).map(({ id, message }) => `${id}: ${message}`))
      .toMatchInlineSnapshot(`
     [
       "kotohajime:addresses-sum: with all groups at their maximum nodes-eu-west-1a needs 518 of 507 addresses; \`network.sizes.nodes: 758\` makes room for 882 pods (\`capacity: { require: 'sum' }\` makes this a problem)",
       "kotohajime:addresses-sum: with all groups at their maximum nodes-eu-west-1b needs 518 of 507 addresses; \`network.sizes.nodes: 758\` makes room for 882 pods (\`capacity: { require: 'sum' }\` makes this a problem)",
     ]
    `);
    expect(capacityProblems(config({ nodeGroups, capacity: { require: 'sum' } }))).toMatchInlineSnapshot(`
     [
       "\`capacity.require\` must hold for every subnet: with all groups at their maximum nodes-eu-west-1a needs 518 of 507 addresses, got "sum"; \`network.sizes.nodes: 758\` makes room for 882 pods",
       "\`capacity.require\` must hold for every subnet: with all groups at their maximum nodes-eu-west-1b needs 518 of 507 addresses, got "sum"; \`network.sizes.nodes: 758\` makes room for 882 pods",
     ]
    `);
  });

  test('more pods than there can be', () => {
    expect(capacityProblems(config({ capacity: { pods: 154 } }))).toEqual([]);
    expect(capacityProblems(config({ capacity: { pods: 155 } }))).toMatchInlineSnapshot(`
     [
       "\`capacity.pods\` must be at most 154, all the platform can run: its groups have nodes for no more, got 155; \`cni.prefixDelegation: true\` makes room for 640 pods",
     ]
    `);
  });

  test('it is looked at only when everything else is right', () => {
    expect(problems({ ...config(sized(33)), env: { account: '1', region: 'eu-west-1' } })).toEqual([
      '`env.account` must be an AWS account id of twelve digits, in quotes, got "1"',
    ]);
    expect(problems(config(sized(33)))).toHaveLength(1);
  });
});

describe('what is doubtful', () => {
  const ids = (changes: Partial<PlatformConfig>): string[] => capacityWarnings(config(changes)).map(({ id }) => id);

  test('less than a fifth of a subnet left', () => {
    // 8 + 13 × 30 = 398 of 507 addresses, then 428
    expect(ids(sized(26))).toEqual([]);
    expect(capacityWarnings(config(sized(28))).map(({ id, message }) => `${id}: ${message}`)).toMatchInlineSnapshot(`
     [
       "kotohajime:addresses-tight: nodes-eu-west-1a has 15 % of its addresses left with all groups at their maximum",
       "kotohajime:addresses-tight: nodes-eu-west-1b has 15 % of its addresses left with all groups at their maximum",
     ]
    `);
  });

  test('no room for the nodes of an update', () => {
    expect(ids(sized(32))).toContain('kotohajime:addresses-update');
    expect(ids(sized(28))).not.toContain('kotohajime:addresses-update');
  });

  test('blocks that scattered addresses may break', () => {
    expect(ids({ cni: { prefixDelegation: true }, ...sized(4) })).toEqual([]);
    expect(capacityWarnings(config({ cni: { prefixDelegation: true }, ...sized(6) })).map(({ message }) => message))
      .toMatchInlineSnapshot(`
     [
       "nodes-eu-west-1a has no room for the nodes EKS adds while it updates groups that are at their maximum: 573 of 507 addresses",
       "nodes-eu-west-1a needs 21 whole /28 blocks; single addresses scattered over it may leave 19: give pods subnets of their own with \`cni.customNetworking\`",
       "nodes-eu-west-1b has no room for the nodes EKS adds while it updates groups that are at their maximum: 573 of 507 addresses",
       "nodes-eu-west-1b needs 21 whole /28 blocks; single addresses scattered over it may leave 19: give pods subnets of their own with \`cni.customNetworking\`",
     ]
    `);
  });

  test('nodes that run hardly any pods', () => {
    expect(ids(sized(6, { instanceTypes: ['t4g.micro'] }))).toContain('kotohajime:few-pods');
    expect(ids(sized(6, { instanceTypes: ['t4g.small'] }))).not.toContain('kotohajime:few-pods');
  });

  test('a number of pods that EKS overrides', () => {
    expect(ids({ cni: { prefixDelegation: true }, ...sized(4, { maxPods: 111 }) })).toContain('kotohajime:max-pods');
    expect(ids({ cni: { prefixDelegation: true }, ...sized(4, { maxPods: 110 }) })).toEqual([]);
  });

  test('more groups than a cluster may have before a quota is raised', () => {
    const many = (count: number): Partial<PlatformConfig> => ({
      network: { ...network, cidr: '10.0.0.0/16' },
      nodeGroups: Object.fromEntries(Array.from({ length: count }, (_, index) => [`g${index}`, group])),
    });
    expect(ids(many(30))).toEqual([]);
    expect(ids(many(31))).toEqual(['kotohajime:node-group-quota']);
  });

  test('more load balancers than a subnet has addresses for', () => {
    // a public /27 has 27, and a gateway stands in it
    expect(ids({ capacity: { loadBalancers: 3 } })).toEqual([]);
    expect(ids({ capacity: { loadBalancers: 4 } })).toEqual([
      'kotohajime:addresses-standing',
      'kotohajime:addresses-standing',
    ]);
  });

  test('a subnet of the control plane with fewer addresses than EKS recommends', () => {
    const of = (prefix: number): PlatformConfig => ({
      ...examples['existing-vpc']!,
      network: {
        vpcId: 'vpc-0a1b2c3d',
        cidr: '10.6.0.0/16',
        internet: true,
        zones: {
          'eu-west-1a': {
            nodes: { subnetId: 'subnet-0a1b2c3d', cidr: '10.6.0.0/19' },
            'control-plane': { subnetId: 'subnet-0a1b2c3e', cidr: `10.6.128.0/${prefix}` },
          },
          'eu-west-1b': { nodes: { subnetId: 'subnet-0a1b2c3f', cidr: '10.6.32.0/19' } },
        },
      },
    });
    expect(capacityWarnings(of(27))).toEqual([]);
    expect(capacityWarnings(of(28)).map(({ id }) => id)).toEqual(['kotohajime:control-plane-addresses']);
  });

  test('the loss of a zone', () => {
    expect(ids({ nodeGroups: { general: { ...group, scaling: { min: 2, desired: 20, max: 20 } } } })).toContain(
      'kotohajime:zone-loss',
    );
  });
});

describe('what to change to run more', () => {
  test.each<[string, Partial<PlatformConfig>, string | undefined]>([
    ['prefixes while nodes are bound by their interfaces', {}, '`cni.prefixDelegation: true`'],
    [
      'more nodes while addresses reach',
      { cni: { prefixDelegation: true }, ...sized(4) },
      '`nodeGroups.general.scaling.max: 8`',
    ],
    ['a larger node subnet for further interfaces', sized(40), '`network.sizes.nodes: 758`'],
    ['a further range where that is not enough', sized(80), "`network.secondaryCidrs: ['100.64.0.0/16']`"],
    [
      'a pod subnet where the first interface needs all',
      { cni: { prefixDelegation: true }, ...sized(40) },
      "`cni.customNetworking: { cidrs: ['100.64.0.0/16'] }`",
    ],
    [
      'a larger pod range',
      { cni: { prefixDelegation: true, customNetworking: { cidrs: ['100.64.0.0/22'] } }, ...sized(40) },
      "`cni.customNetworking.cidrs: ['100.64.0.0/22', '100.65.0.0/16']`",
    ],
    [
      'nothing where the group is as large as can be',
      {
        cni: { prefixDelegation: true },
        network: { ...network, cidr: '10.0.0.0/16' },
        ...sized(100, {
          zones: ['eu-west-1a', 'eu-west-1b'],
          scaling: { min: 1, max: 450 },
          instanceTypes: ['m4.large'],
        }),
      },
      undefined,
    ],
  ])('%s', (_, changes, wanted) => {
    expect(adviceFor(config(changes))?.change).toBe(wanted);
  });

  test('the change does what it says', () => {
    const advice = adviceFor(config(sized(40)))!;
    expect(capacity(config({ network: { ...network, sizes: { nodes: 758 } }, ...sized(40) })).pods).toBe(advice.pods);
  });
});

test.each([
  ['dev', platforms.dev!],
  ['pod-subnets', examples['pod-subnets']!],
  ['fargate', examples.fargate!],
  ['nothing', { ...config(), nodeGroups: {} }],
  ['too small', config(sized(34))],
])('the verdict on %s', (name, platform) => {
  expect(verdict(platform, capacity(platform))).toMatchSnapshot(name);
});

describe('20,000 pods on m7g.2xlarge in three zones', () => {
  const options = planFor({ pods: 20_000, instanceType: 'm7g.2xlarge', zones: 3 });

  test('each way with what comes of it', () => {
    expect(
      options.map(
        ({
          name,
          enough,
          remark,
          config: {
            network: { cidr },
          },
          capacity: { pods, groups },
        }) => [name, enough, cidr, pods, groups.map(({ nodes }) => nodes.maximum), remark],
      ),
    ).toMatchInlineSnapshot(`
     [
       [
         "single addresses",
         true,
         "10.0.0.0/16",
         20018,
         [
           364,
         ],
         "the simplest: nothing to set",
       ],
       [
         "/28 prefixes",
         true,
         "10.0.0.0/16",
         20007,
         [
           187,
         ],
         "pods in blocks of 16 addresses of the node subnets",
       ],
       [
         "/28 prefixes in pod subnets",
         true,
         "10.0.0.0/21",
         20007,
         [
           187,
         ],
         "pods in a range of their own that only the VPC knows; one interface of a node serves no pods",
       ],
     ]
    `);
  });

  test('what is said to be enough has no problem and runs them', () => {
    for (const { config: planned, enough } of options) {
      const { access } = config();
      const whole = { ...planned, access, capacity: { pods: 20_000 } };
      expect(problems(whole).length === 0).toBe(enough);
    }
  });
});

test('a plan in a given range says why it cannot be', () => {
  const options = planFor({ pods: 20_000, instanceType: 'm4.large', zones: 2, cidr: '10.0.0.0/20' });
  expect(options.map(({ name, enough, remark }) => [name, enough, remark])).toMatchInlineSnapshot(`
   [
     [
       "single addresses",
       false,
       "even in 10.0.0.0/20 a zone has 507 addresses for 197 nodes that take 20 each",
     ],
   ]
  `);
});

test('an instance type that is not known is refused', () => {
  expect(() => planFor({ pods: 10, instanceType: 'm7g.larg', zones: 2 })).toThrow(
    'instance type m7g.larg is not known',
  );
});
