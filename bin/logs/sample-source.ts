import { existsSync } from 'node:fs';
import { PREFIXES } from '../../lib/logs/deployed';
import { readMoment } from '../../lib/logs/replay';
import { Failure } from '../../sandbox/failure';
import { WrongUse } from '../ending';
import { output, type Deployed } from './aws';
import { count } from './figures';
import type { Objects } from './objects';
import { localParts, SAMPLE_FORMS, sampleLines, type SamplePart } from './sample';
import { colour } from '../use';

/** A sample, and what to know about it. */
export interface Sample {
  /** Its parts, in order. */
  readonly parts: readonly SamplePart[];
  /** Where it is from, in words. */
  readonly from: string;
  /**
   * It holds what rules kept, and not what they dropped.
   *
   * @default - nobody knows
   */
  readonly keptOnly?: true;
}

/** What reaches AWS, made only if a sample is there. */
export interface SampleAccess {
  /** The platform's deployed pipeline. */
  readonly deployed: () => Promise<Deployed>;
  /** The objects of S3. */
  readonly objects: () => Promise<Objects>;
}

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
  if (day !== undefined) return sampleOfDay(day, text, access);
  if (text === '-') return { parts: localParts(text), from: 'stdin' };
  // a word that is no path is most likely meant for a day
  if (/^[\w-]+$/.test(text) && !existsSync(text)) throw new WrongUse(`--sample ${text} must be ${SAMPLE_FORMS}`);
  return { parts: localParts(text), from: text };
}

async function sampleOfDay(day: string, text: string, access: SampleAccess): Promise<Sample> {
  const deployed = await access.deployed();
  const { archive } = deployed.outputs;
  const [bucket, prefix] =
    archive === undefined ? [output(deployed, 'bucket'), `${PREFIXES.logs}dt=${day}/`] : [archive, `dt=${day}/`];
  const parts = await objectParts(await access.objects(), bucket, prefix, `${text} (s3://${bucket}/${prefix})`);
  return archive === undefined
    ? {
        parts,
        from: `${day}, only what the rules of then kept, and without unparsed/: with archive: 'dropped-too' all of it would be there`,
        keptOnly: true,
      }
    : { parts, from: `${day}, everything that came, from the archive` };
}

/** The lines of a sample, in groups as they are read. A sample without any is a failure: it would show that all is well. */
export async function* recordsOf({ parts, from }: Sample, limit?: number): AsyncGenerator<readonly string[]> {
  let found = false;
  for await (const lines of sampleLines(parts, limit)) {
    found = true;
    yield lines;
  }
  if (!found) throw new Failure(`There is no record in the sample (${from}).`);
}

/** Tells that most of a sample is no records, in which case it says little about rules. */
export function mostlyNoRecords(came: number, unparsed: number): string[] {
  if (unparsed * 2 <= came) return [];
  const share = `${count(unparsed)} of ${count(came)} lines`;
  return [
    `${colour.yellow('!')} Most of this sample is no records (${share}), about which no rule decides: a record is a line that is a JSON object, as Fluent Bit writes it.`,
  ];
}

async function objectParts(objects: Objects, bucket: string, prefix: string, what: string): Promise<SamplePart[]> {
  const parts: SamplePart[] = [];
  for await (const { key, bytes } of objects.list(bucket, prefix))
    if (bytes > 0) parts.push({ name: `s3://${bucket}/${key}`, open: () => objects.read(bucket, key) });
  if (parts.length === 0) throw new Failure(`The sample is empty: there is no object in ${what}.`);
  return parts;
}

function dayOf(text: string, now: Date): string | undefined {
  if (text !== 'today' && text !== 'yesterday' && !/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  const day = readMoment(text, now);
  if (day !== undefined && day.getTime() > now.getTime()) throw new WrongUse(`--sample ${text} is a day to come`);
  return day?.toISOString().slice(0, 10);
}
