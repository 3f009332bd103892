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
    return new cloudwatch.MathExpression({
      label: 'dropped %',
      expression: `IF(records - guarded - unparsed > ${QUIET * minutes}, 100 * droppedBytes / (bytes - guardedBytes - unparsedBytes), 0)`,
      usingMetrics: {
        records: this.filter('InRecords', 'Sum', minutes),
        guarded: this.filter('GuardedRecords', 'Sum', minutes),
        unparsed: this.filter('Unparsed', 'Sum', minutes),
        bytes: this.filter('InBytes', 'Sum', minutes),
        guardedBytes: this.filter('GuardedBytes', 'Sum', minutes),
        unparsedBytes: this.filter('UnparsedBytes', 'Sum', minutes),
        droppedBytes: this.filter('DroppedBytes', 'Sum', minutes),
      },
      period: cdk.Duration.minutes(minutes),
    });
  }

  /** The share of Firehose's calls of the filter function that fail, in percent; each new attempt is one. */
  failedCallsPercent(minutes: number): cloudwatch.MathExpression {
    return new cloudwatch.MathExpression({
      label: 'failed calls %',
      expression: '100 * (1 - succeeded)',
      usingMetrics: { succeeded: this.delivery('ExecuteProcessing.Success', 'Average', minutes) },
      period: cdk.Duration.minutes(minutes),
    });
  }

  /**
   * How much of what the stream takes is used, in percent: of bytes, records or requests, whichever is nearest its limit.
   *
   * @see https://docs.aws.amazon.com/firehose/latest/dev/firehose-cloudwatch-metrics-best-practices.html (2026-11)
   */
  quotaPercent(minutes: number): cloudwatch.MathExpression {
    const sum = (name: string): cloudwatch.Metric => this.delivery(name, 'Sum', minutes);
    const limit = (name: string): cloudwatch.Metric => this.delivery(name, 'Minimum', minutes);
    return new cloudwatch.MathExpression({
      label: 'of the quota %',
      // the largest at each moment: MAX of several series, not of one
      expression: `100 / ${minutes * 60} * MAX([bytes / byteLimit, records / recordLimit, requests / requestLimit])`,
      usingMetrics: {
        bytes: sum('IncomingBytes'),
        byteLimit: limit('BytesPerSecondLimit'),
        records: sum('IncomingRecords'),
        recordLimit: limit('RecordsPerSecondLimit'),
        requests: sum('IncomingPutRequests'),
        requestLimit: limit('PutRequestsPerSecondLimit'),
      },
      period: cdk.Duration.minutes(minutes),
    });
  }

  /** A metric of every rule that fired, a line each. */
  ofEachRule(name: string, minutes: number): cloudwatch.MathExpression {
    const schema = `{${METRICS_NAMESPACE},Stream,Rule}`;
    const search = `${schema} Stream="${streamName(this.platform)}" MetricName="${name}"`;
    return new cloudwatch.MathExpression({
      label: '',
      expression: `SEARCH('${search}', 'Sum', ${minutes * 60})`,
      usingMetrics: {},
      period: cdk.Duration.minutes(minutes),
    });
  }
}
