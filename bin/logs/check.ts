import { ruleWarnings } from '../../lib/logs/rule-warnings';
import { problemList, type Warning } from '../../lib/validate';
import { counted } from './figures';
import type { RuleFile } from './rule-file';
import { colour } from '../use';

/** What was found in one rule file. */
interface Found {
  readonly file: string;
  readonly rules: number;
  readonly problems: readonly string[];
  /** Only of a file without problems. */
  readonly warnings: readonly Warning[];
}

/** Prints every problem of rule files, and what is doubtful in those without; true if there is no problem. */
export function checkRules(files: Readonly<Record<string, RuleFile>>, { json }: { readonly json?: true }): boolean {
  const found = Object.fromEntries(Object.entries(files).map(([platform, file]) => [platform, foundIn(file)]));
  const all = Object.values(found);
  const text = json === true ? JSON.stringify(found, null, 2) : [...all.map(shown), '', verdict(all)].join('\n');
  process.stdout.write(`${text}\n`);
  return all.every(({ problems }) => problems.length === 0);
}

function foundIn({ name, parsed }: RuleFile): Found {
  if (parsed.problems !== undefined) return { file: name, rules: 0, problems: parsed.problems, warnings: [] };
  return {
    file: name,
    rules: parsed.rules.rules.length,
    problems: [],
    warnings: ruleWarnings(parsed.rules, new Date()),
  };
}

function shown({ file, rules, problems, warnings }: Found): string {
  if (problems.length > 0) return `${colour.red('✗')} ${problemList(file, problems)}`;
  return [
    `${colour.green('✓')} ${file}: ${counted(rules, 'rule')}`,
    ...warnings.map(({ message }) => `  ${colour.yellow('!')} ${message}`),
  ].join('\n');
}

function verdict(all: readonly Found[]): string {
  const [problems, warnings] = (['problems', 'warnings'] as const).map((what) =>
    all.reduce((sum, found) => sum + found[what].length, 0),
  );
  const told = [
    problems === 0 ? 'No problems' : counted(problems ?? 0, 'problem'),
    ...(warnings === 0 ? [] : [counted(warnings ?? 0, 'warning')]),
  ];
  return `${told.join(', ')}.`;
}
