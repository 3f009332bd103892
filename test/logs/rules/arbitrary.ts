import fc from 'fast-check';
import type { FieldMatch, Match, TextMatch } from '../../../lib/logs/rules/log-match';
import type { Action, LogRule, LogRules, NeverDrop } from '../../../lib/logs/rules/log-rule';

/** When the batches of tests arrive. */
export const ARRIVAL = Date.UTC(2026, 6, 1, 12);

const NAMESPACES = ['shop', 'shop-staging', 'payments', 'kube-system', 'falco', 'team-security', ''];
const PODS = ['web-1', 'web-2', 'api-7f9c', 'audit-x', 'w'];
const WORDS = [
  'GET',
  '/health',
  'timeout',
  'Timeout',
  'user=ann',
  'card 4111111111111111',
  'größe',
  'GRÖSSE',
  'エラー',
  '😀',
  'K',
  'ok',
  'İI',
  'ſ',
  '"q"',
  '\\n',
  'a\nb',
  '10.0.0.1',
  'ann@example.com',
  'x',
];
const LEVELS = [
  'INFO',
  'warn',
  '[ERROR]',
  'level=debug',
  'ts=1 level=info msg="error: x"',
  'level="30" ERROR',
  'E0102 x',
  'Panic:',
  'trace=1',
  'trace abc ERROR',
  '[info] pay: ERROR declined',
  'ERRO[0001]',
  'INF',
  'inf',
  'Error |',
  '(Warning)',
  `${'x'.repeat(140)} ERROR`,
  '{"level":"warn","n":5}',
  '{"ctx":{"level":"info"},"level":"error","msg":"x"}',
  '{"trace":{"id":"a"},"log.level":"ERROR"}',
  '{"trace":"a","message":"[warn] x"}',
  '{"log":{"level":"error"}}',
  '{"severityNumber":17,"n":5}',
  '{"level":"info","msg":"ERROR"}',
  '{"message":"x","levelname":"ERROR"',
  '{"apiVersion":"audit.k8s.io/v1"}',
  '',
];

const some = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
const maybe = <T>(arb: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arb, { nil: undefined, freq: 2 });
const seldom = <T>(arb: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: arb });
const oneOrMore = <T>(arb: fc.Arbitrary<T>): fc.Arbitrary<T | T[]> =>
  fc.oneof(arb, fc.array(arb, { minLength: 1, maxLength: 3 }));

const regex = some(
  'time.?out',
  '(?i)timeout|health',
  '^GET',
  '\\d{16}',
  'user=\\w+$',
  '[äöü]',
  'エ.ー',
  '\\b\\d{1,3}(?:\\.\\d{1,3}){3}\\b',
  '[^ ]+@example\\.com',
  '.*',
  '(?s)a.b',
  'x+y?z*',
);
const words = some(...WORDS, 'health', 'TIMEOUT', 'K', 'k', 'İ', 'i', 'oK', 'S', 'ÖSSE', 'össe');

const text: fc.Arbitrary<TextMatch> = fc
  .record({ contains: maybe(oneOrMore(words)), regex: maybe(regex), ignoreCase: maybe(fc.boolean()) })
  .map((match) => (match.contains === undefined && match.regex === undefined ? { contains: 'GET' } : match));

const field: fc.Arbitrary<FieldMatch> = fc.oneof(
  fc.record({ equals: oneOrMore(some<string | number | boolean | null>('200', 200, 5, true, null, 'ann')) }),
  fc.record({ exists: fc.boolean() }),
  fc.record({ min: some(0, 200), max: some(200, 500) }),
  text,
);
const path = some(
  'status',
  'http.status',
  '/http/status',
  'log.n',
  'log.level',
  'kubernetes.host',
  '/kubernetes/labels/a.b~1c',
  'list.1',
  'list.length',
  'apiVersion',
  '__proto__',
);

const LEVEL_WORDS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;
const level = some(...LEVEL_WORDS);
const glob = oneOrMore(
  some(...NAMESPACES.filter((name) => name !== ''), ...PODS, '*', 'shop*', '*-*', 'web-?', '*s*p*'),
);

