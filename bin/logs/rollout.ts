import { TAKEN_UP_SECONDS, type Rollout, type RolloutState } from '../../lib/logs/rule-history';
import { takenBackBy, type TakenBack } from '../../lib/logs/rollout-events';
import type { Progress } from '../../sandbox/progress';
import type { RuleStore } from './rule-store';

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
export function stateInWords({ state, percent }: Pick<Rollout, 'state' | 'percent'>): string {
  return `${STATES[state]}${state === 'DEPLOYING' ? ` (${Math.round(percent)} %)` : ''}`;
}

/** Who took a rollout back, in words; nothing if that is not known. */
export function byWhom(takenBack: TakenBack | undefined): string {
  if (takenBack === undefined) return '';
  const { by, alarm } = takenBack;
  if (by === 'alarm') return alarm === undefined ? ' by an alarm' : ` by alarm ${alarm}`;
  return by === 'person' ? ' by a person' : ' by AppConfig';
}

/** Whether a rollout was taken back, or is being. */
export function isTakenBack({ state }: Pick<Rollout, 'state'>): boolean {
  return state === 'ROLLING_BACK' || state === 'ROLLED_BACK' || state === 'REVERTED';
}

/** From when on a rollout that began then decides alone. */
export function decidesFrom({ minutes }: Pick<Rollout, 'minutes'>, began: Date): Date {
  return new Date(began.getTime() + minutes * 60_000 + TAKEN_UP_SECONDS * 1000);
}

/** Until when a rollout goes on and is watched. */
export function watchedUntil({ startedAt, minutes, bakeMinutes }: Rollout): Date | undefined {
  return startedAt === undefined ? undefined : new Date(startedAt.getTime() + (minutes + bakeMinutes) * 60_000);
}

/** From when on new rules decide, and what happens until then. */
export function effect({ minutes, bakeMinutes }: Rollout, now: Date): string {
  return [
    `Every batch the function is handed from ${clock(decidesFrom({ minutes }, now))} on is decided by it (in ${inWords(minutes * 60 + TAKEN_UP_SECONDS)}); records buffered now count as later.`,
    ...(minutes > 0 ? ['Until then both rule sets decide, the same line by chance.'] : []),
    ...(bakeMinutes > 0
      ? [
          `For ${inWords(bakeMinutes * 60)} after that an alarm brings the old rules back; a next push has to wait so long.`,
        ]
      : []),
  ].join('\n');
}

/** A rollout that has ended, and who took it back if somebody did. */
export interface Ended {
  /** The rollout. */
  readonly rollout: Rollout;
  /** Who took it back. */
  readonly takenBack: TakenBack | undefined;
}

/** Waits until a rollout has ended, well or not. */
export async function waitFor(
  store: Pick<RuleStore, 'rollout'>,
  number: number,
  progress: Pick<Progress, 'note'>,
  sleep: (milliseconds: number) => Promise<void> = pause,
): Promise<Ended> {
  for (;;) {
    const { rollout, events } = await store.rollout(number);
    if (rollout.state === 'COMPLETE') return { rollout, takenBack: undefined };
    if (rollout.state === 'ROLLED_BACK' || rollout.state === 'REVERTED')
      return { rollout, takenBack: takenBackBy(events) };
    progress.note(`${stateInWords(rollout)}${left(rollout, new Date())}`);
    await sleep(2000);
  }
}

function left(rollout: Rollout, now: Date): string {
  const end = watchedUntil(rollout);
  if (end === undefined || end <= now || isTakenBack(rollout)) return '';
  return `, until ${clock(end)} (${inWords(Math.ceil((end.getTime() - now.getTime()) / 60_000) * 60)} left)`;
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
