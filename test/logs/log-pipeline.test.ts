import * as cdk from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import cdkJson from '../../cdk.json';
import { ASSUMED } from '../../lib/logs/cost';
import { FILTER_VARIABLES, OUTPUTS, streamName, unparsedStreamName } from '../../lib/logs/deployed';
import { LogPipeline, type LogPipelineProps } from '../../lib/logs/log-pipeline';
import { databaseName } from '../../lib/logs/log-tables';
import { sampleQueries } from '../../lib/logs/sample-queries';

// what the functions do has tests of its own; here they are only there
jest.mock('../../lib/bundle', () => ({
  bundledCode: () => lambda.Code.fromInline('exports.handler = async () => undefined;'),
}));

/** A pipeline in somebody else's stack. */
function pipeline(
  settings: Partial<LogPipelineProps> = {},
  region = 'eu-west-1',
): { template: Template; outputs: object } {
  const app = new cdk.App({ context: cdkJson.context, builtinCloudFormationValidation: false });
  const stack = new cdk.Stack(app, 'Theirs', { env: { account: '111122223333', region } });
  const { outputs } = new LogPipeline(stack, 'Logs', { platform: 'dev', ...settings });
  return { template: Template.fromStack(stack), outputs };
}

const { template, outputs } = pipeline();

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}

/** The statements of every policy, as `action on resource`. */
function statements(of: Template = template): { action: string; resource: string }[] {
  const documents = [
    ...Object.values(of.findResources('AWS::IAM::Policy')).map(({ Properties }) => Properties.PolicyDocument),
    ...Object.values(of.findResources('AWS::IAM::Role')).flatMap(({ Properties }) =>
      (Properties.Policies ?? []).map(({ PolicyDocument }: { PolicyDocument: unknown }) => PolicyDocument),
    ),
  ] as { Statement: Statement[] }[];
  return documents.flatMap(({ Statement }) =>
    Statement.flatMap(({ Action, Resource }) =>
      [Action].flat().map((action) => ({ action, resource: JSON.stringify(Resource) })),
    ),
  );
}

const stream = (of: Template = template): Record<string, unknown> => {
  const found = of.findResources('AWS::KinesisFirehose::DeliveryStream', {
    Properties: { DeliveryStreamName: 'dev-logs' },
  });
  return Object.values(found)[0]!.Properties.ExtendedS3DestinationConfiguration as Record<string, unknown>;
};

test('has no custom resource and no managed policy', () => {
  expect(JSON.stringify(template.toJSON())).not.toMatch(/"Type":"(Custom::|AWS::CloudFormation::CustomResource)/);
  expect(JSON.stringify(template.toJSON())).not.toContain('ManagedPolicyArns');
});

test('its roles may do what they need, and on everything only what AWS knows no narrower resource for', () => {
  expect(statements().filter(({ action }) => action.includes('*'))).toEqual([]);
  const everywhere = statements().filter(({ resource }) => resource === '"*"');
  expect(everywhere.map(({ action }) => action)).toEqual(['cloudwatch:GetMetricData']);
  const described = statements().filter(({ action }) => action === 'cloudwatch:DescribeAlarms');
  expect(described.length).toBe(1);
  expect(described[0]?.resource.match(/LogsAlarms[A-Za-z]+(?=[0-9A-F]{8})/g)).toEqual(
    ['EatsEverything', 'FailedBatches', 'FailedRecords', 'RulesStale'].map((id) => `LogsAlarms${id}`),
  );
  const put = statements().filter(({ action }) => action.startsWith('firehose:'));
  expect(put).toEqual([
    {
      action: 'firehose:PutRecordBatch',
      resource: JSON.stringify([
        'arn:aws:firehose:eu-west-1:111122223333:deliverystream/dev-logs',
        'arn:aws:firehose:eu-west-1:111122223333:deliverystream/dev-logs-unparsed',
      ]),
    },
  ]);
  expect(statements().filter(({ action }) => /delete/i.test(action))).toEqual([]);
});

test('only for this account does Firehose take its role; AppConfig says nowhere that it tells for whom it acts', () => {
  const trust = (service: string): object[] =>
    Object.values(template.findResources('AWS::IAM::Role'))
      .flatMap(
        ({ Properties }) => Properties.AssumeRolePolicyDocument.Statement as { Principal: { Service: string } }[],
      )
      .filter(({ Principal }) => Principal.Service === service);
  expect(trust('firehose.amazonaws.com')).toEqual([
    expect.objectContaining({ Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } } }),
  ]);
  expect(trust('appconfig.amazonaws.com')).toEqual([expect.not.objectContaining({ Condition: expect.anything() })]);
});

