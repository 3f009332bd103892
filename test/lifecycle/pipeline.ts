import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { gunzipSync } from 'node:zlib';
import {
  CloudFormationClient,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import { DeleteObjectCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { LOG_COLUMNS, UNPARSED_COLUMNS } from '../../lib/logs/log-tables';
import { FILTER_VARIABLES, PREFIXES, streamName, unparsedStreamName } from '../../lib/logs/deployed';
import { sampleQueries } from '../../lib/logs/sample-queries';
import type { PlatformConfig } from '../../lib/platform-config';
import { Run } from '../../sandbox/interrupt';
import { ROOT } from '../../sandbox/places';
import { pythonEnvironment } from '../../sandbox/python';
import { callAws } from './inventory';
import { idsIn } from './log-line';
import type { World } from './world';

/** What the local Firehose counted of a stream. */
export interface Counts {
  readonly accepted: number;
  readonly refused: number;
  readonly batches: number;
  readonly attempts: number;
  readonly kept: number;
  readonly dropped: number;
  readonly failed: number;
  readonly codes: Readonly<Record<string, number>>;
  readonly idle: boolean;
}

/** One object of the bucket. */
export interface StoredObject {
  readonly key: string;
  /** As it is stored. */
  readonly data: Buffer;
  /** What is in it. */
  readonly text: string;
}

/** A platform's pipeline on a local AWS, from the side of those who put lines in and look for them. */
export class Pipeline {
  private constructor(
    readonly world: World,
    readonly platform: string,
    readonly outputs: Readonly<Record<string, string>>,
    private readonly firehose: FirehoseClient,
    private readonly s3: S3Client,
    private readonly logs: CloudWatchLogsClient,
  ) {}

  /** Finds what is deployed. */
  static async of(world: World, platform: string, config: PlatformConfig): Promise<Pipeline> {
    const { client } = await world.cdk(config);
    const { Stacks = [] } = await new CloudFormationClient(client).send(
      new DescribeStacksCommand({ StackName: `${platform}-Logs` }),
    );
    const outputs = (Stacks[0]?.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]);
    return new Pipeline(
      world,
      platform,
      Object.fromEntries(outputs) as Record<string, string>,
      new FirehoseClient(client),
      new S3Client({ ...client, forcePathStyle: true }),
      new CloudWatchLogsClient(client),
    );
  }

  /**
   * Puts records in as an agent does: at most 500 and 4 MB at a time, what was refused again. How often it had to is the
   * answer; a request without an answer is sent again whole, which makes duplicates.
   */
  async send(records: readonly Buffer[]): Promise<number> {
    let again = 0;
    for (const batch of batches(records)) {
      for (let left = batch; left.length > 0; again++) {
        const answer = await this.firehose
          .send(
            new PutRecordBatchCommand({
              DeliveryStreamName: streamName(this.platform),
              Records: left.map((Data) => ({ Data })),
            }),
          )
          .catch((error: unknown) => {
            if (error instanceof Error && error.name === 'InvalidArgumentException') throw error;
            return undefined;
          });
        if (answer === undefined) continue;
        left = left.filter((_, index) => answer.RequestResponses?.[index]?.ErrorCode !== undefined);
        if (left.length === 0) again--;
      }
    }
    return again;
  }

  /** Does now what would be done in time, until nothing is under way. */
  async flush(): Promise<{ readonly main: Counts; readonly unparsed: Counts }> {
    const [main, unparsed] = [streamName(this.platform), unparsedStreamName(this.platform)];
    const counts = await this.world.control<Record<string, Counts>>('POST', 'firehose', [main, unparsed]);
    return { main: counts[main] as Counts, unparsed: counts[unparsed] as Counts };
  }

  /**
   * Makes the filter function look at its rules at every batch, and give up after a few seconds what it would try for
   * most of a minute: the time of a function cannot be made to run faster.
   */
  async hurry(config: PlatformConfig): Promise<void> {
    const cdk = await this.world.cdk(config);
    const { StackResources = [] } = await new CloudFormationClient(cdk.client).send(
      new DescribeStackResourcesCommand({ StackName: `${this.platform}-Logs` }),
    );
    const name = StackResources.find(({ LogicalResourceId }) =>
      /^LogsFilter[0-9A-F]{8}$/.test(LogicalResourceId ?? ''),
    );
    const path = `/2015-03-31/functions/${name?.PhysicalResourceId}/configuration`;
    const settings = await callAws(cdk, 'lambda', { method: 'GET', path });
    const { Variables } = settings.Environment as { Variables: Record<string, string> };
    const Environment = { Variables: { ...Variables, [FILTER_VARIABLES.pollSeconds]: '0' } };
    await callAws(cdk, 'lambda', { method: 'PUT', path, body: { Timeout: 6, Environment } });
    await this.world.control('PUT', 'speed', { firehose: 20, appconfig: 1000 });
  }

  /** Makes things go wrong from here on; nothing to make all well. */
  faults(faults: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    return this.world.control('PUT', 'faults', faults);
  }

  /** The objects under a prefix. */
  async objects(prefix: string, bucket = this.outputs.Bucket): Promise<StoredObject[]> {
    const found: StoredObject[] = [];
    let ContinuationToken: string | undefined;
    do {
      const answer = await this.s3.send(
        new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken }),
      );
      for (const { Key = '' } of answer.Contents ?? []) {
        const { Body } = await this.s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
        const data = Buffer.from((await Body?.transformToByteArray()) ?? []);
        const text = (data[0] === 0x1f && data[1] === 0x8b ? gunzipSync(data) : data).toString();
        found.push({ key: Key, data, text });
      }
      ContinuationToken = answer.NextContinuationToken;
    } while (ContinuationToken !== undefined);
    return found;
  }

  /** Deletes all objects of a bucket. */
  async empty(bucket?: string): Promise<void> {
    for (const { key } of await this.objects('', bucket))
      await this.s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
  }

  /** The lines the rules kept. */
  async kept(): Promise<string[]> {
    return linesOf(await this.objects(PREFIXES.logs));
  }

  /** The ids in what Firehose gave up on. */
  async failedIds(): Promise<string[]> {
    return linesOf(await this.objects(PREFIXES.failed)).flatMap((line) =>
      idsIn(Buffer.from((JSON.parse(line) as { rawData: string }).rawData, 'base64').toString()),
    );
  }

  /** The lines of the hot copy. */
  async hot(): Promise<string[]> {
    const found: string[] = [];
    let nextToken: string | undefined;
    do {
      const answer = await this.logs.send(
        new FilterLogEventsCommand({ logGroupName: this.outputs.HotGroup, nextToken }),
      );
      found.push(...(answer.events ?? []).map(({ message = '' }) => message));
      nextToken = answer.nextToken;
    } while (nextToken !== undefined);
    return found;
  }

  /** The rows of a sample query, carried out in DuckDB over the objects as they are now. */
  async query(name: string): Promise<Record<string, unknown>[]> {
    const database = this.outputs.Database ?? '';
    const folder = mkdtempSync(path.join(tmpdir(), 'athena-'));
    const tables = { logs: LOG_COLUMNS, unparsed: UNPARSED_COLUMNS } as const;
    try {
      for (const table of Object.keys(tables) as (keyof typeof tables)[])
        for (const { key, data } of await this.objects(PREFIXES[table])) {
          mkdirSync(path.join(folder, path.dirname(key)), { recursive: true });
          writeFileSync(path.join(folder, key), data);
        }
      const asked = {
        database,
        sql: sampleQueries(database)[name]?.sql,
        tables: Object.entries(tables).map(([table, columns]) => ({
          name: table,
          folder: path.join(folder, table),
          columns: Object.entries(columns).map(([Name, Type]) => ({ Name, Type })),
          partitions: [{ Name: 'dt' }, { Name: 'hour' }],
        })),
      };
      const python = await Run.of((run) => pythonEnvironment(run, () => undefined));
      const program = path.join(ROOT, 'sandbox', 'query.py');
      const { status, stdout, stderr } = spawnSync(python, [program], {
        input: JSON.stringify(asked),
        encoding: 'utf8',
      });
      if (status !== 0) throw new Error(stderr.slice(-2000));
      return JSON.parse(stdout) as Record<string, unknown>[];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  /** The command line, against this local AWS; a rule file's text comes on stdin. The output is what it says on both channels. */
  async hajime(
    args: readonly string[],
    input = '',
  ): Promise<{ readonly code: number; readonly output: string; readonly stdout: string }> {
    const child = spawn(process.execPath, ['bin/hajime.js', 'logs', ...args], { cwd: ROOT, env: process.env });
    let [output, stdout] = ['', ''];
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stdout.on('data', (text: string) => (stdout += text));
    child.stdin.end(input);
    const code = await new Promise<number>((resolve) => child.on('close', (status) => resolve(status ?? 1)));
    return { code, output, stdout };
  }
}

/** The lines of objects, in the order of their keys. */
export function linesOf(objects: readonly StoredObject[]): string[] {
  return objects.flatMap(({ text }) => text.split('\n').filter((line) => line !== ''));
}

function batches(records: readonly Buffer[]): Buffer[][] {
  const made: Buffer[][] = [];
  let size = Infinity;
  for (const record of records) {
    const last = made.at(-1);
    if (last === undefined || last.length === 500 || size + record.length > 4 * 1024 * 1024) {
      made.push([record]);
      size = record.length;
    } else {
      last.push(record);
      size += record.length;
    }
  }
  return made;
}
