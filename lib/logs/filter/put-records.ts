import { backOff, isLasting, type Timing } from './backoff';

/** One PutRecordBatch: for each record why it was not taken, undefined if it was. */
export type PutRecordBatch = (
  records: readonly Uint8Array[],
  signal: AbortSignal,
) => Promise<readonly (string | undefined)[]>;

/** What PutRecordBatch takes. @see https://docs.aws.amazon.com/firehose/latest/dev/limits.html (2026-11) */
export const PUT_LIMITS = { records: 500, bytes: 4 * 1024 * 1024, recordBytes: 1000 * 1024 } as const;

/**
 * Puts records into a stream, those that were not taken again until the deadline. For each record, whether it was taken;
 * one whose answer was lost counts as not taken, and may be there all the same.
 */
export async function putRecords(
  put: PutRecordBatch,
  records: readonly Uint8Array[],
  deadline: number,
  timing: Timing,
): Promise<boolean[]> {
  const accepted = records.map(() => false);
  let left = records.map((_, index) => index).filter((index) => sizeOf(records, index) <= PUT_LIMITS.recordBytes);
  for (let attempt = 0; left.length > 0; attempt++) {
    const again: number[] = [];
    for (const batch of batches(records, left)) {
      const time = deadline - timing.clock();
      if (time <= 0) return accepted;
      try {
        const errors = await put(
          batch.map((index) => records[index] as Uint8Array),
          AbortSignal.timeout(time),
        );
        batch.forEach((index, place) => {
          if (errors[place] === undefined && place < errors.length) accepted[index] = true;
          else again.push(index);
        });
      } catch (error) {
        if (!isLasting(error)) again.push(...batch);
      }
    }
    left = again;
    if (left.length > 0 && !(await backOff(attempt, deadline, timing))) return accepted;
  }
  return accepted;
}

function batches(records: readonly Uint8Array[], indexes: readonly number[]): number[][] {
  const made: number[][] = [];
  let batch: number[] = [];
  let bytes = 0;
  for (const index of indexes) {
    const size = sizeOf(records, index);
    if (batch.length === 0 || batch.length === PUT_LIMITS.records || bytes + size > PUT_LIMITS.bytes) {
      made.push((batch = []));
      bytes = 0;
    }
    batch.push(index);
    bytes += size;
  }
  return made;
}

function sizeOf(records: readonly Uint8Array[], index: number): number {
  return records[index]?.length ?? 0;
}
