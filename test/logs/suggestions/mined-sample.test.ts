import * as fc from 'fast-check';
import { condition, wholeTest } from '../../../lib/logs/rules/condition';
import { compileRules, decide } from '../../../lib/logs/rules/engine';
import type { LogRules } from '../../../lib/logs/rules/log-rule';
import { RecordReader } from '../../../lib/logs/rules/record-reader';
import { SampleTally } from '../../../lib/logs/sample-tally';
import { MinedSample } from '../../../lib/logs/suggestions/mined-sample';
import { narrowMatches } from '../../../lib/logs/suggestions/narrow-match';
import { patternText } from '../../../lib/logs/suggestions/suggested-rule';
import { TREE_LIMITS, type TreeLimits } from '../../../lib/logs/suggestions/template-tree';
import { anyLine, anyRules, ARRIVAL } from '../rules/arbitrary';
import { noisyLines, unlike } from './lines';

const NONE: LogRules = { version: 1, rules: [] };
const lines = fc.oneof(noisyLines, fc.array(anyLine, { maxLength: 40 }));
const limits = fc.constantFrom<Partial<TreeLimits>>({}, {}, { groups: 3, leaf: 2, words: 1, texts: 2 });

const mined = (all: readonly string[], rules = NONE, bounds: Partial<TreeLimits> = {}): MinedSample => {
  const sample = new MinedSample(rules, ARRIVAL, bounds);
  for (const line of all) sample.add(line);
  return sample;
};
const patterns = (...logs: readonly (string | object)[]): (string | number)[][] =>
  mined(logs.map((log) => JSON.stringify(typeof log === 'string' ? { log } : log)))
    .patterns()
    .map(({ template, volume }) => [patternText(template), volume.records])
    .sort(([, one], [, other]) => Number(other) - Number(one));

test.each<[string, (string | object)[], (string | number)[][]]>([
  ['numbers vary', ['paid 5', 'paid 17'], [['paid <num>', 2]]],
  ['words vary where most are the same', ['user ann logged in', 'user bob logged in'], [['user <*> logged in', 2]]],
  [
    'what begins otherwise is another',
    ['starting server', 'starting server', 'stopping server'],
    [
      ['starting server', 2],
      ['stopping server', 1],
    ],
  ],
  ['lists of any length are one', ['pods 1 2 gone', 'pods 1 2 3 gone'], [['pods <*> gone', 2]]],
  [
    'of JSON the text counts, whatever its other members',
    [{ log: '{"msg":"paid 5","a":1}' }, { log: '{"b":1,"msg":"paid 6"}' }],
    [['paid <num>', 2]],
  ],
  [
    'JSON without a text is its members',
    [{ log: '{"path":"/a","n":1}' }, { log: '{"path":"/b","n":2}' }, { log: '{"path":"/a"}' }],
    [
      ['n=<*> path=/<*>', 2],
      ['path=/a', 1],
    ],
  ],
  [
    'a record without a message is its members',
    [
      { method: 'GET', n: 1, time: 'x' },
      { method: 'GET', n: 2 },
    ],
    [['method=GET n=<*>', 2]],
  ],
  [
    'of logfmt the text counts',
    ['level=info msg="paid by ann" a=1', 'level=info msg="paid by bob" b=2 c=3'],
    [['paid by <*>', 2]],
  ],
  [
    'a level makes a group of its own',
    ['INFO paid', 'INFO paid', 'DEBUG paid'],
    [
      ['INFO paid', 2],
      ['DEBUG paid', 1],
    ],
  ],
  [
    'probes are told from pages',
    ['GET /a/healthz for 1', 'GET /b/healthz for 2', 'GET /c/orders for 3'],
    [
      ['GET /<*>/healthz for <num>', 2],
      ['GET /c/orders for <num>', 1],
    ],
  ],
  [
    'requests that failed are told from others',
    ['"GET /" 200', '"GET /" 404', '"GET /" 503'],
    [
      ['"GET /" <num>', 2],
      ['"GET /" <num>', 1],
    ],
  ],
])('%s', (_, logs, found) => {
  expect(patterns(...logs)).toEqual(found);
});

test('the same sample gives the same patterns', () => {
  fc.assert(
    fc.property(lines, anyRules, limits, (all, rules, bounds) => {
      const [one, other] = [mined(all, rules, bounds), mined(all, rules, bounds)];
      expect(one.patterns()).toEqual(other.patterns());
      expect(one.ungrouped).toEqual(other.ungrouped);
    }),
  );
});

