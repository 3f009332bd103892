import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import * as fc from 'fast-check';
import { breakEvenShare, costPaths, type CostItems, type CostPathName, type CostQuestion } from '../../lib/logs/cost';
import { PRICE_SOURCES, PRICED_REGIONS, pricesOf, type Prices } from '../../lib/logs/prices';
import { billedTimes, callsPerSecond, GB, recordBytes, type Senders } from '../../lib/logs/stream-records';

const TERABYTE: CostQuestion = {
  gbPerDay: 1000,
  keep: 0.3,
  hot: 1,
  lineBytes: 694,
  aggregated: true,
  containers: 500,
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

test('without rules none of their metrics are paid for', () => {
  const watching = (rules: number): number[] =>
    costPaths({ ...TERABYTE, rules }, prices)
      .filter(({ name }) => name.startsWith('no-rules'))
      .map(({ perDay: { watching: each } }) => each);
  expect(watching(500)).toEqual(watching(0));
});

test('the stream costs the same whatever the rules drop', () => {
  const firehose = [0, 0.3, 1].flatMap((keep) =>
    costPaths({ ...TERABYTE, keep }, prices)
      .filter(({ name }) => name !== 'all-to-cloudwatch')
      .map(({ perDay: { firehose: each } }) => each),
  );
  expect(new Set(firehose).size).toBe(1);
});

const ONE: Senders = { gbPerDay: 1, lineBytes: 694, containers: 1, aggregated: false };

test.each([
  // what the price page says of records of 3, 5 and 12 KB, and one line alone
  [3 * 1024, 5 / 3],
  [5 * 1024, 1],
  [12 * 1024, 15 / 12],
  [694, 5120 / 694],
])('a record of %d bytes is billed as %d times its size', (lineBytes, times) => {
  expect(billedTimes({ ...ONE, lineBytes })).toBeCloseTo(times, 6);
});

test.each([
  // GB a day, containers, KB of a record of theirs, how often it is billed
  [1000, 500, 364.1, 1.01],
  [1000, 5000, 36.4, 1.07],
  [50, 1000, 9.1, 1.27],
  [50, 5000, 1.8, 2.75],
  [1, 1000, 0.68, 7.38], // a line in each
  [1000, 10, 1000, 1.0], // what Firehose takes
])('%d GB a day of %d containers are records of %d KB, billed %d times', (gbPerDay, containers, kb, times) => {
  const senders = { ...ONE, gbPerDay, containers, aggregated: true };
  expect(recordBytes(senders) / 1024).toBeCloseTo(kb, kb < 1 ? 2 : 1);
  expect(billedTimes(senders)).toBeCloseTo(times, 2);
});

test('lines that come by chance are billed as reckoned, within a fifteenth', () => {
  for (const mean of [2, 4, 7, 13, 30, 100, 500]) {
    // the number of lines in a record is a Poisson number above 0
    let [chance, records, billed] = [Math.exp(-mean), 0, 0];
    for (let lines = 1; lines < 4 * mean + 40; lines++) {
      chance *= mean / lines;
      records += chance;
      billed += chance * Math.ceil((lines * 694) / 5120) * 5120;
    }
    const senders = { ...ONE, aggregated: true, recordBytes: (mean * 694) / records };
    expect(Math.abs(billedTimes(senders) / (billed / (mean * 694)) - 1)).toBeLessThan(1 / 15);
  }
});

test('an aggregated record is a call of its own', () => {
  expect(callsPerSecond({ ...ONE, gbPerDay: 50, containers: 5000, aggregated: true })).toBeCloseTo(5000 / 15, 0);
  expect(callsPerSecond({ ...ONE, gbPerDay: 50, containers: 5000, aggregated: false })).toBeCloseTo(5000 / 15, 0);
  expect(callsPerSecond({ ...ONE, gbPerDay: 1000, containers: 10 })).toBeCloseTo((1000 * GB) / 86_400 / 694 / 500, 3);
});

test('without aggregation one line a record makes the stream seven times as dear', () => {
  const [, aggregated] = costPaths(TERABYTE, prices);
  const [, single] = costPaths({ ...TERABYTE, aggregated: false }, prices);
  expect(single!.perDay.firehose / aggregated!.perDay.firehose).toBeCloseTo(7.35, 1);
});

/** The same sums by another hand: prices and counts in full, nothing shared with `cost.ts`. In us-east-1. */
function byHand({ gbPerDay, keep, hot, archiveDays, rules, retentionDays, containers }: CostQuestion): CostItems {
  const copied = gbPerDay * keep * hot;
  const record = Math.min(1_024_000, Math.max(694, (gbPerDay * 1_073_741_824 * 15) / 86_400 / containers));
  const objects = (gb: number): number => Math.max(gb * 16, 288);
  let s3 = (objects(gbPerDay * keep) * 0.005) / 1000 + (gbPerDay * keep * retentionDays * 0.023) / 8 / 30;
  if (archiveDays !== undefined && archiveDays < 90)
    s3 += (objects(gbPerDay) * 0.005) / 1000 + (gbPerDay * archiveDays * 0.023) / 8 / 30;
  if (archiveDays !== undefined && archiveDays >= 90)
    s3 += (objects(gbPerDay) * 0.025) / 1000 + (gbPerDay * archiveDays * 0.004) / 8 / 30;
  const batches = (gbPerDay * 1_073_741_824) / 3_000_000;
  const seconds = (gbPerDay * 1_073_741_824 * 0.00001) / 694 + batches * 0.07;
  return {
    logsIngested: copied * 0.5,
    logsStored: copied * 0.15 * retentionDays * 0.001,
    firehose: (gbPerDay * 0.029 * Math.max(5120, record + 2560)) / record,
    function: seconds * 0.0000133334 + batches * 0.0000002,
    s3,
    watching: (16 + 2 * rules) * 0.01 + (archiveDays === undefined ? 27 : 28) * (0.1 / 30),
  };
}

test.each<Partial<CostQuestion>>([
  {},
  { gbPerDay: 50, containers: 5000 },
  { gbPerDay: 0.5, keep: 1, hot: 0, containers: 20, rules: 0 },
  { archiveDays: 7 },
  { archiveDays: 89, retentionDays: 365 },
  { archiveDays: 90, retentionDays: 7 },
  { archiveDays: 400, keep: 0.05, hot: 0.5 },
])('with %j it comes to what another hand makes of it', (changed) => {
  const question = { ...TERABYTE, ...changed };
  const { perDay: items } = costPaths(question, prices).find(({ name }) => name === 'rules-and-hot-copy')!;
  const expected = byHand(question);
  for (const item of Object.keys(expected) as (keyof CostItems)[])
    expect([item, items[item]]).toEqual([item, expect.closeTo(expected[item], 6)]);
});

test('an archive of everything is paid for on every path but CloudWatch, and by its own days', () => {
  const s3 = (archiveDays?: number): number[] =>
    costPaths({ ...TERABYTE, archiveDays }, prices).map(({ perDay: items }) => items.s3);
  const [none, short, long] = [s3(), s3(30), s3(365)];
  expect([none[0], short[0], long[0]]).toEqual([0, 0, 0]);
  for (let path = 1; path < none.length; path++) {
    expect(short[path]).toBeGreaterThan(none[path]!);
    expect(long[path]).toBeGreaterThan(short[path]!);
  }
});

describe('laws', () => {
  const question = fc.record({
    gbPerDay: fc.double({ min: 0.001, max: 100_000, noNaN: true }),
    keep: fc.double({ min: 0, max: 1, noNaN: true }),
    hot: fc.double({ min: 0, max: 1, noNaN: true }),
    lineBytes: fc.integer({ min: 1, max: 1_000_000 }),
    aggregated: fc.boolean(),
    containers: fc.integer({ min: 1, max: 100_000 }),
    archiveDays: fc.option(fc.integer({ min: 1, max: 3650 }), { nil: undefined }),
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
        expect(billedTimes(asked)).toBeGreaterThanOrEqual(1 - 1e-9);
        expect(billedTimes(asked)).toBeLessThanOrEqual(1 + 5120 / recordBytes(asked));
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

test('docs/logs.md tells how often the records of many containers are billed', () => {
  const docs = readFileSync(path.join(__dirname, '..', '..', 'docs', 'logs.md'), 'utf8');
  const [few, more, many] = [500, 1000, 5000].map((containers) =>
    billedTimes({ ...TERABYTE, gbPerDay: 50, containers }).toFixed(2),
  );
  expect(docs).toContain(
    `50 GB a day are billed ${few} times from 500 containers, ${more} times from 1,000 and ${many} times from 5,000`,
  );
});