function match(depth: number): fc.Arbitrary<Match> {
  return fc
    .record({
      namespace: seldom(glob),
      pod: seldom(glob),
      container: seldom(some('app', '*audit')),
      labels: seldom(fc.record({ app: glob })),
      level: seldom(oneOrMore(level)),
      minLevel: seldom(level),
      maxLevel: seldom(level),
      message: seldom(text),
      fields: seldom(fc.dictionary(path, field, { minKeys: 1, maxKeys: 2 })),
      not: depth > 0 ? seldom(match(depth - 1)) : fc.constant(undefined),
    })
    .map(({ minLevel, maxLevel, ...others }) => {
      const above = LEVEL_WORDS.indexOf(minLevel ?? 'trace') > LEVEL_WORDS.indexOf(maxLevel ?? 'fatal');
      const all = { ...others, minLevel, ...(above ? {} : { maxLevel }) };
      const said = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
      return Object.keys(said).length === 0 ? { pod: 'web-?' } : said;
    });
}

const redaction = fc.record({
  pattern: some('\\d{16}', '\\b\\d+\\b', 'user=(\\w+)', '(?P<name>[a-z]+)@', 'o', '日|エ', '"', '200', 'T(?:ime)out'),
  replace: some('***', '', '<$&>', '$$1', '"\\', '1'),
  ignoreCase: maybe(fc.boolean()),
});

const rule = fc.record({
  action: some<Action>('keep', 'drop', 'drop', 'sample', 'redact'),
  match: match(1),
  rate: some(0, 0.3, 0.5, 1),
  by: maybe(some('status', 'log', 'trace_id', '/http/status')),
  redact: fc.array(redaction, { minLength: 1, maxLength: 3 }),
  to: maybe(fc.subarray(['archive', 'cloudwatch'] as const, { minLength: 1 })),
  enabled: seldom(fc.boolean()),
  expires: seldom(some('2026-06-30', '2026-07-01', '2026-07-01T12:00:00Z', '2026-07-01T12:00:00.001Z')),
  dryRun: seldom(fc.boolean()),
  overrides: maybe(some('never-drop' as const)),
});

/** Any rules without problems. */
export const anyRules: fc.Arbitrary<LogRules> = fc
  .record({
    default: maybe(some<'keep' | 'drop'>('keep', 'drop')),
    neverDrop: seldom(some<NeverDrop>({ errors: false }, { mine: { pod: 'web-1' }, security: false })),
    rules: fc.oneof(fc.array(rule, { maxLength: 8 }), fc.array(rule, { minLength: 30, maxLength: 70, size: 'max' })),
  })
  .map(({ rules, ...others }) => ({
    version: 1,
    ...others,
    rules: rules.map(({ rate, by, redact, to, overrides, ...each }, index): LogRule => {
      const decides = each.action === 'keep' || each.action === 'sample';
      return {
        ...each,
        id: `r${index}`,
        ...(each.action === 'sample' ? { rate, by } : {}),
        ...(each.action === 'redact' ? { redact } : {}),
        ...(decides ? { to } : {}),
        ...(each.action === 'drop' || each.action === 'sample' ? { overrides } : {}),
      };
    }),
  }));

const message = fc
  .tuple(some(...LEVELS), fc.array(some(...WORDS), { maxLength: 6 }))
  .map(([first, others]) => [first, ...others].join(' ').trim());

const scalar = some<unknown>(
  200,
  '200',
  5.5,
  4111111111111111,
  true,
  null,
  'ann',
  [1, { a: 'user=ann' }],
  { status: 200 },
  '{"status":"404"}',
);

/** Few, so that pods come again. */
const kubernetes = fc.oneof(
  some<unknown>(
    { pod_name: 'web-1', namespace_name: 'shop', container_name: 'app', labels: { app: 'shop', 'a.b/c': 'GET' } },
    { pod_name: 'web-1', namespace_name: 'shop', container_name: 'sidecar-audit', labels: { app: 'web-1' } },
    { pod_name: 'web-2', namespace_name: 'payments', labels: [], host: 'user=ann 4111111111111111' },
    { pod_name: 'api-7f9c', namespace_name: 'team-security', labels: { 'kotohajime.dev/logs': 'audit' } },
  ),
  fc.record(
    {
      pod_name: some<unknown>(...PODS),
      namespace_name: some<unknown>(...NAMESPACES, 5),
      container_name: some('app', 'audit'),
      labels: some<unknown>({ app: 'web-1' }, 'x', { app: 5 }),
    },
    { requiredKeys: ['pod_name'] },
  ),
);

