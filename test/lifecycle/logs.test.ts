import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { CloudWatchClient, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { CloudFormationClient, DescribeStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { platforms } from '../../config';
import { PREFIXES } from '../../lib/logs/deployed';
import type { PlatformConfig } from '../../lib/platform-config';
import { aggregated, agentLine, agentOwnLine, idsIn } from './log-line';
import { linesOf, Pipeline } from './pipeline';
import { steps, World } from './world';

/**
 * The life of a log pipeline, from an agent's record to the answer of a query: the deployed functions' own code, behind
 * stand-ins for Firehose and AppConfig that do what stands in GAPS.md.
 */
const NAME = 'dev';
const config: PlatformConfig = {
  ...platforms.dev!,
  logs: { archive: 'dropped-too', bakeMinutes: 1, retainOnDelete: false },
};
const RULES = `
version: 1
rules:
  - id: secrets
    action: redact
    redact: [{ pattern: 'password=\\S+', replace: 'password=***' }]
  - id: noise
    action: drop
    match: { namespace: noise }
  - id: half
    action: sample
    match: { namespace: sampled }
    rate: 0.5
    by: trace
  - id: live
    action: keep
    match: { namespace: live }
    to: [archive, cloudwatch]
`;

const step = steps();
let world: World;
let pipeline: Pipeline;
let folder: string;
let number = 0;

beforeAll(async () => {
  world = await World.start();
  folder = mkdtempSync(path.join(tmpdir(), 'rules-'));
});

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await world.stop();
});

/** New lines of a namespace; each has an id of its own. */
function lines(count: number, namespace: string, text = 'GET / 200'): string[] {
  return Array.from({ length: count }, () => {
    const id = `${namespace}-${++number}`;
    return agentLine(id, namespace, text, { trace: `t${Math.floor(number / 4)}` });
  });
}

const idsOf = (many: readonly string[]): string[] => many.flatMap(idsIn).sort();

/** Sends lines as an agent does, and waits until they are where they belong. */
async function deliver(...many: readonly string[][]): Promise<void> {
  await pipeline.send(aggregated(many.flat()));
  await pipeline.flush();
}

/** The ids of these lines that were kept. */
async function keptOf(many: readonly string[]): Promise<string[]> {
  const wanted = new Set(idsOf(many));
  return idsOf(await pipeline.kept()).filter((id) => wanted.has(id));
}

/** The command line, which must succeed. */
async function hajime(...args: string[]): Promise<string> {
  const { code, output } = await pipeline.hajime(args);
  if (code !== 0) throw new Error(output);
  return output;
}

function ruleFile(name: string, text: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return file;
}

