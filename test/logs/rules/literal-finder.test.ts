import fc from 'fast-check';
import { LiteralFinder } from '../../../lib/logs/rules/literal-finder';
import { lowerCase } from '../../../lib/logs/rules/pattern/required-text';

const letters = (length: { minLength: number; maxLength: number }): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom('a', 'b', 'B', 'c', 'K', '\u212a', 'ö', 'Ö', '日', '😀'), ...length });

test.each([
  ['of any length', 1],
  ['long enough to leap', 3],
])('it finds the texts that are there, and no others: %s', (_, minLength) => {
  fc.assert(
    fc.property(
      fc.array(letters({ minLength, maxLength: 7 }), { maxLength: 12 }),
      fc.array(letters({ minLength: 0, maxLength: 60 }), { maxLength: 3 }),
      (texts, all) => {
        const finder = new LiteralFinder(texts);
        const into = new Int32Array(finder.texts.length);
        for (const text of all) {
          const found = Array.from(into.subarray(0, finder.find(text, into)), (index) => finder.texts[index]);
          const there = finder.texts.filter((each) => lowerCase(text).includes(each));
          expect(found.sort()).toEqual([...there].sort());
        }
      },
    ),
    { numRuns: 1000 },
  );
});
