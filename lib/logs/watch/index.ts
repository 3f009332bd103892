import {
  AppConfigClient,
  GetHostedConfigurationVersionCommand,
  ListDeploymentsCommand,
  type DeploymentSummary,
} from '@aws-sdk/client-appconfig';
import { CloudWatchClient, GetMetricDataCommand, type MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { METRICS_NAMESPACE } from '../deployed';
import type { Rollout } from '../rule-history';
import type { LogRules } from '../rules/log-rule';
import { parseStoredRules } from '../rules/stored-rules';
import { IDLE_DAYS, oldRules, versionsToCompare } from './idle-rules';

/** What the schedule hands over: where the rules are, and whose metrics to look at. */
export interface WatchEvent {
  /** The delivery stream. */
  readonly stream: string;
  /** Id of the AppConfig application. */
  readonly application: string;
  /** Id of its environment. */
  readonly environment: string;
  /** Id of its configuration profile. */
  readonly profile: string;
}

/** What CloudWatch takes in one request. */
const MOST_QUERIES = 500;
const DAY = 24 * 60 * 60;

/** Once a day: counts the rules that have matched nothing for a month. A filter cannot know that of itself. */
export async function handler(event: WatchEvent): Promise<{ readonly idle: readonly string[] }> {
  const now = new Date();
  const idle = await idleRules(event, now, new AppConfigClient({}), new CloudWatchClient({}));
  const metric = { Namespace: METRICS_NAMESPACE, Dimensions: [['Stream']], Metrics: [{ Name: 'IdleRules' }] };
  console.log(
    JSON.stringify({
      _aws: { Timestamp: now.getTime(), CloudWatchMetrics: [metric] },
      Stream: event.stream,
      IdleRules: idle.length,
      // for whoever reads the log because the alarm went off
      rules: idle,
    }),
  );
  return { idle };
}

/** The ids of the rules that matched nothing in all that time; none while nothing came in either. */
export async function idleRules(
  event: WatchEvent,
  now: Date,
  appConfig: Pick<AppConfigClient, 'send'>,
  cloudWatch: Pick<CloudWatchClient, 'send'>,
): Promise<string[]> {
  const versions = versionsToCompare(await rollouts(event, appConfig), now);
  if (versions === undefined) return [];
  const [then, live] = [await rulesOf(event, versions.then, appConfig), await rulesOf(event, versions.live, appConfig)];
  if (then === undefined || live === undefined) return [];
  const rules = oldRules(then, live, now);
  const metrics = [
    { name: 'InRecords', rule: undefined },
    // it may have been a dry run for a part of the time
    ...rules.flatMap(({ id }) => ['Records', 'WouldRecords'].map((name) => ({ name, rule: id }))),
  ];
  const sums: number[] = [];
  for (let at = 0; at < metrics.length; at += MOST_QUERIES)
    sums.push(...(await sumsOf(event.stream, metrics.slice(at, at + MOST_QUERIES), now, cloudWatch)));
  const [incoming = 0, ...matched] = sums;
  const isIdle = (index: number): boolean => matched[2 * index] === 0 && matched[2 * index + 1] === 0;
  return incoming === 0 ? [] : rules.filter((_, index) => isIdle(index)).map(({ id }) => id);
}

async function rollouts(
  { application, environment, profile }: WatchEvent,
  appConfig: Pick<AppConfigClient, 'send'>,
): Promise<Rollout[]> {
  const found: DeploymentSummary[] = [];
  let next: string | undefined;
  do {
    const answer = await appConfig.send(
      new ListDeploymentsCommand({ ApplicationId: application, EnvironmentId: environment, NextToken: next }),
    );
    found.push(...(answer.Items ?? []));
    next = answer.NextToken;
  } while (next !== undefined);
  return found
    .filter(({ ConfigurationProfileId: id }) => id === undefined || id === profile)
    .map((each) => ({
      number: each.DeploymentNumber ?? 0,
      version: Number(each.ConfigurationVersion),
      state: each.State ?? 'DEPLOYING',
      percent: each.PercentageComplete ?? 0,
      minutes: each.DeploymentDurationInMinutes ?? 0,
      bakeMinutes: each.FinalBakeTimeInMinutes ?? 0,
      startedAt: each.StartedAt,
      completedAt: each.CompletedAt,
    }));
}

async function rulesOf(
  { application, profile }: WatchEvent,
  version: number,
  appConfig: Pick<AppConfigClient, 'send'>,
): Promise<LogRules | undefined> {
  try {
    const { Content } = await appConfig.send(
      new GetHostedConfigurationVersionCommand({
        ApplicationId: application,
        ConfigurationProfileId: profile,
        VersionNumber: version,
      }),
    );
    return parseStoredRules(new TextDecoder().decode(Content)).rules;
  } catch (error) {
    if (error instanceof Error && error.name === 'ResourceNotFoundException') return undefined; // somebody deleted it
    throw error;
  }
}

async function sumsOf(
  stream: string,
  metrics: readonly { readonly name: string; readonly rule: string | undefined }[],
  now: Date,
  cloudWatch: Pick<CloudWatchClient, 'send'>,
): Promise<number[]> {
  const MetricDataQueries: MetricDataQuery[] = metrics.map(({ name, rule }, index) => ({
    Id: `m${index}`,
    MetricStat: {
      Metric: {
        Namespace: METRICS_NAMESPACE,
        MetricName: name,
        Dimensions: [{ Name: 'Stream', Value: stream }, ...(rule === undefined ? [] : [{ Name: 'Rule', Value: rule }])],
      },
      Period: DAY,
      Stat: 'Sum',
    },
  }));
  const sums = metrics.map(() => 0);
  let NextToken: string | undefined;
  do {
    const answer = await cloudWatch.send(
      new GetMetricDataCommand({
        MetricDataQueries,
        StartTime: new Date(now.getTime() - IDLE_DAYS * DAY * 1000),
        EndTime: now,
        NextToken,
      }),
    );
    for (const { Id = '', Values = [] } of answer.MetricDataResults ?? []) {
      const index = Number(Id.slice(1));
      sums[index] = Values.reduce((sum, value) => sum + value, sums[index] ?? 0);
    }
    NextToken = answer.NextToken;
  } while (NextToken !== undefined);
  return sums;
}
