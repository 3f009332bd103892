import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import type { Objects, Stored } from '../../bin/logs/objects';
import { HotCopyStream } from '../../bin/logs/hot-stream';
import { marksOf, replay, type Replay, type Replayed } from '../../bin/logs/replay';
import { showReplayed } from '../../bin/logs/show-replayed';
import { putAll, type Stream } from '../../bin/logs/stream';
import { MARK, marked } from '../../lib/logs/filter/reingestion-mark';
import { asReplayed, withoutReplayMarks } from '../../lib/logs/filter/replay-mark';
import { heard } from './in-process';

/** Objects in memory. */
class FakeObjects implements Objects {
  readonly all = new Map<string, Buffer>();
  readonly tags = new Map<string, Record<string, string>>();

  async *list(_bucket: string, prefix: string, from = ''): AsyncGenerator<Stored> {
    for (const key of [...this.all.keys()].sort())
      if (key.startsWith(prefix) && key > from) yield { key, bytes: this.all.get(key)!.length };
  }

  async folders(_bucket: string, prefix: string): Promise<string[]> {
    const below = [...this.all.keys()].filter((key) => key.startsWith(prefix));
    return [...new Set(below.map((key) => `${prefix}${key.slice(prefix.length).split('/')[0]!}/`))].sort();
  }

  async read(_bucket: string, key: string): Promise<Readable> {
    return Readable.from([this.all.get(key)!]);
  }

  async marks(_bucket: string, key: string): Promise<Record<string, string>> {
    return this.tags.get(key) ?? {};
  }

  async mark(_bucket: string, key: string, marks: Record<string, string>): Promise<void> {
    this.tags.set(key, { ...this.tags.get(key), ...marks });
  }
}

/** A record as it was before it got the marks of a replay, which it must have. */
const own = (data: Uint8Array): Buffer => {
  const { record, replayed } = withoutReplayMarks(Buffer.from(data));
  expect(replayed).toBe(true);
  return record;
};

/** A stream in memory; each call is answered by the next of the answers, all taken if there is none. */
class FakeStream implements Stream {
  readonly taken: string[] = [];
  calls = 0;
  answers: ((index: number) => string | undefined)[] = [];

  async put(records: readonly Uint8Array[]): Promise<(string | undefined)[]> {
    this.calls += 1;
    const answer = this.answers.shift() ?? ((): undefined => undefined);
    return records.map((record, index) => {
      const why = answer(index);
      if (why === undefined) this.taken.push(own(record).toString());
      return why;
    });
  }
}

const BASE: Replay = {
  from: 'failed',
  bucket: 'logs-of-dev',
  since: new Date('2026-11-25T06:00:00Z'),
  until: new Date('2026-11-25T09:00:00Z'),
  again: false,
  dryRun: false,
  bytesPerSecond: 1_000_000,
  json: false,
};

let objects: FakeObjects;
let stream: FakeStream;
const waits: number[] = [];
beforeEach(() => {
  objects = new FakeObjects();
  stream = new FakeStream();
  waits.length = 0;
});

const replayed = (more: Partial<Replay> = {}): Promise<Replayed> =>
  replay({ ...BASE, ...more }, objects, stream, async (milliseconds) => void waits.push(milliseconds));

/** An object as Firehose writes what it gave up on. */
const failed = (...records: readonly string[]): Buffer =>
  Buffer.from(
    records
      .map((record) =>
        JSON.stringify({
          attemptsMade: 4,
          arrivalTimestamp: 1764054000000,
          errorCode: 'Lambda.FunctionTimedOut',
          errorMessage: 'The Lambda function timed out.',
          rawData: Buffer.from(record).toString('base64'),
        }),
      )
      .join('\n') + '\n',
  );

const KEY = 'failed/processing-failed/dt=2026-11-25/hour=07/dev-logs-1';

