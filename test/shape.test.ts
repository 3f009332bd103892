import fc from 'fast-check';
import { distance, integer, nearestRemedy, text } from '../lib/shape';

test.each([
  ['', '', 0],
  ['action', 'acton', 1],
  ['lable', 'label', 1],
  ['ca', 'abc', 3],
  ['kitten', 'sitting', 3],
])('from %j to %j it is %d', (a, b, away) => {
  expect(distance(a, b)).toBe(away);
});

test('the distance is as far there as back, and no longer than the longer word', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 6 });
  fc.assert(
    fc.property(word, word, (a, b) => {
      expect(distance(a, b)).toBe(distance(b, a));
      expect(distance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length));
      expect(distance(a, b) === 0).toBe(a === b);
    }),
  );
});

test.each([
  ['ot', 'did you mean `to`?'],
  ['raet', 'did you mean `rate`?'],
  ['zzz', undefined],
  [4, undefined],
])('for %j: %j', (got, remedy) => {
  expect(nearestRemedy(got, ['rate', 'to'])).toBe(remedy);
});

test('a range of one number is that number', () => {
  expect(integer(1, 1)(2, 'version')).toEqual(['`version` must be 1, got 2']);
});

test.each<[unknown, string[]]>([
  ['a', []],
  ['', ['`pod` must not be empty, got ""']],
  [1.1, ['`pod` must be a text, got 1.1; put it in quotes']],
  [true, ['`pod` must be a text, got true; put it in quotes']],
  [null, ['`pod` must be a text, got null']],
  [['a'], ['`pod` must be a text, got ["a"]']],
])('the text %j: %j', (value, problems) => {
  expect(text(value, 'pod')).toEqual(problems);
});
