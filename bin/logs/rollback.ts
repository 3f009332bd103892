import {
  goodVersions,
  lastComplete,
  liveVersion,
  previousVersion,
  revertTo,
  runningRollout,
  type Rollout,
} from '../../lib/logs/rule-history';
import { Failure } from '../../sandbox/failure';
import { user } from './author';
import { report, tell, type Change } from './change-report';
import { commandLine } from './command-line';
import { LateProgress } from './late-progress';
import { alarmsInTheWay, refuseWhileRinging, wayBack } from './ringing';
import { rollOut } from './begin-rollout';
import { decidesFrom, pause, stateInWords } from './rollout';
import { StopRefused } from './rule-store';

/** Makes the rules before the live ones live again, or those of a version; a rollout that goes on is stopped. */
export async function rollBack(change: Change, to?: number): Promise<void> {
  const { store, target } = change;
  const rollouts = await store.rollouts();
  const running = runningRollout(rollouts);
  const before = rollouts.filter(({ number }) => number !== running?.number);
  const live = liveVersion(before);
  // before anything is stopped
  if (to !== undefined && to !== live) await mustBeThere(change, rollouts, to);
  if (running !== undefined) {
    await stop(change, running);
    if (to === undefined || to === live) return stopped(change, running, live);
    tell(change, `Version ${running.version} was stopped.`);
  }
  const wanted = to ?? previousVersion(before);
  if (wanted === undefined)
    throw new Failure(
      live === undefined
        ? `No rules were ever live on ${target.platform}: there is nothing to roll back.`
        : `Version ${live} is the first that was live on ${target.platform}: there is none before it. To keep everything, as without rules: ${commandLine(target, 'rollback', '--to-nothing')}`,
    );
  if (to === undefined && live !== undefined && (await isNothing(store, live)))
    throw new Failure(
      `Version ${live} holds no rules, and was the way back from what was before it. To bring that back: ${commandLine(target, 'rollback', '--to', String(wanted))}`,
    );
  if (wanted === live) {
    tell(change, `Version ${wanted} is live already.`);
    report(change, { live });
    return;
  }
  if (to === undefined) await mustBeThere(change, rollouts, wanted);
  if (await takesBack(change, before, live, wanted)) return;
  await rollOut(change, {
    version: wanted,
    live,
    description: `rollback from version ${live ?? 'none'} to version ${wanted}`,
    told: (rollout) =>
      `Version ${wanted} ${stateInWords(rollout)} in place of version ${live ?? 'none'} (rollout ${rollout.number}).`,
    undo: live === undefined ? ['rollback'] : ['rollback', '--to', String(live)],
  });
}

/** Takes the last rollout back if that leads to a version; if not, fails if an alarm would stop any other rollout. */
async function takesBack(
  change: Change,
  before: readonly Rollout[],
  live: number | undefined,
  version: number | undefined,
): Promise<boolean> {
  const refused = await takenBack(change, before, version);
  if (refused === undefined) return true;
  const help = [...refused, ...wayBack(change, before, { version })];
  await refuseWhileRinging(change, 'Nothing was rolled back', live, ...help);
  return false;
}

/** No rules, as the store holds them. */
const NO_RULES = '{"version":1,"rules":[]}';
/** How the description of a version ends that was made to go back to no rules. */
const TO_NOTHING = ', rollback to nothing';

/** Whether a version was made to go back to no rules: to go back from it would be to go forward. */
async function isNothing(store: Change['store'], version: number): Promise<boolean> {
  const stored = await store.read(version);
  return stored?.text === NO_RULES && stored.description.endsWith(TO_NOTHING);
}

