import fc from 'fast-check';
import type { Decision } from '../../../lib/logs/rules/decision';
import { decideRecords } from '../../../lib/logs/rules/decide-records';
import { compileRules, decide } from '../../../lib/logs/rules/engine';
import { expiryOf } from '../../../lib/logs/rules/expiry';
import { fieldPath } from '../../../lib/logs/rules/field-path';
import type { FieldMatch, Match } from '../../../lib/logs/rules/log-match';
import type { LogRule, LogRules } from '../../../lib/logs/rules/log-rule';
import { Pattern } from '../../../lib/logs/rules/pattern/pattern';
import { LogRecord } from '../../../lib/logs/rules/record';
import { runRuleTests } from '../../../lib/logs/rules/rule-tests';
import { rulesProblems } from '../../../lib/logs/rules/rules-problems';
import { shareOf } from '../../../lib/logs/rules/sampling';

const ARRIVAL = Date.UTC(2026, 6, 1, 12);

type Some = Readonly<Record<string, unknown>>;
type Settings = Omit<LogRules, 'version' | 'rules'>;

/** A line as the agent sends it. */
function line(log: unknown, kubernetes: Some = {}, others: Some = {}): string {
  return JSON.stringify({
    time: '2026-07-01T12:00:00Z',
    log,
    ...others,
    kubernetes: { namespace_name: 'shop', pod_name: 'web-1', container_name: 'app', labels: {}, ...kubernetes },
  });
}

function decided(rules: readonly LogRule[], came: string, settings: Settings = {}, arrival = ARRIVAL): Decision {
  const whole: LogRules = { version: 1, ...settings, rules };
  expect(rulesProblems(whole)).toEqual([]);
  return decide(compileRules(whole), came, arrival);
}

/** What became of a line, in short: its end, who decided, and what each rule did. */
function short({ keep, rule, hits }: Decision): string {
  return [
    `${keep ? 'keep' : 'drop'} by ${rule?.id ?? 'default'}:`,
    ...hits.map((hit) => `${hit.rule.id} ${hit.did}`),
  ].join(' ');
}

const drop = (id: string, match: Match, others: Partial<LogRule> = {}): LogRule => ({
  id,
  action: 'drop',
  match,
  ...others,
});
const keep = (id: string, match?: Match, others: Partial<LogRule> = {}): LogRule => ({
  id,
  action: 'keep',
  match,
  ...others,
});
const stars = (id: string, pattern: string, others: Partial<LogRule> = {}): LogRule => ({
  id,
  action: 'redact',
  redact: [{ pattern, replace: '***' }],
  ...others,
});
const x: Match = { message: { contains: 'x' } };

describe('order', () => {
  test.each<[string, readonly LogRule[], string, string]>([
    ['no rule', [], 'x', 'keep by default:'],
    ['none matches', [drop('a', x)], 'y', 'keep by default:'],
    ['the first that matches decides', [drop('a', x), keep('b', x)], 'x', 'drop by a: a dropped'],
    [
      'a rule that does not match is passed by',
      [drop('a', { message: { contains: 'y' } }), keep('b')],
      'x',
      'keep by b: b kept',
    ],
    ['redact goes on', [stars('a', 'x'), drop('b', x)], 'x', 'drop by b: b dropped'],
    ['redact alone decides nothing', [stars('a', 'x')], 'x', 'keep by default: a redacted'],
    ['what stands behind the end is not reached', [keep('a'), stars('b', 'x')], 'x', 'keep by a: a kept'],
    ['a redaction that finds nothing did nothing', [stars('a', 'z'), keep('b')], 'x', 'keep by b: b kept'],
    ['a rule that is off takes no part', [drop('a', x, { enabled: false }), keep('b')], 'x', 'keep by b: b kept'],
    ['of all rules off', [drop('a', x, { enabled: false })], 'x', 'keep by default:'],
    ['a dry run counts only', [drop('a', x, { dryRun: true }), keep('b', x)], 'x', 'keep by b: a would b kept'],
    ['a dry run of keep', [keep('a', x, { dryRun: true }), drop('b', x)], 'x', 'drop by b: a would b dropped'],
    ['a dry run of redact', [stars('a', 'x', { dryRun: true }), keep('b')], 'x', 'keep by b: a would b kept'],
    ['a dry run of redact that finds nothing', [stars('a', 'z', { dryRun: true })], 'x', 'keep by default:'],
    [
      'a dry run of a sample counts what it would drop',
      [drop('a', x, { action: 'sample', rate: 0, dryRun: true })],
      'x',
      'keep by default: a would',
    ],
    [
      'a dry run of a sample does not count what it would keep',
      [drop('a', x, { action: 'sample', rate: 1, dryRun: true })],
      'x',
      'keep by default:',
    ],
  ])('%s', (_, rules, log, expected) => {
    const decision = decided(rules, line(log));
    expect(short(decision)).toBe(expected);
    const redacted = decision.hits.some(({ did }) => did === 'redacted');
    expect(decision.line).toBe(line(redacted ? '***' : log));
  });

  test('a redaction does not change what later rules see', () => {
    expect(short(decided([stars('a', 'x'), drop('b', { message: { contains: '***' } })], line('x')))).toBe(
      'keep by default: a redacted',
    );
  });

  test('of 70 rules, which are more than two words of bits, the first that matches decides', () => {
    const rules = Array.from({ length: 70 }, (_, index) => drop(`r${index}`, { message: { contains: `<${index}>` } }));
    for (const index of [0, 1, 30, 31, 32, 33, 63, 64, 69]) {
      expect(short(decided(rules, line(`<${index}> <69>`)))).toBe(`drop by r${index}: r${index} dropped`);
    }
    expect(short(decided(rules, line('<70>')))).toBe('keep by default:');
  });

  test('what no rule decides is dropped if the list says so', () => {
    expect(short(decided([keep('a', x)], line('y'), { default: 'drop' }))).toBe('drop by default:');
    expect(decided([keep('a', x)], line('y'), { default: 'drop' }).to).toEqual([]);
    expect(short(decided([keep('a', x)], line('x'), { default: 'drop' }))).toBe('keep by a: a kept');
  });
});

