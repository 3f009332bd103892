import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { Base64, textOfBytes } from '../../../lib/logs/filter/codec';
import { envelopes } from '../../../lib/logs/filter/envelope';
import { filterHandler } from '../../../lib/logs/filter/handler';
import type { FilterParts, FirehoseAnswer, FirehoseRecord } from '../../../lib/logs/filter/parts';
import { compileRules } from '../../../lib/logs/rules/engine';
import type { LogRule } from '../../../lib/logs/rules/log-rule';

const ARRIVAL = Date.UTC(2026, 6, 1);
const RULES: readonly LogRule[] = [
  { id: 'noise', action: 'drop', match: { message: { contains: 'noise' } } },
  { id: 'pins', action: 'redact', redact: [{ pattern: 'pin=\\d+', replace: 'pin=*' }] },
];

interface Filtered extends FirehoseAnswer {
  /** What went into the stream once more. */
  readonly again: readonly Buffer[];
}

async function filtered(records: readonly FirehoseRecord[], rules: readonly LogRule[] = RULES): Promise<Filtered> {
  const engine = compileRules({ version: 1, rules });
  const again: Buffer[] = [];
  const parts: FilterParts = {
    rules: { current: () => Promise.resolve({ engine, stale: false, missing: false }) },
    reingestion: {
      put(put) {
        again.push(...put.map((each) => Buffer.from(each)));
        return Promise.resolve(put.map(() => true));
      },
    },
    meter: { count: () => undefined, rule: () => undefined, rules: () => undefined, flush: () => undefined },
    tell: () => undefined,
    clock: () => ARRIVAL,
  };
  return { ...(await filterHandler(parts)({ records }, { getRemainingTimeInMillis: () => 60_000 })), again };
}

const record = (recordId: string, data: Buffer | string): FirehoseRecord => ({
  recordId,
  data: Buffer.from(data).toString('base64'),
});
const line = (log: string): string =>
  JSON.stringify({ log, kubernetes: { namespace_name: 'shop', pod_name: 'web-1' } });
const textOf = (data = ''): string => Buffer.from(data, 'base64').toString();

const deep = (depth: number): string => '{"a":'.repeat(depth) + '1' + '}'.repeat(depth);
const cloudWatch = (...messages: readonly string[]): string =>
  JSON.stringify({
    messageType: 'DATA_MESSAGE',
    owner: '111122223333',
    logGroup: '/g',
    logStream: 's',
    subscriptionFilters: ['f'],
    logEvents: messages.map((message, index) => ({ id: String(index), timestamp: ARRIVAL, message })),
  });
const control = JSON.stringify({
  messageType: 'CONTROL_MESSAGE',
  logEvents: [{ id: '', timestamp: ARRIVAL, message: 'CWL CONTROL MESSAGE: Checking health of destination Firehose.' }],
});
const raw = (text: string, error: string, bytes?: Buffer): string => `${envelopes(text, error, bytes).join('\n')}\n`;
const noUtf8 = Buffer.concat([Buffer.from('{"log":"'), Buffer.from([0xc3, 0x28, 0xff]), Buffer.from('"}')]);
const noObject = 'it is not a JSON object';
const noJson = 'it is not valid JSON';
const long = line('y'.repeat(1024 * 1024 - line('').length));

