import { PREFIXES } from '../../lib/logs/deployed';
import {
  AGGREGATE_BYTES,
  cutAtLines,
  failedLine,
  hourOf,
  isWithin,
  PUT_LIMITS,
  ReplayBatches,
  type ReplayBatch,
  type ReplayRecord,
} from '../../lib/logs/replay';
import { unmarked } from '../../lib/logs/filter/reingestion-mark';
import { Failure } from '../../sandbox/failure';
import { table } from '../../sandbox/table';
import { bytes, count, counted } from './figures';
import { LateProgress } from './late-progress';
import type { Objects, Stored } from './objects';
import { pause } from './rollout';
import { sampleLines } from './sample';
import { putAll, type Stream } from './stream';

/** What is to be sent into the stream again. */
export interface Replay {
  /** What Firehose gave up on, or the unfiltered stream. */
  readonly from: 'failed' | 'archive';
  /** The bucket it is in. */
  readonly bucket: string;
  /** The first moment; objects are taken whole, by the hour in their keys. */
  readonly since: Date;
  /** The moment after the last. */
  readonly until: Date;
  /** Which lines of the archive, and a short name for them; all if left out. */
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

/** Sends objects into the stream again. Nothing is deleted; what was accepted is marked, so the same command goes on. */
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
  const folders = from === 'archive' ? [''] : await objects.folders(bucket, PREFIXES.failed);
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
    const size = batch.records.reduce((sum, { length }) => sum + length, 0);
    if (!what.dryRun) {
      const began = Date.now();
      await putAll(stream, batch.records, sleep);
      // only now: a crash in between sends this one batch twice, and loses nothing
      await objects.mark(what.bucket, key, { [names.lines]: String(batch.linesDone) });
      await sleep(Math.max(0, (size / what.bytesPerSecond) * 1000 - (Date.now() - began)));
    }
    result.records += batch.records.length;
    result.bytes += size;
  };
  const records = (what.from === 'failed' ? failedRecords : archivedRecords)(
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

/** Lines with how many there are up to each, from the first that is not done with. */
async function* numbered(
  groups: AsyncIterable<readonly string[]>,
  skipped: number,
): AsyncGenerator<{ line: string; linesDone: number }> {
  let linesDone = 0;
  for await (const lines of groups) {
    for (const line of lines) {
      linesDone += 1;
      if (linesDone > skipped) yield { line, linesDone };
    }
  }
}

type Lines = AsyncIterable<{ readonly line: string; readonly linesDone: number }>;

/** The records Firehose gave up on. Large ones are cut: too large an answer of the function is a reason to be here. */
async function* failedRecords(lines: Lines, result: Replayed): AsyncGenerator<ReplayRecord> {
  for await (const { line, linesDone } of lines) {
    const failed = failedLine(line);
    if (failed === undefined) {
      result.unreadable += 1;
      continue;
    }
    result.reasons.set(failed.reason, (result.reasons.get(failed.reason) ?? 0) + 1);
    // without the mark the function may ingest it once more if its answer would be too large
    const parts = cutAtLines(unmarked(Buffer.from(failed.data)).record);
    // the line is done with its last part only
    for (const [index, data] of parts.entries())
      yield { data, linesDone: index === parts.length - 1 ? linesDone : linesDone - 1 };
  }
}

/** Lines of the archive, put together as the agents do. */
async function* archivedRecords(
  lines: Lines,
  result: Replayed,
  wanted: (line: string) => boolean = () => true,
): AsyncGenerator<ReplayRecord> {
  let [held, size, done] = [[] as string[], 0, 0];
  const record = (): ReplayRecord => ({ data: Buffer.from(`${held.join('\n')}\n`), linesDone: done });
  for await (const { line, linesDone } of lines) {
    const length = Buffer.byteLength(line) + 1;
    if (length > PUT_LIMITS.recordBytes) result.unreadable += 1;
    else if (wanted(line)) {
      if (size > 0 && size + length > AGGREGATE_BYTES) {
        yield record();
        [held, size] = [[], 0];
      }
      held.push(line);
      size += length;
    }
    done = linesDone;
  }
  if (size > 0) yield record();
}

/** Says what came of a replay. */
export function showReplayed(
  { from, bucket, dryRun, json, since, until }: Replay,
  { objects, earlier, records, bytes: size, unreadable, reasons }: Replayed,
): void {
  if (json) {
    const machine = { from, bucket, dryRun, since, until, objects, earlier, records, bytes: size, unreadable };
    say(JSON.stringify({ ...machine, reasons: Object.fromEntries(reasons) }, null, 2));
    return;
  }
  const span = `${since.toISOString().slice(0, 16)}Z to ${until.toISOString().slice(0, 16)}Z`;
  if (objects === 0) {
    say(`Nothing of ${span} is in s3://${bucket}/${from === 'failed' ? PREFIXES.failed : ''}.`);
    return;
  }
  if (reasons.size > 0)
    say(
      table(
        ['Why Firehose gave up', 'Records'],
        [...reasons].map(([reason, number]) => [reason, count(number)]),
      ),
    );
  const where = `${counted(objects, 'object')} of ${span}${earlier > 0 ? `, ${count(earlier)} of them replayed before` : ''}`;
  if (records === 0) say(`There is nothing to send (${where}).`);
  else {
    const became = dryRun ? 'would be sent' : 'were accepted by the stream';
    say(`${counted(records, 'record')}, ${bytes(size)} ${became} (${where}).`);
  }
  if (unreadable > 0)
    say(
      `${counted(unreadable, 'line')} cannot be sent: no record of Firehose, or too large for one; left where ${unreadable === 1 ? 'it is' : 'they are'}.`,
    );
  if (records > 0 && !dryRun)
    say('Nothing was deleted. In about the time of two buffers they are decided by the rules of now.');
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