test('the stream hands its function what fits it, and writes by the hour', () => {
  expect(stream()).toMatchObject({
    Prefix: 'logs/dt=!{timestamp:yyyy-MM-dd}/hour=!{timestamp:HH}/',
    ErrorOutputPrefix: 'failed/!{firehose:error-output-type}/dt=!{timestamp:yyyy-MM-dd}/hour=!{timestamp:HH}/',
    CompressionFormat: 'GZIP',
    BufferingHints: { IntervalInSeconds: 300, SizeInMBs: 64 },
  });
  const { Processors } = stream().ProcessingConfiguration as { Processors: { Parameters: object[] }[] };
  expect(Processors[0]?.Parameters).toEqual(
    expect.arrayContaining([
      { ParameterName: 'BufferSizeInMBs', ParameterValue: '3' },
      { ParameterName: 'BufferIntervalInSeconds', ParameterValue: '60' },
      { ParameterName: 'NumberOfRetries', ParameterValue: '3' },
    ]),
  );
  expect(stream()).not.toHaveProperty('DynamicPartitioningConfiguration');
});

test('what cannot be parsed has a stream of its own, without a function', () => {
  template.hasResourceProperties('AWS::KinesisFirehose::DeliveryStream', {
    DeliveryStreamName: 'dev-logs-unparsed',
    DeliveryStreamEncryptionConfigurationInput: { KeyType: 'AWS_OWNED_CMK' },
    ExtendedS3DestinationConfiguration: {
      Prefix: 'unparsed/dt=!{timestamp:yyyy-MM-dd}/hour=!{timestamp:HH}/',
      ProcessingConfiguration: Match.absent(),
    },
  });
});

test('the longest name leaves its streams theirs', () => {
  const longest = 'x'.repeat(40);
  expect(unparsedStreamName(longest).length).toBeLessThanOrEqual(64);
  expect(() => pipeline({ platform: `${longest}x` })).toThrow('`platform` must be at most 40 letters');
});

test('buckets are encrypted, closed, TLS only, and let go what is old', () => {
  for (const { Properties } of Object.values(template.findResources('AWS::S3::Bucket'))) {
    expect(Properties).toMatchObject({
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    });
  }
  template.hasResourceProperties('AWS::S3::BucketPolicy', {
    PolicyDocument: {
      Statement: [Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } })],
    },
  });
  template.hasResourceProperties('AWS::S3::Bucket', {
    LifecycleConfiguration: {
      Rules: Match.arrayWith([
        Match.objectLike({ Prefix: 'logs/', ExpirationInDays: 365 }),
        Match.objectLike({ Prefix: 'failed/', ExpirationInDays: 365 }),
        Match.objectLike({ Prefix: 'athena-results/', ExpirationInDays: 7 }),
      ]),
    },
    MetricsConfigurations: Match.absent(),
  });
});

test('an object under failed/ is an event that is counted, and written to a log that says which', () => {
  template.hasResourceProperties('AWS::S3::Bucket', {
    NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
  });
  const [rule] = Object.entries(
    template.findResources('AWS::Events::Rule', { Properties: { ScheduleExpression: Match.absent() } }),
  );
  const [bucket] = Object.keys(template.findResources('AWS::S3::Bucket'));
  expect(rule?.[1].Properties).toMatchObject({
    EventPattern: {
      source: ['aws.s3'],
      'detail-type': ['Object Created'],
      detail: { bucket: { name: [{ Ref: bucket }] }, object: { key: [{ prefix: 'failed/' }] } },
    },
    Targets: [{ Arn: 'arn:aws:logs:eu-west-1:111122223333:log-group:/aws/events/dev-logs-failed' }],
  });
  template.hasResourceProperties('AWS::Logs::LogGroup', {
    LogGroupName: '/aws/events/dev-logs-failed',
    ResourcePolicyDocument: {
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: ['delivery.logs.amazonaws.com', 'events.amazonaws.com'] },
          Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          Resource: 'arn:aws:logs:eu-west-1:111122223333:log-group:/aws/events/dev-logs-failed:*',
        },
      ],
    },
  });
  template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    Namespace: 'AWS/Events',
    MetricName: 'MatchedEvents',
    Dimensions: [{ Name: 'RuleName', Value: { Ref: rule?.[0] } }],
    Statistic: 'Sum',
    Threshold: 0,
  });
});

