import { gzipSync } from 'node:zlib';
import { cutAtLines } from '../replay';
import type { Timing } from './backoff';
import { LINE_AT_MOST, type Draft } from './draft';
import { unpack } from './gzip';
import type { Reingestion } from './parts';
import { PUT_LIMITS, putRecords, type PutRecordBatch } from './put-records';
import { MARK, marked, unmarked } from './reingestion-mark';
import { asReplayed, REPLAY_MARKS_BYTES, withoutReplayMarks } from './replay-mark';
import { eventsApart, mayBeSubscription } from './subscription';

/** The way back into the function's own stream. */
export function reingestion(put: PutRecordBatch, timing: Timing): Reingestion {
  return { put: (records, deadline) => putRecords(put, records, deadline, timing) };
}

/** Bytes that go back of one batch: 40 s at 1 MiB a second, the smallest quota of a stream, and agents need some of it. */
const AGAIN_AT_MOST = 40 * 1024 * 1024;

/** What of one batch goes into the stream once more. */
export class WayBack {
  /** Records of which the stream took every part. */
  readonly taken = new Set<Draft>();
  private room = AGAIN_AT_MOST;

  constructor(
    private readonly stream: Reingestion,
    private readonly deadline: number,
  ) {}

  /** Sends those that may go; the others say why they do not. */
  async put(drafts: readonly Draft[]): Promise<void> {
    const going: { readonly draft: Draft; readonly parts: readonly Uint8Array[] }[] = [];
    for (const draft of drafts) {
      const parts = draft.marked ? 'it was ingested again before' : partsOf(draft, this.room);
      if (typeof parts === 'string') draft.left += `; ${parts}`;
      else {
        going.push({ draft, parts });
        for (const { length } of parts) this.room -= length;
      }
    }
    if (going.length === 0) return;
    const accepted = await this.stream.put(
      going.flatMap(({ parts }) => parts),
      this.deadline,
    );
    let at = 0;
    for (const { draft, parts } of going) {
      if (accepted.slice(at, (at += parts.length)).every((each) => each)) this.taken.add(draft);
      else draft.left += '; the stream did not take it again';
    }
  }
}

/** Bytes of a record beside the marks. */
const ROOM = PUT_LIMITS.recordBytes - MARK.length - REPLAY_MARKS_BYTES;

/**
 * A record as it goes into the stream once more: no longer packed, and cut at lines where it or what comes of it would be
 * larger than a record. Each part is made as large as what comes of it, so that an answer holds that of a whole batch.
 * Or why it does not go: all parts together may be larger than `most`, and a line too long to be decided will not get
 * shorter.
 */
function partsOf({ source, growth }: Draft, most: number): readonly Uint8Array[] | string {
  const { record, replayed } = withoutReplayMarks(unmarked(Buffer.from(source.data, 'base64')).record);
  const again = (part: Uint8Array, size: number): Buffer => marked(replayed ? asReplayed(part) : part, size);
  const { bytes, rest } = unpack(record);
  if (bytes.length * growth + (rest?.bytes.length ?? 0) > most) return 'more than one batch may ingest again';
  const cut = bytes.length === 0 ? [] : cutAtLines(bytes, Math.floor(ROOM / growth));
  if (cut.length === 1 && bytes.length > LINE_AT_MOST && !mayBeSubscription(bytes)) return 'it is a single line';
  const grown = cut.flatMap(asRecords).map((part) => again(part, part.length * growth));
  return rest === undefined ? grown : [...grown, again(rest.bytes, 0)];
}

/** A line may be longer than a record: an envelope of CloudWatch Logs goes in several, any other is packed again. */
function asRecords(part: Uint8Array): readonly Uint8Array[] {
  if (part.length <= ROOM) return [part];
  const envelopes = eventsApart(Buffer.from(part).toString(), ROOM - 1);
  if (envelopes === undefined) return [gzipSync(part)];
  return envelopes
    .map((each) => Buffer.from(`${each}\n`))
    .flatMap((each) => (each.length > ROOM ? gzipSync(each) : each));
}
