import type { Draft } from './draft';
import type { FirehoseRecord } from './parts';

/** Bytes of an answer, base64 and names counted: Lambda takes 6 MB, and refuses the whole answer above it. */
export const ANSWER_AT_MOST = 6_000_000;

/** Bytes of lines of a batch that wait to go elsewhere, in memory; envelopes may be much longer than their lines. */
export const PENDING_AT_MOST = 16_000_000;

/** Bytes of a record in the answer beside its name and data. */
const AROUND = '{"recordId":"","result":"ProcessingFailed","data":""},'.length;

/**
 * Chooses what has to stay out for the answer to fit: as few records as can be, the largest first, and before others
 * those that may be ingested once more. What stays out lets go of what it would deliver at once, so that a batch takes no
 * more memory than an answer, what is pending and the one record that is decided, however much it unpacks to.
 */
export class Fit {
  /** What is in, in the order in which it came. */
  readonly answered = new Set<Draft>();
  private readonly around: number;
  private size: number;
  private pendingBytes = 0;

  constructor(
    records: readonly FirehoseRecord[],
    private readonly most = ANSWER_AT_MOST,
  ) {
    this.around = records.reduce((sum, { recordId }) => sum + AROUND + recordId.length, 0);
    this.size = this.around;
  }

  /** Takes one in, as if what is pending went where it is hoped to go; returns what stays out for it, or itself. */
  add(draft: Draft): readonly Draft[] {
    if (draft.left !== undefined) return [draft];
    const { pendingBytes, size } = draft.delivered;
    if (pendingBytes > 0 && this.pendingBytes + pendingBytes > PENDING_AT_MOST) {
      draft.leave('too much is pending');
      return [draft];
    }
    this.answered.add(draft);
    this.pendingBytes += pendingBytes;
    this.size += size;
    return this.leaveOut();
  }

  /** Once it is known what went elsewhere, returns what stays out as well. */
  settle(): readonly Draft[] {
    this.size = this.around;
    for (const { delivered } of this.answered) this.size += delivered.size;
    return this.leaveOut();
  }

  private leaveOut(): readonly Draft[] {
    const out: Draft[] = [];
    while (this.size > this.most) {
      const largest = this.largest();
      if (largest === undefined) break;
      this.answered.delete(largest);
      this.size -= largest.delivered.size;
      this.pendingBytes -= largest.delivered.pendingBytes;
      largest.leave('the answer is full');
      out.push(largest);
    }
    return out;
  }

  /** What is to stay out next; of several that are alike the last. */
  private largest(): Draft | undefined {
    let [largest, most] = [undefined as Draft | undefined, 0];
    for (const draft of this.answered) {
      const rank = this.rank(draft);
      if (rank === 0 || rank < most) continue;
      [largest, most] = [draft, rank];
    }
    return largest;
  }

  private rank({ marked, delivered: { size } }: Draft): number {
    if (size === 0) return 0; // nothing would be won
    if (this.around + size > this.most) return Infinity; // it fits into no answer
    return marked ? size : this.most + size;
  }
}
