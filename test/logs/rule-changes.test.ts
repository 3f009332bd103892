import { changesInWords } from '../../bin/logs/dry-run';
import { ruleChanges, sameRules } from '../../lib/logs/rule-changes';
import type { LogRule, LogRules } from '../../lib/logs/rules/log-rule';

const rule = (id: string, more: Partial<LogRule> = {}): LogRule => ({ id, action: 'keep', ...more });
const rules = (...all: LogRule[]): LogRules => ({ version: 1, rules: all });

test.each<[string, LogRules, LogRules, string]>([
  ['nothing', rules(rule('a')), rules(rule('a', { enabled: undefined })), 'the same rules'],
  ['one more', rules(rule('a')), rules(rule('b'), rule('a')), '1 rule added (b)'],
  ['one less', rules(rule('a'), rule('b')), rules(rule('b')), '1 rule taken out (a)'],
  ['written otherwise', rules(rule('a')), rules(rule('a', { enabled: false })), '1 rule changed (a)'],
  ['in another order', rules(rule('a'), rule('b')), rules(rule('b'), rule('a')), 'another order'],
  [
    'what else there is',
    rules(),
    { ...rules(), default: 'drop', neverDrop: { a: false } },
    'another `default`; another `neverDrop`',
  ],
  [
    'very many',
    rules(),
    rules(...['a', 'b', 'c', 'd', 'e', 'f'].map((id) => rule(id))),
    '6 rules added (a, b, c, d, e, …)',
  ],
])('%s', (_, before, after, told) => expect(changesInWords(ruleChanges(before, after))).toBe(told));

test('rules are the same however they are written, and not in another order', () => {
  expect(sameRules({ version: 1, rules: [] }, { rules: [], version: 1, default: undefined })).toBe(true);
  expect(sameRules([1, 2], [2, 1])).toBe(false);
  expect(sameRules(undefined, { version: 1 })).toBe(false);
});
