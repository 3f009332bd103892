import { compileRules, decide } from '../../lib/logs/rules/engine';
import type { LogRules } from '../../lib/logs/rules/log-rule';
import { DEFAULT_RULE, SampleTally, type RuleTally } from '../../lib/logs/sample-tally';
import type { RuleTestResult } from '../../lib/logs/rules/rule-tests';
import { problemList } from '../../lib/validate';
import { fittingTable } from '../../sandbox/table';
import { bytes, count, counted, percent } from './figures';
import { LateProgress } from './late-progress';
import { money, moneyLines, savedBy, type MoneyOptions } from './money';
import type { RuleFile } from './rule-file';
import { failed, testText } from './rule-tests';
import { runRuleTests } from '../../lib/logs/rules/rule-tests';
import { mostlyNoRecords, recordsOf, type Sample } from './sample-source';
import { colour, say } from '../use';

/** Rules to be tested. */
export interface Tested {
  /** The rule file, as a user would write it. */
  readonly file: string;
  /** What it holds. */
  readonly rules: LogRules;
}

/** Runs the tests inside the rules of files, and tells what is wrong with those that are no rules; true if all is well. */
export function showTests(files: readonly RuleFile[], { json }: { readonly json?: true }): boolean {
  const sound = files.flatMap(({ name, parsed }) =>
    parsed.problems === undefined ? [{ file: name, results: runRuleTests(parsed.rules) }] : [],
  );
  const wrong = files.flatMap(({ name, parsed }) =>
    parsed.problems === undefined ? [] : [[name, parsed.problems] as const],
  );
  if (json === true) {
    const tests = Object.fromEntries(sound.map(({ file, results }) => [file, results.map(plainResult)]));
    say(JSON.stringify({ tests, ...(wrong.length === 0 ? {} : { problems: Object.fromEntries(wrong) }) }, null, 2));
  } else {
    for (const { file, results } of sound)
      say(`${failed(results).length === 0 ? colour.green('✓') : colour.red('✗')} ${testText(file, results)}`);
    for (const [file, problems] of wrong) say(`${colour.red('✗')} ${problemList(file, problems)}`);
  }
  return wrong.length === 0 && sound.every(({ results }) => failed(results).length === 0);
}

/** Shows what rules do to a sample; true if their own tests passed, too. */
export async function showSample(
  { file, rules }: Tested,
  sample: Sample,
  options: MoneyOptions & { readonly limit?: number; readonly json?: true },
): Promise<boolean> {
  const results = runRuleTests(rules);
  const sound = failed(results).length === 0;
  // before the sample, which may be none
  if (options.json !== true) say(`${sound ? colour.green('✓') : colour.red('✗')} ${testText(file, results)}`);
  const tally = await tallied(rules, sample, options.limit);
  if (options.json === true) {
    const perRule = Object.fromEntries(tally.rules);
    const told = { ...tally, rules: perRule, unparsed: Object.fromEntries(tally.unparsed) };
    const { from, keptOnly = false } = sample;
    const machine = { tests: { [file]: results.map(plainResult) }, sample: { from, keptOnly, ...told } };
    say(JSON.stringify({ ...machine, money: money(tally, options) }, null, 2));
    return sound;
  }
  say(colour.bold(`${counted(tally.came.records, 'record')}, ${bytes(tally.came.bytes)} (${sample.from})`));
  say(sampleText(rules, tally, { ...options, keptOnly: sample.keptOnly }));
  return sound;
}

function plainResult({ rule, name, failures }: RuleTestResult): object {
  return { rule, name, failures };
}

async function tallied(rules: LogRules, sample: Sample, limit?: number): Promise<SampleTally> {
  const engine = compileRules(rules);
  const tally = new SampleTally();
  const arrival = Date.now();
  const progress = new LateProgress('Deciding');
  try {
    for await (const lines of recordsOf(sample, limit)) {
      for (const line of lines) tally.add(line, decide(engine, line, arrival));
      progress.note(counted(tally.came.records, 'record'));
    }
    progress.end();
  } catch (error) {
    progress.end('failed');
    throw error;
  }
  return tally;
}

function sampleText(rules: LogRules, tally: SampleTally, options: MoneyOptions): string {
  const { came, kept, hot } = tally;
  const named = rules.rules.map(({ id }) => id);
  const shown = [...named, DEFAULT_RULE].filter((id) => tally.rules.has(id));
  const silent = rules.rules.filter(({ id, enabled }) => !tally.rules.has(id) && enabled !== false).map(({ id }) => id);
  const rows = shown.map((id) => ruleRow(id, rules, tally.rules.get(id), came.bytes, savedBy(tally, options)));
  const unparsed = [...tally.unparsed.values()].reduce((sum, { records }) => sum + records, 0);
  return [
    ...mostlyNoRecords(came.records, unparsed),
    fittingTable(
      [
        'Rule',
        'Does',
        'Took',
        'Bytes',
        'Of all',
        'Kept',
        'Dropped',
        'Not in CloudWatch',
        options.gbPerDay === undefined ? 'Saved' : 'Saved a day',
      ],
      rows,
    ),
    `Kept ${percent(kept.bytes, came.bytes)} of the bytes (${counted(kept.records, 'record')}), dropped ${percent(came.bytes - kept.bytes, came.bytes)}; ${percent(hot.bytes, came.bytes)} go to CloudWatch Logs.`,
    ...moneyLines(tally, options),
    ...[...tally.unparsed].map(
      ([why, { records }]) =>
        `${counted(records, 'line')} ${records === 1 ? 'is no record' : 'are no records'} and kept under unparsed/: ${why}`,
    ),
    ...silentLines(silent, options),
  ].join('\n');
}

/** Rules that took nothing; of what rules kept those that drop take nothing, however much they do. */
function silentLines(silent: readonly string[], { keptOnly }: MoneyOptions): string[] {
  if (silent.length === 0) return [];
  return keptOnly === true
    ? [`Took nothing of what was kept: ${silent.join(', ')}. What they drop is not in this sample.`]
    : [`Took nothing: ${silent.join(', ')}.`];
}

function ruleRow(
  id: string,
  rules: LogRules,
  tally: RuleTally | undefined,
  all: number,
  saved: (bytes: number) => string,
): string[] {
  if (tally === undefined) return [];
  const rule = rules.rules.find((each) => each.id === id);
  const { kept, dropped, redacted, would, guarded, failed: threw, notHot } = tally;
  const took = [kept, dropped, redacted, would, guarded, threw];
  const sum = (what: 'records' | 'bytes'): number => took.reduce((so, each) => so + each[what], 0);
  const does = rule === undefined ? `by default: ${rules.default ?? 'keep'}` : rule.action;
  return [
    id,
    [
      `${does}${rule?.dryRun === true ? ' (dry run)' : ''}`,
      ...(guarded.records > 0 ? [`${count(guarded.records)} guarded by neverDrop`] : []),
      ...(threw.records > 0 ? [colour.red(`${count(threw.records)} it threw at`)] : []),
    ].join('\n'),
    count(sum('records')),
    bytes(sum('bytes')),
    percent(sum('bytes'), all),
    kept.records === 0 ? '' : count(kept.records),
    dropped.records === 0 ? '' : count(dropped.records),
    notHot.records === 0 ? '' : bytes(notHot.bytes),
    notHot.records === 0 ? '' : saved(notHot.bytes),
  ];
}
