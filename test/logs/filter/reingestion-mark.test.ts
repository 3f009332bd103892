import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { isMark, MARK, marked, unmarked } from '../../../lib/logs/filter/reingestion-mark';

const anyRecord = fc.oneof(
  fc.uint8Array().map((bytes) => Buffer.from(bytes)),
  fc.string().map((text) => gzipSync(text)),
  fc.constant(Buffer.from(MARK)),
);

test('a marked record is known by its mark, and is what it was without it', () => {
  fc.assert(
    fc.property(anyRecord, fc.nat({ max: 300 }), (record, bytes) => {
      const back = unmarked(marked(record, bytes));
      expect(back).toEqual({ record, marked: true });
    }),
  );
});

test.each([
  ['nothing', ''],
  ['a line', '{"log":"a"}\n'],
  ['the beginning of a mark', MARK.slice(0, 10)],
  ['a mark without its end', MARK.trimEnd()],
  ['a mark with something in it', `${MARK.trimEnd()}  x\n`],
])('%s has no mark', (_, text) => {
  const record = Buffer.from(text);
  expect(unmarked(record)).toEqual({ record, marked: false });
});

test.each([
  ['plain', (text: string) => Buffer.from(text), (data: Buffer) => data],
  ['gzip', (text: string) => gzipSync(text), (data: Buffer) => gunzipSync(data)],
])('a marked record, %s, can be read by who knows nothing of marks', (_, pack, unpack) => {
  expect(unpack(marked(pack('{"log":"a"}\n'))).toString()).toBe(`${MARK}{"log":"a"}\n`);
});

test('a mark makes a record as large as it is asked to, but no larger than a record may be', () => {
  const record = Buffer.from('{"log":"a"}\n');
  expect(marked(record, 0)).toHaveLength(MARK.length + record.length);
  expect(marked(record, 999.5)).toHaveLength(1_000);
  expect(marked(record, 9_000_000)).toHaveLength(1000 * 1024);
  const [mark = '', ...lines] = marked(record, 1_000).toString().split('\n');
  expect([isMark(mark), JSON.parse(mark), lines]).toEqual([true, JSON.parse(MARK), ['{"log":"a"}', '']]);
  expect([MARK.slice(0, -2), `${MARK.trimEnd()}x`, ''].map(isMark)).toEqual([false, false, false]);
});
