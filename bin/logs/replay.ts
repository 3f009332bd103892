import { setTimeout as wait } from 'node:timers/promises';
import { PREFIXES } from '../../lib/logs/deployed';
import { hourOf, isWithin, ReplayBatches, type ReplayBatch } from '../../lib/logs/replay';
import { Failure } from '../../sandbox/failure';
import { bytes, counted } from './figures';
import { LateProgress } from './late-progress';
import type { Objects, Stored } from './objects';
import { numbered, RECORDS } from './replay-records';
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
  /** Log lines sent, or to be sent. */
  lines: number;
  /** Their bytes. */
  bytes: number;
  /** Lines of objects that are none of Firehose's records, or too large for one. */
  unreadable: number;
  /** Why Firehose gave lines up. */
  readonly reasons: Map<string, number>;
}

/** What ends a replay early, and how it waits. */
export interface Pace {
  /** Aborted when it is to end: what is under way is sent and marked first. */
  readonly signal?: AbortSignal;
  /** Waits so many milliseconds. */
  readonly sleep?: (milliseconds: number) => Promise<void>;
}

/** Nothing yet. */
export function nothingReplayed(): Replayed {
  return { objects: 0, earlier: 0, lines: 0, bytes: 0, unreadable: 0, reasons: new Map() };
}

/** Marks of an object: when all of it was accepted, and before that how many of its lines were. */
export function marksOf({ only }: Pick<Replay, 'only'>): { readonly done: string; readonly lines: string } {
  // sending a part of an object is another matter than sending all of it
  const of = only === undefined ? '' : `:${only.name}`;
  return { done: `kotohajime:replayed${of}`, lines: `kotohajime:replayed-lines${of}` };
}

/** How much was accepted when a replay ended early, and what to do. */
export function acceptedSoFar({ again }: Pick<Replay, 'again'>, { lines, bytes: size }: Replayed): string {
  const same = again ? 'The same command without --again' : 'The same command';
  return `${counted(lines, 'line')}, ${bytes(size)} had been accepted. ${same} goes on from there.`;
}

/** Sends objects again. Nothing is deleted; what was accepted is marked, so the same command goes on. */
export async function replay(
  what: Replay,
  objects: Objects,
  stream: Stream,
  { signal, sleep = (milliseconds) => wait(milliseconds, undefined, { signal }) }: Pace = {},
  result: Replayed = nothingReplayed(),
): Promise<Replayed> {
  const progress = new LateProgress(what.dryRun ? 'Counting' : 'Sending');
  const sent = (): void => {
    progress.note(`${counted(result.lines, 'line')}, ${bytes(result.bytes)}`);
    signal?.throwIfAborted();
  };
  try {
    if (what.again && !what.dryRun) await forgetMarks(what, objects, sent);
    for await (const object of objectsOf(what, objects)) {
      result.objects += 1;
      await replayObject(what, object, objects, stream, result, { sleep, sent });
      sent();
    }
    progress.end();
  } catch (error) {
    progress.end('failed');
    if (!(error instanceof Failure) || result.lines === 0 || what.dryRun) throw error;
    throw new Failure(`${error.message}\n${acceptedSoFar(what, result)}`);
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

/** Takes all marks off before anything is sent, so that this replay is like any other from then on. */
async function forgetMarks(what: Replay, objects: Objects, step: () => void): Promise<void> {
  const { done, lines } = marksOf(what);
  for await (const { key } of objectsOf(what, objects)) {
    const marks = await objects.marks(what.bucket, key);
    // to take off the last tag is another call, and another permission
    if (marks[done] !== undefined || marks[lines] !== undefined)
      await objects.mark(what.bucket, key, { [done]: undefined, [lines]: '0' });
    step();
  }
}

async function replayObject(
  what: Replay,
  { key }: Stored,
  objects: Objects,
  stream: Stream,
  result: Replayed,
  { sleep, sent }: { readonly sleep: (milliseconds: number) => Promise<void>; readonly sent: () => void },
): Promise<void> {
  const names = marksOf(what);
  const marks = what.again && what.dryRun ? {} : await objects.marks(what.bucket, key);
  if (marks[names.done] !== undefined) {
    result.earlier += 1;
    return;
  }
  const skipped = Number(marks[names.lines] ?? 0);
  const batches = new ReplayBatches();
  const send = async (batch: ReplayBatch | undefined): Promise<void> => {
    if (batch === undefined) return;
    const began = Date.now();
    if (!what.dryRun) {
      await putAll(stream, batch.records, sleep);
      // only now: a crash in between sends this one batch twice, and loses nothing
      await objects.mark(what.bucket, key, { [names.lines]: String(batch.linesDone) });
    }
    result.lines += batch.lines;
    result.bytes += batch.bytes;
    sent();
    if (!what.dryRun) await sleep(Math.max(0, (batch.bytes / what.bytesPerSecond) * 1000 - (Date.now() - began)));
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
  // an object holds ten tags: how far it was is no matter any more
  if (!what.dryRun)
    await objects.mark(what.bucket, key, { [names.done]: new Date().toISOString(), [names.lines]: undefined });
}