describe('where records go', () => {
  test.each<[string, readonly LogRule[], readonly string[]]>([
    ['by default', [], ['archive']],
    ['kept without a word', [keep('a')], ['archive']],
    ['kept in both', [keep('a', x, { to: ['archive', 'cloudwatch'] })], ['archive', 'cloudwatch']],
    ['kept in CloudWatch alone', [keep('a', x, { to: ['cloudwatch'] })], ['cloudwatch']],
    ['sampled', [keep('a', x, { action: 'sample', rate: 1, to: ['cloudwatch'] })], ['cloudwatch']],
    ['sampled away', [keep('a', x, { action: 'sample', rate: 0, to: ['cloudwatch'] })], []],
    ['dropped', [drop('a', x)], []],
    ['kept by a dry run', [keep('a', x, { to: ['cloudwatch'], dryRun: true })], ['archive']],
    ['behind the one that decided', [keep('a'), keep('b', x, { to: ['cloudwatch'] })], ['archive']],
  ])('%s', (_, rules, to) => {
    expect(decided(rules, line('x')).to).toEqual(to);
  });
});

describe('expires', () => {
  test.each([
    ['2026-07-01', Date.UTC(2026, 6, 2)],
    ['2026-12-31', Date.UTC(2027, 0, 1)],
    ['2028-02-29', Date.UTC(2028, 2, 1)],
    ['2026-07-01T12:00:00Z', ARRIVAL],
    ['2026-07-01T12:00Z', ARRIVAL],
    ['2026-07-01T12:00:00.5Z', ARRIVAL + 500],
  ])('%s: the last millisecond is in, the next is not', (expires, end) => {
    expect(expiryOf(expires)).toBe(end);
    for (const rule of [
      drop('a', x, { expires }),
      stars('a', 'x', { expires }),
      drop('a', x, { expires, dryRun: true }),
    ]) {
      expect(decided([rule], line('x'), {}, end - 1).hits).toHaveLength(1);
      expect(short(decided([rule], line('x'), {}, end))).toBe('keep by default:');
    }
  });

  test.each(['2026-02-30', '2026-13-01', '2026-1-1', '2026-07-01T25:00Z', '2026-07-01T12:00', '26-07-01', ''])(
    '%s is no end',
    (expires) => {
      expect(expiryOf(expires)).toBeUndefined();
    },
  );
});

