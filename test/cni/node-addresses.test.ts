import { nodeAddresses, nodeAddressStates, type NodeAddressesInput } from '../../lib/cni/node-addresses';

/** Interfaces / slots / addresses taken from subnets. */
function held(input: NodeAddressesInput): string {
  const { enis, slots, addresses } = nodeAddresses(input);
  return `${enis}/${slots}/${addresses}`;
}

describe('the examples of the CNI (amazon-vpc-cni-k8s docs/eni-and-ip-target.md and docs/prefix-and-ip-target.md)', () => {
  // interfaces, then secondary addresses, then those of them without a pod
  test.each`
    type               | enis         | ips          | minimum      | pods  | expected
    ${'t3.small'}      | ${1}         | ${undefined} | ${undefined} | ${0}  | ${[1, 3, 3]}
    ${'t3.small'}      | ${1}         | ${undefined} | ${undefined} | ${5}  | ${[3, 9, 4]}
    ${'t3.small'}      | ${1}         | ${undefined} | ${undefined} | ${9}  | ${[3, 9, 0]}
    ${'t3.small'}      | ${undefined} | ${1}         | ${1}         | ${0}  | ${[1, 1, 1]}
    ${'t3.small'}      | ${undefined} | ${1}         | ${1}         | ${5}  | ${[2, 6, 1]}
    ${'t3.small'}      | ${undefined} | ${1}         | ${1}         | ${9}  | ${[3, 9, 0]}
    ${'t3.small'}      | ${undefined} | ${2}         | ${5}         | ${0}  | ${[2, 5, 5]}
    ${'t3.small'}      | ${undefined} | ${2}         | ${5}         | ${5}  | ${[3, 7, 2]}
    ${'t3.small'}      | ${undefined} | ${2}         | ${5}         | ${9}  | ${[3, 9, 0]}
    ${'p3dn.24xlarge'} | ${1}         | ${undefined} | ${undefined} | ${0}  | ${[1, 49, 49]}
    ${'p3dn.24xlarge'} | ${1}         | ${undefined} | ${undefined} | ${3}  | ${[2, 98, 95]}
    ${'p3dn.24xlarge'} | ${1}         | ${undefined} | ${undefined} | ${95} | ${[3, 147, 52]}
    ${'p3dn.24xlarge'} | ${undefined} | ${5}         | ${10}        | ${0}  | ${[1, 10, 10]}
    ${'p3dn.24xlarge'} | ${undefined} | ${5}         | ${10}        | ${7}  | ${[1, 12, 5]}
    ${'p3dn.24xlarge'} | ${undefined} | ${5}         | ${10}        | ${15} | ${[1, 20, 5]}
    ${'p3dn.24xlarge'} | ${undefined} | ${5}         | ${10}        | ${45} | ${[2, 50, 5]}
  `(
    '$type, WARM_ENI $enis, WARM_IP $ips, MINIMUM_IP $minimum, $pods pods',
    ({ type, enis, ips, minimum, pods, expected }) => {
      const input = { instanceType: type, warmEniTarget: enis, warmIpTarget: ips, minimumIpTarget: minimum, pods };
      const node = nodeAddresses(input);
      expect([node.enis, node.slots, node.slots - pods]).toEqual(expected);
    },
  );

  // interfaces, then prefixes, then addresses without a pod. Four rows of the page are left out, in which it
  // contradicts the code: t3.small 7/20 with no pod, p3dn with 3 and 95 pods, p3dn 5/10 with 45 pods
  test.each`
    type               | prefixes     | ips          | minimum      | pods  | expected
    ${'t3.small'}      | ${1}         | ${undefined} | ${undefined} | ${0}  | ${[1, 1, 16]}
    ${'t3.small'}      | ${1}         | ${undefined} | ${undefined} | ${5}  | ${[1, 2, 27]}
    ${'t3.small'}      | ${1}         | ${undefined} | ${undefined} | ${16} | ${[1, 2, 16]}
    ${'t3.small'}      | ${1}         | ${undefined} | ${undefined} | ${17} | ${[1, 3, 31]}
    ${'t3.small'}      | ${1}         | ${undefined} | ${undefined} | ${58} | ${[2, 5, 22]}
    ${'t3.small'}      | ${undefined} | ${1}         | ${1}         | ${0}  | ${[1, 1, 16]}
    ${'t3.small'}      | ${undefined} | ${1}         | ${1}         | ${5}  | ${[1, 1, 11]}
    ${'t3.small'}      | ${undefined} | ${1}         | ${1}         | ${17} | ${[1, 2, 15]}
    ${'t3.small'}      | ${undefined} | ${1}         | ${1}         | ${58} | ${[2, 4, 6]}
    ${'t3.small'}      | ${undefined} | ${7}         | ${20}        | ${5}  | ${[1, 2, 27]}
    ${'t3.small'}      | ${undefined} | ${7}         | ${20}        | ${17} | ${[1, 2, 15]}
    ${'t3.small'}      | ${undefined} | ${7}         | ${20}        | ${58} | ${[2, 5, 22]}
    ${'p3dn.24xlarge'} | ${1}         | ${undefined} | ${undefined} | ${0}  | ${[1, 1, 16]}
    ${'p3dn.24xlarge'} | ${undefined} | ${5}         | ${10}        | ${0}  | ${[1, 1, 16]}
    ${'p3dn.24xlarge'} | ${undefined} | ${5}         | ${10}        | ${7}  | ${[1, 1, 9]}
    ${'p3dn.24xlarge'} | ${undefined} | ${5}         | ${10}        | ${15} | ${[1, 2, 17]}
  `(
    '$type, WARM_PREFIX $prefixes, WARM_IP $ips, MINIMUM_IP $minimum, $pods pods',
    ({ type, prefixes, ips, minimum, pods, expected }) => {
      const targets = { warmPrefixTarget: prefixes, warmIpTarget: ips, minimumIpTarget: minimum };
      const node = nodeAddresses({ instanceType: type, prefixDelegation: true, ...targets, pods });
      expect([node.enis, node.slots, node.slots * 16 - pods]).toEqual(expected);
    },
  );
});

