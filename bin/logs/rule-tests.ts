import type { RuleTestResult } from '../../lib/logs/rules/rule-tests';
import { counted } from './figures';

/** Those that failed. */
export function failed(results: readonly RuleTestResult[]): readonly RuleTestResult[] {
  return results.filter(({ failures }) => failures.length > 0);
}

/** What became of the tests of a rule file, the failed ones each with why. */
export function testText(file: string, results: readonly RuleTestResult[]): string {
  const wrong = failed(results);
  if (results.length === 0) return `${file}: no rule has a test`;
  const of = new Set(results.map(({ rule }) => rule)).size;
  const head =
    wrong.length === 0
      ? `${file}: ${counted(results.length, 'test')} of ${counted(of, 'rule')} passed`
      : `${file}: ${wrong.length} of ${counted(results.length, 'test')} failed`;
  return [
    head,
    ...wrong.flatMap(({ rule, name, failures }) => failures.map((why) => `  rule "${rule}", test "${name}": ${why}`)),
  ].join('\n');
}
