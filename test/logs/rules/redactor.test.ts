import { GROWN_TOO_LONG, Redactor } from '../../../lib/logs/rules/redactor';

/** Redacts by all of some redactions, the first of which is number 0. */
function redactor(...redactions: readonly { pattern: string; replace: string }[]): {
  line: (line: string, did: Uint8Array) => string;
  text: (text: string, did: Uint8Array) => string;
} {
  const made = new Redactor(redactions);
  const all = redactions.map((_, index) => index);
  return { line: (line, did) => made.line(line, all, did), text: (text, did) => made.text(text, all, did) };
}

test('a replacement may be longer than what it replaces', () => {
  const did = new Uint8Array(1);
  expect(redactor({ pattern: '\\d', replace: '<digit>' }).line('{"log":"4 of 7"}', did)).toBe(
    '{"log":"<digit> of <digit>"}',
  );
  expect([...did]).toEqual([1]);
});

test.each([
  ['{"time":"2026-11-24T10:00:00.123456789Z","log":"1"}', '{"time":"2026-11-24T10:00:00.123456789Z","log":"*"}'],
  ['{"log":"1","@timestamp":"2026-11-24T10:00:00+01:00"}', '{"log":"*","@timestamp":"2026-11-24T10:00:00+01:00"}'],
  ['{"time":"at 10","log":"1"}', '{"time":"at *","log":"*"}'],
  ['{"time":1764000000}', '{"time":"*"}'],
  ['{"a":{"time":"2026-11-24T10:00:00Z"}}', '{"a":{"time":"*-*-*T*:*:*Z"}}'],
  ['{"time":{"a":"2026-11-24T10:00:00Z"}}', '{"time":{"a":"*-*-*T*:*:*Z"}}'],
  ['{"time":["2026-11-24T10:00:00Z"]}', '{"time":["*-*-*T*:*:*Z"]}'],
])('the time of a record stays: %s', (line, out) => {
  expect(redactor({ pattern: '\\d+', replace: '*' }).line(line, new Uint8Array(1))).toBe(out);
});

test('a text that would grow without end is replaced whole, and the others stay', () => {
  const did = new Uint8Array(2);
  const line = JSON.stringify({ log: 'a'.repeat(1_000_000), other: 'a b c' });
  const grown = redactor({ pattern: 'a', replace: '$&'.repeat(2_000) }, { pattern: 'c', replace: '*' }).line(line, did);
  expect(JSON.parse(grown)).toEqual({ log: GROWN_TOO_LONG, other: `${'a'.repeat(2_000)} b *` });
  expect([...did]).toEqual([1, 1]);
});

test('all texts of a line share what it may grow by', () => {
  const texts = Array.from({ length: 10_000 }, () => 'a');
  const grown = redactor({ pattern: 'a', replace: 'x'.repeat(1_000) }).line(
    JSON.stringify({ texts }),
    new Uint8Array(1),
  );
  expect(grown.length).toBeLessThan(600_000);
  expect(grown).not.toContain('"a"');
});

test('redactions that feed each other end', () => {
  const doubling = Array.from({ length: 20 }, (_, index) => ({ pattern: 'a', replace: `aa${'a'.repeat(index)}` }));
  expect(redactor(...doubling).text('a'.repeat(100), new Uint8Array(20))).toBe(GROWN_TOO_LONG);
});
