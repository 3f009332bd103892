/**
 * The marks around a record that a replay put into its stream again, by which whoever reads the archive leaves it out: what
 * it holds is there already, where it came first. They are lines of their own, whatever stands before and inside; around
 * gzip each is a gzip member, as gzip allows. Both are taken off before the record is decided or ingested again.
 */
export const REPLAY_MARKS = { begin: '{"kotohajime":"replayed"}', end: '{"kotohajime":"end of a replay"}' } as const;

type Marks = readonly [begin: Buffer, end: Buffer];

const PLAIN: Marks = [Buffer.from(`\n${REPLAY_MARKS.begin}\n`), Buffer.from(`\n${REPLAY_MARKS.end}\n`)];
// as made once: whoever puts them on and who takes them off run with a zlib of their own
const GZIP: Marks = [
  Buffer.from('H4sIAAAAAAACA+OqVsrOL8nPSMzKzE1VslIqSi3ISaxMTVGq5QIA+E+u1hsAAAA=', 'base64'),
  Buffer.from('H4sIAAAAAAACA+OqVsrOL8nPSMzKzE1VslJKzUtRyE9TSFQoSi3ISaxUquUCANEDjgwiAAAA', 'base64'),
];

/** Bytes the marks add to a record at most. */
export const REPLAY_MARKS_BYTES = Math.max(...[PLAIN, GZIP].map(([begin, end]) => begin.length + end.length));

/** A record with the marks around it. */
export function asReplayed(record: Uint8Array): Buffer {
  const [begin, end] = record[0] === 0x1f && record[1] === 0x8b ? GZIP : PLAIN;
  return Buffer.concat([begin, record, end]);
}

/** A record without the marks, and whether it had them. To be asked before anything is unpacked. */
export function withoutReplayMarks(record: Buffer): { readonly record: Buffer; readonly replayed: boolean } {
  const marks = [PLAIN, GZIP].find(
    ([begin, end]) =>
      record.length >= begin.length + end.length &&
      begin.equals(record.subarray(0, begin.length)) &&
      end.equals(record.subarray(-end.length)),
  );
  if (marks === undefined) return { record, replayed: false };
  const [begin, end] = marks;
  return { record: record.subarray(begin.length, -end.length), replayed: true };
}
