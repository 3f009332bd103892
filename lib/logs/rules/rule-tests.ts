import type { Decision } from './decision';
import { compileRules, decide } from './engine';
import type { LogRule, LogRules, RuleExpectation, RuleTest } from './log-rule';
import { LogRecord, podOf } from './record';
import { jsonObject } from './record-reader';

/** How one test of a rule ended. */
export interface RuleTestResult {
  /** The rule that holds the test. */
  readonly rule: string;
  /** The test's name, or its number from 1. */
  readonly name: string;
  /** What was not as expected; empty if the test passed. */
  readonly failures: readonly string[];
  /** What became of the record. */
  readonly decision: Decision;
}

/** Runs the tests inside the rules, each through the whole list; `arrival` is when the records are said to arrive. */
export function runRuleTests(rules: LogRules, arrival: number): RuleTestResult[] {
  return rules.rules.flatMap((rule) => {
    if (rule.tests === undefined || rule.tests.length === 0) return [];
    const tested: LogRule = { ...rule, enabled: true, dryRun: false, expires: undefined };
    const engine = compileRules({ ...rules, rules: rules.rules.map((each) => (each === rule ? tested : each)) });
    return rule.tests.map((test, index) => {
      const decision = decide(engine, lineOf(test), arrival);
      const name = test.name ?? String(index + 1);
      return { rule: rule.id, name, failures: failures(tested, test, decision), decision };
    });
  });
}

function lineOf({ record }: RuleTest): string {
  return typeof record === 'string' ? record : JSON.stringify(record);
}

function failures(rule: LogRule, { expect }: RuleTest, decision: Decision): string[] {
  if (expect === 'unmatched') {
    const hit = decision.hits.find((each) => each.rule === rule);
    return hit === undefined ? [] : [`expected that the rule does not take the record, but it was ${hit.did}`];
  }
  const wanted: RuleExpectation =
    typeof expect === 'string' ? { outcome: expect, rule: expect === rule.action ? rule.id : undefined } : expect;
  const got: Required<RuleExpectation> = {
    outcome: decision.keep ? 'keep' : 'drop',
    rule: decision.rule?.id ?? 'default',
    message: messageOf(decision.line),
    to: decision.to,
  };
  const by = `, by ${JSON.stringify(got.rule)}`;
  return (['outcome', 'rule', 'message', 'to'] as const)
    .filter((each) => wanted[each] !== undefined && !same(wanted[each], got[each]))
    .map((each) => {
      const guarded = decision.hits.some(({ did }) => did === 'guarded') ? ', as a never-drop guard holds it' : '';
      const why = each === 'outcome' ? `${by}${guarded}` : '';
      return `expected ${each} ${JSON.stringify(wanted[each])}, got ${JSON.stringify(got[each])}${why}`;
    });
}

function messageOf(line: string): string {
  const fields = jsonObject(line);
  return fields === undefined ? line : new LogRecord(line, podOf(undefined), fields).message;
}

function same(one: unknown, other: unknown): boolean {
  const sorted = (value: unknown): unknown => (Array.isArray(value) ? [...(value as string[])].sort() : value);
  return JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
}
