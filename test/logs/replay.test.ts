import * as fc from 'fast-check';
import {
  cutAtLines,
  failedLine,
  hourOf,
  isWithin,
  PUT_LIMITS,
  readMoment,
  ReplayBatches,
  type ReplayBatch,
} from '../../lib/logs/replay';

const NOW = new Date('2026-11-25T14:30:00Z');

test.each([
  ['2026-11-24', '2026-11-24T00:00:00.000Z'],
  ['2026-11-24T10:05', '2026-11-24T10:05:00.000Z'],
  ['2026-11-24 10:05:30Z', '2026-11-24T10:05:30.000Z'],
  ['yesterday', '2026-11-24T00:00:00.000Z'],
  ['today', '2026-11-25T00:00:00.000Z'],
  ['90m', '2026-11-25T13:00:00.000Z'],
  ['6h', '2026-11-25T08:30:00.000Z'],
  ['2d', '2026-11-23T14:30:00.000Z'],
  ['0m', '2026-11-25T14:30:00.000Z'],
  ['2026-02-30', undefined],
  ['2026-13-01', undefined],
  ['6 hours', undefined],
  ['-6h', undefined],
  ['', undefined],
  ['999999d', undefined],
])('the moment %j is %s', (text, moment) => {
  expect(readMoment(text, NOW)?.toISOString()).toBe(moment);
});

test.each([
  ['failed/processing-failed/dt=2026-11-25/hour=07/dev-logs-1', '2026-11-25T07:00:00.000Z'],
  ['dt=2026-11-25/hour=23/x.gz', '2026-11-25T23:00:00.000Z'],
  ['dt=2026-11-25/hour=x/x.gz', undefined],
  ['x', undefined],
])('the hour of %s is %s', (key, moment) => {
  expect(hourOf(key)?.toISOString()).toBe(moment);
});

test.each([
  ['07', '07:00', '08:00', true],
  ['07', '07:59', '09:00', true],
  ['07', '08:00', '09:00', false],
  ['07', '06:00', '07:00', false],
  ['07', '06:00', '07:01', true],
])('hour %s from %s to %s: %p', (hour, since, until, within) => {
  const at = (time: string): Date => new Date(`2026-11-25T${time}:00Z`);
  expect(isWithin(`dt=2026-11-25/hour=${hour}/x`, at(since), at(until))).toBe(within);
});

test.each([
  [
    '{"errorCode":"Lambda.FunctionError","rawData":"eyJsb2ciOiJhIn0K"}',
    { reason: 'Lambda.FunctionError', text: '{"log":"a"}\n' },
  ],
  ['{"rawData":""}', { reason: 'unknown', text: '' }],
  ['{"rawData":"not base64!"}', undefined],
  ['{"rawData":7}', undefined],
  ['{"log":"a kept line"}', undefined],
  ['null', undefined],
  ['{"rawData":"eyJ', undefined],
])('of Firehose: %s', (line, expected) => {
  const found = failedLine(line);
  expect(found && { reason: found.reason, text: Buffer.from(found.data).toString() }).toEqual(expected);
});

describe('cutting a record at its lines', () => {
  test('keeps every byte in order, cuts only after a line break, and no part is larger than it must be', () => {
    const lines = fc.array(
      fc.string({ maxLength: 30 }).map((text) => text.replaceAll('\n', ' ')),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(lines, fc.boolean(), fc.integer({ min: 1, max: 60 }), (each, closed, most) => {
        const data = Buffer.from(each.join('\n') + (closed ? '\n' : ''));
        const parts = cutAtLines(data, most).map((part) => Buffer.from(part));
        expect(Buffer.concat(parts).equals(data)).toBe(true);
        for (const [index, part] of parts.entries()) {
          if (index < parts.length - 1) expect(part.at(-1)).toBe(10);
          // larger only if it is one line
          if (part.length > most) expect(part.subarray(0, -1).includes(10)).toBe(false);
        }
      }),
    );
  });

  test('gzip stays whole: it has no lines', () => {
    const data = Buffer.from([0x1f, 0x8b, 10, 10, 10, 10]);
    expect(cutAtLines(data, 2)).toEqual([data]);
  });
});

test('batches hold every record in order, none over the limits of a call', () => {
  const sizes = fc.array(fc.integer({ min: 0, max: PUT_LIMITS.recordBytes }), { maxLength: 30 });
  fc.assert(
    fc.property(sizes, (each) => {
      const batches = new ReplayBatches();
      const sent: ReplayBatch[] = [];
      each.forEach((size, index) => {
        const full = batches.add({ data: new Uint8Array(size), bytes: size, lines: 2, linesDone: index + 1 });
        if (full !== undefined) sent.push(full);
      });
      const rest = batches.rest();
      if (rest !== undefined) sent.push(rest);
      expect(sent.flatMap(({ records }) => records.map(({ length }) => length))).toEqual(each);
      let done = 0;
      for (const { records, lines, bytes, linesDone } of sent) {
        expect([lines, bytes]).toEqual([2 * records.length, records.reduce((sum, { length }) => sum + length, 0)]);
        expect(records.reduce((sum, { length }) => sum + length, 0)).toBeLessThanOrEqual(PUT_LIMITS.batchBytes);
        done += records.length;
        expect(linesDone).toBe(done);
      }
    }),
    { numRuns: 50 },
  );
  const many = new ReplayBatches();
  const calls = Array.from({ length: 1001 }, (_, index) =>
    many.add({ data: new Uint8Array(1), bytes: 1, lines: 1, linesDone: index + 1 }),
  );
  expect(calls.flatMap((batch) => batch?.records.length ?? [])).toEqual([500, 500]);
  expect(many.rest()?.linesDone).toBe(1001);
  expect(many.rest()).toBeUndefined();
});