/** Makes no rules live: everything is kept. It is the way back from the first version. */
export async function rollBackToNothing(change: Change): Promise<void> {
  const { store } = change;
  const rollouts = await store.rollouts();
  const running = runningRollout(rollouts);
  const before = rollouts.filter(({ number }) => number !== running?.number);
  const live = liveVersion(before);
  if (running !== undefined) {
    await stop(change, running);
    if (live === undefined) return stopped(change, running, live);
    tell(change, `Version ${running.version} was stopped.`);
  }
  const text = live === undefined ? NO_RULES : (await store.read(live))?.text;
  if (live === undefined || text === NO_RULES) {
    tell(
      change,
      live === undefined ? 'No rules are live: everything is kept.' : `Version ${live} holds no rules already.`,
    );
    report(change, { live: live ?? null });
    return;
  }
  // rather no rules than no version: the function keeps everything in both cases, but the alarm RulesMissing tells of the second
  if ((await alarmsInTheWay(change)).length > 0 && (await takesBack(change, before, live, undefined))) return;
  const version = await store.add({ text: NO_RULES, description: `${user()}${TO_NOTHING}` });
  await rollOut(change, {
    version,
    live,
    description: `rollback from version ${live} to no rules`,
    told: (rollout) =>
      `Version ${version} without any rule ${stateInWords(rollout)} in place of version ${live}: everything is kept (rollout ${rollout.number}).`,
    undo: ['rollback', '--to', String(live)],
    refused: () => store.remove(version),
  });
}

/**
 * Takes the last rollout back if that leads to the version meant: no alarm stops that. Undefined if it was done, and
 * otherwise why it was not, as far as there is something to say.
 */
async function takenBack(
  change: Change,
  rollouts: readonly Rollout[],
  wanted: number | undefined,
): Promise<string[] | undefined> {
  const last = revertTo(rollouts, wanted, new Date());
  if (last === undefined) return whyNot(rollouts);
  try {
    await stop(change, last);
  } catch (error) {
    if (error instanceof StopRefused) return [error.message];
    throw error;
  }
  const again = wanted === undefined ? 'everything is kept again' : `version ${wanted} decides again`;
  tell(change, `Version ${last.version} was taken back; ${again} within 60 s.`);
  const effectiveAt = decidesFrom({ minutes: 0 }, new Date());
  report(change, {
    did: 'taken-back',
    version: last.version,
    rollout: last.number,
    state: 'REVERTED',
    live: wanted ?? null,
    effectiveAt,
  });
  return undefined;
}

/** Why taking the last rollout back is no way there. */
function whyNot(rollouts: readonly Rollout[]): string[] {
  const last = lastComplete(rollouts);
  if (last === undefined) return [];
  const leads = liveVersion(rollouts.filter(({ number }) => number < last.number));
  if (revertTo(rollouts, leads, new Date()) === undefined)
    return [`Rollout ${last.number} ended more than three days ago: AppConfig does not take it back any more.`];
  return [`To take rollout ${last.number} back leads to ${leads === undefined ? 'no rules' : `version ${leads}`}.`];
}

/** Stops a rollout, or takes back one that has ended, and waits until that is done: nothing else can begin before. */
async function stop({ store, target, sleep = pause }: Change, { number, state }: Rollout): Promise<void> {
  const progress = new LateProgress(`Taking rollout ${number} back`);
  try {
    if (state !== 'ROLLING_BACK') await store.stop(number);
    for (let waited = 0; waited < 60; waited++) {
      const now = (await store.rollout(number)).rollout.state;
      if (now === 'ROLLED_BACK' || now === 'REVERTED') return progress.end();
      await sleep(1000);
    }
    throw new Failure(`Rollout ${number} is still being taken back after a minute: ${commandLine(target, 'status')}`);
  } catch (error) {
    progress.end('failed');
    throw error;
  }
}

function stopped(change: Change, { version, number }: Rollout, live: number | undefined): void {
  tell(
    change,
    live === undefined
      ? `Version ${version} was stopped. There was none before it: until a push everything is kept.`
      : `Version ${version} was stopped; version ${live} decides again within 60 s.`,
  );
  const effectiveAt = decidesFrom({ minutes: 0 }, new Date());
  report(change, { did: 'stopped', version, rollout: number, state: 'ROLLED_BACK', live: live ?? null, effectiveAt });
}

/** Refuses a version that was never out, or is not there any more, before anything is stopped. */
async function mustBeThere({ store }: Change, rollouts: readonly Rollout[], version: number): Promise<void> {
  if (!rollouts.some((rollout) => rollout.version === version))
    throw new Failure(
      `Version ${version} was never rolled out. Good ones: ${goodVersions(rollouts).join(', ') || 'none'}.`,
    );
  if ((await store.read(version)) === undefined)
    throw new Failure(`Version ${version} was deleted from AppConfig. Push the rules it had from git.`);
}
