import { isAscii, isUtf8 } from 'node:buffer';

/** A line of bytes that are not all UTF-8. */
export interface Line {
  /** The line, without its break; what is no UTF-8 stands as U+FFFD. */
  readonly text: string;
  /** Its bytes. */
  readonly bytes: Buffer;
  /** Whether the text says all of them. */
  readonly utf8: boolean;
}

/** Bytes that are made a text at a time: short texts are made where memory is at hand, and go as fast. */
const CHUNK = 64 * 1024;

/** Where a chunk of whole lines ends that begins at `from`. */
export function chunkEnd(bytes: Buffer, from: number): number {
  if (bytes.length - from <= CHUNK) return bytes.length;
  const last = bytes.lastIndexOf(10, from + CHUNK - 1);
  const end = last >= from ? last : bytes.indexOf(10, from + CHUNK);
  return end < 0 ? bytes.length : end + 1;
}

/** A piece of the bytes a record came as. */
export interface Span {
  /** Its first byte. */
  readonly from: number;
  /** The byte after its last. */
  readonly to: number;
}

/** Base64 in memory that is used again and again: fresh memory for each record costs more than the work in it. */
export class Base64 {
  private decoded = Buffer.alloc(0);
  private joined = Buffer.alloc(0);

  /** The bytes of base64, good until the next call. */
  decode(base64: string): Buffer {
    const most = Math.ceil((base64.length * 3) / 4);
    if (this.decoded.length < most) this.decoded = Buffer.allocUnsafeSlow(most);
    return this.decoded.subarray(0, this.decoded.write(base64, 'base64'));
  }

  /** The base64 of pieces of `bytes` and of texts between them. */
  join(bytes: Buffer, parts: readonly (Span | string)[]): string {
    const end = this.write(bytes, parts);
    return this.joined.toString('base64', 0, end);
  }

  /** The same as bytes of their own. */
  joinedBytes(bytes: Buffer, parts: readonly (Span | string)[]): Buffer {
    const end = this.write(bytes, parts);
    return Buffer.from(this.joined.subarray(0, end));
  }

  /** Writes them into `joined`, which it may make anew; where they end there. */
  private write(bytes: Buffer, parts: readonly (Span | string)[]): number {
    // a code unit takes three bytes at most
    const most = parts.reduce(
      (sum, each) => sum + (typeof each === 'string' ? each.length * 3 : each.to - each.from),
      0,
    );
    if (this.joined.length < most) this.joined = Buffer.allocUnsafeSlow(most);
    let end = 0;
    for (const each of parts) {
      if (typeof each === 'string') end += this.joined.write(each, end);
      else end += bytes.copy(this.joined, end, each.from, each.to);
    }
    return end;
  }
}

/** The base64 of the first `length` of these bytes, whose base64 is known. */
export function headOf(base64: string, bytes: Buffer, length: number): string {
  const whole = length - (length % 3);
  // what somebody wrote in another way, such as with line breaks, does not stand where it would
  if (base64.length !== Math.ceil(bytes.length / 3) * 4) return bytes.toString('base64', 0, length);
  return base64.slice(0, (whole / 3) * 4) + bytes.toString('base64', whole, length);
}

/** Bytes without the blank lines at their end: Fluent Bit puts one behind the lines it joins in a record. */
export function withoutBlankEnd(bytes: Buffer): Buffer {
  let end = bytes.length;
  while (bytes[end - 1] === 10 && (end === 1 || bytes[end - 2] === 10)) end--;
  return end === bytes.length ? bytes : bytes.subarray(0, end);
}

/** The text of bytes; undefined if they are not UTF-8 from end to end. ASCII makes the smallest and fastest text. */
export function textOfBytes(bytes: Buffer): string | undefined {
  if (isAscii(bytes)) return bytes.toString('latin1');
  return isUtf8(bytes) ? bytes.toString('utf8') : undefined;
}

/** The lines of bytes of which some are not UTF-8; the others are as good as elsewhere. */
export function linesOfBytes(bytes: Buffer): Line[] {
  const lines: Line[] = [];
  for (let from = 0; from < bytes.length;) {
    const found = bytes.indexOf(10, from);
    const line = bytes.subarray(from, found < 0 ? bytes.length : found);
    lines.push({ text: line.toString(), bytes: line, utf8: isUtf8(line) });
    from += line.length + 1;
  }
  return lines;
}

/** A text with memory of its own: a piece of another holds on to all of that. */
export function copied(text: string): string {
  return Buffer.from(text).toString();
}
