import {
  ASSUMED,
  breakEvenShare,
  costPaths,
  NOT_COUNTED,
  type CostItems,
  type CostPath,
  type CostPathName,
  type CostQuestion,
} from '../../lib/logs/cost';
import { LOG_DEFAULTS } from '../../lib/logs/log-settings';
import { PRICE_SOURCES, pricesOf, type PriceName, type Prices } from '../../lib/logs/prices';
import { mibPerSecond, MORE_QUOTA, QUOTA_WARNING, streamQuota } from '../../lib/logs/stream-quota';
import { billedTimes, callsPerSecond, FIREHOSE_STEP, FLUSH_SECONDS, recordBytes } from '../../lib/logs/stream-records';
import { table } from '../../sandbox/table';
import { count, dollars } from './figures';
import { colour } from '../use';
import { regionProblems, throwWrongUse } from './wrong-use';

/** Options of `hajime logs cost`. */
export interface CostOptions extends Omit<CostQuestion, 'recordBytes'> {
  /** The region whose prices are taken. */
  readonly region: string;
  /** KB of an average aggregated record, if it was measured. */
  readonly recordKb?: number;
  /** Whether the unfiltered stream is archived too, for as many days as a platform keeps it that does not say. */
  readonly archive?: true;
  /** For machines. */
  readonly json?: true;
}

/** How much more than on average comes in at a peak. */
const PEAK = 3;

/** Each as two lines of a heading. */
const PATHS: Readonly<Record<CostPathName, string>> = {
  'all-to-cloudwatch': 'All to\nCloudWatch',
  rules: 'Rules,\nS3 only',
  'rules-and-hot-copy': 'Rules,\nhot copy',
  'no-rules': 'No rules,\nS3 only',
  'no-rules-and-hot-copy': 'No rules,\nhot copy',
};

const ITEMS: Readonly<Record<keyof CostItems, string>> = {
  logsIngested: 'CloudWatch takes in',
  logsStored: 'CloudWatch keeps',
  firehose: 'Firehose',
  function: 'Function',
  s3: 'S3',
  watching: 'Metrics, alarms',
};

/** Shows what the log pipeline costs, beside what it costs to send everything to CloudWatch. */
export function showCost({ region, recordKb, archive, archiveDays, json, ...rest }: CostOptions): void {
  const prices = pricesOf(region);
  if (prices === undefined) return throwWrongUse(regionProblems(region));
  const question: CostQuestion = {
    ...rest,
    ...(recordKb === undefined ? {} : { recordBytes: recordKb * 1024 }),
    archiveDays: archiveDays ?? (archive === true ? LOG_DEFAULTS.archiveRetentionDays : undefined),
  };
  const paths = costPaths(question, prices);
  const text =
    json === true
      ? JSON.stringify(
          { question, region, prices: dated(prices), assumed: ASSUMED, notCounted: NOT_COUNTED, paths },
          null,
          2,
        )
      : costText(question, region, prices, paths);
  process.stdout.write(`${text}\n`);
}

function costText(question: CostQuestion, region: string, prices: Prices, paths: readonly CostPath[]): string {
  const names = Object.keys(ITEMS) as (keyof CostItems)[];
  const all = paths[0]?.totalPerDay ?? 0;
  const rows = [
    ...names.map((item) => [
      ITEMS[item],
      ...paths.map(({ perDay }) => (perDay[item] === 0 ? '' : dollars(perDay[item]))),
    ]),
    ['A day', ...paths.map(({ totalPerDay }) => colour.bold(dollars(totalPerDay)))],
    ['A month', ...paths.map(({ totalPerDay }) => dollars(totalPerDay * ASSUMED.monthDays))],
    ['', ...paths.map(({ name, totalPerDay }) => (name === 'all-to-cloudwatch' ? '' : against(totalPerDay, all)))],
  ];
  // what matters stands last: a terminal shows the end
  return [
    'Reckoned with',
    ...reckoned(question).map((line) => `  ${line}`),
    'Prices',
    ...priceLines(prices).map((line) => `  ${line}`),
    'Not counted',
    ...NOT_COUNTED.map((line) => `  ${line}`),
    '',
    colour.bold(`${question.gbPerDay} GB of logs a day in ${region}, ${shown(question.keep)} kept by the rules`),
    table(['US dollars\na day', ...paths.map(({ name }) => PATHS[name])], rows),
    verdict(question, prices, paths),
    ...quotaLines(question, region),
  ].join('\n');
}

