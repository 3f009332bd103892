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
      const aggregates = aggregate(envelopes.map((envelope) => Buffer.from(`${envelope}\n`)));
      const accepted = await putRecords(
        put,
        aggregates.map((parts) => Buffer.concat(parts)),
        Math.min(deadline, timing.clock() + PATIENCE),
        timing,
      );
      return aggregates.flatMap((parts, index) => parts.map(() => accepted[index] === true));
    },
  };
}

function aggregate(lines: readonly Buffer[]): Buffer[][] {
  const made: Buffer[][] = [];
  let bytes = 0;
  for (const line of lines) {
    const last = made.at(-1);
    if (last === undefined || bytes + line.length > AGGREGATE) {
      made.push([line]);
      bytes = line.length;
    } else {
      last.push(line);
      bytes += line.length;
    }
  }
  return made;
}
