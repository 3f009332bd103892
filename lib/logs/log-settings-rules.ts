import { retentionProblems } from '../network/network-rules';
import { flag, integer, object, oneOf, optional, text, type Check } from '../shape';
import { problem, within, type Warning } from '../validate';
import { LOG_DEFAULTS, type LogBuffer, type LogSettings } from './log-settings';
import { defaultQuota, mibPerSecond, MORE_QUOTA, QUOTA_WARNING } from './stream-quota';

const positive: Check = (value, property) =>
  typeof value === 'number' && Number.isFinite(value) && value > 0
    ? []
    : [problem(property, 'must be a number above 0', value)];

/** The form of {@link LogSettings}. */
export const logsShape = object<LogSettings>({
  archive: optional(oneOf('off', 'dropped-too')),
  retentionDays: optional(integer(1)),
  archiveRetentionDays: optional(integer(1)),
  hotRetentionDays: optional(integer(1)),
  buffer: optional(object<LogBuffer>({ seconds: optional(integer(60, 900)), megabytes: optional(integer(1, 128)) })),
  expectedGbPerDay: optional(positive),
  quotaMibPerSecond: optional(positive),
  rollout: optional(oneOf('all-at-once', 'gradual')),
  gradualMinutes: optional(integer(1, 1440)),
  bakeMinutes: optional(integer(0, 1440)),
  mostDroppedPercent: optional(integer(1, 100)),
  alarmTopicArn: optional(text),
  fargateAggregation: optional(flag),
  retainOnDelete: optional(flag),
});

/** Every mistake in a log pipeline's own settings. Without a region, what depends on it is not looked at. */
export function logsProblems(settings: LogSettings, region: string | undefined, holder = ''): string[] {
  const at = (property: string): string => within(holder, property);
  const { archive = LOG_DEFAULTS.archive, archiveRetentionDays, rollout, gradualMinutes } = settings;
  const found = [...retentionProblems(settings.hotRetentionDays, at('hotRetentionDays'))];
  if (archiveRetentionDays !== undefined && archive === 'off') {
    const rule = "must not be given without `archive: 'dropped-too'`: there is nothing to keep";
    found.push(problem(at('archiveRetentionDays'), rule, archiveRetentionDays));
  }
  if (gradualMinutes !== undefined && rollout !== 'gradual') {
    const rule = "must not be given without `rollout: 'gradual'`: everything changes at once";
    found.push(problem(at('gradualMinutes'), rule, gradualMinutes));
  }
  found.push(...topicProblems(settings.alarmTopicArn, region, at('alarmTopicArn')));
  return found;
}

function topicProblems(arn: string | undefined, region: string | undefined, property: string): string[] {
  if (arn === undefined) return [];
  const where = /^arn:aws[a-z-]*:sns:([a-z0-9-]+):\d{12}:[\w-]{1,256}$/.exec(arn)?.[1];
  if (where === undefined) {
    return [problem(property, 'must be the ARN of an SNS topic that is not FIFO', arn)];
  }
  return region === undefined || where === region
    ? []
    : [problem(property, `must be a topic of ${region}: an alarm reaches no other region`, arn)];
}

/** What a pipeline's names leave to the platform's own: a stream has at most 64 characters. */
export function platformNameProblems(platform: string, property: string): string[] {
  return /^[A-Za-z][\w-]{0,39}$/.test(platform)
    ? []
    : [
        problem(
          property,
          'must be at most 40 letters, digits, hyphens and underscores, beginning with a letter',
          platform,
        ),
      ];
}

/** What is legal in a log pipeline's settings and most likely not meant. */
export function logsWarnings(settings: LogSettings, region: string, holder = ''): Warning[] {
  const at = (property: string): string => within(holder, property);
  return [
    ...quotaWarnings(settings, region, at),
    ...bakeWarnings(settings.bakeMinutes ?? LOG_DEFAULTS.bakeMinutes, at('bakeMinutes')),
  ];
}

/** Minutes until an alarm knows of rules that are wrong, by what takes them at most. */
const NOTICED = { takenUp: 1, counted: 1, lookedAt: 5, cloudWatch: 3 } as const;

/** Minutes AppConfig needs to see that alarm. */
const SEEN = 2;

function bakeWarnings(minutes: number, property: string): Warning[] {
  if (minutes === 0) {
    return [
      {
        id: 'kotohajime:log-rules-without-bake',
        message: `\`${property}\` is 0: new rules are watched by nothing, and none that goes wrong is rolled back`,
      },
    ];
  }
  const { takenUp, counted, lookedAt, cloudWatch } = NOTICED;
  const sum = takenUp + counted + lookedAt + cloudWatch;
  return minutes >= sum + SEEN
    ? []
    : [
        {
          id: 'kotohajime:log-rules-short-bake',
          message: `\`${property}\` (${minutes}) may be over before an alarm goes off: new rules are taken up within ${takenUp} minute and counted within ${counted} more, an alarm looks at ${lookedAt}, and CloudWatch is up to ${cloudWatch} behind, ${sum} in all; make it ${sum + SEEN} or more`,
        },
      ];
}

function quotaWarnings(
  { expectedGbPerDay, quotaMibPerSecond }: LogSettings,
  region: string,
  at: (property: string) => string,
): Warning[] {
  if (expectedGbPerDay === undefined) return [];
  const quota = quotaMibPerSecond ?? defaultQuota(region);
  const average = mibPerSecond(expectedGbPerDay);
  if (average <= QUOTA_WARNING * quota) return [];
  const share = Math.round((average / quota) * 100);
  const whose =
    quotaMibPerSecond === undefined
      ? `a delivery stream takes by default in ${region}`
      : `of \`${at('quotaMibPerSecond')}\``;
  return [
    {
      id: 'kotohajime:log-stream-quota',
      message: `\`${at('expectedGbPerDay')}\` (${expectedGbPerDay}) is ${average.toFixed(1)} MiB/s on average, ${share} % of the ${quota} MiB/s ${whose}, and logs come in bursts: request more for the stream with ${MORE_QUOTA}, then set \`${at('quotaMibPerSecond')}\``,
    },
  ];
}

/** Fargate's log router sends one line a record unless told otherwise, and Firehose charges each record as 5 KB. */
export function fargateLogWarnings(settings: LogSettings, profiles: readonly string[], holder = ''): Warning[] {
  return profiles.length === 0 || settings.fargateAggregation === true
    ? []
    : [
        {
          id: 'kotohajime:log-fargate-rounding',
          message: `the log router of Fargate (${profiles.join(', ')}) sends one line a record, and Firehose charges each record as 5 KB; set \`${within(holder, 'fargateAggregation')}\` once its Fluent Bit is 4.2.2 or newer`,
        },
      ];
}
