import * as cdk from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as actions from 'aws-cdk-lib/aws-cloudwatch-actions';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { AGENT_ACCOUNT, AGENT_NAMESPACE } from './agents/agent-names';
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
    const metrics = new LogMetrics(props.platform);
    this.rollback = [
      this.alarm('EatsEverything', {
        metric: metrics.droppedPercent(5),
        above: props.mostDroppedPercent,
        what: `The rules drop more than ${props.mostDroppedPercent} % of what comes in. Is there one that matches too much? hajime logs status, hajime logs rollback.`,
      }),
      this.alarm('RulesStale', {
        metric: metrics.filter('RulesStale', 'Maximum'),
        above: 0,
        what: 'The filter function cannot read the rules, or cannot use them. The last good ones decide.',
      }),
      this.alarm('FailedRecords', {
        metric: metrics.filter('Failed'),
        above: 0,
        what: 'The filter function gave up on records. They are under failed/processing-failed/: hajime logs replay.',
      }),
      this.alarm('FailedBatches', {
        metric: metrics.failedCallsPercent(1),
        // a call that fails is made again and nothing is lost, yet on a quiet stream it is half of its minute and a sixth
        // of five; rules that are to blame fail minute after minute. FailedRecords and FailedObjects tell the first record
        // that queries miss
        above: 10,
        periods: 5,
        needed: 3,
        what: 'Firehose calls the filter function in vain. After three more attempts a batch goes to failed/processing-failed/: hajime logs replay.',
      }),
    ];
    this.alarm('RulesMissing', {
      metric: metrics.filter('RulesMissing', 'Maximum'),
      above: 0,
      what: 'There are no rules, so everything is kept: hajime logs push.',
    });
    this.alarm('IdleRules', {
      metric: metrics.filter('IdleRules', 'Maximum', 24 * 60),
      above: 0,
      what: 'A rule has matched nothing for 30 days; the log of the watching function says which. Is it still needed?',
    });
    this.alarm('RuleErrors', {
      metric: metrics.filter('RuleErrors'),
      above: 0,
      what: 'A rule could not be tried on a record and was passed by; the log of the filter function says which rule.',
    });
    this.alarm('HotCopyFailed', {
      metric: metrics.filter('HotFailed'),
      above: 0,
      what: 'Lines could not be copied to CloudWatch Logs. Nothing is lost: they are in the bucket.',
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
      what: 'The stream refuses records: agents wait, and drop what they cannot hold. Request more for the stream with the Amazon Data Firehose Limits form.',
    });
    this.alarm('NearQuota', {
      metric: metrics.quotaPercent(5),
      above: QUOTA_WARNING * 100,
      periods: 3,
      what: `The stream uses more than ${QUOTA_WARNING * 100} % of the bytes, records or requests a second it takes. Request more with the Amazon Data Firehose Limits form.`,
    });
    const late = 2 * props.bufferSeconds + 600;
    this.alarm('Late', {
      metric: metrics.delivery('DeliveryToS3.DataFreshness', 'Maximum'),
      above: late,
      what: `The oldest line that is not in the bucket yet is older than ${late} s. After 24 hours Firehose loses it.`,
    });
    this.alarm('UnparsedLate', {
      metric: metrics.unparsedDelivery('DeliveryToS3.DataFreshness', 'Maximum'),
      above: late,
      what: `The oldest unparsed line that is not in the bucket yet is older than ${late} s. After 24 hours Firehose loses it.`,
    });
    if (!props.archived) return;
    this.alarm('ArchiveLate', {
      metric: metrics.delivery('BackupToS3.DataFreshness', 'Maximum'),
      above: 2 * 900 + 600,
      what: 'The archive of the unfiltered stream falls behind.',
    });
  }

  /** Adds the alarms on what exists only now. */
  watch({ filter, ruleWatch, failedObjects }: Watched): void {
    this.alarm('FilterThrottled', {
      metric: filter.metricThrottles({ period: cdk.Duration.minutes(5) }),
      above: 0,
      what: 'Lambda refuses calls of the filter function: the account is at its limit of concurrent executions.',
    });
    this.alarm('WatchFailed', {
      metric: ruleWatch.metricErrors({ period: cdk.Duration.days(1) }),
      above: 2, // Lambda makes three attempts a day
      what: `The daily look for idle rules failed, so the alarm IdleRules says nothing. The log of its function says why; hajime logs status ${this.platform} looks at once.`,
    });
    this.alarm('FailedObjects', {
      metric: failedObjects,
      above: 0,
      what: 'Firehose wrote under failed/. Nothing there is lost, and no query finds it: hajime logs replay.',
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
