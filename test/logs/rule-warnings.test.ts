import { ruleWarnings } from '../../lib/logs/rule-warnings';
import type { LogRule, LogRules } from '../../lib/logs/rules/log-rule';

const NOTHING = '`default: drop` without a rule that keeps something drops everything no guard holds';
const told = (rules: LogRule[], more: Partial<LogRules> = {}): string[] =>
  ruleWarnings({ version: 1, default: 'drop', rules, ...more }, new Date('2026-11-25T12:00:00Z')).map(
    ({ message }) => message,
  );

describe('a default of drop', () => {
  test.each<[string, LogRule[]]>([
    ['no rule', []],
    [
      'rules that drop or redact',
      [
        { id: 'a', action: 'drop', match: { pod: 'a' } },
        { id: 'b', action: 'redact', redact: [] },
      ],
    ],
    ['a rule that is off', [{ id: 'a', action: 'keep', enabled: false }]],
    ['a rule that only counts', [{ id: 'a', action: 'keep', dryRun: true }]],
    ['a rule that has expired', [{ id: 'a', action: 'keep', expires: '2026-11-24' }]],
    ['a sample of nothing', [{ id: 'a', action: 'sample', rate: 0 }]],
  ])('with %s drops everything', (_, rules) => expect(told(rules)).toContain(NOTHING));

  test.each<[string, LogRule[]]>([
    ['a rule that keeps', [{ id: 'a', action: 'keep', match: { pod: 'a' } }]],
    ['one that expires today', [{ id: 'a', action: 'keep', expires: '2026-11-25' }]],
    ['a sample', [{ id: 'a', action: 'sample', rate: 0.1 }]],
  ])('with %s does not', (_, rules) => expect(told(rules)).not.toContain(NOTHING));

  test('nor where the default is to keep, or a guard holds everything', () => {
    expect(told([], { default: 'keep' })).toEqual([]);
    expect(told([], { neverDrop: { all: {} } })).not.toContain(NOTHING);
  });
});
