/** Time, as whoever retries needs it. */
export interface Timing {
  /** Now, in milliseconds. */
  clock(): number;
  /** Lets so many milliseconds pass. */
  sleep(milliseconds: number): Promise<void>;
  /** From 0 to 1, so that many who were refused together do not come back together. */
  random(): number;
}

/** Time as it is. */
export const REAL_TIME: Timing = {
  clock: Date.now,
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  random: Math.random,
};

const FIRST = 100;
const LONGEST = 3_200;

/** Waits before the next attempt, longer each time; false if the deadline would come first. */
export async function backOff(attempt: number, deadline: number, timing: Timing): Promise<boolean> {
  const wait = Math.min(LONGEST, FIRST * 2 ** attempt) * (0.5 + timing.random() / 2);
  if (timing.clock() + wait >= deadline) return false;
  await timing.sleep(wait);
  return true;
}

/** Errors of AWS that come back however often one asks. */
const LASTING = new Set([
  'AccessDeniedException',
  'InvalidArgumentException',
  'InvalidParameterException',
  'ResourceNotFoundException',
  'UnrecognizedClientException',
  'ValidationException',
]);

/** Whether asking again is in vain. */
export function isLasting(error: unknown): boolean {
  return error instanceof Error && LASTING.has(error.name);
}
