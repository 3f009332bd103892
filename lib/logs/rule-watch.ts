import * as path from 'node:path';
import * as cdk from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { bundledCode } from '../bundle';
import { streamName } from './deployed';
import type { RuleStore } from './rule-store';
import type { WatchEvent } from './watch';

/** Properties of {@link RuleWatch}. */
export interface RuleWatchProps {
  /** The platform's name. */
  readonly platform: string;
  /** Where the rules are. */
  readonly rules: RuleStore;
}

/**
 * Looks once a day for rules that have matched nothing for a month, and counts them in the metric `IdleRules`. An alarm
 * cannot: it looks back a week at most, and a rule that never fires has no metric.
 */
export class RuleWatch extends Construct {
  /** The function that looks. */
  readonly function: lambda.Function;

  constructor(scope: Construct, id: string, { platform, rules }: RuleWatchProps) {
    super(scope, id);
    const own = new logs.LogGroup(this, 'Logs', {
      retention: logs.RetentionDays.ONE_MONTH,
      removalPolicy: cdk.RemovalPolicy.DESTROY,
    });
    const { applicationId, environmentId, profileId } = rules;
    const inApplication = (resourceName: string): string =>
      cdk.Stack.of(this).formatArn({
        service: 'appconfig',
        resource: 'application',
        resourceName: `${applicationId}/${resourceName}`,
      });
    const role = new iam.Role(this, 'Role', {
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
      inlinePolicies: {
        Watch: new iam.PolicyDocument({
          statements: [
            new iam.PolicyStatement({
              actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
              resources: [own.logGroupArn],
            }),
            new iam.PolicyStatement({
              actions: ['appconfig:ListDeployments', 'appconfig:GetHostedConfigurationVersion'],
              resources: [
                cdk.Stack.of(this).formatArn({
                  service: 'appconfig',
                  resource: 'application',
                  resourceName: applicationId,
                }),
                inApplication(`environment/${environmentId}`),
                inApplication(`configurationprofile/${profileId}`),
                inApplication(`configurationprofile/${profileId}/hostedconfigurationversion/*`),
              ],
            }),
            // CloudWatch knows no narrower resource for this
            new iam.PolicyStatement({ actions: ['cloudwatch:GetMetricData'], resources: ['*'] }),
          ],
        }),
      },
    });
    this.function = new lambda.Function(this, 'Resource', {
      description: `Counts the log rules of ${platform} that have matched nothing for a month`,
      runtime: lambda.Runtime.NODEJS_22_X,
      architecture: lambda.Architecture.ARM_64,
      handler: 'index.handler',
      code: bundledCode(path.join(__dirname, 'watch'), { minify: true }),
      role,
      memorySize: 256,
      timeout: cdk.Duration.minutes(1),
      logGroup: own,
    });
    const input: WatchEvent = {
      stream: streamName(platform),
      application: applicationId,
      environment: environmentId,
      profile: profileId,
    };
    new events.Rule(this, 'Daily', {
      description: `Looks for log rules of ${platform} that match nothing`,
      schedule: events.Schedule.rate(cdk.Duration.days(1)),
      targets: [new targets.LambdaFunction(this.function, { event: events.RuleTargetInput.fromObject(input) })],
    });
  }
}
