import * as path from 'node:path';
import * as cdk from 'aws-cdk-lib';
import {
  CfnApplication,
  CfnConfigurationProfile,
  CfnDeploymentStrategy,
  CfnEnvironment,
} from 'aws-cdk-lib/aws-appconfig';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { bundledCode } from '../bundle';
import { streamName } from './deployed';
import schema from './rules/log-rules.schema.json';

/** Properties of {@link RuleStore}. */
export interface RuleStoreProps {
  /** The platform's name. */
  readonly platform: string;
  /** Alarms that bring the old rules back while new ones are rolled out and watched; at most five. */
  readonly rollbackAlarms: readonly cloudwatch.IAlarm[];
  /** Minutes new rules are watched once they are out. */
  readonly bakeMinutes: number;
  /**
   * Minutes a gradual rollout takes.
   *
   * @default - all at once
   */
  readonly gradualMinutes?: number;
  /** What becomes of the rules and their history when the stack is deleted. */
  readonly removalPolicy: cdk.RemovalPolicy;
}

/** Percent of the function's environments that a gradual rollout adds at each step. */
const GRADUAL_STEP = 20;

/**
 * Where the rules are kept, checked and rolled out: AppConfig. It holds no rules when it is made; `hajime logs push`
 * brings them, so that a change of rules is no deploy.
 */
export class RuleStore extends Construct {
  /** Id of the application. */
  readonly applicationId: string;
  /** Id of the environment. */
  readonly environmentId: string;
  /** Id of the profile the rules are versions of. */
  readonly profileId: string;
  /** Id of the strategy that changes everything at once. */
  readonly allAtOnceId: string;
  /** Id of the strategy a push takes. */
  readonly strategyId: string;
  /** What the function that reads the rules may read. */
  readonly configurationArn: string;

  constructor(scope: Construct, id: string, props: RuleStoreProps) {
    super(scope, id);
    const { platform, bakeMinutes, gradualMinutes } = props;
    // the L2 of a hosted configuration wants its content, and so a deploy for every change of rules
    const application = new CfnApplication(this, 'Application', {
      name: streamName(platform),
      description: `Log rules of ${platform}`,
    });
    const environment = new CfnEnvironment(this, 'Environment', {
      applicationId: application.ref,
      name: platform,
      monitors: this.monitors(props.rollbackAlarms),
    });
    const validator = this.validator(platform);
    const profile = new CfnConfigurationProfile(this, 'Rules', {
      applicationId: application.ref,
      name: 'rules',
      locationUri: 'hosted',
      type: 'AWS.Freeform',
      validators: [
        { type: 'JSON_SCHEMA', content: JSON.stringify(schema) },
        { type: 'LAMBDA', content: validator.functionArn },
      ],
    });
    // AppConfig deletes no profile that has versions, and no application that has a profile
    for (const kept of [application, profile]) kept.applyRemovalPolicy(props.removalPolicy);
    this.applicationId = application.ref;
    this.environmentId = environment.attrEnvironmentId;
    this.profileId = profile.attrConfigurationProfileId;
    this.allAtOnceId = new CfnDeploymentStrategy(this, 'AllAtOnce', {
      name: `${streamName(platform)}-all-at-once`,
      deploymentDurationInMinutes: 0,
      growthFactor: 100,
      finalBakeTimeInMinutes: bakeMinutes,
      replicateTo: 'NONE',
    }).attrId;
    this.strategyId =
      gradualMinutes === undefined
        ? this.allAtOnceId
        : new CfnDeploymentStrategy(this, 'Gradual', {
            name: `${streamName(platform)}-gradual`,
            description: 'While it runs both rule sets decide',
            deploymentDurationInMinutes: gradualMinutes,
            growthFactor: GRADUAL_STEP,
            growthType: 'LINEAR',
            finalBakeTimeInMinutes: bakeMinutes,
            replicateTo: 'NONE',
          }).attrId;
    this.configurationArn = cdk.Stack.of(this).formatArn({
      service: 'appconfig',
      resource: 'application',
      resourceName: `${this.applicationId}/environment/${this.environmentId}/configuration/${this.profileId}`,
    });
  }

  private monitors(alarms: readonly cloudwatch.IAlarm[]): CfnEnvironment.MonitorsProperty[] {
    const role = new iam.Role(this, 'MonitorRole', {
      // without a condition, as AWS documents it: whether AppConfig tells for which account it acts is said nowhere
      assumedBy: new iam.ServicePrincipal('appconfig.amazonaws.com'),
      inlinePolicies: {
        Alarms: new iam.PolicyDocument({
          statements: [
            // only alarms on other alarms need *. @see https://github.com/aws/aws-cdk/pull/29171
            new iam.PolicyStatement({
              actions: ['cloudwatch:DescribeAlarms'],
              resources: alarms.map(({ alarmArn }) => alarmArn),
            }),
          ],
        }),
      },
    });
    return alarms.map(({ alarmArn }) => ({ alarmArn, alarmRoleArn: role.roleArn }));
  }

  /** The full check, which a schema cannot express. */
  private validator(platform: string): lambda.Function {
    const own = new logs.LogGroup(this, 'ValidatorLogs', {
      retention: logs.RetentionDays.ONE_MONTH,
      removalPolicy: cdk.RemovalPolicy.DESTROY,
    });
    const role = new iam.Role(this, 'ValidatorRole', {
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
      inlinePolicies: {
        Logs: new iam.PolicyDocument({
          statements: [
            new iam.PolicyStatement({
              actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
              resources: [own.logGroupArn],
            }),
          ],
        }),
      },
    });
    const validator = new lambda.Function(this, 'Validator', {
      description: `Checks log rules of ${platform} and runs their tests before they are rolled out`,
      runtime: lambda.Runtime.NODEJS_22_X,
      architecture: lambda.Architecture.ARM_64,
      handler: 'index.handler',
      code: bundledCode(path.join(__dirname, 'validator'), { minify: true }),
      role,
      memorySize: 1769, // one processor: as many rules as there may be are made ready within seconds
      timeout: cdk.Duration.seconds(15), // AppConfig waits no longer
      logGroup: own,
    });
    // whoever asks, as AWS documents it: if AppConfig does not tell for which account it acts, a condition on it would
    // refuse every push. It only checks what it is handed, and reads nothing
    validator.addPermission('AppConfig', { principal: new iam.ServicePrincipal('appconfig.amazonaws.com') });
    return validator;
  }
}