describe('a node state by state', () => {
  /** The states of a node, each with the pods from which it holds. */
  function changes(input: NodeAddressesInput): Record<number, string> {
    const states = nodeAddressStates(input).map(({ enis, slots, addresses }) => `${enis}/${slots}/${addresses}`);
    return Object.fromEntries([...states.entries()].filter(([pods, state]) => state !== states[pods - 1]));
  }

  test.each<[string, NodeAddressesInput, Record<number, string>]>([
    ['by default', { instanceType: 'm5.large', pods: 27 }, { 0: '1/9/10', 1: '2/18/20', 10: '3/27/30' }],
    ['small', { instanceType: 't3.medium', pods: 15 }, { 0: '1/5/6', 1: '2/10/12', 6: '3/15/18' }],
    ['large', { instanceType: 'c5.18xlarge', pods: 49 }, { 0: '1/49/50', 1: '2/98/100' }],
    [
      'with address targets',
      { instanceType: 'm5.large', warmIpTarget: 2, minimumIpTarget: 10, pods: 12 },
      { 0: '2/10/12', 9: '2/11/13', 10: '2/12/14', 11: '2/13/15', 12: '2/14/16' },
    ],
    [
      'with prefixes',
      { instanceType: 'm5.large', prefixDelegation: true, warmPrefixTarget: 1, pods: 32 },
      { 0: '1/1/17', 1: '1/2/33', 17: '1/3/49' },
    ],
    [
      'with prefixes over one interface',
      { instanceType: 't3.small', prefixDelegation: true, pods: 64 },
      { 0: '1/1/17', 1: '1/2/33', 17: '1/3/49', 33: '2/4/66', 49: '2/5/82' },
    ],
    [
      'with custom networking',
      { instanceType: 'm5.large', customNetworking: true, pods: 18 },
      { 0: '2/9/11', 1: '3/18/21' },
    ],
    [
      'with two warm interfaces',
      { instanceType: 'm5.xlarge', warmEniTarget: 2, pods: 15 },
      { 0: '2/28/30', 1: '3/42/45', 15: '4/56/60' },
    ],
    // it has no rest: the second interface comes and goes, and it counts because a pod would wait for it
    [
      'without a warm interface',
      { instanceType: 'm5.large', warmEniTarget: 0, pods: 18 },
      { 0: '1/9/10', 9: '2/18/20', 18: '3/27/30' },
    ],
    ['up to its pods', { instanceType: 'c5.4xlarge', maxPods: 58, pods: 58 }, { 0: '1/29/30', 1: '2/58/60' }],
    [
      'with prefixes up to its pods',
      { instanceType: 'm5.large', prefixDelegation: true, maxPods: 40, pods: 40 },
      { 0: '1/1/17', 1: '1/2/33', 17: '1/3/49' },
    ],
  ])('%s', (_, input, expected) => {
    expect(changes(input)).toEqual(expected);
  });
});

test('m5.large with address targets and 20 pods', () => {
  expect(held({ instanceType: 'm5.large', warmIpTarget: 2, minimumIpTarget: 10, pods: 20 })).toBe('3/22/25');
});

test('three c5.large with CoreDNS on two of them hold 50 addresses, 43 of them warm', () => {
  const nodes = [1, 1, 0].map((pods) => nodeAddresses({ instanceType: 'c5.large', pods }));
  expect(nodes.map(({ addresses }) => addresses)).toEqual([20, 20, 10]);
  expect(nodes.reduce((sum, { slots }) => sum + slots, 0) - 2).toBe(43);
});

test('with custom networking only the primary address is of the node subnet', () => {
  const node = { instanceType: 'm5.large', customNetworking: true };
  expect(nodeAddresses({ ...node, pods: 0 })).toMatchObject({ addresses: 11, nodeSubnet: 1, podSubnet: 10 });
  expect(nodeAddresses({ ...node, pods: 19 })).toMatchObject({ slots: 18, nodeSubnet: 1, podSubnet: 20, unplaced: 1 });
  expect(nodeAddresses({ ...node, customNetworking: false, pods: 0 })).toMatchObject({ nodeSubnet: 10, podSubnet: 0 });
});

