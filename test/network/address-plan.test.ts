import fc from 'fast-check';
import {
  addressPlan,
  sizeFits,
  sizeInWords,
  usableAddresses,
  vpcPrefixes,
  type AddressPlanInput,
  type PlannedSubnet,
  type TierSize,
} from '../../lib/network/address-plan';
import { contains, overlaps, parseCidr, type CidrRange } from '../../lib/network/cidr';
import { regionCode, zoneOrdinal, type ZoneSlots } from '../../lib/network/zone';

const input: AddressPlanInput = {
  cidr: '10.0.0.0/16',
  zoneSlots: 4,
  zones: { 'eu-west-1a': 0, 'eu-west-1c': 2 },
};
const table = (plan: readonly PlannedSubnet[]): string[] => plan.map(({ id, cidr }) => `${id} ${cidr}`);

test('each zone gets its part of each tier', () => {
  expect(table(addressPlan(input))).toEqual([
    'public-eu-west-1a 10.0.0.0/23',
    'public-eu-west-1c 10.0.4.0/23',
    'nodes-eu-west-1a 10.0.128.0/19',
    'nodes-eu-west-1c 10.0.192.0/19',
    'control-plane-eu-west-1a 10.0.8.0/27',
    'control-plane-eu-west-1c 10.0.8.64/27',
  ]);
});

test('with room for eight zones the parts are half as large', () => {
  expect(table(addressPlan({ ...input, zoneSlots: 8, zones: { 'us-east-1f': 5 } }))).toEqual([
    'public-us-east-1f 10.0.5.0/24',
    'nodes-us-east-1f 10.0.208.0/20',
    'control-plane-us-east-1f 10.0.8.160/27',
  ]);
});

test.each<[string, Partial<AddressPlanInput>, string[]]>([
  ['a size that the first place holds', { sizes: { nodes: 8187 } }, ['nodes-z 10.0.128.0/19']],
  ['one address more', { sizes: { nodes: 8188 } }, ['nodes-z 10.0.128.0/19', 'nodes-z-2 10.0.64.0/20']],
  ['a prefix that the first place is', { sizes: { nodes: '/19' } }, ['nodes-z 10.0.128.0/19']],
  ['a larger prefix', { sizes: { public: '/22' } }, ['public-z 10.0.0.0/23', 'public-z-2 10.0.16.0/23']],
  [
    'a further range',
    { secondaryCidrs: ['10.9.0.0/16'] },
    ['nodes-z 10.0.128.0/19', 'nodes-z-10.9.0.0-16 10.9.0.0/18'],
  ],
  [
    'public addresses in three steps',
    { sizes: { public: 2000 } },
    ['public-z 10.0.0.0/23', 'public-z-2 10.0.16.0/23', 'public-z-3 10.0.32.0/22'],
  ],
  ['an intra tier', { sizes: { intra: 100 } }, ['intra-z 10.0.48.0/22']],
  ['a larger intra tier', { sizes: { intra: 1020 } }, ['intra-z 10.0.48.0/22', 'intra-z-2 10.0.24.0/23']],
  [
    'pods in two ranges',
    { podCidrs: ['100.64.0.0/16', '100.66.0.0/20'] },
    ['pods-z-100.64.0.0-16 100.64.0.0/18', 'pods-z-100.66.0.0-20 100.66.0.0/22'],
  ],
])('%s', (_, changes, wanted) => {
  const plan = table(addressPlan({ ...input, zones: { z: 0 }, ...changes }));
  const tiers = wanted.map((line) => line.split('-')[0]);
  expect(plan.filter((line) => tiers.includes(line.split('-')[0]))).toEqual(wanted);
});

test.each([
  ['nodes', 12_278, true],
  ['nodes', 12_279, false],
  ['nodes', '/19', true],
  ['nodes', '/18', false],
  ['public', 2033, true],
  ['public', 2034, false],
  ['intra', 1526, true],
  ['intra', 1527, false],
] as const)('%s of %s fits: %s', (tier, size, fits) => {
  expect(sizeFits(tier, { ...input, sizes: { [tier]: size } }).fits).toBe(fits);
});