type Member = readonly [string, string];
const member = (name: string, value: fc.Arbitrary<unknown>): fc.Arbitrary<Member> =>
  value.map((each) => [JSON.stringify(name), JSON.stringify(each)]);

const members: fc.Arbitrary<Member[]> = fc
  .tuple(
    fc.array(
      fc.oneof(
        member('log', fc.oneof(message, scalar)),
        member('log', message),
        member('message', message),
        member('msg', message),
        member('status', scalar),
        member('http', fc.record({ status: scalar })),
        member('level', some<unknown>('info', 'ERROR', 30, 55, 3, 7, 40000, '50', ' warn ', 'ERRO', 'inf', 'no', null)),
        member('severity_text', some<unknown>('ERROR', 'x')),
        member('severity_number', some<unknown>(9, 17, 25, 'x')),
        member('log_processed', some<unknown>({ level: 'warn' }, { severity: 50 }, 'x')),
        member('list', scalar),
        member('apiVersion', some('audit.k8s.io/v1', 'v1')),
        member('trace_id', some('a', 'b')),
        member(
          'time',
          some<unknown>('2026-07-01T11:59:58.200456789Z', '2026-07-01T13:59:58+02:00', 'at 200', 200, { time: '200' }),
        ),
        member('@timestamp', some('2026-07-01T11:59:58Z', '2026-07-01T11:59:58Z 200')),
        member('__proto__', scalar),
        member('kubernetes', fc.oneof(scalar, kubernetes)),
        member('x', fc.record({ a: scalar, kubernetes })),
        some<Member>(
          ['"b\\u0069g"', '12345678901234567890'],
          ['"l\\u006fg"', '"escaped \\u0047ET"'],
          ['"n"', '1.0E+2'],
        ),
      ),
      { maxLength: 5 },
    ),
    maybe(fc.tuple(some('end', 'end', 'last but one', 'start'), member('kubernetes', kubernetes))),
  )
  .map(([others, pod]) => {
    if (pod === undefined) return others;
    const at = { end: others.length, 'last but one': Math.max(0, others.length - 1), start: 0 }[pod[0]];
    return [...others.slice(0, at ?? 0), pod[1], ...others.slice(at ?? 0)];
  });

const json = fc
  .tuple(members, some(['', ''], ['', ''], ['', ''], [' ', ''], ['', '\r'], ['\t', ' ']))
  .map(
    ([all, [space = '', end = '']]) =>
      `{${space}${all.map(([name, value]) => `${name}${space}:${value}`).join(`${space},`)}${space}}${end}`,
  );

/** Lines as agents send them, and as they should not. */
export const anyLine: fc.Arbitrary<string> = fc.oneof(
  { weight: 12, arbitrary: json },
  {
    weight: 1,
    arbitrary: fc
      .tuple(json, fc.nat(400))
      .map(([line, cut]) => line.slice(0, Math.max(1, line.length - 1 - (cut % line.length)))),
  },
  { weight: 1, arbitrary: message },
  {
    weight: 1,
    arbitrary: some(
      '[]',
      '1',
      'null',
      '{}',
      '{,"kubernetes":{"pod_name":"w"}}',
      '{"a":1,"kubernetes":{"pod_name":"w"},}',
      '{ ,"kubernetes":{"pod_name":"w"}}',
      '{"a":"x,"kubernetes":{"pod_name":"w"}}',
      '{"a":{"b":1,"kubernetes":{"pod_name":"w"}}}',
      '{"a":"b\\\\","kubernetes":{"pod_name":"w"}}',
      '{"a":"b","kubernetes":{"pod_name":"w"}}}',
    ),
  },
);
