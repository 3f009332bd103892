import { filterHandler } from '../../../lib/logs/filter/handler';
import { ANSWER_AT_MOST } from '../../../lib/logs/filter/fit';
import type { FilterCount, FilterParts, FirehoseAnswer, HotLine, Meter } from '../../../lib/logs/filter/parts';
import { unmarked } from '../../../lib/logs/filter/reingestion-mark';
import { BATCH } from '../../../lib/logs/log-delivery';
import { compileRules } from '../../../lib/logs/rules/engine';
import type { LogRule } from '../../../lib/logs/rules/log-rule';

export const ARRIVAL = Date.UTC(2026, 6, 1);
export const line = (log: string, namespace = 'shop'): string =>
  JSON.stringify({ time: '2026-07-01T00:00:00Z', log, kubernetes: { pod_name: 'web-1', namespace_name: namespace } });

export const RULES: readonly LogRule[] = [
  { id: 'health', action: 'drop', match: { message: { contains: '/health' } } },
  { id: 'cards', action: 'redact', redact: [{ pattern: '\\d{16}', replace: '****' }] },
  { id: 'hot', action: 'keep', match: { namespace: 'hot' }, to: ['archive', 'cloudwatch'] },
  { id: 'only-hot', action: 'keep', match: { namespace: 'only-hot' }, to: ['cloudwatch'] },
];

/** What came of a batch. */
export interface World {
  readonly answer: FirehoseAnswer;
  readonly counts: Partial<Record<FilterCount, number>>;
  readonly rules: Record<string, number>;
  readonly hot: HotLine[];
  readonly again: Buffer[];
  /** Envelopes that were sent, and of these those that were taken; so too of the lines of the hot copy. */
  readonly unparsed: string[];
  readonly takenUnparsed: string[];
  readonly takenHot: string[];
  readonly told: Readonly<Record<string, unknown>>[];
}

type Place = 'hot' | 'again' | 'unparsed';
type Taking = (index: number) => boolean;

export interface Options {
  readonly rules?: readonly LogRule[] | 'none';
  readonly byDefault?: 'keep' | 'drop';
  readonly meter?: Meter;
  /** Whether what is sent is taken: all of it, all that goes to one place, or each by itself. */
  readonly takes?: boolean | Partial<Record<Place, boolean | Taking>>;
  readonly unparsedStream?: boolean;
  /** The time, in milliseconds; the function has a minute of it. */
  readonly clock?: () => number;
}

/** Has the filter decide one batch. */
export async function run(data: readonly (Buffer | string)[], options: Options = {}): Promise<World> {
  const { rules = RULES, byDefault, takes = true, unparsedStream = false, clock = () => ARRIVAL } = options;
  const world: Omit<World, 'answer'> = {
    counts: {},
    rules: {},
    hot: [],
    again: [],
    unparsed: [],
    takenUnparsed: [],
    takenHot: [],
    told: [],
  };
  const engine = rules === 'none' ? undefined : compileRules({ version: 1, rules, default: byDefault });
  const takesOf = (place: Place): Taking => {
    const taking = typeof takes === 'boolean' ? takes : (takes[place] ?? true);
    return typeof taking === 'boolean' ? () => taking : taking;
  };
  const sent = <T>(place: Place, all: readonly T[], send: (each: T, taken: boolean) => void): Promise<boolean[]> => {
    const taken = all.map((_, index) => takesOf(place)(index));
    all.forEach((each, index) => send(each, taken[index] === true));
    return Promise.resolve(taken);
  };
  const parts: FilterParts = {
    rules: { current: () => Promise.resolve({ engine, stale: false, missing: engine === undefined }) },
    hot: {
      write: (lines) =>
        sent('hot', lines, (each, taken) => {
          world.hot.push(each);
          if (taken) world.takenHot.push(each.message);
        }),
    },
    reingestion: { put: (records) => sent('again', records, (each) => world.again.push(Buffer.from(each))) },
    unparsed: unparsedStream
      ? {
          put: (lines) =>
            sent('unparsed', lines, (each, taken) => {
              world.unparsed.push(each);
              if (taken) world.takenUnparsed.push(each);
            }),
        }
      : undefined,
    meter: options.meter ?? {
      count(counts) {
        for (const [name, count] of Object.entries(counts)) {
          world.counts[name as FilterCount] = (world.counts[name as FilterCount] ?? 0) + count;
        }
      },
      rule: (id, did, records) => (world.rules[`${id} ${did}`] = (world.rules[`${id} ${did}`] ?? 0) + records),
      rules: () => undefined,
      flush: () => undefined,
    },
    tell: (event) => void world.told.push(event),
    clock,
  };
  const records = data.map((each, index) => ({
    recordId: `r${index}`,
    data: Buffer.from(each).toString('base64'),
    approximateArrivalTimestamp: ARRIVAL,
  }));
  const answer = await filterHandler(parts)({ records }, { getRemainingTimeInMillis: () => 60_000 });
  expect(answer.records.map(({ recordId }) => recordId)).toEqual(records.map(({ recordId }) => recordId));
  expect(JSON.stringify(answer).length).toBeLessThanOrEqual(ANSWER_AT_MOST);
  return { answer, ...world };
}

export const text = (world: World, index = 0): string =>
  Buffer.from(world.answer.records[index]?.data ?? '', 'base64').toString();
export const result = (world: World, index = 0): string | undefined => world.answer.records[index]?.result;
export const results = (world: World): (string | undefined)[] => world.answer.records.map(({ result: each }) => each);

/** What came of records, and of what went round. */
export interface Stream {
  /** Lines in the archive. */
  readonly kept: string[];
  readonly unparsed: string[];
  readonly hot: string[];
  /** Records that failed, as they came. */
  readonly failed: Buffer[];
  /** Records that went round. */
  round: number;
}

/** Has a stream hand over records, and what goes round, in batches as Firehose makes them. */
export async function stream(data: readonly (Buffer | string)[], options: Options = {}): Promise<Stream> {
  const all: Stream = { kept: [], unparsed: [], hot: [], failed: [], round: 0 };
  let left: Buffer[] = data.map((each) => Buffer.from(each));
  let batch: Buffer[];
  while (left.length > 0) {
    [batch, left] = nextBatch(left);
    const world = await run(batch, options);
    for (const each of world.takenUnparsed) all.unparsed.push(each);
    for (const each of world.takenHot) all.hot.push(each);
    batch.forEach((record, index) => {
      for (const each of text(world, index).split('\n')) if (each !== '') all.kept.push(each);
      if (result(world, index) === 'ProcessingFailed') all.failed.push(record);
    });
    expect(world.again.every((each) => unmarked(each).marked && each.length <= 1000 * 1024)).toBe(true);
    all.round += world.again.length;
    left.push(...world.again);
  }
  return all;
}

function nextBatch(records: readonly Buffer[]): [batch: Buffer[], left: Buffer[]] {
  let bytes = 0;
  const more = records.findIndex(({ length }, index) => (bytes += length) > BATCH.megabytes * 1024 ** 2 && index > 0);
  const end = more < 0 ? records.length : more;
  return [records.slice(0, end), records.slice(end)];
}
