import { gzipSync } from 'node:zlib';
import { cutAtLines } from '../replay';
import type { Draft } from './draft';
import { unpack } from './gzip';
import { PUT_LIMITS } from './put-records';
import { MARK, marked } from './reingestion-mark';
import { asReplayed, REPLAY_MARKS_BYTES, withoutReplayMarks } from './replay-mark';

/** Bytes of an answer, base64 and names counted: Lambda takes 6 MB, and refuses the whole answer above it. */
export const ANSWER_AT_MOST = 6_000_000;

/** Bytes of a record in the answer beside its name and data. */
const AROUND = '{"recordId":"","result":"ProcessingFailed","data":""},'.length;

/** A draft and what it would add to the answer. */
export interface Sized {
  /** The draft. */
  readonly draft: Draft;
  /**
   * What would be delivered, in base64.
   *
   * @default - nothing
   */
  readonly data?: string;
}

/** What goes into the answer, and what would be too much for it. */
export interface Fit {
  /** Drafts whose records are answered with what was made of them. */
  readonly answered: readonly Sized[];
  /** Drafts whose records go into the stream once more; what is in neither list is left to the failed ones. */
  readonly again: readonly Draft[];
}

/** Chooses what has to stay out for the answer to fit: as few as can be, and first what may be ingested once more. */
export function fit(drafts: readonly Draft[], most = ANSWER_AT_MOST): Fit {
  const sized = drafts.map((draft): Sized => ({ draft, data: draft.encoded() }));
  let size = drafts.reduce((sum, { source }) => sum + AROUND + source.recordId.length, 0);
  size += sized.reduce((sum, { data = '' }) => sum + data.length, 0);
  const out = new Set<Sized>();
  if (size > most) {
    const rank = ({ draft, data = '' }: Sized): number => (draft.marked ? 0 : most) + data.length;
    for (const each of [...sized].reverse().sort((a, b) => rank(b) - rank(a))) {
      if (size <= most) break;
      out.add(each);
      size -= each.data?.length ?? 0;
    }
  }
  const again = [...out].map(({ draft }) => draft).filter(({ marked: before }) => !before);
  return { answered: sized.filter((each) => !out.has(each)), again };
}

/**
 * A record as it goes into the stream once more: whole if it fits, else cut at lines and no longer packed, so that a
 * batch of what comes of it fits into an answer.
 */
export function againOf(draft: Draft): readonly Uint8Array[] {
  const { record, replayed } = withoutReplayMarks(draft.plain());
  const room = PUT_LIMITS.recordBytes - MARK.length - (replayed ? REPLAY_MARKS_BYTES : 0);
  const again = (part: Uint8Array): Buffer => marked(replayed ? asReplayed(part) : part);
  const unpacked = unpack(record);
  const bytes = unpacked.rest === undefined ? unpacked.bytes : record;
  if (bytes.length <= room) return [again(record)];
  // one line may be longer than a record, and stays packed then
  return cutAtLines(bytes, room).map((part) => again(part.length <= room ? part : gzipSync(part)));
}