describe('what must not be dropped', () => {
  const all: Match = { pod: '*' };
  const audit = 'audit.k8s.io/v1';
  test.each<[string, string]>([
    ['an error', line('error: x')],
    ['an error by its level', line('x', {}, { level: 'ERROR' })],
    ['what is worse', line('{"level":60}')],
    ['an audit record', line('x', {}, { apiVersion: audit })],
    ['an audit container', line('x', { container_name: 'kube-audit' })],
    ['an audit label', line('x', { labels: { 'kotohajime.dev/logs': 'audit' } })],
    ['a security namespace', line('x', { namespace_name: 'falco' })],
    ['a namespace that ends so', line('x', { namespace_name: 'team-security' })],
  ])('%s', (_, came) => {
    expect(short(decided([drop('a', all)], came))).toBe('keep by default: a guarded');
    expect(short(decided([drop('a', all, { action: 'sample', rate: 0 })], came))).toBe('keep by default: a guarded');
    expect(short(decided([drop('a', all, { dryRun: true })], came))).toBe('keep by default:');
    expect(short(decided([], came, { default: 'drop' }))).toBe('keep by default:');
    expect(short(decided([drop('a', all), keep('b', all, { to: ['cloudwatch'] })], came))).toBe(
      'keep by b: a guarded b kept',
    );
    expect(short(decided([drop('a', all, { overrides: 'never-drop' })], came))).toBe('drop by a: a dropped');
    expect(short(decided([drop('a', all, { action: 'sample', rate: 0, overrides: 'never-drop' })], came))).toBe(
      'drop by a: a dropped',
    );
  });

  test('other records are dropped', () => {
    expect(short(decided([drop('a', all)], line('x', {}, { level: 'warn' })))).toBe('drop by a: a dropped');
    expect(short(decided([drop('a', all)], line('x', { namespace_name: 'securityx' })))).toBe('drop by a: a dropped');
  });

  test('an override speaks for its own rule only', () => {
    const rules = [drop('a', { message: { contains: 'y' } }, { overrides: 'never-drop' }), drop('b', all)];
    expect(short(decided(rules, line('error x')))).toBe('keep by default: b guarded');
    expect(short(decided(rules, line('error y')))).toBe('drop by a: a dropped');
  });

  test.each<[string, Settings, string, string]>([
    ['a further guard', { neverDrop: { pay: { namespace: 'pay-*' } } }, line('x', { namespace_name: 'pay-1' }), 'keep'],
    ['one match of several', { neverDrop: { pay: [{ pod: 'q' }, x] } }, line('x'), 'keep'],
    ['beside it the others stay', { neverDrop: { pay: { namespace: 'pay-*' } } }, line('error'), 'keep'],
    ['a guard taken away', { neverDrop: { errors: false } }, line('error'), 'drop'],
    ['others stay', { neverDrop: { errors: false } }, line('x', { namespace_name: 'falco' }), 'keep'],
    ['another in its place', { neverDrop: { errors: { level: 'fatal' } } }, line('error'), 'drop'],
    ['which holds', { neverDrop: { errors: { level: 'fatal' } } }, line('fatal'), 'keep'],
  ])('%s', (_, settings, came, end) => {
    expect(decided([drop('a', all)], came, settings).keep).toBe(end === 'keep');
  });
});

describe('sampling', () => {
  const sample = (rate: number, by?: string): LogRule => ({ id: 's', action: 'sample', match: { pod: '*' }, rate, by });
  const traced = (trace: unknown, log = 'x'): string => line(log, {}, { trace_id: trace });

  test('records of one value stay together, whatever else they say', () => {
    const engine = compileRules({ version: 1, rules: [sample(0.5, 'trace_id')] });
    const again = compileRules({ version: 1, rules: [keep('k', { pod: 'none' }), sample(0.5, 'trace_id')] });
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ minLength: 2 }), fc.integer()),
        fc.array(fc.string(), { minLength: 1 }),
        (trace, logs) => {
          const ends = logs.flatMap((log) =>
            [engine, again].map((each) => decide(each, traced(trace, log), ARRIVAL).keep),
          );
          expect(new Set(ends).size).toBe(1);
          expect(ends[0]).toBe(shareOf(String(trace)) < 0.5);
        },
      ),
    );
  });

  test.each([0.01, 0.1, 0.5, 0.9])('of many values a share of %d is kept, within four deviations', (rate) => {
    const count = 4_000;
    const engine = compileRules({ version: 1, rules: [sample(rate, 'trace_id')] });
    const kept = Array.from({ length: count }, (_, trace) => decide(engine, traced(`t${trace}`), ARRIVAL)).filter(
      (each) => each.keep,
    );
    expect(Math.abs(kept.length - count * rate)).toBeLessThan(4 * Math.sqrt(count * rate * (1 - rate)));
  });

  test('a higher rate keeps what a lower one keeps', () => {
    for (let trace = 0; trace < 200; trace++) {
      const ends = [0, 0.2, 0.5, 0.8, 1].map((rate) => decided([sample(rate, 'trace_id')], traced(trace)).keep);
      expect(ends).toEqual([...ends].sort((a, b) => Number(a) - Number(b)));
      expect([ends[0], ends.at(-1)]).toEqual([false, true]);
    }
  });

  test('without the field the line decides', () => {
    for (let index = 0; index < 50; index++) {
      const came = line(`x ${index}`);
      const expected = shareOf(came) < 0.5;
      expect(decided([sample(0.5)], came).keep).toBe(expected);
      expect(decided([sample(0.5, 'trace_id')], came).keep).toBe(expected);
    }
  });

  test.each([
    null,
    '',
    '-',
    'none',
    'null',
    '00000000000000000000000000000000',
    '00000000-0000-0000-0000-000000000000',
  ])('%j is no value: the records are not kept or dropped as one', (trace) => {
    const engine = compileRules({ version: 1, rules: [sample(0.1, 'trace_id')] });
    const kept = Array.from({ length: 1_000 }, (_, n) => decide(engine, traced(trace, `line ${n}`), ARRIVAL).keep);
    expect(kept.filter((each) => each).length).toBeGreaterThan(60);
    expect(kept.filter((each) => each).length).toBeLessThan(140);
  });

  test('a field deep in the message, and one that is an object', () => {
    const rule = sample(0.5, 'log.trace.id');
    for (let id = 0; id < 20; id++) {
      expect(decided([rule], line(JSON.stringify({ trace: { id }, n: id }))).keep).toBe(shareOf(String(id)) < 0.5);
      expect(decided([rule], line(JSON.stringify({ trace: { id: { id } } }))).keep).toBe(shareOf(`{"id":${id}}`) < 0.5);
    }
  });

  test('shares are below 1, and even over texts that differ little', () => {
    const tenths = new Array<number>(10).fill(0);
    for (let index = 0; index < 5_000; index++) {
      const share = shareOf(`0af7651916cd43dd${index.toString(16)}`);
      expect(share >= 0 && share < 1).toBe(true);
      const tenth = Math.floor(share * 10);
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
    }
    for (const tenth of tenths) expect(Math.abs(tenth - 500)).toBeLessThan(100);
  });
});

