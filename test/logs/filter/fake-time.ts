import type { Timing } from '../../../lib/logs/filter/backoff';

/** Time that passes only where somebody waits. */
export function fakeTime(now = 1_000_000): Timing & { pass(milliseconds: number): void; readonly slept: number[] } {
  const slept: number[] = [];
  return {
    slept,
    clock: () => now,
    pass: (milliseconds) => void (now += milliseconds),
    sleep(milliseconds) {
      slept.push(milliseconds);
      now += milliseconds;
      return Promise.resolve();
    },
    random: () => 1,
  };
}

/** An error as AWS names it. */
export function awsError(name: string): Error {
  return Object.assign(new Error(`${name} on purpose`), { name });
}
