import type { Did } from '../rules/decision';
import type { RuleEngine, Verdict } from '../rules/engine';
import {
  chunkEnd,
  envelope,
  headOf,
  linesOfBytes,
  textOfBytes,
  withoutBlankEnd,
  type Base64,
  type Span,
} from './codec';
import { unpack, type Unpacked } from './gzip';
import type { FirehoseRecord } from './parts';
import { unmarked } from './reingestion-mark';
import { withoutReplayMarks } from './replay-mark';
import { beginsSubscription, decideSubscription, mayBeSubscription, subscriptionIn } from './subscription';

/** What a rule did, in numbers. */
export interface RuleCount {
  /** The place of the rule in the file. */
  readonly rule: number;
  /** What it did. */
  readonly did: Did;
  /** With how many records. */
  records: number;
  /** Of how many bytes. */
  bytes: number;
}

/** A line that may yet go elsewhere than into the answer. */
export interface Pending {
  /** The line. */
  readonly text: string;
  /** Set once it is elsewhere. */
  elsewhere: boolean;
}

/** A line for the hot copy; with `pending`, it goes nowhere else if that takes it. */
export interface DraftHot {
  /** The line. */
  readonly message: string;
  /**
   * The line of the answer that it takes the place of.
   *
   * @default - it is in the answer as well
   */
  readonly pending?: Pending;
}

const DIDS: readonly Did[] = ['kept', 'dropped', 'redacted', 'would', 'guarded', 'failed'];

/** What the rules make of one Firehose record, before anything is sent anywhere. */
export class Draft {
  /** Whether it was ingested again before. */
  readonly marked: boolean;
  /** When it came, in milliseconds. */
  readonly arrival: number;
  /** Lines that came, but for blank ones. */
  records = 0;
  /** Their bytes. */
  bytes = 0;
  /** Lines that no rule dropped. */
  keptRecords = 0;
  /** Their bytes as they are delivered. */
  keptBytes = 0;
  /** Bytes of lines that a rule dropped. */
  droppedBytes = 0;
  /** Lines that are kept because a guard held. */
  guardedRecords = 0;
  /** Their bytes as they came. */
  guardedBytes = 0;
  /** Bytes of lines that are no records, as they came. */
  unparsedBytes = 0;
  /** What rules did, by rule and deed. */
  readonly counts = new Map<number, RuleCount>();
  /** Lines for the hot copy. */
  readonly hot: DraftHot[] = [];
  /** Envelopes of lines that are no records. */
  readonly unparsed: Pending[] = [];
  private readonly parts: (string | Pending | Span)[] = [];
  private readonly pending: Pending[] = [];
  /** The first byte that is in no part yet. */
  private unpushed = 0;
  /** What is delivered if nothing goes elsewhere, once it is known. */
  private made: string | undefined;
  private changed = false;
  /** Bytes of the line that is decided. */
  private size = 0;

  constructor(
    /** As it came. */
    readonly source: FirehoseRecord,
    private readonly engine: RuleEngine,
    now: number,
    private readonly base64: Base64,
  ) {
    const { record: own, marked } = unmarked(base64.decode(source.data));
    const { record, replayed } = withoutReplayMarks(own);
    this.marked = marked;
    this.changed = marked || replayed;
    this.arrival = source.approximateArrivalTimestamp ?? now;
    this.decide(record);
  }

  /** The record without the mark of another pass, for the way back into the stream; those of a replay stay on it. */
  plain(): Buffer {
    return unmarked(Buffer.from(this.source.data, 'base64')).record;
  }

  /** Whether a line went elsewhere than into the answer. */
  hasElsewhere(): boolean {
    return this.pending.some(({ elsewhere }) => elsewhere);
  }

  /** What is delivered, in base64; undefined if nothing is. */
  encoded(): string | undefined {
    if (this.parts.length === 0) return undefined;
    if (!this.hasElsewhere()) {
      if (this.made !== undefined) return this.made;
      if (!this.changed) return this.source.data;
    }
    let text = '';
    for (const part of this.parts) {
      if (typeof part === 'string') text += part;
      else if (isPending(part) && !part.elsewhere) text += `${part.text}\n`;
    }
    return text === '' ? undefined : Buffer.from(text).toString('base64');
  }

  private decide(record: Buffer): void {
    const { bytes, packed, rest } = unpack(record);
    if (packed) this.changed = true;
    this.decideLines(bytes, rest);
  }

