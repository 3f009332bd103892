import { runInNewContext } from 'node:vm';

/** One value of a metric, in a minute. */
export interface Point {
  readonly metric: string;
  readonly minute: number;
  readonly value: number;
}

interface Metric {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions: readonly { readonly Name: string; readonly Value: string }[];
}

interface Query {
  readonly Id: string;
  readonly Expression?: string;
  readonly MetricStat?: { readonly Metric: Metric; readonly Period: number; readonly Stat: string };
  readonly Period?: number;
  readonly ReturnData?: boolean;
}

/** What a template says of an alarm. */
export interface Alarm extends Partial<Metric> {
  readonly Statistic?: string;
  readonly Period?: number;
  readonly Metrics?: readonly Query[];
  readonly Threshold: number;
  readonly ComparisonOperator: 'GreaterThanThreshold' | 'LessThanThreshold';
  readonly EvaluationPeriods: number;
  readonly DatapointsToAlarm?: number;
  readonly TreatMissingData: 'notBreaching' | 'breaching';
}

/** The name of a metric with its dimensions. */
export function metricKey(namespace: string, name: string, dimensions: Readonly<Record<string, string>>): string {
  return JSON.stringify([namespace, name, Object.entries(dimensions).sort()]);
}

/** What CloudWatch makes of lines in the embedded metric format. */
export function pointsOf(lines: readonly string[]): Point[] {
  return lines.flatMap((line) => {
    const { _aws, ...values } = JSON.parse(line) as Record<string, string | number> & {
      readonly _aws?: {
        readonly Timestamp: number;
        readonly CloudWatchMetrics: readonly {
          readonly Namespace: string;
          readonly Dimensions: readonly (readonly string[])[];
          readonly Metrics: readonly { readonly Name: string }[];
        }[];
      };
    };
    return (_aws?.CloudWatchMetrics ?? []).flatMap(({ Namespace, Dimensions, Metrics }) =>
      Metrics.map(({ Name }) => ({
        metric: metricKey(
          Namespace,
          Name,
          Object.fromEntries((Dimensions[0] ?? []).map((each) => [each, String(values[each])])),
        ),
        minute: Math.floor((_aws?.Timestamp ?? 0) / 60_000),
        value: Number(values[Name]),
      })),
    );
  });
}

/**
 * Whether an alarm rings at the end of a minute. Each minute looks at whole periods back from it.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html
 */
export function rings(alarm: Alarm, points: readonly Point[], minute: number): boolean {
  const minutes = periodOf(alarm) / 60;
  const breaching = Array.from({ length: alarm.EvaluationPeriods }, (_, back) => {
    const until = minute - back * minutes;
    const value = valueOf(
      alarm,
      points.filter((point) => point.minute <= until && point.minute > until - minutes),
    );
    if (value === undefined) return alarm.TreatMissingData === 'breaching';
    return alarm.ComparisonOperator === 'GreaterThanThreshold' ? value > alarm.Threshold : value < alarm.Threshold;
  });
  return breaching.filter((each) => each).length >= (alarm.DatapointsToAlarm ?? alarm.EvaluationPeriods);
}

function periodOf({ Period, Metrics = [] }: Alarm): number {
  return Period ?? Metrics.find(({ MetricStat }) => MetricStat !== undefined)?.MetricStat?.Period ?? 60;
}

function valueOf(alarm: Alarm, window: readonly Point[]): number | undefined {
  if (alarm.Metrics === undefined) return statistic(alarm as Metric, alarm.Statistic ?? '', window);
  const queries = alarm.Metrics;
  const returned = queries.filter(({ ReturnData }) => ReturnData !== false);
  expect(returned.length).toBe(1);
  return queryValue(returned[0]!, queries, window);
}

/** The subset of metric math that the alarms use. A missing value is 0 beside one that is there; x / 0 is dropped. */
function queryValue(query: Query, queries: readonly Query[], window: readonly Point[]): number | undefined {
  if (query.MetricStat !== undefined) return statistic(query.MetricStat.Metric, query.MetricStat.Stat, window);
  const expression = query.Expression ?? '';
  const names = queries.filter(({ Id }) => new RegExp(`\\b${Id}\\b`).test(expression));
  const values = names.map((each) => [each.Id, queryValue(each, queries, window)] as const);
  if (values.every(([, value]) => value === undefined)) return undefined;
  const scope = {
    IF: (condition: boolean, yes: number, no: number) => (condition ? yes : no),
    MAX: (list: readonly number[]) => Math.max(...list),
    PERIOD: () => queries.find(({ MetricStat }) => MetricStat !== undefined)?.MetricStat?.Period,
    ...Object.fromEntries(values.map(([id, value]) => [id, value ?? 0])),
  };
  const value = runInNewContext(expression, scope) as number;
  return Number.isFinite(value) ? value : undefined;
}

function statistic(
  { Namespace, MetricName, Dimensions }: Metric,
  stat: string,
  window: readonly Point[],
): number | undefined {
  const key = metricKey(
    Namespace,
    MetricName,
    Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value] as const)),
  );
  const values = window.filter(({ metric }) => metric === key).map(({ value }) => value);
  if (values.length === 0) return undefined;
  const sum = values.reduce((so, each) => so + each, 0);
  const of: Readonly<Record<string, number>> = {
    Sum: sum,
    Average: sum / values.length,
    Maximum: Math.max(...values),
    Minimum: Math.min(...values),
  };
  expect(Object.keys(of)).toContain(stat);
  return of[stat];
}
