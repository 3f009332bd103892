import { liveVersion, type Rollout } from '../../lib/logs/rule-history';
import { takenBackBy, type TakenBack } from '../../lib/logs/rollout-events';
import type { Warning } from '../../lib/validate';
import { Interrupted, untilSignal } from '../../sandbox/interrupt';
import { Progress } from '../../sandbox/progress';
import { report, tell, type Change, type Outcome } from './change-report';
import { commandLine } from './command-line';
import { goesOn, takenBackFailure } from './ringing';
import { byWhom, clock, decidesFrom, effect, isTakenBack, pause, waitFor, watchedUntil, type Ended } from './rollout';

/** A rollout to begin. */
export interface Start {
  /** The version. */
  readonly version: number;
  /** The version that decides until then. */
  readonly live: number | undefined;
  /** What AppConfig writes down of it. */
  readonly description: string;
  /** What has happened, once it has begun. */
  readonly told: (rollout: Rollout) => string;
  /** The words after `hajime logs` that undo it. */
  readonly undo: readonly [string, ...string[]];
  /** What is doubtful in the rules. */
  readonly warnings?: readonly Warning[];
  /** What to do if AppConfig refuses to begin it. */
  readonly refused?: () => Promise<void>;
}

/** How often, and after how long each time, is it looked at once more: AppConfig asks the alarms only after the start. */
const LOOKS = 2;
const BETWEEN_LOOKS = 2000;

/** Begins a rollout, and fails if an alarm takes it back at once. */
export async function rollOut(change: Change, start: Start): Promise<void> {
  const { target, sleep = pause } = change;
  const { version, live, undo, warnings = [] } = start;
  const progress = new Progress();
  progress.step(`Rolling out version ${version}`);
  let now: { rollout: Rollout; takenBack: TakenBack | undefined };
  try {
    now = await begun(change, start, sleep);
  } catch (error) {
    progress.failed();
    throw error;
  }
  const { rollout, takenBack } = now;
  const common = { did: 'rolled-out', version, rollout: rollout.number, warnings } as const;
  if (isTakenBack(rollout)) {
    progress.failed();
    const why = takenBack?.by === 'alarm' ? `: ${ringingNow(takenBack.alarm)}` : byWhom(takenBack);
    const outcome = { ...common, state: rollout.state, live: live ?? null };
    throw await takenBackFailure(
      change,
      `Version ${version} was taken back at once${why}; ${goesOn(live)}.`,
      takenBack,
      outcome,
    );
  }
  progress.done();
  const line = commandLine(target, ...undo);
  tell(change, start.told(rollout));
  tell(change, effect(rollout, new Date()));
  tell(change, `To undo it: ${line}`);
  const outcome: Partial<Outcome> = {
    ...common,
    live: version,
    effectiveAt: decidesFrom(rollout, new Date()),
    watchedUntil: watchedUntil(rollout) ?? null,
    undo: line,
  };
  const ended = change.wait ? await watch(change, rollout, outcome) : undefined;
  report(change, { ...outcome, state: (ended?.rollout ?? rollout).state });
}

/** Waits until a rollout and its watch are over; fails if it is taken back. */
export async function watch(change: Change, rollout: Rollout, outcome: Partial<Outcome>): Promise<Ended> {
  const { store, sleep } = change;
  const progress = new Progress();
  progress.step('Waiting for the rollout and its watch');
  let ended: Ended;
  try {
    ended = await untilSignal(
      () => waitFor(store, rollout.number, progress, sleep),
      (code) => new Interrupted(code, stoppedWaiting(change, rollout)),
    );
  } catch (error) {
    progress.failed();
    throw error;
  }
  if (!isTakenBack(ended.rollout)) {
    progress.done();
    return ended;
  }
  progress.failed();
  const { takenBack } = ended;
  const live = liveVersion(await store.rollouts());
  const again = live === undefined ? 'everything is kept again' : `version ${live} decides again`;
  throw await takenBackFailure(
    change,
    `Version ${rollout.version} was taken back${byWhom(takenBack)} (rollout ${rollout.number}); ${again} within 60 s.`,
    takenBack,
    { ...outcome, state: ended.rollout.state, live: live ?? null, effectiveAt: null, watchedUntil: null, undo: null },
  );
}

async function begun(
  { store, strategy, wait }: Change,
  { version, description, refused }: Start,
  sleep: (milliseconds: number) => Promise<void>,
): Promise<{ rollout: Rollout; takenBack: TakenBack | undefined }> {
  let rollout: Rollout;
  try {
    rollout = await store.start(version, strategy, description);
  } catch (error) {
    await refused?.().catch(() => undefined); // what went wrong is the message
    throw error;
  }
  const look = async (): Promise<TakenBack | undefined> => {
    const found = await store.rollout(rollout.number);
    rollout = found.rollout;
    return takenBackBy(found.events);
  };
  // who waits looks again anyway
  for (let looks = 0; looks < LOOKS && !wait && !isTakenBack(rollout); looks++) {
    await sleep(BETWEEN_LOOKS);
    // it has begun: that it cannot be looked at is no reason to say that it has not
    await look().catch(() => undefined);
  }
  return { rollout, takenBack: isTakenBack(rollout) ? await look().catch(() => undefined) : undefined };
}

function ringingNow(alarm: string | undefined): string {
  return alarm === undefined ? 'an alarm is ringing' : `alarm ${alarm} is ringing`;
}

function stoppedWaiting({ target }: Change, rollout: Rollout): string {
  const end = watchedUntil(rollout);
  const goes = rollout.state === 'BAKING' ? 'stays out' : 'goes on going out';
  return [
    `Stopped waiting; version ${rollout.version} ${goes} and is watched${end === undefined ? '' : ` until ${clock(end)}`}.`,
    `See it: ${commandLine(target, 'status')}`,
    `Take it back: ${commandLine(target, 'rollback')}`,
  ].join('\n');
}
