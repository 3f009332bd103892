import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { parse } from 'yaml';
import { localParts } from '../../bin/logs/sample';
import type { Sample } from '../../bin/logs/sample-source';
import { showSuggestions, type SuggestOptions } from '../../bin/logs/suggest';
import { suggestionYaml } from '../../bin/logs/suggest-yaml';
import { parseRules } from '../../lib/logs/rules/parse-rules';
import { MinedSample } from '../../lib/logs/suggestions/mined-sample';
import { suggestions } from '../../lib/logs/suggestions/suggestions';
import { noisyLines } from '../logs/suggestions/lines';
import { hajime, heard, type Said } from './in-process';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'hajime-suggest-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Writes a file and gives its path. */
const written = (name: string, content: string | Buffer): string => {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  return file;
};

const RULES = `version: 1
rules:
  - id: noise
    action: drop
    match: { message: { contains: tick } }
    tests: [{ record: { log: tick }, expect: drop }]
  - id: live
    action: keep
    match: { namespace: shop, minLevel: warn }
    to: [archive, cloudwatch]
`;

const record = (namespace: string, log: string, more: object = {}): string =>
  JSON.stringify({
    log,
    ...more,
    kubernetes: { namespace_name: namespace, container_name: 'web', pod_name: `${namespace}-1` },
  });
const times = (count: number, line: (index: number) => string): string[] =>
  Array.from({ length: count }, (_, index) => line(index));

const SAMPLE = [
  ...times(60, (i) => record('shop', `10.0.0.${i} "GET /healthz HTTP/1.1" 200 ${i} "kube-probe/1.30"`)),
  ...times(40, (i) => record('shop', `DEBUG cart ${i} of ann${i}@example.com was read from the cache`)),
  ...times(30, (i) => record('shop', `payment slow: ${i} ms`, { level: 'warn' })),
  ...times(20, (i) => record('pay', JSON.stringify({ level: 'info', msg: `entry ${i} posted`, password: 'hunter22' }))),
  ...times(10, (i) => record('pay', `lost entry ${i}`, { level: 'error' })),
  ...times(5, (i) => record('pay', `tick ${i}`)),
  'no json at all',
].join('\n');

const suggest = (...more: readonly string[]): Promise<Said> =>
  hajime('logs', 'suggest', '--rules', written('rules.yaml', RULES), ...more);
const cells = (stdout: string): string[][] =>
  stdout.split('\n').flatMap((line) => (line.startsWith('│') ? [line.split('│').map((cell) => cell.trim())] : []));

