import * as fc from 'fast-check';
import { condition, wholeTest } from '../../../lib/logs/rules/condition';
import { compileRules, decide } from '../../../lib/logs/rules/engine';
import type { LogRule, LogRules } from '../../../lib/logs/rules/log-rule';
import { RecordReader } from '../../../lib/logs/rules/record-reader';
import { rulesProblems } from '../../../lib/logs/rules/rules-problems';
import { runRuleTests } from '../../../lib/logs/rules/rule-tests';
import { MinedSample } from '../../../lib/logs/suggestions/mined-sample';
import { placeOf, suggestions, type Suggestion } from '../../../lib/logs/suggestions/suggestions';
import { patternText } from '../../../lib/logs/suggestions/suggested-rule';
import { anyRules, ARRIVAL } from '../rules/arbitrary';
import { noisyLines } from './lines';

const rulesOf = (...list: readonly LogRule[]): LogRules => ({ version: 1, rules: list });
const suggested = (lines: readonly string[], rules = rulesOf(), top = 10): Suggestion[] => {
  const mined = new MinedSample(rules, ARRIVAL);
  for (const line of lines) mined.add(line);
  return suggestions(mined, top, ARRIVAL);
};

const pod = { namespace_name: 'shop', container_name: 'web' };
const line = (log: string, more: object = {}): string => JSON.stringify({ log, ...more, kubernetes: pod });
const times = (count: number, log: (index: number) => string, more: object = {}): string[] =>
  Array.from({ length: count }, (_, index) => line(log(index), more));

/** Rules with proposals where they say they belong. */
function withProposals(rules: LogRules, found: readonly Suggestion[], dryRun: boolean): LogRules {
  const proposals = found.flatMap(({ proposal }) => (proposal === undefined ? [] : [proposal]));
  const at = placeOf(rules, proposals);
  const added = proposals.map(({ rule }) => ({ ...rule, dryRun }));
  return { ...rules, rules: [...rules.rules.slice(0, at), ...added, ...rules.rules.slice(at)] };
}

