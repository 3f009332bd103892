import type * as sdk from '@aws-sdk/client-s3';
import type { Readable } from 'node:stream';
import { Failure } from '../../sandbox/failure';
import type { Remedies } from '../refresh';
import { askingAws, type ClientSettings } from './aws';

/** An object of a bucket. */
export interface Stored {
  /** Its key. */
  readonly key: string;
  /** Its size, compressed as it is. */
  readonly bytes: number;
}

/** Marks of an object, by name. */
export type Marks = Readonly<Record<string, string | undefined>>;

/** Objects of S3, as the commands read and mark them. */
export interface Objects {
  /** The objects below a prefix, in the order of their keys, from a key on. */
  list(bucket: string, prefix: string, from?: string): AsyncGenerator<Stored>;
  /** The folders just below a prefix. */
  folders(bucket: string, prefix: string): Promise<string[]>;
  /** What is in an object. */
  read(bucket: string, key: string): Promise<Readable>;
  /** What an object is marked with. */
  marks(bucket: string, key: string): Promise<Readonly<Record<string, string>>>;
  /** Marks an object, in addition to what it is marked with; `undefined` takes a mark off. */
  mark(bucket: string, key: string, marks: Marks): Promise<void>;
}

const REMEDIES: Remedies = [
  [/NoSuchBucket/, 'There is no such bucket.'],
  [/NoSuchKey/, 'There is no such object.'],
  [/PermanentRedirect|IllegalLocationConstraint/, 'The bucket is in another region.'],
  [/cannot be greater than 10/, 'The object has ten tags, and no room for the mark of a replay: take some off.'],
  [/AccessDenied|Forbidden/, 'The credentials may not do this with the bucket.'],
];

/** S3 itself. */
export class S3Objects implements Objects {
  private readonly s3: typeof sdk;
  private readonly client: sdk.S3Client;

  constructor(settings: ClientSettings) {
    this.s3 = require('@aws-sdk/client-s3') as typeof sdk;
    const elsewhere = process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL;
    // stand-ins have no host name for every bucket
    const forcePathStyle = settings.endpoint !== undefined || elsewhere !== undefined;
    // a bucket that was named may be in any region
    this.client = new this.s3.S3Client({ ...settings, forcePathStyle, followRegionRedirects: !forcePathStyle });
  }

  async *list(bucket: string, prefix: string, from?: string): AsyncGenerator<Stored> {
    let token: string | undefined;
    do {
      const page: sdk.ListObjectsV2CommandOutput = await this.ask(() =>
        this.client.send(
          new this.s3.ListObjectsV2Command({
            Bucket: bucket,
            Prefix: prefix,
            ContinuationToken: token,
            // of what is named like the key itself, too
            StartAfter: token === undefined ? from : undefined,
          }),
        ),
      );
      for (const { Key, Size } of page.Contents ?? []) if (Key !== undefined) yield { key: Key, bytes: Size ?? 0 };
      token = page.NextContinuationToken;
    } while (token !== undefined);
  }

  async folders(bucket: string, prefix: string): Promise<string[]> {
    const page = await this.ask(() =>
      this.client.send(new this.s3.ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, Delimiter: '/' })),
    );
    return (page.CommonPrefixes ?? []).flatMap(({ Prefix }) => Prefix ?? []);
  }

  async read(bucket: string, key: string): Promise<Readable> {
    const { Body } = await this.ask(() => this.client.send(new this.s3.GetObjectCommand({ Bucket: bucket, Key: key })));
    if (Body === undefined) throw new Failure(`s3://${bucket}/${key} has no content.`);
    return Body as Readable; // in Node.js it is one
  }

  async marks(bucket: string, key: string): Promise<Record<string, string>> {
    const { TagSet = [] } = await this.ask(() =>
      this.client.send(new this.s3.GetObjectTaggingCommand({ Bucket: bucket, Key: key })),
    );
    return Object.fromEntries(TagSet.map(({ Key = '', Value = '' }) => [Key, Value]));
  }

  async mark(bucket: string, key: string, marks: Marks): Promise<void> {
    const all = { ...(await this.marks(bucket, key)), ...marks };
    const TagSet = Object.entries(all).flatMap(([Key, Value]) => (Value === undefined ? [] : [{ Key, Value }]));
    await this.ask(() =>
      this.client.send(new this.s3.PutObjectTaggingCommand({ Bucket: bucket, Key: key, Tagging: { TagSet } })),
    );
  }

  private ask<T>(question: () => Promise<T>): Promise<T> {
    return askingAws('S3', REMEDIES, question);
  }
}
