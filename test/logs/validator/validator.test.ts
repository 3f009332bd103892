import { handler, storedProblems } from '../../../lib/logs/validator';
import type { LogRules } from '../../../lib/logs/rules/log-rule';
import { RULE_LIMITS } from '../../../lib/logs/rules/rule-limits';

const rules: LogRules = {
  version: 1,
  rules: [
    {
      id: 'probes',
      action: 'drop',
      match: { message: { contains: 'GET /healthz' } },
      tests: [
        { record: { log: 'GET /healthz 200' }, expect: 'drop' },
        { name: 'others stay', record: { log: 'GET / 200' }, expect: 'keep' },
      ],
    },
  ],
};
const content = (value: unknown): Buffer => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
const withTest = (expect: 'keep' | 'drop'): unknown => ({
  ...rules,
  rules: rules.rules.map((rule) => ({ ...rule, tests: [{ record: { log: 'GET /healthz' }, expect }] })),
});

test.each<[string, unknown, readonly unknown[]]>([
  ['valid rules', rules, []],
  ['what is no JSON', 'version: 1', [expect.stringMatching(/^the file cannot be read: /)]],
  ['nothing', '', [expect.stringMatching(/^the file cannot be read: /)]],
  [
    'several mistakes at once',
    { version: 1, rules: [{ id: 'a', action: 'eat', match: { message: { regex: '(?=x)' } } }, { id: 'a' }] },
    [
      expect.stringContaining('rules[0].action'),
      expect.stringContaining('(?=x)'),
      expect.anything(),
      expect.anything(),
    ],
  ],
  ['a test that fails', withTest('keep'), ['test "1" of "probes": expected outcome "keep", got "drop", by "probes"']],
])('%s', (_, value, expected) => {
  expect(storedProblems(content(value))).toEqual(expected);
});

test('as many rules as there may be, each with a test, take seconds, not minutes', () => {
  const many = Array.from({ length: RULE_LIMITS.rules }, (_, index) => ({
    id: `r${index}`,
    action: 'drop',
    match: { message: { regex: `^(GET|POST) /api/v${index}/[a-z0-9-]+/(health|ready) HTTP/1\\.[01]" (200|204)` } },
    tests: [{ record: { log: `GET /api/v${index}/abc/health HTTP/1.1" 200` }, expect: 'drop' }],
  }));
  expect(storedProblems(content({ version: 1, rules: many }))).toEqual([]);
}, 60_000);

test('a test passes on every later day as it did: no rule has expired in it', () => {
  const incident = { id: 'incident', action: 'keep', match: { message: { contains: 'x' } }, expires: '2020-01-01' };
  const noise = {
    id: 'noise',
    action: 'drop',
    match: { message: { contains: 'x y' } },
    tests: [{ record: { log: 'x y' }, expect: { rule: 'incident' } }],
  };
  expect(storedProblems(content({ version: 1, rules: [incident, noise] }))).toEqual([]);
});

describe('what AppConfig is told', () => {
  const told = (value: unknown): Promise<void> => handler({ content: content(value).toString('base64') });

  test('nothing of valid rules', async () => {
    await expect(told(rules)).resolves.toBeUndefined();
  });

  test('each problem in a line', async () => {
    await expect(told(withTest('keep'))).rejects.toThrow(
      'the rules are not valid:\n- test "1" of "probes": expected outcome "keep", got "drop", by "probes"',
    );
  });

  test('of many problems the first, and how many there are', async () => {
    const many = { version: 1, rules: Array.from({ length: 60 }, (__, index) => ({ id: `r${index}`, action: 'eat' })) };
    await expect(told(many)).rejects.toThrow(/^the rules are not valid:\n(- .*\n){50}- and \d+ more$/);
  });
});
