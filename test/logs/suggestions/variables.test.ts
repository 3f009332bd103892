import * as fc from 'fast-check';
import { collapsed, constants, joined, likeness, tokensOf } from '../../../lib/logs/suggestions/template';
import { masked, shownTemplate } from '../../../lib/logs/suggestions/variables';

test.each([
  ['ready', 'ready'],
  ['took 12ms', 'took <duration>'],
  ['took 1.5s, then 1m2s', 'took <duration>, then <duration>'],
  ['5 of 1,000 at -3.5 and 1e-9', '<num> of <num> at <num> and <num>'],
  ['2026-11-25T12:00:00.123Z INFO up', '<time> INFO up'],
  ['2026/11/25 12:00:00 up', '<time> up'],
  ['2026-11-25 12:00:00,123 up', '<time> up'],
  ['at 12:00:01 it', 'at <time> it'],
  ['[25/Nov/2026:12:00:00 +0000] "GET / HTTP/1.1" 200', '[<time>] "GET / HTTP/<num>" <num>'],
  ['from 10.0.0.1:8080 to 10.0.0.2', 'from <ip> to <ip>'],
  ['from fe80::1ff:fe23:4567:890a up', 'from <ip> up'],
  ['id 6b41d432-0a3e-1a24-ebb8-c8fed2340913 gone', 'id <uuid> gone'],
  ['id abcdefab-0a3e-1a24-ebb8-c8fed2340913 gone', 'id <uuid> gone'],
  ['abcdefab-word', 'abcdefab-word'],
  ['sha 0x1f 9d62ef7899ea decade', 'sha <hex> <hex> decade'],
  ['GET /api/v1/orders/17/items/ab12cd', 'GET /api/v1/orders/<num>/items/<hex>'],
  ['apis/apps/v1beta1', 'apis/apps/v1beta1'],
  ['worker-12 worker12 http2', 'worker-<num> worker<num> http<num>'],
  ['pod web-7f9c8d6b5f-x2k4p', 'pod web-<hex>-<*>'],
  ['user="Ann Bee" logged in', 'user="<*>" logged in'],
  ['{"user":"Ann","id":5}', '{"user":"<*>","id":<num>}'],
  ['pulled "nginx" in', 'pulled "nginx" in'],
  ['"-" "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36"', '"-" "<*>"'],
  ["it's 5 o'clock", "it's <num> o'clock"],
  ['say \\"hi\\" name="a \\" b" end', 'say \\"hi\\" name="<*>" end'],
  ['an open "quote 5', 'an open "quote <num>'],
  ['two\nlines \u001b[32mgreen', 'two<*>lines <*>green'],
  ['größe 5 日本', 'größe <num> 日本'],
  ['smile 😀 \ue001', 'smile <*> <*>'],
])('%j is masked as %j', (message, shown) => {
  expect(shownTemplate(masked(message))).toBe(shown);
});

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc
    .array(fc.constantFrom('a', '5', '"', '=', ' ', '-', ':', '.', '/', '12:00:00', 'x="', '\\', '\n', 'ff', '9'), {
      maxLength: 40,
    })
    .map((parts) => parts.join('')),
);

/** Whether texts stand in another in their order, and where the first and the last of them must. */
function stands(parts: readonly string[], whole: string): boolean {
  let at = 0;
  return parts.every((part, index) => {
    const found = index === parts.length - 1 ? whole.lastIndexOf(part) : whole.indexOf(part, at);
    const fits =
      found >= at && (index > 0 || found === 0) && (index < parts.length - 1 || found + part.length === whole.length);
    at = found + part.length;
    return fits;
  });
}

test('what is constant stands in the message, from its beginning to its end', () => {
  fc.assert(
    fc.property(text, (message) => {
      const parts = constants(masked(message));
      expect(parts.length > 1 ? stands(parts, message) : parts[0] === message).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test('a long message is looked at from its beginning, and takes no time worth speaking of', () => {
  for (const part of ['word ', '5', '"', 'a="', "'", '1:', 'f', '12:00:00 ', 'x"y ']) {
    const message = part.repeat(1e6);
    const began = performance.now();
    expect(masked(message).length).toBeLessThan(1_100);
    expect(performance.now() - began).toBeLessThan(100);
  }
});

describe('templates', () => {
  test.each([
    ['ann ', 'bob ', '<*> '],
    ['/users/ann ', '/users/bob ', '/users/<*> '],
    ['a.shop.local', 'b.shop.local', '<*>.shop.local'],
    ['Deleted', 'Deletes', '<*>'],
    ['same', 'same', 'same'],
    ['', 'x', '<*>'],
  ])('%j and %j become %j', (one, other, shown) => {
    expect(shownTemplate(joined(one, other))).toBe(shown);
  });

  test('what was joined covers both, and stays as it is when they come again', () => {
    fc.assert(
      fc.property(text, text, (one, other) => {
        const [first, second] = [masked(one), masked(other)];
        const both = joined(first, second);
        for (const message of [one, other]) {
          const parts = constants(both);
          expect(parts.length > 1 ? stands(parts, message) : parts[0] === message).toBe(true);
        }
        expect(constants(joined(both, first)).join('').length).toBeLessThanOrEqual(constants(both).join('').length);
      }),
      { numRuns: 500 },
    );
  });

  test('tokens joined are the text again', () => {
    fc.assert(
      fc.property(text, (message) =>
        expect(tokensOf(message).slice(0, 64).join('').startsWith(message.slice(0, 60))).toBe(true),
      ),
    );
    expect(tokensOf('a =b  c')).toEqual(['a ', '=', 'b ', ' ', 'c']);
  });

  test.each([
    ['user ann logged in', 'user bob logged in', 0.75],
    ['level=info took=<num>', 'level=info took=<num>', 1],
    ['a b', 'c d', 0],
  ])('%j is as like %j as %d', (one, other, like) => {
    expect(likeness(tokensOf(one), tokensOf(other))).toBe(like);
  });

  test('lists of any length are one', () => {
    expect(collapsed(masked('pods 1 2, 3 gone'))).toBe(collapsed(masked('pods 1 gone')).replace('\ue001', '\ue000'));
  });
});
