import type { Did } from '../rules/decision';
import type { RuleEngine, Verdict } from '../rules/engine';
import { chunkEnd, copied, linesOfBytes, textOfBytes, withoutBlankEnd, type Base64 } from './codec';
import { Delivered, type Pending } from './delivered';
import { envelopes } from './envelope';
import { ANSWER_AT_MOST, PENDING_AT_MOST } from './fit';
import { unpack } from './gzip';
import { LineCounts } from './line-counts';
import type { FirehoseRecord } from './parts';
import { unmarked } from './reingestion-mark';
import { withoutReplayMarks } from './replay-mark';
import { RuleCounts } from './rule-counts';
import {
  beginsSubscription,
  decideSubscription,
  mayBeSubscription,
  subscriptionIn,
  type Subscription,
} from './subscription';

/**
 * Bytes of a line at most. A longer one, which fits into a record only if it is packed, is not decided: a redaction may
 * take 36 bytes of memory and a microsecond for each of its characters. One that grew longer goes in envelopes.
 */
export const LINE_AT_MOST = 2 * 1024 * 1024;

/** What the records of a batch are decided with. */
export interface Deciding {
  /** The rules. */
  readonly engine: RuleEngine;
  /** When the batch came, in milliseconds. */
  readonly now: number;
  /** Whether the time for deciding is over. */
  readonly isLate: () => boolean;
  /** Whether there is somewhere to go for a line of the hot copy. */
  readonly hot: boolean;
  /** Whether there is for an envelope. */
  readonly unparsed: boolean;
  /** The memory. */
  readonly base64: Base64;
}

/** Thrown where a record cannot be decided to its end; says why, and nothing of what stands in it. */
class Undecided extends Error {}

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

/** What the rules make of one Firehose record, before anything is sent anywhere. */
export class Draft {
  /** Whether it was ingested again before. */
  readonly marked: boolean;
  /** When it came, in milliseconds. */
  readonly arrival: number;
  /** What became of its lines. */
  readonly lines = new LineCounts();
  /** What rules did, by rule and deed. */
  readonly counts = new RuleCounts();
  /** Lines for the hot copy. */
  hot: DraftHot[] = [];
  /** Envelopes of lines that are no records. */
  unparsed: Pending[] = [];
  /** What is delivered of it. */
  delivered: Delivered;
  /** Bytes of it without its compression; 0 if it was not looked at. */
  unpackedBytes = 0;
  /** Bytes of what would have been delivered of it, elsewhere too, as far as it was decided. */
  deliveredBytes = 0;
  /** How many bytes become of one of it, at least one. */
  growth = 1;
  /** Why it is not answered with what is delivered of it; undefined if it may be. */
  left: string | undefined;
  /** Bytes of it that are decided. */
  private decided = 0;
  private packed = false;
  /** Bytes of the line that is decided. */
  private size = 0;

  constructor(
    /** As it came. */
    readonly source: FirehoseRecord,
    private readonly by: Deciding,
  ) {
    const { record: own, marked } = unmarked(by.base64.decode(source.data));
    const { record, replayed } = withoutReplayMarks(own);
    this.marked = marked;
    this.arrival = source.approximateArrivalTimestamp ?? by.now;
    this.delivered = new Delivered(source.data);
    this.delivered.changed = marked || replayed;
    try {
      this.decide(record);
    } catch (error) {
      if (!(error instanceof Undecided)) throw error;
      this.leave(error.message);
    }
  }

  /** Leaves it unanswered, and lets go of what it would have been answered with. */
  leave(why: string): void {
    this.left = why;
    this.deliveredBytes = this.delivered.fixed(this.decided) + this.delivered.pendingBytes;
    if (this.decided > 0) this.growth = Math.max(1, this.deliveredBytes / this.decided);
    this.delivered = new Delivered('');
    this.hot = [];
    this.unparsed = [];
  }

  private decide(record: Buffer): void {
    if (this.by.isLate()) throw new Undecided('out of time');
    const { bytes, packed, rest } = unpack(record);
    this.packed = packed;
    this.unpackedBytes = bytes.length + (rest?.bytes.length ?? 0);
    if (packed) this.delivered.changed = true;
    const lines = withoutBlankEnd(bytes);
    this.decideLines(lines);
    if (rest !== undefined) {
      this.came(rest.bytes.length);
      this.delivered.replace(lines.length, lines.length, this.unparsedLine('', rest.error, rest.bytes));
    }
    this.delivered.make(bytes, lines.length, this.by.base64);
    this.decided = this.unpackedBytes;
  }

