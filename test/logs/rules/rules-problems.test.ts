import fc from 'fast-check';
import { parseRules } from '../../../lib/logs/rules/parse-rules';
import { rulesProblems } from '../../../lib/logs/rules/rules-problems';
import { parseStoredRules } from '../../../lib/logs/rules/stored-rules';

type Some = Readonly<Record<string, unknown>>;

const file = (...rules: readonly unknown[]): Some => ({ version: 1, rules });
const keep = (match: unknown): Some => file({ id: 'a', action: 'keep', match });
const regex = (pattern: string): Some => keep({ message: { regex: pattern } });
const redact = (...redactions: readonly unknown[]): Some => file({ id: 'a', action: 'redact', redact: redactions });
const test1 = (one: unknown): Some => file({ id: 'a', action: 'keep', tests: [one] });
const record = { log: 'x' };

/** Rules without mistakes that use every property. */
const SOUND = {
  version: 1,
  neverDrop: { payments: { namespace: 'payments' }, security: false, more: [{ pod: 'a-*' }, { level: 'notice' }] },
  default: 'drop',
  rules: [
    {
      id: 'A.b_c-1',
      action: 'sample',
      rate: 0.5,
      by: '/kubernetes/labels/a~1b',
      to: ['archive', 'cloudwatch'],
      description: 'why',
      owner: 'me',
      enabled: false,
      expires: '2026-12-31T12:00:00Z',
      dryRun: true,
      overrides: 'never-drop',
      match: {
        namespace: ['a', 'b-*'],
        pod: '*',
        container: 'c?',
        labels: { 'app.kubernetes.io/name': 'x' },
        level: ['info'],
        minLevel: 'info',
        maxLevel: 'info',
        message: { contains: ['a', 'b'], regex: '(?i)^a+b{2,3}[^c]\\d$', ignoreCase: true },
        fields: { 'a.b': { equals: [1, 'x', null, true] }, '/c': { exists: false }, d: { min: 1, max: 1 } },
        not: { not: { not: { namespace: 'a' } } },
      },
      tests: [
        { name: 'one', record, expect: 'unmatched' },
        { record: 'text', expect: { outcome: 'keep', rule: 'default', message: '', to: ['archive'] } },
      ],
    },
    { id: 'r', action: 'redact', redact: [{ pattern: '(?P<a>x)(y)', replace: '$<a>$2$&$$', ignoreCase: true }] },
    { id: 'd', action: 'drop', match: { pod: '*' } },
    { id: 'k', action: 'keep' },
  ],
};

test('the rules that use every property are sound', () => {
  expect(rulesProblems(SOUND)).toEqual([]);
  expect(parseRules(JSON.stringify(SOUND)).problems).toBeUndefined();
  expect(parseStoredRules(JSON.stringify(SOUND)).rules).toEqual(SOUND);
  // the validator's decoder strips a byte order mark, that of the function's SDK does not
  expect(parseStoredRules(`\ufeff${JSON.stringify(SOUND)}`).rules).toEqual(SOUND);
});