test.each([
  [{ nodes: 9000 }, 'nodes: 9000 addresses asked for in each zone, 12278 reserved in /19 and /20'],
  [{ nodes: '/20' }, 'nodes: a /20 asked for in each zone, 8187 reserved in /19'],
  [{}, undefined],
] as const)('what %j came to is said', (sizes, words) => {
  expect(sizeInWords('nodes', { ...input, sizes })).toBe(words);
});

test('a further range makes room', () => {
  expect(sizeFits('nodes', { ...input, sizes: { nodes: 12_279 }, secondaryCidrs: ['10.9.0.0/16'] })).toEqual({
    fits: true,
    most: 12_278 + usableAddresses(18),
    smallest: 18,
  });
});

describe('whatever is edited', () => {
  const known = new Map<string, CidrRange>();
  function parsed(cidr: string): CidrRange {
    const range = known.get(cidr) ?? parseCidr(cidr)!;
    known.set(cidr, range);
    return range;
  }

  const ZONES = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
  const size = fc.oneof(
    fc.integer({ min: 1, max: 20_000 }),
    fc.integer({ min: 16, max: 28 }).map((n): TierSize => `/${n}`),
  );
  const sizeOrNone = fc.option(size, { nil: undefined });
  /** One edit of a config: what may change about a network after it was made. */
  const edit = fc.oneof(
    fc.record({ kind: fc.constant('zone' as const), zone: fc.integer({ min: 0, max: 7 }) }),
    fc.record({
      kind: fc.constant('size' as const),
      tier: fc.constantFrom('public', 'nodes', 'intra'),
      size: sizeOrNone,
    }),
    fc.record({ kind: fc.constantFrom('secondaryCidrs', 'podCidrs'), range: fc.integer({ min: 0, max: 5 }) }),
  );

  function edited(
    before: AddressPlanInput,
    change: typeof edit extends fc.Arbitrary<infer T> ? T : never,
  ): AddressPlanInput {
    if (change.kind === 'zone') {
      const slot = change.zone % before.zoneSlots;
      const name = `z${ZONES[slot] ?? ''}`;
      const { [name]: known, ...others } = before.zones;
      return { ...before, zones: known === undefined ? { ...before.zones, [name]: slot } : others };
    }
    if (change.kind === 'size') return { ...before, sizes: { ...before.sizes, [change.tier]: change.size } };
    const base = change.kind === 'podCidrs' ? 64 : 100;
    const range = `100.${base + change.range}.0.0/${16 + (change.range % 3)}`;
    const listed = before[change.kind] ?? [];
    const next = listed.includes(range) ? listed.filter((each) => each !== range) : [...listed, range];
    return { ...before, [change.kind]: next };
  }

  const seed = Date.now() % 2 ** 31;
  test(`no subnet that stays is moved or renamed, none overlap, none leave their range (seed ${seed})`, () => {
    fc.assert(
      fc.property(
        fc.constantFrom<ZoneSlots>(4, 8),
        fc.integer({ min: 16, max: 21 }),
        fc.array(edit, { minLength: 1, maxLength: 8 }),
        (zoneSlots, wanted, edits) => {
          const prefix = Math.min(wanted, vpcPrefixes(zoneSlots).smallest);
          let now: AddressPlanInput = { cidr: `10.0.0.0/${prefix}`, zoneSlots, zones: { za: 0, zb: 1 } };
          const ever = new Map<string, string>();
          for (const change of [undefined, ...edits]) {
            if (change !== undefined) now = edited(now, change);
            const plan = addressPlan(now);
            const ranges = plan.map(({ cidr, range, id }) => {
              const [own, outer] = [parsed(cidr), parsed(range)];
              if (own.prefix > 28) throw new Error(`${id} ${cidr} is smaller than EC2 takes`);
              if (!contains(outer, own)) throw new Error(`${id} ${cidr} leaves ${range}`);
              // the same id always means the same addresses, also when it was gone for a while
              const earlier = ever.get(id);
              if (earlier !== undefined && earlier !== cidr) throw new Error(`${id} moved from ${earlier} to ${cidr}`);
              ever.set(id, cidr);
              return own;
            });
            const ordered = [...ranges].sort((a, b) => (a.first < b.first ? -1 : 1));
            for (const [index, one] of ordered.entries()) {
              const next = ordered[index + 1];
              if (next !== undefined && overlaps(one, next)) throw new Error('two subnets overlap');
            }
            if (new Set(plan.map(({ id }) => id)).size !== plan.length) throw new Error('an id is used twice');
            const slash64s = plan.filter(({ range }) => range === now.cidr).map(({ ipv6Index }) => ipv6Index);
            if (new Set(slash64s).size !== slash64s.length || Math.max(0, ...slash64s) > 63)
              throw new Error('two subnets share a /64');
            for (const zone of Object.keys(now.zones)) {
              const places = plan.filter((each) => each.tier === 'control-plane' && each.zone === zone);
              if (places.length !== 1) throw new Error('a zone has not exactly one control plane subnet');
            }
          }
        },
      ),
      { numRuns: 10_000, seed },
    );
  });

  test('a larger size only appends, and holds what was asked for if it fits at all', () => {
    fc.assert(
      fc.property(size, size, fc.constantFrom('public', 'nodes', 'intra'), (one, other, tier) => {
        const of = (asked: TierSize): { plan: PlannedSubnet[]; fits: boolean } => {
          const sized = { ...input, zones: { z: 3 }, sizes: { [tier]: asked } };
          return { plan: addressPlan(sized).filter((each) => each.tier === tier), fits: sizeFits(tier, sized).fits };
        };
        const [a, b] = [of(one), of(other)];
        const [few, many] = a.plan.length <= b.plan.length ? [a.plan, b.plan] : [b.plan, a.plan];
        expect(table(many).slice(0, few.length)).toEqual(table(few));
        for (const { asked, got } of [
          { asked: one, got: a },
          { asked: other, got: b },
        ]) {
          const prefixes = got.plan.map(({ cidr }) => parseCidr(cidr)!.prefix);
          const held =
            typeof asked === 'number'
              ? prefixes.map(usableAddresses).reduce((sum, each) => sum + each, 0) >= asked
              : prefixes.reduce((sum, each) => sum + 2 ** (32 - each), 0) >= 2 ** (32 - Number(asked.slice(1)));
          expect(held).toBe(got.fits);
        }
      }),
    );
  });
});

