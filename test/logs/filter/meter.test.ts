import { GB } from '../../../lib/logs/cost';
import { METRICS_NAMESPACE } from '../../../lib/logs/deployed';
import { EmfMeter } from '../../../lib/logs/filter/meter';
import { LogMetrics } from '../../../lib/logs/log-metrics';
import { pricesOf } from '../../../lib/logs/prices';
import { pointsOf } from '../alarm-evaluator';

const NOW = 1_764_000_000_000;

interface Emf {
  readonly _aws: {
    readonly Timestamp: number;
    readonly CloudWatchMetrics: readonly {
      readonly Namespace: string;
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string; readonly Unit: string }[];
    }[];
  };
  readonly [key: string]: unknown;
}

let lines: string[];
let meter: EmfMeter;

beforeEach(() => {
  lines = [];
  meter = new EmfMeter('dev-logs', (line) => lines.push(line));
});

/** What was told since the last time, without the format around it. */
function told(): Record<string, unknown>[] {
  return lines.splice(0).map((line) => {
    const { _aws, ...values } = JSON.parse(line) as Emf;
    expect(_aws === undefined || _aws.CloudWatchMetrics.length === 1).toBe(true);
    return values;
  });
}

const QUIET = {
  Stream: 'dev-logs',
  InRecords: 0,
  InBytes: 0,
  KeptRecords: 0,
  KeptBytes: 0,
  DroppedRecords: 0,
  DroppedBytes: 0,
  GuardedRecords: 0,
  GuardedBytes: 0,
  Unparsed: 0,
  UnparsedBytes: 0,
  Failed: 0,
  RulesStale: 0,
  RulesMissing: 0,
};

test('the metrics are those that alarms and the dashboard look for', () => {
  meter.count({ InRecords: 2, InBytes: 20 });
  meter.rule('probes', 'dropped', 2, 20);
  meter.flush(NOW);
  const [stream, rule] = lines.map((line) => JSON.parse(line) as Emf);
  const looked = new LogMetrics('dev').filter('InBytes');
  expect(looked).toMatchObject({
    namespace: stream?._aws.CloudWatchMetrics[0]?.Namespace,
    dimensions: { Stream: stream?.Stream },
  });
  expect(stream?._aws.CloudWatchMetrics[0]?.Metrics).toContainEqual({ Name: 'InBytes', Unit: 'Bytes' });
  expect(rule).toEqual({
    _aws: {
      Timestamp: NOW,
      CloudWatchMetrics: [
        {
          Namespace: METRICS_NAMESPACE,
          Dimensions: [['Stream', 'Rule']],
          Metrics: [
            { Name: 'Records', Unit: 'Count' },
            { Name: 'Bytes', Unit: 'Bytes' },
            { Name: 'NotHotBytes', Unit: 'Bytes' },
          ],
        },
      ],
    },
    Stream: 'dev-logs',
    Rule: 'probes',
    Records: 2,
    Bytes: 20,
    NotHotBytes: 20,
  });
});

test('every batch is told at once: the environment may be frozen after it', () => {
  for (let batch = 0; batch < 10; batch++) {
    meter.count({ InRecords: 1, KeptBytes: 10, Unparsed: batch });
    meter.rules({ stale: batch === 9, missing: false });
    meter.flush(NOW + batch * 5_000);
  }
  const all = told();
  expect(all).toHaveLength(10);
  expect(all[3]).toEqual({ ...QUIET, InRecords: 1, KeptBytes: 10, Unparsed: 3 });
  expect(all[9]).toMatchObject({ RulesStale: 1 });
});

describe('what rules did', () => {
  /** One batch of a rule that dropped a record; which rules were told after it. */
  function batch(now: number, bytes = 1_000): Record<string, unknown>[] {
    meter.count({ InBytes: bytes });
    meter.rule('probes', 'dropped', 1, 10);
    meter.flush(now);
    return told().filter((each) => 'Rule' in each);
  }

  test('is told once a minute', () => {
    expect(batch(NOW)).toHaveLength(1); // the first at once
    for (let second = 1; second < 60; second++) expect(batch(NOW + second * 1000)).toEqual([]);
    expect(batch(NOW + 60_000)).toEqual([
      { Stream: 'dev-logs', Rule: 'probes', Records: 60, Bytes: 600, NotHotBytes: 600 },
    ]);
  });

  test('is told once much has come', () => {
    batch(NOW);
    for (let more = 1; more < 10; more++) expect(batch(NOW + more, 3_000_000)).toEqual([]);
    expect(batch(NOW + 10, 3_000_000)).toEqual([
      { Stream: 'dev-logs', Rule: 'probes', Records: 10, Bytes: 100, NotHotBytes: 100 },
    ]);
    expect(batch(NOW + 11, 3_000_000)).toEqual([]);
  });

  test('is told when the clock was put back', () => {
    batch(NOW);
    expect(batch(NOW - 3_600_000)).toHaveLength(1);
  });
});

