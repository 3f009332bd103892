import { isPlainObject, object } from '../../shape';
import { element, problem, within } from '../../validate';
import { guardCheck, ruleCheck, RULES } from './rule-form';
import { RULE_LIMITS } from './rule-limits';
import { matchProblems, meaningProblems } from './rule-problems';

/** Every mistake in a set of rules, whatever was read from a file; each line names the property and the rule's id. */
export function rulesProblems(value: unknown): string[] {
  if (!isPlainObject(value)) return [problem('rules', 'must stand in an object with `version: 1`', value)];
  const form = [...object(RULES)(value, ''), ...guardProblems(value.neverDrop)];
  if (!Array.isArray(value.rules)) return form;
  if (value.rules.length > RULE_LIMITS.rules) {
    const rule = `must not have more than ${RULE_LIMITS.rules} entries`;
    const remedy = 'join rules that do the same: `namespace`, `contains` and others take lists';
    return [...form, problem('rules', rule, value.rules.length, remedy)];
  }
  return [...form, ...listProblems(value.rules)];
}

function listProblems(rules: readonly unknown[]): string[] {
  const first = new Map<string, number>();
  return rules.flatMap((rule, index) => {
    const at = `rules[${index}]`;
    if (!isPlainObject(rule)) return ruleCheck(rule, at);
    const lines = [...ruleCheck(rule, at), ...meaningProblems(rule, at)];
    if (typeof rule.id !== 'string') return lines;
    const earlier = first.get(rule.id);
    if (earlier === undefined) first.set(rule.id, index);
    else lines.push(problem(within(at, 'id'), `must be unique, rules[${earlier}] has it too`, rule.id));
    return lines.map((line) => withId(line, rule.id as string));
  });
}

function guardProblems(guards: unknown): string[] {
  if (!isPlainObject(guards)) return [];
  return Object.entries(guards).flatMap(([name, guard]) =>
    (Array.isArray(guard) ? guard : [guard]).flatMap((match: unknown, index) => {
      if (!isPlainObject(match) || guardCheck(match, '').length > 0) return [];
      const at = element('neverDrop', name);
      return matchProblems(match, Array.isArray(guard) ? within(at, `[${index}]`) : at);
    }),
  );
}

function withId(line: string, id: string): string {
  // a name of the author's in the property stands in quotes, and may hold a backtick
  return line.replace(/^`(?:[^`"]|"(?:[^"\\]|\\.)*")*`/, (property) => `${property} of ${JSON.stringify(id)}`);
}