describe('what Firehose gave up on', () => {
  test('goes into the stream again as it came, and stays where it is', async () => {
    objects.all.set(KEY, failed('{"log":"a"}\n', '{"log":"b"}\n'));
    const result = await replayed();
    expect(stream.taken).toEqual(['{"log":"a"}\n', '{"log":"b"}\n']);
    expect(result).toEqual({
      objects: 1,
      earlier: 0,
      records: 2,
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
    expect(await replayed()).toMatchObject({ objects: 1, earlier: 1, records: 0 });
    await replayed({ again: true });
    expect(stream.taken).toEqual(['a\n', 'a\n']);
  });

  test('a dry run counts and changes nothing', async () => {
    objects.all.set(KEY, failed('a\n', 'b\n'));
    expect(await replayed({ dryRun: true })).toMatchObject({ records: 2, bytes: 4 });
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
      'The stream did not take 500 of 500 records after 10 attempts: ServiceUnavailableException: slow down. Nothing is lost: run the same command again, it goes on from here.\n500 records had been accepted before.',
    );
    expect(await replayed()).toMatchObject({ records: 700 });
    expect(stream.taken).toEqual(records); // each once
  });

  test('a record that is large is cut at its lines: too large an answer may be why it failed', async () => {
    const line = `{"log":"${'x'.repeat(1000)}"}\n`;
    objects.all.set(KEY, failed(line.repeat(900)));
    await replayed();
    expect(stream.taken.length).toBeGreaterThan(3);
    expect(stream.taken.join('')).toBe(line.repeat(900));
    expect(objects.tags.get(KEY)).toMatchObject({ [marksOf(BASE).lines]: '1' });
  });

  test('goes without the mark of what was ingested again, so that it can be once more', async () => {
    const plain = marked(Buffer.from('a\n'));
    const packed = marked(asReplayed(gzipSync('b\n')));
    const lines = [plain, packed].map((data) => JSON.stringify({ rawData: data.toString('base64') }));
    objects.all.set(KEY, Buffer.from(lines.join('\n')));
    const sent: Uint8Array[] = [];
    await replay(BASE, objects, { put: async (records) => records.map((record) => void sent.push(record)) });
    expect(sent.map(own)).toEqual([Buffer.from('a\n'), gzipSync('b\n')]);
  });

  test('lines that are none of its records are counted and left', async () => {
    objects.all.set(KEY, Buffer.concat([Buffer.from('garbage\n{"rawData":3}\n'), failed('a\n')]));
    expect(await replayed()).toMatchObject({ records: 1, unreadable: 2 });
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
    expect(await replayed({ from: 'archive', only })).toMatchObject({ records: 1 });
    expect(stream.taken).toEqual([`${line('drop')}\n${line('drop')}\n`]);
    expect(await replayed({ from: 'archive', only })).toMatchObject({ earlier: 1, records: 0 });
    expect(await replayed({ from: 'archive' })).toMatchObject({ earlier: 0, records: 1 });
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
    expect(await replayed({ from: 'archive' })).toMatchObject({ records: 1, unreadable: 1 });
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
          const ended = await replay(BASE, store, flaky, async () => undefined).then(
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

describe('the hot copy', () => {
  const KEPT = 'logs/dt=2026-11-25/hour=07/dev-logs-1.gz';
  const only = { name: 'hot', wanted: (text: string) => text.includes('hot') };
  const timing = { clock: () => Date.parse('2026-11-25T10:00:00Z'), sleep: async () => undefined, random: () => 0 };
  const line = (log: string, time?: string): string => JSON.stringify({ log, time });

  test('gets the kept lines that rules send there, by their own time, each once', async () => {
    const lines = [line('hot 1', '2026-11-25T07:01:00Z'), line('cold'), line('hot 2'), line('hot 3', '2027-01-01')];
    objects.all.set(KEPT, gzipSync(lines.join('\n')));
    const events: [string, string][] = [];
    const hot = new HotCopyStream(
      {
        create: async () => undefined,
        put: async (each) => {
          for (const { message, timestamp } of each) events.push([new Date(timestamp).toISOString(), message]);
          return {};
        },
      },
      BASE.since,
      timing,
    );
    const what = { ...BASE, from: 'hot', only } as const;
    expect(await replay(what, objects, hot)).toMatchObject({ records: 3 });
    expect(events).toEqual([
      ['2026-11-25T06:00:00.000Z', line('hot 2')],
      ['2026-11-25T07:01:00.000Z', lines[0]],
      ['2026-11-25T10:00:00.000Z', lines[3]],
    ]);
    expect(await replay(what, objects, hot)).toMatchObject({ earlier: 1, records: 0 });
  });

  test('what it never takes is counted, and holds nothing up', async () => {
    const hot = new HotCopyStream(
      { create: async () => undefined, put: async () => ({ tooOldBefore: 1 }) },
      BASE.since,
      timing,
    );
    expect(await hot.put([Buffer.from('a'), Buffer.from('b')])).toEqual([undefined, undefined]);
    expect(hot.refused).toBe(1);
  });

  test('what fails is told of, so that it is sent again', async () => {
    const broken = { create: async () => undefined, put: () => Promise.reject(new Error('no')) };
    let now = 0;
    const hot = new HotCopyStream(broken, BASE.since, { ...timing, clock: () => (now += 10_000) });
    expect(await hot.put([Buffer.from('a')])).toEqual(['CloudWatch Logs did not take it']);
  });
});

describe('what is told', () => {
  const told = async (result: Partial<Replayed>, more: Partial<Replay> = {}): Promise<string> => {
    const all = { objects: 0, earlier: 0, records: 0, bytes: 0, unreadable: 0, reasons: new Map<string, number>() };
    return (await heard(async () => showReplayed({ ...BASE, ...more }, { ...all, ...result }))).stdout;
  };

  test('nothing there', async () => {
    expect(await told({})).toBe('Nothing of 2026-11-25T06:00Z to 2026-11-25T09:00Z is in s3://logs-of-dev/failed/.\n');
  });

  test('what was sent', async () => {
    expect(await told({ objects: 3, earlier: 1, records: 1200, bytes: 3_000_000, unreadable: 1 })).toBe(
      [
        '1,200 records, 3.0 MB were accepted by the stream (3 objects of 2026-11-25T06:00Z to 2026-11-25T09:00Z, 1 of them replayed before).',
        '1 line cannot be sent: no record of Firehose, or too large for one; left where it is.',
        'Nothing was deleted. In about the time of two buffers they are decided by the rules of now.',
        '',
      ].join('\n'),
    );
  });

  test('nothing left', async () => {
    expect(await told({ objects: 1, earlier: 1 })).toBe(
      'There is nothing to send (1 object of 2026-11-25T06:00Z to 2026-11-25T09:00Z, 1 of them replayed before).\n',
    );
  });

  test('what would be', async () => {
    expect(
      await told({ objects: 1, records: 1, bytes: 10, reasons: new Map([['Lambda.Throttled', 1]]) }, { dryRun: true }),
    ).toContain('1 record, 10 B would be sent (1 object of');
  });

  test('for machines', async () => {
    expect(JSON.parse(await told({ objects: 1, reasons: new Map([['a', 1]]) }, { json: true }))).toMatchObject({
      objects: 1,
      reasons: { a: 1 },
      since: '2026-11-25T06:00:00.000Z',
    });
  });
});

test('a call is tried again later and later, and not for ever', async () => {
  stream.answers = Array.from({ length: 20 }, () => (): string => 'busy');
  const naps: number[] = [];
  await expect(putAll(stream, [Buffer.from('a')], async (ms) => void naps.push(ms))).rejects.toThrow(
    'after 10 attempts: busy',
  );
  expect(stream.calls).toBe(10);
  expect(naps.at(-1)!).toBeGreaterThan(naps[0]! * 5);
  expect(Math.max(...naps)).toBeLessThanOrEqual(10_000);
});
