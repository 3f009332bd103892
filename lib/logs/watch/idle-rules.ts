import { goodVersions, type Rollout } from '../rule-history';
import { expiryOf } from '../rules/expiry';
import type { LogRule, LogRules } from '../rules/log-rule';

/** Days a rule may match nothing before somebody should ask what it is for. */
export const IDLE_DAYS = 30;

/** The version that decided that long ago, and the one that decides now; undefined if either is not known. */
export function versionsToCompare(rollouts: readonly Rollout[], now: Date): { then: number; live: number } | undefined {
  const limit = now.getTime() - IDLE_DAYS * 24 * 60 * 60 * 1000;
  const then = goodVersions(
    rollouts.filter(({ startedAt }) => startedAt !== undefined && startedAt.getTime() <= limit),
  );
  const before = then.at(-1);
  const live = goodVersions(rollouts).at(-1);
  return before === undefined || live === undefined ? undefined : { then: before, live };
}

/** The rules that could have matched all the time: they were there then, they are there now, and they take part. */
export function oldRules(then: LogRules, live: LogRules, now: Date): LogRule[] {
  const known = new Set(then.rules.filter((rule) => takesPart(rule, now)).map(({ id }) => id));
  return live.rules.filter((rule) => known.has(rule.id) && takesPart(rule, now));
}

function takesPart({ enabled = true, expires }: LogRule, now: Date): boolean {
  const end = expires === undefined ? undefined : expiryOf(expires);
  return enabled && (end === undefined || end > now.getTime());
}
