import { readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { platforms } from '../../config';
import { examples } from '../../examples';
import { AGENT_FOLDER, agentFiles } from '../../lib/logs/agents/agent-files';
import { fargateRouterConfig, MOST_CHARACTERS } from '../../lib/logs/agents/fargate-router';
import { FLUENT_BIT_IMAGE } from '../../lib/logs/agents/fluent-bit';
import { FLUSH_SECONDS } from '../../lib/logs/stream-records';

const root = path.join(__dirname, '..', '..');
const folder = path.join(root, AGENT_FOLDER);
const files = agentFiles(platforms);

test('the files in k8s/ are what is rendered; `npm run render:agents` writes them', () => {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)));
  expect(found.sort()).toEqual(Object.keys(files).sort());
  for (const [file, text] of Object.entries(files)) expect(readFileSync(path.join(folder, file), 'utf8')).toBe(text);
});

test('they are YAML, and every one says where it comes from', () => {
  for (const text of Object.values(files)) {
    expect(text).toMatch(/^# Rendered by /);
    for (const document of parseAllDocuments(text)) expect(document.errors).toEqual([]);
  }
});

/**
 * The keys Fluent Bit documents, of those that are used here; no Fluent Bit is at hand to ask. Read 2026-11-28 at
 * https://docs.fluentbit.io/manual: administration/configuring-fluent-bit/yaml/service-section, data-pipeline/inputs/tail,
 * data-pipeline/filters/kubernetes, data-pipeline/outputs/firehose; `simple_aggregation` in fluent/fluent-bit#11284.
 */
const KEYS = {
  service: [
    ...['flush', 'grace', 'log_level', 'http_server', 'http_listen', 'http_port', 'health_check', 'hot_reload'],
    ...['scheduler.base', 'scheduler.cap', 'storage.path', 'storage.backlog.mem_limit', 'storage.metrics'],
  ],
  tail: [
    ...['name', 'tag', 'path', 'multiline.parser', 'db', 'refresh_interval', 'rotate_wait', 'read_from_head'],
    ...['buffer_max_size', 'skip_long_lines', 'storage.type'],
  ],
  kubernetes: [
    ...['name', 'match', 'labels', 'annotations', 'merge_log', 'k8s-logging.parser', 'k8s-logging.exclude'],
    ...['buffer_size', 'kube_meta_cache_ttl'],
  ],
  firehose: [
    ...['name', 'match', 'region', 'delivery_stream', 'simple_aggregation', 'auto_retry_requests', 'retry_limit'],
    ...['storage.total_limit_size'],
  ],
} as const;

/** A file of kustomize, as far as it is looked at. */
interface Kustomization {
  readonly resources: readonly string[];
  readonly configMapGenerator?: readonly { readonly name: string; readonly files?: readonly string[] }[];
}

test.each(Object.keys(files).filter((file) => file.endsWith('kustomization.yaml')))(
  '%s names only files that are there, and every one of its folder',
  (file) => {
    const { resources, configMapGenerator = [] } = parse(files[file] ?? '') as Kustomization;
    const here = path.posix.dirname(file);
    const named = [...resources, ...configMapGenerator.flatMap((map) => map.files ?? [])].map((name) =>
      path.posix.join(here, name),
    );
    for (const name of named) expect([name in files, `${name}/kustomization.yaml` in files]).toContain(true);
    const others = Object.keys(files).filter((name) => path.posix.dirname(name) === here && name !== file);
    expect(named.filter((name) => name.startsWith(`${here}/`)).sort()).toEqual(others.sort());
  },
);

test('every ConfigMap the agents read is made by the base or by each overlay', () => {
  const made = (file: string): string[] =>
    ((parse(files[file] ?? '') as Kustomization).configMapGenerator ?? []).map(({ name }) => name);
  const read = [...(files['base/agent.yaml'] ?? '').matchAll(/(?:configMap|configMapKeyRef):\s+name: (\S+)/g)];
  const overlays = Object.keys(files).filter((file) => /^overlays\/[^/]+\/kustomization\.yaml$/.test(file));
  expect(overlays.length).toBeGreaterThan(0);
  for (const overlay of overlays)
    expect([...made('base/kustomization.yaml'), ...made(overlay)].sort()).toEqual(read.map(([, name]) => name).sort());
});

/** An agent's configuration, as far as it is looked at. */
interface Config {
  readonly service: Readonly<Record<string, unknown>>;
  readonly pipeline: Readonly<Record<'inputs' | 'filters' | 'outputs', readonly Record<string, unknown>[]>>;
}

describe('an agent on a node', () => {
  const { service, pipeline } = parse(files['base/fluent-bit.yaml'] ?? '') as Config;

  test('sends everything: it has no filter but the one that says where a line comes from', () => {
    expect(pipeline.filters.map(({ name }) => name)).toEqual(['kubernetes']);
    expect(pipeline.filters[0]).toMatchObject({ labels: 'on', annotations: 'off', 'k8s-logging.exclude': 'off' });
    expect(pipeline.inputs[0]).not.toHaveProperty('exclude_path');
  });

  test('has one destination, and aggregates for it', () => {
    expect(pipeline.outputs).toEqual([
      expect.objectContaining({ name: 'kinesis_firehose', match: '*', simple_aggregation: 'on' }),
    ]);
    const [, major, minor, patch] = /:(\d+)\.(\d+)\.(\d+)$/.exec(FLUENT_BIT_IMAGE) ?? [];
    const version = Number(major) * 10_000 + Number(minor) * 100 + Number(patch);
    expect(version).toBeGreaterThanOrEqual(40_202); // the first with simple_aggregation
  });

  test('is known to Fluent Bit by every key: a wrong one would stop it, or be passed over in silence', () => {
    const unknown = (given: readonly Readonly<Record<string, unknown>>[], known: readonly string[]): string[] =>
      given.flatMap((section) => Object.keys(section)).filter((key) => !known.includes(key));
    expect(unknown([service], KEYS.service)).toEqual([]);
    expect(unknown(pipeline.inputs, KEYS.tail)).toEqual([]);
    expect(unknown(pipeline.filters, KEYS.kubernetes)).toEqual([]);
    expect(unknown(pipeline.outputs, KEYS.firehose)).toEqual([]);
  });

  test('is given the variables it names, but for the region, which comes with pod identity', () => {
    const named = [...(files['base/fluent-bit.yaml'] ?? '').matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name);
    const given = [...(files['base/agent.yaml'] ?? '').matchAll(/- name: ([A-Z_]+)$/gm)].map(([, name]) => name);
    expect(named.sort()).toEqual([...given, 'AWS_REGION'].sort());
  });

  test('waits for full records, never long for a stream that is back, and takes no orders', () => {
    expect(service).toMatchObject({ flush: FLUSH_SECONDS, 'scheduler.cap': 60, hot_reload: 'off' });
  });

  test('names nothing but the stream: no account, role, region or registry of AWS', () => {
    const base = Object.entries(files).filter(([file]) => file.startsWith('base/'));
    for (const [, text] of base) expect(text).not.toMatch(/\barn:|\d{12}|amazonaws|[a-z]{2}-[a-z]+-\d\b|eks\./);
    const overlay = agentFiles({ shop: { env: { account: '111122223333', region: 'eu-west-1' }, logs: {} } });
    expect(overlay['overlays/shop/kustomization.yaml']).toContain('- stream=shop-logs\n');
  });
});

describe('the log router of Fargate', () => {
  const text = agentFiles({ fargate: { ...examples.fargate!, logs: {} } })['overlays/fargate/fargate.yaml'] ?? '';
  const golden = path.join(__dirname, 'rendered', 'fargate.yaml');

  test('is rendered as reviewed', () => {
    expect(text).toBe(readFileSync(golden, 'utf8'));
  });

  test('fits what EKS takes, with the longest name and region there are', () => {
    for (const aggregation of [true, false]) {
      const data = fargateRouterConfig({ region: 'ap-southeast-1', stream: 'x'.repeat(64), aggregation });
      expect(Object.values(data).join('').length).toBeLessThan(MOST_CHARACTERS);
    }
  });

  test('has only the sections and filters EKS knows', () => {
    const data = fargateRouterConfig({ region: 'eu-west-1', stream: 's', aggregation: false });
    const all = Object.values(data).join('\n');
    expect([...all.matchAll(/^\[(\w+)\]$/gm)].map(([, name]) => name)).toEqual([
      'PARSER',
      'FILTER',
      'FILTER',
      'OUTPUT',
    ]);
    expect([...all.matchAll(/^ {4}Name +(\S+)$/gm)].map(([, name]) => name)).toEqual([
      'crio',
      'parser',
      'kubernetes',
      'kinesis_firehose',
    ]);
    expect(data.flb_log_cw).toBe('false');
  });

  test('aggregates only where the config says its Fluent Bit can', () => {
    const of = (aggregation: boolean): string | undefined =>
      fargateRouterConfig({ region: 'eu-west-1', stream: 's', aggregation })['output.conf'];
    expect(of(false)).not.toContain('simple_aggregation');
    expect(of(true)).toMatch(/^ {4}simple_aggregation On$/m);
  });

  test('a platform without Fargate has none, and its agents go to every node', () => {
    const { 'overlays/dev/kustomization.yaml': overlay, ...others } = agentFiles({
      dev: { env: { account: '111122223333', region: 'eu-west-1' }, logs: {} },
    });
    expect(overlay).not.toContain('compute-type');
    expect(Object.keys(others).filter((file) => file.startsWith('overlays'))).toEqual([]);
  });
});
