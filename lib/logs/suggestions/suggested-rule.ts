import { LEVELS } from '../rules/level';
import type { Match } from '../rules/log-match';
import type { LogRule, RuleTest } from '../rules/log-rule';
import type { LineKind } from './line-group';
import type { LinePattern } from './line-pattern';
import { constants } from './template';
import type { ShownRecords } from './shown-record';
import { MEMBER_END } from './said';
import { shownTemplate } from './variables';

/** The share that a rule keeps of lines that are worth a sample. */
const RATE = 0.1;
/** Characters of an id, and of a pattern in a description. */
const ID_AT_MOST = 40;
const PATTERN_AT_MOST = 80;

/** What else a rule is made of. */
export interface RuleParts {
  /** How much of a line its tests show. */
  readonly form: 'short' | 'long';
  /** Shows lines. */
  readonly records: ShownRecords;
  /** A pattern of the same workload that the rule leaves alone. */
  readonly spared: LinePattern | undefined;
  /** Ids that are taken. */
  readonly taken: ReadonlySet<string>;
}

/** The rule for a pattern, as a dry run: drops what is there for debugging and probes, keeps a tenth of all else. */
export function ruleOf(pattern: LinePattern, template: string, match: Match, parts: RuleParts): LogRule {
  const { kind } = pattern;
  const id = idOf(kind, template, parts.taken);
  const isDropped = isForDebugging(kind) || kind.probe !== undefined;
  const test = (
    name: string,
    { examples: [line = ''], kind: of }: LinePattern,
    expect: RuleTest['expect'],
  ): RuleTest => ({
    name,
    record: parts.form === 'short' ? parts.records.short(line, of) : parts.records.long(line),
    expect,
  });
  const isHot = kind.to.includes('cloudwatch');
  return {
    id,
    action: isDropped ? 'drop' : 'sample',
    description: descriptionOf(kind, template),
    ...(isDropped ? {} : { rate: RATE, ...(isHot ? { to: kind.to } : {}) }),
    dryRun: true,
    match,
    tests: [
      test('a line of the sample', pattern, isDropped ? 'drop' : { rule: id }),
      ...(parts.spared === undefined ? [] : [test('one it leaves alone', parts.spared, 'unmatched')]),
    ],
  };
}

/** The part of what a rule takes that it lets go. */
export function dropped({ action, rate = 0 }: LogRule): number {
  return action === 'sample' ? 1 - rate : 1;
}

/** A workload as people name it. */
export function workloadOf({ namespace, container }: LineKind): string {
  return [namespace, container].filter((name) => name !== '').join('/') || 'no pod';
}

/** A template as people read it, on one line. */
export function patternText(template: string): string {
  return shownTemplate(template.replaceAll(MEMBER_END, ' ')).replace(/\s+/g, ' ').trim();
}

function isForDebugging({ rank }: LineKind): boolean {
  return rank > 0 && rank <= LEVELS.indexOf('debug') + 1;
}

function descriptionOf(kind: LineKind, template: string): string {
  const text = patternText(template);
  const pattern = text.length > PATTERN_AT_MOST ? `${text.slice(0, PATTERN_AT_MOST)}…` : text;
  const what = kind.probe === undefined ? '' : `probes by ${kind.probe.text}; those that fail stay. `;
  return `${what}${workloadOf(kind)}: ${pattern}`;
}

/** An id of the container and the first words of what is constant. */
function idOf({ namespace, container, probe }: LineKind, template: string, taken: ReadonlySet<string>): string {
  const said = constants(template).join(' ').replaceAll(MEMBER_END, ' ');
  const words = [container || namespace, ...(probe === undefined ? [said] : ['probes'])]
    .join(' ')
    .match(/[A-Za-z]{2,}/g);
  const id = (words ?? ['pattern']).reduce((so, word) => {
    const longer = so === '' ? word : `${so}-${word}`;
    return longer.length > ID_AT_MOST ? so : longer;
  }, '');
  const slug = id === '' ? 'pattern' : id.toLowerCase();
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? slug : `${slug}-${number}`;
    if (!taken.has(candidate)) return candidate;
  }
}
