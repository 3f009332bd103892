import * as path from 'node:path';
import * as cdk from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { bundledCode } from '../bundle';
import { FILTER_VARIABLES, streamName, unparsedStreamName } from './deployed';
import type { RuleStore } from './rule-store';

/** Properties of {@link FilterFunction}. */
export interface FilterFunctionProps {
  /** The platform's name. */
  readonly platform: string;
  /** Where the rules are. */
  readonly rules: RuleStore;
  /** Days the hot copy stays. */
  readonly hotRetentionDays: number;
  /** What becomes of the hot copy when the stack is deleted. */
  readonly removalPolicy: cdk.RemovalPolicy;
}

/** The function that applies the rules to every batch, and the log group of what they also want in CloudWatch Logs. */
export class FilterFunction extends Construct {
  /** The function. */
  readonly function: lambda.Function;
  /** The hot copy. */
  readonly hotGroup: logs.LogGroup;

  constructor(scope: Construct, id: string, props: FilterFunctionProps) {
    super(scope, id);
    const { platform, rules } = props;
    this.hotGroup = new logs.LogGroup(this, 'HotCopy', {
      retention: props.hotRetentionDays,
      removalPolicy: props.removalPolicy,
    });
    const own = new logs.LogGroup(this, 'Logs', {
      retention: logs.RetentionDays.ONE_MONTH,
      removalPolicy: cdk.RemovalPolicy.DESTROY,
    });
    const role = new iam.Role(this, 'Role', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
    const policy = new iam.Policy(this, 'Policy', {
      roles: [role],
      statements: [
        new iam.PolicyStatement({
          actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          resources: [own.logGroupArn, this.hotGroup.logGroupArn],
        }),
        new iam.PolicyStatement({
          actions: ['firehose:PutRecordBatch'],
          // by name: the streams need the function to be there first
          resources: [streamName(platform), unparsedStreamName(platform)].map((resourceName) =>
            cdk.Stack.of(this).formatArn({ service: 'firehose', resource: 'deliverystream', resourceName }),
          ),
        }),
        new iam.PolicyStatement({
          actions: ['appconfig:StartConfigurationSession', 'appconfig:GetLatestConfiguration'],
          resources: [rules.configurationArn],
        }),
      ],
    });
    this.function = new lambda.Function(this, 'Resource', {
      description: `Applies the log rules of ${platform} to what its agents send`,
      runtime: lambda.Runtime.NODEJS_22_X,
      architecture: lambda.Architecture.ARM_64,
      handler: 'index.handler',
      code: bundledCode(path.join(__dirname, 'filter'), { minify: true }),
      role,
      // a batch takes milliseconds and a fifth of it; the rest is processor time, which comes with memory
      memorySize: 1024,
      timeout: cdk.Duration.minutes(1),
      logGroup: own,
      environment: {
        [FILTER_VARIABLES.stream]: streamName(platform),
        [FILTER_VARIABLES.unparsedStream]: unparsedStreamName(platform),
        [FILTER_VARIABLES.platform]: platform,
        [FILTER_VARIABLES.application]: rules.applicationId,
        [FILTER_VARIABLES.environment]: rules.environmentId,
        [FILTER_VARIABLES.profile]: rules.profileId,
        [FILTER_VARIABLES.hotGroup]: this.hotGroup.logGroupName,
      },
    });
    this.function.node.addDependency(policy); // its first batch must find its rights
  }
}
