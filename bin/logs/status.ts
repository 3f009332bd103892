import { isDeepStrictEqual } from 'node:util';
import type * as sdk from '@aws-sdk/client-cloudwatch';
import { METRICS_NAMESPACE, streamName } from '../../lib/logs/deployed';
import type { FilterMetric } from '../../lib/logs/log-metrics';
import { liveVersion, runningRollout, TAKEN_UP_SECONDS, type Rollout } from '../../lib/logs/rule-history';
import { ruleWarnings } from '../../lib/logs/rule-warnings';
import type { LogRules } from '../../lib/logs/rules/log-rule';
import { parseStoredRules } from '../../lib/logs/rules/stored-rules';
import { IDLE_DAYS } from '../../lib/logs/watch/idle-rules';
import { messageOf } from '../../sandbox/failure';
import { table } from '../../sandbox/table';
import type { ClientSettings } from './aws';
import { bytes, count, counted, percent } from './figures';
import { moment, stateInWords } from './rollout';
import type { RuleStore } from './rule-store';
import { colour, say } from '../use';

/** What the filter function counted lately. */
export type Counted = Readonly<Partial<Record<FilterMetric, number>>>;

/** What is asked about. */
export interface StatusOptions {
  /** The platform. */
  readonly platform: string;
  /** The store of its rules. */
  readonly store: RuleStore;
  /** What the filter function counted lately; `since` is when the live rules were pushed. */
  readonly counts: (since: Date | undefined) => Promise<Counted>;
  /** The rules that have matched nothing for a month. */
  readonly idle: () => Promise<readonly string[]>;
  /** The rule file and what it holds, if it is there and sound. */
  readonly file?: { readonly name: string; readonly rules: LogRules };
  /** For machines. */
  readonly json?: true;
}

/** How far back the metrics are read, in minutes. */
const MINUTES = 15;
/** How many rollouts are shown. */
const SHOWN = 5;

/** Says which rules are live, since when and by whom, and whether the function has them; true if all is well. */
export async function showStatus({ platform, store, counts, idle, file, json }: StatusOptions): Promise<boolean> {
  const rollouts = await store.rollouts();
  const version = liveVersion(rollouts);
  const stored = version === undefined ? undefined : await store.read(version);
  const live = stored === undefined ? undefined : parseStoredRules(stored.text);
  const since = rollouts.find((rollout) => rollout.version === version)?.startedAt;
  const found = await counts(since).catch((error: unknown) => messageOf(error).split('\n')[0] ?? '');
  const idleRules = await idle().catch(() => []); // the counts say that metrics cannot be read
  const well = typeof found === 'string' || healthy(found);
  const same =
    file === undefined || live?.rules === undefined
      ? undefined
      : isDeepStrictEqual(plain(file.rules), plain(live.rules));
  const doubts = live?.rules === undefined ? [] : ruleWarnings(live.rules, new Date());
  if (json === true) {
    const machine = {
      live:
        version === undefined ? null : { version, since, by: stored?.description, rules: live?.rules?.rules.length },
      running: runningRollout(rollouts) ?? null,
      rollouts: rollouts.slice(0, SHOWN),
      sameAsFile: same ?? null,
      counts: typeof found === 'string' ? null : found,
      idle: idleRules,
      warnings: doubts,
    };
    say(JSON.stringify(machine, null, 2));
    return well;
  }
  say(
    version === undefined
      ? `No rules are live on ${platform}: everything is kept. Push some: npx hajime logs push ${platform}`
      : colour.bold(
          `Version ${version} is live on ${platform}, ${counted(live?.rules?.rules.length ?? 0, 'rule')}, since ${moment(since)} UTC`,
        ),
  );
  if (stored !== undefined) say(`  by ${stored.description || 'somebody who did not say'}`);
  if (same === false)
    say(`  ${colour.yellow('!')} ${file?.name ?? ''} differs: hajime logs diff ${platform} --sample yesterday`);
  for (const { message } of doubts) say(`  ${colour.yellow('!')} ${message}`);
  if (idleRules.length > 0)
    say(`  ${colour.yellow('!')} matched nothing for ${IDLE_DAYS} days: ${idleRules.join(', ')}`);
  if (rollouts.length > 0) say(rolloutTable(rollouts.slice(0, SHOWN)));
  say(countsText(found));
  return well;
}

function rolloutTable(rollouts: readonly Rollout[]): string {
  const rows = rollouts.map((rollout) => [
    rollout.number,
    rollout.version,
    stateInWords(rollout),
    moment(rollout.startedAt),
    moment(rollout.completedAt),
  ]);
  return table(['Rollout', 'Version', 'It', 'Begun (UTC)', 'Ended (UTC)'], rows);
}

