import fc from 'fast-check';
import {
  fits,
  fragmentedBlocks,
  freshBlocks,
  howManyFit,
  NOTHING,
  sumOf,
  takenIn,
  times,
  wholeBlocks,
  type Demand,
  type Pool,
} from '../../lib/capacity/pool';
import type { CapacitySubnet } from '../../lib/capacity/subnet-list';

const subnet = (prefix: number, place = '1'): CapacitySubnet => ({
  id: `nodes-z-${place}`,
  tiers: ['nodes'],
  zone: 'z',
  place,
  cidr: `10.0.0.0/${prefix}`,
  prefix,
  usable: 2 ** (32 - prefix) - 5,
});
const pool = (prefixes: readonly number[], standing = prefixes.map(() => 0)): Pool => ({
  name: 'nodes z',
  zone: 'z',
  tier: 'nodes',
  subnets: prefixes.map((prefix, index) => subnet(prefix, String(index + 1))),
  standing,
});
const own = (singles: number, blocks = 0): Demand => ({ own: [{ singles, blocks }], shared: NOTHING });

// CNI docs/prefix-and-ip-target.md: the first and the last aligned /28 of a subnet hold addresses EC2 keeps
test.each([
  [24, 14],
  [25, 6],
  [26, 2],
  [27, 0],
  [28, 0],
])('a fresh /%d has %d whole /28 blocks', (prefix, blocks) => {
  expect(wholeBlocks(subnet(prefix))).toBe(blocks);
});

test('single addresses lie beside the blocks first, then take blocks sixteen at a time, or one each when scattered', () => {
  const of = (singles: number): number[] => [freshBlocks(subnet(24), singles), fragmentedBlocks(subnet(24), singles)];
  expect([0, 1, 14, 27, 28, 43, 44, 300].map((singles) => [singles, ...of(singles)])).toEqual([
    [0, 14, 14],
    [1, 14, 13],
    [14, 14, 0],
    [27, 14, 0],
    [28, 13, 0],
    [43, 13, 0],
    [44, 12, 0],
    [300, 0, 0],
  ]);
});

test.each<[string, Pool, Demand, boolean]>([
  ['all addresses of a subnet', pool([24]), own(251), true],
  ['one more', pool([24]), own(252), false],
  ['all beside what stands there', pool([24], [51]), own(200), true],
  ['one more beside what stands there', pool([24], [51]), own(201), false],
  ['every whole block', pool([24]), own(27, 14), true],
  ['a block more', pool([24]), own(11, 15), false],
  ['blocks that single addresses have broken', pool([24]), own(28, 14), false],
  [
    'a further interface in the other subnet',
    pool([28, 24]),
    { own: [{ singles: 11, blocks: 0 }], shared: { singles: 251, blocks: 0 } },
    true,
  ],
  [
    'one too many in both',
    pool([28, 24]),
    { own: [{ singles: 11, blocks: 0 }], shared: { singles: 252, blocks: 0 } },
    false,
  ],
  [
    'a first interface that must be in the full subnet',
    pool([28, 24]),
    { own: [{ singles: 12, blocks: 0 }], shared: NOTHING },
    false,
  ],
  [
    'blocks in the other subnet',
    pool([28, 24]),
    { own: [{ singles: 1, blocks: 0 }], shared: { singles: 0, blocks: 14 } },
    true,
  ],
  [
    'a block more in the other subnet',
    pool([28, 24]),
    { own: [{ singles: 1, blocks: 0 }], shared: { singles: 0, blocks: 15 } },
    false,
  ],
])('%s', (_, where, demand, expected) => {
  expect(fits(where, demand)).toBe(expected);
});

const amount = fc.record({ singles: fc.integer({ min: 0, max: 30 }), blocks: fc.integer({ min: 0, max: 8 }) });
const demands = fc.record({ own: fc.array(amount, { maxLength: 2 }), shared: amount });

test('as many fit as are said to fit, and not one more', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 18, max: 28 }), { minLength: 1, maxLength: 2 }),
      demands,
      demands,
      fc.integer({ min: 0, max: 500 }),
      (prefixes, taken, each, limit) => {
        const where = pool(prefixes);
        const count = howManyFit(where, each, limit, taken);
        if (count > 0) expect(fits(where, sumOf([taken, times(count, each)]))).toBe(true);
        if (count < limit) expect(fits(where, sumOf([taken, times(count + 1, each)]))).toBe(false);
      },
    ),
  );
});

test('what is taken in the subnets is what is asked for, and no subnet of a pool that fits is overfull', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 18, max: 26 }), { minLength: 1, maxLength: 2 }),
      demands,
      (prefixes, demand) => {
        const where = pool(prefixes);
        const kept = { ...demand, own: demand.own.slice(0, prefixes.length) };
        const taken = takenIn(where, kept);
        const asked = [...kept.own, kept.shared].reduce((sum, { singles, blocks }) => sum + singles + 16 * blocks, 0);
        const all = taken.reduce((sum, each) => sum + each, 0);
        expect(all - asked).toBeGreaterThanOrEqual(0);
        expect(all - asked).toBeLessThanOrEqual(prefixes.length); // each subnet's share is rounded up
        if (fits(where, kept)) {
          for (const [index, each] of taken.entries()) expect(each).toBeLessThanOrEqual(where.subnets[index]!.usable);
        }
      },
    ),
  );
});