describe('the archive', () => {
  const { template: archived } = pipeline({ archive: 'dropped-too' });

  test('is off unless asked for', () => {
    template.resourceCountIs('AWS::S3::Bucket', 1);
    expect(stream()).not.toHaveProperty('S3BackupConfiguration');
  });

  test('has every record as it came, and gets cold at once', () => {
    archived.resourceCountIs('AWS::S3::Bucket', 2);
    expect(stream(archived)).toMatchObject({
      S3BackupMode: 'Enabled',
      S3BackupConfiguration: {
        Prefix: 'dt=!{timestamp:yyyy-MM-dd}/hour=!{timestamp:HH}/',
        BufferingHints: { IntervalInSeconds: 900, SizeInMBs: 128 },
        CompressionFormat: 'GZIP',
      },
    });
    archived.hasResourceProperties('AWS::S3::Bucket', {
      LifecycleConfiguration: {
        Rules: [
          Match.objectLike({
            ExpirationInDays: 90,
            Transitions: [{ StorageClass: 'GLACIER_IR', TransitionInDays: 0 }],
          }),
        ],
      },
    });
  });

  test('says why it falls behind in a log stream of its own, as the others do', () => {
    interface Logged {
      readonly CloudWatchLoggingOptions: { readonly LogStreamName: { readonly Ref: string } };
    }
    const { S3BackupConfiguration: backup } = stream(archived) as { S3BackupConfiguration: Logged };
    const streams = archived.findResources('AWS::Logs::LogStream');
    const names = [stream(archived) as unknown as Logged, backup].map(
      ({ CloudWatchLoggingOptions: { LogStreamName } }) =>
        streams[LogStreamName.Ref]?.Properties.LogStreamName as string,
    );
    expect(names).toEqual(['dev-logs', 'dev-logs-archive']);
    template.resourceCountIs('AWS::Logs::LogStream', 2);
  });

  test('is not moved when it goes before the cold class pays', () => {
    const { template: short } = pipeline({ archive: 'dropped-too', archiveRetentionDays: 30 });
    short.hasResourceProperties('AWS::S3::Bucket', {
      LifecycleConfiguration: { Rules: [Match.objectLike({ ExpirationInDays: 30, Transitions: Match.absent() })] },
    });
  });
});

test('the function finds everything in its variables, and nothing it does not know', () => {
  const [filter] = Object.values(template.findResources('AWS::Lambda::Function', { Properties: { MemorySize: 1024 } }));
  const { Variables } = filter!.Properties.Environment as { Variables: Record<string, unknown> };
  const { pollSeconds, ...given } = FILTER_VARIABLES;
  expect(Object.keys(Variables).sort()).toEqual(Object.values(given).sort());
  expect(Variables).toMatchObject({ [FILTER_VARIABLES.stream]: streamName('dev'), [FILTER_VARIABLES.platform]: 'dev' });
  expect(Variables).not.toHaveProperty(pollSeconds); // its own default
  expect(filter?.Properties).toMatchObject({ Runtime: 'nodejs22.x', Architectures: ['arm64'], Timeout: 60 });
});