test('only rules that fired are told, each by what it did', () => {
  meter.rule('quiet', 'dropped', 0, 0);
  meter.rule('sampled', 'kept', 1, 10);
  meter.rule('hot', 'kept', 1, 10, true);
  meter.rule('sampled', 'dropped', 2, 20);
  meter.rule('secrets', 'redacted', 1, 5);
  meter.rule('trial', 'would', 4, 40);
  meter.rule('held', 'guarded', 1, 10);
  meter.flush(NOW);
  expect(told().slice(1)).toEqual([
    { Stream: 'dev-logs', Rule: 'sampled', Records: 3, Bytes: 30, NotHotBytes: 30 },
    { Stream: 'dev-logs', Rule: 'hot', Records: 1, Bytes: 10 },
    { Stream: 'dev-logs', Rule: 'secrets', Records: 1, Bytes: 5 },
    { Stream: 'dev-logs', Rule: 'trial', WouldRecords: 4, WouldBytes: 40 },
    { Stream: 'dev-logs', Rule: 'held', GuardedRecords: 1, GuardedBytes: 10 },
  ]);
  meter.flush(NOW + 60_000);
  expect(told()).toEqual([QUIET]);
});

test('a rule that threw is counted, and named in the log', () => {
  meter.rule('deep', 'failed', 2, 20);
  meter.flush(NOW);
  expect(told()).toEqual([
    { ...QUIET, RuleErrors: 2 },
    { level: 'error', message: 'a rule threw and was passed by', rule: 'deep', records: 2 },
  ]);
});

test('rules that were stale or missing in a batch are so in what is told of it', () => {
  meter.rules({ stale: true, missing: false });
  meter.rules({ stale: false, missing: true });
  meter.flush(NOW);
  expect(told()).toEqual([{ ...QUIET, RulesStale: 1, RulesMissing: 1 }]);
  meter.rules({ stale: false, missing: false });
  meter.flush(NOW + 60_000);
  expect(told()).toEqual([QUIET]);
});

describe('what counting costs', () => {
  /** What Lambda and CloudWatch Logs put around a line, at most. */
  const AROUND = 140 + 26;

  /** What an environment tells in an hour of batches, one each ten seconds, of which every rule takes some. */
  function hour(rules: number): string[] {
    const told: string[] = [];
    const own = new EmfMeter('production-logs', (line) => told.push(line));
    for (let second = 0; second < 60 * 60; second += 10) {
      own.count({ InRecords: 12_345, InBytes: 2_999_999, KeptRecords: 1_234, KeptBytes: 299_999, HotBytes: 123_456 });
      for (let rule = 0; rule < rules; rule++)
        own.rule(`rule-with-a-name-of-some-length-${rule}`, 'dropped', 123, 29_999);
      own.flush(NOW + second * 1000);
    }
    return told;
  }
  const metricsOf = (told: readonly string[]): Set<string> => new Set(pointsOf(told).map(({ metric }) => metric));

  test('a line a batch for the stream and one a minute for each rule that fired, from each environment', () => {
    expect(hour(5).length).toBe(360 + 60 * 5);
  });

  test('metrics are those of the stream and three for each rule, however many environments tell them', () => {
    const [one, two] = [hour(10), hour(10)];
    expect(metricsOf(one).size).toBe(14 + 3 * 10);
    expect(metricsOf([...one, ...two]).size).toBe(14 + 3 * 10);
  });

  // by the prices of Tokyo: CloudWatch Logs for the lines, and for what the meter prints, and its metrics
  test.each([
    { gb: 2, rules: 10, environments: 1, volume: 0.01, price: 0.5 },
    { gb: 40, rules: 30, environments: 4, volume: 0.01, price: 0.05 },
    { gb: 40, rules: 100, environments: 4, volume: 0.01, price: 0.15 },
    { gb: 1000, rules: 100, environments: 20, volume: 0.002, price: 0.01 },
  ])('$rules rules on $gb GB a day: less than $volume of their volume, $price of their price', (row) => {
    const told = hour(row.rules);
    const bytes = told.reduce((sum, line) => sum + Buffer.byteLength(line) + AROUND, 0) * 24 * row.environments;
    expect(bytes / (row.gb * GB)).toBeLessThan(row.volume);
    const { logsIngested, metric } = pricesOf('ap-northeast-1')!;
    const counting = (bytes / GB) * logsIngested.usd + (metricsOf(told).size * metric.usd) / 30;
    expect(counting / (row.gb * logsIngested.usd)).toBeLessThan(row.price);
  });
});
