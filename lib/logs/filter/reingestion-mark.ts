import { PUT_LIMITS } from './put-records';

/**
 * The mark of a record that was put into its stream once more. It is a line before the others, so that whoever reads the
 * record as it came (the archive, a replay) finds valid JSON; before gzip it is a gzip member of its own, as gzip allows.
 */
export const MARK = '{"kotohajime":"ingested again"}\n';

const TEXT = MARK.trimEnd();
const OBJECT = Buffer.from(TEXT);
// as made once, not by whatever zlib the function runs with: both ends must agree byte by byte
const GZIP = Buffer.from('H4sIAAAAAAACA6tWys4vyc9IzMrMTVWyUsrMS08tLklNUUhMT8zMU6rlAgBL0to1IAAAAA==', 'base64');

/**
 * A record as it came, with the mark. Blanks within the mark make it as large as `bytes`, if that is more: Firehose closes
 * a batch by what comes in, so what will grow must take the room of what comes out for the answer to hold a batch of it.
 */
export function marked(record: Uint8Array, bytes = 0): Buffer {
  if (isGzip(record)) return Buffer.concat([GZIP, record]);
  const size = Math.max(MARK.length + record.length, Math.min(Math.ceil(bytes), PUT_LIMITS.recordBytes));
  const all = Buffer.alloc(size, ' ');
  const at = size - record.length;
  all.set(OBJECT);
  all[at - 1] = BREAK;
  all.set(record, at);
  return all;
}

/** A record without its mark, and whether it had one. To be asked before anything is unpacked. */
export function unmarked(record: Buffer): { readonly record: Buffer; readonly marked: boolean } {
  const length = GZIP.equals(record.subarray(0, GZIP.length)) ? GZIP.length : plainLength(record);
  return length === 0 ? { record, marked: false } : { record: record.subarray(length), marked: true };
}

/** Whether a line, without its break, is a mark. */
export function isMark(line: string): boolean {
  return line.startsWith(TEXT) && line.trimEnd() === TEXT;
}

const BREAK = 10;
const BLANK = 32;

/** Of a mark that is a line; 0 if there is none. */
function plainLength(record: Buffer): number {
  if (!OBJECT.equals(record.subarray(0, OBJECT.length))) return 0;
  let at = OBJECT.length;
  while (record[at] === BLANK) at++;
  return record[at] === BREAK ? at + 1 : 0;
}

function isGzip(record: Uint8Array): boolean {
  return record[0] === 0x1f && record[1] === 0x8b;
}
