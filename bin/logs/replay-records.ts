import { unpack } from '../../lib/logs/filter/gzip';
import { unmarked } from '../../lib/logs/filter/reingestion-mark';
import { asReplayed, REPLAY_MARKS_BYTES, withoutReplayMarks } from '../../lib/logs/filter/replay-mark';
import { AGGREGATE_BYTES, cutAtLines, failedLine, PUT_LIMITS, type ReplayRecord } from '../../lib/logs/replay';
import type { Replayed, ReplayPlace } from './replay';

/** Lines with how many there are up to each, from the first that is not done with. */
export async function* numbered(
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
async function* failedRecords(
  lines: Lines,
  result: Pick<Replayed, 'unreadable' | 'reasons'>,
): AsyncGenerator<ReplayRecord> {
  for await (const { line, linesDone } of lines) {
    const failed = failedLine(line);
    if (failed === undefined) {
      result.unreadable += 1;
      continue;
    }
    // without the mark the function may ingest it once more if its answer would be too large
    const parts = apart(withoutReplayMarks(unmarked(Buffer.from(failed.data)).record).record);
    for (const [index, part] of parts.entries()) {
      const inPart = linesIn(Buffer.from(part));
      result.reasons.set(failed.reason, (result.reasons.get(failed.reason) ?? 0) + inPart);
      // the line of the object is done with its last part only
      yield { ...again(part), lines: inPart, linesDone: index === parts.length - 1 ? linesDone : linesDone - 1 };
    }
  }
}

/** A record in parts, no longer packed: a batch of what is would be too much for one answer once more. */
function apart(record: Buffer): readonly Uint8Array[] {
  const { bytes, rest } = unpack(record);
  const parts = cutAtLines(bytes);
  // what cannot be read, and a line longer than a record, can only go as it came
  const whole = rest !== undefined || bytes.length === 0 || parts.some(({ length }) => length > PUT_LIMITS.recordBytes);
  return whole ? [record] : parts;
}

/** A record as it goes into the stream again: the archive takes it once more, and nobody is to take it from there. */
function again(record: Uint8Array): Pick<ReplayRecord, 'data' | 'bytes'> {
  const bytes = record.length;
  // for a record that is as large as one may be there is no room for marks
  return { data: bytes + REPLAY_MARKS_BYTES > PUT_LIMITS.recordBytes ? record : asReplayed(record), bytes };
}

/** Log lines in a record, blank ones left out. */
function linesIn(record: Buffer): number {
  const { bytes, rest } = unpack(record);
  let lines = rest === undefined ? 0 : 1;
  for (let from = 0; from < bytes.length;) {
    const found = bytes.indexOf(10, from);
    const end = found < 0 ? bytes.length : found;
    if (end > from) lines += 1;
    from = end + 1;
  }
  return lines;
}

/** Lines of the archive, put together as the agents do. */
async function* archivedRecords(
  lines: Lines,
  result: Pick<Replayed, 'unreadable' | 'reasons'>,
  wanted: (line: string) => boolean = () => true,
): AsyncGenerator<ReplayRecord> {
  let [held, size, done] = [[] as string[], 0, 0];
  const record = (): ReplayRecord => ({
    ...again(Buffer.from(`${held.join('\n')}\n`)),
    lines: held.length,
    linesDone: done,
  });
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

/** Kept lines, each by itself: an event of the hot copy is a line. */
async function* keptRecords(
  lines: Lines,
  _result: unknown,
  wanted: (line: string) => boolean = () => true,
): AsyncGenerator<ReplayRecord> {
  for await (const { line, linesDone } of lines) {
    const data = Buffer.from(line);
    if (wanted(line)) yield { data, bytes: data.length, lines: 1, linesDone };
  }
}

type Reading = (
  lines: Lines,
  result: Pick<Replayed, 'unreadable' | 'reasons'>,
  wanted?: (line: string) => boolean,
) => AsyncGenerator<ReplayRecord>;

/** What is sent again of the lines of an object, by where it is from. */
export const RECORDS: Readonly<Record<ReplayPlace, Reading>> = {
  failed: failedRecords,
  archive: archivedRecords,
  hot: keptRecords,
};
