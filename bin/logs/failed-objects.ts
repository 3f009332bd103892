import { PREFIXES } from '../../lib/logs/deployed';
import { hourOf } from '../../lib/logs/replay';
import type { Objects } from './objects';
import { marksOf } from './replay';

/** Objects under `failed/` that nobody has put back. */
export interface FailedObjects {
  /** How many were found. */
  readonly waiting: number;
  /** Whether all were looked at; if not, there may be more. */
  readonly complete: boolean;
  /** The hour of the oldest of them. */
  readonly oldest: Date | undefined;
}

/** Objects that are listed at most. */
const LISTED = 10_000;
/** Objects whose marks are read at most, each with a request of its own. */
const LOOKED_AT = 200;
/** Requests at the same time. */
const AT_ONCE = 20;

/** Counts what Firehose gave up on and nobody has replayed, the newest first. */
export async function failedObjects(bucket: string, objects: Objects): Promise<FailedObjects> {
  const keys: string[] = [];
  let complete = true;
  for await (const { key, bytes } of objects.list(bucket, PREFIXES.failed)) {
    complete = keys.length < LISTED;
    if (!complete) break;
    if (bytes > 0 && hourOf(key) !== undefined) keys.push(key);
  }
  const newest = keys.sort((a, b) => hour(b) - hour(a)).slice(0, LOOKED_AT);
  const { done } = marksOf({ only: undefined });
  const waiting: string[] = [];
  for (let at = 0; at < newest.length; at += AT_ONCE)
    await Promise.all(
      newest.slice(at, at + AT_ONCE).map(async (key) => {
        if ((await objects.marks(bucket, key))[done] === undefined) waiting.push(key);
      }),
    );
  return {
    waiting: waiting.length,
    complete: complete && newest.length === keys.length,
    oldest: waiting.length === 0 ? undefined : new Date(Math.min(...waiting.map(hour))),
  };
}

function hour(key: string): number {
  return hourOf(key)?.getTime() ?? 0;
}
