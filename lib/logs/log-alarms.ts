import * as cdk from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as actions from 'aws-cdk-lib/aws-cloudwatch-actions';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { AGENT_ACCOUNT, AGENT_NAMESPACE } from './agents/agent-names';
import { archiveErrorsName, failedLogName, streamName, unparsedStreamName } from './deployed';
import { LogMetrics } from './log-metrics';
import { QUOTA_WARNING } from './stream-quota';

/** Properties of {@link LogAlarms}. */
export interface LogAlarmsProps {
  /** The platform's name. */
  readonly platform: string;
  /** The share of the bytes that rules may drop, in percent, above which dropping is taken for a mistake. */
  readonly mostDroppedPercent: number;
  /** Seconds Firehose collects before it writes an object. */
  readonly bufferSeconds: number;
  /** Whether the unfiltered stream is archived too. */
  readonly archived: boolean;
  /**
   * Where alarms are sent.
   *
   * @default - nowhere
   */
  readonly topicArn?: string;
}

/** What there is to watch once the pipeline is there. */
export interface Watched {
  /** The filter function. */
  readonly filter: lambda.IFunction;
  /** The function that looks for idle rules. */
  readonly ruleWatch: lambda.IFunction;
  /** How many objects there were under `failed/`. */
  readonly failedObjects: cloudwatch.IMetric;
}

/** Above what an alarm goes off, or below what; no data is nothing, so it is below. */
type Limit = { readonly above: number } | { readonly below: number };

/** One alarm: what is measured, when it goes off, and what somebody does who reads it. */
type Watch = Limit & {
  readonly metric: cloudwatch.IMetric;
  /**
   * How many periods are looked at.
   *
   * @default 1
   */
  readonly periods?: number;
  /**
   * In how many of them it has to be so.
   *
   * @default - in all of them
   */
  readonly needed?: number;
  readonly what: string;
};

/**
 * The alarms of the pipeline. No data is no alarm, but for the one on silence: AppConfig would roll back at once, since it
 * takes an alarm without data for one that goes off.
 */
export class LogAlarms extends Construct {
  /** Those that bring the old rules back. They go by names only: what they watch comes after the rules' store. */
  readonly rollback: readonly cloudwatch.Alarm[];
  private readonly action: actions.SnsAction | undefined;
  private readonly platform: string;
  private readonly all: cloudwatch.Alarm[] = [];

