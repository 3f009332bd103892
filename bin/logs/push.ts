import { liveVersion, runningRollout, type Rollout } from '../../lib/logs/rule-history';
import { sameRules } from '../../lib/logs/rule-changes';
import { ruleWarnings } from '../../lib/logs/rule-warnings';
import type { LogRules } from '../../lib/logs/rules/log-rule';
import type { Warning } from '../../lib/validate';
import { Failure } from '../../sandbox/failure';
import { author } from './author';
import { report, tell, type Change } from './change-report';
import { commandLine } from './command-line';
import { counted } from './figures';
import { refuseWhileRinging, wayBack } from './ringing';
import { rollOut, watch } from './begin-rollout';
import { clock, decidesFrom, stateInWords, watchedUntil } from './rollout';
import type { RuleFile } from './rule-file';
import { failed, testText } from './rule-tests';
import { runRuleTests } from '../../lib/logs/rules/rule-tests';
import type { RuleStore } from './rule-store';
import { warningLines } from './warning-lines';

/** Rules to be pushed. */
export interface Pushed {
  /** The rule file. */
  readonly file: Pick<RuleFile, 'name' | 'path'>;
  /** What it holds. */
  readonly rules: LogRules;
}

/** Makes rules live; tests that fail, or a rollout that goes on, stop it before anything is changed. */
export async function push(change: Change, { file, rules }: Pushed): Promise<void> {
  const { store, wait } = change;
  const warnings = tried(change, { file, rules }, 'Nothing was pushed.');
  const rollouts = await store.rollouts();
  const same = await withSameRules(store, rollouts, rules);
  if (same !== undefined) {
    const { version, running } = same;
    tell(
      change,
      `Nothing to push: version ${version} with the same rules ${running === undefined ? 'is live' : stateInWords(running)}.`,
    );
    const outcome = { version, live: version, warnings, ...(running === undefined ? {} : facts(running)) };
    const ended = wait && running !== undefined ? await watch(change, running, outcome) : undefined;
    report(change, { ...outcome, ...(ended === undefined ? {} : { state: ended.rollout.state }) });
    return;
  }
  await refuse(change, rollouts, 'Nothing was pushed');

  const live = liveVersion(rollouts);
  const version = await store.add({ text: JSON.stringify(rules), description: author(file) });
  await rollOut(change, {
    version,
    live,
    description: `push of version ${version}`,
    told: (rollout) =>
      `Version ${version} with ${counted(rules.rules.length, 'rule')} ${stateInWords(rollout)} (rollout ${rollout.number}).`,
    // before the first version there is none to go back to
    undo: live === undefined ? ['rollback', '--to-nothing'] : ['rollback'],
    warnings,
    refused: () => store.remove(version), // it never was live
  });
}

/** Runs the tests of the rules, and says what is doubtful in them. */
export function tried(change: Pick<Change, 'json' | 'target'>, { file, rules }: Pushed, refused: string): Warning[] {
  const results = runRuleTests(rules);
  if (failed(results).length > 0) throw new Failure(`${refused}\n${testText(file.name, results)}`);
  const warnings = ruleWarnings(rules, new Date());
  const which = /^config\/logs\//.test(file.name)
    ? change.target.platform
    : `--rules ${file.path === undefined ? '-' : file.name}`;
  tell(change, [testText(file.name, results), ...warningLines(warnings, `npx hajime logs check ${which}`)].join('\n'));
  return warnings;
}

/** The version that holds the same rules already, if it is live or on its way to be. */
export async function withSameRules(
  store: Pick<RuleStore, 'read'>,
  rollouts: readonly Rollout[],
  rules: LogRules,
): Promise<{ readonly version: number; readonly running: Rollout | undefined } | undefined> {
  const running = runningRollout(rollouts);
  const newest = running?.state === 'ROLLING_BACK' ? undefined : (running?.version ?? liveVersion(rollouts));
  const stored = newest === undefined ? undefined : await store.read(newest);
  return newest !== undefined && stored !== undefined && sameRules(asStored(stored.text), rules)
    ? { version: newest, running }
    : undefined;
}

/** Refuses what AppConfig would refuse, or take back at once. */
export async function refuse(change: Change, rollouts: readonly Rollout[], refused: string): Promise<void> {
  const { target } = change;
  const running = runningRollout(rollouts);
  if (running !== undefined) {
    const began = running.startedAt === undefined ? '' : `, begun ${running.startedAt.toISOString().slice(11, 16)} UTC`;
    const end = watchedUntil(running);
    throw new Failure(
      [
        `${refused}: version ${running.version} ${stateInWords(running)} (rollout ${running.number}${began}). AppConfig runs one rollout at a time.`,
        `Wait for it${end === undefined ? '' : `, until ${clock(end)}`}: ${commandLine(target, 'status')}`,
        `Or stop it: ${commandLine(target, 'rollback')}`,
      ].join('\n'),
    );
  }
  await refuseWhileRinging(change, refused, liveVersion(rollouts), ...wayBack(change, rollouts));
}

function facts(running: Rollout): {
  rollout: number;
  state: Rollout['state'];
  effectiveAt: Date | null;
  watchedUntil: Date | null;
} {
  const { number, state, startedAt } = running;
  return {
    rollout: number,
    state,
    effectiveAt: startedAt === undefined ? null : decidesFrom(running, startedAt),
    watchedUntil: watchedUntil(running) ?? null,
  };
}

function asStored(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined; // somebody put something else there; it is not the same
  }
}
