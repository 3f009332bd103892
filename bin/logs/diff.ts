import { RuleDiff, type ChangeExample, type ChangeKind, type RuleChange } from '../../lib/logs/rule-diff';
import type { LogRules } from '../../lib/logs/rules/log-rule';
import { bytes, count, counted, percent } from './figures';
import { LateProgress } from './late-progress';
import { mostlyNoRecords, recordsOf, type Sample } from './sample-source';
import { colour, say } from '../use';

/** Two sets of rules. */
export interface Compared {
  /** What is in force, and where it is from. */
  readonly before: { readonly name: string; readonly rules: LogRules };
  /** What would be. */
  readonly after: { readonly name: string; readonly rules: LogRules };
}

/** How a difference is shown. */
export interface DiffOptions {
  /** Records to stop after. */
  readonly limit?: number;
  /** For machines. */
  readonly json?: true;
}

const KINDS: Readonly<Record<ChangeKind, string>> = {
  dropped: 'newly dropped',
  kept: 'newly kept',
  redacted: 'redacted otherwise',
  moved: 'sent elsewhere',
};

/** How much of a record is shown on one line. */
const LINE = 160;

/** Shows what changes for the records of a sample if one set of rules takes the place of another. */
export async function showDiff(
  { before, after }: Compared,
  sample: Sample,
  { limit, json }: DiffOptions,
): Promise<void> {
  const diff = new RuleDiff(before.rules, after.rules, Date.now());
  const progress = new LateProgress('Comparing');
  try {
    for await (const lines of recordsOf(sample, limit)) {
      for (const line of lines) diff.add(line);
      progress.note(counted(diff.came.records, 'record'));
    }
    progress.end();
  } catch (error) {
    progress.end('failed');
    throw error;
  }
  const { came, changed, changes, unparsed } = diff;
  const names = { before: before.name, after: after.name };
  if (json === true) say(JSON.stringify({ ...names, sample: sample.from, came, unparsed, changed, changes }, null, 2));
  else say(diffText(diff, names, sample.from));
}

function diffText(
  { came, changed, changes, unparsed }: RuleDiff,
  { before, after }: { readonly before: string; readonly after: string },
  from: string,
): string {
  const head = colour.bold(
    `${before} → ${after}, on ${counted(came.records, 'record')}, ${bytes(came.bytes)} (${from})`,
  );
  const doubt = mostlyNoRecords(came.records, unparsed.records);
  if (changes.length === 0) return [head, ...doubt, 'Nothing changes for these records.'].join('\n');
  const all = (kind: ChangeKind): string[] => {
    const volume = changes.filter((change) => change.kind === kind).reduce((so, each) => so + each.volume.records, 0);
    return volume === 0 ? [] : [`${count(volume)} ${KINDS[kind]}`];
  };
  const sum = (Object.keys(KINDS) as ChangeKind[]).flatMap(all).join(', ');
  return [
    head,
    ...doubt,
    ...changes.map((change) => changeText(change, came.bytes)),
    `${counted(changed.records, 'record')} (${percent(changed.bytes, came.bytes)} of the bytes) would fare otherwise: ${sum}.`,
  ].join('\n');
}

function changeText({ rule, kind, volume, examples }: RuleChange, all: number): string {
  const paint = kind === 'dropped' ? colour.red : kind === 'kept' ? colour.green : colour.yellow;
  return [
    paint(
      `${KINDS[kind]}: ${counted(volume.records, 'record')}, ${bytes(volume.bytes)} (${percent(volume.bytes, all)}), by ${rule}`,
    ),
    ...examples.map((example) => `  ${exampleText(example, rule)}`),
  ].join('\n');
}

function exampleText({ pod, message, before }: ChangeExample, rule: string): string {
  const was = before === rule ? '' : ` (was ${before})`;
  return short(`${pod === '' ? '' : `${pod}: `}${message}`) + was;
}

/** One line without what a terminal would act on. */
function short(line: string): string {
  // eslint-disable-next-line no-control-regex -- those are meant
  const plain = line.replace(/[\u0000-\u001f\u007f-\u009f]/g, ' ');
  return plain.length > LINE ? `${plain.slice(0, LINE)} …` : plain;
}