/** What is written, and the whole of what is said in the snapshot. */
const ROWS: readonly (readonly [string, unknown])[] = [
  // the file
  ['nothing', undefined],
  ['null', null],
  ['a list', []],
  ['an empty object', {}],
  ['an unknown version', { version: 2, rules: [] }],
  ['a version as text', { version: '1', rules: [] }],
  ['a slip in a property', { version: 1, rulse: [], rules: [] }],
  ['an unknown property', { version: 1, rules: [], zzz: 1 }],
  ['rules as a map', { version: 1, rules: {} }],
  ['an unknown default', { version: 1, default: 'sample', rules: [] }],
  ['501 rules', file(...Array.from({ length: 501 }, (_, index) => ({ id: `r${index}`, action: 'keep' })))],
  // guards
  ['a guard that is true', { version: 1, neverDrop: { errors: true }, rules: [] }],
  ['no guards', { version: 1, neverDrop: {}, rules: [] }],
  ['guards as a list', { version: 1, neverDrop: [{ pod: 'a' }], rules: [] }],
  ['a guard of an empty list', { version: 1, neverDrop: { errors: [] }, rules: [] }],
  ['a slip in a guard', { version: 1, neverDrop: { mine: { namespaces: 'a' } }, rules: [] }],
  ['a guard that says nothing in a part', { version: 1, neverDrop: { 'my own': { message: {} } }, rules: [] }],
  ['the second match of a guard', { version: 1, neverDrop: { x: [{ pod: 'a' }, { not: {} }] }, rules: [] }],
  // a rule
  ['rules that are none', file(null, 'a', [])],
  ['an empty rule', file({})],
  ['a slip in a property of a rule', file({ id: 'a', action: 'keep', matches: {}, enable: true })],
  ['an unknown property of a rule', file({ id: 'a', action: 'keep', zzz: 1 })],
  ['a malformed id', file({ id: 'a b', action: 'keep' })],
  ['an id that is too long', file({ id: 'a'.repeat(65), action: 'keep' })],
  ['an id with a backtick', file({ id: 'a`$&', action: 'keep' })],
  ['an id that is a number', file({ id: 7, action: 'keep' })],
  ['one id three times', file(...['a', 'b', 'a', 'a'].map((id) => ({ id, action: 'keep' })))],
  ['an unknown action', file({ id: 'a', action: 'dorp' })],
  ['an action in a list', file({ id: 'a', action: ['keep'] })],
  ['an action that is no text', file({ id: 'a', action: { toString: 1, valueOf: 1 } })],
  ['an action of every object', file({ id: 'a', action: 'toString' })],
  ['texts that are none', file({ id: 'a', action: 'keep', description: 1, owner: [] })],
  ['flags that are none', file({ id: 'a', action: 'keep', enabled: 'yes', dryRun: 1 })],
  ['a drop without a match', file({ id: 'a', action: 'drop' })],
  ['a drop of everything', file({ id: 'a', action: 'drop', match: {} })],
  ['a sample of everything without a rate', file({ id: 'a', action: 'sample' })],
  ...[1.01, -0.1, '0.1', NaN].map((rate): [string, unknown] => [
    `a rate of ${JSON.stringify(rate)}`,
    file({ id: 'a', action: 'sample', match: { pod: 'a' }, rate }),
  ]),
  ['by no path', file({ id: 'a', action: 'sample', match: { pod: 'a' }, rate: 1, by: 'a..b' })],
  ['by nothing', file({ id: 'a', action: 'sample', match: { pod: 'a' }, rate: 1, by: '' })],
  [
    'what belongs to other actions',
    file({
      id: 'a',
      action: 'keep',
      rate: 1,
      by: 'x',
      redact: [{ pattern: 'x', replace: '' }],
      overrides: 'never-drop',
    }),
  ],
  ['destinations of a drop', file({ id: 'a', action: 'drop', match: { pod: 'a' }, to: ['archive'] })],
  ['a redaction that overrides', file({ id: 'a', action: 'redact', redact: [], overrides: 'never-drop' })],
  ['an unknown override', file({ id: 'a', action: 'drop', match: { pod: 'a' }, overrides: true })],
  ['an unknown destination', file({ id: 'a', action: 'keep', to: ['cloudwach', 's3'] })],
  ['no destination', file({ id: 'a', action: 'keep', to: [] })],
  ['a destination that is no list', file({ id: 'a', action: 'keep', to: 'archive' })],
  ['three destinations', file({ id: 'a', action: 'keep', to: ['archive', 'archive', 'archive'] })],
  ...['tomorrow', '2026-02-30', '2026-12-31T12:00', '2026-12-31T12:00:00+01:00', ''].map(
    (expires): [string, unknown] => [`expires ${JSON.stringify(expires)}`, file({ id: 'a', action: 'keep', expires })],
  ),
  ['expires with a number', file({ id: 'a', action: 'keep', expires: 20261231 })],
  // a match
  ['a match that is a list', keep([])],
  ['a slip in a match', keep({ namespaces: 'a', mesage: { contains: 'a' } })],
  ['names that are none', keep({ namespace: '', pod: 1, container: [], labels: { app: [null] } })],
  ['no labels', keep({ labels: {} })],
  ['labels as a list', keep({ labels: ['app'] })],
  ['a label with a backtick', keep({ labels: { 'a`b"c': 3 } })],
  ['unknown levels', keep({ level: ['warning', 'x'], minLevel: 'err', maxLevel: 40 })],
  ['no level', keep({ level: [] })],
  ['levels that hold nothing', keep({ minLevel: 'error', maxLevel: 'info' })],
  ['a message that says nothing', keep({ message: {} })],
  ['a message that only says how', keep({ message: { ignoreCase: true } })],
  ['a field that only says how', keep({ not: { fields: { a: { equals: 'b', ignoreCase: true } } } })],
  ['a message as a text', keep({ message: 'timeout' })],
  ['contains nothing', keep({ message: { contains: ['a', ''] } })],
  ['a slip in a message', keep({ message: { contain: 'a', ignorecase: true } })],
  ['no field', keep({ fields: {} })],
  ['paths that are none', keep({ fields: { 'a..b': { equals: 1 }, '/a~2': { exists: true } } })],
  ['a field that equals an object', keep({ fields: { a: { equals: {} } } })],
  ['a field that equals nothing', keep({ fields: { a: { equals: [] } } })],
  ['a field that is not there and has a value', keep({ fields: { a: { exists: false, equals: 1 } } })],
  ['a range that holds nothing', keep({ fields: { a: { min: 2, max: 1 } } })],
  ['ranges of texts', keep({ fields: { a: { min: '1', max: Infinity } } })],
  ['not nothing', keep({ not: {} })],
  ['not not nothing', keep({ not: { not: { level: 'all' } } })],
  ['not in not without end', keep(Array.from({ length: 10 }).reduce<Some>((not) => ({ not }), { pod: 'a' }))],
  ['201 names', keep({ namespace: Array.from({ length: 201 }, (_, index) => `n${index}`) })],
  // regular expressions
  ...(
    [
      ['look-ahead', 'a(?=b)'],
      ['negative look-ahead', 'a(?!b)'],
      ['look-behind', '(?<=a)b'],
      ['negative look-behind', '(?<!a)b'],
      ['a back-reference', '(a)\\1'],
      ['a back-reference by name', '(?P<x>a)\\k<x>'],
      ['a reference to a group', '(?P<x>a)(?P=x)'],
      ['an atomic group', '(?>a)'],
      ['a possessive repetition', 'a++'],
      ['a repetition of nothing', '*a'],
      ['too many repetitions', 'a{1001}'],
      ['a repetition backwards', 'a{3,2}'],
      ['an open group', '(a'],
      ['an open class', '[a'],
      ['a closed group', 'a)'],
      ['a range backwards', '[z-a]'],
      ['an unknown class', '[[:foo:]]'],
      ['an unknown escape', '\\y'],
      ['an unknown Unicode class', '\\p{Klingon}'],
      ['a backslash at the end', 'a\\'],
      ['an unknown flag', '(?x)a'],
      ['a name twice', '(?P<x>a)(?P<x>b)'],
      ['a character beyond the last', '\\x{110000}'],
      ['repetitions of repetitions', '((a{1000}){1000}){1000}'],
      ['1,001 characters', 'x'.repeat(1001)],
      ['300 groups in groups', '('.repeat(300) + ')'.repeat(300)],
      ['an empty one', ''],
    ] as const
  ).map(([what, pattern]): [string, unknown] => [`regex: ${what}`, regex(pattern)]),
  ['regex: a number', keep({ message: { regex: 5 } })],
  ['regex of a field', keep({ fields: { 'a-b/c': { regex: '(?=x)' } } })],
  ['regex of a guard', { version: 1, neverDrop: { mine: [{ message: { regex: '(' } }] }, rules: [] }],
  // redactions
  ['redact without a list', file({ id: 'a', action: 'redact' })],
  ['redact with a map', file({ id: 'a', action: 'redact', redact: { pattern: 'x', replace: '' } })],
  ['redact with an empty list', redact()],
  ['a redaction that is none', redact('x')],
  ['a redaction without its parts', redact({})],
  ['a slip in a redaction', redact({ regex: 'a', replacement: 'b' })],
  ['a redaction of nothing', redact({ pattern: 'a*', replace: '' })],
  ['a redaction with look-ahead', redact({ pattern: 'a(?=b)', replace: '$9' })],
  ['a replacement by a group that is not there', redact({ pattern: '(a)', replace: '$1$2' })],
  ['a replacement by a name that is not there', redact({ pattern: '(?P<x>a)', replace: '$<y>' })],
  ['a dollar alone', redact({ pattern: 'a', replace: 'US$' })],
  ['21 redactions', redact(...Array.from({ length: 21 }, () => ({ pattern: 'a', replace: '' })))],
  // tests
  ['no tests', file({ id: 'a', action: 'keep', tests: [] })],
  [
    '51 tests',
    file({ id: 'a', action: 'keep', tests: Array.from({ length: 51 }, () => ({ record, expect: 'keep' })) }),
  ],
  ['a test without its parts', test1({})],
  ['a record that is a list', test1({ record: [], expect: 'keep' })],
  ['an unknown expectation', test1({ record, expect: 'dropped' })],
  ['a slip in an expectation', test1({ record, expect: { outcom: 'keep', to: ['archiv'], rule: '', message: 1 } })],
  [
    'many mistakes at once',
    {
      version: 1,
      default: 'no',
      neverDrop: { errors: 1 },
      rules: [
        { id: 'a', action: 'sample', match: { level: 'warning' }, to: ['x'] },
        { id: 'a', action: 'redact', expires: 'x' },
      ],
    },
  ],
];

