import { gunzipSync, gzipSync } from 'node:zlib';
import { filterHandler } from '../../../lib/logs/filter/handler';
import { EmfMeter } from '../../../lib/logs/filter/meter';
import { MARK, marked, unmarked } from '../../../lib/logs/filter/reingestion-mark';
import { asReplayed, withoutReplayMarks } from '../../../lib/logs/filter/replay-mark';
import { compileRules, decide } from '../../../lib/logs/rules/engine';
import type { LogRule } from '../../../lib/logs/rules/log-rule';
import { DEFAULT_RULE, SampleTally } from '../../../lib/logs/sample-tally';
import { ARRIVAL, line, result, RULES, run, text } from './filter-world';

test('a record of which every line stays as it is keeps its bytes', async () => {
  const came = `${line('a')}\n${line('b \\u00e9')}\n`;
  const world = await run([came]);
  expect(text(world)).toBe(came);
  expect(world.counts).toMatchObject({ InRecords: 2, KeptRecords: 2, DroppedRecords: 0, InBytes: came.length - 2 });
});

test('dropped lines leave the others, and a record of which nothing is left is dropped', async () => {
  const world = await run([`${line('a')}\n${line('GET /health')}\n${line('b')}`, line('GET /health'), '']);
  expect(text(world)).toBe(`${line('a')}\n${line('b')}\n`);
  expect([1, 2].map((index) => result(world, index))).toEqual(['Dropped', 'Dropped']);
  expect(world.counts).toMatchObject({ InRecords: 4, KeptRecords: 2, DroppedRecords: 2 });
  expect(world.rules).toEqual({ 'health dropped': 2 });
});

describe('what a guard keeps is counted', () => {
  const error = line('ERROR it broke');
  const guarded = { InRecords: 3, DroppedRecords: 1, GuardedRecords: 1, GuardedBytes: error.length };
  const drop: LogRule = { id: 'all', action: 'drop', match: { message: { regex: 'a|ERROR' } } };

  test.each<[string, LogRule[], object]>([
    ['as what a rule would have dropped', [drop], guarded],
    ['also if a later rule keeps it', [drop, { id: 'keep', action: 'keep' }], guarded],
    [
      'not if a rule on trial would have dropped it',
      [{ ...drop, dryRun: true }],
      { GuardedRecords: 0, GuardedBytes: 0 },
    ],
    [
      'not if a rule may drop it all the same',
      [{ ...drop, overrides: 'never-drop' }],
      { GuardedRecords: 0, DroppedRecords: 2 },
    ],
    ['not if no rule would have dropped it', [], { GuardedRecords: 0, GuardedBytes: 0 }],
  ])('%s', async (_, rules, counts) => {
    const world = await run([`${line('a')}\n${error}\n${line('b')}`], { rules });
    expect(world.counts).toMatchObject(counts);
  });

  test('as what the default would have dropped, in an envelope of CloudWatch Logs too', async () => {
    const logEvents = ['ERROR it broke', 'b'].map((message) => ({ id: '1', timestamp: 5, message }));
    const envelope = JSON.stringify({ messageType: 'DATA_MESSAGE', logGroup: '/g', logStream: 's', logEvents });
    const world = await run([`${error}\n${line('b')}`, envelope], { byDefault: 'drop', rules: [] });
    const GuardedBytes = error.length + 'ERROR it broke'.length;
    expect(world.counts).toMatchObject({ InRecords: 4, DroppedRecords: 2, GuardedRecords: 2, GuardedBytes });
  });

  test('apart from what is no record, which no rule may drop either', async () => {
    const world = await run(['text', error], { rules: [drop] });
    expect(world.counts).toMatchObject({ Unparsed: 1, UnparsedBytes: 4, GuardedRecords: 1 });
  });
});

