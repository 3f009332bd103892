import * as cdk from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { METRICS_NAMESPACE, streamName, unparsedStreamName } from './deployed';

/** What the filter function counts of a stream. */
export type FilterMetric =
  | 'InRecords'
  | 'InBytes'
  | 'KeptRecords'
  | 'KeptBytes'
  | 'DroppedRecords'
  | 'DroppedBytes'
  | 'GuardedRecords'
  | 'GuardedBytes'
  | 'Unparsed'
  | 'UnparsedBytes'
  | 'Failed'
  | 'RuleErrors'
  | 'Reingested'
  | 'RulesStale'
  | 'RulesMissing'
  | 'HotRecords'
  | 'HotBytes'
  | 'HotFailed';

/** What it counts of a rule: with what it did, with what it would do on trial, and with what a guard kept from it. */
export type RuleMetric =
  'Records' | 'Bytes' | 'NotHotBytes' | 'WouldRecords' | 'WouldBytes' | 'GuardedRecords' | 'GuardedBytes';

/**
 * Records a minute, of those that rules may drop, below which the share they drop says nothing. At night all there is may
 * be probes, all of them rightly dropped: those of five pods, readiness and liveness every ten seconds, are that many. A
 * small platform is above it all the same, from 86,400 records a day on, a few tens of MB; a limit in bytes that lets such
 * nights pass would begin at hundreds, because the metadata of a line is longer than most lines.
 */
const QUIET = 60;

/** The metrics of one platform's pipeline. They go by names, so that nothing waits for what they measure. */
export class LogMetrics {
  constructor(private readonly platform: string) {}

  /** What the filter function counts, and the daily watch on the rules. */
  filter(name: FilterMetric | 'IdleRules', statistic = 'Sum', minutes = 1): cloudwatch.Metric {
    return new cloudwatch.Metric({
      namespace: METRICS_NAMESPACE,
      metricName: name,
      dimensionsMap: { Stream: streamName(this.platform) },
      statistic,
      period: cdk.Duration.minutes(minutes),
    });
  }

  /** What Firehose counts of the agents' stream. @see https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-metrics.html */
  delivery(name: string, statistic: string, minutes = 5, stream = streamName(this.platform)): cloudwatch.Metric {
    return new cloudwatch.Metric({
      namespace: 'AWS/Firehose',
      metricName: name,
      dimensionsMap: { DeliveryStreamName: stream },
      statistic,
      period: cdk.Duration.minutes(minutes),
    });
  }

  /** What Firehose counts of the stream of unparsed lines. */
  unparsedDelivery(name: string, statistic: string, minutes = 5): cloudwatch.Metric {
    return this.delivery(name, statistic, minutes, unparsedStreamName(this.platform));
  }

  /**
   * The share of the bytes rules may drop that they do drop, in percent; 0 while hardly anything comes in. What a guard
   * kept and what is no record is left out: a rule that drops everything would else look as if it let some through.
   */
  droppedPercent(minutes: number): cloudwatch.MathExpression {
    const sum = (name: FilterMetric): cloudwatch.Metric => this.filter(name, 'Sum', minutes);
    return math(
      'dropped %',
      `IF(records - guarded - unparsed > ${QUIET * minutes}, 100 * droppedBytes / (bytes - guardedBytes - unparsedBytes), 0)`,
      {
        records: sum('InRecords'),
        guarded: sum('GuardedRecords'),
        unparsed: sum('Unparsed'),
        bytes: sum('InBytes'),
        guardedBytes: sum('GuardedBytes'),
        unparsedBytes: sum('UnparsedBytes'),
        droppedBytes: sum('DroppedBytes'),
      },
      minutes,
    );
  }

  /** The share of Firehose's calls of the filter function that fail, in percent; each new attempt is one. */
  failedCallsPercent(minutes: number): cloudwatch.MathExpression {
    const succeeded = this.delivery('ExecuteProcessing.Success', 'Average', minutes);
    return math('failed calls %', '100 * (1 - succeeded)', { succeeded }, minutes);
  }

  /**
   * How much of what the stream takes in a second is used, in percent: of bytes, of records, of requests.
   *
   * @see https://docs.aws.amazon.com/firehose/latest/dev/firehose-cloudwatch-metrics-best-practices.html (2026-11)
   */
  quotaPercents(minutes: number): Record<'bytes' | 'records' | 'requests', cloudwatch.MathExpression> {
    const share = (what: string, incoming: string, limit: string): cloudwatch.MathExpression =>
      math(
        `${what} %`,
        `100 / ${minutes * 60} * ${what}In / ${what}Limit`,
        {
          [`${what}In`]: this.delivery(incoming, 'Sum', minutes),
          [`${what}Limit`]: this.delivery(limit, 'Minimum', minutes),
        },
        minutes,
      );
    return {
      bytes: share('bytes', 'IncomingBytes', 'BytesPerSecondLimit'),
      records: share('records', 'IncomingRecords', 'RecordsPerSecondLimit'),
      requests: share('requests', 'IncomingPutRequests', 'PutRequestsPerSecondLimit'),
    };
  }

  /** The largest of them at each moment. */
  quotaPercent(minutes: number): cloudwatch.MathExpression {
    return math('of the quota %', 'MAX([bytes, records, requests])', this.quotaPercents(minutes), minutes);
  }

  /**
   * A metric of every rule that has it, a line each. SEARCH finds what had data in the last two weeks.
   *
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-search-expressions.html (2026-11)
   */
  ofEachRule(name: RuleMetric): cloudwatch.MathExpression {
    return math('', this.search(name));
  }

  /** What was not sent to CloudWatch Logs, at a price of a byte: in all, and of it what rules decided about. */
  saved(price: string): cloudwatch.MathExpression[] {
    const incoming = this.filter('InBytes', 'Sum', 60);
    const hot = this.filter('HotBytes', 'Sum', 60);
    return [
      math('in all', `(incoming - FILL(hot, 0)) * ${price}`, { incoming, hot }, 60),
      math('decided by rules', `SUM(${this.search('NotHotBytes')}) * ${price}`, {}, 60),
    ];
  }

  /** What each rule decided about and did not send to CloudWatch Logs, at a price of a byte. */
  savedByEachRule(price: string): cloudwatch.MathExpression {
    return math('', `${this.search('NotHotBytes')} * ${price}`);
  }

  private search(name: RuleMetric): string {
    const schema = `{${METRICS_NAMESPACE},Stream,Rule}`;
    return `SEARCH('${schema} Stream="${streamName(this.platform)}" MetricName="${name}"', 'Sum')`;
  }
}

function math(
  label: string,
  expression: string,
  usingMetrics: Record<string, cloudwatch.IMetric> = {},
  minutes = 5,
): cloudwatch.MathExpression {
  return new cloudwatch.MathExpression({ label, expression, usingMetrics, period: cdk.Duration.minutes(minutes) });
}
