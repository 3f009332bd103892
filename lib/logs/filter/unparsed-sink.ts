import type { Timing } from './backoff';
import type { UnparsedSink } from './parts';
import { putRecords, type PutRecordBatch } from './put-records';

/** Bytes of a record of envelopes. Firehose charges for each as if it were a multiple of 5 KB, so they go together. */
const AGGREGATE = 256 * 1024;

/** Milliseconds of retries at most: an envelope that stays among the kept lines is not lost. */
const PATIENCE = 10_000;

/** The stream of what is no record. */
export function unparsedSink(put: PutRecordBatch, timing: Timing): UnparsedSink {
  return {
    async put(envelopes, deadline) {
      const aggregates = aggregate(envelopes);
      const accepted = await putRecords(
        put,
        aggregates.map((lines) => Buffer.from(`${lines.join('\n')}\n`)),
        Math.min(deadline, timing.clock() + PATIENCE),
        timing,
      );
      return aggregates.flatMap((lines, index) => lines.map(() => accepted[index] === true));
    },
  };
}

function aggregate(lines: readonly string[]): string[][] {
  const made: string[][] = [];
  let bytes = 0;
  for (const line of lines) {
    const size = Buffer.byteLength(line) + 1;
    const last = made.at(-1);
    if (last === undefined || bytes + size > AGGREGATE) {
      made.push([line]);
      bytes = size;
    } else {
      last.push(line);
      bytes += size;
    }
  }
  return made;
}