/** What stands in a line, and what is delivered of it; nothing if it is dropped. */
const LINES: readonly (readonly [string, Buffer | string, string])[] = [
  ['a record', line('x'), `${line('x')}\n`],
  ['a record to drop', line('noise'), ''],
  ['a record to redact', line('pin=1234'), `${line('pin=*')}\n`],
  ['invalid UTF-8', noUtf8, raw('{"log":"\ufffd(\ufffd"}', 'it is not UTF-8', noUtf8)],
  [
    'a surrogate in UTF-8',
    Buffer.from([0xed, 0xa0, 0x80]),
    raw('\ufffd\ufffd\ufffd', 'it is not UTF-8', Buffer.from([0xed, 0xa0, 0x80])),
  ],
  [
    'a secret in invalid UTF-8',
    Buffer.concat([Buffer.from('pin=7'), Buffer.from([0xff])]),
    raw('pin=*\ufffd', 'it is not UTF-8'),
  ],
  ['truncated JSON', '{"log":"a', raw('{"log":"a', noJson)],
  ['a secret in truncated JSON', '{"log":"pin=7', raw('{"log":"pin=*', noJson)],
  ['noise in truncated JSON', '{"log":"noise', raw('{"log":"noise', noJson)],
  ['two objects in one line', '{"log":"noise"}{"log":"b"}', raw('{"log":"noise"}{"log":"b"}', noJson)],
  ['text', 'GET / 200', raw('GET / 200', noObject)],
  ['a list', '[1]', raw('[1]', noObject)],
  ['a number', '7', raw('7', noObject)],
  ['null', 'null', raw('null', noObject)],
  ['a byte order mark', `\ufeff${line('x')}`, `${line('x')}\n`],
  ['noise after a byte order mark', `\ufeff${line('noise')}`, ''],
  ['blanks before a record', ` \t\r${line('x')}`, `${line('x')}\n`],
  ['a byte order mark before text', '\ufeffGET', raw('\ufeffGET', noObject)],
  ['blanks before broken JSON', ' {"a', raw(' {"a', noJson)],
  ['zeros', '\0\0', raw('\0\0', noObject)],
  ['an empty object', '{}', '{}\n'],
  ['separators of lines that are none', '{"log":"a\u2028b\u0085c"}', '{"log":"a\u2028b\u0085c"}\n'],
  ['a carriage return', `${line('x')}\r`, `${line('x')}\r\n`],
  ['a blank line', ' \t', ' \t\n'],
  ['a line of 1 MB', long, `${long}\n`],
  ['10,000 objects in each other', deep(10_000), `${deep(10_000)}\n`],
  [
    '10,000 in a message, with a secret',
    line(deep(10_000).replace('1', 'pin=1')),
    `${line(deep(10_000).replace('1', 'pin=*'))}\n`,
  ],
  ['100,000 brackets', '['.repeat(100_000), raw('['.repeat(100_000), noObject)],
  ['100,000 braces', '{"a":'.repeat(100_000), raw('{"a":'.repeat(100_000), noJson)],
  [
    'an envelope of CloudWatch Logs',
    cloudWatch('a', 'noise', 'pin=1'),
    `${JSON.stringify({
      ...(JSON.parse(cloudWatch()) as object),
      logEvents: [
        { id: '0', timestamp: ARRIVAL, message: 'a' },
        { id: '2', timestamp: ARRIVAL, message: 'pin=*' },
      ],
    })}\n`,
  ],
  ['an envelope that stays', cloudWatch('a', 'b'), `${cloudWatch('a', 'b')}\n`],
  ['an envelope of noise', cloudWatch('noise', 'noise'), ''],
  [
    'an envelope with events that are none',
    '{"messageType":"DATA_MESSAGE","logEvents":[null,3,{"message":5},{"message":"noise"}]}',
    '{"messageType":"DATA_MESSAGE","logEvents":[null,3,{"message":5}]}\n',
  ],
  ['an envelope without events', cloudWatch(), `${cloudWatch()}\n`],
  [
    'an envelope of another kind',
    '{"messageType":"OTHER","logEvents":[{"message":"noise"}]}',
    '{"messageType":"OTHER","logEvents":[{"message":"noise"}]}\n',
  ],
  ['an envelope cut off', cloudWatch('a').slice(0, -5), raw(cloudWatch('a').slice(0, -5), noJson)],
  ['a control message', control, ''],
];

