import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { instanceFacts, INSTANCE_TYPES, nearestInstanceType } from '../../lib/compute/instance-types';
import table from '../../lib/compute/instance-types.json';
import { groupMaxPods, maxPods, type MaxPodsInput } from '../../lib/compute/max-pods';

type Mode = Omit<MaxPodsInput, 'instanceType'>;

/** Each number of eni-max-pods.txt, by instance type. */
const PUBLISHED = new Map(
  readFileSync(path.join(__dirname, 'eni-max-pods.txt'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .flatMap((line) => {
      const [families = '', sizes = ''] = line.split(': ');
      return families.split(' ').flatMap((family) =>
        sizes.split(', ').map((each): [string, string] => {
          const [size = '', number = ''] = each.split(' ');
          return [`${family}.${size}`, number];
        }),
      );
    }),
);

/** Retired before our table was made. */
const RETIRED = ['u-9tb1.112xlarge', 'u-12tb1.112xlarge', 'u-18tb1.112xlarge', 'u-24tb1.112xlarge'];

/** Too new for what is published, or in few regions. */
const UNPUBLISHED = /^([cm]9gd?\..*|g7\..*|c7i\.32xlarge|[mr]8i(b|db|dn|n)\.metal-(48|96)xl|mac-m3ultra\.metal)$/;

describe('the numbers AWS publishes', () => {
  test('are ours, in secondary mode without the cap', () => {
    const pods = [...PUBLISHED].filter(([type, number]) => !number.includes('x') && !RETIRED.includes(type));
    expect(pods).toHaveLength(941);
    expect(pods.map(([type]) => [type, String(maxPods({ instanceType: type, capped: false }))])).toEqual(pods);
  });

  test('are the interfaces and addresses of our table for later types', () => {
    const limits = [...PUBLISHED].filter(([, number]) => number.includes('x'));
    expect(limits).toHaveLength(383);
    const ours = limits.map(([type]) => [
      type,
      `${instanceFacts(type)?.interfaces}x${instanceFacts(type)?.ipv4PerInterface}`,
    ]);
    expect(ours).toEqual(limits);
  });

  test('are there for all but a few types, and our table lacks only retired ones', () => {
    expect([...PUBLISHED.keys()].filter((type) => instanceFacts(type) === undefined)).toEqual(RETIRED);
    const unpublished = INSTANCE_TYPES.filter((type) => !PUBLISHED.has(type));
    expect(unpublished).toHaveLength(68);
    expect(unpublished.filter((type) => !UNPUBLISHED.test(type))).toEqual([]);
  });
});

const SECONDARY: Mode = {};
const CUSTOM: Mode = { customNetworking: true };
const PREFIX: Mode = { prefixDelegation: true };
const BOTH: Mode = { ...CUSTOM, ...PREFIX };

// type, then E×I, vCPU, branch interfaces, then pods without the cap and with it in each of the four modes
test.each`
  type               | facts                 | secondary     | custom        | prefix          | both
  ${'t3.micro'}      | ${[2, 2, 2, 0]}       | ${[4, 4]}     | ${[3, 3]}     | ${[34, 34]}     | ${[18, 18]}
  ${'t3.small'}      | ${[3, 4, 2, 0]}       | ${[11, 11]}   | ${[8, 8]}     | ${[146, 110]}   | ${[98, 98]}
  ${'t3.medium'}     | ${[3, 6, 2, 0]}       | ${[17, 17]}   | ${[12, 12]}   | ${[242, 110]}   | ${[162, 110]}
  ${'t4g.medium'}    | ${[3, 6, 2, 0]}       | ${[17, 17]}   | ${[12, 12]}   | ${[242, 110]}   | ${[162, 110]}
  ${'m5.large'}      | ${[3, 10, 2, 9]}      | ${[29, 29]}   | ${[20, 20]}   | ${[434, 110]}   | ${[290, 110]}
  ${'m7g.large'}     | ${[3, 10, 2, 9]}      | ${[29, 29]}   | ${[20, 20]}   | ${[434, 110]}   | ${[290, 110]}
  ${'m5.xlarge'}     | ${[4, 15, 4, 18]}     | ${[58, 58]}   | ${[44, 44]}   | ${[898, 110]}   | ${[674, 110]}
  ${'g5.xlarge'}     | ${[4, 15, 4, 4]}      | ${[58, 58]}   | ${[44, 44]}   | ${[898, 110]}   | ${[674, 110]}
  ${'c6a.2xlarge'}   | ${[4, 15, 8, 38]}     | ${[58, 58]}   | ${[44, 44]}   | ${[898, 110]}   | ${[674, 110]}
  ${'c5.4xlarge'}    | ${[8, 30, 16, 54]}    | ${[234, 110]} | ${[205, 110]} | ${[3714, 110]}  | ${[3250, 110]}
  ${'m7i.4xlarge'}   | ${[8, 30, 16, 54]}    | ${[234, 110]} | ${[205, 110]} | ${[3714, 110]}  | ${[3250, 110]}
  ${'c5.18xlarge'}   | ${[15, 50, 72, 107]}  | ${[737, 250]} | ${[688, 250]} | ${[11762, 250]} | ${[10978, 250]}
  ${'r6i.32xlarge'}  | ${[15, 50, 128, 107]} | ${[737, 250]} | ${[688, 250]} | ${[11762, 250]} | ${[10978, 250]}
  ${'p4d.24xlarge'}  | ${[15, 50, 96, 62]}   | ${[737, 250]} | ${[688, 250]} | ${[11762, 250]} | ${[10978, 250]}
  ${'m5.metal'}      | ${[15, 50, 96, 120]}  | ${[737, 250]} | ${[688, 250]} | ${[11762, 250]} | ${[10978, 250]}
  ${'m6in.32xlarge'} | ${[8, 50, 128, 106]}  | ${[394, 250]} | ${[345, 250]} | ${[6274, 250]}  | ${[5490, 250]}
  ${'p5.48xlarge'}   | ${[2, 50, 192, 120]}  | ${[100, 100]} | ${[51, 51]}   | ${[1570, 250]}  | ${[786, 250]}
  ${'i4i.large'}     | ${[3, 10, 2, 0]}      | ${[29, 29]}   | ${[20, 20]}   | ${[434, 110]}   | ${[290, 110]}
  ${'m4.4xlarge'}    | ${[8, 30, 16, 0]}     | ${[234, 110]} | ${[205, 110]} | ${[234, 110]}   | ${[205, 110]}
  ${'c4.large'}      | ${[3, 10, 2, 0]}      | ${[29, 29]}   | ${[20, 20]}   | ${[29, 29]}     | ${[20, 20]}
`('$type in every mode', ({ type, facts, secondary, custom, prefix, both }) => {
  const { interfaces, ipv4PerInterface, vCpus, branchInterfaces, trunk } = instanceFacts(type)!;
  expect([interfaces, ipv4PerInterface, vCpus, branchInterfaces]).toEqual(facts);
  expect(trunk).toBe(facts[3] > 0);
  const pods = (mode: Mode): number[] =>
    [false, true].map((capped) => maxPods({ ...mode, instanceType: type, capped }));
  expect([pods(SECONDARY), pods(CUSTOM), pods(PREFIX), pods(BOTH)]).toEqual([secondary, custom, prefix, both]);
});

test.each<[string, Mode, number]>([
  ['m5.large', { podSecurityGroups: true }, 29],
  ['m5.large', { podSecurityGroups: true, prefixDelegation: true, capped: false }, 434],
  ['m5.large', { ipFamily: 'ipv6' }, 110],
  ['m5.large', { ipFamily: 'ipv6', capped: false }, 434],
  ['c5.18xlarge', { ipFamily: 'ipv6' }, 250],
  ['m5.metal', { ipFamily: 'ipv6', capped: false }, 11762],
  ['m5.large', { os: 'windows' }, 9],
  ['m5.large', { os: 'windows', prefixDelegation: true }, 110],
  ['m5.large', { os: 'windows', prefixDelegation: true, capped: false }, 144],
  ['c5.18xlarge', { os: 'windows', prefixDelegation: true }, 110],
  ['m4.4xlarge', { os: 'windows', prefixDelegation: true }, 29],
  ['hpc6id.32xlarge', { customNetworking: true }, 2],
  ['hpc6id.32xlarge', { customNetworking: true, prefixDelegation: true }, 2],
  ['m5.large', { maxEni: 2 }, 20],
  ['m5.large', { maxEni: 8 }, 29],
  ['m5.large', { maxEni: 1, customNetworking: true }, 2],
  ['m5.large', { maxEni: 0 }, 29],
  ['m5.large', { maxEni: -1 }, 29],
  ['m5.large', { maxEni: NaN }, 29],
  ['m5.large', { maxEni: 1.5 }, 29],
  ['m5.large', { maxEni: undefined, os: undefined, ipFamily: undefined, capped: undefined }, 29],
])('%s with %j: %d pods', (instanceType, mode, pods) => {
  expect(maxPods({ ...mode, instanceType })).toBe(pods);
});

test('an unknown number of processors caps as few do', () => {
  const unknown = INSTANCE_TYPES.filter((type) => instanceFacts(type)?.vCpus === undefined);
  expect(unknown.length).toBeGreaterThan(0);
  for (const instanceType of unknown) {
    expect(maxPods({ instanceType, prefixDelegation: true })).toBeLessThanOrEqual(110);
  }
});

test('a group has the number of its smallest type, in its mode', () => {
  expect(groupMaxPods(['m5.large', 't3.medium'], {})).toBe(17);
  expect(groupMaxPods(['m5.large', 't3.medium'], { customNetworking: true })).toBe(12);
  expect(groupMaxPods(['m5.large', 't3.medium', 'c4.large'], { prefixDelegation: true })).toBe(29);
});

test.each<[MaxPodsInput, string]>([
  [
    { instanceType: 'm5.large', os: 'windows', ipFamily: 'ipv6' },
    '`ipFamily` must be ipv4 with `os` windows, got ipv6',
  ],
  [
    { instanceType: 'm5.large', os: 'windows', customNetworking: true },
    '`customNetworking` must be false with `os` windows, got true',
  ],
  [
    { instanceType: 'm5.large', ipFamily: 'ipv6', customNetworking: true },
    '`customNetworking` must be false with `ipFamily` ipv6, got true',
  ],
  [
    { instanceType: 'm4.large', ipFamily: 'ipv6' },
    '`instanceType` must be a Nitro type with `ipFamily` ipv6, got m4.large',
  ],
])('%j is refused', (input, message) => {
  expect(() => maxPods(input)).toThrow(new Error(message));
});

test.each([
  ['m5.larg', 'did you mean `m5.large`?'],
  ['m7g.larg', 'did you mean `m7g.large`?'],
  ['m7g.lagre', 'did you mean `m7g.large`?'],
  ['M7G.Large', 'did you mean `m7g.large`?'],
  ['m7.large', 'did you mean `m7a.large`, `m7g.large` or `m7i.large`?'],
  ['m7gx.larg', 'did you mean `m7g.large`?'],
  ['toString', 'a new one comes with `npm run refresh:instance-types`'],
  ['', 'a new one comes with `npm run refresh:instance-types`'],
])('%s is not known', (instanceType, remedy) => {
  const message = `instance type ${instanceType} is not known; ${remedy}`;
  expect(() => maxPods({ instanceType })).toThrow(new Error(message));
  expect(nearestInstanceType(instanceType) ?? remedy).toBe(remedy);
});

test('the table has a row of all its columns for every type, small enough to ship', () => {
  const file = path.join(__dirname, '..', '..', 'lib', 'compute', 'instance-types.json');
  expect(readFileSync(file).length).toBeLessThan(64 * 1024);
  expect(INSTANCE_TYPES.length).toBeGreaterThanOrEqual(1392);
  const wrong = Object.entries(table.types).filter(
    ([, row]) =>
      row.length !== table.columns.length ||
      !(Number(row[0]) >= 1 && Number(row[1]) >= 2 && (row[2] === null || Number(row[2]) >= 1)),
  );
  expect(wrong).toEqual([]);
});

test('what the resource controller does not list is unknown, not 0', () => {
  expect(instanceFacts('c9g.large')).toMatchObject({ trunk: undefined, branchInterfaces: undefined });
  expect(instanceFacts('t3.large')).toMatchObject({ trunk: false, branchInterfaces: 0 });
  expect(instanceFacts('m7g.large')).toMatchObject({ trunk: true, branchInterfaces: 9 });
});