describe('suggest', () => {
  test.each([
    ['plain', SAMPLE],
    ['gzip', gzipSync(SAMPLE)],
  ])('shows the largest patterns of what is kept, and rules for them, %s', async (name, content) => {
    const { status, stdout, stderr } = await suggest('--sample', written(name, content));
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^166 records, \d+\.\d kB \(.*\); the rules keep 98 %\n/);
    const [, ...rows] = cells(stdout);
    // rank, workload, pattern, records, level, kept by, rule
    expect(rows.map((row) => [1, 2, 3, 4, 7, 9, 10].map((at) => row[at]))).toEqual([
      ['1', 'shop/web', '<ip> "GET /healthz HTTP/<num>" <num> <num> "kube-probe/<num>"', '60', '–', 'default', 'drop'],
      [
        '2',
        'shop/web',
        expect.stringMatching(/^DEBUG cart <num> of .* was read from the cache$/),
        '40',
        'debug',
        'default',
        'drop',
      ],
      ['3', 'shop/web', 'payment slow: <num> ms', '30', 'warn', 'live', 'sample 0.1'],
      ['4', 'pay/web', 'entry <num> posted', '20', 'info', 'default', 'sample 0.1'],
      ['5', 'pay/web', 'lost entry <num>', '10', 'error', 'default', 'guarded'],
    ]);
    expect(stdout).toContain('In brackets: what is not sent to CloudWatch Logs now, and costs nothing there.');
    expect(stdout).toMatch(/^1 record, 0\.\d+ % of what is kept, no JSON: no rule can take it\.$/m);
    expect(stdout).toMatch(/^ 1 {2}drop web-probes: takes 60 records, nothing else$/m);
    expect(stdout).toMatch(
      /^ 3 {2}sample 0\.1 web-payment-slow-ms: takes 30 records, nothing else; before rule "live", which keeps them$/m,
    );
    expect(stdout).toMatch(/^ 5 {2}no rule: guarded by neverDrop$/m);
    expect(stdout).toMatch(/^With these rules \d\d % less would be kept\. CloudWatch Logs would take/m);
  });

  test('reckons what CloudWatch Logs takes for a day, in the prices of the region', async () => {
    const sample = written('sample', SAMPLE);
    const { stdout } = await suggest('--sample', sample, '--gb-per-day', '100', '--region', 'us-east-1');
    const [head, ...rows] = cells(stdout);
    expect(head?.[8]).toBe('In CloudWatch a day');
    // half a dollar a GB, of 100; what is not sent there stands in brackets
    expect(rows.map((row) => row[8])).toEqual([
      expect.stringMatching(/^\(\$\d\d\.\d\d\)$/),
      expect.stringMatching(/^\(/),
      expect.stringMatching(/^\$\d\.\d\d$/),
      expect.stringMatching(/^\(/),
      expect.stringMatching(/^\(/),
    ]);
  });

  const shown = async (more: Partial<Sample>, options: Partial<SuggestOptions>): Promise<string> => {
    const sample: Sample = { parts: localParts(written('sample', SAMPLE)), from: 'yesterday', ...more };
    const { rules } = parseRules(RULES);
    const all = { region: 'us-east-1', top: 10, ...options };
    return (await heard(() => showSuggestions({ file: 'rules.yaml', rules: rules! }, sample, all))).stdout;
  };

  test('without prices of the region of a platform there is no money in it', async () => {
    const text = await shown({}, { region: 'xx-none-1', gbPerDay: 5 });
    expect(text).toContain('What CloudWatch Logs charges in xx-none-1 is not in lib/logs/prices.json');
    expect(text).not.toMatch(/\$|NaN/);
    expect(await shown({}, { region: 'xx-none-1', yaml: true })).not.toMatch(/\$\d|NaN/);
  });

  test('a sample of what rules kept is told of as such', async () => {
    expect(await shown({ keptOnly: true }, {})).toMatch(/^The sample is what the rules of then kept\.$/m);
    expect(await shown({ keptOnly: true }, { gbPerDay: 5 })).toMatch(
      /^The sample is what the rules of then kept, and 5 GB a day are taken for that\.$/m,
    );
    expect(JSON.parse(await shown({ keptOnly: true }, { json: true }))).toMatchObject({ keptOnly: true });
  });

  test.each([200, 130, 100, 60])('fits into a terminal of %d columns', async (columns) => {
    const before = Object.getOwnPropertyDescriptor(process.stdout, 'columns');
    Object.defineProperty(process.stdout, 'columns', { value: columns, configurable: true });
    try {
      const text = await shown({}, {});
      const table = text.split('\n').slice(
        1,
        text.split('\n').findIndex((line) => line.startsWith('In brackets')),
      );
      expect(Math.max(...table.map((line) => line.length))).toBeLessThanOrEqual(columns);
      expect(text).toContain('GET /healthz');
    } finally {
      if (before === undefined) delete (process.stdout as { columns?: number }).columns;
      else Object.defineProperty(process.stdout, 'columns', before);
    }
  });

  test('--yaml prints rules that can be pasted where it says, and are checked and tested there', async () => {
    const { status, stdout } = await suggest('--sample', written('sample', SAMPLE), '--yaml');
    expect(status).toBe(0);
    expect(stdout).toContain('before rule "live": behind it, some of them would do nothing.');
    expect(stdout).toMatch(/^ {2}# 60 records, .* of what is kept, nothing else$/m);
    expect(stdout).toMatch(/^ {2}# saves \d+\.\d kB, <\$\S+ in CloudWatch Logs$/m);
    expect(stdout).toMatch(/^ {2}# before rule "live", which keeps them$/m);
    expect(stdout).not.toMatch(/hunter22|ann\d*@example|expires/);
    const pasted = written('pasted.yaml', RULES.replace('  - id: live', `${stdout}\n  - id: live`));
    const check = await hajime('logs', 'check', '--rules', pasted);
    expect([check.status, check.stdout]).toEqual([0, `✓ ${pasted}: 6 rules\n\nNo problems.\n`]);
    expect(await hajime('logs', 'test', '--rules', pasted)).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/ \d+ tests of 5 rules passed\n$/) as string,
    });
  });

  test('as YAML every rule is what it was', () => {
    fc.assert(
      fc.property(noisyLines, (lines) => {
        const mined = new MinedSample({ version: 1, rules: [] }, Date.now());
        for (const line of lines) mined.add(line);
        const suggested = suggestions(mined, 10, Date.now());
        const rules = suggested.flatMap(({ proposal }) => (proposal === undefined ? [] : [proposal.rule]));
        const yaml = suggestionYaml(
          { file: 'rules.yaml', sample: { parts: [], from: 'stdin' }, mined, suggested },
          { region: 'us-east-1' },
        );
        expect(parse(`version: 1\nrules:\n${yaml}`)).toEqual({ version: 1, rules: rules.length === 0 ? null : rules });
      }),
      { numRuns: 50 },
    );
  });

  test('what was pasted is not suggested again', async () => {
    const sample = written('sample', SAMPLE);
    const { stdout } = await suggest('--sample', sample, '--yaml');
    const pasted = written('pasted.yaml', RULES.replace('  - id: live', `${stdout}\n  - id: live`));
    const words = ['logs', 'suggest', '--rules', pasted, '--sample', sample];
    const again = await hajime(...words);
    expect(again.stdout).toMatch(/^ 1 {2}no rule: "web-probes" would take it: it is a dry run$/m);
    expect((await hajime(...words, '--yaml')).stdout).toBe('  # There is no rule to suggest.\n');
    const live = written(
      'live.yaml',
      RULES.replace('  - id: live', `${stdout.replaceAll('dryRun: true', 'dryRun: false')}\n  - id: live`),
    );
    const { stdout: after } = await hajime('logs', 'suggest', '--rules', live, '--sample', sample);
    expect(after).toMatch(/no rule: sampled by "web-/);
    expect(after).not.toContain('healthz');
  });

  test('for machines it is JSON', async () => {
    const words = ['--sample', written('sample', SAMPLE), '--json', '--top', '3', '--limit', '150'];
    const found = JSON.parse((await suggest(...words)).stdout) as object;
    expect(found).toMatchObject({
      came: { records: 150 },
      kept: { records: 150 },
      ungrouped: { records: 0, bytes: 0 },
      patterns: [
        {
          namespace: 'shop',
          container: 'web',
          records: 60,
          guarded: false,
          to: ['archive'],
          proposal: {
            rule: { id: 'web-probes', action: 'drop', dryRun: true },
            takes: { records: 60 },
            others: { records: 0 },
          },
        },
        { level: 'debug' },
        { keptBy: 'live', proposal: { before: 'live', rule: { to: ['archive', 'cloudwatch'] } } },
      ],
    });
  });

  test('the same sample gives the same answer', async () => {
    const words = ['--sample', written('sample', SAMPLE), '--json'];
    expect(await suggest(...words)).toEqual(await suggest(...words));
  });

  test('reads stdin', async () => {
    const stdin = jest.spyOn(process, 'stdin', 'get');
    stdin.mockReturnValue(Readable.from([Buffer.from(SAMPLE)]) as typeof process.stdin);
    const { status, stdout } = await suggest('--sample', '-');
    stdin.mockRestore();
    expect([status, stdout.split('\n')[0]]).toEqual([0, expect.stringMatching(/^166 records, .* \(stdin\)/)]);
  });

  test.each([
    ['one of which nothing is kept', record('pay', 'tick'), /; the rules keep 0 %\nThe rules keep nothing of it/],
    [
      'garbage',
      'a\nb\n{"half":',
      /; the rules keep 100 %\n! Most of this sample is no records \(3 of 3 lines\).*\nNothing of what is kept is in a pattern: there is nothing to suggest\.\n3 records, 100 % of what is kept, no JSON: no rule can take it\.\n$/,
    ],
    [
      'one that is all guarded',
      [0, 1].map((i) => record('pay', `lost ${i}`, { level: 'error' })).join('\n'),
      /guarded[^]*\n\n 1 {2}no rule: guarded by neverDrop\n$/,
    ],
  ])('of a sample there may be nothing to say: %s', async (_, content, told) => {
    const sample = written('little', content);
    for (const more of [[], ['--gb-per-day', '5']]) {
      const { status, stdout, stderr } = await suggest('--sample', sample, ...more);
      expect([status, stderr]).toEqual([0, '']);
      expect(stdout).toMatch(told);
      expect(stdout).not.toMatch(/NaN|Infinity/);
    }
    expect((await suggest('--sample', sample, '--yaml')).stdout).toMatch(/^ {2}# .*\n$/);
    expect(JSON.parse((await suggest('--sample', sample, '--json')).stdout)).toHaveProperty('patterns');
  });

  test.each([
    [['suggest', 'dev'], 2, /required option '--sample <where>' not specified/],
    [['suggest', '--sample', 'x'], 2, /^name the platform: dev, prod\n$/],
    [['suggest', 'prd', '--sample', 'x'], 2, /^there is no platform prd in config\/; did you mean `prod`\?\n$/],
    [['suggest', 'dev', '--sample', 'nowhere'], 2, /^--sample nowhere must be yesterday, today, /],
    [['suggest', 'dev', '--sample', 'x', '--top', '1.5'], 2, /It must be a whole number above 0/],
    [
      ['suggest', 'dev', '--sample', 'x', '--yaml', '--json', '--region', 'mars'],
      2,
      /^--yaml or --json, not both\nthe prices of mars are not in /,
    ],
    [['suggest', '--sample', '-', '--rules', '-'], 2, /^stdin can be only one of --sample, --rules/],
    [['suggest', 'dev', '--sample', 's3://A_B/'], 2, /^--sample s3:\/\/A_B\/ must be like s3:\/\/bucket\/prefix\n$/],
  ])('%j ends with %d', async (words, status, told) => {
    const said = await hajime('logs', ...words);
    expect(said.status).toBe(status);
    if (!words.includes('--json')) expect(said.stdout).toBe('');
    expect(said.stderr).toMatch(told);
    expect(said.stderr).not.toMatch(/^\s+at /m);
  });

  test('an empty sample is a problem', async () => {
    const sample = written('empty', '\n');
    expect(await suggest('--sample', sample)).toEqual({
      status: 1,
      stdout: '',
      stderr: `There is no record in the sample (${sample}).\n`,
    });
  });

  test('rules with mistakes are refused with all of them', async () => {
    const rules = written('wrong.yaml', 'version: 1\nrules: [{ id: a, action: drp }]');
    const { status, stderr } = await hajime('logs', 'suggest', '--rules', rules, '--sample', written('sample', SAMPLE));
    expect([status, stderr.split('\n')[0]]).toEqual([1, `${rules} is not valid:`]);
  });
});