/** Sends a line of noise again and again until it is treated as wanted; after how many seconds. */
async function secondsUntil(wanted: 'kept' | 'dropped'): Promise<number> {
  const began = Date.now();
  for (;;) {
    const line = lines(1, 'noise');
    const handedOver = Date.now();
    await deliver(line);
    const kept = (await keptOf(line)).length === 1;
    if (kept === (wanted === 'kept')) return (handedOver - began) / 1000;
    if (Date.now() - began > 90_000) throw new Error(`not ${wanted} after 90 s`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

step('the stack deploys by itself, and a second time nothing changes', async () => {
  expect(await world.deploy(NAME, config, 'Logs')).toEqual({ Logs: 'created' });
  expect(await world.deploy(NAME, config, 'Logs')).toEqual({ Logs: 'unchanged' });
  pipeline = await Pipeline.of(world, NAME, config);
});

step('before there are rules everything is kept, as it came', async () => {
  const sent = [...lines(50, 'shop'), ...lines(50, 'noise')];
  await deliver(sent);
  expect(await keptOf(sent)).toEqual(idsOf(sent));
  expect((await pipeline.kept()).sort()).toEqual(sent.map((line) => line.trimEnd()).sort());
});

step('objects are by day and hour, and compressed', async () => {
  const objects = await pipeline.objects(PREFIXES.logs);
  expect(objects.length).toBeGreaterThan(0);
  for (const { key } of objects)
    expect(key).toMatch(/^logs\/dt=\d{4}-\d{2}-\d{2}\/hour=\d{2}\/dev-logs-1-[\d-]+-[0-9a-f-]{36}\.gz$/);
});

step('rules that are wrong are refused, and nothing changes', async () => {
  const bad = ruleFile('bad.yaml', RULES.replace("'password=\\S+'", "'(?=password)'"));
  const { code, output } = await pipeline.hajime(['push', NAME, '--sandbox', '--rules', bad]);
  expect([code, output]).toEqual([expect.any(Number), expect.stringContaining('rules[0].redact[0].pattern')]);
  expect(code).not.toBe(0);
});

step('rules that are pushed decide every batch that is handed over a minute later', async () => {
  await hajime('push', NAME, '--sandbox', '--rules', ruleFile('good.yaml', RULES));
  const seconds = await secondsUntil('dropped');
  process.stderr.write(`rules in force ${seconds.toFixed(1)} s after the push\n`);
  expect(seconds).toBeLessThan(60);
});

step('each line goes where the rules say', async () => {
  const [shop, noise, sampled, live] = [
    lines(100, 'shop'),
    lines(100, 'noise'),
    lines(400, 'sampled'),
    lines(30, 'live'),
  ];
  const secret = lines(5, 'shop', 'login password=hunter2 ok');
  await deliver(shop, noise, sampled, live, secret);
  expect(await keptOf(shop)).toEqual(idsOf(shop));
  expect(await keptOf(noise)).toEqual([]);
  expect(await keptOf(live)).toEqual(idsOf(live));
  const some = await keptOf(sampled);
  expect(some.length).toBeGreaterThan(120);
  expect(some.length).toBeLessThan(280);
  // whole traces: the lines of one are kept or dropped together
  const traces = new Map<string, boolean>();
  for (const line of sampled) {
    const { trace } = JSON.parse(line) as { trace: string };
    const kept = some.includes(idsIn(line)[0] ?? '');
    expect(traces.get(trace) ?? kept).toBe(kept);
    traces.set(trace, kept);
  }
  expect(await keptOf(secret)).toEqual(idsOf(secret));
  const all = (await pipeline.kept()).join('\n');
  expect(all).not.toContain('hunter2');
  expect(all).toContain('password=***');
});

step('what a rule also wants in CloudWatch Logs is there, and nothing else', async () => {
  const hot = idsOf(await pipeline.hot());
  expect(hot.length).toBe(30);
  expect(hot.every((id) => id.startsWith('live-'))).toBe(true);
});

step('the archive has everything, also what was dropped', async () => {
  const archived = new Set(idsOf(linesOf(await pipeline.objects('', pipeline.outputs.Archive))));
  expect(archived.size).toBe(number);
});

step(
  'what cannot be parsed is in an envelope under a prefix of its own, and its neighbours are not touched',
  async () => {
    const good = lines(3, 'shop');
    const bad = ['{"log":"cut off id=bad-1', 'not JSON at all id=bad-2', '{"log":"bad byte \xff id=bad-3"'];
    const record = Buffer.concat([
      Buffer.from(good[0] ?? ''),
      ...bad.map((line) => Buffer.from(`${line}\n`, 'latin1')),
      Buffer.from(good[1] ?? ''),
      Buffer.from(good[2] ?? ''),
    ]);
    await pipeline.send([record]);
    await pipeline.flush();
    expect(await keptOf(good)).toEqual(idsOf(good));
    const envelopes = linesOf(await pipeline.objects(PREFIXES.unparsed)).map(
      (line) => JSON.parse(line) as { raw: string; error: string },
    );
    expect(idsOf(envelopes.map(({ raw }) => raw))).toEqual(['bad-1', 'bad-2', 'bad-3']);
    for (const { error } of envelopes) expect(error).toMatch(/\w+/);
    expect(idsOf(await pipeline.kept()).filter((id) => id.startsWith('bad'))).toEqual([]);
  },
);

step('the sample queries find it all', async () => {
  const said = (id: string, log: string, more: Readonly<Record<string, unknown>> = {}): string =>
    agentLine(id, 'shop', '', { log, ...more });
  await deliver([
    // errors: the level in a field, in JSON, as a number, in klog's head, as a word, or nothing but stderr
    agentLine('e-1', 'live', 'boom', { level: 'ERROR' }),
    agentLine('e-2', 'shop', 'boom', { stream: 'stderr' }),
    said('e-3', '{"ts":1,"level":"error","msg":"boom id=e-3"}'),
    said('e-4', '{"level":50,"time":1,"msg":"boom id=e-4"}'),
    said('e-5', '{"severity":"CRITICAL","msg":"boom id=e-5"}'),
    said('e-6', 'E1125 07:08:09.123456       1 main.go:7] boom id=e-6', { stream: 'stderr' }),
    said('e-7', '2026-11-25 07:08:09 ERROR boom id=e-7'),
    // none, whatever they speak of and wherever they come from
    said('e-8', '{"level":30,"msg":"no error id=e-8"}'),
    said('e-9', 'I1125 07:08:09.123456       1 main.go:7] error count 0 id=e-9', { stream: 'stderr' }),
    said('e-10', '{"level": cut off id=e-10'),
  ]);
  expect(await pipeline.query('errors-today')).toEqual([
    expect.objectContaining({ namespace: 'shop', container: 'main', lines: 6 }),
    { namespace: 'live', container: 'main', lines: 1, example: 'boom id=e-1' },
  ]);
  expect(await pipeline.query('errors-over-time')).toEqual([
    { since: '07:00', namespace: 'shop', lines: 6 },
    { since: '07:00', namespace: 'live', lines: 1 },
  ]);
  await deliver(
    [
      '[2026/11/25 07:08:09] [ warn] [output:kinesis_firehose:kinesis_firehose.0] [size=1024001] Discarding record which is larger than max size allowed, dev-logs',
      "[2026/11/25 07:08:09] [ warn] [engine] failed to flush chunk '1-1.flb', retry in 6 seconds: task_id=0",
      '[2026/11/25 07:08:09] [ info] [engine] started',
    ].map(agentOwnLine),
  );
  expect(await pipeline.query('agent-trouble')).toEqual([
    expect.objectContaining({ lost: true, lines: 1, example: expect.stringContaining('Discarding') as string }),
    expect.objectContaining({ lost: false, lines: 1 }),
  ]);
  const volume = await pipeline.query('volume-by-namespace');
  const kept = await pipeline.kept();
  const of = (namespace: string): number =>
    kept.filter((line) => line.includes(`"namespace_name":"${namespace}"`)).length;
  for (const namespace of ['shop', 'live', 'sampled', 'noise'])
    expect(volume).toContainEqual(expect.objectContaining({ namespace, lines: of(namespace) }));
  const unparsed = await pipeline.query('unparsed');
  expect(unparsed.reduce((sum, { lines: count }) => sum + Number(count), 0)).toBe(3);
  expect(await pipeline.query('lines-of-a-pod')).toEqual([]);
});

/** Lets the time pass in which new rules are watched. */
async function bakeTimeOver(): Promise<void> {
  await world.control('PUT', 'speed', { appconfig: 1000 });
  const { stdout } = await pipeline.hajime(['status', NAME, '--sandbox', '--json']);
  await world.control('PUT', 'speed', { appconfig: 1 });
  expect(JSON.parse(stdout)).toMatchObject({ running: null, ringing: [], unknown: [] });
}

step('rules that eat everything are taken back by their alarm', async () => {
  await bakeTimeOver();
  const all = ruleFile('all.yaml', 'version: 1\nrules:\n  - { id: all, action: drop, match: { namespace: "*" } }\n');
  await hajime('push', NAME, '--sandbox', '--rules', all);
  const { client } = await world.cdk(config);
  const { StackResources = [] } = await new CloudFormationClient(client).send(
    new DescribeStackResourcesCommand({ StackName: 'dev-Logs' }),
  );
  const alarm = StackResources.find(({ LogicalResourceId }) => LogicalResourceId?.includes('EatsEverything'));
  const cloudWatch = new CloudWatchClient(client);
  const ring = (StateValue: 'ALARM' | 'OK'): Promise<unknown> =>
    cloudWatch.send(
      new SetAlarmStateCommand({ AlarmName: alarm?.PhysicalResourceId, StateValue, StateReason: 'a test says so' }),
    );
  await ring('ALARM'); // no alarm is evaluated here
  const status = await pipeline.hajime(['status', NAME, '--sandbox', '--json']);
  const push = await pipeline.hajime(['push', NAME, '--sandbox', '--rules', all]);
  await ring('OK');
  const name = alarm?.PhysicalResourceId;
  expect(status.code).toBe(1);
  expect(JSON.parse(status.stdout)).toMatchObject({
    live: { version: 1 },
    rollouts: [{ version: 2, state: 'ROLLED_BACK', takenBackBy: { by: 'alarm', alarm: name } }, {}],
    ringing: [{ name }],
  });
  expect([push.code, push.output]).toEqual([
    1,
    expect.stringContaining(`Nothing was pushed: alarm ${name} is ringing`),
  ]);
});

step('a rollback is in force within a minute too', async () => {
  const loud = ruleFile('loud.yaml', RULES.replace('action: drop', 'action: keep'));
  await hajime('push', NAME, '--sandbox', '--rules', loud);
  expect(await secondsUntil('kept')).toBeLessThan(60);
  await hajime('rollback', NAME, '--sandbox');
  const seconds = await secondsUntil('dropped');
  process.stderr.write(`rules of before in force ${seconds.toFixed(1)} s after the rollback\n`);
  expect(seconds).toBeLessThan(60);
});

step('a sample of today shows what the rules do to it, and what is worth another', async () => {
  const words = [NAME, '--sandbox', '--sample', 'today', '--rules', path.join(folder, 'good.yaml')];
  const tested = JSON.parse(await hajime('test', ...words, '--json')) as { sample: { rules: Record<string, unknown> } };
  expect(tested.sample.rules).toMatchObject({ noise: { dropped: { records: expect.any(Number) as number } } });
  expect(await hajime('suggest', ...words)).toContain('shop/main');
});

step('what the rules dropped comes back from the archive, once, however often it is asked for', async () => {
  await hajime('push', NAME, '--sandbox', '--rules', path.join(folder, 'loud.yaml'));
  await secondsUntil('kept');
  const noise = idsOf(linesOf(await pipeline.objects('', pipeline.outputs.Archive))).filter((id) =>
    id.startsWith('noise'),
  );
  const replayed = ['replay', NAME, '--sandbox', '--from', 'archive', '--since', '2h', '--dropped-by', '1'];
  // and with it what was sampled away
  expect(await hajime(...replayed, '--dry-run')).toMatch(/^\d+ lines, .* would be sent/);
  for (let times = 0; times < 2; times++) {
    await hajime(...replayed);
    await pipeline.flush();
    const kept = idsOf(await pipeline.kept()).filter((id) => id.startsWith('noise'));
    expect([...new Set(kept)]).toEqual([...new Set(noise)]);
    // those that were kept before there were rules, or while these were not in force, came a second time; none a third
    for (const id of new Set(noise)) expect(kept.filter((each) => each === id).length).toBeLessThanOrEqual(2);
  }
});

step('the hot copy is written once more from what was kept', async () => {
  const before = idsOf(await pipeline.hot());
  await hajime('replay', NAME, '--sandbox', '--from', 'hot', '--since', '2h');
  const after = idsOf(await pipeline.hot());
  expect([...new Set(after)]).toEqual([...new Set(before)]);
  expect(after.length).toBe(2 * before.length);
});

step('destroying it leaves what holds data to be emptied first', async () => {
  const cdk = await world.cdk(config);
  await expect(cdk.deleteStack('dev-Logs')).rejects.toThrow();
  expect((await world.statuses(NAME, config)).Logs).toBe('DELETE_FAILED');
});

step('once the rules are forgotten and the buckets are empty it goes', async () => {
  await bakeTimeOver();
  expect(await hajime('forget', NAME, '--sandbox', '--yes')).toContain('Deleted ');
  for (const bucket of [pipeline.outputs.Bucket, pipeline.outputs.Archive]) await pipeline.empty(bucket);
  const cdk = await world.cdk(config);
  await cdk.deleteStack('dev-Logs');
  expect((await world.statuses(NAME, config)).Logs).toBeUndefined();
});
