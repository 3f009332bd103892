import { backOff, isLasting, type Timing } from './backoff';
import type { HotCopy, HotLine } from './parts';

/** What PutLogEvents did not take of the events it was given, which are in the order of time. */
export interface Refused {
  /**
   * From this one on they are too far in the future.
   *
   * @default - none is
   */
  readonly tooNewFrom?: number;
  /**
   * Those before this one are too old.
   *
   * @default - none is
   */
  readonly tooOldBefore?: number;
}

/** The log stream this writes to. */
export interface HotStream {
  /** Makes it; no error if it is there. */
  create(signal: AbortSignal): Promise<void>;
  /** One PutLogEvents; fails with `ResourceNotFoundException` if there is no such stream. */
  put(lines: readonly HotLine[], signal: AbortSignal): Promise<Refused>;
}

/** What PutLogEvents takes. @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html (2026-11) */
export const HOT_LIMITS = { events: 10_000, bytes: 1_048_576, overhead: 26, span: 24 * 60 * 60 * 1000 } as const;

/** Milliseconds of retries at most, however much time a batch has left: meanwhile the archive waits for it. */
const PATIENCE = 10_000;

/** The hot copy in a log stream that is made once it is needed. A line may come twice if an answer was lost. */
export function hotCopy(stream: HotStream, timing: Timing): HotCopy {
  return {
    async write(lines, latest) {
      const deadline = Math.min(latest, timing.clock() + PATIENCE);
      const written = lines.map(({ message }) => message === ''); // CloudWatch Logs has no empty events
      let left = batches(lines);
      for (let attempt = 0; left.length > 0; attempt++) {
        const again: number[][] = [];
        for (const batch of left) {
          if (deadline <= timing.clock()) return written;
          const events = batch.map((index) => lines[index] as HotLine);
          try {
            const { tooOldBefore = 0, tooNewFrom = batch.length } = await put(stream, events, deadline, timing);
            for (const index of batch.slice(tooOldBefore, tooNewFrom)) written[index] = true;
          } catch (error) {
            if (!isLasting(error)) again.push(batch);
          }
        }
        left = again;
        if (left.length > 0 && !(await backOff(attempt, deadline, timing))) return written;
      }
      return written;
    },
  };
}

async function put(stream: HotStream, events: readonly HotLine[], deadline: number, timing: Timing): Promise<Refused> {
  const signal = AbortSignal.timeout(Math.max(1, deadline - timing.clock()));
  try {
    return await stream.put(events, signal);
  } catch (error) {
    if (!(error instanceof Error && error.name === 'ResourceNotFoundException')) throw error;
    await stream.create(signal); // fails for good if there is no such group
    return await stream.put(events, signal).catch((again: unknown) => {
      throw new Error('the stream is not there yet', { cause: again });
    });
  }
}

/** Lines, by their index, in the order of time and in as few batches as the limits allow; what fits none is in none. */
function batches(lines: readonly HotLine[]): number[][] {
  const made: number[][] = [];
  let batch: number[] = [];
  let bytes = 0;
  let first = 0;
  const order = lines.map((_, index) => index).sort((a, b) => timeOf(lines, a) - timeOf(lines, b));
  for (const index of order) {
    const { message = '', timestamp = 0 } = lines[index] ?? {};
    const size = Buffer.byteLength(message) + HOT_LIMITS.overhead;
    if (message === '' || size > HOT_LIMITS.bytes) continue;
    const full = batch.length === HOT_LIMITS.events || bytes + size > HOT_LIMITS.bytes;
    if (batch.length === 0 || full || timestamp - first >= HOT_LIMITS.span) {
      made.push((batch = []));
      bytes = 0;
      first = timestamp;
    }
    batch.push(index);
    bytes += size;
  }
  return made;
}

function timeOf(lines: readonly HotLine[], index: number): number {
  return lines[index]?.timestamp ?? 0;
}