describe('rules', () => {
  const validators = Object.values(template.findResources('AWS::AppConfig::ConfigurationProfile'))[0]!.Properties
    .Validators as { Type: string; Content: string }[];

  test('are checked by a schema that AppConfig takes and by a function', () => {
    expect(validators.map(({ Type }) => Type)).toEqual(['JSON_SCHEMA', 'LAMBDA']);
    const { Content } = validators[0]!;
    expect(Content.length).toBeLessThan(32 * 1024);
    expect(JSON.parse(Content)).toHaveProperty('$schema', expect.stringContaining('draft-04'));
    template.hasResourceProperties('AWS::Lambda::Permission', {
      Principal: 'appconfig.amazonaws.com',
      SourceAccount: Match.absent(), // with it no rules could be pushed if AppConfig does not send it
    });
  });

  test('change all at once and are watched for a quarter of an hour', () => {
    template.resourceCountIs('AWS::AppConfig::DeploymentStrategy', 1);
    template.hasResourceProperties('AWS::AppConfig::DeploymentStrategy', {
      DeploymentDurationInMinutes: 0,
      GrowthFactor: 100,
      FinalBakeTimeInMinutes: 15,
    });
    expect(outputs).toMatchObject({ [OUTPUTS.strategy]: (outputs as Record<string, string>)[OUTPUTS.allAtOnce] });
  });

  test('change gradually if the config says so, and a way back at once is there too', () => {
    const { template: slow, outputs: found } = pipeline({ rollout: 'gradual', bakeMinutes: 30 });
    slow.resourceCountIs('AWS::AppConfig::DeploymentStrategy', 2);
    slow.hasResourceProperties('AWS::AppConfig::DeploymentStrategy', {
      DeploymentDurationInMinutes: 20,
      GrowthFactor: 20,
      GrowthType: 'LINEAR',
      FinalBakeTimeInMinutes: 30,
    });
    const { [OUTPUTS.strategy]: strategy, [OUTPUTS.allAtOnce]: atOnce } = found as Record<string, string>;
    expect(strategy).not.toBe(atOnce);
  });

  test('and their history stay with the logs, because AppConfig would not let them go', () => {
    for (const type of ['AWS::AppConfig::Application', 'AWS::AppConfig::ConfigurationProfile', 'AWS::S3::Bucket'])
      template.hasResource(type, { DeletionPolicy: 'Retain' });
    const { template: gone } = pipeline({ retainOnDelete: false });
    for (const type of ['AWS::AppConfig::Application', 'AWS::AppConfig::ConfigurationProfile', 'AWS::S3::Bucket'])
      gone.hasResource(type, { DeletionPolicy: 'Delete' });
    expect(JSON.stringify(gone.toJSON())).not.toContain('"Retain"');
  });
});

describe('alarms', () => {
  const topic = 'arn:aws:sns:eu-west-1:111122223333:alarms';
  const { template: told } = pipeline({
    alarmTopicArn: topic,
    archive: 'dropped-too',
    buffer: { seconds: 60 },
    mostDroppedPercent: 80,
  });
  const alarms = told.findResources('AWS::CloudWatch::Alarm');

  test('there is one for everything that can go wrong, and each says what to do', () => {
    const ids = Object.keys(alarms).map((id) => id.replace(/^LogsAlarms|[0-9A-F]{8}$/g, ''));
    expect(ids.sort()).toEqual([
      'AgentsThrottled',
      'ArchiveLate',
      'EatsEverything',
      'FailedBatches',
      'FailedObjects',
      'FailedRecords',
      'FilterThrottled',
      'HotCopyFailed',
      'IdleRules',
      'Late',
      'NearQuota',
      'RuleErrors',
      'RulesMissing',
      'RulesStale',
      'Silent',
      'UnparsedLate',
      'WatchFailed',
    ]);
    for (const { Properties } of Object.values(alarms)) {
      const told = Properties.AlarmDescription as string;
      expect(told).toMatch(/^[A-Z].{60,}[.?]$/);
      expect(told.length).toBeLessThanOrEqual(1024); // CloudWatch takes no more
      expect(told).toMatch(/hajime logs \w+ dev|kubectl|Limits form|Service Quotas|the log stream/);
      expect(told.match(/hajime logs \w+(?! dev)\b/g) ?? []).toEqual([]); // a command that works as it stands
    }
  });

  test('no data is no alarm, but for the one on silence: AppConfig takes an alarm without data for one that goes off', () => {
    const breaching = Object.entries(alarms).filter(
      ([, { Properties }]) => Properties.TreatMissingData !== 'notBreaching',
    );
    expect(breaching.map(([id]) => id)).toEqual([expect.stringMatching(/^LogsAlarmsSilent/)]);
    const [environment] = Object.values(told.findResources('AWS::AppConfig::Environment'));
    expect(JSON.stringify(environment)).not.toContain('Silent');
  });

  test('all of them are sent to the topic, and to nobody without one', () => {
    for (const { Properties } of Object.values(alarms)) expect(Properties.AlarmActions).toEqual([topic]);
    expect(JSON.stringify(template.findResources('AWS::CloudWatch::Alarm'))).not.toContain('AlarmActions');
  });

  test('four of them bring the old rules back, and wait for nothing they watch', () => {
    const [environment] = Object.values(told.findResources('AWS::AppConfig::Environment'));
    const monitors = environment!.Properties.Monitors as { AlarmArn: { 'Fn::GetAtt': [string] } }[];
    const ids = monitors.map(({ AlarmArn }) => AlarmArn['Fn::GetAtt'][0].replace(/^LogsAlarms|[0-9A-F]{8}$/g, ''));
    expect(ids).toEqual(['EatsEverything', 'RulesStale', 'FailedRecords', 'FailedBatches']);
    for (const { AlarmArn } of monitors)
      expect(
        JSON.stringify(
          alarms[AlarmArn['Fn::GetAtt'][0]]?.Properties.Metrics ??
            alarms[AlarmArn['Fn::GetAtt'][0]]?.Properties.Dimensions,
        ),
      ).not.toMatch(/"Ref"|GetAtt/);
  });

  test('the function that looks for idle rules is watched too, over its three attempts a day', () => {
    const [watch] = Object.entries(
      told.findResources('AWS::Lambda::Function', {
        Properties: { Description: Match.stringLikeRegexp('for a month') },
      }),
    );
    told.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'AWS/Lambda',
      MetricName: 'Errors',
      Dimensions: [{ Name: 'FunctionName', Value: { Ref: watch?.[0] } }],
      Statistic: 'Sum',
      Period: 24 * 60 * 60,
      Threshold: 2,
    });
  });

  test('thresholds follow the settings', () => {
    told.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmDescription: Match.stringLikeRegexp('more than 80 %'),
      Threshold: 80,
    });
    told.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'DeliveryToS3.DataFreshness',
      Threshold: 2 * 60 + 600,
    });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmDescription: Match.stringLikeRegexp('more than 95 %'),
      Threshold: 95,
    });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'DeliveryToS3.DataFreshness',
      Threshold: 2 * 300 + 600,
    });
  });
});

