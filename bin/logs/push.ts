import { isDeepStrictEqual } from 'node:util';
import { liveVersion, previousVersion, goodVersions, runningRollout, type Rollout } from '../../lib/logs/rule-history';
import type { LogRules } from '../../lib/logs/rules/log-rule';
import { Failure } from '../../sandbox/failure';
import { Progress } from '../../sandbox/progress';
import { author } from './author';
import { counted } from './figures';
import { effect, pause, stateInWords, waitFor } from './rollout';
import type { RuleStore } from './rule-store';
import { failed, testResults, testText } from './rule-tests';
import { say } from '../use';

/** Rules to be pushed, and where. */
export interface Push {
  /** The platform. */
  readonly platform: string;
  /** The rule file, as a user would write it. */
  readonly file: string;
  /** What it holds. */
  readonly rules: LogRules;
  /** The store of the platform's rules. */
  readonly store: RuleStore;
  /** The strategy of the rollout. */
  readonly strategy: string;
  /** Whether to wait until it is over. */
  readonly wait: boolean;
}

/** Makes rules live; tests that fail, or a rollout that goes on, stop it before anything is changed. */
export async function push({ platform, file, rules, store, strategy, wait }: Push): Promise<void> {
  const results = testResults(rules);
  if (failed(results).length > 0) throw new Failure(`Nothing was pushed.\n${testText(file, results)}`);
  say(testText(file, results));

  const rollouts = await store.rollouts();
  const running = runningRollout(rollouts);
  const newest = running?.state === 'ROLLING_BACK' ? undefined : (running?.version ?? liveVersion(rollouts));
  const stored = newest === undefined ? undefined : await store.read(newest);
  // the same, however it is written
  if (stored !== undefined && isDeepStrictEqual(asStored(stored.text), asStored(JSON.stringify(rules)))) {
    const how = running === undefined ? 'is live' : stateInWords(running);
    say(`Nothing to push: version ${newest} with the same rules ${how}.`);
    if (wait && running !== undefined) await watch(store, running.number);
    return;
  }
  if (running !== undefined) throw refusal(platform, running);

  const version = await store.add({ text: JSON.stringify(rules), description: author(file) });
  let rollout: Rollout;
  try {
    rollout = await store.start(version, strategy, `push of version ${version}`);
  } catch (error) {
    await store.remove(version).catch(() => undefined); // it never was live; what went wrong is the message
    throw error;
  }
  say(
    `Version ${version} with ${counted(rules.rules.length, 'rule')} ${stateInWords(rollout)} (rollout ${rollout.number}).`,
  );
  await conclude(store, rollout, wait, `hajime logs rollback ${platform}`);
}

/** Makes the rules before the live ones live again; a rollout that goes on is stopped. */
export async function rollBack(
  { platform, store, strategy, wait }: Pick<Push, 'platform' | 'store' | 'strategy' | 'wait'>,
  to?: number,
): Promise<void> {
  const rollouts = await store.rollouts();
  const running = runningRollout(rollouts);
  if (running !== undefined) await stopRunning(store, running);
  const before = running === undefined ? rollouts : rollouts.filter(({ number }) => number !== running.number);
  const live = liveVersion(before);
  if (running !== undefined && (to === undefined || to === live)) {
    say(
      live === undefined
        ? `Version ${running.version} was stopped. There was none before it: until a push everything is kept.`
        : `Version ${running.version} was stopped; version ${live} decides again within 60 s.`,
    );
    return;
  }
  const target = to ?? previousVersion(rollouts);
  if (target === undefined)
    throw new Failure(
      live === undefined
        ? `No rules were ever live on ${platform}: there is nothing to roll back.`
        : `Version ${live} is the first that was live on ${platform}: there is none before it.`,
    );
  if (target === live) {
    say(`Version ${target} is live already.`);
    return;
  }
  if (to !== undefined && !rollouts.some(({ version }) => version === to))
    throw new Failure(`Version ${to} was never rolled out. Good ones: ${goodVersions(rollouts).join(', ') || 'none'}.`);
  if ((await store.read(target)) === undefined)
    throw new Failure(`Version ${target} was deleted from AppConfig. Push the rules it had from git.`);
  if (isRevert(rollouts, target)) {
    await stopRunning(store, rollouts[0] as Rollout);
    say(`Version ${live} was taken back; version ${target} decides again within 60 s.`);
    return;
  }
  const rollout = await store.start(target, strategy, `rollback from version ${live ?? 'none'} to version ${target}`);
  say(`Version ${target} ${stateInWords(rollout)} in place of version ${live ?? 'none'} (rollout ${rollout.number}).`);
  await conclude(store, rollout, wait);
}

/** How long AppConfig takes a rollout back after it has ended, less an hour for clocks that differ. */
const REVERT_HOURS = 71;

/**
 * Whether taking the last rollout back leads to a version. That is the better way there: a rollout of its own would be
 * stopped by the very alarm that the rules to be left have set off.
 */
function isRevert([last, ...before]: readonly Rollout[], version: number): boolean {
  const ended = last?.completedAt?.getTime() ?? 0;
  const fresh = Date.now() - ended < REVERT_HOURS * 3_600_000;
  return last?.state === 'COMPLETE' && fresh && liveVersion(before) === version;
}

/** Stops a rollout, and waits until that is done: nothing else can begin before. */
async function stopRunning(store: RuleStore, running: Rollout): Promise<void> {
  if (running.state !== 'ROLLING_BACK') await store.stop(running.number);
  for (let waited = 0; waited < 60; waited++) {
    if (runningRollout([(await store.rollout(running.number)).rollout]) === undefined) return;
    await pause(1000);
  }
  throw new Failure(`Rollout ${running.number} is still being taken back after a minute: see hajime logs status.`);
}

function refusal(platform: string, running: Rollout): Failure {
  const began = running.startedAt === undefined ? '' : `, begun ${running.startedAt.toISOString().slice(11, 16)} UTC`;
  return new Failure(
    `Nothing was pushed: version ${running.version} ${stateInWords(running)} (rollout ${running.number}${began}). AppConfig runs one rollout at a time.\nWait for it (hajime logs status ${platform}), or stop it: hajime logs rollback ${platform}`,
  );
}

async function conclude(store: RuleStore, rollout: Rollout, wait: boolean, undo?: string): Promise<void> {
  say(effect(rollout, new Date()));
  if (undo !== undefined) say(`To undo it: npx ${undo}`);
  if (wait) await watch(store, rollout.number);
}

/** Waits until a rollout and its watch are over; fails if it is taken back. */
async function watch(store: RuleStore, number: number): Promise<void> {
  const progress = new Progress();
  progress.step('Waiting for the rollout and its watch');
  try {
    await waitFor(store, number, progress);
    progress.done();
  } catch (error) {
    progress.failed();
    throw error;
  }
}

function asStored(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined; // somebody put something else there; it is not the same
  }
}