test('redactions change their line only', async () => {
  const world = await run([`${line('a')}\n${line('card 4111111111111111')}\n${line('größe')}\n`]);
  expect(text(world)).toBe(`${line('a')}\n${line('card ****')}\n${line('größe')}\n`);
  expect(world.rules).toEqual({ 'cards redacted': 1 });
});

test('without rules everything is kept', async () => {
  const world = await run([`${line('GET /health')}\n`], { rules: 'none' });
  expect(text(world)).toBe(`${line('GET /health')}\n`);
});

describe('what is no record', () => {
  test.each<[string, Buffer | string, string | RegExp]>([
    ['truncated JSON', '{"log":"a', '{"raw":"{\\"log\\":\\"a","error":"it is not valid JSON"}\n'],
    ['text', 'hello', '{"raw":"hello","error":"it is not a JSON object"}\n'],
    ['text with a card', '4111111111111111', '{"raw":"****","error":"it is not a JSON object"}\n'],
    ['no UTF-8', Buffer.from([123, 0xff, 10]), '{"raw":"{\ufffd","error":"it is not UTF-8","base64":"e/8="}\n'],
    [
      'a broken gzip',
      gzipSync('x').subarray(0, 12),
      /^\{"raw":"","error":"gzip: unexpected end of file","base64":"[^"]+"\}\n$/,
    ],
    ['three times gzip', gzipSync(gzipSync(gzipSync('x'))), /"error":"it is compressed more than 2 times"/],
    ['a bomb', gzipSync(Buffer.alloc(31 * 1024 * 1024)), /"error":"it unpacks to more than 31457280 bytes"/],
  ])('%s is kept in an envelope, beside a line that is one', async (_, came, expected) => {
    const gzip = Buffer.isBuffer(came) && came[0] === 0x1f;
    const world = await run([gzip ? came : Buffer.concat([Buffer.from(came), Buffer.from(`\n${line('a')}\n`)])]);
    const out = text(world);
    const first = out.slice(0, out.indexOf('\n') + 1);
    if (typeof expected === 'string') expect(first).toBe(expected);
    else expect(first).toMatch(expected);
    if (!gzip) expect(out.slice(first.length)).toBe(`${line('a')}\n`);
    expect(world.counts).toMatchObject({ Unparsed: 1, Failed: 0 });
  });

  test('a line that is no UTF-8 and holds a secret does not keep its bytes', async () => {
    const world = await run([Buffer.concat([Buffer.from('4111111111111111 '), Buffer.from([0xff])])]);
    expect(text(world)).toBe('{"raw":"**** \ufffd","error":"it is not UTF-8"}\n');
  });

  test.each([
    ['goes to the stream of its own', true, `${line('a')}\n`],
    ['stays in line if that does not take it', false, `{"raw":"x","error":"it is not a JSON object"}\n${line('a')}\n`],
  ])('%s', async (_, takes, out) => {
    const world = await run([`x\n${line('a')}\n`], { unparsedStream: true, takes });
    expect(world.unparsed).toEqual(['{"raw":"x","error":"it is not a JSON object"}']);
    expect(text(world)).toBe(out);
  });
});

describe('gzip', () => {
  test.each([
    ['once', gzipSync],
    ['twice', (data: string): Buffer => gzipSync(gzipSync(data))],
  ])('a record packed %s is answered as it will be stored: unpacked', async (_, pack) => {
    const world = await run([pack(`${line('a')}\n${line('GET /health')}\n`)]);
    expect(text(world)).toBe(`${line('a')}\n`);
  });
});

