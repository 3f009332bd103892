import { vpcCniProblems } from '../../lib/cni/vpc-cni-rules';
import type { VpcCniContext, VpcCniSettings } from '../../lib/cni/vpc-cni-settings';
import { vpcCniWarnings } from '../../lib/cni/vpc-cni-warnings';

const ipv6: VpcCniContext = { ipFamily: 'ipv6' };
const custom = (...cidrs: string[]): VpcCniSettings => ({ customNetworking: { cidrs } });
const groups = (count: number): VpcCniSettings => ({
  customNetworking: {
    cidrs: ['100.64.0.0/16'],
    securityGroupIds: Array.from({ length: count }, (_, index) => `sg-0000000${index}`),
  },
});

/** What is written, what the cluster is like, and the whole of what is said: the id's end and the message. */
const ROWS: readonly (readonly [VpcCniSettings, VpcCniContext, readonly (readonly [string, string])[]])[] = [
  [{}, {}, []],
  [{}, { addonVersion: 'v1.21.1-eksbuild.1' }, []],
  [
    { minimumIpTarget: 5 },
    {},
    [
      [
        'minimum-ip-alone',
        '`cni.minimumIpTarget` without `warmIpTarget` above 0 is also the most a node ever gets: further pods find no address, got 5; add `warmIpTarget: 2`',
      ],
    ],
  ],
  [
    { minimumIpTarget: 5, warmIpTarget: 0 },
    {},
    [
      [
        'minimum-ip-alone',
        '`cni.minimumIpTarget` without `warmIpTarget` above 0 is also the most a node ever gets: further pods find no address, got 5; add `warmIpTarget: 2`',
      ],
    ],
  ],
  [
    { warmIpTarget: 2 },
    {},
    [
      [
        'warm-ip-alone',
        '`cni.warmIpTarget` without `minimumIpTarget` calls EC2 for nearly every pod that comes: EC2 slows large clusters down, got 2; add `minimumIpTarget` with the pods you expect on a node',
      ],
    ],
  ],
  [{ warmIpTarget: 2, minimumIpTarget: 5 }, {}, []],
  [
    { maxEni: 1, podSecurityGroups: {} },
    {},
    [
      [
        'max-eni-without-trunk',
        '`cni.maxEni` leaves no interface for `podSecurityGroups`, which needs 2 with these settings, got 1',
      ],
    ],
  ],
  [{ maxEni: 2, podSecurityGroups: {} }, {}, []],
  [
    { ...custom('100.64.0.0/16'), maxEni: 2, podSecurityGroups: {} },
    {},
    [
      [
        'max-eni-without-trunk',
        '`cni.maxEni` leaves no interface for `podSecurityGroups`, which needs 3 with these settings, got 2',
      ],
    ],
  ],
  [{ ...custom('100.64.0.0/16'), maxEni: 3, podSecurityGroups: {} }, {}, []],
  [
    { ...custom('100.64.0.0/16'), multiNic: true },
    {},
    [
      [
        'multi-nic-subnets',
        "`cni.multiNic` gives pods on several cards the node's subnet and security groups, not those of `customNetworking`, got true",
      ],
    ],
  ],
  [
    { podSecurityGroups: {} },
    ipv6,
    [
      [
        'pod-security-groups-ipv6',
        "`cni.podSecurityGroups` on an IPv6 cluster is supported according to the EKS user guide and not according to the CNI's own documentation, got {}; try it first",
      ],
    ],
  ],
  [
    { podSecurityGroups: { tcpEarlyDemux: true } },
    {},
    [
      [
        'tcp-early-demux',
        "`cni.podSecurityGroups.tcpEarlyDemux` in strict mode keeps kubelet's TCP and HTTP probes from pods with security groups: they are restarted, got true; take it out, or use the mode 'standard'",
      ],
    ],
  ],
  [{ podSecurityGroups: { enforcingMode: 'standard', tcpEarlyDemux: true } }, {}, []],
  [{ podSecurityGroups: { tcpEarlyDemux: false } }, {}, []],
  [
    custom('172.17.0.0/24'),
    {},
    [
      [
        'docker-bridge',
        '`cni.customNetworking.cidrs[0]` shares addresses with 172.17.0.0/16, which Docker and some AWS services use on their hosts, got "172.17.0.0/24"; take another range, such as "100.64.0.0/16"',
      ],
    ],
  ],
  [custom('172.16.0.0/16', '172.18.0.0/16', '10.0.0.0/16', '192.168.0.0/16', '198.19.0.0/16'), {}, []],
  [
    custom('100.127.0.0/16', '100.128.0.0/16'),
    {},
    [
      [
        'public-pod-range',
        '`cni.customNetworking.cidrs[1]` is a range of the internet: pods cannot reach whoever has it there, got "100.128.0.0/16"; take another range, such as "100.64.0.0/16"',
      ],
    ],
  ],
  [groups(5), {}, []],
  [
    groups(6),
    {},
    [
      [
        'security-group-quota',
        '`cni.customNetworking.securityGroupIds` exceeds the usual quota of 5 groups of an interface, got 6; have it raised',
      ],
    ],
  ],
  [{ networkPolicy: true }, {}, []],
  [{ networkPolicy: { enforcingMode: 'standard' } }, {}, []],
  [
    { networkPolicy: { enforcingMode: 'strict' } },
    {},
    [
      [
        'network-policy-strict',
        '`cni.networkPolicy.enforcingMode` cuts every new pod off until a NetworkPolicy allows its traffic, CoreDNS and add-ons included, got "strict"; have policies for them in place before nodes are replaced',
      ],
    ],
  ],
  [{ podMtu: 1500, eniMtu: 1500 }, {}, []],
  [{ podMtu: 9001 }, {}, []],
  [
    { podMtu: 1501, eniMtu: 1500 },
    {},
    [
      [
        'pod-mtu',
        "`cni.podMtu` is above that of the node's interfaces (`eniMtu`, 1500): packets are split or lost, got 1501",
      ],
    ],
  ],
  [{ ipCooldownSeconds: 1 }, {}, []],
  [
    { ipCooldownSeconds: 0 },
    {},
    [
      [
        'ip-cooldown',
        '`cni.ipCooldownSeconds` at 0 gives a new pod the address of one that just ended, while services still send traffic there, got 0',
      ],
    ],
  ],
  [{ tolerations: [{ operator: 'Exists' }] }, {}, []],
  [
    { tolerations: [{ operator: 'Exists', effect: 'NoSchedule' }] },
    {},
    [
      [
        'tolerations',
        '`cni.tolerations` keeps the CNI from nodes with any other taint: they never get ready, got [{"operator":"Exists","effect":"NoSchedule"}]; add `{ operator: \'Exists\' }`',
      ],
    ],
  ],
  [
    { logLevel: 'INFO' },
    { addonVersion: 'v1.21.1-eksbuild.1' },
    [
      [
        'schema-unknown',
        '`cni` of vpc-cni v1.21.1-eksbuild.1 cannot be held against the schema of that version, which is not kept here; `npm run refresh:cni-schema -- v1.21.1-eksbuild.1` fetches it',
      ],
    ],
  ],
  [{ logLevel: 'INFO' }, { addonVersion: 'v1.15.1-eksbuild.1' }, []],
  [{ logLevel: 'INFO' }, { addonVersion: '1.21' }, []],
];

test.each(ROWS)('%j on %j', (settings, context, expected) => {
  const warnings = expected.map(([id, message]) => ({ id: `kotohajime:vpc-cni-${id}`, message }));
  expect(vpcCniWarnings(settings, 'cni', context)).toEqual(warnings);
  // a warning is about what may be deployed
  expect(vpcCniProblems(settings, 'cni', context)).toEqual([]);
});

test('on a construct the settings have no holder', () => {
  expect(vpcCniWarnings({ ipCooldownSeconds: 0 }, '', { addonVersion: 'v1.21.1-eksbuild.1' })).toMatchObject([
    { message: expect.stringMatching(/^`ipCooldownSeconds` at 0/) },
    { message: expect.stringMatching(/^the settings of vpc-cni v1\.21\.1-eksbuild\.1 cannot/) },
  ]);
});
