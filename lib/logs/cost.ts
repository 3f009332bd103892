import type { Prices } from './prices';

/** Bytes of the GB that AWS bills. */
export const GB = 1024 ** 3;

/** What Firehose rounds every record up to, as the example on its price page counts. @see https://aws.amazon.com/firehose/pricing/ */
export const FIREHOSE_STEP = 5 * 1024;

/** What is reckoned with and not read from a bill: each is said beside the result. */
export const ASSUMED = {
  /** Bytes of a batch handed to the function. */
  batchBytes: 3_000_000,
  /** Seconds the function takes for one line, with the share of a processor that its memory brings. */
  secondsPerLine: 10e-6,
  /** Seconds an invocation takes beside its lines. */
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
  /** Alarms of a stream. */
  alarms: 14,
  /** Days the archive is paid for at least. */
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
export interface CostQuestion {
  /** GB of log lines a day, before any rule. */
  readonly gbPerDay: number;
  /** The share the rules keep, 0 to 1. */
  readonly keep: number;
  /** The share of what is kept that also goes to CloudWatch Logs, 0 to 1. */
  readonly hot: number;
  /** Bytes of an average line. */
  readonly lineBytes: number;
  /** Whether the agents put many lines into one record. */
  readonly aggregated: boolean;
  /** Bytes of an average record with many lines. */
  readonly recordBytes: number;
  /** Whether the unfiltered stream is kept in an archive bucket too. */
  readonly archive: boolean;
  /** Days that lines stay, in either store. */
  readonly retentionDays: number;
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
  const path = (name: CostPathName, perDay: CostItems): CostPath => ({ name, perDay, totalPerDay: sum(perDay) });
  return [
    path('all-to-cloudwatch', { ...NOTHING, ...cloudWatch(question, prices, 1) }),
    path('rules', stream(question, prices, keep, 0)),
    path('rules-and-hot-copy', stream(question, prices, keep, keep * hot)),
    path('no-rules', stream(question, prices, 1, 0)),
    path('no-rules-and-hot-copy', stream(question, prices, 1, hot)),
  ];
}

/** Bytes Firehose bills for a number of bytes of lines: each record is rounded up, so short records cost most. */
export function billedBytes(
  bytes: number,
  { lineBytes, aggregated, recordBytes }: Pick<CostQuestion, 'lineBytes' | 'aggregated' | 'recordBytes'>,
): number {
  const linesPerRecord = aggregated ? Math.max(1, Math.floor(recordBytes / lineBytes)) : 1;
  const size = linesPerRecord * lineBytes;
  return bytes * ((Math.ceil(size / FIREHOSE_STEP) * FIREHOSE_STEP) / size);
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
  const { gbPerDay, lineBytes, retentionDays, rules, archive } = question;
  const bytes = gbPerDay * GB;
  const batches = bytes / ASSUMED.batchBytes;
  const seconds = (bytes / lineBytes) * ASSUMED.secondsPerLine + batches * ASSUMED.secondsPerBatch;
  const cold = archive ? Math.max(retentionDays, ASSUMED.coldDays) : 0;
  const stored = kept * retentionDays * prices.objectStored.usd + cold * prices.coldStored.usd;
  const objects = [kept, ...(archive ? [1] : [])].reduce(
    (all, share) => all + Math.max((bytes * share) / ASSUMED.objectBytes, 86_400 / ASSUMED.objectSeconds),
    0,
  );
  const metrics = ASSUMED.streamMetrics + rules * ASSUMED.ruleMetrics;
  return {
    ...cloudWatch(question, prices, hot),
    firehose: (billedBytes(bytes, question) / GB) * prices.firehoseIngested.usd,
    function: seconds * ASSUMED.functionGb * prices.functionTime.usd + (batches / 1_000_000) * prices.functionCall.usd,
    s3: (objects / 1000) * prices.objectPut.usd + (gbPerDay * ASSUMED.gzipShare * stored) / ASSUMED.monthDays,
    watching: (metrics * prices.metric.usd + ASSUMED.alarms * prices.alarm.usd) / ASSUMED.monthDays,
  };
}

function sum(items: CostItems): number {
  return Object.values(items).reduce((all: number, each: number) => all + each, 0);
}
