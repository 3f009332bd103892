import { gunzipSync, inflateRawSync } from 'node:zlib';

/** Bytes a record may unpack to; what is larger is kept packed. */
const UNPACKED_AT_MOST = 30 * 1024 * 1024;
/** An agent may compress what a library compressed before; nobody means to do it more often. */
const PACKED_AT_MOST = 2;
const BREAK = Buffer.from('\n');

/** A record without its compression. */
export interface Unpacked {
  /** What could be read. */
  readonly bytes: Buffer;
  /** Whether any of it was compressed. */
  readonly packed: boolean;
  /**
   * What could not be read, as it came, and why.
   *
   * @default - all could
   */
  readonly rest?: { readonly bytes: Buffer; readonly error: string };
}

/** Takes gzip off a record, twice at most. What is whole is read, whatever stands behind it. */
export function unpack(record: Buffer): Unpacked {
  let bytes = record;
  let rest: Unpacked['rest'];
  try {
    for (let times = 0; isGzip(bytes); times++) {
      if (times === PACKED_AT_MOST) throw new Error(`it is compressed more than ${PACKED_AT_MOST} times`);
      const { read, left, error } = gunzip(bytes);
      if (error !== undefined) rest = { bytes: left, error };
      // what stands behind and is no gzip are lines of their own
      bytes = error !== undefined || left.length === 0 ? read : Buffer.concat([read, BREAK, left]);
    }
  } catch (error) {
    return { bytes: Buffer.alloc(0), packed: true, rest: { bytes: record, error: (error as Error).message } };
  }
  return { bytes, packed: bytes !== record, rest };
}

/** What zlib answers with `info`, of which its types know nothing. */
interface Informed {
  readonly buffer: Buffer;
  /** How many bytes were read. */
  readonly engine: { readonly bytesWritten: number };
}

/** What could be read, and what is left; with why, if that is gzip and cannot be read. Throws if nothing can. */
interface Read {
  readonly read: Buffer;
  readonly left: Buffer;
  /**
   * Why what is left cannot be read.
   *
   * @default - it is no gzip, or nothing is left
   */
  readonly error?: string;
}

const OPTIONS = { info: true, maxOutputLength: UNPACKED_AT_MOST };

function gunzip(bytes: Buffer): Read {
  try {
    // it stops at a zero behind the last member: padding, as a rule
    const { buffer, engine } = gunzipSync(bytes, OPTIONS) as unknown as Informed;
    const left = bytes.subarray(engine.bytesWritten);
    return { read: buffer, left: left.every((byte) => byte === 0) ? left.subarray(left.length) : left };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const tooLarge = code === 'ERR_BUFFER_TOO_LARGE';
    const why = tooLarge ? `it unpacks to more than ${UNPACKED_AT_MOST} bytes` : `gzip: ${message}`;
    const { read, left } = tooLarge ? { read: bytes, left: bytes } : wholeMembers(bytes);
    if (left.length === bytes.length) throw new Error(why, { cause: error });
    return { read, left, error: isGzip(left) ? why : undefined };
  }
}

function wholeMembers(bytes: Buffer): Read {
  const members: Buffer[] = [];
  let left = bytes;
  try {
    while (isGzip(left)) {
      const end = memberEnd(left);
      members.push(gunzipSync(left.subarray(0, end), { maxOutputLength: UNPACKED_AT_MOST }));
      left = left.subarray(end);
    }
  } catch {
    // this one and what follows are left
  }
  return { read: Buffer.concat(members), left };
}

/** Where the first member ends. @see https://www.rfc-editor.org/rfc/rfc1952#section-2.3 */
function memberEnd(bytes: Buffer): number {
  const flags = bytes.readUInt8(3);
  let at = 10;
  if ((flags & 4) !== 0) at += 2 + bytes.readUInt16LE(at);
  if ((flags & 8) !== 0) at = bytes.indexOf(0, at) + 1;
  if ((flags & 16) !== 0) at = bytes.indexOf(0, at) + 1;
  if ((flags & 2) !== 0) at += 2;
  const { engine } = inflateRawSync(bytes.subarray(at), OPTIONS) as unknown as Informed;
  return at + engine.bytesWritten + 8;
}

function isGzip(bytes: Uint8Array): boolean {
  return bytes.length > 2 && bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 8;
}
