import * as cdk from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { METRICS_NAMESPACE } from '../../lib/logs/deployed';
import { filterHandler } from '../../lib/logs/filter/handler';
import { EmfMeter } from '../../lib/logs/filter/meter';
import { LogAlarms } from '../../lib/logs/log-alarms';
import { compileRules } from '../../lib/logs/rules/engine';
import type { LogRules } from '../../lib/logs/rules/log-rule';
import { metricKey, pointsOf, rings, type Alarm, type Point } from './alarm-evaluator';

/** The alarms as they are deployed, by their ids. */
const ALARMS = ((): Readonly<Record<string, Alarm>> => {
  const stack = new cdk.Stack(new cdk.App(), 'S', { env: { account: '111122223333', region: 'eu-west-1' } });
  new LogAlarms(stack, 'A', { platform: 'dev', mostDroppedPercent: 95, bufferSeconds: 300, archived: true });
  const found = Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm');
  return Object.fromEntries(
    Object.entries(found).map(([id, { Properties }]) => [id.replace(/^A|[0-9A-F]{8}$/g, ''), Properties as Alarm]),
  );
})();

/** Those that bring the old rules back. */
const ROLLBACK = ['EatsEverything', 'RulesStale', 'FailedRecords', 'FailedBatches'] as const;
const START = 30_000_000; // a minute

const line = (log: string): string =>
  JSON.stringify({ log, kubernetes: { namespace_name: 'shop', pod_name: 'web-1', container_name: 'web' } });
const PROBE = line('GET /healthz 200');
const ORDER = line('order 4711 was paid');
const ERROR = line('ERROR order 4711 could not be paid');
const EVERYTHING: LogRules = { version: 1, rules: [{ id: 'all', action: 'drop', match: { namespace: '*' } }] };
const PROBES: LogRules = {
  version: 1,
  rules: [{ id: 'probes', action: 'drop', match: { message: { contains: '/healthz' } } }],
};

interface Minutes {
  readonly rules: LogRules;
  /** The lines of one minute. */
  readonly lines: readonly string[];
  readonly minutes?: number;
  readonly stale?: boolean;
  /** Whether records of a megabyte come, which the stream does not take once more. */
  readonly tooLarge?: boolean;
}

/** What the filter function, with its own meter, counts of some minutes in which the same comes again and again. */
async function counted({ rules, lines, minutes = 6, stale = false, tooLarge = false }: Minutes): Promise<Point[]> {
  const told: string[] = [];
  let now = 0;
  const handler = filterHandler({
    rules: { current: () => Promise.resolve({ engine: compileRules(rules), stale, missing: false }) },
    reingestion: { put: (records) => Promise.resolve(records.map(() => false)) },
    meter: new EmfMeter('dev-logs', (each) => told.push(each)),
    tell: () => undefined,
    clock: () => now,
  });
  const records = [lines.join('\n'), ...(tooLarge ? Array.from({ length: 7 }, () => line('x'.repeat(990_000))) : [])];
  const event = {
    records: records.map((data, index) => ({ recordId: String(index), data: Buffer.from(data).toString('base64') })),
  };
  for (let minute = 0; minute < minutes; minute++) {
    now = (START + minute) * 60_000;
    await handler(event, { getRemainingTimeInMillis: () => 60_000 });
  }
  return pointsOf(told);
}

/** The rollback alarms that ring at the end of the last of those minutes. */
const ringing = (points: readonly Point[], minute = 5): string[] =>
  ROLLBACK.filter((id) => rings(ALARMS[id]!, points, START + minute));

const times = (count: number, ...lines: readonly string[]): string[] =>
  Array.from({ length: count }, () => lines).flat();
/** One line in fifteen is an error, which a guard keeps. */
const MIXED = times(14, ...times(14, ORDER), ERROR);

describe('rules that eat everything', () => {
  test.each<[string, LogRules, readonly string[], boolean]>([
    ['a rule that drops all a guard does not keep', EVERYTHING, MIXED, true],
    ['a default that drops all a guard does not keep', { version: 1, default: 'drop', rules: [] }, MIXED, true],
    ['a rule that drops all but what is no record', EVERYTHING, times(70, ORDER, 'plain text'), true],
    ['the same, of fewer records a second than one', EVERYTHING, times(50, ORDER, 'plain text'), false],
    ['rules that drop 60 %', PROBES, times(60, PROBE, PROBE, PROBE, ORDER, ORDER), false],
    ['rules that drop nothing', { version: 1, rules: [] }, MIXED, false],
    ['errors alone, all kept by a guard', EVERYTHING, times(200, ERROR), false],
    ['a small platform: a line and a half a second', EVERYTHING, times(90, ORDER), true],
    ['a night of probes: four pods with two each', PROBES, times(48, PROBE), false],
    ['a night of many probes, and one line in ten beside them', PROBES, times(60, ...times(9, PROBE), ORDER), false],
    ['nothing at all', EVERYTHING, [], false],
  ])('%s', async (_, rules, lines, rung) => {
    const points = await counted({ rules, lines });
    expect(ringing(points)).toEqual(rung ? ['EatsEverything'] : []);
  });

  test('are noticed though less than the limit of all that comes is dropped', async () => {
    const points = await counted({ rules: EVERYTHING, lines: MIXED });
    const [came, guarded, dropped] = (['InBytes', 'GuardedBytes', 'DroppedBytes'] as const).map((name) => {
      const key = metricKey(METRICS_NAMESPACE, name, { Stream: 'dev-logs' });
      return points.filter(({ metric }) => metric === key).reduce((so, { value }) => so + value, 0);
    }) as [number, number, number];
    expect(dropped / came).toBeLessThan(0.95);
    expect(guarded + dropped).toBe(came);
  });

  test('are noticed in the fifth minute on a platform of 15 MB a day', async () => {
    const lines = times(90, ORDER);
    expect(Buffer.byteLength(lines.join('')) * 1440).toBeLessThan(15_000_000);
    const points = await counted({ rules: EVERYTHING, lines });
    expect(ringing(points, 4)).toEqual(['EatsEverything']);
  });
});

