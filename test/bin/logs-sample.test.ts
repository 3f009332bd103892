import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { MARK } from '../../lib/logs/filter/reingestion-mark';
import { asReplayed } from '../../lib/logs/filter/replay-mark';
import type { Deployed } from '../../bin/logs/aws';
import type { Objects } from '../../bin/logs/objects';
import { localParts, sampleLines, type SamplePart } from '../../bin/logs/sample';
import { sampleOf, type SampleAccess } from '../../bin/logs/sample-source';

const FORMS = 'yesterday, today, a day such as 2026-11-24, a file, a folder, s3://bucket/prefix, or - for stdin';

const part = (...chunks: readonly (string | Buffer)[]): SamplePart => ({
  name: 'sample',
  open: () => Readable.from(chunks.map((chunk) => Buffer.from(chunk))),
});

async function* erring(message: string): AsyncGenerator<Buffer> {
  yield* [];
  throw Object.assign(new Error(message), { code: message.split(':')[0] });
}

async function read(parts: readonly SamplePart[], limit?: number): Promise<string[]> {
  const lines: string[] = [];
  for await (const group of sampleLines(parts, limit)) lines.push(...group);
  return lines;
}

describe('lines', () => {
  test.each([
    ['of one chunk', ['a\nb\n'], ['a', 'b']],
    ['without a last line break', ['a\nb'], ['a', 'b']],
    ['cut between chunks', ['{"lo', 'g":1}\n{"l', 'og":2}'], ['{"log":1}', '{"log":2}']],
    ['of Windows', ['a\r\nb\r\n'], ['a', 'b']],
    ['that are empty', ['\n\na\n\n'], ['a']],
    ['of nothing', [''], []],
    ['of a single byte', ['a'], ['a']],
    ['with letters cut in their bytes', [Buffer.from('é').subarray(0, 1), Buffer.from('é').subarray(1)], ['é']],
    ['that are not UTF-8', [Buffer.from([0x61, 0xff, 0x62, 10])], ['a\ufffdb']],
    ['in gzip', [gzipSync('a\nb')], ['a', 'b']],
    ['in gzip, byte by byte', [...gzipSync('a\nb')].map((byte) => Buffer.from([byte])), ['a', 'b']],
    ['in several gzips one after the other', [gzipSync('a\n'), gzipSync('b\n')], ['a', 'b']],
    ['between which some were replayed', ['a\n', asReplayed(Buffer.from('b\nc\n')), `${MARK}d\n`], ['a', 'd']],
    [
      'between which some were replayed, in gzip',
      [gzipSync('a\n'), asReplayed(gzipSync('b')), gzipSync('c')],
      ['a', 'c'],
    ],
    ['in gzip of gzip', [gzipSync(gzipSync('a'))], ['a']],
  ])('%s', async (_, chunks, lines) => {
    expect(await read([part(...chunks)])).toEqual(lines);
  });

  test('of several parts, up to a limit', async () => {
    expect(await read([part('a\nb\n'), part('c\nd\n')], 3)).toEqual(['a', 'b', 'c']);
  });

  test('are the same however the bytes come', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string(),
        fc.array(fc.integer({ min: 1, max: 9 })),
        fc.boolean(),
        async (text, cuts, zipped) => {
          const bytes = zipped ? gzipSync(text) : Buffer.from(text);
          fc.pre(zipped || bytes[0] !== 0x1f);
          const chunks: Buffer[] = [];
          let at = 0;
          for (const cut of cuts) chunks.push(bytes.subarray(at, (at += cut)));
          chunks.push(bytes.subarray(at));
          const lines = Buffer.from(text)
            .toString()
            .split('\n')
            .map((line) => line.replace(/\r$/, ''))
            .filter((line) => line !== '');
          expect(await read([part(...chunks)])).toEqual(lines);
        },
      ),
      { numRuns: 50 },
    );
  });

  test.each([
    [
      'gzip that is cut off',
      [gzipSync('a\n'.repeat(10_000)).subarray(0, -12)],
      /^sample cannot be read.*: its gzip is damaged/,
    ],
    ['gzip that is none', [Buffer.from([0x1f, 0x8b, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10])], /its gzip is damaged/],
    [
      'gzip in too many layers',
      [[1, 2, 3, 4, 5].reduce((inner) => gzipSync(inner), Buffer.from('a'))],
      /gzip in more than 3 layers/,
    ],
    [
      'one endless line',
      Array.from({ length: 18 }, () => Buffer.alloc(1024 ** 2, 97)),
      /it has a line of more than 16 MB/,
    ],
  ])('%s is a failure with the name', async (_, chunks, told) => {
    await expect(read([part(...chunks)])).rejects.toThrow(told);
  });
});