/** A match, lines it takes, and lines it does not take. */
const MATCHES: readonly (readonly [string, Match, readonly string[], readonly string[]])[] = [
  ['a namespace', { namespace: 'shop' }, [line('')], [line('', { namespace_name: 'shop2' }), '{"log":"x"}']],
  [
    'globs',
    { pod: ['web-?', '*-canary-*'] },
    [line(''), line('', { pod_name: 'a-canary-b' }), line('', { pod_name: '-canary-' })],
    [line('', { pod_name: 'web-12' }), line('', { pod_name: 'web-' }), line('', { pod_name: 'canary' })],
  ],
  [
    'a glob with characters of regular expressions',
    { pod: 'a.b+*' },
    [line('', { pod_name: 'a.b+c' })],
    [line('', { pod_name: 'aXbb' })],
  ],
  ['a star is any text, also none', { namespace: '*' }, [line(''), '{"log":"x"}'], []],
  ['one character is at least one', { namespace: '?*' }, [line('')], ['{"log":"x"}']],
  ['a container', { container: 'app' }, [line('')], [line('', { container_name: 'App' })]],
  [
    'labels, all of them',
    { labels: { app: 'web*', 'app.kubernetes.io/part-of': ['a', 'b'] } },
    [line('', { labels: { app: 'web-1', 'app.kubernetes.io/part-of': 'b' } })],
    [
      line('', { labels: { app: 'web-1' } }),
      line('', { labels: { app: 'x', 'app.kubernetes.io/part-of': 'b' } }),
      line(''),
    ],
  ],
  [
    'a label must be there, and a text',
    { labels: { toString: '*' } },
    [line('', { labels: { toString: '' } })],
    [line(''), line('', { labels: { toString: 1 } }), line('', { labels: null }), line('', { labels: 'toString' })],
  ],
  [
    'a level',
    { level: 'warn' },
    [
      line('', {}, { level: 'WARNING' }),
      line('', {}, { severity: 'warn' }),
      line('', {}, { level: 40 }),
      line('[warn] x'),
      line('{"level":"warn"}'),
      line('W0701 12:00:00 x'),
      line('', {}, { log_processed: { level: 'warn' } }),
    ],
    [line(''), line('', {}, { level: 'error' }), line('warnings are on'), line('', {}, { level: 'warn!' })],
  ],
  [
    'one of some levels',
    { level: ['debug', 'fatal'] },
    ['debug', 'panic: x'].map((log) => line(log)),
    [line('info'), line('')],
  ],
  [
    'at least',
    { minLevel: 'warn' },
    ['warn', 'error', 'fatal'].map((log) => line(log)),
    ['notice', 'info', ''].map((log) => line(log)),
  ],
  ['at most', { maxLevel: 'debug' }, ['debug', 'trace'].map((log) => line(log)), ['info', ''].map((log) => line(log))],
  [
    'from and to',
    { minLevel: 'info', maxLevel: 'warn' },
    ['info', 'notice', 'warn'].map((log) => line(log)),
    ['debug', 'error', ''].map((log) => line(log)),
  ],
  [
    'a field goes before what the message says',
    { level: 'info' },
    [line('error', {}, { level: 'info' })],
    [line('info', {}, { level: 'error' })],
  ],
  ['one of some words', { message: { contains: ['a', 'bc'] } }, [line('xbc'), line('a')], [line('b c'), line('A')]],
  ['words in any case', { message: { contains: 'gRÖße', ignoreCase: true } }, [line('GRÖßE')], [line('grose')]],
  [
    'a regular expression',
    { message: { regex: '^GET /\\w+ 5\\d\\d$' } },
    [line('GET /a 500')],
    [line('GET /a 404'), line(' GET /a 500')],
  ],
  ['both', { message: { contains: 'b', regex: '^a' } }, [line('ab')], [line('ba'), line('a')]],
  [
    'the message by its names, in their order',
    { message: { contains: 'x' } },
    [line('x'), '{"message":"x"}', '{"msg":"x"}', '{"log":null,"msg":"x"}'],
    ['{"log":"y","message":"x"}', '{"message":"y","msg":"x"}', '{"other":"x"}'],
  ],
  ['a message that is no text is its JSON', { message: { contains: '{"a":1}' } }, [line({ a: 1 })], [line('a')]],
  ['not', { not: { namespace: 'shop' } }, [line('', { namespace_name: 'other' }), '{"log":"x"}'], [line('')]],
  ['not a word', { not: { message: { contains: 'x' } } }, [line('y')], [line('x')]],
  ['not a level; none is not that level', { not: { minLevel: 'warn' } }, [line(''), line('info')], [line('error')]],
  [
    'not all of it together',
    { namespace: 'shop', not: { pod: 'web-*', message: { contains: 'x' } } },
    [line('y'), line('x', { pod_name: 'api' })],
    [line('x'), line('y', { namespace_name: 'other' })],
  ],
  ['not not', { not: { not: { message: { contains: 'x' } } } }, [line('x')], [line('y')]],
];

