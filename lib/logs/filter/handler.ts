import { compileRules } from '../rules/engine';
import type { LogRule } from '../rules/log-rule';
import { Base64 } from './codec';
import { Draft } from './draft';
import { againOf, fit, type Sized } from './fit';
import type { AnsweredRecord, FilterHandler, FilterParts, FirehoseRecord } from './parts';

/** Milliseconds kept back for the answer. */
const MARGIN = 5_000;

/** Makes the function that decides batches. Whatever stands in a record, the others are answered. */
export function filterHandler(parts: FilterParts): FilterHandler {
  /** Decides while there are no rules: everything is kept. */
  const keepAll = compileRules({ version: 1, rules: [] });
  const base64 = new Base64();
  return async (event, context) => {
    const now = parts.clock();
    const deadline = now + context.getRemainingTimeInMillis() - MARGIN;
    const { engine = keepAll, ...known } = await parts.rules.current(now);
    const drafts = new Map(
      event.records.map((record) => [record, draftOf(() => new Draft(record, engine, now, base64))]),
    );
    const { answered, again } = fit([...drafts.values()].filter((draft) => draft !== undefined));
    const here = answered.map(({ draft }) => draft);
    const [taken] = await Promise.all([
      putAgain(parts, again, deadline),
      sendUnparsed(parts, here, deadline),
      sendHot(parts, here, deadline),
    ]);
    countRecords(parts, here, event.records.length - here.length - taken.size, taken.size);
    countRules(parts, here, engine.rules.rules);
    parts.meter.rules(known);
    parts.meter.flush(parts.clock());
    const made = new Map(answered.map((each) => [each.draft, each]));
    return { records: event.records.map((record) => answer(record, drafts.get(record), made, taken)) };
  };
}

function draftOf(make: () => Draft): Draft | undefined {
  try {
    return make();
  } catch {
    return undefined; // Firehose keeps the record as it came, under `failed/`
  }
}

function answer(
  { recordId }: FirehoseRecord,
  draft: Draft | undefined,
  made: ReadonlyMap<Draft, Sized>,
  taken: ReadonlySet<Draft>,
): AnsweredRecord {
  const sized = draft === undefined ? undefined : made.get(draft);
  if (draft === undefined || (sized === undefined && !taken.has(draft))) {
    return { recordId, result: 'ProcessingFailed', data: '' };
  }
  const data = draft.hasElsewhere() ? draft.encoded() : sized?.data;
  return data === undefined ? { recordId, result: 'Dropped', data: '' } : { recordId, result: 'Ok', data };
}

/** Puts records into the stream once more; returns those of which the stream took every part. */
async function putAgain({ reingestion }: FilterParts, drafts: readonly Draft[], deadline: number): Promise<Set<Draft>> {
  if (drafts.length === 0) return new Set();
  const pieces = drafts.map(againOf);
  const accepted = await reingestion.put(pieces.flat(), deadline);
  let at = 0;
  return new Set(
    drafts.filter((_, index) => {
      const count = pieces[index]?.length ?? 0;
      at += count;
      return accepted.slice(at - count, at).every((each) => each);
    }),
  );
}

async function sendUnparsed({ unparsed }: FilterParts, drafts: readonly Draft[], deadline: number): Promise<void> {
  const lines = drafts.flatMap((draft) => draft.unparsed);
  if (unparsed === undefined || lines.length === 0) return;
  const accepted = await unparsed.put(
    lines.map(({ text }) => text),
    deadline,
  );
  lines.forEach((line, index) => (line.elsewhere = accepted[index] === true));
}

async function sendHot({ hot, meter }: FilterParts, drafts: readonly Draft[], deadline: number): Promise<void> {
  const lines = drafts.flatMap(({ hot: each, arrival }) => each.map((line) => ({ ...line, timestamp: arrival })));
  if (hot === undefined || lines.length === 0) return;
  const written = await hot.write(lines, deadline);
  const counts = { HotRecords: 0, HotBytes: 0, HotFailed: 0 };
  lines.forEach(({ message, pending }, index) => {
    if (written[index] !== true) counts.HotFailed++;
    else {
      counts.HotRecords++;
      counts.HotBytes += Buffer.byteLength(message);
      if (pending !== undefined) pending.elsewhere = true;
    }
  });
  meter.count(counts);
}

/** Counts what is answered here; what is ingested again counts when it comes again. */
function countRecords({ meter }: FilterParts, drafts: readonly Draft[], Failed: number, Reingested: number): void {
  const sum = (of: (draft: Draft) => number): number => drafts.reduce((all, draft) => all + of(draft), 0);
  meter.count({
    InRecords: sum(({ records }) => records),
    InBytes: sum(({ bytes }) => bytes),
    KeptRecords: sum(({ keptRecords }) => keptRecords),
    KeptBytes: sum(({ keptBytes }) => keptBytes),
    DroppedRecords: sum(({ records, keptRecords }) => records - keptRecords),
    DroppedBytes: sum(({ droppedBytes }) => droppedBytes),
    GuardedRecords: sum(({ guardedRecords }) => guardedRecords),
    GuardedBytes: sum(({ guardedBytes }) => guardedBytes),
    Unparsed: sum(({ unparsed }) => unparsed.length),
    UnparsedBytes: sum(({ unparsedBytes }) => unparsedBytes),
    Failed,
    Reingested,
  });
}

function countRules({ meter }: FilterParts, drafts: readonly Draft[], rules: readonly LogRule[]): void {
  for (const draft of drafts) {
    for (const { rule: index, did, records, bytes } of draft.counts.values()) {
      const rule = rules[index];
      const hot = did === 'kept' && rule?.to?.includes('cloudwatch') === true;
      if (rule !== undefined) meter.rule(rule.id, did, records, bytes, hot);
    }
  }
}
