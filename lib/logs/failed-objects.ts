import * as cdk from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { failedLogName, PREFIXES } from './deployed';

/** Properties of {@link FailedObjects}. */
export interface FailedObjectsProps {
  /** The platform's name. */
  readonly platform: string;
  /** Where Firehose writes; it tells EventBridge of its objects. */
  readonly bucket: s3.IBucket;
}

/**
 * Counts what Firehose wrote under `failed/`, and keeps a log of it. By event: S3's request metrics cost as many metrics as
 * there are kinds of requests, and may count the tags a replay puts on objects, which are events of another kind. The
 * metric is best effort as theirs are; the log has each event at least once.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/EventBridge.html
 */
export class FailedObjects extends Construct {
  /** How many objects there were, in five minutes. */
  readonly metric: cloudwatch.Metric;

  constructor(scope: Construct, id: string, { platform, bucket }: FailedObjectsProps) {
    super(scope, id);
    const arn = cdk.Stack.of(this).formatArn({
      service: 'logs',
      resource: 'log-group',
      resourceName: failedLogName(platform),
      arnFormat: cdk.ArnFormat.COLON_RESOURCE_NAME,
    });
    // the L2 has no policy of a group's own: it makes one of the ten that a region has for all of them
    const log = new logs.CfnLogGroup(this, 'Log', {
      logGroupName: failedLogName(platform), // its policy names it
      retentionInDays: logs.RetentionDays.ONE_MONTH,
      resourcePolicyDocument: new iam.PolicyDocument({
        statements: [
          new iam.PolicyStatement({
            principals: ['events.amazonaws.com', 'delivery.logs.amazonaws.com'].map(
              (service) => new iam.ServicePrincipal(service),
            ),
            actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
            resources: [`${arn}:*`],
          }),
        ],
      }),
    });
    log.applyRemovalPolicy(cdk.RemovalPolicy.DESTROY);
    const rule = new events.Rule(this, 'Rule', {
      description: `Notices what Firehose gave up on of the logs of ${platform}`,
      eventPattern: {
        source: ['aws.s3'],
        detailType: ['Object Created'],
        detail: {
          bucket: { name: [bucket.bucketName] },
          object: { key: events.Match.prefix(PREFIXES.failed) },
        },
      },
      // the L2's target makes the policy with a custom resource
      targets: [{ bind: () => ({ arn }) }],
    });
    this.metric = new cloudwatch.Metric({
      namespace: 'AWS/Events',
      metricName: 'MatchedEvents',
      dimensionsMap: { RuleName: rule.ruleName },
      statistic: 'Sum',
      period: cdk.Duration.minutes(5),
    });
  }
}