test('every row is refused, each with its whole message', () => {
  const told = Object.fromEntries(ROWS.map(([what, rules]) => [what, rulesProblems(rules)]));
  expect(Object.keys(told)).toHaveLength(ROWS.length);
  expect(Object.entries(told).filter(([, lines]) => lines.length === 0)).toEqual([]);
  expect(told).toMatchSnapshot();
});

test('every line about a rule with an id names it once', () => {
  const lines = ROWS.flatMap(([, rules]) => rulesProblems(rules)).filter((line) => line.startsWith('`rules['));
  const named = lines.filter((line) => line.includes(' of "a" ')).length;
  expect(named).toBeGreaterThan(80);
  for (const line of lines) expect(line.split(' of "a" ').length).toBeLessThanOrEqual(2);
});

describe('files', () => {
  const refused = (text: string): readonly string[] => parseRules(text).problems ?? [];

  test.each([
    ['nothing', '', ['`rules` must stand in an object with `version: 1`, got null']],
    ['a comment', '# rules', ['`rules` must stand in an object with `version: 1`, got null']],
    ['a text', 'rules', ['`rules` must stand in an object with `version: 1`, got "rules"']],
    ['a tab', 'version: 1\nrules:\n\t- id: a', ['line 3:1: a tab indents the line; YAML takes spaces only']],
    [
      'a bad indentation',
      'version: 1\nrules:\n  - id: a\n   action: keep',
      ['line 4:1: the line is indented otherwise than those it belongs to'],
    ],
    ['an open quote', 'version: 1\n"rules": "a', ['line 2:12: a `"` is not closed']],
    [
      'a key twice',
      'version: 1\nversion: 1\nrules: []',
      ['line 2:1: the key `version` stands twice in one map (first in line 1); keep one'],
    ],
    [
      'two documents',
      'version: 1\nrules: []\n---\nversion: 1',
      ['line 3:1: a second document begins; a rule file is one: take the `---` out, or make two files'],
    ],
    [
      'an alias of nothing',
      'version: 1\nrules: *all',
      [
        "line 2:8: `*all` stands for nothing: no `&all` comes before it; put a text that begins with `*` in quotes: '*all'",
      ],
    ],
    ['a JSON file with a comma too many', '{"version": 1, "rules": [],, }', ['line 1:28: a `,` too many']],
    [
      'a property of every object',
      '{"version": 1, "rules": [], "__proto__": {"a": 1}}',
      [expect.stringMatching(/^`__proto__` is not a property that exists here, got \{"a":1\}; /)],
    ],
  ])('%s', (_, text, problems) => {
    expect(refused(text)).toEqual(problems);
  });

  test('an anchor used twice is what it stands for', () => {
    const text = 'version: 1\nrules:\n- {id: a, action: keep, match: &m {pod: x}}\n- {id: b, action: keep, match: *m}';
    expect(parseRules(text).rules?.rules[1]?.match).toEqual({ pod: 'x' });
  });

  test('a day without quotes stays a text', () => {
    const text = 'version: 1\nrules: [{id: a, action: keep, expires: 2026-12-31}]';
    expect(parseRules(text).rules?.rules[0]?.expires).toBe('2026-12-31');
  });

  test('aliases of aliases of aliases', () => {
    const nine = (item: string): string => `[${Array.from({ length: 9 }, () => item).join(',')}]`;
    const levels = 'abcdefghij'.split('');
    const bomb = levels.map((name, index) => `${name}: &${name} ${nine(index === 0 ? 'x' : `*${levels[index - 1]}`)}`);
    expect(refused(bomb.join('\n'))).toEqual([
      'there are more than 10,000 uses of anchors (`&name`), or of anchors in anchors; write the lists out',
    ]);
  });

  test.each([
    ['a list in itself', 'version: 1\nrules: &r [*r]'],
    ['a match in itself', 'version: 1\nrules: [{id: a, action: keep, match: &m {not: *m}}]'],
  ])('%s', (_, text) => {
    expect(refused(text)).toHaveLength(1);
  });

  const deep = (open: string, close: string, depth: number): string => open.repeat(depth) + close.repeat(depth);
  test.each([
    ['YAML', parseRules, deep('[', ']', 10_000)],
    ['YAML', parseRules, `version: 1\nrules: ${deep('[', ']', 10_000)}`],
    ['YAML', parseRules, deep('{"a":', '}', 10_000)],
    ['YAML', parseRules, 'a: '.repeat(2_000)],
    ['YAML', parseRules, deep('[', '', 20_000)],
    [
      'JSON',
      parseStoredRules,
      `{"version":1,"rules":[{"id":"a","action":"keep","match":${deep('{"not":', '}', 10_000)}}]}`.replace(
        '{"not":}',
        '{}',
      ),
    ],
    ['JSON', parseStoredRules, `{"version":1,"rules":${deep('[', ']', 100_000)}}`],
  ])('%s that nests without end', (_, read, text) => {
    expect(read(text).problems).toHaveLength(1);
  });

  test.each([parseRules, parseStoredRules])('10 MB are refused before they are read', (read) => {
    const started = performance.now();
    expect(read('['.repeat(10_000_000)).problems).toEqual([
      '`the file` must not be larger than 1000000 bytes, got 10000000; join rules that do the same: most matches take lists',
    ]);
    expect(performance.now() - started).toBeLessThan(500);
  });

  test('what counts are bytes', () => {
    const text = `# ${'ä'.repeat(600_000)}`;
    expect(refused(text)).toEqual([expect.stringContaining('got 1200002')]);
  });
});