describe('one line', () => {
  test.each(LINES)('%s by itself', async (_, came, out) => {
    const { records } = await filtered([record('r', came)]);
    const data = records[0]?.data;
    // a blank line is kept only beside others
    expect(textOf(data).trim()).toBe(out.trim());
    expect(records).toEqual([{ recordId: 'r', result: data === '' ? 'Dropped' : 'Ok', data }]);
  });

  test.each(LINES)('%s among good lines', async (_, came, out) => {
    const [before, after] = [`${line('größe')}\n${line('noise')}\n`, `\n${line('pin=5')}\n${line('b')}\n`];
    const { records } = await filtered([
      record('r', Buffer.concat([Buffer.from(before), Buffer.from(came), Buffer.from(after)])),
    ]);
    const blank = out.trim() === '' ? '' : out;
    expect(textOf(records[0]?.data).replace(/^\s+$\n/gm, '')).toBe(
      `${line('größe')}\n${blank}${line('pin=*')}\n${line('b')}\n`,
    );
  });

  test('all lines in one record, plain, packed and packed twice, and each in a record of one batch', async () => {
    const short = LINES.filter(([what, came]) => came.length < 1_000 && what !== 'a blank line');
    const lines = [...short, ...LINES.filter(([, came]) => came.length >= 1_000)];
    const whole = Buffer.concat(lines.flatMap(([, came]) => [Buffer.from(came), Buffer.from('\n')]));
    const out = lines.map(([, , each]) => each).join('');
    for (const came of [whole, gzipSync(whole), gzipSync(gzipSync(whole))]) {
      const { records } = await filtered([record('a', line('a')), record('r', came), record('b', line('b'))]);
      expect(records.map(({ data }) => textOf(data))).toEqual([`${line('a')}\n`, out, `${line('b')}\n`]);
    }
    const { records } = await filtered(lines.map(([what, came]) => record(what, came)));
    expect(records.map(({ recordId, data }) => [recordId, textOf(data)])).toEqual(
      lines.map(([what, , each]) => [what, each]),
    );
  });
});

describe('a record as a whole', () => {
  const bytesOf = (data?: string): { raw: string; error: string; base64: string } =>
    JSON.parse(textOf(data)) as { raw: string; error: string; base64: string };
  const packed = gzipSync(`${line('x')}\n`);
  const flipped = Buffer.from(packed);
  flipped[20] = (flipped[20] as number) ^ 0xff;
  test.each<[string, Buffer, RegExp]>([
    ['gzip cut off', packed.subarray(0, -6), /^gzip: unexpected end of file$/],
    ['gzip with a wrong bit', flipped, /^gzip: /],
    ['only the head of gzip', packed.subarray(0, 10), /^gzip: unexpected end of file$/],
    ['gzip of gzip of gzip', gzipSync(gzipSync(packed)), /^it is compressed more than 2 times$/],
    ['gzip of what is cut off', gzipSync(packed.subarray(0, -6)), /^gzip: unexpected end of file$/],
    [
      'gzip of more than 30 MB',
      gzipSync(Buffer.alloc(30 * 1024 * 1024 + 1, ' '), { level: 1 }),
      /^it unpacks to more than 31457280 bytes$/,
    ],
  ])('%s is kept as it came, in an envelope; the others are decided', async (_, came, error) => {
    const { records } = await filtered([record('a', line('noise')), record('r', came), record('b', line('b'))]);
    expect(records.map(({ recordId, result }) => [recordId, result])).toEqual([
      ['a', 'Dropped'],
      ['r', 'Ok'],
      ['b', 'Ok'],
    ]);
    const kept = bytesOf(records[1]?.data);
    expect(kept).toEqual({ raw: '', error: expect.stringMatching(error) as string, base64: came.toString('base64') });
    expect(textOf(records[2]?.data)).toBe(`${line('b')}\n`);
  });

  test('30 MB in a gzip of a few kB: what is left fits, or goes into the stream again', async () => {
    const noise = `${line(`noise ${'z'.repeat(9_900)}`)}\n`;
    const some = `${noise.repeat(2_900)}${line('x')}\n`;
    const { records, again } = await filtered([record('r', gzipSync(some, { level: 1 })), record('b', line('b'))]);
    expect(records.map(({ data }) => textOf(data))).toEqual([`${line('x')}\n`, `${line('b')}\n`]);
    expect(again).toEqual([]);
  });

  test('1,000 KiB of one record', async () => {
    const room = 1_000 * 1024;
    const few = line('w'.repeat(room - line('').length));
    const many = `${line('v')}\n`.repeat(room / (line('v').length + 1));
    const { records } = await filtered([record('a', few), record('b', many), record('c', 'w'.repeat(room))]);
    expect(records.map(({ data }) => textOf(data))).toEqual([`${few}\n`, many, raw('w'.repeat(room), noObject)]);
  });

  test.each(['', '1', '12', '123'])('the blank line that Fluent Bit puts at the end is taken off: %j', async (more) => {
    for (const blank of ['\n', '\n\n', '\n\n\n\n']) {
      const lines = `${line('größe')}\n${line(more)}`;
      const { records } = await filtered([record('r', `${lines}${blank}`), record('b', `${line('pin=1')}${blank}`)]);
      expect(records.map(({ data }) => textOf(data))).toEqual([`${lines}\n`, `${line('pin=*')}\n`]);
    }
    const spaced = `${Buffer.from(`${line(more)}\n\n`).toString('base64')}\n`;
    expect(textOf((await filtered([{ recordId: 'r', data: spaced }])).records[0]?.data)).toBe(`${line(more)}\n`);
  });

  test.each([
    ['nothing', ''],
    ['line breaks', '\n\r\n\n'],
    ['an empty gzip', gzipSync('')],
    ['two gzip members', Buffer.concat([gzipSync(`${line('noise')}\n`), gzipSync(line('noise'))])],
  ])('%s is dropped or blank', async (_, came) => {
    const { records } = await filtered([record('r', came), record('b', line('b'))]);
    expect([textOf(records[0]?.data).trim(), textOf(records[1]?.data)]).toEqual(['', `${line('b')}\n`]);
  });

  test('what is no base64 is answered', async () => {
    const { records } = await filtered([
      { recordId: 'r', data: '%%%' },
      { recordId: 's', data: 'é\ud800=' },
      record('b', line('b')),
    ]);
    expect(records.map(({ recordId }) => recordId)).toEqual(['r', 's', 'b']);
    expect(textOf(records[2]?.data)).toBe(`${line('b')}\n`);
  });

  test('equal messages of an envelope are not sampled as one', async () => {
    const sampled: LogRule = { id: 's', action: 'sample', rate: 0.5, match: { message: { contains: 'beat' } } };
    const { records } = await filtered(
      [record('r', cloudWatch(...Array.from({ length: 200 }, () => 'heartbeat')))],
      [sampled],
    );
    const kept = (JSON.parse(textOf(records[0]?.data)) as { logEvents: unknown[] }).logEvents.length;
    expect(kept).toBeGreaterThan(60);
    expect(kept).toBeLessThan(140);
  });

  test('an envelope that nests deeper than CloudWatch writes them is a record, and harms no other', async () => {
    const came = `{"messageType":"DATA_MESSAGE","logEvents":[{"message":"noise"},{"message":"x","deep":${deep(10_000)}}]}`;
    const { records } = await filtered([record('r', `${came}\n${line('a')}`), record('b', line('b'))]);
    expect(textOf(records[0]?.data)).toBe(`${came}\n${line('a')}\n`);
    expect(textOf(records[1]?.data)).toBe(`${line('b')}\n`);
  });
});