describe('CloudWatch Logs', () => {
  const event = (message: string): object => ({ id: '1', timestamp: 5, message });
  const data = (...messages: string[]): string =>
    JSON.stringify({ messageType: 'DATA_MESSAGE', logGroup: '/g', logStream: 's', logEvents: messages.map(event) });

  test('events are decided one by one, and an envelope with nothing left is dropped', async () => {
    const world = await run([
      gzipSync(data('a', 'GET /health', '4111111111111111')),
      data('/health'),
      `${data('a')}\n`,
    ]);
    expect(text(world)).toBe(`${data('a', '****')}\n`);
    expect(result(world, 1)).toBe('Dropped');
    expect(text(world, 2)).toBe(`${data('a')}\n`);
    expect(world.counts).toMatchObject({ InRecords: 5, KeptRecords: 3, DroppedRecords: 2 });
  });

  describe('events for the hot copy alone', () => {
    const rules: readonly LogRule[] = [
      { id: 'live', action: 'keep', match: { message: { contains: 'live' } }, to: ['cloudwatch'] },
      { id: 'both', action: 'keep', match: { message: { contains: 'both' } }, to: ['archive', 'cloudwatch'] },
    ];

    test('leave the archive once they are there', async () => {
      const world = await run([data('a', 'live 1', 'both', 'live 2'), data('live 3')], { rules });
      expect([text(world), result(world, 1)]).toEqual([`${data('a', 'both')}\n`, 'Dropped']);
      expect(world.hot.map(({ message }) => message)).toEqual(['both', 'live 1', 'live 2', 'live 3']);
      expect(world.counts).toMatchObject({ KeptRecords: 5, HotRecords: 4, HotFailed: 0 });
    });

    test.each([1, 2])('stay if one of them was refused, the %s.', async (refused) => {
      const world = await run([data('live 1', 'a', 'live 2')], {
        rules,
        takes: { hot: (index) => index !== refused - 1 },
      });
      expect(text(world)).toBe(`${data('a')}\n${data('live 1', 'live 2')}\n`);
      expect(world.counts).toMatchObject({ HotRecords: 1, HotFailed: 1 });
    });

    test('stay if none of them is taken', async () => {
      const world = await run([data('live 1', 'live 2')], { rules, takes: { hot: false } });
      expect(text(world)).toBe(`${data('live 1', 'live 2')}\n`);
    });
  });

  test('control messages are dropped', async () => {
    const world = await run([JSON.stringify({ messageType: 'CONTROL_MESSAGE', logEvents: [event('checking')] })]);
    expect(result(world)).toBe('Dropped');
  });
});

describe('the hot copy', () => {
  test('a line for both goes to both', async () => {
    const world = await run([`${line('a', 'hot')}\n`]);
    expect(world.hot).toEqual([{ message: line('a', 'hot'), timestamp: ARRIVAL }]);
    expect(text(world)).toBe(`${line('a', 'hot')}\n`);
    expect(world.counts).toMatchObject({ HotRecords: 1, HotFailed: 0 });
  });

  test.each([
    ['leaves the archive once it is there', true, `${line('b')}\n`, 0],
    ['stays in the archive if the hot copy fails', false, `${line('a', 'only-hot')}\n${line('b')}\n`, 1],
  ])('a line for CloudWatch alone %s', async (_, takes, out, HotFailed) => {
    const world = await run([`${line('a', 'only-hot')}\n${line('b')}\n`], { takes });
    expect(text(world)).toBe(out);
    expect(world.counts).toMatchObject({ HotFailed });
  });
});

