import { compileRules, decide } from '../rules/engine';
import type { LogRule, LogRules } from '../rules/log-rule';
import type { Match } from '../rules/log-match';
import { rulesProblems } from '../rules/rules-problems';
import { runRuleTests } from '../rules/rule-tests';
import type { Volume } from '../sample-tally';
import type { LinePattern } from './line-pattern';
import type { MinedSample } from './mined-sample';
import { narrowMatches } from './narrow-match';
import { Reach, type Others } from './reach';
import { ruleOf } from './suggested-rule';
import { templateShown } from './shown-template';
import { ShownRecords } from './shown-record';

/** A rule, and what it would do. */
export interface RuleProposal {
  /** The rule, as a dry run. */
  readonly rule: LogRule;
  /**
   * The rule it must stand before, which keeps these lines: behind it, it would do nothing.
   *
   * @default - anywhere will do
   */
  readonly before?: string;
  /** What it would take of what is kept: the pattern, and about so many lines of others. */
  readonly takes: Volume;
  /** About how many of them are of other patterns. */
  readonly others: Volume;
}

/** A pattern, and what is to be done about it. */
export interface Suggestion {
  /** The pattern. */
  readonly pattern: LinePattern;
  /** Its template without what is nobody's business. */
  readonly template: string;
  /**
   * The rule for it.
   *
   * @default - none, for the reason in `why`
   */
  readonly proposal?: RuleProposal;
  /**
   * Why there is no rule for it.
   *
   * @default - there is one
   */
  readonly why?: string;
}

/** The share of what is kept from which on a pattern is worth a rule. */
const WORTH = 0.001;
/** The share of its own lines that a rule may take of others without looking for a narrower one. */
const FEW = 0.01;
/** The share that it may take at all. */
const MOST = 0.1;

/**
 * What to do about the largest patterns of a sample; a single line is no pattern. `arrival` is when its lines are said to
 * arrive.
 */
export function suggestions(mined: MinedSample, top: number, arrival: number): Suggestion[] {
  const patterns = mined.patterns();
  const again = patterns.filter(({ volume }) => volume.records > 1);
  const reach = new Reach(patterns, mined.ungrouped);
  const records = new ShownRecords(mined.rules, arrival);
  const accepted: RuleProposal[] = [];
  return again.slice(0, top).map((pattern): Suggestion => {
    const template = templateShown(pattern, records);
    const found =
      hindrance(pattern, mined) ??
      takenBy(pattern, accepted, reach) ??
      proposed(pattern, template, { rules: mined.rules, reach, records, accepted });
    if (typeof found === 'string') return { pattern, template, why: found };
    accepted.push(found);
    return { pattern, template, proposal: found };
  });
}

/** What speaks against any rule; undefined if nothing does. */
function hindrance({ kind, would, volume, examples }: LinePattern, { rules, kept }: MinedSample): string | undefined {
  if (kind.guarded) return 'guarded by neverDrop';
  if (kind.answer?.isGood === false) return 'requests that failed are news';
  if (kind.keeper?.action === 'sample') return `sampled by "${kind.keeper.id}": a lower \`rate\` keeps less`;
  for (const [rule, taken] of would) {
    const expected = rule.action === 'sample' ? 1 - (rule.rate ?? 1) : 1;
    if (taken >= (volume.records * expected) / 2) return `"${rule.id}" would take it: it is a dry run`;
  }
  if (rules.default === 'drop' && kind.keeper === undefined) return 'guarded by neverDrop';
  if (volume.bytes < kept.bytes * WORTH) return 'too little to be worth a rule';
  return examples.length === 0 ? 'its lines are too long for the test of a rule' : undefined;
}

function takenBy(pattern: LinePattern, accepted: readonly RuleProposal[], reach: Reach): string | undefined {
  const taking = accepted.find(({ rule }) => reach.takesAll(rule.match ?? {}, pattern));
  return taking === undefined ? undefined : `"${taking.rule.id}" takes it too`;
}

interface Circumstances {
  readonly rules: LogRules;
  readonly reach: Reach;
  readonly records: ShownRecords;
  readonly accepted: readonly RuleProposal[];
}

function proposed(pattern: LinePattern, template: string, around: Circumstances): RuleProposal | string {
  const { reach, accepted, rules } = around;
  const narrowest = narrowestOf(pattern, template, reach);
  if (typeof narrowest === 'string') return narrowest;
  const { match, others } = narrowest;
  const taken = new Set([...rules.rules, ...accepted.map(({ rule }) => rule)].map(({ id }) => id));
  const { kind, volume } = pattern;
  for (const form of ['short', 'long'] as const) {
    const rule = ruleOf(pattern, template, match, { form, records: around.records, spared: others.spared, taken });
    const before = kind.keeper?.id;
    const proposal: RuleProposal = {
      rule,
      ...(before === undefined ? {} : { before }),
      takes: { records: volume.records + others.volume.records, bytes: volume.bytes + others.volume.bytes },
      others: others.volume,
    };
    if (isSound(rules, [...accepted, proposal])) return proposal;
  }
  const expired = expiredFor(pattern, rules);
  return expired === undefined
    ? 'what may be shown of its lines does not show what a rule would look at'
    : `"${expired}" has expired and still decides in tests: take it out`;
}

/** The rule that would decide about a pattern, had it not expired: in tests no rule has. */
function expiredFor({ examples: [line = ''], kind }: LinePattern, rules: LogRules): string | undefined {
  const timeless = { ...rules, rules: rules.rules.map((rule) => ({ ...rule, expires: undefined })) };
  const id = decide(compileRules(timeless), line, 0).rule?.id;
  return id === kind.keeper?.id ? undefined : id;
}

/** The first match that takes few others, or the one that takes the fewest. */
function narrowestOf(
  pattern: LinePattern,
  template: string,
  reach: Reach,
): { readonly match: Match; readonly others: Others } | string {
  const found = narrowMatches(pattern.kind, template)
    .filter((match) => reach.takesAll(match, pattern))
    .map((match) => ({ match, others: reach.others(match, pattern) }));
  const [first, ...further] = found;
  if (first === undefined) return 'its lines have too little in common for a rule';
  const few = found.find(({ others }) => others.volume.records <= pattern.volume.records * FEW);
  const least = few ?? further.reduce((best, each) => (lines(each) < lines(best) ? each : best), first);
  if (lines(least) > pattern.volume.records * MOST)
    return `what its lines have in common is also in about ${lines(least).toLocaleString('en-US')} others`;
  return least;
}

function lines({ others }: { readonly others: Others }): number {
  return others.volume.records;
}

/** Whether the last of some proposals has no mistake and passes its tests, with the others switched on before it. */
function isSound(rules: LogRules, proposals: readonly RuleProposal[]): boolean {
  const last = proposals.at(-1)?.rule;
  if (last === undefined || rulesProblems({ version: 1, rules: [last] }).length > 0) return false;
  const own = rules.rules.map(({ tests: _, ...rule }) => rule);
  const at = placeOf(rules, proposals);
  const added = proposals.map(({ rule }) => (rule === last ? last : { ...rule, tests: undefined, dryRun: false }));
  const all = { ...rules, rules: [...own.slice(0, at), ...added, ...own.slice(at)] };
  return runRuleTests(all).every(({ failures }) => failures.length === 0);
}

/** Where in the list proposals do what they should: before the first rule that one of them must stand before. */
export function placeOf({ rules }: LogRules, proposals: readonly RuleProposal[]): number {
  const places = proposals.map(({ before }) => rules.findIndex(({ id }) => id === before)).filter((at) => at >= 0);
  return Math.min(rules.length, ...places);
}
