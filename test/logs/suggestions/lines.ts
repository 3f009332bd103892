import * as fc from 'fast-check';

const WORDS = [
  'order',
  'placed',
  'cache',
  'miss',
  'größe',
  'GET',
  '/api/v1/orders/',
  '/healthz',
  'kube-probe/1.30',
  'a=b',
  '(x)',
  '.*',
  '日本',
  '*',
];
const VARIABLES: readonly fc.Arbitrary<string>[] = [
  fc.nat(99_999).map(String),
  fc.uuid(),
  fc.ipV4(),
  fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true }).map((date) => date.toISOString()),
  fc.constantFrom(
    '12ms',
    '1.5s',
    '0x1f2e',
    'deadbeef01',
    'user="Ann Bee"',
    "'a b'",
    'ann@example.com',
    'password=hunter22',
  ),
  fc.constantFrom('ann', 'bob', 'carol'),
  fc.string({ maxLength: 6, unit: 'binary' }),
];
const LEVELS = ['DEBUG', 'info', '[WARN]', 'ERROR', 'trace', ''];

/** What one kind of message is made of: constant words, and places for what varies. */
const plan = fc.record({
  level: fc.constantFrom(...LEVELS),
  parts: fc.array(fc.oneof(fc.constantFrom(...WORDS), fc.nat(VARIABLES.length - 1)), { minLength: 1, maxLength: 8 }),
  form: fc.constantFrom('text', 'text', 'json', 'logfmt', 'merged', 'nested', 'object'),
  namespace: fc.constantFrom('shop', 'shop', 'payments', 'falco', ''),
  container: fc.constantFrom('web', 'api-audit', ''),
});
type Plan = typeof plan extends fc.Arbitrary<infer T> ? T : never;

function lineOf({ level, parts, form, namespace, container }: Plan, values: readonly string[]): string {
  const text = parts.map((part, index) => (typeof part === 'string' ? part : values[index % values.length])).join(' ');
  const bare = level.replace(/\W/g, '') || undefined;
  const kubernetes = { pod_name: 'p-1', namespace_name: namespace, container_name: container, labels: { app: 'a' } };
  const said: Record<Plan['form'], object> = {
    text: { log: `${level} ${text}` },
    json: { log: JSON.stringify({ level: bare, msg: text, n: values.length, token: 'abcdef123' }) },
    logfmt: { log: `level=${bare} msg=${JSON.stringify(text)} took=${values[0]}` },
    merged: { level: bare, method: 'GET', path: text, status: 200 },
    nested: { log: JSON.stringify({ level: bare, event_kind: 'tick', path: text, deep: { a: 1 } }) },
    object: { log: { level: bare, message: text } },
  };
  return JSON.stringify({ time: '2026-11-25T12:00:00Z', ...said[form], kubernetes });
}

/** Lines as applications write them: few kinds, each many times, with what varies in them. */
export const noisyLines: fc.Arbitrary<string[]> = fc.array(plan, { minLength: 1, maxLength: 5 }).chain((plans) =>
  fc.array(
    fc
      .tuple(fc.constantFrom(...plans), fc.tuple(...VARIABLES), fc.nat(VARIABLES.length))
      .map(([chosen, values, turn]) => lineOf(chosen, [...values.slice(turn), ...values.slice(0, turn)])),
    { maxLength: 60 },
  ),
);

/** Lines of which no two are alike. */
export function unlike(count: number): string[] {
  let state = 1;
  const word = (): string => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state >>> 0).toString(36).replace(/\d/g, 'q');
  };
  return Array.from({ length: count }, (_, index) => {
    const words = Array.from({ length: 1 + (index % 12) }, word).join(' ');
    const object = { [word()]: word(), [word()]: 1 };
    const log = index % 3 === 0 ? JSON.stringify(object) : words;
    const pod = { namespace_name: index % 5 === 0 ? word() : 'shop', container_name: 'web', pod_name: word() };
    return JSON.stringify(index % 7 === 0 ? { ...object, kubernetes: pod } : { log, kubernetes: pod });
  });
}