test('what each rule kept out of CloudWatch Logs is counted as hajime logs test reckons it', async () => {
  const rules: LogRule[] = [
    ...RULES,
    { id: 'half', action: 'sample', rate: 0.5, match: { namespace: 'sampled' }, to: ['archive', 'cloudwatch'] },
  ];
  const lines = [
    ...['GET /health', 'card 4111111111111111', 'a'].map((log) => line(log)),
    ...['hot', 'only-hot'].map((namespace) => line('b', namespace)),
    ...Array.from({ length: 20 }, (_, index) => line(`c${index}`, 'sampled')),
  ];
  const told: string[] = [];
  await run([lines.join('\n')], { rules, meter: new EmfMeter('dev-logs', (each) => told.push(each)) });
  const live = told
    .map((each) => JSON.parse(each) as { Rule?: string; NotHotBytes?: number })
    .filter(({ NotHotBytes }) => NotHotBytes !== undefined);
  const tally = new SampleTally();
  const engine = compileRules({ version: 1, rules });
  for (const each of lines) tally.add(each, decide(engine, each, ARRIVAL));
  const reckoned = [...tally.rules].filter(([id, { notHot }]) => id !== DEFAULT_RULE && notHot.bytes > 0);
  expect(reckoned.map(([id]) => id).sort()).toEqual(['half', 'health']);
  expect(Object.fromEntries(live.map(({ Rule = '', NotHotBytes }) => [Rule, NotHotBytes]))).toEqual(
    Object.fromEntries(reckoned.map(([id, { notHot }]) => [id, notHot.bytes])),
  );
});

describe('an answer of more than 6 MB', () => {
  const mebibyte = `${line('x'.repeat(9_900))}\n`.repeat(100);
  const six = Array.from({ length: 6 }, () => mebibyte);

  test('what is too much goes into the stream again, whole and marked', async () => {
    const world = await run(six);
    expect(world.answer.records.map(({ result: each }) => each)).toEqual([
      'Ok',
      'Ok',
      'Ok',
      'Ok',
      'Dropped',
      'Dropped',
    ]);
    expect(world.again.map((each) => each.toString())).toEqual([mebibyte, mebibyte].map((each) => MARK + each));
    expect(world.counts).toMatchObject({ Reingested: 2, Failed: 0, InRecords: 400 });
    expect(JSON.stringify(world.answer).length).toBeLessThan(6_000_000);
  });

  test('what the stream does not take fails, and is kept by Firehose', async () => {
    const world = await run(six, { takes: false });
    expect(world.answer.records.map(({ result: each }) => each).slice(4)).toEqual([
      'ProcessingFailed',
      'ProcessingFailed',
    ]);
    expect(world.counts).toMatchObject({ Reingested: 0, Failed: 2 });
  });

  test('what went once more does not go again', async () => {
    const world = await run(six.map((each) => marked(Buffer.from(each))));
    expect(world.again).toEqual([]);
    expect(world.answer.records.map(({ result: each }) => each).slice(4)).toEqual([
      'ProcessingFailed',
      'ProcessingFailed',
    ]);
  });

  test('the mark itself is not delivered', async () => {
    const world = await run([marked(Buffer.from(`${line('a')}\n`)), marked(gzipSync(`${line('b')}\n`))]);
    expect([text(world), text(world, 1)]).toEqual([`${line('a')}\n`, `${line('b')}\n`]);
  });

  test('what was replayed goes once more, and is known as replayed then', async () => {
    const world = await run([asReplayed(gzipSync(mebibyte.repeat(7)))]);
    const again = world.again.map((each) => withoutReplayMarks(unmarked(Buffer.from(each)).record));
    expect(again.filter(({ replayed }) => !replayed)).toEqual([]);
    expect(Buffer.concat(again.map(({ record }) => record)).equals(Buffer.from(mebibyte.repeat(7)))).toBe(true);
    expect(world.again.every((each) => each.length <= 1000 * 1024)).toBe(true);
    const plain = await run([asReplayed(Buffer.from(`${line('a')}\n`)), asReplayed(gzipSync(`${line('b')}\n`))]);
    expect([text(plain), text(plain, 1)]).toEqual([`${line('a')}\n`, `${line('b')}\n`]);
    expect(plain.counts).toMatchObject({ InRecords: 2, KeptRecords: 2 });
  });

  test('a record that unpacks to 30 MB is cut at lines into records that fit', async () => {
    const lines = `${line('y'.repeat(9_900))}\n`.repeat(3_000);
    const world = await run([gzipSync(lines), `${line('a')}\n`]);
    expect(result(world)).toBe('Dropped');
    expect(text(world, 1)).toBe(`${line('a')}\n`);
    expect(world.again.every((each) => each.length <= 1000 * 1024)).toBe(true);
    expect(world.again.map((each) => each.toString().slice(MARK.length)).join('')).toBe(lines);
  });

  test('a line too long for a record stays packed', async () => {
    const long = line('z'.repeat(1_500_000));
    const world = await run([gzipSync(long), ...six]);
    const [packed = Buffer.alloc(0)] = world.again;
    expect(gunzipSync(packed).toString()).toBe(`${MARK}${long}`);
  });

  test('a line too long to be decided is left to those that fail: it would come as it is', async () => {
    const world = await run([gzipSync(line('z'.repeat(7_000_000)))]);
    expect([result(world), world.again]).toEqual(['ProcessingFailed', []]);
    expect(world.told).toMatchObject([{ reason: 'a line of more than 2097152 bytes; it is a single line' }]);
  });
});