describe('on this machine', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'sample-'));
    mkdirSync(path.join(folder, 'hour=01'));
    mkdirSync(path.join(folder, 'empty'));
    writeFileSync(path.join(folder, 'hour=01', 'b.gz'), gzipSync('b\n'));
    writeFileSync(path.join(folder, 'a'), 'a\n');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('a folder is all files below it', async () => {
    expect(await read(localParts(folder))).toEqual(['a', 'b']);
  });

  test('a file that may not be read is told of in words', async () => {
    const file = path.join(folder, 'a');
    const locked = { name: file, open: () => Readable.from(erring('EACCES: permission denied')) };
    await expect(read([locked])).rejects.toThrow(`${file} may not be read by who runs this command.`);
  });

  test.each([
    ['nothing there', 'none', /^There is no file or folder .*none\. A sample is yesterday, today, a day such as /],
    ['an empty folder', 'empty', /^The sample is empty: there is no file in /],
  ])('%s', (_, name, told) => {
    expect(() => localParts(path.join(folder, name))).toThrow(told);
  });
});

describe('in S3', () => {
  const NOW = new Date('2026-11-25T10:00:00Z');
  const access = (outputs: Deployed['outputs'], keys: readonly string[]): SampleAccess & { listed: string[] } => {
    const listed: string[] = [];
    const objects: Pick<Objects, 'list' | 'read'> = {
      async *list(bucket, prefix) {
        listed.push(`${bucket}/${prefix}`);
        for (const key of keys) if (key.startsWith(prefix)) yield { key, bytes: key.endsWith('/') ? 0 : 9 };
      },
      read: async (_, key) => Readable.from([Buffer.from(`${key}\n`)]),
    };
    return {
      listed,
      deployed: async () => ({ platform: 'dev', settings: {}, outputs }),
      objects: async () => objects as Objects,
    };
  };

  test.each([
    [
      'yesterday',
      { bucket: 'kept' },
      'kept/logs/dt=2026-11-24/',
      /^2026-11-24, only what the rules of then kept, and without unparsed\//,
    ],
    [
      'yesterday',
      { bucket: 'kept', archive: 'all' },
      'all/dt=2026-11-24/',
      /^2026-11-24, everything that came, from the archive$/,
    ],
    ['today', { bucket: 'kept' }, 'kept/logs/dt=2026-11-25/', /^2026-11-25/],
    ['2026-10-01', { bucket: 'kept' }, 'kept/logs/dt=2026-10-01/', /^2026-10-01/],
    ['s3://some-bucket/a/b', {}, 'some-bucket/a/b', /^s3:\/\/some-bucket\/a\/b$/],
    ['s3://some-bucket', {}, 'some-bucket/', /^s3:\/\/some-bucket$/],
  ])('%s of %j', async (text, outputs, place, from) => {
    const [, prefix = ''] = /^[^/]+\/(.*)$/.exec(place) ?? [];
    const reach = access(outputs, [`${prefix}hour=01/x`, `${prefix}folder/`]);
    const sample = await sampleOf(text, reach, NOW);
    expect(reach.listed).toEqual([place]);
    expect(sample.from).toMatch(from);
    expect(sample.keptOnly).toBe(place.startsWith('kept/') ? true : undefined);
    expect(await read(sample.parts)).toEqual([`${prefix}hour=01/x`]);
  });

  test.each([
    [
      'yesterday',
      { bucket: 'kept' },
      'The sample is empty: there is no object in yesterday (s3://kept/logs/dt=2026-11-24/).',
    ],
    ['yesterday', {}, "The stack dev-Logs has no output Bucket. Deploy it again: npx cdk deploy 'dev/Logs'"],
    ['2026-13-45', {}, `--sample 2026-13-45 must be ${FORMS}`],
    ['2026-02-30', {}, `--sample 2026-02-30 must be ${FORMS}`],
    ['tomorrow', {}, `--sample tomorrow must be ${FORMS}`],
    ['1d', {}, `--sample 1d must be ${FORMS}`],
    ['2026-11-26', { bucket: 'kept' }, '--sample 2026-11-26 is a day to come'],
    ['./tomorrow', {}, `There is no file or folder ./tomorrow. A sample is ${FORMS}.`],
    ['no.ndjson', {}, `There is no file or folder no.ndjson. A sample is ${FORMS}.`],
    ['s3://', {}, '--sample s3:// must be like s3://bucket/prefix'],
    ['s3:/bucket', {}, '--sample s3:/bucket must be like s3://bucket/prefix'],
  ])('%s of %j is refused', async (text, outputs, told) => {
    await expect(sampleOf(text, access(outputs, []), NOW)).rejects.toThrow(told);
  });
});
