import { parseRules } from '../../../lib/logs/rules/parse-rules';

const head = 'version: 1\nrules:\n';
const problems = (text: string): readonly string[] => parseRules(text).problems ?? [];
const match = (written: string): string => `${head}  - { id: a, action: keep, match: { pod: ${written} } }\n`;

describe('what is no YAML is told of by line and column, with what to do', () => {
  test.each<[string, string, readonly string[]]>([
    ['a tab', `${head}\t- id: a`, ['line 3:1: a tab indents the line; YAML takes spaces only']],
    [
      'a text that begins with *',
      match('*-canary'),
      [
        "line 3:42: `*-canary` stands for nothing: no `&-canary` comes before it; put a text that begins with `*` in quotes: '*-canary'",
      ],
    ],
    [
      'a * alone',
      `${head}  - id: a\n    match:\n      pod: *\n`,
      ['line 5:12: a `*` begins an alias; put a text that begins with it in quotes'],
    ],
    [
      'a text that begins with @',
      match('@canary'),
      ["line 3:42: a text cannot begin with `@` in YAML; put it in quotes: '@canary'"],
    ],
    [
      'a text that begins with a backtick, and holds a quote',
      `${head}  - id: a\n    description: \`it's\` # so\n`,
      ["line 4:18: a text cannot begin with ``` in YAML; put it in quotes: '`it''s`'"],
    ],
    [
      'a text that begins with %',
      match('%canary'),
      ["line 3:42: a text cannot begin with `%` in YAML; put it in quotes: '%canary'"],
    ],
    [
      'a text that begins with !',
      match('!canary'),
      ['line 3:42: `!canary` is a tag nobody knows; put a text that begins with `!` in quotes'],
    ],
    [
      'a key twice',
      `${head}  - id: a\n    action: keep\n    id: b\n`,
      ['line 5:5: the key `id` stands twice in one map (first in line 3); keep one'],
    ],
    [
      'two documents',
      `${head}  []\n---\n${head}`,
      ['line 4:1: a second document begins; a rule file is one: take the `---` out, or make two files'],
    ],
    [
      'an escape of regular expressions in double quotes',
      match('"\\d+"'),
      [
        'line 3:43: `\\d` means nothing in double quotes; put the text in single quotes, where `\\` is a character like any other',
      ],
    ],
    [
      'brackets left open',
      '{"version": 1, "rules": [',
      ['line 1:26: a `[` is not closed by a `]`', 'line 1:26: a `{` is not closed by a `}`'],
    ],
    ['a comma too many', '{"version": 1, "rules": [],, }', ['line 1:28: a `,` too many']],
    [
      'a comma missing',
      '{"version": 1, "rules": [{} {}]}',
      [
        'line 1:29: `{` does not belong here; a `,` or a bracket may be missing before it',
        'line 1:30: a `[` is not closed by a `]`',
        'line 1:30: a `{` is not closed by a `}`',
        'line 1:32: `}` does not belong here; a `,` or a bracket may be missing before it',
      ],
    ],
    [
      'a comma missing before a key',
      '{"version": 1 "rules": []}',
      ['line 1:13: a `,` is missing before it, or a text that holds `: ` needs quotes'],
    ],
    ['a quote left open', `${head}  - id: "a\n`, ['line 4:1: a `"` is not closed']],
    [
      'a colon in a text',
      `${head}  - id: a\n    description: so: it is\n`,
      ['line 4:18: a second `: ` in one line; put a text that holds one in quotes'],
    ],
    [
      'indentation that does not fit',
      `${head}  - id: a\n   action: keep\n`,
      ['line 4:1: the line is indented otherwise than those it belongs to'],
    ],
    [
      'a merge of no map',
      `${head}  - { <<: 3, id: a }\n`,
      ['line 3:7: `<<` takes in maps: write an alias of one after it, such as `<<: *common`'],
    ],
    [
      'a merge of no map by its name',
      `x: &x 3\n${head}  - { <<: *x, id: a }\n`,
      ['`<<` takes in maps: write an alias of one after it, such as `<<: *common`'],
    ],
  ])('%s', (_, text, told) => {
    expect(problems(text)).toEqual(told);
  });

  test('all of them, each a line, in their order; of very many the first', () => {
    expect(
      problems(`${head}  - id: @a\n    action: @b\n    match: { pod: *c, pod: *d }\n`).map((line) => line.slice(0, 9)),
    ).toEqual(['line 3:9:', 'line 4:13', 'line 5:23']);
    const many = problems(head + '  - id: @a\n'.repeat(25));
    expect(many).toHaveLength(10);
    expect(many.at(-1)).toMatch(/^line 12:9: .* \(and 15 more, mostly the echo of these\)$/);
  });
});

test('anchors, and what `<<` takes in from them', () => {
  const text = [
    'version: 1',
    'rules:',
    '  - { id: a, action: keep, match: &shop { namespace: shop } }',
    '  - { id: b, action: keep, match: *shop }',
    '  - { id: c, action: keep, match: { <<: *shop, pod: web-* } }',
  ].join('\n');
  const rules = parseRules(text).rules?.rules.map((rule) => rule.match);
  expect(rules).toEqual([{ namespace: 'shop' }, { namespace: 'shop' }, { namespace: 'shop', pod: 'web-*' }]);
});

test('an anchor may be used some thousand times, and not so often that a small file is a huge one', () => {
  const uses = (count: number, size = 1): string =>
    `${head}  - { id: a, action: keep, match: { pod: &p ${'x'.repeat(size)} } }\n  - { id: b, action: keep, match: { not: { pod: [${Array.from({ length: Math.min(count, 200) }, () => '*p').join(', ')}] } } }\n`;
  expect(problems(uses(200))).toEqual([]);
  const bomb = Array.from({ length: 8 }, (_, index) => `l${index + 1}: &l${index + 1} [${`*l${index},`.repeat(9)}]`);
  expect(problems(`l0: &l0 [a]\n${bomb.join('\n')}\n${head}  - *l8\n`)).toEqual([
    'there are more than 10,000 uses of anchors (`&name`), or of anchors in anchors; write the lists out',
  ]);
  expect(problems(uses(200, 10_000))).toEqual([
    expect.stringMatching(
      /^`the file` must not be larger than 1000000 bytes as the JSON that is stored, got 201\d{4}; use fewer aliases \(`\*name`\), or name less with `&name`$/,
    ),
  ]);
});

test('what nests too deep, and what holds itself', () => {
  expect(problems(`${head}  - ${'['.repeat(20_000)}`)).toEqual(['the file cannot be read: it nests too deep']);
  expect(problems('rules: &r [*r]')).toEqual([
    'an alias (`*name`) stands inside what it names (`&name`); write it out',
  ]);
});