describe('any rules and any noise', () => {
  const rules = fc.oneof(fc.constant(rulesOf()), anyRules);

  test('give rules without a mistake, whose tests pass while they are dry runs and when they are not', () => {
    fc.assert(
      fc.property(noisyLines, rules, (lines, present) => {
        const found = suggested(lines, present);
        for (const dryRun of [true, false]) {
          const all = withProposals(present, found, dryRun);
          expect(rulesProblems(all)).toEqual([]);
          expect(runRuleTests(all).filter(({ failures }) => failures.length > 0)).toEqual([]);
        }
        for (const { proposal } of found) if (proposal !== undefined) expect(proposal.rule.dryRun).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  test('give rules that take at least their own lines, and never what is guarded', () => {
    fc.assert(
      fc.property(noisyLines, rules, (lines, present) => {
        const engine = compileRules(present);
        const kept = lines.filter((each) => decide(engine, each, ARRIVAL).keep);
        for (const { proposal, pattern } of suggested(lines, present)) {
          if (proposal === undefined) continue;
          expect(pattern.kind.guarded).toBe(false);
          const test = wholeTest(condition(proposal.rule.match ?? {}));
          const reader = new RecordReader();
          const taken = kept.filter((each) => {
            const record = reader.read(each);
            return record !== undefined && test(record) && !engine.isGuarded(engine.read(each) ?? record);
          });
          expect(taken.length).toBeGreaterThanOrEqual(pattern.volume.records);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('give no rule or text with what looks like a secret', () => {
    fc.assert(
      fc.property(noisyLines, (lines) => {
        const found = suggested(lines).map(({ template, proposal, why }) => ({ template, proposal, why }));
        expect(JSON.stringify(found)).not.toMatch(/hunter22|ann@example|abcdef123/);
      }),
      { numRuns: 60 },
    );
  });

  test('give the same rules again', () => {
    fc.assert(
      fc.property(noisyLines, rules, (lines, present) => {
        expect(suggested(lines, present)).toEqual(suggested(lines, present));
      }),
      { numRuns: 30 },
    );
  });
});

test.each([
  [
    'what is for debugging is dropped',
    times(3, (i) => `DEBUG cache miss ${i}`),
    { action: 'drop', match: { ...shop(), level: 'debug', message: { contains: 'DEBUG cache miss' } } },
  ],
  [
    'a probe is dropped',
    times(3, (i) => `GET /healthz for ${i}`),
    {
      action: 'drop',
      match: { ...shop(), message: { contains: 'GET /healthz for', regex: expect.stringMatching(/^\/healthz\(/) } },
    },
  ],
  [
    'a probe by its agent',
    times(3, (i) => `"GET /" 200 ${i} "kube-probe/1.30"`),
    {
      action: 'drop',
      match: {
        ...shop(),
        message: { contains: '"kube-probe/', regex: 'kube-probe/' },
        not: { message: { regex: '" [45]\\d\\d\\b' } },
      },
    },
  ],
  [
    'all else is sampled',
    times(3, (i) => `paid ${i}`),
    { action: 'sample', rate: 0.1, match: { ...shop(), message: { contains: 'paid' } } },
  ],
  [
    'of JSON the text is asked for',
    times(3, (i) => `{"msg":"order ${i} paid"}`),
    { action: 'sample', match: { ...shop(), fields: { 'log.msg': { contains: 'order' } } } },
  ],
  [
    'of JSON without a text the members',
    times(3, (i) => `{"path":"/pay","n":${i}}`),
    { match: { ...shop(), fields: { 'log.path': { equals: '/pay' }, 'log.n': { exists: true } } } },
  ],
  [
    'requests that fail are left alone',
    times(3, (i) => `{"msg":"served","status":200,"n":${i}}`),
    {
      match: {
        ...shop(),
        fields: { 'log.msg': { contains: 'served' } },
        not: { message: { regex: 'status":5\\d\\d\\b' } },
      },
    },
  ],
])('%s', (_, lines, rule) => {
  expect(suggested(lines)[0]?.proposal?.rule).toMatchObject(rule);
});

function shop(): object {
  return { namespace: 'shop', container: 'web' };
}

test('where the longest text is also in others, an expression of the whole template tells them apart', () => {
  const [first] = suggested([
    ...times(9, (i) => `paid ${i} for the order`),
    ...times(8, (i) => `refused ${i} for the order`),
  ]);
  expect(first?.proposal).toMatchObject({
    rule: { match: { message: { regex: '^paid .* for the order$' } } },
    others: { records: 0 },
  });
});

test.each<[string, string[], LogRules, RegExp]>([
  ['errors', times(3, (i) => `lost ${i}`, { level: 'error' }), rulesOf(), /^guarded by neverDrop$/],
  ['requests that failed', times(3, (i) => `"GET /" 503 ${i}`), rulesOf(), /^requests that failed are news$/],
  ['lines with nothing in common', ['1 2', '3 4'].map((log) => line(log)), rulesOf(), /too little in common/],
  ['very long lines', times(3, () => `paid ${'x'.repeat(20_000)}`), rulesOf(), /too long for the test/],
  [
    'what is sampled already',
    times(300, (i) => `paid ${i}`),
    rulesOf({ id: 's', action: 'sample', rate: 0.5, match: { namespace: 'shop' } }),
    /^sampled by "s": a lower `rate`/,
  ],
  [
    'what a dry run would take',
    times(30, (i) => `paid ${i}`),
    rulesOf({ id: 'd', action: 'drop', dryRun: true, match: { namespace: 'shop' } }),
    /^"d" would take it: it is a dry run$/,
  ],
  [
    'what a dry run would sample',
    times(300, (i) => `paid ${i}`),
    rulesOf({ id: 'd', action: 'sample', rate: 0.1, dryRun: true, match: { namespace: 'shop' } }),
    /^"d" would take it/,
  ],
])('%s get no rule', (_, lines, rules, why) => {
  const [first] = suggested(lines, rules);
  expect(first?.proposal).toBeUndefined();
  expect(first?.why).toMatch(why);
});

test('what is also in many others gets no rule', () => {
  const found = suggested([
    ...times(50, (i) => `GET /healthz ${i}`),
    ...times(20, (i) => `agent kube-probe/1.3${i} asks GET /healthz`),
  ]);
  expect(found.map(({ proposal, why }) => proposal?.rule.id ?? why)).toEqual([
    'what its lines have in common is also in about 20 others',
    'web-probes',
  ]);
});

test('a rule stands before the rule that keeps its lines, and sends what it keeps to the same places', () => {
  const rules = rulesOf(
    { id: 'mail', action: 'redact', redact: [{ pattern: 'x', replace: 'y' }] },
    { id: 'live', action: 'keep', match: { namespace: 'shop' }, to: ['archive', 'cloudwatch'] },
    { id: 'rest', action: 'keep' },
  );
  const found = suggested(
    times(9, (i) => `paid ${i}`),
    rules,
  );
  expect(found[0]?.proposal).toMatchObject({ before: 'live', rule: { to: ['archive', 'cloudwatch'] } });
  expect(withProposals(rules, found, true).rules.map(({ id }) => id)).toEqual([
    'mail',
    found[0]?.proposal?.rule.id,
    'live',
    'rest',
  ]);
});

test('what is very little gets no rule, and a single line is no pattern', () => {
  const found = suggested([...times(3_000, (i) => `paid ${i}`), ...times(2, () => 'tick'), line('only once')]);
  expect(found.map(({ proposal, why }) => proposal?.rule.id ?? why)).toEqual([
    'web-paid',
    'too little to be worth a rule',
  ]);
});

test('a pattern that the rule of a larger one takes gets none of its own', () => {
  const found = suggested([...times(200, (i) => `paid ${i}`), ...times(2, () => 'now paid by hand, after all')]);
  expect(found.map(({ proposal, why }) => proposal?.rule.id ?? why)).toEqual(['web-paid', '"web-paid" takes it too']);
  expect(found[0]?.proposal).toMatchObject({ takes: { records: 202 }, others: { records: 2 } });
});

test('a line with blanks or a byte order mark before it is a line like others', () => {
  const found = suggested(
    times(4, (i) => `paid ${i}`).map((each, index) => `${['', ' ', '\ufeff', '\t'][index]}${each}`),
  );
  expect(found[0]?.proposal?.takes.records).toBe(4);
});

test('ids are of words, and taken once', () => {
  const rules = rulesOf({ id: 'web-paid', action: 'keep', match: { namespace: 'none' } });
  expect(
    suggested(
      times(3, (i) => `paid ${i}`),
      rules,
    )[0]?.proposal?.rule.id,
  ).toBe('web-paid-2');
});

test('a redaction of the rules hides what it is for, in the pattern, the rule and its tests', () => {
  const rules = rulesOf({ id: 'names', action: 'redact', redact: [{ pattern: 'Ann', replace: '<name>' }] });
  const [first] = suggested(
    times(3, (i) => `order ${i} of Ann paid`),
    rules,
  );
  expect(patternText(first?.template ?? '')).toBe('order <num> of <*> paid');
  expect(JSON.stringify(first?.proposal)).not.toContain('Ann');
  expect(first?.proposal?.rule.tests?.[0]?.record).toEqual({ log: 'order 0 of <name> paid', kubernetes: pod });
});

test('a rule that has expired would decide in tests, so it is told of', () => {
  const rules = rulesOf({ id: 'old', action: 'keep', match: { namespace: 'shop' }, expires: '2020-01-31' });
  const [first] = suggested(
    times(3, (i) => `paid ${i}`),
    rules,
  );
  expect(first?.why).toBe('"old" has expired and still decides in tests: take it out');
});

test('of ECS the message beside the object in `log` is asked for', () => {
  const lines = [1, 2].map((i) =>
    JSON.stringify({ log: { level: 'debug', logger: 'a' }, message: `paid ${i}`, kubernetes: pod }),
  );
  const [first] = suggested(lines);
  expect(first?.proposal?.rule).toMatchObject({
    action: 'drop',
    match: { level: 'debug', fields: { message: { contains: 'paid' } } },
  });
  expect(first?.proposal?.rule.tests?.[0]?.record).toMatchObject({ message: 'paid 1' });
});

test('what a test shows is enough for the rules before it', () => {
  const rules = rulesOf(
    { id: 'apps', action: 'keep', match: { not: { labels: { app: '*' } } } },
    { id: 'live', action: 'keep', match: { labels: { app: 'web' } } },
  );
  const lines = Array.from({ length: 3 }, (_, index) =>
    JSON.stringify({ log: `paid ${index}`, kubernetes: { ...pod, labels: { app: 'web' } } }),
  );
  const [first] = suggested(lines, rules);
  expect(first?.proposal).toMatchObject({ before: 'live' });
  expect(first?.proposal?.rule.tests?.[0]?.record).toMatchObject({ kubernetes: { labels: { app: 'web' } } });
});
