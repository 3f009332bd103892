import { LEVELS } from '../../lib/logs/rules/level';
import { dropped, patternText, workloadOf } from '../../lib/logs/suggestions/suggested-rule';
import type { RuleProposal } from '../../lib/logs/suggestions/suggestions';
import { fittingTable, table } from '../../sandbox/table';
import { bytes, count, counted, dollars, percent } from './figures';
import { noPrice, usdBy, type MoneyOptions } from './money';
import { mostlyNoRecords } from './sample-source';
import type { Found } from './suggest';
import { colour } from '../use';

/** The width of what is no terminal, and the least a pattern gets. */
const WIDTH = 160;
const PATTERN_LEAST = 24;

/** What was found as a table, what each rule would do, and what is not in the table. */
export function suggestionText(found: Found, options: MoneyOptions): string {
  const { sample, mined, suggested } = found;
  const { came, kept, unparsed } = mined;
  const share = `the rules keep ${percent(kept.bytes, came.bytes)}`;
  const head = [
    colour.bold(`${counted(came.records, 'record')}, ${bytes(came.bytes)} (${sample.from}); ${share}`),
    ...mostlyNoRecords(came.records, unparsed.records),
  ];
  if (suggested.length === 0) return [...head, nothing(kept.records), ...leftOut(found)].join('\n');
  return [
    ...head,
    patternTable(found, options),
    ...moneyNotes(found, options),
    ...leftOut(found),
    ...rulesText(found, options),
  ].join('\n');
}

/** Why there is nothing to show. */
export function nothing(kept: number): string {
  return kept === 0
    ? 'The rules keep nothing of it: there is nothing to suggest.'
    : 'Nothing of what is kept is in a pattern: there is nothing to suggest.';
}

function patternTable({ mined, suggested }: Found, options: MoneyOptions): string {
  const usd = usdBy(mined, options);
  const money = options.gbPerDay === undefined ? 'In CloudWatch' : 'In CloudWatch a day';
  const head = ['', 'Workload', 'Pattern', 'Records', 'Bytes', 'Of kept', 'Level', money, 'Kept by', 'Rule'];
  const rows = (width: number): (string | number)[][] =>
    suggested.map(({ pattern: { kind, volume }, template, proposal }, index) => [
      index + 1,
      workloadOf(kind),
      cut(patternText(template), width),
      count(volume.records),
      bytes(volume.bytes),
      percent(volume.bytes, mined.kept.bytes),
      LEVELS[kind.rank - 1] ?? '–',
      usd === undefined ? '' : inBrackets(dollars(usd(volume.bytes)), !kind.to.includes('cloudwatch')),
      kind.keeper?.id ?? 'default',
      proposal === undefined ? (kind.guarded ? 'guarded' : 'none') : doing(proposal),
    ]);
  const columns = process.stdout.columns ?? WIDTH;
  const left = columns - (table(head, rows(1)).split('\n')[0] ?? '').length + 'Pattern'.length;
  // where it does not fit each row stands by itself, and its pattern on a line of its own
  return fittingTable(head, rows(left < PATTERN_LEAST ? columns - '  Pattern: '.length : left), columns);
}

function moneyNotes({ mined, suggested, sample }: Found, options: MoneyOptions): string[] {
  if (usdBy(mined, options) === undefined) return [noPrice(options)];
  const isCold = suggested.some(({ pattern: { kind } }) => !kind.to.includes('cloudwatch'));
  const day = options.gbPerDay === undefined ? '' : `, and ${options.gbPerDay} GB a day are taken for that`;
  return [
    ...(isCold ? ['In brackets: what is not sent to CloudWatch Logs now, and costs nothing there.'] : []),
    ...(sample.keptOnly === true ? [`The sample is what the rules of then kept${day}.`] : []),
  ];
}

/** What is kept and not in the table. */
function leftOut({ mined, suggested }: Found): string[] {
  const { kept, ungrouped, unparsed } = mined;
  const sum = (what: 'records' | 'bytes'): number =>
    suggested.reduce((so, { pattern }) => so - pattern.volume[what], kept[what] - ungrouped[what] - unparsed[what]);
  const smaller = { records: sum('records'), bytes: sum('bytes') };
  const part = ({ records, bytes: size }: typeof smaller, what: string): string[] =>
    records === 0 ? [] : [`${counted(records, 'record')}, ${percent(size, kept.bytes)} of what is kept, ${what}`];
  return [
    ...part(smaller, 'in smaller patterns.'),
    ...part(ungrouped, 'in no pattern: too rare, or too varied to be followed.'),
    ...part(unparsed, 'no JSON: no rule can take it.'),
  ];
}

function rulesText(found: Found, options: MoneyOptions): string[] {
  const { file, suggested } = found;
  const lines = suggested.map(({ proposal, why, pattern }, index) => {
    const number = String(index + 1).padStart(String(suggested.length).length + 1);
    if (proposal === undefined) return `${number}  ${colour.dim(`no rule: ${why}`)}`;
    const { records } = pattern.volume;
    return `${number}  ${colour.green(doing(proposal))} ${proposal.rule.id}: takes ${counted(records, 'record')}${othersText(proposal)}${beforeText(proposal)}`;
  });
  const less = lessText(found, options);
  return [
    '',
    ...lines,
    ...(less === undefined ? [] : ['', less, `Each rule is a dry run; --yaml prints them for ${file}.`]),
  ];
}

/** How much less would be kept with all rules; undefined without any. */
function lessText({ suggested, mined }: Found, options: MoneyOptions): string | undefined {
  const saved = suggested.flatMap(({ proposal, pattern: { volume, kind } }) =>
    proposal === undefined
      ? []
      : [{ bytes: volume.bytes * dropped(proposal.rule), isHot: kind.to.includes('cloudwatch') }],
  );
  if (saved.length === 0) return undefined;
  const sum = (all: typeof saved): number => all.reduce((so, each) => so + each.bytes, 0);
  const usd = usdBy(mined, options);
  const money =
    usd === undefined
      ? ''
      : ` CloudWatch Logs would take ${dollars(usd(sum(saved)))} for that${options.gbPerDay === undefined ? '' : ' a day'}; now it takes ${dollars(usd(sum(saved.filter(({ isHot }) => isHot))))}.`;
  return `With these rules ${percent(sum(saved), mined.kept.bytes)} less would be kept.${money}`;
}

/** What a rule does, with its rate. */
export function doing({ rule: { action, rate } }: RuleProposal): string {
  return rate === undefined ? action : `${action} ${rate}`;
}

/** What a rule takes of other patterns. */
export function othersText({ others }: RuleProposal): string {
  return others.records === 0 ? ', nothing else' : ` and about ${count(others.records)} of other patterns`;
}

function beforeText({ before }: RuleProposal): string {
  return before === undefined ? '' : `; before rule "${before}", which keeps them`;
}

/** A pattern that does not fit begins with its first word: what varies before it says least. */
function cut(text: string, width: number): string {
  if (text.length <= width) return text;
  const word = /(?<![<\w])[A-Za-z]{2,}/.exec(text)?.index ?? 0;
  const start = text.lastIndexOf(' ', word) + 1;
  const rest = start > 2 ? `…${text.slice(start)}` : text;
  return rest.length <= width ? rest : `${rest.slice(0, width - 1)}…`;
}

function inBrackets(text: string, isSo: boolean): string {
  return isSo ? `(${text})` : text;
}
