import * as cdk from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { archiveErrorsName, PREFIXES, streamName, unparsedStreamName } from './deployed';

/** Properties of {@link LogDelivery}. */
export interface LogDeliveryProps {
  /** The platform's name, of which the streams have theirs. */
  readonly platform: string;
  /** Where records go. */
  readonly bucket: s3.IBucket;
  /**
   * Where the unfiltered stream goes as well. Firehose can begin with that later, and never end it.
   *
   * @default - nowhere
   */
  readonly archive?: s3.IBucket;
  /** The function that applies the rules. */
  readonly filter: lambda.IFunction;
  /** Seconds Firehose collects before it writes an object. */
  readonly bufferSeconds: number;
  /** Megabytes it collects before it writes an object. */
  readonly bufferMegabytes: number;
}

/**
 * What the function is handed: as much as fits its 6 MB once it is base64, after at most a minute; three more attempts
 * before Firehose gives a batch up.
 */
export const BATCH = { megabytes: 3, seconds: 60, retries: 3 } as const;

const BY_HOUR = 'dt=!{timestamp:yyyy-MM-dd}/hour=!{timestamp:HH}/';

/** Both streams: that of the agents, through the filter function, and that of what it could not parse. */
export class LogDelivery extends Construct {
  /** The stream the agents send to. */
  readonly stream: CfnDeliveryStream;
  private readonly role: iam.Role;
  private readonly errors: logs.LogGroup;
  private readonly ready: Construct[] = [];

  constructor(scope: Construct, id: string, props: LogDeliveryProps) {
    super(scope, id);
    const { platform, bucket, archive, filter, bufferSeconds, bufferMegabytes } = props;
    this.role = new iam.Role(this, 'Role', {
      assumedBy: new iam.ServicePrincipal('firehose.amazonaws.com', {
        // as the L2 of an HTTP endpoint has it (aws-cdk-lib 2.275.0)
        conditions: { StringEquals: { 'aws:SourceAccount': cdk.Stack.of(this).account } },
      }),
    });
    this.errors = new logs.LogGroup(this, 'Errors', {
      retention: logs.RetentionDays.ONE_MONTH,
      removalPolicy: cdk.RemovalPolicy.DESTROY,
    });
    this.ready.push(
      new iam.Policy(this, 'Policy', {
        roles: [this.role],
        statements: [
          ...[bucket, ...(archive === undefined ? [] : [archive])].map(mayWrite),
          new iam.PolicyStatement({
            actions: ['lambda:InvokeFunction', 'lambda:GetFunctionConfiguration'],
            resources: [filter.functionArn, `${filter.functionArn}:*`],
          }),
          new iam.PolicyStatement({ actions: ['logs:PutLogEvents'], resources: [this.errors.logGroupArn] }),
        ],
      }),
    );

    const buffering = { intervalInSeconds: bufferSeconds, sizeInMBs: bufferMegabytes };
    this.stream = this.deliveryStream('Stream', streamName(platform), {
      ...this.destination(bucket, PREFIXES.logs, buffering, this.errorStream('StreamErrors', streamName(platform))),
      processingConfiguration: { enabled: true, processors: [this.processor(filter)] },
      ...(archive === undefined
        ? {}
        : {
            s3BackupMode: 'Enabled',
            s3BackupConfiguration: this.destination(
              archive,
              '',
              { intervalInSeconds: 900, sizeInMBs: 128 },
              this.errorStream('ArchiveErrors', archiveErrorsName(platform)),
            ),
          }),
    });
    this.deliveryStream(
      'Unparsed',
      unparsedStreamName(platform),
      this.destination(
        bucket,
        PREFIXES.unparsed,
        buffering,
        this.errorStream('UnparsedErrors', unparsedStreamName(platform)),
      ),
    );
  }

  // the L2 would let the streams delete what they wrote
  private deliveryStream(
    id: string,
    deliveryStreamName: string,
    extendedS3DestinationConfiguration: CfnDeliveryStream.ExtendedS3DestinationConfigurationProperty,
  ): CfnDeliveryStream {
    const stream = new CfnDeliveryStream(this, id, {
      deliveryStreamName,
      deliveryStreamType: 'DirectPut',
      deliveryStreamEncryptionConfigurationInput: { keyType: 'AWS_OWNED_CMK' },
      extendedS3DestinationConfiguration,
    });
    stream.node.addDependency(...this.ready); // Firehose tries its role at once
    return stream;
  }

  private errorStream(id: string, logStreamName: string): logs.LogStream {
    const removalPolicy = cdk.RemovalPolicy.DESTROY;
    return new logs.LogStream(this, id, { logGroup: this.errors, logStreamName, removalPolicy });
  }

  private destination(
    bucket: s3.IBucket,
    prefix: string,
    bufferingHints: CfnDeliveryStream.BufferingHintsProperty,
    { logStreamName }: logs.LogStream,
  ): CfnDeliveryStream.ExtendedS3DestinationConfigurationProperty {
    return {
      bucketArn: bucket.bucketArn,
      roleArn: this.role.roleArn,
      prefix: `${prefix}${BY_HOUR}`,
      errorOutputPrefix: `${PREFIXES.failed}!{firehose:error-output-type}/${BY_HOUR}`,
      compressionFormat: 'GZIP',
      bufferingHints,
      cloudWatchLoggingOptions: { enabled: true, logGroupName: this.errors.logGroupName, logStreamName },
    };
  }

  private processor({ functionArn }: lambda.IFunction): CfnDeliveryStream.ProcessorProperty {
    const parameters: Readonly<Record<string, string>> = {
      LambdaArn: functionArn,
      RoleArn: this.role.roleArn,
      BufferSizeInMBs: String(BATCH.megabytes),
      BufferIntervalInSeconds: String(BATCH.seconds),
      NumberOfRetries: String(BATCH.retries),
    };
    return {
      type: 'Lambda',
      parameters: Object.entries(parameters).map(([parameterName, parameterValue]) => ({
        parameterName,
        parameterValue,
      })),
    };
  }
}

/** @see https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#using-iam-s3 (2026-11) */
function mayWrite({ bucketArn }: s3.IBucket): iam.PolicyStatement {
  return new iam.PolicyStatement({
    actions: [
      's3:AbortMultipartUpload',
      's3:GetBucketLocation',
      's3:GetObject',
      's3:ListBucket',
      's3:ListBucketMultipartUploads',
      's3:PutObject',
    ],
    resources: [bucketArn, `${bucketArn}/*`],
  });
}