test.each(MATCHES)('%s', (_, match, taken, others) => {
  const took = (came: string): boolean =>
    decided([drop('a', match, { overrides: 'never-drop' })], came).rule !== undefined;
  for (const came of taken) expect([came, took(came)]).toEqual([came, true]);
  for (const came of others) expect([came, took(came)]).toEqual([came, false]);
  // among many that require texts, rules are looked up another way
  const many = Array.from({ length: 40 }, (__, index) => drop(`r${index}`, { message: { contains: `<<${index}>>` } }));
  const engine = compileRules({ version: 1, rules: [...many, drop('a', match, { overrides: 'never-drop' })] });
  for (const came of [...taken, ...others]) {
    expect([came, decide(engine, came, ARRIVAL).rule !== undefined]).toEqual([came, taken.includes(came)]);
  }
});

describe('fields', () => {
  test.each<[string, readonly string[] | undefined]>([
    ['a', ['a']],
    ['a.b-c.0', ['a', 'b-c', '0']],
    ['/a/b', ['a', 'b']],
    ['/a.b~1c~0d~01', ['a.b/c~d~1']],
    ['/', ['']],
    ['', undefined],
    ['a..b', undefined],
    ['.a', undefined],
    ['/~', undefined],
    ['/a~2', undefined],
  ])('the path %j', (path, names) => {
    expect(fieldPath(path)).toEqual(names);
  });

  const came = line(
    '{"status":503,"user":{"id":"7"}}',
    { host: 'h1', labels: { 'a.b/c': 'd' } },
    {
      n: 5,
      text: '5.0',
      zero: 0,
      no: false,
      nothing: null,
      list: ['a', { b: 1 }],
      object: { a: 1 },
      nested: '{"inner":"{\\"deep\\":1}"}',
      blank: ' ',
      __proto: 1,
    },
  );
  test.each<[string, FieldMatch, boolean]>([
    ['n', { equals: 5 }, true],
    ['n', { equals: '5' }, true],
    ['n', { equals: ['4', 5] }, true],
    ['n', { equals: 6 }, false],
    ['text', { equals: 5 }, false],
    ['no', { equals: false }, true],
    ['nothing', { equals: null }, true],
    ['nothing', { exists: true }, true],
    ['nothing', { exists: false }, false],
    ['none', { equals: null }, false],
    ['none', { exists: false }, true],
    ['none', { exists: true }, false],
    ['none.further', { exists: false }, true],
    ['n', { min: 5, max: 5 }, true],
    ['n', { min: 6 }, false],
    ['n', { max: 4.9 }, false],
    ['text', { min: 5, max: 5 }, true],
    ['zero', { max: 0 }, true],
    ['blank', { max: 0 }, false],
    ['no', { max: 0 }, false],
    ['nothing', { max: 0 }, false],
    ['list', { max: 0 }, false],
    ['text', { contains: '.0' }, true],
    ['text', { regex: '^\\d\\.0$' }, true],
    ['text', { regex: '^\\d$' }, false],
    ['n', { equals: 5, min: 6 }, false],
    ['log.status', { min: 500, max: 599 }, true],
    ['log.user.id', { equals: 7 }, true],
    ['log.user.none', { exists: true }, false],
    ['nested.inner.deep', { equals: 1 }, true],
    ['kubernetes.host', { equals: 'h1' }, true],
    ['/kubernetes/labels/a.b~1c', { equals: 'd' }, true],
    ['kubernetes.labels.a.b/c', { exists: true }, false],
    ['list.0', { equals: 'a' }, true],
    ['list.1.b', { equals: 1 }, true],
    ['list.2', { exists: true }, false],
    ['list.length', { exists: true }, false],
    ['object', { equals: '{"a":1}' }, true],
    ['object.constructor', { exists: true }, false],
    ['toString', { exists: true }, false],
    ['__proto__', { exists: true }, false],
  ])('%s %j is %s', (path, field, expected) => {
    expect(
      decided([drop('a', { fields: { [path]: field } })], came, { neverDrop: { errors: false } }).rule !== undefined,
    ).toBe(expected);
  });

  test('all of several', () => {
    const fields = { n: { equals: 5 }, zero: { equals: 1 } };
    expect(decided([drop('a', { fields })], came).rule).toBeUndefined();
    expect(
      decided([drop('a', { fields: { ...fields, zero: { equals: 0 } } })], came, { neverDrop: { errors: false } }).rule
        ?.id,
    ).toBe('a');
  });
});

