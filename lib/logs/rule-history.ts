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
