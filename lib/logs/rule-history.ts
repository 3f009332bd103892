/** What a rollout of rules can be doing, in the words of AppConfig. */
export type RolloutState =
  'VALIDATING' | 'DEPLOYING' | 'BAKING' | 'COMPLETE' | 'ROLLING_BACK' | 'ROLLED_BACK' | 'REVERTED';

/** One rollout of one version of the rules. */
export interface Rollout {
  /** Its number: each rollout has the next. */
  readonly number: number;
  /** The version of the rules. */
  readonly version: number;
  /** What it is doing. */
  readonly state: RolloutState;
  /** How much of it is done. */
  readonly percent: number;
  /** Minutes until all functions are told. */
  readonly minutes: number;
  /** Minutes after that, in which an alarm takes it back. */
  readonly bakeMinutes: number;
  /** When it began. */
  readonly startedAt: Date | undefined;
  /** When it ended. */
  readonly completedAt: Date | undefined;
}

/** Seconds in which every function has taken up what is rolled out: it looks every 15, and AppConfig needs some too. */
export const TAKEN_UP_SECONDS = 60;

const RUNNING: readonly RolloutState[] = ['VALIDATING', 'DEPLOYING', 'BAKING', 'ROLLING_BACK'];

/** The rollout that still goes on, if one does; AppConfig runs one at a time. */
export function runningRollout(rollouts: readonly Rollout[]): Rollout | undefined {
  return rollouts.find(({ state }) => RUNNING.includes(state));
}

/** The versions every function decided by, oldest first, without those that were taken back; the last is live. */
export function goodVersions(rollouts: readonly Rollout[]): number[] {
  const inOrder = rollouts
    .filter(({ state }) => state === 'COMPLETE' || state === 'BAKING')
    .sort((a, b) => a.number - b.number);
  const good: number[] = [];
  for (const { version } of inOrder) {
    // every push makes a version of its own, so one that was there before is a way back: what came after it is not good
    const at = good.indexOf(version);
    if (at >= 0) good.length = at;
    good.push(version);
  }
  return good;
}

/** The version that decides now; none before the first rollout. */
export function liveVersion(rollouts: readonly Rollout[]): number | undefined {
  return goodVersions(rollouts).at(-1);
}

/** The version to go back to; none if there was no good one before. */
export function previousVersion(rollouts: readonly Rollout[]): number | undefined {
  return goodVersions(rollouts).at(-2);
}

/** Since when the live version decides; after something else was out in between, since that was taken back. */
export function liveSince(rollouts: readonly Rollout[]): Date | undefined {
  const live = liveVersion(rollouts);
  const inOrder = [...rollouts].sort((a, b) => b.number - a.number);
  const own = inOrder.find(({ version, state }) => version === live && (state === 'COMPLETE' || state === 'BAKING'));
  const between = inOrder.find((rollout) => own !== undefined && rollout.number > own.number && wasOut(rollout));
  return between?.completedAt ?? own?.startedAt;
}

/** The rollout that is on its way: until it is out, the version before it decides as well. */
export function rolloutUnderWay(rollouts: readonly Rollout[]): Rollout | undefined {
  return rollouts.find(({ state }) => state === 'VALIDATING' || state === 'DEPLOYING');
}

/** The last rollout that ended well. */
export function lastComplete(rollouts: readonly Rollout[]): Rollout | undefined {
  return rollouts.filter(({ state }) => state === 'COMPLETE').sort((a, b) => b.number - a.number)[0];
}

/** Hours in which AppConfig takes a rollout back after it has ended; one less, for clocks that differ. */
const REVERT_HOURS = 71;

/**
 * The rollout to take back for a version to decide again, or none at all; undefined if that leads elsewhere or comes
 * too late. It is the better way: no alarm stops it, while a rollout of its own is stopped by the very alarm that the
 * rules to be left have set off. It is the last that ended well: what was taken back after it changed nothing.
 *
 * @see https://docs.aws.amazon.com/appconfig/latest/userguide/appconfig-deploying-reverting.html
 */
export function revertTo(rollouts: readonly Rollout[], version: number | undefined, now: Date): Rollout | undefined {
  const last = lastComplete(rollouts);
  if (last?.completedAt === undefined) return undefined;
  const fresh = now.getTime() - last.completedAt.getTime() < REVERT_HOURS * 3_600_000;
  return fresh && liveVersion(rollouts.filter(({ number }) => number < last.number)) === version ? last : undefined;
}

/** Whether what was taken back had decided before. */
function wasOut({ state, startedAt, completedAt }: Rollout): boolean {
  if (state === 'REVERTED') return true;
  const lasted = (completedAt?.getTime() ?? 0) - (startedAt?.getTime() ?? 0);
  return state === 'ROLLED_BACK' && startedAt !== undefined && lasted > TAKEN_UP_SECONDS * 1000;
}
