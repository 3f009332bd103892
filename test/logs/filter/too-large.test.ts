import { gzipSync } from 'node:zlib';
import { LINE_AT_MOST } from '../../../lib/logs/filter/draft';
import { marked } from '../../../lib/logs/filter/reingestion-mark';
import type { LogRule } from '../../../lib/logs/rules/log-rule';
import { line, results, run, stream, text, type Stream } from './filter-world';

/** What no answer holds, and what no memory does, is delivered in the end, or fails by itself. */
const lines = (count: number, log = 'x'.repeat(900), namespace?: string): string[] =>
  Array.from({ length: count }, (_, index) => line(`${index} ${log}`, namespace));
const joined = (all: readonly string[]): string => `${all.join('\n')}\n`;
/** A text that gzip makes a twentieth of. */
const packed = (all: readonly string[]): Buffer => gzipSync(joined(all));

/** Bytes that envelopes hold, those of a line in parts put together. */
function originals(envelopes: readonly string[]): string[] {
  const whole: string[] = [];
  for (const envelope of envelopes) {
    const { raw, error, base64 } = JSON.parse(envelope) as { raw: string; error: string; base64?: string };
    const [, part] = /part (\d+) of \d+ of it$/.exec(error) ?? [];
    const bytes = base64 === undefined ? raw : Buffer.from(base64, 'base64').toString('latin1');
    if (part === undefined || part === '1') whole.push(bytes);
    else whole[whole.length - 1] += bytes;
  }
  return whole;
}

describe('lines that leave the answer take no room in it', () => {
  const LINES = 40_000;
  const unparsed = Array.from({ length: LINES }, (_, index) => `user logged in: ${100_000 + index}\n`).join('');

  test.each([
    ['at first', Buffer.from(unparsed)],
    ['in the second pass', marked(Buffer.from(unparsed))],
  ])('envelopes, %s', async (_, record) => {
    const world = await run([record, record, record], { unparsedStream: true });
    expect(results(world)).toEqual(['Dropped', 'Dropped', 'Dropped']);
    expect(world.again).toEqual([]);
    expect(world.unparsed).toHaveLength(3 * LINES);
    expect(world.counts).toMatchObject({ Reingested: 0, Failed: 0, Unparsed: 3 * LINES });
  });

  test('lines for CloudWatch alone', async () => {
    const six = Array.from({ length: 6 }, () => joined(lines(1_000, undefined, 'only-hot')));
    const world = await run(six);
    expect(results(world)).toEqual(Array(6).fill('Dropped'));
    expect(world.again).toEqual([]);
    expect(world.hot).toHaveLength(6_000);
  });

  test('what was refused stays, and then goes round with its record if it is too much', async () => {
    const world = await run([unparsed, unparsed, unparsed], { unparsedStream: true, takes: { unparsed: false } });
    expect(results(world)).toEqual(['Ok', 'Dropped', 'Dropped']);
    expect(text(world).split('\n')).toHaveLength(LINES + 1);
    expect(world.counts).toMatchObject({ Reingested: 2, Unparsed: LINES });
  });

  test.each<[string, boolean | ((index: number) => boolean)]>([
    ['all', false],
    ['every other one', (index) => index % 2 === 0],
  ])('of refused envelopes (%s) none is lost', async (_, takes) => {
    const all = await stream([unparsed, unparsed, unparsed], { unparsedStream: true, takes: { unparsed: takes } });
    expect(all.failed).toEqual([]);
    const each = new Map<string, number>();
    for (const raw of originals([...all.kept, ...all.unparsed])) each.set(raw, (each.get(raw) ?? 0) + 1);
    expect(each.size).toBe(LINES);
    expect(Math.min(...each.values())).toBe(3); // and some come twice: they were sent before their record went round
  });

  test('however many envelopes wait, there is an end to it', async () => {
    const tiny = 'x\n'.repeat(400_000);
    const world = await run([tiny, line('a')], { unparsedStream: true });
    expect(results(world)).toEqual(['Dropped', 'Ok']);
    expect(world.unparsed).toEqual([]);
    const all = await stream([tiny, line('a')], { unparsedStream: true });
    expect([all.kept, all.unparsed.length, all.failed.length]).toEqual([[line('a')], 400_000, 0]);
  });
});