describe('redactions', () => {
  const redact = (...redactions: NonNullable<LogRule['redact']>): LogRule => ({
    id: 'r',
    action: 'redact',
    redact: redactions,
  });

  test.each<[string, readonly LogRule[], string, string]>([
    ['one after the other', [redact({ pattern: 'a', replace: 'b' }, { pattern: 'b', replace: 'c' })], 'ab', 'cc'],
    ['of several rules, in their order', [stars('p', 'a'), redact({ pattern: '\\*', replace: '+' })], 'a', '+++'],
    [
      'equal ones once',
      [redact({ pattern: 'a', replace: 'aa' }), { ...redact({ pattern: 'a', replace: 'aa' }), id: 's' }],
      'a',
      'aa',
    ],
    [
      'by groups',
      [redact({ pattern: '(\\d{4})\\d{8}(?P<end>\\d{4})', replace: '$1…$<end>' })],
      '4111111111111112',
      '4111…1112',
    ],
    ['by what was found, and a dollar', [redact({ pattern: '<\\d>', replace: '$$$&' })], '<5> <6>', '$<5> $<6>'],
    ['in any case', [redact({ pattern: 'bearer \\S+', replace: '-', ignoreCase: true })], 'BeArEr x', '-'],
    ['beside each other', [redact({ pattern: 'aa', replace: 'b' })], 'aaaaa', 'bba'],
    ['to nothing', [redact({ pattern: 'a', replace: '' })], 'abab', 'bb'],
    ['past 16 bits', [redact({ pattern: '[^ -~]', replace: '<$&>' })], 'a😀é', 'a<😀><é>'],
    ['with what JSON escapes', [redact({ pattern: 'a', replace: '"\\\n' })], 'xa', 'x"\\\n'],
    ['in what JSON escapes', [redact({ pattern: '"\\n', replace: '-' })], 'a"\nb', 'a-b'],
  ])('%s', (_, rules, log, expected) => {
    expect(decided(rules, line(log)).line).toBe(line(expected));
  });

  test('act on every text and number but names and `kubernetes`, and leave the rest byte by byte', () => {
    const came =
      '{ "7": "7", "n":77, "f":-1.70e2,"big":12345678901234567890, "in":{"7":["7",7,{"kubernetes":"7"}]}, "dup":1,"dup":2,' +
      '"kubernetes":{"pod_name":"7","labels":{"7":"7"}} , "u":"\\u0037\\u00e9" }';
    expect(decided([redact({ pattern: '7+', replace: 'X' })], came).line).toBe(
      '{ "7": "X", "n":"X", "f":"-1.X0e2","big":"123456X890123456X890", "in":{"7":["X","X",{"kubernetes":"X"}]}, ' +
        '"dup":1,"dup":2,"kubernetes":{"pod_name":"7","labels":{"7":"7"}} , "u":"Xé" }',
    );
  });

  test('only what the rules that took the record ask for', () => {
    const rules = [stars('a', 'secret', { match: { namespace: 'other' } }), stars('b', 'token')];
    const decision = decided(rules, line('secret token'));
    expect(decision.line).toBe(line('secret ***'));
    expect(short(decision)).toBe('keep by default: b redacted');
  });

  test('each rule that changed something is told once, also those that ask for the same', () => {
    const rules = [stars('a', 'x'), stars('b', 'y'), stars('c', 'x'), stars('d', 'z')];
    expect(short(decided(rules, line('x y x')))).toBe('keep by default: a redacted b redacted c redacted');
  });

  test('a record that is dropped is not redacted', () => {
    const decision = decided([stars('a', 'x'), drop('b', x)], line('x'));
    expect([decision.line, short(decision)]).toEqual([line('x'), 'drop by b: b dropped']);
  });
});