test('every line that is kept is counted once, and all sums are those of the tally', () => {
  fc.assert(
    fc.property(lines, anyRules, limits, (all, rules, bounds) => {
      const [sample, tally, engine] = [mined(all, rules, bounds), new SampleTally(), compileRules(rules)];
      for (const line of all) tally.add(line, decide(engine, line, ARRIVAL));
      const { came, kept, hot, unparsed, ungrouped } = sample;
      expect({ came, kept, hot }).toEqual({ came: tally.came, kept: tally.kept, hot: tally.hot });
      const parts = [...sample.patterns().map(({ volume }) => volume), ungrouped, unparsed];
      for (const what of ['records', 'bytes'] as const)
        expect(parts.reduce((sum, each) => sum + each[what], 0)).toBe(kept[what]);
      expect(unparsed.records).toBe([...tally.unparsed.values()].reduce((sum, { records }) => sum + records, 0));
    }),
  );
});

test('every match for a template takes every line that led to it', () => {
  fc.assert(
    fc.property(lines, limits, (all, bounds) => {
      const sample = new MinedSample(NONE, ARRIVAL, bounds);
      const joining = all.map((line) => ({ line, group: sample.add(line) }));
      for (const { line, group } of joining) {
        if (group === undefined) continue;
        for (const match of narrowMatches(group.kind, group.tokens.join(''))) {
          const record = new RecordReader().read(line.trimStart());
          expect([match, line, record !== undefined && wholeTest(condition(match))(record)]).toEqual([
            match,
            line,
            true,
          ]);
        }
      }
    }),
    { numRuns: 100 },
  );
});

test('what a guard holds is in groups of its own', () => {
  const pod = { namespace_name: 'shop' };
  const sample = mined([
    JSON.stringify({ log: 'lost 1', level: 'error', kubernetes: pod }),
    JSON.stringify({ log: 'lost 2', kubernetes: pod }),
    JSON.stringify({ log: 'lost 3', kubernetes: { namespace_name: 'falco' } }),
  ]);
  expect(
    sample
      .patterns()
      .map(({ kind }) => [kind.namespace, kind.guarded])
      .sort(),
  ).toEqual([
    ['falco', true],
    ['shop', false],
    ['shop', true],
  ]);
});

describe('lines of which no two are alike', () => {
  const COUNT = 6_000;
  const rare = unlike(COUNT);
  const often = Array.from({ length: COUNT / 10 }, (_, index) =>
    JSON.stringify({ log: `order ${index} of shop paid` }),
  );

  test('fill no more than there is room for, and no line is lost', () => {
    const sample = mined(rare);
    const found = sample.patterns();
    expect(found.length).toBeLessThanOrEqual(TREE_LIMITS.groups);
    expect(found.flatMap(({ examples }) => examples).length).toBeLessThanOrEqual(3 * TREE_LIMITS.groups);
    expect(sample.ungrouped.examples.length).toBeLessThanOrEqual(200);
    expect(found.reduce((sum, { volume }) => sum + volume.records, sample.ungrouped.records)).toBe(COUNT);
  });

  test('do not push out what comes again and again', () => {
    const mixed = rare.flatMap((line, index) => (index % 10 === 0 ? [line, often[index / 10] ?? line] : [line]));
    const found = mined(mixed)
      .patterns()
      .find(({ template }) => patternText(template) === 'order <num> of shop paid');
    expect(found?.volume.records).toBe(often.length);
  });

  test('and names that no pod can have are in no group', () => {
    const odd = ['a b', 'x'.repeat(300), 'a\nb'].map((name) =>
      JSON.stringify({ log: 'x', kubernetes: { namespace_name: name } }),
    );
    expect(mined(odd)).toMatchObject({ ungrouped: { records: 3 }, kept: { records: 3 } });
  });
});

test('examples are few, and none is very long', () => {
  const long = JSON.stringify({ log: `paid ${'x'.repeat(20_000)}` });
  const [pattern] = mined(Array.from({ length: 100 }, () => long)).patterns();
  expect(pattern).toMatchObject({ volume: { records: 100 }, examples: [] });
  const [short] = mined(Array.from({ length: 100 }, (_, index) => JSON.stringify({ log: `paid ${index}` }))).patterns();
  expect(short?.examples).toEqual([0, 63, 31].map((index) => JSON.stringify({ log: `paid ${index}` })));
});
