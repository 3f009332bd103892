import type { Prices } from './prices';
import { billedTimes, GB, type Senders } from './stream-records';

export { GB };

/** What is reckoned with and not read from a bill: each is said beside the result. */
export const ASSUMED = {
  /** Bytes of a batch handed to the function. */
  batchBytes: 3_000_000,
  /**
   * Seconds the function takes for one line. `npm run bench:logs` measured 3.7 µs with 100 rules on every pod (2026-11-28,
   * one x86 processor of a shared machine); the function has 1024/1769 of an ARM processor, and half as much is added
   * because that one was not measured: 9.6.
   */
  secondsPerLine: 10e-6,
  /** Seconds an invocation takes beside its lines, mostly for the answers of other services: an allowance, not measured. */
  secondsPerBatch: 0.07,
  /** Memory of the function, in GB. */
  functionGb: 1,
  /** Bytes of records in one object; a quiet stream writes one at least every {@link ASSUMED.objectSeconds}. */
  objectBytes: 64 * 1024 ** 2,
  /** After how many seconds an object is written, full or not. */
  objectSeconds: 300,
  /** What gzip leaves of log lines in S3. */
  gzipShare: 0.125,
  /** What CloudWatch's own compression leaves, the share its price examples use. */
  logsStoredShare: 0.15,
  /** Metrics of a stream, whatever its rules. */
  streamMetrics: 16,
  /** Metrics of a rule that fires. */
  ruleMetrics: 2,
  /** Metrics the alarms of a stream look at: CloudWatch charges an alarm for each. */
  alarmMetrics: 27,
  /** The same of an archive's alarm. */
  archiveAlarmMetrics: 1,
  /** Days after which an archive is moved to the cold class at once, because that class is paid for so long at least. */
  coldDays: 90,
  /** Days of a month. */
  monthDays: 30,
} as const;

/** What nobody's comparison should hide: it is not in the sums. */
export const NOT_COUNTED: readonly string[] = [
  'queries: Athena and Logs Insights both charge by what they scan',
  'the way to AWS (NAT gateway or interface endpoint): every path here takes the same bytes over it',
  'the agents, free tiers, and lower prices above 500 TB a month',
  'KMS, AppConfig (cents a month) and the log of the function itself',
];

/** What is to be reckoned. */
export interface CostQuestion extends Senders {
  /** The share the rules keep, 0 to 1. */
  readonly keep: number;
  /** The share of what is kept that also goes to CloudWatch Logs, 0 to 1. */
  readonly hot: number;
  /** Days that lines stay, in either store. */
  readonly retentionDays: number;
  /**
   * Days that the unfiltered stream stays in an archive bucket.
   *
   * @default - there is no archive
   */
  readonly archiveDays?: number;
  /** How many rules fire, for their metrics. */
  readonly rules: number;
}

/** Where the money of a path goes, in US dollars a day. */
export interface CostItems {
  /** What CloudWatch Logs charges for taking lines in. */
  readonly logsIngested: number;
  /** What CloudWatch Logs charges for keeping them. */
  readonly logsStored: number;
  /** What the stream charges: for every record, dropped or not. */
  readonly firehose: number;
  /** The filter function. */
  readonly function: number;
  /** Objects and what is in them. */
  readonly s3: number;
  /** Metrics and alarms of this pipeline. */
  readonly watching: number;
}

/** The names of the paths that are compared. */
export type CostPathName = 'all-to-cloudwatch' | 'rules' | 'rules-and-hot-copy' | 'no-rules' | 'no-rules-and-hot-copy';

/** What one path costs. */
export interface CostPath {
  /** Which. */
  readonly name: CostPathName;
  /** US dollars a day. */
  readonly perDay: CostItems;
  /** US dollars a day, all in all. */
  readonly totalPerDay: number;
}