describe('what is no record', () => {
  test.each([
    ['text', 'x drop', 'it is not a JSON object'],
    ['a list', '["x"]', 'it is not a JSON object'],
    ['a text in JSON', '"x"', 'it is not a JSON object'],
    ['a truncated object', '{"log":"x', 'it is not valid JSON'],
    ['two objects', '{"log":"x"}{"log":"x"}', 'it is not valid JSON'],
  ])('%s is kept, whatever rules say, with every redaction', (_, came, unparsed) => {
    const rules = [drop('a', { pod: '*' }, { overrides: 'never-drop' }), stars('b', 'x', { match: { pod: 'none' } })];
    expect(decided(rules, came, { default: 'drop' })).toMatchObject({
      keep: true,
      to: ['archive'],
      unparsed,
      line: came.replaceAll('x', '***'),
      hits: [{ rule: { id: 'b' }, did: 'redacted' }],
    });
  });

  test('a redaction that has expired, is off or a dry run does not act', () => {
    const off: Partial<LogRule>[] = [{ expires: '2026-06-30' }, { enabled: false }, { dryRun: true }];
    for (const each of off) expect(decided([stars('a', 'x', each)], 'x')).toMatchObject({ line: 'x', hits: [] });
  });
});

describe('a rule that throws', () => {
  afterEach(() => jest.restoreAllMocks());

  /** Makes one path a trap, as no valid rule can throw by itself. */
  function trap(): void {
    const at = LogRecord.prototype.at;
    jest.spyOn(LogRecord.prototype, 'at').mockImplementation(function (this: LogRecord, path) {
      if (path[0] === 'trap') throw new Error('trapped');
      return at.call(this, path);
    });
  }

  test('is told, and passed by; the others decide', () => {
    trap();
    const rules = [
      drop('bad', { fields: { trap: { equals: 1 } } }),
      stars('r', 'x'),
      drop('b', { message: { contains: 'y' } }),
      keep('k'),
    ];
    expect(short(decided(rules, line('x')))).toBe('keep by k: bad failed r redacted k kept');
    expect(short(decided(rules, line('y')))).toBe('drop by b: bad failed b dropped');
  });

  test('inside `not` it takes nothing either', () => {
    trap();
    expect(short(decided([drop('bad', { not: { fields: { trap: { equals: 1 } } } })], line('x')))).toBe(
      'keep by default: bad failed',
    );
  });

  test('of a redaction that throws nothing is let through: each text gives way to a note, where it comes from stays', () => {
    jest.spyOn(Pattern.prototype, 'replace').mockImplementation(() => {
      throw new Error('trapped');
    });
    const noted = '<redacted: the redaction failed>';
    const rules = [stars('bad', 'x'), keep('k')];
    expect(decided(rules, line('x'))).toMatchObject({
      keep: true,
      line: line(noted),
      hits: [
        { rule: { id: 'bad' }, did: 'failed' },
        { rule: { id: 'k' }, did: 'kept' },
      ],
    });
    expect(decided(rules, 'x')).toMatchObject({ line: noted, unparsed: 'it is not a JSON object' });
    // a dry run only tells
    expect(decided([stars('bad', 'x', { dryRun: true })], line('x'))).toMatchObject({
      line: line('x'),
      hits: [{ rule: { id: 'bad' }, did: 'failed' }],
    });
  });

  test('a guard that throws guards', () => {
    trap();
    const neverDrop = { bad: { fields: { trap: { exists: true } } } };
    expect(short(decided([drop('a', x)], line('x'), { neverDrop }))).toBe('keep by default: a guarded');
  });
});

