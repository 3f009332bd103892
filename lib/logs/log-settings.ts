/** How long Firehose collects before it writes an object; whichever comes first. */
export interface LogBuffer {
  /**
   * Seconds, 60 to 900: how late a line can be queried at worst.
   *
   * @default 300
   */
  readonly seconds?: number;
  /**
   * Megabytes before compression, 1 to 128. Larger objects make queries faster.
   *
   * @default 64
   */
  readonly megabytes?: number;
}

/**
 * The log pipeline: agents send every line to one delivery stream, a function applies the rules, and only what they keep
 * is stored. The rules themselves are in `config/logs/<platform>.yaml` and change without a deploy.
 */
export interface LogSettings {
  /**
   * `dropped-too` also keeps the unfiltered stream in a cold bucket, so that what the rules dropped can be put back.
   * Firehose cannot switch it off again: take `logs` out, delete the Logs stack, and put `logs` back.
   *
   * @default 'off'
   */
  readonly archive?: 'off' | 'dropped-too';
  /**
   * Days the kept lines stay in the bucket.
   *
   * @default 365
   */
  readonly retentionDays?: number;
  /**
   * Days the unfiltered stream stays in the archive.
   *
   * @default 90
   */
  readonly archiveRetentionDays?: number;
  /**
   * Days the hot copy stays in CloudWatch Logs; one of the periods it knows.
   *
   * @default 14
   */
  readonly hotRetentionDays?: number;
  /**
   * How much and how long Firehose collects before it writes an object.
   *
   * @default - 300 seconds or 64 MB
   */
  readonly buffer?: LogBuffer;
  /**
   * What the agents are expected to send, in GB a day. Only a warning comes of it, where it nears the stream's quota.
   *
   * @default - not reckoned with
   */
  readonly expectedGbPerDay?: number;
  /**
   * What the stream takes, in MiB a second, once AWS has raised the quota.
   *
   * @default - the region's default, 5 or 1
   */
  readonly quotaMibPerSecond?: number;
  /**
   * `all-at-once`: new rules decide every batch within a minute. `gradual`: a growing share of the function's
   * environments takes them up, and until it is done both rule sets decide, the same line by chance.
   *
   * @default 'all-at-once'
   */
  readonly rollout?: 'all-at-once' | 'gradual';
  /**
   * Minutes a gradual rollout takes, 1 to 1440.
   *
   * @default 20
   */
  readonly gradualMinutes?: number;
  /**
   * Minutes new rules are watched after they are out, up to 1440; an alarm in that time brings the old ones back. The
   * next push must wait until they are over. A mistake takes some ten minutes to show.
   *
   * @default 15
   */
  readonly bakeMinutes?: number;
  /**
   * The share of the bytes that rules may drop, in percent, above which dropping is taken for a mistake: the alarm "eats
   * everything". What a never-drop guard keeps does not count.
   *
   * @default 95
   */
  readonly mostDroppedPercent?: number;
  /**
   * An SNS topic of the same region that all alarms of the pipeline are sent to.
   *
   * @default - the alarms are shown and sent nowhere
   */
  readonly alarmTopicArn?: string;
  /**
   * Lets the log router of Fargate put many lines into a record. Its Fluent Bit is AWS's choice, and one before 4.2.2 does
   * not start with this setting; without it each line is charged as 5 KB.
   *
   * @default false
   */
  readonly fargateAggregation?: boolean;
  /**
   * Keeps the buckets, the hot copy and the rules with their history when the stack is deleted. Without it, a bucket that
   * holds something and rules that were pushed must be deleted before: neither S3 nor AppConfig lets them go.
   *
   * @default true
   */
  readonly retainOnDelete?: boolean;
}

/** What is in force where the settings say nothing. */
export const LOG_DEFAULTS = {
  archive: 'off',
  retentionDays: 365,
  archiveRetentionDays: 90,
  hotRetentionDays: 14,
  bufferSeconds: 300,
  bufferMegabytes: 64,
  gradualMinutes: 20,
  bakeMinutes: 15,
  mostDroppedPercent: 95,
} as const;