  /** Lines that stay as they are stay together, as one piece of the bytes they came in. */
  private decideLines(whole: Buffer, rest: Unpacked['rest']): void {
    const bytes = withoutBlankEnd(whole);
    const subscription = mayBeSubscription(bytes);
    for (let from = 0; from < bytes.length;) {
      const end = chunkEnd(bytes, from);
      const chunk = bytes.subarray(from, end);
      const text = textOfBytes(chunk);
      if (text !== undefined) this.decideText(text, text.length === chunk.length, from, subscription);
      else {
        let at = from;
        for (const { text: line, bytes: own, utf8 } of linesOfBytes(chunk)) {
          this.decideLine(line, own.length, at, at + own.length < end, subscription, utf8 ? undefined : own);
          at += own.length + 1;
        }
      }
      from = end;
    }
    if (this.unpushed < bytes.length) this.parts.push({ from: this.unpushed, to: bytes.length });
    if (rest !== undefined) {
      this.came(rest.bytes.length);
      const line = this.unparsedLine(envelope('', rest.error, rest.bytes));
      this.parts.push(line);
      this.pending.push(line);
    }
    if (!this.changed) {
      if (bytes.length < whole.length) this.made = headOf(this.source.data, whole, bytes.length);
      return;
    }
    // the memory of the bytes is used again for the next record
    if (this.pending.length === 0) {
      this.made = this.base64.join(bytes, this.parts as (string | Span)[]);
    } else {
      this.parts.forEach((part, index) => {
        if (isSpan(part)) this.parts[index] = bytes.toString('utf8', part.from, part.to);
      });
    }
  }

  private decideText(text: string, ascii: boolean, start: number, subscription: boolean): void {
    let place = start;
    for (let at = 0; at < text.length;) {
      const found = text.indexOf('\n', at);
      const line = text.slice(at, found < 0 ? text.length : found);
      const size = ascii ? line.length : Buffer.byteLength(line);
      this.decideLine(line, size, place, found >= 0, subscription);
      at += line.length + 1;
      place += size + 1;
    }
  }

  /** Decides about a line that stands at `place`; `exact` are its bytes if it is no UTF-8. */
  private decideLine(
    line: string,
    size: number,
    place: number,
    ends: boolean,
    subscription: boolean,
    exact?: Buffer,
  ): void {
    let out: string | Pending | undefined;
    if (exact !== undefined) out = this.bytesOut(line, exact);
    else if (!isBlank(line)) out = this.lineOut(line, size, subscription);
    // without a break at its end, what follows in the object would go on in the line
    if (out === line && ends) return;
    this.changed = true;
    if (place > this.unpushed) this.parts.push({ from: this.unpushed, to: place });
    if (typeof out === 'string') this.parts.push(`${out}\n`);
    else if (out !== undefined) {
      this.parts.push(out);
      this.pending.push(out);
    }
    this.unpushed = place + size + 1;
  }

  private bytesOut(text: string, bytes: Buffer): Pending {
    this.came(bytes.length);
    const { line } = this.engine.decideUnparsed(text, this.arrival, this.tally);
    // what was taken out of the text must not stand in the bytes
    return this.unparsedLine(envelope(line, 'it is not UTF-8', line === text ? bytes : undefined));
  }

  /** What becomes of a line; undefined if it is dropped, the same text if it stays as it is. */
  private lineOut(line: string, size: number, subscription: boolean): string | Pending | undefined {
    const inside = subscription || beginsSubscription(line) ? subscriptionIn(line) : undefined;
    if (inside !== undefined) {
      return decideSubscription(line, inside, (message, fields) => {
        this.came(Buffer.byteLength(message));
        const verdict = this.engine.decideMessage(message, fields, this.arrival, this.tally);
        if (verdict.keep) this.kept(message, verdict);
        else this.droppedBytes += this.size;
        if (verdict.to.includes('cloudwatch')) this.hot.push({ message: verdict.line });
        return verdict;
      });
    }
    this.came(size);
    const verdict = this.engine.decide(line, this.arrival, this.tally);
    if (!verdict.keep) {
      this.droppedBytes += size;
      return undefined;
    }
    if (verdict.unparsed !== undefined) return this.unparsedLine(envelope(verdict.line, verdict.unparsed));
    this.kept(line, verdict);
    if (verdict.to.length === 1 && verdict.to[0] === 'archive') return verdict.line;
    const pending = verdict.to.includes('archive') ? undefined : { text: verdict.line, elsewhere: false };
    this.hot.push({ message: verdict.line, pending });
    return pending ?? verdict.line;
  }

  private came(size: number): void {
    this.size = size;
    this.records++;
    this.bytes += size;
  }

  private kept(line: string, verdict: Verdict): void {
    this.keptRecords++;
    this.keptBytes += verdict.line === line ? this.size : Buffer.byteLength(verdict.line);
    if (!verdict.guarded) return;
    this.guardedRecords++;
    this.guardedBytes += this.size;
  }

  private unparsedLine(text: string): Pending {
    const pending = { text, elsewhere: false };
    this.unparsed.push(pending);
    this.unparsedBytes += this.size;
    this.keptRecords++;
    this.keptBytes += Buffer.byteLength(text);
    return pending;
  }

  private readonly tally = (rule: number, did: Did): void => {
    const key = rule * DIDS.length + DIDS.indexOf(did);
    const count = this.counts.get(key);
    if (count === undefined) this.counts.set(key, { rule, did, records: 1, bytes: this.size });
    else {
      count.records++;
      count.bytes += this.size;
    }
  };
}

function isPending(part: string | Pending | Span): part is Pending {
  return typeof part !== 'string' && 'elsewhere' in part;
}

function isSpan(part: string | Pending | Span): part is Span {
  return typeof part !== 'string' && 'from' in part;
}

function isBlank(line: string): boolean {
  return line === '' || (line.charCodeAt(0) <= 32 && line.trim() === '');
}