function healthy({ RulesStale, RulesMissing, Failed, HotFailed }: Counted): boolean {
  return [RulesStale, RulesMissing, Failed, HotFailed].every((metric) => (metric ?? 0) === 0);
}

function countsText(found: Counted | string): string {
  if (typeof found === 'string') return `The metrics could not be read: ${found}`;
  const { InRecords: came = 0, InBytes: size = 0, KeptBytes: kept = 0, HotBytes: hot = 0 } = found;
  if (came === 0 && healthy(found)) return `The function was handed nothing in the last ${MINUTES} minutes.`;
  const wrong: (readonly [FilterMetric, string])[] = [
    ['RulesStale', 'the function could not read the rules and decides by the last good ones'],
    ['RulesMissing', 'the function has no rules at all and keeps everything'],
    ['Failed', 'records were given up on and are under failed/: hajime logs replay'],
    ['HotFailed', 'records are missing in the hot copy: hajime logs replay --from hot'],
  ];
  return [
    `In the last ${MINUTES} minutes: ${counted(came, 'record')}, ${bytes(size)}; ${percent(kept, size)} kept, ${percent(hot, size)} in the hot copy.`,
    ...(found.Unparsed
      ? [`  ${colour.yellow('!')} ${counted(found.Unparsed, 'record')} could not be parsed (unparsed/)`]
      : []),
    ...(found.RuleErrors
      ? [`  ${colour.yellow('!')} a rule passed ${counted(found.RuleErrors, 'record')} by on which it threw`]
      : []),
    ...wrong.flatMap(([name, text]) => {
      const number = found[name] ?? 0;
      if (number === 0) return [];
      return [`  ${colour.red('✗')} ${name.startsWith('Rules') ? '' : `${count(number)}: `}${text}`];
    }),
  ].join('\n');
}

/** Sums are added up; of what is so or not, the last minute counts. */
const METRICS: readonly (readonly [FilterMetric, 'Sum' | 'Maximum'])[] = [
  ['InRecords', 'Sum'],
  ['InBytes', 'Sum'],
  ['KeptBytes', 'Sum'],
  ['HotBytes', 'Sum'],
  ['Unparsed', 'Sum'],
  ['Failed', 'Sum'],
  ['RuleErrors', 'Sum'],
  ['HotFailed', 'Sum'],
  ['RulesStale', 'Maximum'],
  ['RulesMissing', 'Maximum'],
];

/** What the filter function of a platform counted in the last minutes. */
export async function countsOf(
  platform: string,
  settings: ClientSettings,
  now: Date,
  since: Date | undefined,
): Promise<Counted> {
  const cloudWatch = require('@aws-sdk/client-cloudwatch') as typeof sdk;
  const client = new cloudWatch.CloudWatchClient(settings);
  const { MetricDataResults = [] } = await client.send(
    new cloudWatch.GetMetricDataCommand({
      StartTime: new Date(now.getTime() - MINUTES * 60_000),
      EndTime: now,
      MetricDataQueries: METRICS.map(([MetricName, Stat], index) => ({
        Id: `m${index}`,
        MetricStat: {
          Metric: {
            Namespace: METRICS_NAMESPACE,
            MetricName,
            Dimensions: [{ Name: 'Stream', Value: streamName(platform) }],
          },
          Period: 60,
          Stat,
        },
      })),
    }),
  );
  return readCounts(MetricDataResults, since);
}

/** The counts in CloudWatch's answer. */
export function readCounts(results: readonly sdk.MetricDataResult[], since: Date | undefined): Counted {
  const series = new Map(results.map((each) => [each.Id, each]));
  // until the rules were taken up it is no wonder that others decided, or none
  const takenUp = (since?.getTime() ?? 0) + TAKEN_UP_SECONDS * 1000;
  return Object.fromEntries(
    METRICS.map(([name, statistic], index) => {
      const { Values = [], Timestamps = [] } = series.get(`m${index}`) ?? {};
      if (statistic === 'Sum') return [name, Values.reduce((sum, each) => sum + each, 0)];
      const last = Timestamps.map((at, place) => ({ at: at.getTime(), value: Values[place] ?? 0 }))
        .filter(({ at }) => at >= takenUp)
        .sort((a, b) => b.at - a.at)[0];
      return [name, last?.value ?? 0];
    }),
  );
}

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value)) as unknown;
}
