import type { Decision } from './decision';
import { prepareRules } from './compiled-rules';
import { decide, RuleEngine } from './engine';
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

/**
 * Runs the tests inside the rules, each through the whole list. The rule that holds a test takes part in it whatever
 * switches it off. No rule has expired in a test: what passed when it was written passes on every later day.
 */
export function runRuleTests(all: LogRules): RuleTestResult[] {
  const rules: LogRules = { ...all, rules: all.rules.map((rule) => ({ ...rule, expires: undefined })) };
  const prepared = prepareRules(rules);
  const asTheyAre = new RuleEngine(rules, prepared);
  return rules.rules.flatMap((rule) => {
    if (rule.tests === undefined || rule.tests.length === 0) return [];
    const isOn = rule.enabled !== false && rule.dryRun !== true;
    const tested = isOn ? rule : { ...rule, enabled: true, dryRun: false };
    const engine = isOn ? asTheyAre : new RuleEngine(withInstead(rules, rule, tested), prepared);
    return rule.tests.map((test, index) => {
      const decision = decide(engine, lineOf(test), 0);
      const name = test.name ?? String(index + 1);
      return { rule: rule.id, name, failures: failures(tested, test, decision), decision };
    });
  });
}

function withInstead(all: LogRules, rule: LogRule, other: LogRule): LogRules {
  return { ...all, rules: all.rules.map((each) => (each === rule ? other : each)) };
}

const ASPECTS = ['outcome', 'rule', 'message', 'to'] as const;

/** What the author of a test most likely forgot. */
const NO_RECORD =
  ': the record is a text that is no JSON object, about which no rule decides; write it as `record: { log: … }`';

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
  const differs = (each: keyof RuleExpectation): boolean =>
    wanted[each] !== undefined && !same(wanted[each], got[each]);
  // a word stands for outcome and rule, and what decided instead stands with the outcome
  const looked = ASPECTS.filter(differs).filter(
    (each) => each !== 'rule' || typeof expect === 'object' || !differs('outcome'),
  );
  return looked.map((each, index) => {
    const guarded = decision.hits.some(({ did }) => did === 'guarded') ? ', as a never-drop guard holds it' : '';
    const why = each === 'outcome' ? `${by}${guarded}` : '';
    const forgot = index === 0 && each !== 'message' && decision.unparsed !== undefined ? NO_RECORD : '';
    return `expected ${each} ${JSON.stringify(wanted[each])}, got ${JSON.stringify(got[each])}${why}${forgot}`;
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
