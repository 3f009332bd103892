import * as cdk from 'aws-cdk-lib';
import { CfnNamedQuery, CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import { CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { PREFIXES, streamName } from './deployed';
import { sampleQueries } from './sample-queries';

/** Properties of {@link LogTables}. */
export interface LogTablesProps {
  /** The platform's name. */
  readonly platform: string;
  /** Where the records are. */
  readonly bucket: s3.IBucket;
  /** Days they stay: there is nothing to look for before. */
  readonly retentionDays: number;
}

/**
 * The columns of a line. Agents send what a container wrote as a text in `log`; a field of JSON in it is
 * `json_extract_scalar(log, '$.trace')`. `message` and `level` are for senders that have fields of their own.
 */
export const LOG_COLUMNS: Readonly<Record<string, string>> = {
  time: 'string',
  stream: 'string',
  log: 'string',
  message: 'string',
  level: 'string',
  kubernetes:
    'struct<namespace_name:string,pod_name:string,container_name:string,container_image:string,host:string,labels:map<string,string>>',
  raw: 'string',
  error: 'string',
};

/** The columns of an envelope. */
export const UNPARSED_COLUMNS: Readonly<Record<string, string>> = {
  raw: 'string',
  error: 'string',
  base64: 'string',
};

/** Gibibytes one query may scan: a slip such as a missing day ends before it costs more than half a dollar. */
const MOST_SCANNED = 100;

/** The name of a platform's database: Athena takes no hyphens. */
export function databaseName(platform: string): string {
  return `${platform.toLowerCase().replace(/[^a-z0-9]/g, '_')}_logs`;
}

/** Tables over the bucket, a workgroup to query them in, and queries to begin with. */
export class LogTables extends Construct {
  /** Name of the database. */
  readonly database: string;
  /** Name of the workgroup. */
  readonly workgroup: string;

  constructor(scope: Construct, id: string, props: LogTablesProps) {
    super(scope, id);
    const { platform, bucket, retentionDays } = props;
    const catalogId = cdk.Stack.of(this).account;
    const database = new CfnDatabase(this, 'Database', {
      catalogId,
      databaseInput: { name: databaseName(platform), description: `Logs of ${platform}` },
    });
    this.database = database.ref;
    const tables = { logs: LOG_COLUMNS, unparsed: UNPARSED_COLUMNS };
    for (const [name, columns] of Object.entries(tables) as [keyof typeof tables, Record<string, string>][]) {
      new CfnTable(this, name, {
        catalogId,
        databaseName: database.ref,
        tableInput: {
          name,
          tableType: 'EXTERNAL_TABLE',
          // partitions follow from their names: nothing has to be told of a new hour
          parameters: {
            classification: 'json',
            'projection.enabled': 'true',
            'projection.dt.type': 'date',
            'projection.dt.format': 'yyyy-MM-dd',
            'projection.dt.range': `NOW-${retentionDays}DAYS,NOW+1DAYS`,
            'projection.dt.interval': '1',
            'projection.dt.interval.unit': 'DAYS',
            'projection.hour.type': 'integer',
            'projection.hour.range': '0,23',
            'projection.hour.digits': '2',
            'storage.location.template': `s3://${bucket.bucketName}/${PREFIXES[name]}dt=\${dt}/hour=\${hour}/`,
          },
          partitionKeys: [
            { name: 'dt', type: 'string' },
            { name: 'hour', type: 'string' },
          ],
          storageDescriptor: {
            columns: Object.entries(columns).map(([column, type]) => ({ name: column, type })),
            location: `s3://${bucket.bucketName}/${PREFIXES[name]}`,
            inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
            outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
            serdeInfo: {
              serializationLibrary: 'org.openx.data.jsonserde.JsonSerDe',
              // a line that breaks the table's types must not break the query of all others
              parameters: { 'ignore.malformed.json': 'true', 'case.insensitive': 'true' },
            },
          },
        },
      });
    }
    const workgroup = new CfnWorkGroup(this, 'Workgroup', {
      name: streamName(platform),
      recursiveDeleteOption: true,
      workGroupConfiguration: {
        enforceWorkGroupConfiguration: true,
        publishCloudWatchMetricsEnabled: false,
        bytesScannedCutoffPerQuery: MOST_SCANNED * 1024 ** 3,
        resultConfiguration: {
          outputLocation: `s3://${bucket.bucketName}/${PREFIXES.results}`,
          encryptionConfiguration: { encryptionOption: 'SSE_S3' },
        },
      },
    });
    this.workgroup = workgroup.ref;
    for (const [name, { description, sql }] of Object.entries(sampleQueries(databaseName(platform)))) {
      new CfnNamedQuery(this, `query-${name}`, {
        name,
        description,
        database: database.ref,
        workGroup: workgroup.ref,
        queryString: sql,
      });
    }
  }
}