/** Values near to rules: the names that exist, with anything below them. */
const names = [...Object.keys(SOUND), ...Object.keys(SOUND.rules[0] ?? {}), 'redact', 'pattern', 'replace', 'regex'];
const words = [
  'keep',
  'drop',
  'sample',
  'redact',
  'a',
  '',
  '(?=x)',
  '[',
  '$1',
  '/~',
  'a..b',
  '2026-02-30',
  '__proto__',
];
const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<unknown>(1, 0, -1, 0.5, null, true, false, undefined, NaN, ...words),
    fc.array(tie('tree'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...names, ...words), tie('tree'), { maxKeys: 5 }),
  ),
}));

describe('whatever comes', () => {
  test.each<[string, fc.Arbitrary<unknown>]>([
    ['any value', fc.anything({ withDate: true, withMap: true, withNullPrototype: true })],
    ['what looks like rules', fc.record({ version: fc.constantFrom(1, 2), rules: fc.array(tree, { maxLength: 3 }) })],
    [
      'a rule with one property that is anything',
      fc
        .tuple(fc.constantFrom(...names), tree)
        .map(([name, value]) => file({ id: 'a', action: 'keep', [name]: value })),
    ],
  ])('%s is judged, not thrown at', (_, arbitrary) => {
    fc.assert(
      fc.property(arbitrary, (value) => {
        for (const line of rulesProblems(value)) expect(line).toMatch(/^`[^]+`( of "[^]*")? [^]+, got /);
      }),
      { numRuns: 100 },
    );
  });

  test.each([parseRules, parseStoredRules])('any text is read or refused', (read) => {
    const pieces = fc.constantFrom(
      'version: 1',
      '\n',
      ' ',
      '- ',
      '{',
      '}',
      '[',
      ']',
      '"',
      "'",
      ':',
      '*a',
      '&a ',
      '|',
      '\0',
      '!!',
      '\t',
      '?',
      'rules:',
      '%',
      '\ud800',
    );
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(pieces, { maxLength: 30 }).map((all) => all.join('')),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const { rules, problems } = read(text);
        expect(rules === undefined).toBe(problems !== undefined && problems.length > 0);
      }),
      { numRuns: 150 },
    );
  });
});
