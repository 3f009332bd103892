import fc from 'fast-check';
import { RE2JS } from 're2js';
import { Pattern } from '../../../../lib/logs/rules/pattern/pattern';
import { lowerCase } from '../../../../lib/logs/rules/pattern/required-text';

/** More by hand: `PATTERN_RUNS=200000 npx jest test/logs/rules/pattern`. */
const numRuns = Number(process.env.PATTERN_RUNS ?? 400);

const ATOMS = [
  'a',
  'b',
  '.',
  '\\d',
  '\\w',
  '\\s',
  '\\W',
  '[ab]',
  '[^b]',
  '[a-c0-9]',
  '[^\\d]',
  'é',
  '日',
  '😀',
  '[é-ü日]',
  'k',
  's',
  '\\n',
  '[[:punct:]]',
  '\\x41',
  '\\Qa.b\\E',
];
const ASSERTIONS = ['^', '$', '\\b', '\\B', '\\A', '\\z'];
const REPEATS = ['*', '+', '?', '*?', '+?', '??', '{2}', '{1,3}', '{0,2}?', '{2,}', '{0}'];
const LETTERS = [
  'a',
  'b',
  'c',
  'A',
  'B',
  '0',
  ' ',
  '\n',
  '_',
  '-',
  'é',
  'É',
  '日',
  '😀',
  '\u212a',
  'k',
  'K',
  'ſ',
  's',
  '\ud800',
  '.',
  'ü',
];

const { pattern: anyPattern } = fc.letrec<{ pattern: string }>((tie) => {
  const part = tie('pattern');
  return {
    pattern: fc.oneof(
      { maxDepth: 4 },
      { weight: 4, arbitrary: fc.constantFrom(...ATOMS) },
      { weight: 1, arbitrary: fc.constantFrom(...ASSERTIONS) },
      { weight: 3, arbitrary: fc.tuple(part, part, part).map((parts) => parts.join('')) },
      { weight: 1, arbitrary: fc.tuple(part, part).map(([one, other]) => `(?:${one}|${other})`) },
      { weight: 1, arbitrary: fc.tuple(part, part).map(([one, other]) => `(${one}|${other}|)`) },
      { weight: 1, arbitrary: part.map((each) => `(${each})`) },
      {
        weight: 1,
        arbitrary: fc
          .tuple(fc.constantFrom('i', 'm', 's', 'U', 'i-s'), part)
          .map(([flags, each]) => `(?${flags}:${each})`),
      },
      {
        weight: 3,
        arbitrary: fc.tuple(part, fc.constantFrom(...REPEATS)).map(([each, repeat]) => `(?:${each})${repeat}`),
      },
    ),
  };
});
const anyText = fc.string({ unit: fc.constantFrom(...LETTERS), maxLength: 16 });

test('it finds and replaces as re2js does', () => {
  fc.assert(
    fc.property(
      anyPattern,
      fc.boolean(),
      fc.array(anyText, { minLength: 1, maxLength: 6 }),
      (source, ignoreCase, texts) => {
        const theirs = RE2JS.compile(source, ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
        const ours = new Pattern(source, ignoreCase);
        const groups = Math.min(9, ours.groups.length);
        const replacement = `<$&${Array.from({ length: groups }, (_, index) => `,$${index + 1}`).join('')}>`;
        for (const text of texts) {
          expect(ours.found(text)).toBe(theirs.test(text));
          if (ours.found(text) && ours.required !== undefined) {
            expect(ours.required.some((each) => lowerCase(text).includes(each))).toBe(true);
          }
          // matches of nothing are not replaced here: rules may not have them
          if (ours.emptyable) continue;
          expect(ours.replace(text, ours.template(replacement), Infinity)).toBe(
            theirs.matcher(text).replaceAll(replacement),
          );
        }
      },
    ),
    { numRuns },
  );
});

test('it takes the syntax that re2js takes', () => {
  const pieces = [
    ...ATOMS,
    ...ASSERTIONS,
    ...REPEATS,
    '(',
    ')',
    '(?:',
    '(?P<n>',
    '(?<x>',
    '(?i)',
    '(?z)',
    '|',
    '[',
    ']',
    '[]a]',
    '[^]a]',
    '[a-',
    '{',
    '}',
    '\\',
    '{,3}',
    '{3,1}',
    '{1001}',
    '\\1',
    '\\01',
    '\\Z',
    '\\C',
    '(?=',
    '(?!',
    '(?<=',
    '(?>',
    '[[:foo:]]',
    '[\\d-z]',
    '\\u0041',
    '\\x{110000}',
    '\\k<n>',
    '\\pZz',
    '\\p{Foo}',
  ];
  // flags for the rest of a group cannot be repeated here, though re2js lets them: nobody means it
  const sources = fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 5 }).map((all) => all.join(''));
  fc.assert(
    fc.property(
      sources.filter((source) => !/\(\?i\)(?:\(\?i\))*[*+?{]/.test(source)),
      (source) => {
        expect(takes(() => new Pattern(source))).toBe(takes(() => RE2JS.compile(source)));
      },
    ),
    { numRuns },
  );
});

