import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { platforms } from '../../config';
import type { PlatformConfig } from '../../lib/platform-config';
import { aggregated, agentLine, idsIn } from './log-line';
import { Pipeline, type Counts } from './pipeline';
import { steps, World } from './world';

/**
 * Nothing that was accepted is lost, whatever fails: every line is kept, or dropped by a rule, or failed and can be
 * replayed. Lines that come twice are counted. The deployed filter function's own code, behind stand-ins for Firehose and
 * AppConfig that do what stands in GAPS.md.
 */
const NAME = 'dev';
const config: PlatformConfig = { ...platforms.dev!, logs: { retainOnDelete: false } };
const RULES = `
version: 1
rules:
  - id: longer
    action: redact
    match: { namespace: grow }
    redact: [{ pattern: '#', replace: '[hash][hash]' }]
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
const SHARES = [0, 0.05, 0.3, 0.7];
jest.setTimeout(300_000);

/** Batches of a run, and lines of a batch. */
const BATCHES = 16;
const LINES = 120;

const step = steps();
let world: World;
let pipeline: Pipeline;
let folder: string;
let before: Counts;

beforeAll(async () => {
  world = await World.start();
  folder = mkdtempSync(path.join(tmpdir(), 'rules-'));
  await world.deploy(NAME, config, 'Logs');
  pipeline = await Pipeline.of(world, NAME, config);
  const file = path.join(folder, 'rules.yaml');
  writeFileSync(file, RULES);
  const { code, output } = await pipeline.hajime(['push', NAME, '--sandbox', '--rules', file]);
  if (code !== 0) throw new Error(output);
  await pipeline.hurry(config);
  before = (await pipeline.flush()).main;
});

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await world.stop();
});

/** What became of the lines of a run. */
interface Ledger {
  readonly sent: readonly string[];
  readonly kept: ReadonlyMap<string, number>;
  readonly failed: ReadonlyMap<string, number>;
}

function counted(ids: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}

async function ledger(run: string, sent: readonly string[]): Promise<Ledger> {
  const mine = (ids: readonly string[]): string[] => ids.filter((id) => id.startsWith(`${run}-`));
  const kept = mine((await pipeline.kept()).flatMap(idsIn));
  return { sent, kept: counted(kept), failed: counted(mine(await pipeline.failedIds())) };
}

/** Sends a run's lines in many batches; the ids sent. */
async function send(run: string): Promise<string[]> {
  const sent: string[] = [];
  for (let batch = 0; batch < BATCHES; batch++) {
    const lines = Array.from({ length: LINES }, (_, index) => {
      const namespace = ['shop', 'noise', 'sampled', 'live'][index % 4] ?? 'shop';
      const id = `${run}-${namespace}-${batch}-${index}`;
      sent.push(id);
      return agentLine(id, namespace, 'GET / 200', { trace: `${batch}-${index >> 4}` });
    });
    await pipeline.send(aggregated(lines, 16 * 1024));
    await pipeline.flush();
  }
  return sent;
}

/** Whether the rules keep a line: of `sampled` only those know that have seen a run without failures. */
const SAMPLED = new Map<string, boolean>();
function wanted(id: string): boolean {
  const [, namespace = ''] = id.split('-').slice(-4);
  if (namespace === 'noise') return false;
  if (namespace !== 'sampled') return true;
  return SAMPLED.get(id.split('-').slice(-3).join('-')) ?? false;
}

/** Numbers of a run for people, and for the checks. */
async function run(name: string, faults: Readonly<Record<string, unknown>>): Promise<Ledger> {
  await pipeline.faults({ seed: 7, ...faults });
  const sent = await send(name);
  const injected = await world.control<Record<string, number>>('GET', 'faults');
  await pipeline.faults();
  const { main } = await pipeline.flush();
  const found = await ledger(name, sent);
  const twice = [...found.kept.values()].reduce((sum, count) => sum + count - 1, 0);
  const since = (key: 'accepted' | 'batches' | 'attempts' | 'failed' | 'refused'): number => main[key] - before[key];
  process.stderr.write(
    `${name}: sent ${sent.length}, kept ${found.kept.size}, failed ${found.failed.size}, twice ${twice}; ` +
      `records ${since('accepted')}, refused ${since('refused')}, batches ${since('batches')}, attempts ${since('attempts')}; injected ${JSON.stringify(injected)}\n`,
  );
  before = main;
  return found;
}

/** Every id is in exactly one of kept, dropped, failed; what was kept or dropped is what the rules say. */
function check({ sent, kept, failed }: Ledger, keepsMore = false): void {
  const lost = sent.filter((id) => wanted(id) && !kept.has(id) && !failed.has(id));
  expect(lost).toEqual([]);
  const wronglyKept = sent.filter((id) => !wanted(id) && kept.has(id));
  if (!keepsMore) expect(wronglyKept).toEqual([]);
  expect([...kept.keys(), ...failed.keys()].filter((id) => !sent.includes(id))).toEqual([]);
}

step('without failures every line is where the rules say, once', async () => {
  const { sent, kept, failed } = await run('calm', {});
  for (const id of sent) if (id.includes('-sampled-')) SAMPLED.set(id.split('-').slice(-3).join('-'), kept.has(id));
  expect(failed.size).toBe(0);
  expect([...kept.values()].every((count) => count === 1)).toBe(true);
  check({ sent, kept, failed });
  const sampled = [...SAMPLED.values()];
  const share = sampled.filter(Boolean).length / sampled.length;
  expect(share).toBeGreaterThan(0.35);
  expect(share).toBeLessThan(0.65);
});

for (const share of SHARES) {
  const percent = `${share * 100} %`;
  const name = (what: string): string => `${what}${share * 100}`;

  step(
    `${percent} of the invocations throw, crash, time out or are throttled: no line is lost, no decision changes`,
    async () => {
      const each = share / 4;
      check(await run(name('invocation'), { functions: { throw: each, crash: each, timeout: each, throttle: each } }));
    },
  );

  step(`${percent} of the calls of S3 fail, half of them after their work: no line is lost`, async () => {
    const services = [
      { service: 's3', share: share / 2, when: 'before' },
      { service: 's3', share: share / 2, when: 'after' },
    ];
    const found = await run(name('s3'), { services });
    expect(found.failed.size).toBe(0);
    check(found);
  });

  step(`${percent} of the looks at the rules fail: the last good ones decide`, async () => {
    const found = await run(name('rules'), { services: [{ service: 'appconfigdata', share }] });
    expect(found.failed.size).toBe(0);
    check(found);
  });

  step(`${percent} of the records and of the answers to agents are lost on the way: agents send again`, async () => {
    const services = [{ service: 'firehose', share: share / 2, when: 'after', operation: 'PutRecordBatch' }];
    const found = await run(name('agents'), { entries: share / 2, services });
    check(found);
    if (share > 0) expect(Math.max(...found.kept.values())).toBeGreaterThan(1); // and are counted
  });

  step(`${percent} of the hot copies fail: the bucket has every line all the same`, async () => {
    const found = await run(name('hot'), { services: [{ service: 'logs', share }] });
    expect(found.failed.size).toBe(0);
    check(found);
  });

  step(`${percent} of everything at once: no line is lost`, async () => {
    const each = share / 4;
    const found = await run(name('all'), {
      functions: { throw: each, crash: each, timeout: each, throttle: each },
      entries: share,
      services: [
        { service: 's3', share: share / 2, when: 'before' },
        { service: 's3', share: share / 2, when: 'after' },
        { service: 'appconfigdata', share },
        { service: 'logs', share },
        { service: 'firehose', share: share / 2, when: 'after', operation: 'PutRecordBatch' },
      ],
    });
    // an environment that starts while the rules cannot be read keeps everything
    check(found, true);
  });
}

for (const share of [0, 0.3]) {
  step(
    `an answer that would be too large goes round again in parts, ${share * 100} % of them refused at first`,
    async () => {
      const name = `grown${share * 100}`;
      await pipeline.faults({ seed: 3, entries: share });
      const sent: string[] = [];
      const lines = Array.from({ length: 3000 }, (_, index) => {
        const id = `${name}-grow-0-${index}`;
        sent.push(id);
        return agentLine(id, 'grow', `${'#'.repeat(160)} `);
      });
      await pipeline.send(aggregated(lines, 100 * 1024));
      const { main } = await pipeline.flush();
      await pipeline.faults();
      const { kept, failed } = await ledger(name, sent);
      const again = main.accepted - before.accepted - aggregated(lines, 100 * 1024).length;
      process.stderr.write(
        `${name}: sent ${sent.length}, kept ${kept.size}, failed ${failed.size}, records that went round again ${again}, codes ${JSON.stringify(main.codes)}\n`,
      );
      before = main;
      expect(again).toBeGreaterThan(0);
      expect(sent.filter((id) => !kept.has(id) && !failed.has(id))).toEqual([]);
      expect([...kept.keys()].filter((id) => failed.has(id))).toEqual([]);
      expect([...kept.values()].filter((count) => count > 1)).toEqual([]);
      const grown = (await pipeline.kept()).find((line) => line.includes(`id=${name}-grow-0-7"`));
      expect(grown).toContain('[hash][hash]');
    },
  );
}

step('what failed is replayed, and then every line is where the rules say', async () => {
  const failed = new Set(await pipeline.failedIds());
  expect(failed.size).toBeGreaterThan(0);
  const { code, output } = await pipeline.hajime([
    'replay',
    NAME,
    '--sandbox',
    '--from',
    'failed',
    '--since',
    '1h',
    '--mb-per-second',
    '100',
  ]);
  expect([code, output]).toEqual([0, expect.any(String)]);
  await pipeline.flush();
  const kept = new Set((await pipeline.kept()).flatMap(idsIn));
  expect([...failed].filter((id) => wanted(id) && !kept.has(id))).toEqual([]);
  expect(new Set(await pipeline.failedIds())).toEqual(failed); // nothing new, and nothing is deleted
});