/** What the table comes to, in words; what goes into the stream is never called saved. */
function verdict(question: CostQuestion, prices: Prices, paths: readonly CostPath[]): string {
  const of = (name: CostPathName): CostPath | undefined => paths.find((path) => path.name === name);
  const [all, hot] = [of('all-to-cloudwatch')?.totalPerDay ?? 0, of('rules-and-hot-copy')?.totalPerDay ?? 0];
  const breakEven = breakEvenShare(question, prices);
  const firehose = dollars(of('rules')?.perDay.firehose ?? 0);
  return [
    hot < all
      ? `With rules and a hot copy ${dollars(all - hot)} a day less is paid than with all in CloudWatch Logs.`
      : colour.yellow(
          `With rules and a hot copy ${dollars(hot - all)} a day more is paid than with all in CloudWatch Logs.`,
        ),
    `The stream takes ${firehose} a day for every record, dropped or not: that is in the sums and never counted as saved.`,
    breakEven === undefined
      ? 'Even without a hot copy this path costs more than CloudWatch Logs alone.'
      : `It pays as long as less than ${shown(breakEven)} of all lines go to CloudWatch Logs.`,
    ...(question.aggregated
      ? []
      : [
          colour.yellow(
            `Firehose bills each record as ${FIREHOSE_STEP / 1024} KB or a multiple of it: with one line in each record that is most of the price. Aggregate in the agent.`,
          ),
        ]),
  ].join('\n');
}

/** A stream takes so much and no more until somebody asks for it; below the share where that matters, nothing. */
function quotaLines(question: CostQuestion, region: string): string[] {
  const quota = streamQuota(region);
  const needs = { mib: mibPerSecond(question.gbPerDay), calls: callsPerSecond(question) };
  if (needs.mib <= QUOTA_WARNING * quota.mib && needs.calls <= QUOTA_WARNING * quota.calls) return [];
  const [average, peak] = [1, PEAK].map((times) => amount(needs.mib * times, needs.calls * times));
  return [
    colour.yellow(
      `By default a stream takes ${amount(quota.mib, quota.calls)} a second in ${region}; this is ${average} on average and ${peak} at a peak of ${PEAK} times that. Request more with ${MORE_QUOTA}.`,
    ),
  ];
}

function amount(mib: number, calls: number): string {
  return `${Number(mib.toFixed(1))} MiB and ${count(Math.ceil(calls))} calls`;
}

function reckoned(question: CostQuestion): string[] {
  const { lineBytes, hot, retentionDays, archiveDays, rules } = question;
  const alarms = ASSUMED.alarmMetrics + (archiveDays === undefined ? 0 : ASSUMED.archiveAlarmMetrics);
  return [
    `lines of ${lineBytes} bytes, ${records(question)}, billed as ${billedTimes(question).toFixed(2)} times their size`,
    `${shown(hot)} of what is kept in the hot copy; both stores keep ${retentionDays} days, compressed to ${ASSUMED.logsStoredShare * 100} % in CloudWatch and ${ASSUMED.gzipShare * 100} % in S3`,
    `${rules} rules that fire, ${ASSUMED.ruleMetrics} metrics each, ${ASSUMED.streamMetrics} metrics of the stream, and alarms on ${alarms}`,
    `batches of ${ASSUMED.batchBytes / 1e6} MB, ${ASSUMED.secondsPerLine * 1e6} µs a line and ${ASSUMED.secondsPerBatch * 1000} ms a batch, ${ASSUMED.functionGb} GB of memory`,
    ...(archiveDays === undefined
      ? []
      : [
          `the unfiltered stream in S3 too, ${archiveDays} days in its ${archiveDays < ASSUMED.coldDays ? 'standard' : 'cold'} class`,
        ]),
  ];
}

function records(question: CostQuestion): string {
  const { aggregated, containers, recordBytes: known } = question;
  if (!aggregated) return 'one in each record';
  const size = `records of ${(recordBytes(question) / 1024).toFixed(1)} KB`;
  return known === undefined
    ? `${count(containers)} containers that write at a time, a record of each every ${FLUSH_SECONDS} seconds: ${size}`
    : size;
}

function priceLines(prices: Prices): string[] {
  return dated(prices).map(({ name, usd, per, at, date }) => `${name}: $${plain(usd)} per ${per} (${date}, ${at})`);
}

function dated(prices: Prices): { name: PriceName; usd: number; per: string; at: string; date: string }[] {
  return (Object.keys(prices) as PriceName[]).map((name) => {
    const { usd, per, source } = prices[name];
    return { name, usd, per, ...PRICE_SOURCES[source] };
  });
}

function against(cost: number, all: number): string {
  const less = Math.round((1 - cost / all) * 100);
  return less >= 0 ? colour.green(`${less} % less`) : colour.red(`${-less} % more`);
}

function shown(part: number): string {
  return `${Number((part * 100).toFixed(1))} %`;
}

/** Without an exponent. */
function plain(number: number): string {
  return number.toFixed(10).replace(/\.?0+$/, '');
}
