import { Readable } from 'node:stream';
import type { Marks, Objects, Stored } from '../../bin/logs/objects';
import type { Replay } from '../../bin/logs/replay';
import type { Stream } from '../../bin/logs/stream';
import { withoutReplayMarks } from '../../lib/logs/filter/replay-mark';

/** Objects in memory. */
export class FakeObjects implements Objects {
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

  async mark(_bucket: string, key: string, marks: Marks): Promise<void> {
    const all = Object.entries({ ...this.tags.get(key), ...marks }).filter(([, value]) => value !== undefined);
    if (all.length === 0) throw new Error('to take off the last tag is another call');
    this.tags.set(key, Object.fromEntries(all) as Record<string, string>);
  }
}

/** A record as it was before it got the marks of a replay, which it must have. */
export const own = (data: Uint8Array): Buffer => {
  const { record, replayed } = withoutReplayMarks(Buffer.from(data));
  expect(replayed).toBe(true);
  return record;
};

/** A stream in memory; each call is answered by the next of the answers, all taken if there is none. */
export class FakeStream implements Stream {
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

/** A replay of three hours of what Firehose gave up on. */
export const BASE: Replay = {
  from: 'failed',
  bucket: 'logs-of-dev',
  since: new Date('2026-11-25T06:00:00Z'),
  until: new Date('2026-11-25T09:00:00Z'),
  again: false,
  dryRun: false,
  bytesPerSecond: 1_000_000,
  json: false,
};

/** An object as Firehose writes what it gave up on. */
export const failed = (...records: readonly string[]): Buffer =>
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