describe('a batch', () => {
  test('of nothing', async () => {
    expect((await filtered([])).records).toEqual([]);
  });

  test('with one name twice: each is answered, in its place', async () => {
    const { records } = await filtered([record('r', line('a')), record('r', line('noise')), record('r', line('b'))]);
    expect(records.map(({ recordId, result, data }) => [recordId, result, textOf(data)])).toEqual([
      ['r', 'Ok', `${line('a')}\n`],
      ['r', 'Dropped', ''],
      ['r', 'Ok', `${line('b')}\n`],
    ]);
  });

  test('of names that are properties of every object', async () => {
    const names = ['__proto__', 'constructor', '', 'toString'];
    const { records } = await filtered(names.map((name) => record(name, line(name))));
    expect(records.map(({ recordId, data }) => [recordId, textOf(data)])).toEqual(
      names.map((name) => [name, `${line(name)}\n`]),
    );
  });
});

describe('texts and bytes', () => {
  test('a text says all of the bytes, or there is none', () => {
    fc.assert(
      fc.property(fc.uint8Array({ size: 'small' }), (bytes) => {
        const text = textOfBytes(Buffer.from(bytes));
        if (text !== undefined) expect(Buffer.from(text)).toEqual(Buffer.from(bytes));
        else expect(Buffer.from(Buffer.from(bytes).toString())).not.toEqual(Buffer.from(bytes));
      }),
    );
  });

  test('memory that is used again does not mix records', () => {
    const base64 = new Base64();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.string({ unit: 'grapheme', maxLength: 40 }), (bytes, text) => {
        const came = Buffer.from(bytes);
        const decoded = base64.decode(came.toString('base64'));
        expect(decoded.equals(came)).toBe(true);
        const half = came.length >> 1;
        const joined = base64.join(decoded, [{ from: half, to: came.length }, text, { from: 0, to: half }, text]);
        expect(joined).toBe(
          Buffer.concat([came.subarray(half), Buffer.from(text), came.subarray(0, half), Buffer.from(text)]).toString(
            'base64',
          ),
        );
      }),
    );
  });
});

