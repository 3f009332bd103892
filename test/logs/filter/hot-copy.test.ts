import fc from 'fast-check';
import { HOT_LIMITS, hotCopy, type HotStream, type Refused } from '../../../lib/logs/filter/hot-copy';
import type { HotLine } from '../../../lib/logs/filter/parts';
import { awsError, fakeTime } from './fake-time';

const NOW = 1_000_000;
const SOON = NOW + 5_000;
const line = (message: string, timestamp = NOW): HotLine => ({ message, timestamp });

/** A log stream that answers as it is told, call by call, and then takes everything. */
function stream(
  given: { answers?: (Refused | Error)[]; missing?: boolean; create?: Error } = {},
): HotStream & { readonly puts: (readonly HotLine[])[]; created: number } {
  let { missing = false } = given;
  const puts: (readonly HotLine[])[] = [];
  return {
    puts,
    created: 0,
    create() {
      this.created++;
      missing = false;
      return given.create === undefined ? Promise.resolve() : Promise.reject(given.create);
    },
    put(lines) {
      if (missing) return Promise.reject(awsError('ResourceNotFoundException'));
      puts.push(lines);
      const answer = given.answers?.[puts.length - 1] ?? {};
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
  };
}

test('of nothing there is no request', async () => {
  const logs = stream();
  expect(await hotCopy(logs, fakeTime()).write([], SOON)).toEqual([]);
  expect(logs.puts).toEqual([]);
});

test('lines are written in the order of time', async () => {
  const logs = stream();
  expect(await hotCopy(logs, fakeTime()).write([line('b', 2), line('a', 1), line('c', 2)], SOON)).toEqual([
    true,
    true,
    true,
  ]);
  expect(logs.puts).toEqual([[line('a', 1), line('b', 2), line('c', 2)]]);
});

test('the stream is made when it is missing, and only then', async () => {
  const logs = stream({ missing: true });
  const copy = hotCopy(logs, fakeTime());
  expect(await copy.write([line('a')], SOON)).toEqual([true]);
  expect(await copy.write([line('b')], SOON)).toEqual([true]);
  expect(logs.created).toBe(1);
});

test('without a log group it gives up at once', async () => {
  const time = fakeTime();
  const logs = stream({ missing: true, create: awsError('ResourceNotFoundException') });
  expect(await hotCopy(logs, time).write([line('a')], SOON)).toEqual([false]);
  expect(time.slept).toEqual([]);
});

test('what is refused for now is written again, batch by batch', async () => {
  const time = fakeTime();
  const logs = stream({ answers: [{}, awsError('ThrottlingException')] });
  const day = HOT_LIMITS.span;
  expect(await hotCopy(logs, time).write([line('a', 0), line('b', day)], SOON)).toEqual([true, true]);
  expect(logs.puts).toEqual([[line('a', 0)], [line('b', day)], [line('b', day)]]);
  expect(time.slept).toEqual([100]);
});

test('it ends before the deadline', async () => {
  const time = fakeTime();
  const logs = stream({ answers: Array.from({ length: 99 }, () => awsError('ServiceUnavailableException')) });
  expect(await hotCopy(logs, time).write([line('a')], SOON)).toEqual([false]);
  expect(time.clock()).toBeLessThan(SOON);
  expect(await hotCopy(logs, time).write([line('a')], NOW)).toEqual([false]);
});

test('however much time is left, the archive does not wait for long', async () => {
  const time = fakeTime();
  const logs = stream({ answers: Array.from({ length: 99 }, () => awsError('ServiceUnavailableException')) });
  expect(await hotCopy(logs, time).write([line('a')], NOW + 55_000)).toEqual([false]);
  expect(time.clock() - NOW).toBeLessThan(10_000);
});

test('what is too old or too new was not written', async () => {
  const logs = stream({ answers: [{ tooOldBefore: 1, tooNewFrom: 3 }] });
  const lines = [4, 3, 2, 1].map((timestamp) => line('a', timestamp));
  expect(await hotCopy(logs, fakeTime()).write(lines, SOON)).toEqual([false, true, true, false]);
});

test('a line that is too long is not written, an empty one need not be', async () => {
  const logs = stream();
  const long = 'x'.repeat(HOT_LIMITS.bytes - HOT_LIMITS.overhead);
  expect(await hotCopy(logs, fakeTime()).write([line(`${long}x`), line(''), line(long)], SOON)).toEqual([
    false,
    true,
    true,
  ]);
  expect(logs.puts).toEqual([[line(long)]]);
});

test('requests keep to the limits, and every line is in one', async () => {
  const anyLine = fc.record({
    message: fc.oneof(
      fc.string({ minLength: 1 }),
      fc.integer({ min: 1, max: 300_000 }).map((size) => 'ü'.repeat(size)),
    ),
    timestamp: fc.integer({ min: 0, max: 3 * HOT_LIMITS.span }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(anyLine, { maxLength: 12 }), async (lines) => {
      const logs = stream();
      expect(await hotCopy(logs, fakeTime()).write(lines, SOON)).toEqual(lines.map(() => true));
      for (const put of logs.puts) {
        const bytes = put.reduce((sum, { message }) => sum + Buffer.byteLength(message) + HOT_LIMITS.overhead, 0);
        expect(bytes).toBeLessThanOrEqual(HOT_LIMITS.bytes);
        const times = put.map(({ timestamp }) => timestamp);
        expect(times).toEqual([...times].sort((a, b) => a - b));
        expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeLessThan(HOT_LIMITS.span);
      }
      expect(new Set(logs.puts.flat())).toEqual(new Set(lines));
    }),
    { numRuns: 30 },
  );
});

test('a request has no more than 10,000 lines', async () => {
  const logs = stream();
  await hotCopy(logs, fakeTime()).write(
    Array.from({ length: 20_001 }, () => line('a')),
    SOON,
  );
  expect(logs.puts.map(({ length }) => length)).toEqual([10_000, 10_000, 1]);
});
