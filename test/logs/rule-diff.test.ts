import * as fc from 'fast-check';
import { RuleDiff } from '../../lib/logs/rule-diff';
import type { LogRule, LogRules } from '../../lib/logs/rules/log-rule';

const NOW = Date.parse('2026-11-25T12:00:00Z');

const rules = (...list: readonly LogRule[]): LogRules => ({ version: 1, rules: list });
const drop = (contains: string): LogRule => ({
  id: `drop-${contains}`,
  action: 'drop',
  match: { message: { contains } },
});

const diff = (before: LogRules, after: LogRules, records: readonly string[]): RuleDiff => {
  const found = new RuleDiff(before, after, NOW);
  for (const record of records) found.add(record);
  return found;
};

/** Lines of a small alphabet, so that rules match some of them. */
const lines = fc.array(
  fc.constantFrom('a', 'b', 'c', 'ab', 'bc').map((log) => JSON.stringify({ log })),
  { maxLength: 20 },
);
const ruleSet = fc
  .array(fc.constantFrom('a', 'b', 'c'), { maxLength: 3 })
  .map((texts) => rules(...[...new Set(texts)].map(drop)));

test('the same rules change nothing', () => {
  fc.assert(fc.property(ruleSet, lines, (set, records) => expect(diff(set, set, records).changes).toEqual([])));
});

test('the other way round what was newly dropped is newly kept', () => {
  const total = ({ changes }: RuleDiff, kind: string): number =>
    changes.filter((change) => change.kind === kind).reduce((sum, { volume }) => sum + volume.records, 0);
  fc.assert(
    fc.property(ruleSet, ruleSet, lines, (before, after, records) => {
      const [there, back] = [diff(before, after, records), diff(after, before, records)];
      expect(total(there, 'dropped')).toBe(total(back, 'kept'));
      expect(total(there, 'kept')).toBe(total(back, 'dropped'));
      expect(there.changed).toEqual(back.changed);
    }),
  );
});

test('a few examples of each change are kept, however many records there are', () => {
  const records = Array.from({ length: 50 }, (_, index) => JSON.stringify({ log: `a ${index}` }));
  const [change] = diff(rules(), rules(drop('a')), records).changes;
  expect(change).toMatchObject({ rule: 'drop-a', kind: 'dropped', volume: { records: 50 } });
  expect(change?.examples).toEqual([0, 1, 2].map((index) => ({ pod: '', message: `a ${index}`, before: 'default' })));
});

test('a redaction that is gone is told of by its name, and still hides the examples', () => {
  const mail: LogRule = { id: 'mail', action: 'redact', redact: [{ pattern: 'ann', replace: '***' }] };
  const [change] = diff(rules(mail), rules(), ['{"log":"from ann"}']).changes;
  expect(change).toMatchObject({ rule: 'mail', kind: 'redacted', examples: [{ message: 'from ***' }] });
});

test('an example says where it is from; of what is no record it is the line', () => {
  const kubernetes = { namespace_name: 'shop', pod_name: 'shop-1' };
  const { changes } = diff(rules(), rules({ id: 'all', action: 'drop', match: { namespace: 'shop' } }), [
    JSON.stringify({ message: 'paid by ann@example.com', kubernetes }),
    JSON.stringify({ other: 'field', kubernetes }),
  ]);
  expect(changes[0]?.examples.map(({ pod, message }) => [pod, message])).toEqual([
    ['shop/shop-1', 'paid by ***@***'],
    ['shop/shop-1', JSON.stringify({ other: 'field', kubernetes })],
  ]);
});
