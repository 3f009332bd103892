/**
 * The mark of a record that was put into its stream once more. It is a line before the others, so that whoever reads the
 * record as it came (the archive, a replay) finds valid JSON; before gzip it is a gzip member of its own, as gzip allows.
 */
export const MARK = '{"kotohajime":"ingested again"}\n';

const PLAIN = Buffer.from(MARK);
// as made once, not by whatever zlib the function runs with: both ends must agree byte by byte
const GZIP = Buffer.from('H4sIAAAAAAACA6tWys4vyc9IzMrMTVWyUsrMS08tLklNUUhMT8zMU6rlAgBL0to1IAAAAA==', 'base64');

/** A record as it came, with the mark. */
export function marked(record: Uint8Array): Buffer {
  return Buffer.concat([isGzip(record) ? GZIP : PLAIN, record]);
}

/** A record without its mark, and whether it had one. To be asked before anything is unpacked. */
export function unmarked(record: Buffer): { readonly record: Buffer; readonly marked: boolean } {
  const mark = [PLAIN, GZIP].find((each) => each.equals(record.subarray(0, each.length)));
  return mark === undefined ? { record, marked: false } : { record: record.subarray(mark.length), marked: true };
}

function isGzip(record: Uint8Array): boolean {
  return record[0] === 0x1f && record[1] === 0x8b;
}