describe('whatever comes', () => {
  const piece: fc.Arbitrary<Buffer> = fc.oneof(
    fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
    fc.constantFrom('x', 'noise', 'pin=1', 'größe', '\u2028').map((log) => Buffer.from(line(log))),
    fc.constantFrom(...LINES.filter(([, came]) => came.length < 500).map(([, came]) => Buffer.from(came))),
    fc.json().map((json) => Buffer.from(json)),
    fc
      .constantFrom('', '\n', '{', '{"log":', '"}', '\r', '{"messageType":"DATA_MESSAGE","logEvents":[')
      .map((text) => Buffer.from(text)),
  );
  const aggregate = fc
    .array(piece, { maxLength: 8 })
    .map((pieces) => Buffer.concat(pieces.flatMap((each) => [each, Buffer.from('\n')])));
  const data = fc.oneof(
    fc.uint8Array({ maxLength: 80 }).map((bytes) => Buffer.from(bytes)),
    aggregate,
    aggregate.map((bytes) => gzipSync(bytes)),
    aggregate.map((bytes) => gzipSync(gzipSync(bytes))),
    fc.tuple(aggregate, fc.nat({ max: 60 })).map(([bytes, cut]) => gzipSync(bytes).subarray(0, cut)),
    fc.tuple(aggregate, fc.nat(), fc.nat({ max: 255 })).map(([bytes, at, value]) => {
      const packed = gzipSync(bytes);
      packed[at % packed.length] = value;
      return packed;
    }),
  );

  test('nothing is thrown, and every record is answered once, in its place, as if it had come alone', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(data, { maxLength: 6 }), async (batch) => {
        const came = batch.map((each, index) => record(`r${index}`, each));
        const { records } = await filtered(came);
        expect(records.map(({ recordId }) => recordId)).toEqual(came.map(({ recordId }) => recordId));
        for (const [index, each] of came.entries()) {
          expect((await filtered([each])).records).toEqual([records[index]]);
          expect(records[index]?.result).toMatch(/^(Ok|Dropped)$/);
        }
        for (const { data: out } of records)
          for (const each of textOf(out).split('\n')) if (each.trim() !== '') JSON.parse(each);
      }),
      { numRuns: 50 },
    );
  });

  test('without rules every line that came is delivered: as it is, or in an envelope that holds its bytes', async () => {
    await fc.assert(
      fc.asyncProperty(aggregate, fc.boolean(), async (bytes, packs) => {
        const { records } = await filtered([record('r', packs ? gzipSync(bytes) : bytes)], []);
        const out = textOf(records[0]?.data)
          .split('\n')
          .filter((each) => each.trim() !== '');
        const came = bytes
          .toString('latin1')
          .split('\n')
          .map((each) => Buffer.from(each, 'latin1'));
        const expected = came.filter((each) => each.toString().trim() !== '' && each.toString() !== control);
        expect(out.map((each) => hex(originOf(each)))).toEqual(expected.map(hex));
      }),
      { numRuns: 100 },
    );
  });

  /** Bytes to compare: blanks and a byte order mark before a line are nobody's. */
  function hex(bytes: Buffer): string {
    return bytes.toString('hex').replace(/^(?:efbbbf|20|09|0d)+/, '');
  }

  /** The bytes that a delivered line came as. */
  function originOf(delivered: string): Buffer {
    const { raw: text, error, base64 } = JSON.parse(delivered) as { raw?: string; error?: string; base64?: string };
    if (text === undefined || error === undefined) return Buffer.from(delivered);
    return base64 === undefined ? Buffer.from(text) : Buffer.from(base64, 'base64');
  }
});
