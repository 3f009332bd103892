import Ajv from 'ajv';
import * as fc from 'fast-check';
import schema from '../../../lib/logs/rules/log-rules.schema.json';
import { parseRules } from '../../../lib/logs/rules/parse-rules';
import { RULES, ruleCheck } from '../../../lib/logs/rules/rule-form';
import { RULE_LIMITS } from '../../../lib/logs/rules/rule-limits';
import { rulesProblems } from '../../../lib/logs/rules/rules-problems';
import { isPlainObject, object } from '../../../lib/shape';

// of draft 04 the schema uses what has meant the same ever since
const { $schema: draft, ...common } = schema;
const accepted = new Ajv({ strict: false, logger: false, allowUnionTypes: true }).compile(common);

/** Whether the form is right, whatever it means: what an editor can say. */
const wellFormed = (value: unknown): boolean => {
  if (!isPlainObject(value) || object(RULES)(value, '').length > 0) return false;
  const rules = value.rules as unknown[];
  return rules.length <= RULE_LIMITS.rules && rules.every((rule) => ruleCheck(rule, 'rule').length === 0);
};

const match = {
  namespace: 'shop',
  pod: ['web-*', 'api-*'],
  container: 'app',
  labels: { app: 'web', tier: ['a', 'b'] },
  level: ['info', 'debug'],
  minLevel: 'debug',
  maxLevel: 'warn',
  message: { contains: ['a', 'b'], regex: 'x', ignoreCase: true },
  fields: { 'a.b': { equals: ['x', 1, null, true], exists: true, min: 1, max: 2, contains: 'x', regex: 'y' } },
  not: { pod: 'z', not: { namespace: 'y' } },
};
const SOUND = {
  $schema: './log-rules.schema.json',
  version: 1,
  neverDrop: { errors: false, mine: match, yours: [match, { pod: 'a' }] },
  default: 'keep',
  rules: [
    {
      id: 'a',
      action: 'sample',
      match,
      rate: 0.5,
      by: 'trace.id',
      to: ['archive', 'cloudwatch'],
      description: 'why',
      owner: 'me',
      enabled: true,
      expires: '2030-12-31',
      dryRun: false,
      overrides: 'never-drop',
      tests: [
        { name: 'one', record: { log: 'x' }, expect: 'keep' },
        { record: 'text', expect: { outcome: 'drop', rule: 'a', message: '', to: ['archive'] } },
      ],
    },
    { id: 'b', action: 'redact', redact: [{ pattern: 'x', replace: '', ignoreCase: false }] },
  ],
};

type Path = readonly (string | number)[];

/** Every place of a tree, the root first. */
function places(value: unknown, at: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [at];
  const inner = Array.isArray(value) ? value.map((each, index) => [index, each] as const) : Object.entries(value);
  return [at, ...inner.flatMap(([key, each]) => places(each, [...at, key]))];
}

function changed(value: unknown, [first, ...rest]: Path, change: (there: unknown) => unknown): unknown {
  if (first === undefined) return change(value);
  const made = changed((value as Record<string | number, unknown>)[first], rest, change);
  if (Array.isArray(value))
    return value.flatMap((each, index) => (index !== first ? [each] : made === GONE ? [] : [made]));
  const entries = Object.entries(value as object).flatMap(([key, each]) =>
    key !== first ? [[key, each]] : made === GONE ? [] : [[key, made]],
  );
  return Object.fromEntries(entries) as unknown;
}

const GONE = Symbol('gone');
const POOL: readonly unknown[] = [
  ...[
    null,
    true,
    false,
    0,
    1,
    -1,
    0.5,
    2,
    1e300,
    '',
    ' ',
    'x',
    'keep',
    'info',
    'archive',
    'never-drop',
    'a/b',
    '$schema',
  ],
  ...[
    [],
    {},
    ['x'],
    [''],
    ['archive', 'archive'],
    ['archive', 'cloudwatch', 'archive'],
    [[]],
    [{}],
    [null],
    { x: 1 },
    { '': 'x' },
  ],
  ...[
    { pod: 'x' },
    [{ pod: 'x' }],
    { contains: 'x' },
    { exists: false },
    { outcome: 'keep' },
    ['info'],
    [1],
    { a: false },
  ],
  ...['x'.repeat(64), 'x'.repeat(65), 'x'.repeat(1001)],
];
const many = [2, 20, 21, 50, 51, 200, 201, 500, 501];
const change = fc.oneof<fc.Arbitrary<(there: unknown) => unknown>[]>(
  fc.constant(() => GONE),
  fc.constantFrom(...POOL).map((other) => () => other),
  fc.constantFrom('x', 'pods', 'minlevel', '__proto__', 'toString', '', 'tests', 'not').map((name) => (there) => {
    if (!isPlainObject(there)) return [there];
    return Object.fromEntries([...Object.entries(there), [name, 'x']]) as unknown;
  }),
  fc
    .constantFrom(...many)
    .map(
      (count) => (there) => Array.from({ length: count }, () => (Array.isArray(there) ? there[0] : there) as unknown),
    ),
  fc.constantFrom(...many).map((count) => (there) => {
    if (!isPlainObject(there)) return {};
    const [first = 'x'] = Object.values(there);
    return Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, first as unknown]));
  }),
);
const mutant = fc
  .array(fc.tuple(fc.nat(), change), { minLength: 1, maxLength: 2 })
  .map((changes) =>
    changes.reduce<unknown>((value, [at, how]) => {
      const all = places(value);
      return changed(value, all[at % all.length] as Path, how);
    }, SOUND),
  )
  .filter((value) => value !== GONE);

test('the sound file is accepted by both, and leaves nothing of the schema behind', () => {
  expect([accepted(SOUND), wellFormed(SOUND)]).toEqual([true, true]);
  const { $schema: _, ...rules } = { ...SOUND, rules: SOUND.rules.slice(1) };
  expect(parseRules(JSON.stringify({ $schema: 'x', ...rules })).rules).toEqual(rules);
});

test('the schema and the check accept and refuse the same files, as far as the form goes', () => {
  const seen = { accepted: 0, refused: 0 };
  fc.assert(
    fc.property(mutant, (value) => {
      const [inEditor, inCheck] = [accepted(value), wellFormed(value)];
      seen[inEditor ? 'accepted' : 'refused'] += 1;
      if (inEditor) expect([value, inCheck]).toEqual([value, true]);
      // an editor is also told of a `message` that says nothing, which is no matter of form
      else expect([value, inCheck && rulesProblems(value).length === 0]).toEqual([value, false]);
    }),
    { numRuns: 800 },
  );
  expect(Math.min(seen.accepted, seen.refused)).toBeGreaterThan(80);
});

test('AppConfig takes the schema: draft 04, and below 32 KiB', () => {
  expect(draft).toBe('http://json-schema.org/draft-04/schema#');
  expect(Buffer.byteLength(JSON.stringify(schema, null, 2))).toBeLessThan(32 * 1024);
  const words =
    JSON.stringify(schema).match(/"(?:exclusiveM\w+|const|contains|if|then|else|propertyNames|examples)":/g) ?? [];
  expect(words.filter((word) => word !== '"contains":')).toEqual([]);
});