/** Every path, in the order they are shown. */
export function costPaths(question: CostQuestion, prices: Prices): CostPath[] {
  const { keep, hot } = question;
  const noRules = { ...question, rules: 0 };
  const path = (name: CostPathName, perDay: CostItems): CostPath => ({ name, perDay, totalPerDay: sum(perDay) });
  return [
    path('all-to-cloudwatch', { ...NOTHING, ...cloudWatch(question, prices, 1) }),
    path('rules', stream(question, prices, keep, 0)),
    path('rules-and-hot-copy', stream(question, prices, keep, keep * hot)),
    path('no-rules', stream(noRules, prices, 1, 0)),
    path('no-rules-and-hot-copy', stream(noRules, prices, 1, hot)),
  ];
}

/**
 * The share of all lines that may go into the hot copy before this path costs as much as all to CloudWatch; undefined if
 * it costs more even without a hot copy.
 */
export function breakEvenShare(question: CostQuestion, prices: Prices): number | undefined {
  const all = sum({ ...NOTHING, ...cloudWatch(question, prices, 1) });
  const withoutCopy = sum(stream(question, prices, question.keep, 0));
  return withoutCopy >= all ? undefined : 1 - withoutCopy / all;
}

const NOTHING: CostItems = { logsIngested: 0, logsStored: 0, firehose: 0, function: 0, s3: 0, watching: 0 };

function cloudWatch(
  { gbPerDay, retentionDays }: CostQuestion,
  { logsIngested, logsStored }: Prices,
  share: number,
): Pick<CostItems, 'logsIngested' | 'logsStored'> {
  const gb = gbPerDay * share;
  return {
    logsIngested: gb * logsIngested.usd,
    // a steady state: every day adds one day's lines and loses one
    logsStored: (gb * retentionDays * ASSUMED.logsStoredShare * logsStored.usd) / ASSUMED.monthDays,
  };
}

function stream(question: CostQuestion, prices: Prices, kept: number, hot: number): CostItems {
  const { gbPerDay, lineBytes, retentionDays, rules, archiveDays } = question;
  const bytes = gbPerDay * GB;
  const batches = bytes / ASSUMED.batchBytes;
  const seconds = (bytes / lineBytes) * ASSUMED.secondsPerLine + batches * ASSUMED.secondsPerBatch;
  const archive = archiveDays === undefined ? 0 : archived(gbPerDay, archiveDays, prices);
  const metrics = ASSUMED.streamMetrics + rules * ASSUMED.ruleMetrics;
  const watched = ASSUMED.alarmMetrics + (archiveDays === undefined ? 0 : ASSUMED.archiveAlarmMetrics);
  return {
    ...cloudWatch(question, prices, hot),
    firehose: gbPerDay * billedTimes(question) * prices.firehoseIngested.usd,
    function: seconds * ASSUMED.functionGb * prices.functionTime.usd + (batches / 1_000_000) * prices.functionCall.usd,
    s3: inBucket(gbPerDay * kept, retentionDays, prices.objectStored.usd, prices.objectPut.usd) + archive,
    watching: (metrics * prices.metric.usd + watched * prices.alarm.usd) / ASSUMED.monthDays,
  };
}

/** What the unfiltered stream costs a day in a bucket of its own. One that stays for less than the cold class asks is not moved. */
function archived(gb: number, days: number, prices: Prices): number {
  return days < ASSUMED.coldDays
    ? inBucket(gb, days, prices.objectStored.usd, prices.objectPut.usd)
    : inBucket(gb, days, prices.coldStored.usd, prices.objectPut.usd + prices.coldPut.usd);
}

/** What GB a day cost in a bucket, each object with what a thousand of its requests cost. */
function inBucket(gb: number, days: number, stored: number, requests: number): number {
  const objects = Math.max((gb * GB) / ASSUMED.objectBytes, 86_400 / ASSUMED.objectSeconds);
  return (objects / 1000) * requests + (gb * ASSUMED.gzipShare * days * stored) / ASSUMED.monthDays;
}

function sum(items: CostItems): number {
  return Object.values(items).reduce((all: number, each: number) => all + each, 0);
}