test('decisions do not depend on what was decided before, nor on the order', () => {
  const rules: LogRules = {
    version: 1,
    rules: [
      stars('card', '\\d{16}'),
      drop('health', { namespace: 'shop', message: { contains: '/health' } }),
      drop('debug', { maxLevel: 'debug', pod: 'web-*' }),
      { id: 's', action: 'sample', match: { labels: { tier: 'low' } }, rate: 0.5 },
    ],
  };
  const lines = ['/health', 'debug', '4111111111111111', 'x'].flatMap((log) =>
    [{}, { namespace_name: 'other' }, { pod_name: 'api' }, { labels: { tier: 'low' } }].map((pod) => line(log, pod)),
  );
  const alone = lines.map((each) => decide(compileRules(rules), each, ARRIVAL));
  const together = decideRecords(rules, [...lines, ...[...lines].reverse()], ARRIVAL).map(({ decision }) => decision);
  expect(together).toEqual([...alone, ...[...alone].reverse()]);
});

describe('tests inside rules', () => {
  const NO_RECORD =
    ': the record is a text that is no JSON object, about which no rule decides; write it as `record: { log: … }`';
  const told = (...rules: LogRule[]): string[] =>
    runRuleTests({ version: 1, rules }).flatMap(({ rule, name, failures }) =>
      failures.map((failure) => `${rule} ${name}: ${failure}`),
    );
  const record = { log: 'x' };

  test.each<[string, LogRule[], string[]]>([
    ['passes', [drop('a', x, { tests: [{ record, expect: 'drop' }] })], []],
    [
      'a rule that is off, expired and a dry run',
      [drop('a', x, { enabled: false, expires: '2020-01-01', dryRun: true, tests: [{ record, expect: 'drop' }] })],
      [],
    ],
    [
      'not dropped, in one line',
      [drop('a', x, { tests: [{ record: { log: 'y' }, expect: 'drop' }] })],
      ['a 1: expected outcome "drop", got "keep", by "default"'],
    ],
    [
      'not dropped, nor by the rule that was named',
      [drop('a', x, { tests: [{ record: { log: 'y' }, expect: { outcome: 'drop', rule: 'a' } }] })],
      ['a 1: expected outcome "drop", got "keep", by "default"', 'a 1: expected rule "a", got "default"'],
    ],
    [
      'of a text that is no record',
      [
        drop('a', x, { tests: [{ record: 'text x', expect: 'drop' }] }),
        keep('k', x, { tests: [{ record: 'text x', expect: 'keep' }] }),
        stars('r', 'x', { tests: [{ record: 'text x', expect: { message: 'x' } }] }),
      ],
      [
        `a 1: expected outcome "drop", got "keep", by "default"${NO_RECORD}`,
        `k 1: expected rule "k", got "default"${NO_RECORD}`,
        'r 1: expected message "x", got "te***t ***"',
      ],
    ],
    [
      'dropped by another',
      [drop('a', x), drop('b', x, { tests: [{ name: 'mine', record, expect: 'drop' }] })],
      ['b mine: expected rule "b", got "a"'],
    ],
    [
      'taken',
      [drop('a', x, { tests: [{ record, expect: 'unmatched' }] })],
      ['a 1: expected that the rule does not take the record, but it was dropped'],
    ],
    [
      'held by a guard',
      [drop('a', x, { tests: [{ record: { log: 'error x' }, expect: 'drop' }] })],
      ['a 1: expected outcome "drop", got "keep", by "default", as a never-drop guard holds it'],
    ],
    [
      'a message and destinations',
      [
        stars('r', 'x'),
        keep('k', x, {
          to: ['cloudwatch', 'archive'],
          tests: [{ record, expect: { outcome: 'keep', message: '***', to: ['archive', 'cloudwatch'] } }],
        }),
      ],
      [],
    ],
    [
      'another message, rule and destination',
      [keep('k', x, { tests: [{ record, expect: { rule: 'q', message: 'y', to: ['cloudwatch'] } }] })],
      [
        'k 1: expected rule "q", got "k"',
        'k 1: expected message "y", got "x"',
        'k 1: expected to ["cloudwatch"], got ["archive"]',
      ],
    ],
  ])('%s', (_, rules, failures) => {
    expect(told(...rules)).toEqual(failures);
  });
});
