import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import * as fc from 'fast-check';
import { billedBytes, breakEvenShare, costPaths, GB, type CostPathName, type CostQuestion } from '../../lib/logs/cost';
import { PRICE_SOURCES, PRICED_REGIONS, pricesOf, type Prices } from '../../lib/logs/prices';

const TERABYTE: CostQuestion = {
  gbPerDay: 1000,
  keep: 0.3,
  hot: 1,
  lineBytes: 694,
  aggregated: true,
  recordBytes: 100 * 1024,
  archive: false,
  retentionDays: 30,
  rules: 20,
};

const prices = pricesOf('us-east-1')!;

const perDay = (question: CostQuestion, from: Prices = prices): Record<CostPathName, number> =>
  Object.fromEntries(
    costPaths(question, from).map(({ name, totalPerDay }) => [name, Math.round(totalPerDay)]),
  ) as never;

test('a terabyte a day, 30 % kept', () => {
  expect(perDay(TERABYTE)).toEqual({
    'all-to-cloudwatch': 505,
    rules: 31,
    'rules-and-hot-copy': 183,
    'no-rules': 33,
    'no-rules-and-hot-copy': 538,
  });
});

test('the stream costs the same whatever the rules drop', () => {
  const firehose = [0, 0.3, 1].flatMap((keep) =>
    costPaths({ ...TERABYTE, keep }, prices)
      .filter(({ name }) => name !== 'all-to-cloudwatch')
      .map(({ perDay: { firehose: each } }) => each),
  );
  expect(new Set(firehose).size).toBe(1);
});

test.each([
  // what the price page says of records of 3, 5 and 12 KB, and one line alone
  [{ lineBytes: 3 * 1024, aggregated: false, recordBytes: 0 }, 5 / 3],
  [{ lineBytes: 5 * 1024, aggregated: false, recordBytes: 0 }, 1],
  [{ lineBytes: 12 * 1024, aggregated: false, recordBytes: 0 }, 15 / 12],
  [{ lineBytes: 694, aggregated: false, recordBytes: 100 * 1024 }, 5120 / 694],
  // 147 lines are 102,018 bytes: 20 steps of 5 KB
  [{ lineBytes: 694, aggregated: true, recordBytes: 100 * 1024 }, (20 * 5120) / (147 * 694)],
  // a line larger than the record is a record
  [{ lineBytes: 200 * 1024, aggregated: true, recordBytes: 100 * 1024 }, 1],
])('%j is billed as %d of its bytes', (question, factor) => {
  expect(billedBytes(1_000_000, question)).toBeCloseTo(1_000_000 * factor, 3);
});

test('without aggregation one line a record makes the stream seven times as dear', () => {
  const [, aggregated] = costPaths(TERABYTE, prices);
  const [, single] = costPaths({ ...TERABYTE, aggregated: false }, prices);
  expect(single!.perDay.firehose / aggregated!.perDay.firehose).toBeCloseTo(7.35, 1);
});

test('an archive of everything is paid for on every path but CloudWatch', () => {
  const [all, ...paths] = costPaths(TERABYTE, prices);
  const [allToo, ...archived] = costPaths({ ...TERABYTE, archive: true }, prices);
  expect(allToo).toEqual(all);
  archived.forEach(({ perDay: { s3 } }, index) => expect(s3).toBeGreaterThan(paths[index]!.perDay.s3));
});

describe('laws', () => {
  const question = fc.record({
    gbPerDay: fc.double({ min: 0.001, max: 100_000, noNaN: true }),
    keep: fc.double({ min: 0, max: 1, noNaN: true }),
    hot: fc.double({ min: 0, max: 1, noNaN: true }),
    lineBytes: fc.integer({ min: 1, max: 1_000_000 }),
    aggregated: fc.boolean(),
    recordBytes: fc.integer({ min: 1, max: 1_000_000 }),
    archive: fc.boolean(),
    retentionDays: fc.integer({ min: 0, max: 3650 }),
    rules: fc.integer({ min: 0, max: 500 }),
  });
  const region = fc.constantFrom(...PRICED_REGIONS).map((name) => pricesOf(name)!);

  test('every cost is a number of dollars, and the sum is that of its parts', () => {
    fc.assert(
      fc.property(question, region, (asked, from) => {
        for (const { perDay: items, totalPerDay } of costPaths(asked, from)) {
          for (const item of Object.values(items)) expect(item).toBeGreaterThanOrEqual(0);
          expect(Object.values(items).reduce((sum, each: number) => sum + each, 0)).toBeCloseTo(totalPerDay, 6);
        }
      }),
    );
  });

  test('Firehose never bills less than what came, and at most a step more a record', () => {
    fc.assert(
      fc.property(question, (asked) => {
        const billed = billedBytes(GB, asked);
        expect(billed).toBeGreaterThanOrEqual(GB * (1 - 1e-9));
        const size = asked.aggregated
          ? Math.max(1, Math.floor(asked.recordBytes / asked.lineBytes)) * asked.lineBytes
          : asked.lineBytes;
        expect(billed).toBeLessThanOrEqual(GB * (1 + 5120 / size));
      }),
    );
  });

  test('at the break-even share the path costs what CloudWatch costs', () => {
    fc.assert(
      fc.property(question, region, (asked, from) => {
        const share = breakEvenShare(asked, from);
        fc.pre(share !== undefined && asked.keep > 0.01 && share < asked.keep);
        const [all, , hot] = costPaths({ ...asked, hot: share! / asked.keep }, from);
        expect(hot!.totalPerDay / all!.totalPerDay).toBeCloseTo(1, 6);
      }),
    );
  });
});

describe('prices', () => {
  test('every region has every price, above 0, with a source that has a date', () => {
    expect(PRICED_REGIONS).toEqual(expect.arrayContaining(['us-east-1', 'eu-west-1', 'ap-northeast-1']));
    for (const name of PRICED_REGIONS) {
      const found = pricesOf(name)!;
      expect(Object.keys(found)).toEqual(Object.keys(prices));
      for (const { usd, per, source } of Object.values(found)) {
        expect(usd).toBeGreaterThan(0);
        expect(per).not.toBe('');
        expect(PRICE_SOURCES[source].date).toMatch(/\d{4}/);
      }
    }
  });

  test('a region without prices has none, whatever its name', () => {
    expect(['mars-1', 'toString', '__proto__'].map(pricesOf)).toEqual([undefined, undefined, undefined]);
  });
});

test('the README tells what it costs today', () => {
  const readme = readFileSync(path.join(__dirname, '..', '..', 'README.md'), 'utf8');
  const { 'all-to-cloudwatch': all, 'rules-and-hot-copy': hot, rules } = perDay(TERABYTE);
  const firehose = Math.round(costPaths(TERABYTE, prices)[1]!.perDay.firehose);
  expect(readme).toContain(
    `costs $${all} a day if all of it goes to CloudWatch Logs, $${hot} on this path if all that is kept goes there too, and $${rules} if it goes to S3 only. $${firehose} of that is the stream`,
  );
});
