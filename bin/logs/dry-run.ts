import { ruleChanges, type RuleChanges } from '../../lib/logs/rule-changes';
import { liveVersion, runningRollout } from '../../lib/logs/rule-history';
import type { LogRules } from '../../lib/logs/rules/log-rule';
import { parseStoredRules } from '../../lib/logs/rules/stored-rules';
import { say } from '../use';
import { tell, type Change } from './change-report';
import { commandLine } from './command-line';
import { counted } from './figures';
import { refuse, tried, withSameRules, type Pushed } from './push';
import { stateInWords } from './rollout';

/** Says what a push would do, and does nothing of it; fails where the push would. */
export async function dryRun(change: Change, pushed: Pushed, words: readonly string[]): Promise<void> {
  const { store, target, json } = change;
  const warnings = tried(change, pushed, 'This would not be pushed.');
  const rollouts = await store.rollouts();
  const live = liveVersion(rollouts);
  const running = runningRollout(rollouts);
  const same = await withSameRules(store, rollouts, pushed.rules);
  const stored = live === undefined ? undefined : await store.read(live);
  const before = stored === undefined ? undefined : parseStoredRules(stored.text).rules;
  const changes = before === undefined ? undefined : ruleChanges(before, pushed.rules);
  if (same === undefined) await refuse(change, rollouts, 'This would not be pushed');
  if (json) {
    const machine = { dryRun: true, wouldPush: same === undefined, live: live ?? null, running: running ?? null };
    say(JSON.stringify({ platform: target.platform, ...machine, changes: changes ?? null, warnings }, null, 2));
    return;
  }
  if (same !== undefined) {
    const how = same.running === undefined ? 'is live' : stateInWords(same.running);
    tell(change, `Version ${same.version} with the same rules ${how}: a push would do nothing.`);
    return;
  }
  tell(change, against(live, changes, pushed.rules));
  tell(change, `Nothing was pushed. To do it: ${commandLine(target, 'push', ...words)}`);
}

function against(live: number | undefined, changes: RuleChanges | undefined, { rules }: LogRules): string {
  if (live === undefined) return `No rules are live: everything is kept. These would be the first, ${rulesOf(rules)}.`;
  if (changes === undefined) return `Version ${live} is live, and cannot be read to compare it.`;
  return `Version ${live} is live. Against it: ${changesInWords(changes)}.`;
}

function rulesOf(rules: readonly unknown[]): string {
  return counted(rules.length, 'rule');
}

/** How many ids are named. */
const NAMED = 5;

/** What is other, in words. */
export function changesInWords({ added, gone, changed, reordered, settings }: RuleChanges): string {
  const some = (ids: readonly string[], what: string): string[] => {
    if (ids.length === 0) return [];
    const more = ids.length > NAMED ? ', …' : '';
    return [`${counted(ids.length, 'rule')} ${what} (${ids.slice(0, NAMED).join(', ')}${more})`];
  };
  const all = [
    ...some(added, 'added'),
    ...some(gone, 'taken out'),
    ...some(changed, 'changed'),
    ...(reordered ? ['another order'] : []),
    ...settings.map((name) => `another \`${name}\``),
  ];
  return all.length === 0 ? 'the same rules' : all.join('; ');
}
