import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { marksOf, replay, type Replay, type Replayed } from '../../bin/logs/replay';
import type { Stream } from '../../bin/logs/stream';
import { MARK, marked } from '../../lib/logs/filter/reingestion-mark';
import { asReplayed } from '../../lib/logs/filter/replay-mark';
import { BASE, failed, FakeObjects, FakeStream, own } from './fake-replay';

let objects: FakeObjects;
let stream: FakeStream;
const waits: number[] = [];
beforeEach(() => {
  objects = new FakeObjects();
  stream = new FakeStream();
  waits.length = 0;
});

const replayed = (more: Partial<Replay> = {}): Promise<Replayed> =>
  replay({ ...BASE, ...more }, objects, stream, { sleep: async (milliseconds) => void waits.push(milliseconds) });

const KEY = 'failed/processing-failed/dt=2026-11-25/hour=07/dev-logs-1';

describe('what Firehose gave up on', () => {
  test('goes into the stream again as it came, and stays where it is', async () => {
    objects.all.set(KEY, failed('{"log":"a"}\n', '{"log":"b"}\n'));
    const result = await replayed();
    expect(stream.taken).toEqual(['{"log":"a"}\n', '{"log":"b"}\n']);
    expect(result).toEqual({
      objects: 1,
      earlier: 0,
      lines: 2,
      bytes: 24,
      unreadable: 0,
      reasons: new Map([['Lambda.FunctionTimedOut', 2]]),
    });
    expect([...objects.all.keys()]).toEqual([KEY]);
  });

  test('whatever the reason, by the hours asked for, also compressed', async () => {
    objects.all.set('failed/processing-failed/dt=2026-11-24/hour=23/a', failed('too early\n'));
    objects.all.set('failed/processing-failed/dt=2026-11-25/hour=06/b', gzipSync(failed('in\n')));
    objects.all.set('failed/processing-failed/dt=2026-11-25/hour=09/c', failed('too late\n'));
    objects.all.set('failed/some-other-reason/dt=2026-11-25/hour=08/d', failed('in, too\n'));
    objects.all.set('logs/dt=2026-11-25/hour=08/e', failed('kept\n'));
    await replayed();
    expect(stream.taken).toEqual(['in\n', 'in, too\n']);
  });

  test('a second time sends nothing, unless told to', async () => {
    objects.all.set(KEY, failed('a\n'));
    await replayed();
    expect(await replayed()).toMatchObject({ objects: 1, earlier: 1, lines: 0 });
    expect(await replayed({ again: true, dryRun: true })).toMatchObject({ earlier: 0, lines: 1 });
    await replayed({ again: true });
    expect(stream.taken).toEqual(['a\n', 'a\n']);
    // an object holds ten tags
    expect(Object.keys(objects.tags.get(KEY)!)).toEqual([marksOf(BASE).done]);
  });

  test('what is sent anew and ends early goes on without being told to', async () => {
    const records = Array.from({ length: 700 }, (_, index) => `${index}\n`);
    objects.all.set(KEY, failed(...records));
    objects.all.set(`${KEY}-2`, failed('last\n'));
    await replayed();
    stream.taken.length = 0;
    stream.answers = [(): undefined => undefined, ...Array.from({ length: 10 }, () => (): string => 'busy')];
    await expect(replayed({ again: true })).rejects.toThrow(
      '500 lines, 1.9 kB had been accepted. The same command without --again goes on from there.',
    );
    await replayed();
    expect(stream.taken).toEqual([...records, 'last\n']); // each once
  });

  test('lines are counted, not the records they come in', async () => {
    const packed = gzipSync('d\ne\n');
    const line = JSON.stringify({ errorCode: 'Lambda.Throttled', rawData: packed.toString('base64') });
    objects.all.set(KEY, Buffer.concat([failed('a\nb\n\nc'), Buffer.from(line)]));
    expect(await replayed()).toMatchObject({
      lines: 5,
      bytes: 6 + 4,
      reasons: new Map([
        ['Lambda.FunctionTimedOut', 3],
        ['Lambda.Throttled', 2],
      ]),
    });
  });

  test('a signal ends it after the call under way, which is marked: the same command then sends the rest', async () => {
    const records = Array.from({ length: 1200 }, (_, index) => `${index}\n`);
    objects.all.set(KEY, failed(...records));
    const stop = new AbortController();
    stream.answers = [(): undefined => void stop.abort(new Error('stopped'))];
    const sleep = async (): Promise<void> => undefined;
    await expect(replay(BASE, objects, stream, { sleep, signal: stop.signal })).rejects.toThrow('stopped');
    expect(await replayed()).toMatchObject({ lines: 700 });
    expect(stream.taken).toEqual(records);
  });

  test('a dry run counts and changes nothing', async () => {
    objects.all.set(KEY, failed('a\n', 'b\n'));
    expect(await replayed({ dryRun: true })).toMatchObject({ lines: 2, bytes: 4 });
    expect([stream.calls, objects.tags.size]).toEqual([0, 0]);
  });

  test('only what was not taken of a call is sent again', async () => {
    objects.all.set(KEY, failed('a\n', 'b\n', 'c\n'));
    stream.answers = [(index) => (index === 1 ? 'ServiceUnavailableException: slow down' : undefined)];
    await replayed();
    expect(stream.taken).toEqual(['a\n', 'c\n', 'b\n']);
  });

  test('a stream that takes nothing ends it with what to do; the same command then goes on', async () => {
    const records = Array.from({ length: 1200 }, (_, index) => `${index}\n`);
    objects.all.set(KEY, failed(...records));
    const never = (): string => 'ServiceUnavailableException: slow down';
    stream.answers = [(): undefined => undefined, ...Array.from({ length: 10 }, () => never)];
    await expect(replayed()).rejects.toThrow(
      'The stream did not take 500 of 500 records after 10 attempts: ServiceUnavailableException: slow down. Nothing is lost.\n500 lines, 1.9 kB had been accepted. The same command goes on from there.',
    );
    expect(await replayed()).toMatchObject({ lines: 700 });
    expect(stream.taken).toEqual(records); // each once
  });

  test('a record that is large is cut at its lines: too large an answer may be why it failed', async () => {
    const line = `{"log":"${'x'.repeat(1000)}"}\n`;
    objects.all.set(KEY, failed(line.repeat(900)));
    await replayed();
    expect(stream.taken.length).toBeGreaterThan(3);
    expect(stream.taken.join('')).toBe(line.repeat(900));
  });

  test.each<[string, Buffer, Buffer | undefined]>([
    ['no longer packed: a batch of what is was too much', gzipSync(gzipSync('a\nb\n')), Buffer.from('a\nb\n')],
    ['packed if it cannot be read', gzipSync('a\n').subarray(0, -3), undefined],
    ['packed if it holds a line longer than a record', gzipSync(`${'x'.repeat(1_100_000)}\na\n`), undefined],
  ])('a packed record goes %s', async (_, record, unpacked = record) => {
    objects.all.set(KEY, Buffer.from(JSON.stringify({ rawData: record.toString('base64') })));
    const sent: Uint8Array[] = [];
    await replay(BASE, objects, { put: async (records) => records.map((each) => void sent.push(each)) });
    expect(sent.map(own)).toEqual([unpacked]);
  });

  test('goes without the mark of what was ingested again, so that it can be once more', async () => {
    const plain = marked(Buffer.from('a\n'));
    const packed = marked(asReplayed(gzipSync('b\n')));
    const lines = [plain, packed].map((data) => JSON.stringify({ rawData: data.toString('base64') }));
    objects.all.set(KEY, Buffer.from(lines.join('\n')));
    const sent: Uint8Array[] = [];
    await replay(BASE, objects, { put: async (records) => records.map((record) => void sent.push(record)) });
    expect(sent.map(own)).toEqual([Buffer.from('a\n'), Buffer.from('b\n')]);
  });

  test('lines that are none of its records are counted and left', async () => {
    objects.all.set(KEY, Buffer.concat([Buffer.from('garbage\n{"rawData":3}\n'), failed('a\n')]));
    expect(await replayed()).toMatchObject({ lines: 1, unreadable: 2 });
    expect(stream.taken).toEqual(['a\n']);
  });

  test('a gzip that is cut off is a failure that names the object, and it is not marked as done', async () => {
    objects.all.set(KEY, gzipSync(failed('a\n')).subarray(0, 40));
    await expect(replayed()).rejects.toThrow(`s3://logs-of-dev/${KEY} cannot be read: its gzip is damaged`);
    expect(objects.tags.get(KEY)?.[marksOf(BASE).done]).toBeUndefined();
  });

  test('it leaves the agents the rest of the quota', async () => {
    objects.all.set(KEY, failed('x'.repeat(200_000)));
    await replayed({ bytesPerSecond: 100_000 });
    expect(waits).toEqual([expect.closeTo(2000, -2)]);
  });
});