describe('tables', () => {
  test('find their partitions by themselves, as far back as there is anything', () => {
    template.hasResourceProperties('AWS::Glue::Table', {
      DatabaseName: Match.anyValue(),
      TableInput: {
        Name: 'logs',
        Parameters: Match.objectLike({ 'projection.enabled': 'true', 'projection.dt.range': 'NOW-365DAYS,NOW+1DAYS' }),
        StorageDescriptor: { SerdeInfo: { SerializationLibrary: 'org.openx.data.jsonserde.JsonSerDe' } },
      },
    });
  });

  test.each([
    ['dev', 'dev_logs'],
    ['Shop-EU_1', 'shop_eu_1_logs'],
  ])('the database of %s is %s', (platform, name) => {
    expect(databaseName(platform)).toBe(name);
  });

  test('sample queries name a day: Athena charges by what it scans', () => {
    const queries = Object.values(sampleQueries('dev_logs'));
    template.resourceCountIs('AWS::Athena::NamedQuery', queries.length);
    for (const { sql } of queries) expect(sql).toMatch(/WHERE dt >?= CAST/);
    template.hasResourceProperties('AWS::Athena::WorkGroup', {
      WorkGroupConfiguration: { EnforceWorkGroupConfiguration: true, BytesScannedCutoffPerQuery: 100 * 1024 ** 3 },
    });
  });
});

test('the cost model counts what CloudWatch charges the alarms for: each metric one looks at', () => {
  const watched = (of: Template): number =>
    Object.values(of.findResources('AWS::CloudWatch::Alarm')).reduce((sum, { Properties }) => {
      const { Metrics = [{ MetricStat: {} }] } = Properties as { Metrics?: readonly object[] };
      return sum + Metrics.filter((metric) => 'MetricStat' in metric).length;
    }, 0);
  expect(watched(template)).toBe(ASSUMED.alarmMetrics);
  const archived = pipeline({ archive: 'dropped-too' }).template;
  expect(watched(archived)).toBe(ASSUMED.alarmMetrics + ASSUMED.archiveAlarmMetrics);
});

test.each([ASSUMED.coldDays - 1, ASSUMED.coldDays])('the cost model has an archive of %d days in its class', (days) => {
  const { template: archived } = pipeline({ archive: 'dropped-too', archiveRetentionDays: days });
  const buckets = JSON.stringify(archived.findResources('AWS::S3::Bucket'));
  expect(buckets.includes('GLACIER_IR')).toBe(days >= ASSUMED.coldDays);
});

test('settings with mistakes throw all of them and make nothing', () => {
  expect(() => pipeline({ hotRetentionDays: 31, gradualMinutes: 5 })).toThrow(
    /^Theirs\/Logs is not valid:\n {2}`hotRetentionDays` .*\n {2}`gradualMinutes` /,
  );
});
