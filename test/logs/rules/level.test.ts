import { LEVELS, rankOf } from '../../../lib/logs/rules/level';
import { compileRules, decide } from '../../../lib/logs/rules/engine';
import { LogRecord, podOf } from '../../../lib/logs/rules/record';

/** The level a record has, and the gravest it may be meant to have. */
function levels(fields: Readonly<Record<string, unknown>>): (string | undefined)[] {
  const record = new LogRecord(JSON.stringify(fields), podOf(undefined), fields);
  return [record.rank, record.gravestRank].map((rank) => LEVELS[rank - 1]);
}
const said = (log: unknown): (string | undefined)[] =>
  levels({ log: typeof log === 'string' ? log : JSON.stringify(log) });
const long = 'm'.repeat(1_100);

test.each([
  // what loggers write as text
  ['2026-11-24 10:00:00.000  INFO 1 --- [main] c.e.App : started', 'info', 'info'],
  ['ERROR:root:boom', 'error', 'error'],
  ['error: boom', 'error', 'error'],
  ['Warning | disk', 'warn', 'warn'],
  ['2026/11/24 10:00:00 [error] 12#12: *1 open() failed', 'error', 'error'],
  ['[Sat Nov 28] [core:error] [pid 1] x', 'error', 'error'],
  ['panic: runtime error: index out of range', 'fatal', 'fatal'],
  ['time=x level=info msg="error: not found"', 'info', 'info'],
  ['ts=1 lvl=eror msg=x', undefined, undefined],
  ['time=x level=50 msg=y', 'error', 'error'],
  ['ERRO[0001] boom', 'error', 'error'],
  ['10:00 INF starting', 'info', 'info'],
  ['inf loss', undefined, undefined],
  ['E1124 10:00:00.000000 1 x.go:1] boom', 'error', 'error'],
  ['2026-11-24 10:00 UTC [1] FATAL:  no pg_hba.conf entry', 'fatal', 'fatal'],
  // which of several
  ['trace abc123 ERROR payment failed', 'error', 'error'],
  ['[info] handler=pay: ERROR card declined', 'info', 'error'],
  ['INFO the user saw an error today', 'info', 'info'],
  ['DEBUG retry after "error"', 'debug', 'error'],
  [`${'x'.repeat(140)} ERROR boom`, undefined, 'error'],
  ['he clicked the error button', 'error', 'error'],
  ['no level here', undefined, undefined],
  ['warnings are on, errors=0', undefined, undefined],
])('text %j is %s, at most %s', (text, level, gravest) => {
  expect(said(text)).toEqual([level, gravest]);
});

test.each<[unknown, string | undefined]>([
  [{ level: 'error' }, 'error'],
  [{ '@timestamp': 'x', message: long, level: 'ERROR' }, 'error'],
  [{ msg: long, level: 50 }, 'error'],
  [{ message: 'payment failed', levelname: 'ERROR' }, 'error'],
  [{ ctx: { level: 'info' }, level: 'error', msg: 'x' }, 'error'],
  [{ trace: { id: 'a' }, 'log.level': 'ERROR' }, 'error'],
  [{ trace: { id: 'a' }, severity_text: 'ERROR', message: 'boom' }, 'error'],
  [{ dd: { trace: '1' }, levelname: 'ERROR' }, 'error'],
  [{ log: { level: 'error' }, message: 'x' }, 'error'],
  [{ severityNumber: 17 }, 'error'],
  [{ severity_number: 9 }, 'info'],
  [{ level: 'info', message: 'ERROR in the text of another' }, 'info'],
  [{ message: '[warn] disk', trace: 'x' }, 'warn'],
  [{ trace: 'x', message: 'nothing' }, undefined],
  [{ message: { trace: 1 } }, undefined],
  [{}, undefined],
])('the message %j is %s', (message, level) => {
  expect(said(message)).toEqual([level, level]);
});

test('JSON that was cut off has the first level it names', () => {
  expect(said(`{"level":"error","message":"${long}`)).toEqual(['error', 'error']);
  expect(said('{"trace":"abc","message":"cut')).toEqual([undefined, undefined]);
});

test.each([
  [{ level: 'info', log: '{"level":"error"}' }, 'info', 'error'],
  [{ level: 'info', log: 'x ERROR y' }, 'info', 'error'],
  [{ severityText: 'Error', log: 'x' }, 'error', 'error'],
  [{ Level: 'Error', log: 'INFO x' }, 'error', 'error'],
  [{ log_processed: { level: 'warn' }, log: 'INFO x' }, 'warn', 'warn'],
  [{ level: 'none', severity: 'warn', log: 'x' }, 'warn', 'warn'],
])('the record %j is %s, at most %s', (fields, level, gravest) => {
  expect(levels(fields)).toEqual([level, gravest]);
});

test.each([
  ['error', 'error'],
  ['ERROR ', 'error'],
  ['Err', 'error'],
  ['dpanic', 'fatal'],
  ['ERRO', 'error'],
  ['erro', undefined],
  ['50', 'error'],
  [3, 'error'],
  [0, 'fatal'],
  [7, 'debug'],
  [8, undefined],
  [10, 'trace'],
  [32, 'info'],
  [55, 'error'],
  [69, 'fatal'],
  [70, undefined],
  [4_999, undefined],
  [5_000, 'trace'],
  [20_000, 'info'],
  [40_000, 'error'],
  [50_000, 'fatal'],
  [60_001, undefined],
  [-1, undefined],
  [2.5, undefined],
  [null, undefined],
  [{}, undefined],
  ['an unheard-of level', undefined],
])('%j as a level is %s', (value, level) => {
  expect(LEVELS[rankOf(value) - 1]).toBe(level);
});

test.each([
  ['an error in the words of logback', { log: JSON.stringify({ message: long, level: 'ERROR' }) }],
  ['an error behind a lighter mark', { log: '[info] handler=pay: ERROR card declined' }],
  ['an error inside, whatever is said outside', { level: 'info', log: '{"level":"error"}' }],
  ['an audit event in the log of a pod', { log: '{"kind":"Event","apiVersion":"audit.k8s.io/v1","verb":"delete"}' }],
])('no rule drops %s', (_, fields) => {
  const drop = { id: 'd', action: 'drop' as const, match: { namespace: 'shop' } };
  const line = JSON.stringify({ ...fields, kubernetes: { namespace_name: 'shop', pod_name: 'a' } });
  const { keep, hits } = decide(compileRules({ version: 1, rules: [drop] }), line, 0);
  expect([keep, hits.map(({ did }) => did)]).toEqual([true, ['guarded']]);
});
