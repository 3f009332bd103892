import * as cdk from 'aws-cdk-lib';
import type { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import { Construct } from 'constructs';
import { throwIfAny } from '../validate';
import { warn } from '../warn';
import { OUTPUTS, streamName } from './deployed';
import { FailedObjects } from './failed-objects';
import { FilterFunction } from './filter-function';
import { LogAlarms } from './log-alarms';
import { LogBuckets } from './log-buckets';
import { LogDashboard } from './log-dashboard';
import { LogDelivery } from './log-delivery';
import { LOG_DEFAULTS, type LogSettings } from './log-settings';
import { logsProblems, logsShape, logsWarnings, platformNameProblems } from './log-settings-rules';
import { LogTables } from './log-tables';
import { RuleStore } from './rule-store';
import { RuleWatch } from './rule-watch';

/** Properties of {@link LogPipeline}. */
export interface LogPipelineProps extends LogSettings {
  /** The platform's name. The stream the agents send to is named after it. */
  readonly platform: string;
}

/**
 * The way of the logs from the agents to where they can be searched: delivery stream, filter function, rules, bucket,
 * tables, alarms. It needs no cluster: agents know its stream by name, and nothing else of it.
 */
export class LogPipeline extends Construct {
  /** What the command line finds the pipeline by: names of {@link OUTPUTS} and values. */
  readonly outputs: Readonly<Record<string, string>>;
  /** The stream the agents send to. */
  readonly stream: CfnDeliveryStream;

  constructor(scope: Construct, id: string, props: LogPipelineProps) {
    super(scope, id);
    const { platform, ...settings } = props;
    const { region } = cdk.Stack.of(this);
    const known = cdk.Token.isUnresolved(region) ? undefined : region;
    throwIfAny(this, logsShape(settings, ''));
    throwIfAny(this, [...platformNameProblems(platform, 'platform'), ...logsProblems(settings, known)]);
    if (known !== undefined) warn(this, logsWarnings(settings, known));

    const archived = (settings.archive ?? LOG_DEFAULTS.archive) === 'dropped-too';
    const retentionDays = settings.retentionDays ?? LOG_DEFAULTS.retentionDays;
    const bufferSeconds = settings.buffer?.seconds ?? LOG_DEFAULTS.bufferSeconds;
    const removalPolicy = settings.retainOnDelete === false ? cdk.RemovalPolicy.DESTROY : cdk.RemovalPolicy.RETAIN;

    const { bucket, archive } = new LogBuckets(this, 'Buckets', {
      retentionDays,
      archiveRetentionDays: archived ? (settings.archiveRetentionDays ?? LOG_DEFAULTS.archiveRetentionDays) : undefined,
      removalPolicy,
    });
    const alarms = new LogAlarms(this, 'Alarms', {
      platform,
      mostDroppedPercent: settings.mostDroppedPercent ?? LOG_DEFAULTS.mostDroppedPercent,
      bufferSeconds,
      archived,
      topicArn: settings.alarmTopicArn,
    });
    const rules = new RuleStore(this, 'Rules', {
      platform,
      rollbackAlarms: alarms.rollback,
      removalPolicy,
      bakeMinutes: settings.bakeMinutes ?? LOG_DEFAULTS.bakeMinutes,
      gradualMinutes:
        settings.rollout === 'gradual' ? (settings.gradualMinutes ?? LOG_DEFAULTS.gradualMinutes) : undefined,
    });
    const filter = new FilterFunction(this, 'Filter', {
      platform,
      rules,
      hotRetentionDays: settings.hotRetentionDays ?? LOG_DEFAULTS.hotRetentionDays,
      removalPolicy,
    });
    const delivery = new LogDelivery(this, 'Delivery', {
      platform,
      bucket,
      archive,
      filter: filter.function,
      bufferSeconds,
      bufferMegabytes: settings.buffer?.megabytes ?? LOG_DEFAULTS.bufferMegabytes,
    });
    const tables = new LogTables(this, 'Tables', { platform, bucket, retentionDays });
    const watch = new RuleWatch(this, 'Watch', { platform, rules });
    const failed = new FailedObjects(this, 'Failed', { platform, bucket });
    alarms.watch({ filter: filter.function, ruleWatch: watch.function, failedObjects: failed.metric });
    new LogDashboard(this, 'Dashboard', { platform, alarms: alarms.alarms, filter: filter.function, archived });

    this.stream = delivery.stream;
    this.outputs = {
      [OUTPUTS.stream]: streamName(platform),
      [OUTPUTS.bucket]: bucket.bucketName,
      ...(archive === undefined ? {} : { [OUTPUTS.archive]: archive.bucketName }),
      [OUTPUTS.hotGroup]: filter.hotGroup.logGroupName,
      [OUTPUTS.workgroup]: tables.workgroup,
      [OUTPUTS.database]: tables.database,
      [OUTPUTS.application]: rules.applicationId,
      [OUTPUTS.environment]: rules.environmentId,
      [OUTPUTS.profile]: rules.profileId,
      [OUTPUTS.strategy]: rules.strategyId,
      [OUTPUTS.allAtOnce]: rules.allAtOnceId,
    };
  }
}
