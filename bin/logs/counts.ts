import type * as sdk from '@aws-sdk/client-cloudwatch';
import { METRICS_NAMESPACE, streamName } from '../../lib/logs/deployed';
import type { FilterMetric } from '../../lib/logs/log-metrics';
import { TAKEN_UP_SECONDS } from '../../lib/logs/rule-history';
import type { Remedies } from '../refresh';
import { askingAws, type ClientSettings } from './aws';

/** What the filter function counted lately. */
export type Counted = Readonly<Partial<Record<FilterMetric, number>>>;

/** How far back the metrics are read, in minutes. */
export const MINUTES = 15;

const REMEDIES: Remedies = [[/AccessDenied|Unauthorized/, 'The credentials may not read metrics.']];

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
  const { MetricDataResults = [] } = await askingAws('CloudWatch', REMEDIES, () =>
    client.send(
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
    ),
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
