import { readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { filterHandler } from '../../../lib/logs/filter/handler';
import type { FilterCount } from '../../../lib/logs/filter/parts';
import { marked } from '../../../lib/logs/filter/reingestion-mark';
import { compileRules } from '../../../lib/logs/rules/engine';

/** More by hand: `FUZZ_RUNS=100000 npx jest test/logs/filter/fuzz`; what fails is added to the corpus. */
const numRuns = Number(process.env.FUZZ_RUNS ?? 400);

const folder = path.join(__dirname, 'corpus');
const corpus = readdirSync(folder).map((name) => readFileSync(path.join(folder, name)));

const engine = compileRules({
  version: 1,
  rules: [
    { id: 'noise', action: 'drop', match: { message: { contains: 'noise' } } },
    { id: 'pins', action: 'redact', redact: [{ pattern: 'pin=\\d+', replace: 'pin=*' }] },
  ],
});

type Change = (bytes: Buffer) => Buffer;

const WHOLE: readonly Change[] = [
  (bytes) => gzipSync(bytes),
  marked,
  (bytes) => Buffer.concat([bytes, bytes]),
  (bytes) => Buffer.from(bytes.toString('latin1'), 'utf16le'),
];

const anyChange: fc.Arbitrary<Change> = fc.oneof(
  fc.nat(2_000).map(
    (at): Change =>
      (bytes) =>
        bytes.subarray(0, at % (bytes.length + 1)),
  ),
  fc.tuple(fc.nat(2_000), fc.nat(255)).map(([at, value]): Change => (bytes) => {
    const changed = Buffer.from(bytes);
    if (changed.length > 0) changed[at % changed.length] = value;
    return changed;
  }),
  fc
    .tuple(
      fc.nat(2_000),
      fc.constantFrom('\n', '"', '\\', '{', '}', ',"kubernetes":{', '\u0000', '{"messageType":', 'pin=4'),
    )
    .map(([at, text]): Change => (bytes) => {
      const place = at % (bytes.length + 1);
      return Buffer.concat([bytes.subarray(0, place), Buffer.from(text), bytes.subarray(place)]);
    }),
  fc.constantFrom(...WHOLE),
  fc.constantFrom(...corpus).map(
    (other): Change =>
      (bytes) =>
        Buffer.concat([bytes, other]),
  ),
);

const anyRecord = fc
  .tuple(fc.constantFrom(...corpus), fc.array(anyChange, { maxLength: 4 }))
  .map(([seed, changes]) => changes.reduce<Buffer>((bytes, change) => change(bytes), seed));

/** Texts that redactions are for: of a record all but names and what says where it comes from, of an envelope its messages. */
function textsOf(value: unknown, top = true): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  const { messageType, logEvents } = value as { messageType?: unknown; logEvents?: unknown };
  if (top && /^(DATA|CONTROL)_MESSAGE$/.test(String(messageType)) && Array.isArray(logEvents)) {
    return logEvents.flatMap((event: { message?: unknown } | null) => {
      if (typeof event?.message !== 'string') return [];
      return event.message.startsWith('{') ? inside(event.message) : [event.message];
    });
  }
  return Object.entries(value).flatMap(([name, each]) => (top && name === 'kubernetes' ? [] : textsOf(each, false)));
}

function inside(message: string): string[] {
  try {
    return textsOf(JSON.parse(message));
  } catch {
    return [message];
  }
}

test('whatever comes, each record is answered, every line is counted, and what is delivered is JSON without secrets', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyRecord, { maxLength: 5 }), async (batch) => {
      const counts: Partial<Record<FilterCount, number>> = {};
      const handler = filterHandler({
        rules: { current: () => Promise.resolve({ engine, stale: false, missing: false }) },
        reingestion: { put: (records) => Promise.resolve(records.map(() => true)) },
        meter: {
          count: (more) => Object.assign(counts, more),
          rule: () => undefined,
          rules: () => undefined,
          flush: () => undefined,
        },
        tell: () => undefined,
        clock: () => 0,
      });
      const records = batch.map((bytes, index) => ({ recordId: String(index), data: bytes.toString('base64') }));
      const event = { records };
      const answer = await handler(event, { getRemainingTimeInMillis: () => 60_000 });
      expect(answer.records.map(({ recordId }) => recordId)).toEqual(records.map(({ recordId }) => recordId));
      expect(counts.Failed).toBe(0);
      expect(counts.InRecords).toBe((counts.KeptRecords ?? NaN) + (counts.DroppedRecords ?? NaN));
      for (const { data = '', result } of answer.records) {
        const text = Buffer.from(data, 'base64').toString();
        expect(text !== '').toBe(result === 'Ok');
        expect(text === '' || text.endsWith('\n')).toBe(true);
        for (const line of text.split('\n').filter((each) => each.trim() !== '')) {
          expect(textsOf(JSON.parse(line)).filter((each) => /pin=\d/.test(each))).toEqual([]);
        }
      }
      expect(await handler(event, { getRemainingTimeInMillis: () => 60_000 })).toEqual(answer); // a retry
    }),
    { numRuns },
  );
});
