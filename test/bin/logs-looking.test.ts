import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { Readable } from 'node:stream';
import type { Deployed } from '../../bin/logs/aws';
import { isStored, rulesBy } from '../../bin/logs/rules-by';
import type { Sample } from '../../bin/logs/sample-source';
import { showSample } from '../../bin/logs/test';
import { parseRules } from '../../lib/logs/rules/parse-rules';
import { hajime, heard } from './in-process';

jest.mock('../../bin/logs/deployed-rules', () => ({
  liveRules: async () => ({ name: 'version 3', rules: 'of 3' }),
  storedRules: async (platform: string, store: string, version: number) => `of ${version}, ${platform}, ${store}`,
  storeOf: () => 'store',
}));

let folder: string;
beforeAll(() => (folder = mkdtempSync(path.join(tmpdir(), 'hajime-look-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const written = (name: string, content: string): string => {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  return file;
};

const RULES = 'version: 1\nrules:\n  - { id: a, action: drop, match: { pod: a } }\n';

describe('options that cannot be meant', () => {
  test.each<[string[], string]>([
    [['test', '--region', 'us-east-1'], '--region does nothing without --sample'],
    [
      ['test', 'dev', '--region', 'mars', '--gb-per-day', '5', '--limit', '3'],
      '--gb-per-day and --region and --limit do nothing without --sample',
    ],
    [
      ['test', 'dev', '--sample', '-', '--region', 'us-east-2'],
      'the prices of us-east-2 are not in lib/logs/prices.json; there are those of us-east-1, eu-west-1, ap-northeast-1',
    ],
    [
      ['test', '--sample', '-', '--rules', '-', '--region', 'us-east-2'],
      'stdin can be only one of --sample, --rules: write the others to files\nthe prices of us-east-2 are not in lib/logs/prices.json; there are those of us-east-1, eu-west-1, ap-northeast-1',
    ],
    [
      ['diff', 'dev', '--sample', 'x.ndjson', '--rules', '-', '--against', '-'],
      'stdin can be only one of --sample, --rules, --against: write the others to files',
    ],
    [
      ['diff', 'dev', '--sample', '-', '--against', '-'],
      'stdin can be only one of --sample, --rules, --against: write the others to files',
    ],
  ])('%j is wrong use', async (words, told) => {
    expect(await hajime('logs', ...words)).toEqual({ status: 2, stdout: '', stderr: `${told}\n` });
  });

  test('--sandbox with a rule file alone, which is of no account', async () => {
    const words = ['test', '--rules', written('a.yaml', RULES), '--sample', 's3://bucket/x', '--sandbox'];
    const { status, stderr } = await hajime('logs', ...words);
    expect([status, stderr]).toEqual([2, '--sandbox needs the platform in whose account s3://bucket/x is: name it\n']);
  });
});

describe('what rules are compared with', () => {
  const place = { platform: 'dev' } as Deployed;

  test('is what is live, or a version', async () => {
    expect(await rulesBy('live', place)).toEqual({ name: 'version 3', rules: 'of 3' });
    expect(await rulesBy('7', place)).toEqual({ name: 'version 7', rules: 'of 7, dev, store' });
  });

  test('or a file', () => {
    expect(['live', '7', './7', '7.yaml', '-'].map(isStored)).toEqual([true, true, false, false, false]);
  });

  test('a version is of a platform', async () => {
    const words = ['diff', '--rules', written('a.yaml', RULES), '--sample', written('s', '{}'), '--against', '7'];
    expect((await hajime('logs', ...words)).stderr).toMatch(/^name the platform whose pipeline is meant: /);
  });

  test('mistakes of both are told at once', async () => {
    const [bad, worse] = [written('bad.yaml', 'version: 2\nrules: []'), written('worse.yaml', 'rules: 3')];
    const { status, stderr } = await hajime('logs', 'diff', '--rules', bad, '--against', worse, '--sample', bad);
    expect(status).toBe(1);
    expect(stderr).toContain(`${bad} is not valid:\n  \`version\` must be 1, got 2\n${worse} is not valid:\n`);
  });
});

describe('a sample that says nothing', () => {
  test.each([['test'], ['diff']])(
    '%s: one without a record is a problem, and where it was looked for',
    async (command) => {
      const [rules, empty] = [written('a.yaml', RULES), written('empty', '\n\n')];
      const against = command === 'diff' ? ['--against', rules] : [];
      const words = [command, '--rules', rules, '--sample', empty, ...against];
      const { status, stderr } = await hajime('logs', ...words);
      expect([status, stderr]).toEqual([1, `There is no record in the sample (${empty}).\n`]);
      const json = await hajime('logs', ...words, '--json');
      expect([json.status, JSON.parse(json.stdout)]).toEqual([
        1,
        { error: `There is no record in the sample (${empty}).` },
      ]);
    },
  );

  test.each([['test'], ['diff']])('%s: one that is mostly no records is doubtful', async (command) => {
    const rules = written('a.yaml', RULES);
    const against = command === 'diff' ? ['--against', rules] : [];
    const run = (name: string, lines: string): ReturnType<typeof hajime> =>
      hajime('logs', command, '--rules', rules, '--sample', written(name, lines), ...against);
    const doubt = (share: string): string =>
      `! Most of this sample is no records (${share} lines), about which no rule decides: a record is a line that is a JSON object, as Fluent Bit writes it.\n`;
    expect((await run('mostly', 'a\nb\n{}\n')).stdout).toContain(doubt('2 of 3'));
    expect((await run('half', 'a\n{}\n')).stdout).not.toContain('Most of this sample');
  });

  test('for machines where it is from stands with what was found', async () => {
    const [rules, sample] = [written('a.yaml', RULES), written('s', 'a\n{}\n')];
    const test = await hajime('logs', 'test', '--rules', rules, '--sample', sample, '--json');
    expect(JSON.parse(test.stdout)).toMatchObject({ sample: { from: sample, keptOnly: false, came: { records: 2 } } });
    const diff = await hajime('logs', 'diff', '--rules', rules, '--against', rules, '--sample', sample, '--json');
    expect(JSON.parse(diff.stdout)).toMatchObject({ sample, unparsed: { records: 1 } });
  });
});

describe('a sample of what rules kept', () => {
  const shown = async (more: Partial<Sample>, gbPerDay?: number): Promise<string> => {
    const { rules } = parseRules(RULES);
    const sample: Sample = {
      parts: [{ name: 's', open: () => Readable.from([Buffer.from('{"log":"x"}\n')]) }],
      from: 'yesterday',
      ...more,
    };
    const tested = { file: 'a.yaml', rules: rules! };
    return (await heard(() => showSample(tested, sample, { region: 'us-east-1', gbPerDay }))).stdout;
  };

  test('is not taken for all that came: neither in money nor for what rules drop', async () => {
    const text = await shown({ keptOnly: true }, 50);
    for (const part of [
      'A day of which 50 GB like it are kept: $0.00 for taking it into CloudWatch Logs instead of $25.00',
      'The sample is what the rules of then kept: what they dropped is in none of these sums, and neither is what that saves.',
      'Took nothing of what was kept: a. What they drop is not in this sample.',
    ])
      expect(text).toContain(part);
  });

  test('of all that came it is as it was', async () => {
    const text = await shown({}, 50);
    expect(text).toContain('A day of 50 GB like it: ');
    expect(text).toContain('Took nothing: a.\n');
    expect(text).not.toContain('kept: ');
  });
});
