import { isDeepStrictEqual } from 'node:util';
import type { LogRules } from './rules/log-rule';

/** What of the rules is other than before. */
export interface RuleChanges {
  /** Ids of rules that are new. */
  readonly added: readonly string[];
  /** Ids of rules that are gone. */
  readonly gone: readonly string[];
  /** Ids of rules that are written otherwise. */
  readonly changed: readonly string[];
  /** Whether the rules that stay are tried in another order. */
  readonly reordered: boolean;
  /** What else is other: `default`, `neverDrop`. */
  readonly settings: readonly string[];
}

/** Compares two sets of rules as they are written. */
export function ruleChanges(before: LogRules, after: LogRules): RuleChanges {
  const [old, now] = [before, after].map(({ rules }) => new Map(rules.map((rule) => [rule.id, rule])));
  const ids = [...(now?.keys() ?? [])];
  const stay = ids.filter((id) => old?.has(id));
  return {
    added: ids.filter((id) => !old?.has(id)),
    gone: [...(old?.keys() ?? [])].filter((id) => !now?.has(id)),
    changed: stay.filter((id) => !isDeepStrictEqual(plain(old?.get(id)), plain(now?.get(id)))),
    reordered: !isDeepStrictEqual(
      stay,
      [...(old?.keys() ?? [])].filter((id) => now?.has(id)),
    ),
    settings: (['default', 'neverDrop'] as const).filter(
      (name) => !isDeepStrictEqual(plain(before[name]), plain(after[name])),
    ),
  };
}

/** Whether two sets of rules are the same, however they are written. */
export function sameRules(one: unknown, other: unknown): boolean {
  return isDeepStrictEqual(plain(one), plain(other));
}

/** As the store has it: without what is undefined. */
function plain(value: unknown): unknown {
  return value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown);
}