test.each([
  ['ap-northeast-1a', 'ap-northeast-1', 0],
  ['ap-northeast-1h', 'ap-northeast-1', 7],
  ['ap-northeast-1i', 'ap-northeast-1', undefined],
  ['ap-northeast-1', 'ap-northeast-1', undefined],
  ['us-east-1a', 'us-east-2', undefined],
  ['us-east-1-bos-1a', 'us-east-1', undefined],
  ['use1-az1', 'us-east-1', 0],
  ['apne1-az4', 'ap-northeast-1', 3],
  ['apne1-az4', 'ap-northeast-2', undefined],
  ['use1-az0', 'us-east-1', undefined],
  ['use1-az9', 'us-east-1', undefined],
  ['use1-bos1-az1', 'us-east-1', undefined],
  ['whatever1-az2', 'us-iso-east-1', 1],
])('zone %s of %s has number %s', (zone, region, ordinal) => {
  expect(zoneOrdinal(zone, region)).toBe(ordinal);
});

test.each([
  ['us-east-1', 'use1'],
  ['us-west-2', 'usw2'],
  ['us-gov-west-1', 'usgw1'],
  ['ap-northeast-1', 'apne1'],
  ['ap-southeast-2', 'apse2'],
  ['ap-south-1', 'aps1'],
  ['eu-central-1', 'euc1'],
  ['ca-central-1', 'cac1'],
  ['cn-northwest-1', 'cnnw1'],
  ['us-iso-east-1', undefined],
])('zone ids of %s begin with %s', (region, code) => {
  expect(regionCode(region)).toBe(code);
});
