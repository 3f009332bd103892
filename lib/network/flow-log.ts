import * as cdk from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { FlowLogSettings } from './network-settings';

/** Records a VPC's traffic. What is recorded outlives the stack unless told otherwise. */
export function addFlowLog(scope: Construct, vpc: ec2.IVpc, settings: FlowLogSettings, retain: boolean): void {
  const removalPolicy = retain ? cdk.RemovalPolicy.RETAIN : cdk.RemovalPolicy.DESTROY;
  const days = settings.retentionDays ?? 30;
  const destination =
    settings.destination === 's3'
      ? ec2.FlowLogDestination.toS3(bucketFor(scope, days, removalPolicy))
      : ec2.FlowLogDestination.toCloudWatchLogs(
          new logs.LogGroup(scope, 'FlowLogGroup', { retention: days, removalPolicy }),
        );
  new ec2.FlowLog(scope, 'FlowLog', {
    resourceType: ec2.FlowLogResourceType.fromVpc(vpc),
    destination,
    trafficType: ec2.FlowLogTrafficType[settings.traffic ?? 'ALL'],
    maxAggregationInterval:
      settings.intervalSeconds === 60
        ? ec2.FlowLogMaxAggregationInterval.ONE_MINUTE
        : ec2.FlowLogMaxAggregationInterval.TEN_MINUTES,
  });
}

/** A bucket that expires what it holds. A bucket that holds something cannot be deleted with its stack. */
function bucketFor(scope: Construct, days: number, removalPolicy: cdk.RemovalPolicy): s3.Bucket {
  return new s3.Bucket(scope, 'FlowLogBucket', {
    encryption: s3.BucketEncryption.S3_MANAGED,
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    enforceSSL: true,
    lifecycleRules: [
      { expiration: cdk.Duration.days(days), abortIncompleteMultipartUploadAfter: cdk.Duration.days(7) },
    ],
    removalPolicy,
  });
}
