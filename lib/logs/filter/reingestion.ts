import type { Timing } from './backoff';
import type { Reingestion } from './parts';
import { putRecords, type PutRecordBatch } from './put-records';

/** The way back into the function's own stream. */
export function reingestion(put: PutRecordBatch, timing: Timing): Reingestion {
  return { put: (records, deadline) => putRecords(put, records, deadline, timing) };
}
