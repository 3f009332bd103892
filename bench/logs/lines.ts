/** Lines of a cluster, as Fluent Bit sends them, each of 694 bytes; the same ones in every run. */
import type { FirehoseEvent } from '../../lib/logs/filter/parts';
import type { LogRule } from '../../lib/logs/rules/log-rule';

/** A random number generator with a seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export const LINE_BYTES = 694;
/** Lines of a batch of 3 MB. */
export const COUNT = Math.floor(3_000_000 / (LINE_BYTES + 1));
const NAMESPACES = 20;
const PODS = 200;

/** `count` lines of 200 pods in 20 namespaces, mixed; `fill` is what messages are filled up with. */
export function lines(count: number, fill = 'the quick brown fox jumps over the lazy dog '): string[] {
  const random = randomOf(1);
  const hex = (length: number): string =>
    Array.from({ length }, () => '0123456789abcdef'[Math.floor(random() * 16)]).join('');
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
  const pods = Array.from({ length: PODS }, (_, index) => ({
    pod_name: `checkout-${hex(9)}-${hex(5)}`,
    namespace_name: `team-${index % NAMESPACES}`,
    pod_id: `${hex(8)}-${hex(4)}-${hex(4)}-${hex(4)}-${hex(12)}`,
    labels: { app: 'checkout', 'pod-template-hash': hex(9), 'app.kubernetes.io/name': 'checkout' },
    host: `ip-10-0-${index % 9}-12.eu-west-1.compute.internal`,
    container_name: 'app',
    docker_id: hex(64),
    container_image: '111122223333.dkr.ecr.eu-west-1.amazonaws.com/checkout:1.2.3',
  }));
  return Array.from({ length: count }, (_, index) => {
    const level = pick(['INFO', 'INFO', 'INFO', 'DEBUG', 'DEBUG', 'WARN', 'ERROR']);
    const path = pick(['/api/v1/orders/', '/api/v1/carts/', '/healthz?', '/metrics?', '/login?']);
    const log = `${level} GET ${path}${hex(8)} ${pick([200, 200, 204, 404])} 12ms user=u${hex(6)} trace=${hex(32)} `;
    const record = { time: `2026-01-01T00:00:00.${100_000 + index}Z`, log, stream: 'stdout', kubernetes: pick(pods) };
    const room = LINE_BYTES - Buffer.byteLength(JSON.stringify(record));
    let more = fill.repeat(Math.ceil(room / fill.length));
    while (Buffer.byteLength(more) > room) more = more.slice(0, -1);
    record.log += more + ' '.repeat(room - Buffer.byteLength(more));
    return JSON.stringify(record);
  });
}

/** A batch of these lines, in three records as Fluent Bit joins them: it ends each line, and the record once more. */
export function batchOf(all: readonly string[]): FirehoseEvent {
  const third = Math.ceil(all.length / 3);
  return {
    records: [0, 1, 2].map((index) => ({
      recordId: `49${index}`,
      data: Buffer.from(`${all.slice(index * third, (index + 1) * third).join('\n')}\n\n`).toString('base64'),
      approximateArrivalTimestamp: Date.UTC(2026, 0, 1),
    })),
  };
}

/**
 * `count` rules of the mix: of ten, three drop a namespace's lines by a text, two by a regular expression, two drop below
 * a level, one samples by a field, one keeps, one drops by a text whatever its case. `everywhere` takes the namespaces
 * out, so that each rule is a question to every record. Few of them match, as in life.
 */
export function mix(count: number, everywhere: boolean): LogRule[] {
  return Array.from({ length: count }, (_, index): LogRule => {
    const id = `rule-${index}`;
    const where = everywhere ? {} : { namespace: `team-${index % NAMESPACES}` };
    const word = `component${index}`;
    const rules: readonly LogRule[] = [
      { id, action: 'drop', match: { ...where, message: { contains: index === 0 ? '/healthz' : `${word} ready` } } },
      { id, action: 'drop', match: { ...where, message: { regex: `${word}.*(started|stopped) in \\d+ms` } } },
      { id, action: 'drop', match: { ...where, maxLevel: 'debug', message: { contains: word } } },
      { id, action: 'drop', match: { ...where, message: { contains: [`${word} poll`, `${word} tick`] } } },
      { id, action: 'sample', rate: 0.1, by: 'trace_id', match: { ...where, message: { contains: `${word} cache` } } },
      { id, action: 'drop', match: { ...where, message: { regex: `^(GET|HEAD) /${word}/[a-z]+ 2\\d\\d` } } },
      { id, action: 'keep', match: { ...where, message: { contains: `${word} audit` } } },
      { id, action: 'drop', match: { ...where, message: { contains: `${word} retry`, ignoreCase: true } } },
      { id, action: 'drop', match: { ...where, maxLevel: 'info', fields: { 'http.route': { equals: word } } } },
      { id, action: 'drop', match: { ...where, message: { contains: `${word} heartbeat` } } },
    ];
    return rules[index % rules.length] as LogRule;
  });
}

const SECRETS: readonly (readonly [string, string])[] = [
  ['\\b\\d{4}[ -]?\\d{4}[ -]?\\d{4}[ -]?\\d{4}\\b', '****'],
  ['[\\w.+-]+@[\\w-]+\\.[\\w.]+', '<email>'],
  ['(?i)(password|passwd|secret)=\\S+', '$1=***'],
  ['eyJ[\\w-]+\\.[\\w-]+\\.[\\w-]*', '<jwt>'],
  ['AKIA[0-9A-Z]{16}', '<key>'],
  ['(?i)bearer [\\w.~+/-]+=*', 'bearer ***'],
  ['\\b\\d{1,3}(?:\\.\\d{1,3}){3}\\b', '<ip>'],
  ['user=u(\\w{2})\\w+', 'user=u$1***'],
  ['\\b[A-Z]{2}\\d{2}[A-Z0-9]{11,30}\\b', '<iban>'],
  ['-----BEGIN [A-Z ]+-----', '<pem>'],
];

/** The first `count` redactions, in a rule for all records; the eighth finds something in every line. */
export function redactions(count: number): LogRule {
  return {
    id: 'redact',
    action: 'redact',
    redact: SECRETS.slice(0, count).map(([pattern, replace]) => ({ pattern, replace })),
  };
}
