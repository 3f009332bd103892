import * as cdk from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { PREFIXES } from './deployed';

/** Properties of {@link LogBuckets}. */
export interface LogBucketsProps {
  /** Days kept, unparsed and failed records stay. */
  readonly retentionDays: number;
  /**
   * Days the unfiltered stream stays in a bucket of its own.
   *
   * @default - there is no archive
   */
  readonly archiveRetentionDays?: number;
  /** What becomes of the buckets when the stack is deleted. One that holds something cannot be deleted with it. */
  readonly removalPolicy: cdk.RemovalPolicy;
}

/** Days S3 charges for at least in its cold class of instant retrieval; what goes sooner is not worth moving. */
const COLD_DAYS = 90;

/** Where log lines are stored: the bucket that is queried, and the cold archive of everything. */
export class LogBuckets extends Construct {
  /** Kept, unparsed and failed records, and Athena's results. */
  readonly bucket: s3.Bucket;
  /** The unfiltered stream. */
  readonly archive: s3.Bucket | undefined;

  constructor(scope: Construct, id: string, props: LogBucketsProps) {
    super(scope, id);
    const common: s3.BucketProps = {
      encryption: s3.BucketEncryption.S3_MANAGED,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      removalPolicy: props.removalPolicy,
    };
    const unfinished = { abortIncompleteMultipartUploadAfter: cdk.Duration.days(7) };
    const stay = cdk.Duration.days(props.retentionDays);
    this.bucket = new s3.Bucket(this, 'Resource', {
      ...common,
      lifecycleRules: [
        { id: 'kept', prefix: PREFIXES.logs, expiration: stay },
        { id: 'unparsed', prefix: PREFIXES.unparsed, expiration: stay },
        { id: 'failed', prefix: PREFIXES.failed, expiration: stay },
        { id: 'results', prefix: PREFIXES.results, expiration: cdk.Duration.days(7) },
        { id: 'unfinished', ...unfinished },
      ],
    });
    // the L2's eventBridgeEnabled makes a custom resource
    (this.bucket.node.defaultChild as s3.CfnBucket).notificationConfiguration = {
      eventBridgeConfiguration: { eventBridgeEnabled: true },
    };
    const { archiveRetentionDays: archived } = props;
    if (archived === undefined) return;
    this.archive = new s3.Bucket(this, 'Archive', {
      ...common,
      lifecycleRules: [
        {
          id: 'archived',
          expiration: cdk.Duration.days(archived),
          transitions:
            archived < COLD_DAYS
              ? undefined
              : [{ storageClass: s3.StorageClass.GLACIER_INSTANT_RETRIEVAL, transitionAfter: cdk.Duration.days(0) }],
          ...unfinished,
        },
      ],
    });
  }
}