  constructor(scope: Construct, id: string, props: LogAlarmsProps) {
    super(scope, id);
    this.platform = props.platform;
    this.action =
      props.topicArn === undefined
        ? undefined
        : new actions.SnsAction(sns.Topic.fromTopicArn(this, 'Topic', props.topicArn));
    const { platform } = props;
    const metrics = new LogMetrics(platform);
    const status = `hajime logs status ${platform}`;
    const rollback = `hajime logs rollback ${platform}`;
    const replay = `hajime logs replay ${platform} --from failed --since 6h`;
    this.rollback = [
      this.alarm('EatsEverything', {
        metric: metrics.droppedPercent(5),
        above: props.mostDroppedPercent,
        what: `The rules drop more than ${props.mostDroppedPercent} % of what they may drop. ${status} shows who pushed them and when, the dashboard ${streamName(platform)} which rule takes most. Too much? ${rollback}. Rightly so? Raise logs.mostDroppedPercent.`,
      }),
      this.alarm('RulesStale', {
        metric: metrics.filter('RulesStale', 'Maximum'),
        above: 0,
        periods: 2, // one look in vain, such as of a new environment, mends itself
        what: `The filter function cannot read the rules, or cannot use them; the last good ones decide, and where none were known everything is kept. ${status} shows which are live, the log of the function says why. Push rules that work, or ${rollback}.`,
      }),
      this.alarm('FailedRecords', {
        metric: metrics.filter('Failed'),
        above: 0,
        what: `The filter function gave up on records; its log says why. If it began with new rules (${status}): ${rollback}. The records are under failed/processing-failed/, and come back with ${replay}.`,
      }),
      this.alarm('FailedBatches', {
        metric: metrics.failedCallsPercent(1),
        // a call that fails is made again and nothing is lost, yet on a quiet stream it is half of its minute and a sixth
        // of five; rules that are to blame fail minute after minute. FailedRecords and FailedObjects tell the first record
        // that queries miss
        above: 10,
        periods: 5,
        needed: 3,
        what: `More than a tenth of Firehose's calls of the filter function fail; its log says why. If it began with new rules (${status}): ${rollback}. What failed four times is under failed/processing-failed/, and comes back with ${replay}.`,
      }),
    ];
    this.alarm('RulesMissing', {
      metric: metrics.filter('RulesMissing', 'Maximum'),
      above: 0,
      what: `There are no rules, so everything is kept and nothing is redacted. Push some: hajime logs push ${platform}.`,
    });
    this.alarm('IdleRules', {
      metric: metrics.filter('IdleRules', 'Maximum', 24 * 60),
      above: 0,
      what: `A rule has matched nothing for 30 days. ${status} says which: mend it, or take it out.`,
    });
    this.alarm('RuleErrors', {
      metric: metrics.filter('RuleErrors'),
      above: 0,
      what: `A rule could not be tried on a record and was passed by; the log of the filter function says which rule. Find what it stumbles on with hajime logs test ${platform} --sample yesterday, mend it and push it.`,
    });
    this.alarm('HotCopyFailed', {
      metric: metrics.filter('HotFailed'),
      above: 0,
      what: `Lines could not be copied to CloudWatch Logs. Nothing is lost, they are in the bucket. Is its log group there, is the account at a quota of CloudWatch Logs? Then: hajime logs replay ${platform} --from hot --since 2h.`,
    });
    this.alarm('Silent', {
      metric: metrics.delivery('IncomingRecords', 'Sum'),
      below: 1,
      periods: 3,
      what: `Nothing has come in for 15 minutes. Do the agents run (kubectl -n ${AGENT_NAMESPACE} get pods), may they send (their log; the pod identity of ${AGENT_NAMESPACE}/${AGENT_ACCOUNT}), do they reach the endpoint of Firehose (NAT gateway or interface endpoint)? On a new platform it rings until the agents are applied.`,
    });
    this.alarm('AgentsThrottled', {
      metric: metrics.delivery('ThrottledRecords', 'Sum'),
      above: 0,
      what: 'The stream refuses records: agents wait, and drop what they cannot hold. Request more for the stream with the Amazon Data Firehose Limits form, then set logs.quotaMibPerSecond.',
    });
    this.alarm('NearQuota', {
      metric: metrics.quotaPercent(5),
      above: QUOTA_WARNING * 100,
      periods: 3,
      what: `The stream uses more than ${QUOTA_WARNING * 100} % of the bytes, records or requests a second it takes; the dashboard ${streamName(platform)} shows of which. Request more with the Amazon Data Firehose Limits form.`,
    });
    const late = 2 * props.bufferSeconds + 600;
    const why = (stream: string): string =>
      `After 24 hours Firehose loses it. It says why in the log stream ${stream} of the stack's group of delivery errors: often a policy or a key that was changed by hand.`;
    this.alarm('Late', {
      metric: metrics.delivery('DeliveryToS3.DataFreshness', 'Maximum'),
      above: late,
      what: `The oldest line that is not in the bucket yet is older than ${late} s. ${why(streamName(platform))}`,
    });
    this.alarm('UnparsedLate', {
      metric: metrics.unparsedDelivery('DeliveryToS3.DataFreshness', 'Maximum'),
      above: late,
      what: `The oldest unparsed line that is not in the bucket yet is older than ${late} s. ${why(unparsedStreamName(platform))}`,
    });
    if (!props.archived) return;
    const archiveLate = 2 * 900 + 600;
    this.alarm('ArchiveLate', {
      metric: metrics.delivery('BackupToS3.DataFreshness', 'Maximum'),
      above: archiveLate,
      what: `The oldest record that is not in the archive yet is older than ${archiveLate} s. ${why(archiveErrorsName(platform))}`,
    });
  }

  /** Adds the alarms on what exists only now. */
  watch({ filter, ruleWatch, failedObjects }: Watched): void {
    this.alarm('FilterThrottled', {
      metric: filter.metricThrottles({ period: cdk.Duration.minutes(5) }),
      above: 0,
      what: 'Lambda refuses calls of the filter function: the account is at its limit of concurrent executions. Find what uses them up, or request more (Service Quotas, Lambda).',
    });
    this.alarm('WatchFailed', {
      metric: ruleWatch.metricErrors({ period: cdk.Duration.days(1) }),
      above: 2, // Lambda makes three attempts a day
      what: `The daily look for idle rules failed, so the alarm IdleRules says nothing. The log of its function says why; hajime logs status ${this.platform} looks at once.`,
    });
    this.alarm('FailedObjects', {
      metric: failedObjects,
      above: 0,
      what: `Firehose wrote under failed/; the log group ${failedLogName(this.platform)} names the objects. Nothing there is lost, and no query finds it. Once the cause is mended: hajime logs replay ${this.platform} --from failed --since 6h.`,
    });
  }

  /** Every alarm there is, for a dashboard. */
  get alarms(): readonly cloudwatch.IAlarm[] {
    return this.all;
  }

  /** An alarm with this construct's way to tell of it. */
  alarm(id: string, { metric, periods = 1, needed, what, ...limit }: Watch): cloudwatch.Alarm {
    const alarm = new cloudwatch.Alarm(this, id, {
      metric,
      ...('above' in limit
        ? {
            threshold: limit.above,
            comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
            treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
          }
        : {
            threshold: limit.below,
            comparisonOperator: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
            treatMissingData: cloudwatch.TreatMissingData.BREACHING,
          }),
      evaluationPeriods: periods,
      datapointsToAlarm: needed,
      alarmDescription: what,
    });
    if (this.action !== undefined) alarm.addAlarmAction(this.action);
    this.all.push(alarm);
    return alarm;
  }
}