describe('a record whose own answer is too large is divided', () => {
  const digits: LogRule = { id: 'digits', action: 'redact', redact: [{ pattern: '\\d', replace: '<dig>' }] };

  test('by what comes of it', async () => {
    const long = lines(111, '7'.repeat(9_000));
    const all = await stream([joined(long)], { rules: [digits] });
    expect(all.failed).toEqual([]);
    expect(all.kept).toHaveLength(111);
    expect(all.kept[110]).toContain('<dig><dig><dig> <dig><dig>');
  });

  test.each([
    ['its own stream', true],
    ['the archive', false],
  ])('good lines go on without a line of zeros, which ends in %s', async (_, unparsedStream) => {
    const good = lines(1_500, 'x');
    const zeros = '\0'.repeat(800_000);
    const all = await stream([joined([...good, zeros])], { unparsedStream });
    expect(all.failed).toEqual([]);
    expect(all.kept.slice(0, 1_500)).toEqual(good);
    const envelopes = unparsedStream ? all.unparsed : all.kept.slice(1_500);
    expect(envelopes.every((each) => each.length <= 900_000)).toBe(true);
    expect(originals(envelopes)).toEqual([zeros]);
  });

  test('however much a line grows', async () => {
    const all = await stream([`${line('7'.repeat(900_000))}\n${line('a')}`], { rules: [digits], unparsedStream: true });
    expect(all.failed).toEqual([]);
    expect(all.kept).toEqual([line('a')]);
    expect(originals(all.unparsed)).toEqual([line('<dig>'.repeat(900_000))]);
    expect(all.unparsed.every((each) => each.length <= 900_000)).toBe(true);
  });

  test('packed or not, into records that an answer holds', async () => {
    const all = lines(30_000);
    const world = await run([packed(all), line('a')]);
    expect(results(world)).toEqual(['Dropped', 'Ok']);
    expect((await stream([packed(all), line('a')])).kept).toEqual([line('a'), ...all]);
  });

  test('an envelope of CloudWatch Logs by its events', async () => {
    const messages = Array.from({ length: 9_000 }, (_, index) => `${index} ${'m'.repeat(1_000)}`);
    const logEvents = messages.map((message, id) => ({ id: String(id), timestamp: 5, message }));
    const envelope = JSON.stringify({ messageType: 'DATA_MESSAGE', logGroup: '/g', logEvents });
    const { kept, failed } = await stream([gzipSync(envelope), line('a')]);
    expect(failed).toEqual([]);
    const events = kept.slice(1).flatMap((each) => (JSON.parse(each) as { logEvents: object[] }).logEvents);
    expect(events).toEqual(logEvents);
  });
});

describe('envelopes are as large as their stream takes them', () => {
  test.each<[string, Buffer]>([
    ['230 kB that are no UTF-8', Buffer.alloc(230_000, 0xff)],
    ['1,000 KiB that are no UTF-8', Buffer.alloc(1_000 * 1024, 0xfe)],
    ['1,000 KiB of broken gzip', Buffer.concat([Buffer.from([0x1f, 0x8b, 8]), Buffer.alloc(1_000 * 1024 - 3, 0xaa)])],
    ['1,000 KiB of text', Buffer.alloc(1_000 * 1024, 'w')],
    ['a line with a secret', Buffer.from(`4111111111111111 ${'w'.repeat(900_000)}`)],
  ])('%s', async (_, came) => {
    const all = await stream([came, line('a')], { unparsedStream: true });
    expect([all.kept, all.failed]).toEqual([[line('a')], []]);
    expect(all.unparsed.every((each) => Buffer.byteLength(each) <= 900_000)).toBe(true);
    expect(originals(all.unparsed)).toEqual([came.toString('latin1').replace(/\d{16}/, '****')]);
  });
});

describe('a batch that unpacks to more than the memory', () => {
  const many = Array<Buffer>(12).fill(packed(lines(22_000)));
  const counted = ({ kept }: Stream): number => kept.length;

  test('harms no other record, goes round as far as it may, and fails for the rest', async () => {
    const world = await run([...many, line('a')]);
    expect(results(world)).toEqual(['Dropped', ...Array<string>(11).fill('ProcessingFailed'), 'Ok']);
    const bytes = world.again.reduce((sum, { length }) => sum + length, 0);
    expect(bytes).toBeLessThan(40 * 1024 * 1024);
  });

  test('is decided all the same if the rules drop most of it', async () => {
    const world = await run([...many, line('a')], {
      rules: [{ id: 'x', action: 'drop', match: { message: { contains: 'xx' } } }],
    });
    expect(results(world)).toEqual([...Array<string>(12).fill('Dropped'), 'Ok']);
    expect(world.counts).toMatchObject({ DroppedRecords: 264_000, Failed: 0 });
  });

  test('and agents that pack what they send lose nothing', async () => {
    const small = Array.from({ length: 40 }, () => packed(lines(500)));
    const all = await stream(small);
    expect([all.failed, counted(all)]).toEqual([[], 20_000]);
    expect(all.round).toBeGreaterThan(0);
  });
});

test('a line that no redaction can be tried on fails by itself, and is not let through', async () => {
  const long = line('z'.repeat(LINE_AT_MOST));
  const all = await stream([gzipSync(joined([line('a'), long, line('b')])), line('c')]);
  expect([...all.kept].sort()).toEqual([line('a'), line('b'), line('c')]);
  expect(all.failed).toHaveLength(1);
});

describe('a batch that runs out of time', () => {
  /** Each look at the clock takes ten seconds. */
  const slow = (): (() => number) => {
    let now = 0;
    return () => (now += 10_000);
  };

  test('answers what it has decided; the others go round', async () => {
    const world = await run([line('a'), line('b'), line('c'), line('d'), line('e')], { clock: slow() });
    expect(results(world)).toEqual(['Ok', 'Ok', 'Ok', 'Dropped', 'Dropped']);
    expect(world.again).toEqual([line('d'), line('e')].map((each) => marked(Buffer.from(each))));
  });

  test('or fail, if they did before', async () => {
    const world = await run([line('a'), line('b'), line('c'), marked(Buffer.from(line('d')))], { clock: slow() });
    expect(results(world)).toEqual(['Ok', 'Ok', 'Ok', 'ProcessingFailed']);
  });

  test('also in the midst of a record', async () => {
    const world = await run([line('a'), joined(lines(1_000))], { clock: slow() });
    expect(results(world)).toEqual(['Ok', 'Dropped']);
    expect(world.again).toHaveLength(1);
  });
});