test('rules that are stale ring, and nothing else does', async () => {
  expect(ringing(await counted({ rules: PROBES, lines: times(90, ORDER), stale: true }))).toEqual(['RulesStale']);
});

test('a record that failed rings, and nothing else does', async () => {
  expect(ringing(await counted({ rules: PROBES, lines: [ORDER], tooLarge: true }))).toEqual(['FailedRecords']);
});

describe('calls of the filter function that fail', () => {
  /** Minutes with the share of the calls that succeeded, as Firehose tells it. */
  const succeeded = (...shares: readonly (number | undefined)[]): Point[] =>
    shares.flatMap((value, minute) => {
      const metric = metricKey('AWS/Firehose', 'ExecuteProcessing.Success', { DeliveryStreamName: 'dev-logs' });
      return value === undefined ? [] : [{ metric, minute: START + minute, value }];
    });
  const everRings = (points: readonly Point[]): boolean =>
    Array.from({ length: 10 }, (_, minute) => ringing(points, minute)).some((each) => each.includes('FailedBatches'));

  test.each<[string, Point[], boolean]>([
    ['one of a call a minute, once more and well', succeeded(1, 1, 0.5, 1, 1, 1), false],
    ['one batch of a busy stream, all four attempts', succeeded(1, 0.98, 0.98, 0.98, 0.98, 1), false],
    ['Lambda out of order for two minutes', succeeded(1, 0, 0, 1, 1, 1), false],
    ['one in eight, for good', succeeded(1, 0.875, 0.875, 0.875), true],
    ['all', succeeded(1, 0, 0, 0), true],
    ['all, with a batch in every other minute', succeeded(0, undefined, 0, undefined, 0), true],
    ['none, because there is none', succeeded(), false],
  ])('%s', (_, points, rung) => {
    expect(everRings(points)).toBe(rung);
  });
});

test('silence rings after a quarter of an hour, and until the first agent sends something', () => {
  const metric = metricKey('AWS/Firehose', 'IncomingRecords', { DeliveryStreamName: 'dev-logs' });
  const silent = (points: readonly Point[], minute: number): boolean => rings(ALARMS.Silent!, points, START + minute);
  const points = [0, 1, 2, 20].map((minute) => ({ metric, minute: START + minute, value: 1 }));
  expect(silent([], 0)).toBe(true);
  expect([2, 16, 17, 19, 20, 34].map((minute) => silent(points, minute))).toEqual([
    false, // they send
    false,
    true, // nothing since the third minute
    true,
    false,
    false,
  ]);
});

describe('the quota', () => {
  const firehose = (name: string, value: number): Point[] =>
    Array.from({ length: 15 }, (_, minute) => ({
      metric: metricKey('AWS/Firehose', name, { DeliveryStreamName: 'dev-logs' }),
      minute: START + minute,
      value,
    }));
  const limits = [
    ...firehose('BytesPerSecondLimit', 1_048_576),
    ...firehose('RecordsPerSecondLimit', 100_000),
    ...firehose('PutRequestsPerSecondLimit', 1_000),
  ];
  const used = (bytes: number, records: number, requests: number): Point[] => [
    ...limits,
    ...firehose('IncomingBytes', bytes * 60),
    ...firehose('IncomingRecords', records * 60),
    ...firehose('IncomingPutRequests', requests * 60),
  ];

  test.each<[string, Point[], boolean]>([
    ['is far', used(500_000, 1_000, 100), false],
    ['is near in bytes', used(800_000, 1_000, 100), true],
    ['is near in records: agents that do not aggregate', used(500_000, 80_000, 100), true],
    ['is near in requests: many small nodes', used(500_000, 1_000, 800), true],
    ['is not known yet', firehose('IncomingBytes', 60_000_000), false],
  ])('%s', (_, points, rung) => {
    expect(rings(ALARMS.NearQuota!, points, START + 14)).toBe(rung);
  });
});
