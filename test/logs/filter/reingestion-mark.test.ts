import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { MARK, marked, unmarked } from '../../../lib/logs/filter/reingestion-mark';

const anyRecord = fc.oneof(
  fc.uint8Array().map((bytes) => Buffer.from(bytes)),
  fc.string().map((text) => gzipSync(text)),
  fc.constant(Buffer.from(MARK)),
);

test('a marked record is known by its mark, and is what it was without it', () => {
  fc.assert(
    fc.property(anyRecord, (record) => {
      const back = unmarked(marked(record));
      expect(back).toEqual({ record, marked: true });
    }),
  );
});

test.each([
  ['nothing', ''],
  ['a line', '{"log":"a"}\n'],
  ['the beginning of a mark', MARK.slice(0, 10)],
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
