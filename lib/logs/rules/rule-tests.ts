import type { Decision } from './decision';
import { compileRules, decide } from './engine';
import type { LogRule, LogRules, RuleExpectation, RuleTest } from './log-rule';

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
    const tests = rule.tests ?? [];
    if (tests.length === 0) return [];
    const tested: LogRule = { ...rule, enabled: true, dryRun: false, expires: undefined };
    const engine = compileRules({ ...rules, rules: rules.rules.map((each) => (each === rule ? tested : each)) });
    return tests.map((test, number) => {
      const line = typeof test.record === 'string' ? test.record : JSON.stringify(test.record);
      const decision = decide(engine, line, arrival);
      return {
        rule: rule.id,
        name: test.name ?? String(number + 1),
        failures: failures(tested, test, decision),
        decision,
      };
    });
  });
}

function failures(rule: LogRule, { expect }: RuleTest, decision: Decision): string[] {
  const decided = decision.rule?.id ?? 'default';
  if (expect === 'unmatched') {
    const hit = decision.hits.find((each) => each.rule === rule);
    return hit === undefined ? [] : [`expected that the rule does not take the record, but it was ${hit.did} by it`];
  }
  const wanted: RuleExpectation = typeof expect === 'string' ? { outcome: expect } : expect;
  const outcome = decision.keep ? 'keep' : 'drop';
  const lines: string[] = [];
  if (wanted.outcome !== undefined && wanted.outcome !== outcome) {
    lines.push(`expected ${wanted.outcome}, got ${outcome} by ${JSON.stringify(decided)}`);
  } else if (expect === rule.action && decided !== rule.id) {
    lines.push(`expected ${expect} by this rule, but ${JSON.stringify(decided)} decided before it`);
  }
  return lines; // rule, message and to follow
}