  /** Lines that stay as they are stay together, as one piece of the bytes they came in. */
  private decideLines(bytes: Buffer): void {
    const subscription = mayBeSubscription(bytes);
    for (let from = 0; from < bytes.length; from = this.decided) {
      if (from > 0 && this.by.isLate()) throw new Undecided('out of time');
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
      this.decided = end;
      // in base64 three bytes are four
      const tooMuch = this.delivered.fixed(end) * 4 > ANSWER_AT_MOST * 3;
      if (tooMuch || this.delivered.pendingBytes > PENDING_AT_MOST) throw new Undecided('too much for one answer');
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
    let out: string | readonly (string | Pending)[] | undefined;
    if (exact !== undefined) out = this.bytesOut(line, exact);
    else if (!isBlank(line)) out = this.lineOut(line, size, subscription);
    // without a break at its end, what follows in the object would go on in the line
    if (out === line && ends) return;
    this.delivered.replace(place, place + size + 1, out);
  }

  private bytesOut(text: string, bytes: Buffer): readonly Pending[] {
    this.came(bytes.length);
    const { line } = this.by.engine.decideUnparsed(text, this.arrival, this.tally);
    // what was taken out of the text must not stand in the bytes
    return this.unparsedLine(line, 'it is not UTF-8', line === text ? bytes : undefined);
  }

  /** What becomes of a line; undefined if it is dropped, the same text if it stays as it is. */
  private lineOut(
    line: string,
    size: number,
    subscription: boolean,
  ): string | readonly (string | Pending)[] | undefined {
    const inside = subscription || beginsSubscription(line) ? subscriptionIn(line) : undefined;
    if (inside !== undefined) return this.subscriptionOut(line, inside);
    this.came(size);
    const verdict = this.by.engine.decide(line, this.arrival, this.tally);
    if (!verdict.keep) {
      this.lines.dropped();
      return undefined;
    }
    if (verdict.unparsed !== undefined) return this.unparsedLine(verdict.line, verdict.unparsed);
    const bytes = sizeOf(verdict, line, size);
    if (bytes > LINE_AT_MOST) return this.unparsedLine(verdict.line, `it grew to more than ${LINE_AT_MOST} bytes`);
    this.lines.kept(bytes, verdict.guarded);
    if (verdict.to.length === 1 && verdict.to[0] === 'archive') return verdict.line;
    if (verdict.to.includes('archive')) {
      this.goesHot(verdict.line);
      return verdict.line;
    }
    const pending = pendingLine(this.own(verdict.line), this.by.hot);
    this.hot.push({ message: pending.text, pending });
    return [pending];
  }

  /** Events for the hot copy alone are in an envelope of their own, which stays if one of them is refused. */
  private subscriptionOut(line: string, inside: Subscription): string | readonly (string | Pending)[] | undefined {
    const only: string[] = [];
    const { archive, hot } = decideSubscription(line, inside, (message, fields) => {
      this.came(Buffer.byteLength(message));
      const verdict = this.by.engine.decideMessage(message, fields, this.arrival, this.tally);
      if (verdict.keep) this.lines.kept(sizeOf(verdict, message, this.size), verdict.guarded);
      else this.lines.dropped();
      if (verdict.to.includes('cloudwatch')) {
        if (verdict.to.length === 1) only.push(verdict.line);
        else this.goesHot(verdict.line);
      }
      return verdict;
    });
    if (hot === undefined) return archive;
    const pending = pendingLine(hot, this.by.hot);
    for (const message of only) this.hot.push({ message: this.own(message), pending });
    return archive === undefined ? [pending] : [archive, pending];
  }

  private came(size: number): void {
    if (size > LINE_AT_MOST) throw new Undecided(`a line of more than ${LINE_AT_MOST} bytes`);
    this.size = size;
    this.lines.came(size);
  }

  private goesHot(message: string): void {
    this.hot.push({ message: this.own(message) });
  }

  /** A text by itself: one cut from a record that was packed would hold on to all of that, which may be much. */
  private own(text: string): string {
    return this.packed ? copied(text) : text;
  }

  private unparsedLine(raw: string, error: string, bytes?: Buffer): readonly Pending[] {
    const made = envelopes(raw, error, bytes).map((text) => pendingLine(text, this.by.unparsed));
    this.unparsed.push(...made);
    this.lines.unparsed(made.reduce((sum, each) => sum + each.bytes - 1, 0));
    return made;
  }

  private readonly tally = (rule: number, did: Did): void => this.counts.add(rule, did, this.size);
}

/** Bytes of a line as it is delivered, which came in so many. */
function sizeOf(verdict: Verdict, line: string, size: number): number {
  return verdict.line === line ? size : Buffer.byteLength(verdict.line);
}

/** A line that goes elsewhere if it is taken there, and if there is such a place. */
function pendingLine(text: string, hoped: boolean): Pending {
  return { text, bytes: Buffer.byteLength(text) + 1, hoped, elsewhere: false };
}

function isBlank(line: string): boolean {
  return line === '' || (line.charCodeAt(0) <= 32 && line.trim() === '');
}
