import { gzipSync } from 'node:zlib';
import { unpack } from '../../../lib/logs/filter/gzip';
import { line, run, text } from './filter-world';

const cut = gzipSync('lost').subarray(0, -6);
// as `gzip` may make it: with extra bytes, the name of a file, a comment and a checksum of all that
const head = Buffer.from([0x1f, 0x8b, 8, 30, 0, 0, 0, 0, 0, 3, 2, 0, 7, 7, ...Buffer.from('a.log\0why\0')]);
const named = Buffer.concat([head, gzipSync(head).subarray(-8, -6), gzipSync('named').subarray(10)]);

test.each<[string, Buffer, boolean, string]>([
  ['plain', Buffer.from('abc'), false, 'abc'],
  ['gzip', gzipSync('abc'), true, 'abc'],
  ['gzip of gzip', gzipSync(gzipSync('abc')), true, 'abc'],
  ['several members', Buffer.concat([gzipSync('ab'), gzipSync('c')]), true, 'abc'],
  ['too short for gzip', Buffer.from([0x1f, 0x8b]), false, '\x1f\x8b'],
  ['another method than gzip knows', Buffer.from([0x1f, 0x8b, 9, 0]), false, '\x1f\x8b\x09\0'],
  ['nothing', Buffer.alloc(0), false, ''],
  ['gzip and a line break', Buffer.concat([gzipSync('abc'), Buffer.from('\n')]), true, 'abc\n\n'],
  ['gzip and a line', Buffer.concat([gzipSync('a\n'), Buffer.from('b\n')]), true, 'a\n\nb\n'],
  ['gzip and padding', Buffer.concat([gzipSync('abc'), Buffer.alloc(512)]), true, 'abc'],
  ['gzip, a zero and a line', Buffer.concat([gzipSync('abc'), Buffer.from('\0b')]), true, 'abc\n\0b'],
  ['gzip twice, with a break behind each', twice(), true, 'abc\n\n\n\n'],
])('%s', (_, came, packed, out) => {
  const unpacked = unpack(came);
  expect([unpacked.packed, unpacked.bytes.toString('latin1'), unpacked.rest]).toEqual([packed, out, undefined]);
});

function twice(): Buffer {
  const once = Buffer.concat([gzipSync('abc'), Buffer.from('\n')]);
  return Buffer.concat([gzipSync(once), Buffer.from('\n')]);
}

test('exactly 30 MB are taken', () => {
  expect(unpack(gzipSync(Buffer.alloc(30 * 1024 * 1024), { level: 1 })).bytes).toHaveLength(30 * 1024 * 1024);
});

test.each<[string, Buffer, string, Buffer, RegExp]>([
  ['a member that is cut off', Buffer.concat([gzipSync('a'), cut]), 'a', cut, /^gzip: unexpected end of file$/],
  ['one after others of every form', Buffer.concat([named, gzipSync('a'), cut]), 'nameda', cut, /^gzip: unexpected/],
  ['only that', cut, '', cut, /^gzip: unexpected end of file$/],
  ['three times gzip', gzipSync(gzipSync(gzipSync('a'))), '', gzipSync(gzipSync(gzipSync('a'))), /more than 2 times$/],
])('%s is left; what is whole is read', (_, came, out, left, error) => {
  const { bytes, rest } = unpack(came);
  expect([bytes.toString(), rest]).toEqual([out, { bytes: left, error: expect.stringMatching(error) as string }]);
});

test('good lines beside what cannot be read are decided', async () => {
  const good = gzipSync(`${line('a')}\n${line('GET /health')}\n`);
  const world = await run([
    Buffer.concat([good, Buffer.from('\n')]),
    Buffer.concat([good, Buffer.from(`${line('b')}\n`)]),
    Buffer.concat([good, cut]),
    Buffer.concat([good, Buffer.from('text')]),
  ]);
  const kept = `${line('a')}\n`;
  expect([0, 1, 2, 3].map((index) => text(world, index))).toEqual([
    kept,
    `${kept}${line('b')}\n`,
    `${kept}{"raw":"","error":"gzip: unexpected end of file","base64":"${cut.toString('base64')}"}\n`,
    `${kept}{"raw":"text","error":"it is not a JSON object"}\n`,
  ]);
  expect(world.counts).toMatchObject({ InRecords: 11, DroppedRecords: 4, Unparsed: 2 });
});
