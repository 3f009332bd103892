import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import * as fc from 'fast-check';
import { sendLines } from '../../bin/logs/send';
import type { Stream } from '../../bin/logs/stream';
import { hajime } from './in-process';

const asked: unknown[] = [];
const failed: number[] = [];
let runs = true;
const mockSent: Buffer[] = [];
jest.mock('../../sandbox/local-aws', () => ({
  runningLocalAws: async () => (runs ? { endpoint: 'http://127.0.0.1:1' } : undefined),
  ask: async (_: unknown, what: string, body: unknown) => {
    asked.push([what, body]);
    return { 'dev-logs': { failed: failed.shift() ?? 0 }, 'dev-logs-unparsed': { failed: 0 } };
  },
}));
jest.mock('../../bin/logs/aws', () => ({
  ...jest.requireActual<object>('../../bin/logs/aws'),
  deployed: async () => ({ platform: 'dev', settings: {}, outputs: { stream: 'dev-logs', bucket: 'kept' } }),
}));
jest.mock('../../bin/logs/stream', () => ({
  ...jest.requireActual<object>('../../bin/logs/stream'),
  DeliveryStream: class {
    async put(records: readonly Uint8Array[]): Promise<undefined[]> {
      mockSent.push(...records.map((record) => Buffer.from(record)));
      return records.map(() => undefined);
    }
  },
}));

let folder: string;
beforeAll(() => (folder = mkdtempSync(path.join(tmpdir(), 'hajime-send-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(() => {
  runs = true;
  [asked, failed, mockSent].forEach((list) => (list.length = 0));
});
const lines = (content: string): string => {
  const file = path.join(folder, 'lines');
  writeFileSync(file, content);
  return file;
};

test('lines go into the stream without marks, and all that is buffered is delivered', async () => {
  expect(await hajime('sandbox', 'send', 'dev', lines('{"log":"a"}\nb\n'))).toEqual({
    status: 0,
    stdout:
      '2 lines went through the pipeline of dev; what the rules kept is in s3://kept/logs/.\nNext: npx hajime logs test dev --sandbox --sample today\n',
    stderr: '',
  });
  expect(Buffer.concat(mockSent).toString()).toBe('{"log":"a"}\nb\n');
  expect(asked.at(-1)).toEqual(['firehose', ['dev-logs', 'dev-logs-unparsed']]);
});

test('what the function did not take is told of, and not what it did not take before', async () => {
  failed.push(3, 4);
  const { status, stderr } = await hajime('sandbox', 'send', 'dev', lines('a\n'));
  expect([status, stderr]).toEqual([
    1,
    'The function did not take all of them: npx hajime logs replay dev --sandbox --from failed --since 1h --dry-run\n',
  ]);
  failed.push(4, 4);
  expect(await hajime('sandbox', 'send', 'dev', lines('a\n'))).toMatchObject({ status: 0 });
});

test.each<[string, () => string, boolean, number, string]>([
  ['nothing that runs', () => lines('a'), false, 1, 'The local AWS does not run. Start it: npx hajime sandbox up'],
  ['no lines', () => lines(''), true, 1, 'There is no record in the sample ('],
  ['no file', () => './none', true, 1, 'There is no file or folder ./none.'],
  [
    'a line too long',
    () => lines('x'.repeat(1_024_000)),
    true,
    1,
    'A line has 1024001 bytes: Firehose takes 1024000 at most.',
  ],
])('%s', async (_, file, running, code, told) => {
  runs = running;
  const { status, stderr } = await hajime('sandbox', 'send', 'dev', file());
  expect([status, stderr]).toEqual([code, expect.stringContaining(told)]);
});

test('a platform that is none', async () => {
  expect(await hajime('sandbox', 'send', 'prd', lines('a'))).toMatchObject({ status: 2 });
});

test('every line arrives once and in order, many in a record, however they are read', async () => {
  const groups = fc.array(
    fc.array(
      fc.integer({ min: 1, max: 90_000 }).map((size) => 'x'.repeat(size)),
      { maxLength: 9 },
    ),
    {
      maxLength: 9,
    },
  );
  await fc.assert(
    fc.asyncProperty(groups, async (all) => {
      const records: string[] = [];
      const stream: Stream = {
        put: async (batch) => batch.map((record) => void records.push(Buffer.from(record).toString())),
      };
      const reading = (async function* (): AsyncGenerator<string[]> {
        yield* all;
      })();
      const flat = all.flat();
      expect(await sendLines(reading, stream)).toBe(flat.length);
      expect(records.join('')).toBe(flat.map((line) => `${line}\n`).join(''));
      for (const record of records) expect(record.length).toBeLessThanOrEqual(256 * 1024);
    }),
    { numRuns: 30 },
  );
});
