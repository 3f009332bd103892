import { ipv6, testRows } from './rows';

testRows([
  [
    { externalSnat: true, excludeSnatCidrs: ['192.168.0.0/16'] },
    ipv6,
    [
      '`cni.externalSnat` has no effect on an IPv6 cluster, whose pods keep their own addresses, got true',
      '`cni.excludeSnatCidrs` has no effect on an IPv6 cluster, whose pods keep their own addresses, got ["192.168.0.0/16"]',
    ],
  ],
  [
    { v6Egress: true },
    ipv6,
    ['`cni.v6Egress` is for IPv4 clusters only: pods of this one have IPv6 addresses, got true'],
  ],
  [{ v4Egress: false }, ipv6, []],
  [
    { v4Egress: false },
    {},
    ['`cni.v4Egress` is for IPv6 clusters only: pods of this one have IPv4 addresses, got false'],
  ],
  [{ v6Egress: true }, {}, []],
  [
    { v6Egress: true, podIpv6: false },
    {},
    ['`cni.v6Egress` has no effect with `podIpv6: false`, got true; take one of the two out'],
  ],
  [{ podIpv6: false }, {}, []],
  [
    { podIpv6: false },
    ipv6,
    ['`cni.podIpv6` must not be false on an IPv6 cluster: pods would have no address, got false'],
  ],
  [
    { bandwidthPlugin: true, networkPolicy: {} },
    {},
    [
      '`cni.bandwidthPlugin` must not be on together with `networkPolicy`: the CNI does not support the two at once, got true; take one of the two out',
    ],
  ],
  [{ bandwidthPlugin: true, networkPolicy: false }, {}, []],
  [{ bandwidthPlugin: false, networkPolicy: true }, {}, []],
  [
    { externalSnat: true, excludeSnatCidrs: ['192.168.0.0/16'], randomizeSnat: 'prng' },
    {},
    [
      '`cni.excludeSnatCidrs` is ignored by the CNI when `externalSnat` is true: it translates nothing, got ["192.168.0.0/16"]; take one of the two out',
      '`cni.randomizeSnat` is ignored by the CNI when `externalSnat` is true: it translates nothing, got "prng"; take one of the two out',
    ],
  ],
  [{ externalSnat: false, excludeSnatCidrs: ['192.168.0.1/16'], randomizeSnat: 'none' }, {}, []],
  [
    { excludeSnatCidrs: ['192.168.0.0/16', '192.168.0.0/33', 'fd00::/8'] },
    {},
    [
      '`cni.excludeSnatCidrs[1]` must be an IPv4 CIDR: the CNI skips others, got "192.168.0.0/33"; write it as "192.168.0.0/16"',
      '`cni.excludeSnatCidrs[2]` must be an IPv4 CIDR: the CNI skips others, got "fd00::/8"',
    ],
  ],
  [
    { externalServiceCidrs: ['10.9.0.0'] },
    {},
    [
      '`cni.externalServiceCidrs[0]` must be an IPv4 CIDR: the CNI skips others, got "10.9.0.0"; write it as "192.168.0.0/16"',
    ],
  ],
  [{ eniMtu: 576, podMtu: 576 }, {}, []],
  [{ eniMtu: 9001, podMtu: 9001 }, ipv6, []],
  [
    { eniMtu: 575, podMtu: 9002 },
    {},
    [
      '`cni.eniMtu` must be from 576 to 9001 bytes on an IPv4 cluster: the CNI does not start, got 575',
      '`cni.podMtu` must be from 576 to 9001 bytes on an IPv4 cluster: the CNI does not start, got 9002',
    ],
  ],
  [
    { eniMtu: 1280, podMtu: 1279 },
    ipv6,
    ['`cni.podMtu` must be from 1280 to 9001 bytes on an IPv6 cluster: the CNI does not start, got 1279'],
  ],
  ...['eth', 'lo', 'vlan', 'enifo', 'e-i'].map(
    (vethPrefix) =>
      [
        { vethPrefix },
        {},
        [
          `\`cni.vethPrefix\` must be 1 to 4 letters or digits and none of eth, lo, vlan: the CNI does not start, got "${vethPrefix}"`,
        ],
      ] as const,
  ),
  [{ vethPrefix: 'veth' }, {}, []],
]);
