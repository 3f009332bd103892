import type { Rollout, RolloutState } from '../../lib/logs/rule-history';
import { Failure } from '../../sandbox/failure';
import type { Progress } from '../../sandbox/progress';
import type { RuleStore } from './rule-store';

/** Seconds in which every function has taken up what is rolled out: it looks every 15, and AppConfig needs some too. */
export const TAKEN_UP_SECONDS = 60;

const STATES: Readonly<Record<RolloutState, string>> = {
  VALIDATING: 'is being checked',
  DEPLOYING: 'is going out',
  BAKING: 'is out, and watched',
  COMPLETE: 'is out',
  ROLLING_BACK: 'is being taken back',
  ROLLED_BACK: 'was taken back',
  REVERTED: 'was taken back',
};

/** What a rollout is doing, in words. */
export function stateInWords({ state, percent }: Rollout): string {
  return `${STATES[state]}${state === 'DEPLOYING' ? ` (${Math.round(percent)} %)` : ''}`;
}

/** From when on new rules decide, and what happens until then. */
export function effect({ minutes, bakeMinutes }: Rollout, now: Date): string {
  const from = new Date(now.getTime() + minutes * 60_000 + TAKEN_UP_SECONDS * 1000);
  return [
    `Every batch the function is handed from ${clock(from)} on is decided by it (in ${inWords(minutes * 60 + TAKEN_UP_SECONDS)}); records buffered now count as later.`,
    ...(minutes > 0 ? ['Until then both rule sets decide, the same line by chance.'] : []),
    ...(bakeMinutes > 0
      ? [
          `For ${inWords(bakeMinutes * 60)} after that an alarm brings the old rules back; a next push has to wait so long.`,
        ]
      : []),
  ].join('\n');
}

/** Waits until a rollout has ended; fails if it was taken back. */
export async function waitFor(
  store: RuleStore,
  number: number,
  progress: Progress,
  sleep: (milliseconds: number) => Promise<void> = pause,
): Promise<Rollout> {
  for (;;) {
    const { rollout, events } = await store.rollout(number);
    if (rollout.state === 'COMPLETE') return rollout;
    if (rollout.state === 'ROLLED_BACK' || rollout.state === 'REVERTED') {
      const [why] = events;
      throw new Failure(`Rollout ${number} was taken back${why === undefined ? '.' : `: ${why}`}`);
    }
    progress.note(stateInWords(rollout));
    await sleep(2000);
  }
}

/** A time of day in UTC. */
export function clock(date: Date): string {
  return `${date.toISOString().slice(11, 19)} UTC`;
}

/** A date and a time in UTC. */
export function moment(date: Date | undefined): string {
  return date === undefined ? '' : date.toISOString().slice(0, 16).replace('T', ' ');
}

function inWords(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  const minutes = seconds / 60;
  return `${Number.isInteger(minutes) ? minutes : minutes.toFixed(1)} minutes`;
}

/** Lets time pass. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
