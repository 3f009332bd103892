import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { MARK, marked, unmarked } from '../../../lib/logs/filter/reingestion-mark';
import { asReplayed, REPLAY_MARKS, REPLAY_MARKS_BYTES, withoutReplayMarks } from '../../../lib/logs/filter/replay-mark';

const { begin, end } = REPLAY_MARKS;
const anyRecord = fc.oneof(
  fc.uint8Array().map((bytes) => Buffer.from(bytes)),
  fc.string().map((text) => gzipSync(text)),
  fc.constantFrom(begin, end, `${begin}\n`, MARK).map((text) => Buffer.from(text)),
);

test('a replayed record is known by its marks, and is what it was without them', () => {
  fc.assert(
    fc.property(anyRecord, (record) => {
      const replayed = asReplayed(record);
      expect(withoutReplayMarks(replayed)).toEqual({ record, replayed: true });
      expect(replayed.length - record.length).toBeLessThanOrEqual(REPLAY_MARKS_BYTES);
    }),
  );
});

test('it is still one when it is ingested again, which has a mark of its own', () => {
  fc.assert(
    fc.property(anyRecord, (record) => {
      const again = unmarked(marked(asReplayed(record)));
      expect(again.marked).toBe(true);
      expect(withoutReplayMarks(again.record)).toEqual({ record, replayed: true });
    }),
  );
});

test.each([
  ['nothing', ''],
  ['a line', '{"log":"a"}\n'],
  ['the first mark alone', `\n${begin}\n{"log":"a"}\n`],
  ['the last mark alone', `{"log":"a"}\n\n${end}\n`],
  ['marks that share a line break', `\n${begin}\n${end}\n`],
  ['a mark that is cut off', `\n${begin.slice(0, 10)}`],
  ['what was ingested again', `${MARK}{"log":"a"}\n`],
])('%s is not replayed', (_, text) => {
  const record = Buffer.from(text);
  expect(withoutReplayMarks(record)).toEqual({ record, replayed: false });
});

test.each([
  ['plain', (text: string) => Buffer.from(text), (data: Buffer) => data],
  ['gzip', (text: string) => gzipSync(text), (data: Buffer) => gunzipSync(data)],
])('the marks are lines of their own, %s, also between records without a last line break', (_, pack, unpack) => {
  const archive = Buffer.concat([pack('before'), asReplayed(pack('again')), pack('after\n')]);
  expect(unpack(archive).toString().split('\n').filter(Boolean)).toEqual(['before', begin, 'again', end, 'after']);
});
