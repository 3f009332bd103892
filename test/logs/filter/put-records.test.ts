import fc from 'fast-check';
import { PUT_LIMITS, putRecords, type PutRecordBatch } from '../../../lib/logs/filter/put-records';
import { reingestion } from '../../../lib/logs/filter/reingestion';
import { unparsedSink } from '../../../lib/logs/filter/unparsed-sink';
import { awsError, fakeTime } from './fake-time';

const SOON = 1_010_000;
const sized = (bytes: number): Buffer => Buffer.alloc(bytes, 'x');
const text = (record: Uint8Array): string => Buffer.from(record).toString();

/** A stream that answers as it is told, call by call, and then takes everything. */
function stream(...answers: ((records: readonly Uint8Array[]) => readonly (string | undefined)[])[]): {
  put: PutRecordBatch;
  calls: (readonly Uint8Array[])[];
} {
  const calls: (readonly Uint8Array[])[] = [];
  return {
    calls,
    put(records) {
      calls.push(records);
      const answer = answers[calls.length - 1];
      return new Promise((resolve) => resolve(answer === undefined ? records.map(() => undefined) : answer(records)));
    },
  };
}

function failing(name: string): () => never {
  return () => {
    throw awsError(name);
  };
}

test('what was refused is put again, and nothing else', async () => {
  const time = fakeTime();
  const { put, calls } = stream((records) =>
    records.map((_, index) => (index === 1 ? 'ServiceUnavailableException' : undefined)),
  );
  expect(
    await putRecords(
      put,
      ['a', 'b', 'c'].map((each) => Buffer.from(each)),
      SOON,
      time,
    ),
  ).toEqual([true, true, true]);
  expect(calls.map((records) => records.map(text))).toEqual([['a', 'b', 'c'], ['b']]);
  expect(time.slept).toEqual([100]);
});

test('attempts come further and further apart, and end before the deadline', async () => {
  const time = fakeTime();
  const always = Array.from({ length: 99 }, () => failing('ServiceUnavailableException'));
  const { put, calls } = stream(...always);
  expect(await putRecords(put, [sized(1)], SOON, time)).toEqual([false]);
  expect(time.slept).toEqual([100, 200, 400, 800, 1600, 3200, 3200]);
  expect(calls).toHaveLength(8);
  expect(time.clock()).toBeLessThan(SOON);
});

test.each(['AccessDeniedException', 'InvalidArgumentException', 'ResourceNotFoundException'])(
  'after %s nothing is tried again',
  async (name) => {
    const { put, calls } = stream(failing(name));
    expect(await putRecords(put, [sized(1)], SOON, fakeTime())).toEqual([false]);
    expect(calls).toHaveLength(1);
  },
);

test('after the deadline nothing is tried', async () => {
  const { put, calls } = stream();
  expect(await putRecords(put, [sized(1)], 1, fakeTime())).toEqual([false]);
  expect(calls).toEqual([]);
});

test('a record without an answer counts as refused', async () => {
  const { put, calls } = stream(() => [undefined]);
  expect(await putRecords(put, [sized(1), sized(2)], SOON, fakeTime())).toEqual([true, true]);
  expect(calls.map((records) => records.length)).toEqual([2, 1]);
});

test('a record that is too large is refused by itself', async () => {
  const { put, calls } = stream();
  const records = [sized(PUT_LIMITS.recordBytes), sized(PUT_LIMITS.recordBytes + 1), sized(1)];
  expect(await putRecords(put, records, SOON, fakeTime())).toEqual([true, false, true]);
  expect(calls.flat()).toHaveLength(2);
});

test('batches keep to the limits', async () => {
  const { put, calls } = stream();
  const many = [...Array.from({ length: 9 }, () => sized(900_000)), ...Array.from({ length: 1200 }, () => sized(10))];
  expect((await putRecords(put, many, SOON, fakeTime())).every(Boolean)).toBe(true);
  for (const records of calls) {
    expect(records.length).toBeLessThanOrEqual(PUT_LIMITS.records);
    expect(records.reduce((sum, { length }) => sum + length, 0)).toBeLessThanOrEqual(PUT_LIMITS.bytes);
  }
  expect(calls.flat()).toHaveLength(many.length);
});

test('whatever fails, what counts as taken was taken', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 30 }),
      fc.infiniteStream(fc.constantFrom('taken', 'refused', 'lost', 'error')),
      async (count, fates) => {
        const taken = new Set<string>();
        const put: PutRecordBatch = (records) => {
          const [fate] = [...fates.take(1)];
          if (fate === 'error') return Promise.reject(awsError('ThrottlingException'));
          const answer = records.map((record) => {
            if (fate === 'refused' && fates.next().value !== 'taken') return 'InternalFailure';
            taken.add(text(record));
            return undefined;
          });
          return fate === 'lost' ? Promise.reject(awsError('TimeoutError')) : Promise.resolve(answer);
        };
        const records = Array.from({ length: count }, (_, index) => Buffer.from(String(index)));
        const accepted = await putRecords(put, records, SOON, fakeTime());
        expect(accepted).toHaveLength(count);
        accepted.forEach((each, index) => expect(!each || taken.has(String(index))).toBe(true));
      },
    ),
    { numRuns: 50 },
  );
});

test('what is ingested again goes as it is', async () => {
  const { put, calls } = stream();
  const records = [Buffer.from([0x1f, 0x8b, 0xff]), Buffer.from('{"log":"a"}\n')];
  expect(await reingestion(put, fakeTime()).put(records, SOON)).toEqual([true, true]);
  expect(calls).toEqual([records]);
});

describe('envelopes', () => {
  test('go together in lines, since each record is charged for', async () => {
    const { put, calls } = stream();
    expect(await unparsedSink(put, fakeTime()).put(['{"raw":"a"}', '{"raw":"ü"}'], SOON)).toEqual([true, true]);
    expect(calls.map((records) => records.map(text))).toEqual([['{"raw":"a"}\n{"raw":"ü"}\n']]);
  });

  test('of none there is no request', async () => {
    const { put, calls } = stream();
    expect(await unparsedSink(put, fakeTime()).put([], SOON)).toEqual([]);
    expect(calls).toEqual([]);
  });

  test('those of a record that was refused were all refused', async () => {
    const envelopes = Array.from({ length: 6 }, (_, index) => `${index}${'x'.repeat(100_000)}`);
    const { put } = stream((records) => {
      expect(records).toHaveLength(3);
      return [undefined, 'InternalFailure', undefined];
    });
    const time = fakeTime();
    expect(await unparsedSink(put, time).put(envelopes, time.clock() + 50)).toEqual([
      true,
      true,
      false,
      false,
      true,
      true,
    ]);
  });

  test('do not hold a batch up for long: they have another place', async () => {
    const time = fakeTime();
    const began = time.clock();
    const { put } = stream(...Array.from({ length: 99 }, () => failing('ServiceUnavailableException')));
    expect(await unparsedSink(put, time).put(['a'], began + 55_000)).toEqual([false]);
    expect(time.clock() - began).toBeLessThan(10_000);
  });

  test('one that no record holds is refused', async () => {
    const { put } = stream();
    const long = 'x'.repeat(PUT_LIMITS.recordBytes);
    expect(await unparsedSink(put, fakeTime()).put(['a', long, 'b'], SOON)).toEqual([true, false, true]);
  });
});
