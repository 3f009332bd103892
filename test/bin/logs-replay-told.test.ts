import { gzipSync } from 'node:zlib';
import { HotCopyStream } from '../../bin/logs/hot-stream';
import { nothingReplayed, replay, type Replay, type Replayed } from '../../bin/logs/replay';
import { untilStopped } from '../../bin/logs/replay-action';
import { showReplayed } from '../../bin/logs/show-replayed';
import { putAll } from '../../bin/logs/stream';
import { Interrupted } from '../../sandbox/interrupt';
import { BASE, FakeObjects, FakeStream } from './fake-replay';
import { heard } from './in-process';

let objects: FakeObjects;
let stream: FakeStream;
beforeEach(() => {
  objects = new FakeObjects();
  stream = new FakeStream();
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
    expect(await replay(what, objects, hot)).toMatchObject({ lines: 3 });
    expect(events).toEqual([
      ['2026-11-25T06:00:00.000Z', line('hot 2')],
      ['2026-11-25T07:01:00.000Z', lines[0]],
      ['2026-11-25T10:00:00.000Z', lines[3]],
    ]);
    expect(await replay(what, objects, hot)).toMatchObject({ earlier: 1, lines: 0 });
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
  const told = async (result: Partial<Replayed>, more: Partial<Replay> = {}): Promise<string> =>
    (await heard(async () => showReplayed({ ...BASE, ...more }, { ...nothingReplayed(), ...result }))).stdout;
  const HOURS = 'the whole hours 2026-11-25 06:00 to 09:00 UTC';

  test('nothing there', async () => {
    expect(await told({})).toBe(`Nothing of ${HOURS} is in s3://logs-of-dev/failed/.\n`);
  });

  test('what was sent', async () => {
    expect(await told({ objects: 3, earlier: 1, lines: 1200, bytes: 3_000_000, unreadable: 1 })).toBe(
      [
        `1,200 lines, 3.0 MB were accepted by the stream (3 objects of ${HOURS}, 1 of them replayed before).`,
        '1 line cannot be sent: no record of Firehose, or too large for one; left where it is.',
        'Nothing was deleted. In about the time of two buffers they are decided by the rules of now.',
        '',
      ].join('\n'),
    );
  });

  test('nothing left', async () => {
    expect(await told({ objects: 1, earlier: 1 })).toBe(
      `There is nothing to send (1 object of ${HOURS}, 1 of them replayed before).\n`,
    );
  });

  test('objects are taken whole: the hours they are of, also over midnight', async () => {
    const [since, until] = ['2026-11-24T22:59:00Z', '2026-11-25T00:10:00Z'].map((text) => new Date(text));
    expect(await told({}, { since, until })).toContain('the whole hours 2026-11-24 22:00 to 2026-11-25 01:00 UTC');
  });

  test.each([
    [10, 1_000_000, '1 second'],
    [90_000_000, 1_000_000, '90 seconds'],
    [3_000_000_000, 500_000, '100 minutes'],
    [200_000_000_000, 5_000_000, '11 hours'],
    [2_000_000_000_000, 5_000_000, '5 days'],
  ])('%d bytes would be sent, and at %d a second that takes about %s', async (size, bytesPerSecond, takes) => {
    const reasons = new Map([['Lambda.Throttled', 1]]);
    const found = { objects: 1, lines: 1, bytes: size, reasons };
    const text = await told(found, { dryRun: true, bytesPerSecond });
    expect(text).toMatch(/^1 line, [\d.]+ k?M?G?T?B would be sent \(1 object of the whole hours /m);
    expect(text).toContain(` a second that takes about ${takes} (--mb-per-second).\n`);
    const machine = await told(found, { dryRun: true, bytesPerSecond, json: true });
    expect(JSON.parse(machine)).toMatchObject({ seconds: size / bytesPerSecond });
  });

  test('for machines', async () => {
    expect(JSON.parse(await told({ objects: 1, lines: 2, reasons: new Map([['a', 1]]) }, { json: true }))).toEqual({
      from: 'failed',
      bucket: 'logs-of-dev',
      dryRun: false,
      since: '2026-11-25T06:00:00.000Z',
      until: '2026-11-25T09:00:00.000Z',
      wholeHours: { from: '2026-11-25T06:00:00.000Z', to: '2026-11-25T09:00:00.000Z' },
      objects: 1,
      earlier: 0,
      lines: 2,
      bytes: 0,
      unreadable: 0,
      reasons: { a: 1 },
    });
  });
});

describe('Ctrl-C', () => {
  const stopped = async (what: Pick<Replay, 'again' | 'dryRun'>): Promise<unknown> =>
    untilStopped(what, async (so, signal) => {
      setImmediate(() => process.emit('SIGINT'));
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      // what was under way when the signal came
      Object.assign(so, { lines: 1200, bytes: 3_000_000 });
      throw signal.reason;
    }).catch((error: unknown) => error);

  test.each([
    [{}, 'Stopped. 1,200 lines, 3.0 MB had been accepted. The same command goes on from there.'],
    [
      { again: true },
      'Stopped. 1,200 lines, 3.0 MB had been accepted. The same command without --again goes on from there.',
    ],
    [{ dryRun: true }, 'Stopped. Nothing was sent: it was a dry run.'],
  ])('%j: says how much was accepted, with what was under way, and exits 130', async (more, message) => {
    const error = await stopped({ again: false, dryRun: false, ...more });
    expect(error).toBeInstanceOf(Interrupted);
    expect(error).toMatchObject({ exitCode: 130, message });
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
