import { compileRules } from '../rules/engine';
import type { LogRule } from '../rules/log-rule';
import { Base64 } from './codec';
import { Draft, type Deciding } from './draft';
import { Fit } from './fit';
import type { LineCounts } from './line-counts';
import type { AnsweredRecord, FilterHandler, FilterParts, FirehoseRecord } from './parts';
import { WayBack } from './reingestion';

/** Milliseconds kept back for the answer. */
const MARGIN = 5_000;
/** The share of the time that may go by until all are decided; what is left is for sending. */
const DECIDING = 2 / 3;

/**
 * Makes the function that decides batches. Whatever stands in a record, the others are answered.
 *
 * 1. Records are decided one by one while there is time, and enter the answer as if every line that can go elsewhere
 *    went there. What does not fit even so goes into the stream once more.
 * 2. Of what is in the answer, and of nothing else, lines go elsewhere: other records bring theirs again.
 * 3. Lines that were refused stay in the answer. If it is too large with them, more records go into the stream again, and
 *    what was sent of these comes twice.
 * 4. A record is dropped once the stream took all of it. One that may not go, or that the stream did not take, fails:
 *    Firehose keeps it as it came, and it can be replayed.
 */
export function filterHandler(parts: FilterParts): FilterHandler {
  /** Decides while there are no rules: everything is kept. */
  const keepAll = compileRules({ version: 1, rules: [] });
  const base64 = new Base64();
  return async (event, context) => {
    const now = parts.clock();
    const deadline = now + context.getRemainingTimeInMillis() - MARGIN;
    const late = now + (deadline - now) * DECIDING;
    const { engine = keepAll, ...known } = await parts.rules.current(now);
    const isLate = (): boolean => parts.clock() > late;
    const by = { engine, now, isLate, hot: parts.hot !== undefined, unparsed: parts.unparsed !== undefined, base64 };
    const drafts = new Map<FirehoseRecord, Draft>();
    const fit = new Fit(event.records);
    const tooMuch: Draft[] = [];
    for (const record of event.records) {
      const draft = draftOf(record, by, parts);
      if (draft === undefined) continue;
      drafts.set(record, draft);
      tooMuch.push(...fit.add(draft));
    }
    const back = new WayBack(parts.reingestion, deadline);
    const first = back.put(tooMuch);
    await Promise.all([sendUnparsed(parts, fit.answered, deadline), sendHot(parts, fit.answered, deadline)]);
    await Promise.all([first, back.put(fit.settle())]);
    const records = event.records.map((record) => answer(record, drafts.get(record), fit, back, parts));
    const Failed = event.records.length - fit.answered.size - back.taken.size;
    countRecords(parts, fit.answered, Failed, back.taken.size);
    countRules(parts, fit.answered, engine.rules.rules);
    parts.meter.rules(known);
    parts.meter.flush(parts.clock());
    return { records };
  };
}

function draftOf(record: FirehoseRecord, by: Deciding, { tell }: FilterParts): Draft | undefined {
  try {
    return new Draft(record, by);
  } catch (error) {
    const { name, message, stack = '' } = error as Error;
    // what follows the message, which may hold what stands in the record
    const [, at] = stack.slice(stack.indexOf(message) + message.length).split('\n');
    tell({
      level: 'error',
      message: FAILED,
      recordId: record.recordId,
      reason: 'exception',
      error: name,
      at: at?.trim(),
    });
    return undefined;
  }
}

const FAILED = 'a record failed, and is kept as it came';

function answer(
  { recordId }: FirehoseRecord,
  draft: Draft | undefined,
  { answered }: Fit,
  { taken }: WayBack,
  { tell }: FilterParts,
): AnsweredRecord {
  if (draft !== undefined && answered.has(draft)) {
    const data = draft.delivered.encoded();
    return { recordId, result: data === '' ? 'Dropped' : 'Ok', data };
  }
  if (draft !== undefined && taken.has(draft)) return { recordId, result: 'Dropped', data: '' };
  if (draft !== undefined) {
    const { left, unpackedBytes, deliveredBytes } = draft;
    tell({ level: 'error', message: FAILED, recordId, reason: left, unpackedBytes, deliveredBytes });
  }
  return { recordId, result: 'ProcessingFailed', data: '' };
}

async function sendUnparsed({ unparsed }: FilterParts, drafts: Iterable<Draft>, deadline: number): Promise<void> {
  const lines = [...drafts].flatMap((draft) => draft.unparsed);
  if (unparsed === undefined || lines.length === 0) return;
  const accepted = await unparsed.put(
    lines.map(({ text }) => text),
    deadline,
  );
  lines.forEach((line, index) => {
    line.hoped = false;
    line.elsewhere = accepted[index] === true;
  });
}

async function sendHot({ hot, meter }: FilterParts, drafts: Iterable<Draft>, deadline: number): Promise<void> {
  const lines = [...drafts].flatMap(({ hot: each, arrival }) => each.map((line) => ({ ...line, timestamp: arrival })));
  if (hot === undefined || lines.length === 0) return;
  const written = await hot.write(lines, deadline);
  const counts = { HotRecords: 0, HotBytes: 0, HotFailed: 0 };
  lines.forEach(({ message, pending }, index) => {
    if (pending !== undefined) {
      // several may stand in one line, which is elsewhere once all of them are
      pending.elsewhere = written[index] === true && (pending.hoped || pending.elsewhere);
      pending.hoped = false;
    }
    if (written[index] !== true) counts.HotFailed++;
    else {
      counts.HotRecords++;
      counts.HotBytes += Buffer.byteLength(message);
    }
  });
  meter.count(counts);
}

/** Counts what is answered here; what is ingested again counts when it comes again. */
function countRecords({ meter }: FilterParts, drafts: ReadonlySet<Draft>, Failed: number, Reingested: number): void {
  const sum = (of: (lines: LineCounts) => number): number => [...drafts].reduce((all, { lines }) => all + of(lines), 0);
  meter.count({
    InRecords: sum(({ records }) => records),
    InBytes: sum(({ bytes }) => bytes),
    KeptRecords: sum(({ keptRecords }) => keptRecords),
    KeptBytes: sum(({ keptBytes }) => keptBytes),
    DroppedRecords: sum(({ records, keptRecords }) => records - keptRecords),
    DroppedBytes: sum(({ droppedBytes }) => droppedBytes),
    GuardedRecords: sum(({ guardedRecords }) => guardedRecords),
    GuardedBytes: sum(({ guardedBytes }) => guardedBytes),
    Unparsed: sum(({ unparsedRecords }) => unparsedRecords),
    UnparsedBytes: sum(({ unparsedBytes }) => unparsedBytes),
    Failed,
    Reingested,
  });
}

function countRules({ meter }: FilterParts, drafts: Iterable<Draft>, rules: readonly LogRule[]): void {
  for (const draft of drafts) {
    for (const { rule: index, did, records, bytes } of draft.counts.values()) {
      const rule = rules[index];
      const hot = did === 'kept' && rule?.to?.includes('cloudwatch') === true;
      if (rule !== undefined) meter.rule(rule.id, did, records, bytes, hot);
    }
  }
}