test('with custom networking a type of one interface has no place for pods', () => {
  const node = nodeAddresses({ instanceType: 'hpc6id.32xlarge', customNetworking: true, pods: 3 });
  expect(node).toEqual({ enis: 1, slots: 0, addresses: 1, nodeSubnet: 1, podSubnet: 0, unplaced: 3 });
});

test.each([
  ['m5.large', '2/18/20', 'has a trunk'],
  ['c9g.large', '2/38/40', 'may have one for all that is known'],
  ['t3.large', '3/33/36', 'cannot have one'],
])('with security groups for pods %s holds %s: it %s', (instanceType, expected) => {
  expect(held({ instanceType, podSecurityGroups: true, pods: 30 })).toBe(expected);
});

test('an IPv6 node holds its own address and one prefix, whatever the targets', () => {
  const input = { instanceType: 'm5.large', ipFamily: 'ipv6', warmIpTarget: 5, podSecurityGroups: true } as const;
  for (const pods of [0, 110]) {
    expect(nodeAddresses({ ...input, pods })).toEqual({
      enis: 1,
      slots: 1,
      addresses: 1,
      nodeSubnet: 1,
      podSubnet: 0,
      unplaced: 0,
    });
  }
  expect(nodeAddressStates({ ...input, pods: 2 })).toHaveLength(3);
});

test('a target the CNI cannot read is its default', () => {
  const secondary = { instanceType: 'm5.large', pods: 1 };
  for (const warmEniTarget of [-1, NaN, undefined]) expect(held({ ...secondary, warmEniTarget })).toBe('2/18/20');
  for (const warmIpTarget of [-1, 0]) expect(held({ ...secondary, warmIpTarget })).toBe('2/18/20');
  for (const minimumIpTarget of [-1, 0]) expect(held({ ...secondary, minimumIpTarget })).toBe('2/18/20');
  const prefixes = { ...secondary, prefixDelegation: true };
  for (const warmPrefixTarget of [-1, 0]) expect(held({ ...prefixes, warmPrefixTarget })).toBe('1/1/17');
  expect(held(prefixes)).toBe('1/2/33');
});

test('a type without prefixes takes single addresses', () => {
  const input = { instanceType: 'm4.4xlarge', pods: 30 };
  expect(nodeAddresses({ ...input, prefixDelegation: true, warmPrefixTarget: 5 })).toEqual(nodeAddresses(input));
});

test('a type with several network cards uses the default one', () => {
  expect(held({ instanceType: 'p5.48xlarge', pods: 98 })).toBe('2/98/100');
});

test('MAX_ENI ends the growth', () => {
  expect(nodeAddresses({ instanceType: 'm5.large', maxEni: 1, pods: 12 })).toMatchObject({ slots: 9, unplaced: 3 });
  for (const maxEni of [0, -1, NaN, 99]) expect(held({ instanceType: 'm5.large', maxEni, pods: 12 })).toBe('3/27/30');
});

test.each<[number, string, NodeAddressesInput, object]>([
  [
    2650,
    'MINIMUM_IP_TARGET alone is all a node ever gets',
    { instanceType: 'm5.large', minimumIpTarget: 11, warmIpTarget: 0, pods: 13 },
    { slots: 11, unplaced: 2 },
  ],
  [
    3685,
    'with prefixes too',
    {
      instanceType: 'm5.4xlarge',
      prefixDelegation: true,
      customNetworking: true,
      warmEniTarget: 0,
      warmIpTarget: 0,
      minimumIpTarget: 22,
      pods: 40,
    },
    { enis: 2, slots: 2, unplaced: 8 },
  ],
  [
    1775,
    'WARM_ENI_TARGET=0 attaches and frees an interface for ever',
    { instanceType: 'm5.large', customNetworking: true, warmEniTarget: 0, pods: 0 },
    { enis: 2, slots: 9 },
  ],
])('issue %d of amazon-vpc-cni-k8s: %s', (_, __, input, expected) => {
  expect(nodeAddresses(input)).toMatchObject(expected);
});

test.each([
  [{ pods: -1 }, '`pods` must be a whole number of 0 or more, got -1'],
  [{ pods: 1.5 }, '`pods` must be a whole number of 0 or more, got 1.5'],
  [{ pods: NaN }, '`pods` must be a whole number of 0 or more, got NaN'],
  [{ pods: 1, instanceType: 'm5.larg' }, 'instance type m5.larg is not known; did you mean `m5.large`?'],
  [
    { pods: 1, ipFamily: 'ipv6' as const, customNetworking: true },
    '`customNetworking` must be false with `ipFamily` ipv6, got true',
  ],
])('%j is refused', (input, message) => {
  expect(() => nodeAddresses({ instanceType: 'm5.large', ...input })).toThrow(new Error(message));
});