describe('the archive', () => {
  const archived = 'dt=2026-11-25/hour=07/dev-logs-1.gz';
  const line = (log: string): string => JSON.stringify({ log });

  test('is put together into records as the agents do, far from the limits', async () => {
    const lines = Array.from({ length: 3000 }, (_, index) => line(`${index} ${'x'.repeat(200)}`));
    objects.all.set(archived, gzipSync(`${lines.join('\n')}\n`));
    await replayed({ from: 'archive' });
    expect(stream.taken.join('').trimEnd().split('\n')).toEqual(lines);
    expect(stream.taken.length).toBeLessThan(6);
    for (const record of stream.taken) expect(record.length).toBeLessThanOrEqual(256 * 1024);
  });

  test('only what certain rules dropped, and that is not all of it', async () => {
    objects.all.set(archived, gzipSync([line('keep'), line('drop'), line('drop')].join('\n')));
    const only = { name: 'v7', wanted: (text: string) => text.includes('drop') };
    expect(await replayed({ from: 'archive', only })).toMatchObject({ lines: 2 });
    expect(stream.taken).toEqual([`${line('drop')}\n${line('drop')}\n`]);
    expect(await replayed({ from: 'archive', only })).toMatchObject({ earlier: 1, lines: 0 });
    expect(await replayed({ from: 'archive' })).toMatchObject({ earlier: 0, lines: 3 });
  });

  test('without what was replayed, which is in it a second time: another replay of the same hours sends nothing more', async () => {
    objects.all.set(archived, gzipSync(`${line('a')}\n${line('b')}`));
    await replayed({ from: 'archive' });
    const archivedAgain = stream.taken.map((text) => asReplayed(Buffer.from(text)));
    objects.all.set(`${archived}-2`, gzipSync(Buffer.concat([...archivedAgain, Buffer.from(`${line('c')}\n`)])));
    expect(await replayed({ from: 'archive' })).toMatchObject({ objects: 2, earlier: 1 });
    expect(stream.taken).toEqual([`${line('a')}\n${line('b')}\n`, `${line('c')}\n`]);
  });

  test('a record as large as one may be goes without the marks', async () => {
    const full = line('x'.repeat(1000 * 1024 - line('').length - 1));
    objects.all.set(archived, gzipSync(full));
    const sent: Uint8Array[] = [];
    await replay({ ...BASE, from: 'archive' }, objects, {
      put: async (records) => records.map((record) => void sent.push(record)),
    });
    expect(sent.map((data) => Buffer.from(data).toString())).toEqual([`${full}\n`]);
  });

  test('without the marks of what was ingested again', async () => {
    objects.all.set(archived, gzipSync(`${line('a')}\n${MARK}${line('b')}\n`));
    await replayed({ from: 'archive' });
    expect(stream.taken).toEqual([`${line('a')}\n${line('b')}\n`]);
  });

  test('a line no record can hold is counted and left', async () => {
    objects.all.set(archived, gzipSync([line('x'.repeat(1_100_000)), line('a')].join('\n')));
    expect(await replayed({ from: 'archive' })).toMatchObject({ lines: 1, unreadable: 1 });
    expect(stream.taken).toEqual([`${line('a')}\n`]);
  });
});