describe('a record that fails is told of by its name and why, not by what stands in it', () => {
  const mebibyte = `${line('x'.repeat(9_900))}\n`.repeat(100);
  const six = Array.from({ length: 6 }, () => mebibyte);
  const failed = { level: 'error', message: 'a record failed, and is kept as it came' };

  test.each([
    ['the answer is full; the stream did not take it again', six, false],
    [
      'the answer is full; it was ingested again before',
      six.map((each) => marked(Buffer.from(each, 'utf8'), 1_020_000)),
      true,
    ],
  ])('%s', async (reason, records, takes) => {
    const { told } = await run(records, { takes });
    const sizes = { unpackedBytes: mebibyte.length, deliveredBytes: mebibyte.length };
    expect(told).toEqual(['r4', 'r5'].map((recordId) => ({ ...failed, recordId, reason, ...sizes })));
  });

  test('an exception', async () => {
    const engine = compileRules({ version: 1, rules: RULES });
    jest.spyOn(engine, 'decide').mockImplementation((log) => {
      throw new TypeError(`${log}\n    at secret`);
    });
    const tell = jest.fn();
    const parts = {
      rules: { current: () => Promise.resolve({ engine, stale: false, missing: false }) },
      reingestion: { put: () => Promise.resolve([]) },
      meter: { count: jest.fn(), rule: jest.fn(), rules: jest.fn(), flush: jest.fn() },
      tell,
      clock: () => ARRIVAL,
    };
    const records = [{ recordId: 'r', data: Buffer.from('secret').toString('base64') }];
    const { records: answered } = await filterHandler(parts)({ records }, { getRemainingTimeInMillis: () => 60_000 });
    expect(answered).toEqual([{ recordId: 'r', result: 'ProcessingFailed', data: '' }]);
    const at = expect.stringMatching(/^at .*handler\.test\.ts/) as string;
    expect(tell.mock.calls).toEqual([[{ ...failed, recordId: 'r', reason: 'exception', error: 'TypeError', at }]]);
  });
});

test('an empty batch, and records of the same name', async () => {
  expect((await run([])).answer).toEqual({ records: [] });
  const engine = compileRules({ version: 1, rules: RULES });
  const parts = {
    rules: { current: () => Promise.resolve({ engine, stale: false, missing: false }) },
    reingestion: { put: () => Promise.resolve([]) },
    meter: { count: jest.fn(), rule: jest.fn(), rules: jest.fn(), flush: jest.fn() },
    tell: jest.fn(),
    clock: () => ARRIVAL,
  };
  const records = ['a', '/health'].map((log) => ({
    recordId: 'same',
    data: Buffer.from(line(log)).toString('base64'),
  }));
  const { records: answered } = await filterHandler(parts)({ records }, { getRemainingTimeInMillis: () => 60_000 });
  expect(answered.map(({ recordId, result: each }) => [recordId, each])).toEqual([
    ['same', 'Ok'],
    ['same', 'Dropped'],
  ]);
});
