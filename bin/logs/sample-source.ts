import { PREFIXES } from '../../lib/logs/deployed';
import { Failure } from '../../sandbox/failure';
import { WrongUse } from '../ending';
import { output, type Deployed } from './aws';
import type { Objects } from './objects';
import { localParts, type SamplePart } from './sample';

/** A sample, and what to know about it. */
export interface Sample {
  /** Its parts, in order. */
  readonly parts: readonly SamplePart[];
  /** Where it is from, in words. */
  readonly from: string;
}

/** What reaches AWS, made only if a sample is there. */
export interface SampleAccess {
  /** The platform's deployed pipeline. */
  readonly deployed: () => Promise<Deployed>;
  /** The objects of S3. */
  readonly objects: () => Promise<Objects>;
}

const DAY = 24 * 60 * 60 * 1000;

/**
 * A sample by what the user wrote: `-`, a file, a folder, `s3://bucket/prefix`, or a day (`yesterday`, `today`,
 * `2026-11-24`), which is looked up where the platform's pipeline keeps its lines.
 */
export async function sampleOf(text: string, access: SampleAccess, now: Date): Promise<Sample> {
  if (text.startsWith('s3:')) {
    const [, bucket, prefix = ''] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/.exec(text) ?? [];
    if (bucket === undefined) throw new WrongUse(`--sample ${text} must be like s3://bucket/prefix`);
    return { parts: await objectParts(await access.objects(), bucket, prefix, text), from: text };
  }
  const day = dayOf(text, now);
  if (day === undefined) return { parts: localParts(text), from: text === '-' ? 'stdin' : text };
  const deployed = await access.deployed();
  const { archive } = deployed.outputs;
  const [bucket, prefix] =
    archive === undefined ? [output(deployed, 'bucket'), `${PREFIXES.logs}dt=${day}/`] : [archive, `dt=${day}/`];
  const parts = await objectParts(await access.objects(), bucket, prefix, `${text} (s3://${bucket}/${prefix})`);
  const what =
    archive === undefined
      ? "only what the rules of then kept: with archive: 'dropped-too' all of it would be there"
      : 'everything that came, from the archive';
  return { parts, from: `${day}, ${what}` };
}

async function objectParts(objects: Objects, bucket: string, prefix: string, what: string): Promise<SamplePart[]> {
  const parts: SamplePart[] = [];
  for await (const { key, bytes } of objects.list(bucket, prefix))
    if (bytes > 0) parts.push({ name: `s3://${bucket}/${key}`, open: () => objects.read(bucket, key) });
  if (parts.length === 0) throw new Failure(`The sample is empty: there is no object in ${what}.`);
  return parts;
}

function dayOf(text: string, now: Date): string | undefined {
  if (text === 'today') return now.toISOString().slice(0, 10);
  if (text === 'yesterday') return new Date(now.getTime() - DAY).toISOString().slice(0, 10);
  return /^\d{4}-\d{2}-\d{2}$/.test(text) ? text : undefined;
}
