import { PREFIXES } from '../../lib/logs/deployed';
import { hourOf, isWithin, ReplayBatches, type ReplayBatch } from '../../lib/logs/replay';
import { Failure } from '../../sandbox/failure';
import { bytes, counted } from './figures';
import { LateProgress } from './late-progress';
import type { Objects, Stored } from './objects';
import { numbered, RECORDS } from './replay-records';
import { pause } from './rollout';
import { sampleLines } from './sample';
import { putAll, type Stream } from './stream';

/** What Firehose gave up on; the unfiltered stream; or kept lines, for the hot copy. */
export type ReplayPlace = 'failed' | 'archive' | 'hot';

/** What is to be sent again. */
export interface Replay {
  /** Which place. */
  readonly from: ReplayPlace;
  /** The bucket it is in. */
  readonly bucket: string;
  /** The first moment; objects are taken whole, by the hour in their keys. */
  readonly since: Date;
  /** The moment after the last. */
  readonly until: Date;
  /** Which lines of the archive or of the kept ones, and a short name for them; all if left out. */
  readonly only?: { readonly name: string; readonly wanted: (line: string) => boolean };
  /** Also what was replayed before. */
  readonly again: boolean;
  /** Only count. */
  readonly dryRun: boolean;
  /** How much is sent in a second, so that the agents have the rest of the quota. */
  readonly bytesPerSecond: number;
  /** For machines. */
  readonly json: boolean;
}

/** What came of a replay. */
export interface Replayed {
  /** Objects in the span of time. */
  objects: number;
  /** Of those, replayed earlier and left alone. */
  earlier: number;
  /** Records sent, or to be sent. */
  records: number;
  /** Their bytes. */
  bytes: number;
  /** Lines of objects that are none of Firehose's records, or too large for one. */
  unreadable: number;
  /** Why Firehose gave records up. */
  readonly reasons: Map<string, number>;
}

/** Marks of an object: when all of it was accepted, and before that how many of its lines were. */
export function marksOf({ only }: Pick<Replay, 'only'>): { readonly done: string; readonly lines: string } {
  // sending a part of an object is another matter than sending all of it
  const of = only === undefined ? '' : `:${only.name}`;
  return { done: `kotohajime:replayed${of}`, lines: `kotohajime:replayed-lines${of}` };
}

/** Sends objects again. Nothing is deleted; what was accepted is marked, so the same command goes on. */
export async function replay(
  what: Replay,
  objects: Objects,
  stream: Stream,
  sleep: (milliseconds: number) => Promise<void> = pause,
): Promise<Replayed> {
  const result: Replayed = { objects: 0, earlier: 0, records: 0, bytes: 0, unreadable: 0, reasons: new Map() };
  const progress = new LateProgress(what.dryRun ? 'Counting' : 'Sending');
  try {
    for await (const object of objectsOf(what, objects)) {
      result.objects += 1;
      await replayObject(what, object, objects, stream, result, sleep);
      progress.note(`${counted(result.records, 'record')}, ${bytes(result.bytes)}`);
    }
    progress.end();
  } catch (error) {
    progress.end('failed');
    if (!(error instanceof Failure) || result.records === 0 || what.dryRun) throw error;
    throw new Failure(`${error.message}\n${counted(result.records, 'record')} had been accepted before.`);
  }
  return result;
}

async function* objectsOf({ from, bucket, since, until }: Replay, objects: Objects): AsyncGenerator<Stored> {
  const places = {
    failed: () => objects.folders(bucket, PREFIXES.failed),
    archive: () => [''],
    hot: () => [PREFIXES.logs],
  };
  const folders = await places[from]();
  for (const folder of folders) {
    for await (const object of objects.list(bucket, folder, `${folder}dt=${since.toISOString().slice(0, 10)}/`)) {
      const hour = hourOf(object.key);
      if (hour !== undefined && hour >= until) break; // keys are in the order of time
      if (isWithin(object.key, since, until) && object.bytes > 0) yield object;
    }
  }
}

async function replayObject(
  what: Replay,
  { key }: Stored,
  objects: Objects,
  stream: Stream,
  result: Replayed,
  sleep: (milliseconds: number) => Promise<void>,
): Promise<void> {
  const names = marksOf(what);
  const marks = what.again ? {} : await objects.marks(what.bucket, key);
  if (marks[names.done] !== undefined) {
    result.earlier += 1;
    return;
  }
  const skipped = Number(marks[names.lines] ?? 0);
  const batches = new ReplayBatches();
  const send = async (batch: ReplayBatch | undefined): Promise<void> => {
    if (batch === undefined) return;
    if (!what.dryRun) {
      const began = Date.now();
      await putAll(stream, batch.records, sleep);
      // only now: a crash in between sends this one batch twice, and loses nothing
      await objects.mark(what.bucket, key, { [names.lines]: String(batch.linesDone) });
      await sleep(Math.max(0, (batch.bytes / what.bytesPerSecond) * 1000 - (Date.now() - began)));
    }
    result.records += batch.records.length;
    result.bytes += batch.bytes;
  };
  const records = RECORDS[what.from](
    numbered(
      sampleLines([{ name: `s3://${what.bucket}/${key}`, open: () => objects.read(what.bucket, key) }]),
      skipped,
    ),
    result,
    what.only?.wanted,
  );
  for await (const record of records) await send(batches.add(record));
  await send(batches.rest());
  if (!what.dryRun) await objects.mark(what.bucket, key, { [names.done]: new Date().toISOString() });
}