function takes(make: () => unknown): boolean {
  try {
    make();
    return true;
  } catch {
    return false;
  }
}

test.each([
  ['a(.*b)?', 'a'],
  ['(a+)+$', 'ab'],
  ['x[ab]{250}a', 'ab'],
  ['(?:[ab]{100}a|b)z?', 'ab'],
])('more states than are kept, and matches that read on to the end: %s', (source, letters) => {
  const text = Array.from({ length: 3_000 }, (_, i) => letters.charAt((i * i + (i >> 3)) % letters.length)).join('');
  const pattern = new Pattern(source);
  const theirs = RE2JS.compile(source);
  expect(pattern.found(text)).toBe(theirs.test(text));
  expect(pattern.replace(text, pattern.template('<$&>'), Infinity)).toBe(theirs.matcher(text).replaceAll('<$&>'));
});

test.each([
  ['(?=a)', 'look-ahead is not in RE2; say what must not match with `not`, or match more'],
  ['(?!a)', 'look-ahead is not in RE2; say what must not match with `not`, or match more'],
  ['(?<=a)b', 'look-behind is not in RE2; match what goes before as well, as a group if it is to stay'],
  ['(a)\\1', 'back-references are not in RE2; write the text out'],
  ['(?>a)', 'atomic groups are not in RE2, which never tracks back; write `(?:` for `(?>`'],
  ['a++', '`++` repeats twice: possessive and double repetitions are not in RE2; write `+`'],
  ['a{2}{3}', '`{2}{` repeats twice: possessive and double repetitions are not in RE2; write `{2}`'],
  ['[z-a]', '`z-a` in brackets is no range; write `a-z`'],
  ['[a-\\d]', '`a-\\d` in brackets is no range; write `\\-` for the character'],
  ['(?i', '`(?i` is not closed; write `(?i)` for what follows, or `(?i:…)` for a part'],
  ['a(?', '`(?` is not closed; write `(?:…)` for a part'],
  ['(?x)a', '`(?x)` is not in RE2; the flags are i, m, s and U, a group without a number is `(?:…)`'],
  ['(?P<a', '`(?P<a` is not closed; write `(?P<name>…)`'],
  ['(?P<a-b>c)', '`(?P<a-b>` is no name; use letters, digits and `_`'],
  ['(?P<x>a)(?P<x>b)', 'the name `x` is given to two groups; name one otherwise'],
  ['a\\Z', '`\\Z` is not in RE2; write `\\z` for the end of the text'],
  ['a\\R', '`\\R` is not in RE2; write `\\r?\\n` for the end of a line'],
  ['\\u00e9', '`\\u` is not in RE2; write `\\x{…}` for a character by its number'],
  ['\\y', '`\\y` is not in RE2; write `y` for the character'],
  ['[[:foo:]]', '`[:foo:]` is no class RE2 knows; there are alnum, alpha, '],
  ['a{3,2}', '`{3,2}` ends before it begins; write the smaller number first'],
  ['a{1001}', '`{1001}` is not in RE2, which repeats up to 1000 times'],
  ['(', 'a `(` is not closed; write `\\(` for the character'],
  [')', 'a `)` has no `(`; write `\\)` for the character'],
  ['[a', 'a `[` is not closed; write `\\[` for the character'],
  ['*a', '`*` repeats nothing; write `\\*` for the character'],
  ['\\', 'a `\\` stands at the end; write `\\\\` for the character'],
  ['\\p{Foo}', '`\\p{Foo}` is no Unicode class RE2 knows; use one like \\pL or \\p{Greek}'],
  [
    'a{1000}',
    'it is too large: more than 256 characters and classes, repetitions written out; repeat less often, or list words with `contains`',
  ],
])('%s is refused with what to do instead', (source, message) => {
  expect(() => new Pattern(source)).toThrow(message);
});

test.each([
  ['\\pL+', 'aß日1', '<aß日>1'],
  ['\\p{Greek}', 'aα', 'a<α>'],
  ['(?i)\\P{Lu}', 'aA1', 'aA<1>'],
])('Unicode classes: %s', (source, text, replaced) => {
  const pattern = new Pattern(source);
  expect(pattern.replace(text, pattern.template('<$&>'), Infinity)).toBe(replaced);
});

test.each([
  ['(a)(b)?', '$2|$1|$&|$$|$3', '|a|a|$|$3'],
  ['(?P<x>a)', '$<x>$<y>$10', 'a$<y>a0'],
])('of %s, %s is replaced', (source, replacement, replaced) => {
  const pattern = new Pattern(source);
  expect(pattern.replace('a', pattern.template(replacement), Infinity)).toBe(replaced);
});
