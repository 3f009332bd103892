import type { Warning } from '../validate';
import { expiryOf } from './rules/expiry';
import type { LogRule, LogRules, NeverDrop } from './rules/log-rule';
import { matchesAll } from './rules/matches-all';
import { listOf } from './rules/text-test';

const DAY = 24 * 60 * 60 * 1000;
/** How long before its end a rule is told of. */
const SOON = 14 * DAY;

/** What is legal in a set of rules and most likely not meant: first the guards, then the rules in their order. */
export function ruleWarnings({ rules, neverDrop = {}, default: rest }: LogRules, now: Date): Warning[] {
  const stops = rules.findIndex(decidesAll);
  const guards = guardWarnings(neverDrop);
  return [
    ...guards,
    ...(rest === 'drop' && guards.length === 0 && !rules.some((rule) => keeps(rule, now)) ? [DROPS_THE_REST] : []),
    ...rules.flatMap((rule, index) => [
      ...expiry(rule, now.getTime()),
      ...untested(rule),
      ...dropsAll(rule),
      ...(stops >= 0 && index > stops && rule.enabled !== false
        ? [warning(rule, 'unreachable', `is never reached: ${shown(rules[stops])} decides every record before it`)]
        : []),
      ...(rule.overrides === undefined
        ? []
        : [warning(rule, 'overrides', 'may drop even what `neverDrop` guards: errors, audit records, security tools')]),
      ...(rule.action === 'sample' && (rule.rate === 0 || rule.rate === 1)
        ? [
            warning(
              rule,
              'rate',
              `keeps ${rule.rate === 0 ? 'nothing' : 'everything'}: \`${rule.rate === 0 ? 'drop' : 'keep'}\` says so`,
            ),
          ]
        : []),
    ]),
  ];
}

const DROPS_THE_REST: Warning = {
  id: 'kotohajime:log-rules-keep-nothing',
  message: '`default: drop` without a rule that keeps something drops everything no guard holds',
};

/** Whether a rule keeps something of what comes, now. */
function keeps({ action, rate, enabled, dryRun, expires }: LogRule, now: Date): boolean {
  if (enabled === false || dryRun === true || (expires !== undefined && (expiryOf(expires) ?? 0) <= now.getTime()))
    return false;
  return action === 'keep' || (action === 'sample' && rate !== 0);
}

function guardWarnings(guards: NeverDrop): Warning[] {
  return Object.entries(guards)
    .filter(([, guard]) => guard !== false && listOf(guard).some(matchesAll))
    .map(([name]) => ({
      id: 'kotohajime:log-rule-guards-all',
      message: `the guard ${JSON.stringify(name)} fits about every record: no rule drops anything without \`overrides\``,
    }));
}

function dropsAll(rule: LogRule): Warning[] {
  if (rule.action !== 'drop' || rule.enabled === false || rule.match === undefined || !matchesAll(rule.match))
    return [];
  return [
    warning(rule, 'drops-all', 'fits about every record: to drop the rest, write `default: drop` beside `rules`'),
  ];
}

function expiry(rule: LogRule, now: number): Warning[] {
  const end = rule.expires === undefined ? undefined : expiryOf(rule.expires);
  if (end === undefined || rule.enabled === false || end - now > SOON) return [];
  return end <= now
    ? [
        warning(
          rule,
          'expired',
          `has expired (${rule.expires}) and does nothing any more: remove it or give it another day`,
        ),
      ]
    : [warning(rule, 'expires-soon', `expires in ${Math.ceil((end - now) / DAY)} days (${rule.expires})`)];
}

/** A rule that takes records away should show on examples that it takes the right ones. */
function untested(rule: LogRule): Warning[] {
  if (rule.action === 'keep' || (rule.tests ?? []).length > 0) return [];
  return [warning(rule, 'untested', `has no \`tests\`: what a \`${rule.action}\` takes should be shown on a record`)];
}

function decidesAll({ action, match, enabled, dryRun, expires }: LogRule): boolean {
  const always = enabled !== false && dryRun !== true && expires === undefined;
  return always && (action === 'keep' || action === 'sample') && matchesAll(match ?? {});
}

function shown(rule: LogRule | undefined): string {
  return JSON.stringify(rule?.id ?? '');
}

function warning(rule: LogRule, id: string, text: string): Warning {
  return { id: `kotohajime:log-rule-${id}`, message: `rule ${shown(rule)} ${text}` };
}
