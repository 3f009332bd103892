import { EmfMeter } from '../../../lib/logs/filter/meter';
import { METRICS_NAMESPACE } from '../../../lib/logs/deployed';
import { LogMetrics } from '../../../lib/logs/log-metrics';

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

test('the batches of a minute are told together', () => {
  meter.count({ InRecords: 1 });
  meter.flush(NOW); // the first at once
  expect(told()).toEqual([{ ...QUIET, InRecords: 1 }]);
  for (let second = 1; second < 60; second++) {
    meter.count({ InRecords: 1, KeptBytes: 10 });
    meter.flush(NOW + second * 1000);
  }
  expect(told()).toEqual([]);
  meter.flush(NOW + 60_000);
  expect(told()).toEqual([{ ...QUIET, InRecords: 59, KeptBytes: 590 }]);
});

test.each(['Failed', 'HotFailed'] as const)('%s does not wait for the minute', (name) => {
  meter.flush(NOW);
  told();
  meter.count({ [name]: 3 });
  meter.flush(NOW + 1);
  expect(told()).toEqual([{ ...QUIET, [name]: 3 }]);
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

test('rules that were stale or missing once in a minute were so in that minute', () => {
  meter.rules({ stale: true, missing: false });
  meter.rules({ stale: false, missing: true });
  meter.flush(NOW);
  expect(told()).toEqual([{ ...QUIET, RulesStale: 1, RulesMissing: 1 }]);
  meter.rules({ stale: false, missing: false });
  meter.flush(NOW + 60_000);
  expect(told()).toEqual([QUIET]);
});
