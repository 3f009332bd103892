import { headOf, type Base64, type Span } from './codec';

/** A line that may yet go elsewhere than into the answer. */
export interface Pending {
  /** The line, without its break. */
  readonly text: string;
  /** Its bytes, with the break. */
  readonly bytes: number;
  /** Whether there is hope yet that it will go elsewhere. */
  hoped: boolean;
  /** Whether it is elsewhere. */
  elsewhere: boolean;
}

/** What is delivered of one record: pieces of the bytes it came as, and what takes the place of others. */
export class Delivered {
  /** Whether it is other than the record as it came. */
  changed = false;
  /** Bytes of lines that may go elsewhere. */
  pendingBytes = 0;
  /** Bytes of all others, up to `unpushed`. */
  private fixedBytes = 0;
  private parts: (Span | string | Pending)[] = [];
  /** The first byte that is in no part yet. */
  private unpushed = 0;
  /** Once it is known: in base64 if nothing is pending, else in pieces. */
  private made: string | readonly (Buffer | Pending)[] = '';

  constructor(
    /** The record as it came, in base64. */
    private readonly data: string,
  ) {}

  /** Puts lines in place of the bytes from `place` up to `next`; those before that are in no part yet stay as they are. */
  replace(place: number, next: number, lines: string | readonly (string | Pending)[] | undefined): void {
    this.changed = true;
    this.push(place);
    this.unpushed = next;
    if (typeof lines === 'string') this.pushLine(lines);
    else if (lines !== undefined) for (const line of lines) this.pushLine(line);
  }

  /** Bytes delivered of those before `place`, whatever goes elsewhere. */
  fixed(place: number): number {
    return this.fixedBytes + Math.max(0, place - this.unpushed);
  }

  /** Makes what is delivered, since the memory of `bytes` is used again for the next record; only `length` of them count. */
  make(bytes: Buffer, length: number, base64: Base64): void {
    this.push(length);
    if (this.pendingBytes > 0) this.made = pieces(bytes, this.parts, base64);
    else if (this.changed) this.made = base64.join(bytes, this.parts as (Span | string)[]);
    else if (length > 0) this.made = length === bytes.length ? this.data : headOf(this.data, bytes, length);
    this.parts = [];
    this.unpushed = Infinity;
  }

  /** Characters of base64 that it is, without what is elsewhere or hoped to be. */
  get size(): number {
    if (typeof this.made === 'string') return this.made.length;
    let bytes = this.fixedBytes;
    for (const piece of this.made) if (isPending(piece) && !piece.elsewhere && !piece.hoped) bytes += piece.bytes;
    return Math.ceil(bytes / 3) * 4;
  }

  /** What is delivered, in base64, without what is elsewhere; empty if nothing is. */
  encoded(): string {
    if (typeof this.made === 'string') return this.made;
    const left: Buffer[] = [];
    for (const piece of this.made) {
      if (!isPending(piece)) left.push(piece);
      else if (!piece.elsewhere) left.push(Buffer.from(`${piece.text}\n`));
    }
    return Buffer.concat(left).toString('base64');
  }

  private pushLine(line: string | Pending): void {
    if (typeof line === 'string') {
      this.parts.push(`${line}\n`);
      this.fixedBytes += Buffer.byteLength(line) + 1;
    } else {
      this.parts.push(line);
      this.pendingBytes += line.bytes;
    }
  }

  private push(place: number): void {
    if (place <= this.unpushed) return;
    this.parts.push({ from: this.unpushed, to: place });
    this.fixedBytes += place - this.unpushed;
    this.unpushed = place;
  }
}

/** What is pending by itself, all between as bytes: texts would hold on to the larger ones they were cut from. */
function pieces(bytes: Buffer, parts: readonly (Span | string | Pending)[], base64: Base64): (Buffer | Pending)[] {
  const made: (Buffer | Pending)[] = [];
  let run: (Span | string)[] = [];
  const endRun = (): void => {
    if (run.length > 0) made.push(base64.joinedBytes(bytes, run));
    run = [];
  };
  for (const part of parts) {
    if (typeof part === 'string' || 'from' in part) run.push(part);
    else {
      endRun();
      made.push(part);
    }
  }
  endRun();
  return made;
}

function isPending(piece: Buffer | Pending): piece is Pending {
  return 'elsewhere' in piece;
}
