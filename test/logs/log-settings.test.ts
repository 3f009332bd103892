import { fargateLogWarnings, logsProblems, logsShape, logsWarnings } from '../../lib/logs/log-settings-rules';
import { LOG_DEFAULTS, type LogSettings } from '../../lib/logs/log-settings';
import { defaultQuota, mibPerSecond } from '../../lib/logs/stream-quota';

const TOPIC = 'arn:aws:sns:eu-west-1:111122223333:alarms';

describe('form', () => {
  test.each<[string, unknown, string]>([
    [
      'an unknown property',
      { archived: true },
      '`logs.archived` is not a property that exists here, got true; did you mean `archive`?',
    ],
    ['an archive that is none', { archive: 'on' }, '`logs.archive` must be one of off, dropped-too, got "on"'],
    [
      'a buffer too small',
      { buffer: { seconds: 59, megabytes: 0 } },
      '`logs.buffer.seconds` must be a whole number from 60 to 900, got 59\n`logs.buffer.megabytes` must be a whole number from 1 to 128, got 0',
    ],
    ['nothing a day', { expectedGbPerDay: 0 }, '`logs.expectedGbPerDay` must be a number above 0, got 0'],
    [
      'a number that is none',
      { quotaMibPerSecond: Infinity },
      '`logs.quotaMibPerSecond` must be a number above 0, got Infinity',
    ],
    [
      'a bake time of two days',
      { bakeMinutes: 2880 },
      '`logs.bakeMinutes` must be a whole number from 0 to 1440, got 2880',
    ],
    [
      'more than everything',
      { mostDroppedPercent: 101 },
      '`logs.mostDroppedPercent` must be a whole number from 1 to 100, got 101',
    ],
  ])('%s is refused', (_, settings, told) => {
    expect(logsShape(settings, 'logs').join('\n')).toBe(told);
  });
});

describe('problems', () => {
  test.each<[string, LogSettings, string]>([
    [
      'a retention CloudWatch does not know',
      { hotRetentionDays: 31 },
      '`hotRetentionDays` must be one of the periods CloudWatch Logs knows (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653), got 31',
    ],
    [
      'a retention of no archive',
      { archiveRetentionDays: 30 },
      "`archiveRetentionDays` must not be given without `archive: 'dropped-too'`: there is nothing to keep, got 30",
    ],
    [
      'a pace of what happens at once',
      { gradualMinutes: 30 },
      "`gradualMinutes` must not be given without `rollout: 'gradual'`: everything changes at once, got 30",
    ],
    [
      'a topic of another region',
      { alarmTopicArn: TOPIC.replace('eu-west-1', 'us-east-1') },
      '`alarmTopicArn` must be a topic of eu-west-1: an alarm reaches no other region, got "arn:aws:sns:us-east-1:111122223333:alarms"',
    ],
    [
      'a FIFO topic',
      { alarmTopicArn: `${TOPIC}.fifo` },
      '`alarmTopicArn` must be the ARN of an SNS topic that is not FIFO, got "arn:aws:sns:eu-west-1:111122223333:alarms.fifo"',
    ],
    [
      'a queue',
      { alarmTopicArn: TOPIC.replace('sns', 'sqs') },
      '`alarmTopicArn` must be the ARN of an SNS topic that is not FIFO, got "arn:aws:sqs:eu-west-1:111122223333:alarms"',
    ],
  ])('%s is refused', (_, settings, told) => {
    expect(logsProblems(settings, 'eu-west-1').join('\n')).toBe(told);
  });

  test.each<[string, LogSettings]>([
    ['nothing', {}],
    [
      'everything',
      {
        archive: 'dropped-too',
        archiveRetentionDays: 1,
        rollout: 'gradual',
        gradualMinutes: 1440,
        hotRetentionDays: 1,
        alarmTopicArn: TOPIC,
        bakeMinutes: 0,
        retentionDays: 7,
        buffer: { seconds: 900, megabytes: 128 },
      },
    ],
  ])('%s is fine', (_, settings) => {
    expect([...logsShape(settings, ''), ...logsProblems(settings, 'eu-west-1')]).toEqual([]);
  });
});

describe('the quota of the stream', () => {
  test.each([
    ['us-east-1', 5],
    ['us-west-2', 5],
    ['eu-west-1', 5],
    ['ap-northeast-1', 1],
    ['eu-central-1', 1],
  ])('in %s a stream takes %d MiB/s by default', (region, quota) => {
    expect(defaultQuota(region)).toBe(quota);
  });

  test('a terabyte a day is twelve times what Tokyo gives', () => {
    expect(mibPerSecond(1024)).toBeCloseTo(12.136, 3);
    expect(logsWarnings({ expectedGbPerDay: 1024 }, 'ap-northeast-1', 'logs')).toEqual([
      {
        id: 'kotohajime:log-stream-quota',
        message:
          '`logs.expectedGbPerDay` (1024) is 12.1 MiB/s on average, 1214 % of the 1 MiB/s a delivery stream takes by default in ap-northeast-1, and logs come in bursts: request more for the stream with the Amazon Data Firehose Limits form (https://docs.aws.amazon.com/firehose/latest/dev/limits.html), then set `logs.quotaMibPerSecond`',
      },
    ]);
  });

  test.each<[string, LogSettings, boolean]>([
    ['59 GB a day at 1 MiB/s, 69.9 %', { expectedGbPerDay: 59 }, false],
    ['60 GB a day at 1 MiB/s, 71.1 %', { expectedGbPerDay: 60 }, true],
    ['a raised quota', { expectedGbPerDay: 60, quotaMibPerSecond: 2 }, false],
    ['a raised quota that is not enough', { expectedGbPerDay: 600, quotaMibPerSecond: 10 }, true],
    ['nothing expected', {}, false],
  ])('%s', (_, settings, warned) => {
    expect(logsWarnings(settings, 'ap-northeast-1').length > 0).toBe(warned);
  });
});

test.each<[number, boolean]>([
  [1, true],
  [11, true],
  [12, false],
  [LOG_DEFAULTS.bakeMinutes, false],
])('%d minutes in which new rules are watched: warned %s', (bakeMinutes, warned) => {
  const warnings = logsWarnings({ bakeMinutes }, 'eu-west-1', 'logs');
  expect(warnings).toEqual(
    warned
      ? [
          {
            id: 'kotohajime:log-rules-short-bake',
            message: `\`logs.bakeMinutes\` (${bakeMinutes}) may be over before an alarm goes off: new rules are taken up within 1 minute and counted within 1 more, an alarm looks at 5, and CloudWatch is up to 3 behind, 10 in all; make it 12 or more`,
          },
        ]
      : [],
  );
});

test('rules that nothing watches are a warning', () => {
  expect(logsWarnings({ bakeMinutes: 0 }, 'eu-west-1', 'logs')).toEqual([
    {
      id: 'kotohajime:log-rules-without-bake',
      message: '`logs.bakeMinutes` is 0: new rules are watched by nothing, and none that goes wrong is rolled back',
    },
  ]);
});

test('Fargate is a warning until its router is said to aggregate', () => {
  expect(fargateLogWarnings({}, ['web', 'jobs'], 'logs')).toEqual([
    {
      id: 'kotohajime:log-fargate-rounding',
      message:
        'the log router of Fargate (web, jobs) sends one line a record, and Firehose charges each record as 5 KB; set `logs.fargateAggregation` once its Fluent Bit is 4.2.2 or newer',
    },
  ]);
  expect(fargateLogWarnings({ fargateAggregation: true }, ['web'])).toEqual([]);
  expect(fargateLogWarnings({}, [])).toEqual([]);
});
