import type { VpcCniSettings } from '../../lib/cni/vpc-cni-settings';
import { ipv6, testRows } from './rows';

const pods = { cidrs: ['100.64.0.0/16'] };
const tags = (count: number): VpcCniSettings => ({
  additionalEniTags: Object.fromEntries(Array.from({ length: count }, (_, index) => [`t${index}`, ''])),
});

testRows([
  [{}, {}, []],
  [{}, ipv6, []],
  [{ warmPrefixTarget: 1 }, {}, ['`cni.warmPrefixTarget` has no effect without `prefixDelegation: true`, got 1']],
  [{ prefixDelegation: true, warmPrefixTarget: 1 }, {}, []],
  [
    { warmIpTarget: 2, warmEniTarget: 1 },
    {},
    ['`cni.warmEniTarget` is ignored by the CNI when `warmIpTarget` is set, got 1; take one of the two out'],
  ],
  [
    { prefixDelegation: true, minimumIpTarget: 2, warmPrefixTarget: 1 },
    {},
    ['`cni.warmPrefixTarget` is ignored by the CNI when `minimumIpTarget` is set, got 1; take one of the two out'],
  ],
  [
    { prefixDelegation: true, warmEniTarget: 1 },
    {},
    ['`cni.warmEniTarget` is not used with `prefixDelegation`, got 1; use `warmPrefixTarget`'],
  ],
  [
    { prefixDelegation: true, warmPrefixTarget: 0 },
    {},
    [
      '`cni.warmPrefixTarget` must not be 0 with `prefixDelegation` unless `warmIpTarget` or `minimumIpTarget` is above 0: the CNI does not start, got 0',
    ],
  ],
  [
    { warmIpTarget: 0 },
    {},
    [
      '`cni.warmIpTarget` has no effect at 0, which the CNI takes for not set: `warmEniTarget` decides, got 0; take it out',
    ],
  ],
  [
    { prefixDelegation: true, minimumIpTarget: 0 },
    {},
    [
      '`cni.minimumIpTarget` has no effect at 0, which the CNI takes for not set: `warmPrefixTarget` decides, got 0; take it out',
    ],
  ],
  [{ warmIpTarget: 0, minimumIpTarget: 5 }, {}, []],
  [{ warmIpTarget: 1, minimumIpTarget: 5 }, {}, []],
  [{ warmEniTarget: 0 }, {}, []],
  [
    { maxEni: 1, customNetworking: pods },
    {},
    ["`cni.maxEni` must be 2 or more with `customNetworking`: a node's first interface serves no pods, got 1"],
  ],
  [{ maxEni: 2, customNetworking: pods }, {}, []],
  [
    { subnetDiscovery: true, customNetworking: pods },
    {},
    ['`cni.subnetDiscovery` is ignored by the CNI when `customNetworking` is set, got true; take one of the two out'],
  ],
  [{ subnetDiscovery: false, customNetworking: pods }, {}, []],
  [
    { multiNic: true, podSecurityGroups: {} },
    {},
    [
      '`cni.multiNic` must not be on together with `podSecurityGroups`: AWS does not support the two at once, got true; take one of the two out',
    ],
  ],
  [{ multiNic: false, podSecurityGroups: {} }, {}, []],
  [
    { additionalEniTags: { 'node.k8s.amazonaws.com/team': 'shop' } },
    {},
    [
      '`cni.additionalEniTags["node.k8s.amazonaws.com/team"]` must not have a key with k8s.amazonaws.com: it is the CNI\'s, which drops the tag, got "node.k8s.amazonaws.com/team"',
    ],
  ],
  [
    { additionalEniTags: { 'AWS:team': 'shop' } },
    {},
    [
      '`cni.additionalEniTags["AWS:team"]` must not have a key that begins with aws: it is reserved, and EC2 makes no interface, got "AWS:team"',
    ],
  ],
  [{ additionalEniTags: { [`k${'e'.repeat(127)}`]: 'v'.repeat(256) } }, {}, []],
  [
    { additionalEniTags: { '': 'v'.repeat(257) } },
    {},
    [
      '`cni.additionalEniTags[""]` must have a key of 1 to 128 characters, got 0',
      '`cni.additionalEniTags[""]` must have a value of at most 256 characters, got 257',
    ],
  ],
  [
    { additionalEniTags: { ['k'.repeat(129)]: '' } },
    {},
    [`\`cni.additionalEniTags.${'k'.repeat(129)}\` must have a key of 1 to 128 characters, got 129`],
  ],
  [tags(50), {}, []],
  [tags(51), {}, ['`cni.additionalEniTags` must hold at most 50 tags, the limit of EC2, got 51']],
  [
    { warmEniTarget: 1, warmIpTarget: 2 },
    ipv6,
    [
      '`cni.warmEniTarget` has no effect on an IPv6 cluster, where each node has one /80 prefix, got 1',
      '`cni.warmIpTarget` has no effect on an IPv6 cluster, where each node has one /80 prefix, got 2',
    ],
  ],
  [{ warmPrefixTarget: 0 }, ipv6, ['`cni.warmPrefixTarget` must not be 0: the CNI does not start, got 0']],
  [{ prefixDelegation: true }, ipv6, []],
  [
    { prefixDelegation: false },
    ipv6,
    ['`cni.prefixDelegation` must not be false on an IPv6 cluster: the CNI does not start, got false; take it out'],
  ],
]);