test('whatever goes wrong and however often it is begun anew: every record is accepted, and nothing is deleted', async () => {
  // what the next calls meet: all well, a part refused, an error before or after the call was carried out
  const faults = fc.array(fc.constantFrom('well', 'part', 'before', 'after', 'mark'), { maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 3 }),
      faults,
      async (sizes, coming) => {
        const [store, taken] = [new FakeObjects(), new Map<string, number>()];
        sizes.forEach((size, object) => {
          const records = Array.from({ length: size }, (_, index) => `${object}/${index}`);
          store.all.set(`failed/processing-failed/dt=2026-11-25/hour=0${6 + object}/x`, failed(...records));
        });
        const keys = [...store.all.keys()];
        const flaky: Stream = {
          put: async (records) => {
            const fault = coming.shift() ?? 'well';
            if (fault === 'before') throw new Error('the line is dead');
            const refused = (index: number): boolean => fault === 'part' && index % 2 === 1;
            records.forEach((record, index) => {
              const name = own(record).toString();
              if (!refused(index)) taken.set(name, (taken.get(name) ?? 0) + 1);
            });
            if (fault === 'after') throw new Error('the answer is lost');
            return records.map((_, index) => (refused(index) ? 'busy' : undefined));
          },
        };
        const mark = store.mark.bind(store);
        store.mark = async (...words) => {
          if (coming[0] === 'mark') throw new Error(`the mark is lost ${coming.shift()}`);
          return mark(...words);
        };
        for (let run = 0; ; run++) {
          const ended = await replay(BASE, store, flaky, { sleep: async () => undefined }).then(
            () => true,
            () => false,
          );
          if (ended) break;
          expect(run).toBeLessThan(40);
        }
        expect(taken.size).toBe(sizes.reduce((sum, size) => sum + size, 0));
        expect([...store.all.keys()]).toEqual(keys);
      },
    ),
    { numRuns: 40 },
  );
});
