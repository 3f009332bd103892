import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { gzipSync } from 'node:zlib';
import { ruleFileNames } from '../../bin/logs/rule-file';
import { platforms } from '../../config';
import { hajime } from './in-process';
import { RULES, SAMPLE } from './log-sample';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'hajime-logs-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Writes a file and gives its path. */
const written = (name: string, content: string | Buffer): string => {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  return file;
};

describe('the rules of this project', () => {
  test('there are some, only of platforms, without problems or warnings, and their tests pass', async () => {
    expect(ruleFileNames().filter((name) => platforms[name] === undefined)).toEqual([]);
    const { status, stdout } = await hajime('logs', 'check');
    expect([status, stdout.trim().split('\n').at(-1)]).toEqual([0, 'No problems.']);
    expect(await hajime('logs', 'test')).toMatchObject({ status: 0, stderr: '' });
  });
});

describe('check', () => {
  test('lists all mistakes of a file at once, with its name, and exits 1', async () => {
    const file = written('wrong.yaml', 'version: 2\nrules:\n  - { id: a, action: drp }\n  - { id: a, action: drop }\n');
    const { status, stdout, stderr } = await hajime('logs', 'check', '--rules', file);
    expect([status, stderr]).toEqual([1, '']);
    const [head, ...lines] = stdout.trim().split('\n');
    expect(head).toBe(`✗ ${file} is not valid:`);
    for (const property of ['`version`', '`rules[0].action` of "a"', '`rules[1].id` of "a"'])
      expect(lines.join('\n')).toContain(property);
    expect(lines.at(-1)).toBe(`${lines.length - 2} problems.`);
  });

  test('says which rules do nothing any more, or nothing that is shown', async () => {
    const rules = [
      { id: 'old', action: 'keep', match: { pod: 'a' }, expires: '2020-01-31' },
      { id: 'bold', action: 'drop', match: { pod: 'b' }, overrides: 'never-drop' },
      { id: 'all', action: 'keep' },
      { id: 'late', action: 'keep', match: { pod: 'c' } },
    ];
    const file = written('doubtful.json', JSON.stringify({ version: 1, rules }));
    const { status, stdout } = await hajime('logs', 'check', '--rules', file);
    expect(status).toBe(0);
    expect(stdout.trim().split('\n')).toEqual([
      `✓ ${file}: 4 rules`,
      '  ! rule "old" has expired (2020-01-31) and does nothing any more: remove it or give it another day',
      '  ! rule "bold" has no `tests`: what a `drop` takes should be shown on a record',
      '  ! rule "bold" may drop even what `neverDrop` guards: errors, audit records, security tools',
      '  ! rule "late" is never reached: "all" decides every record before it',
      '',
      'No problems, 4 warnings.',
    ]);
    const json = JSON.parse((await hajime('logs', 'check', '--rules', file, '--json')).stdout) as Record<
      string,
      { warnings: { id: string }[] }
    >;
    expect(json[file]!.warnings.map(({ id }) => id)).toEqual([
      'kotohajime:log-rule-expired',
      'kotohajime:log-rule-untested',
      'kotohajime:log-rule-overrides',
      'kotohajime:log-rule-unreachable',
    ]);
  });

  test('says which rules end soon', async () => {
    const day = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
    const rule = (id: string, expires: string): object => ({ id, action: 'keep', match: { pod: id }, expires });
    const rules = [rule('today', day(0)), rule('later', day(3)), rule('far', day(30))];
    const file = written('soon.json', JSON.stringify({ version: 1, rules }));
    const { stdout } = await hajime('logs', 'check', '--rules', file);
    expect(stdout).toContain(`  ! rule "today" expires in 1 day (${day(0)})\n`);
    expect(stdout).toContain(`  ! rule "later" expires in 4 days (${day(3)})\n`);
    expect(stdout).not.toContain('"far"');
  });

  test('says which rules and guards take everything', async () => {
    const file = written(
      'all.yaml',
      [
        'version: 1',
        'neverDrop: { all: {}, some: [{ pod: a }, { namespace: "*" }], none: false, few: { level: error } }',
        'default: drop',
        'rules:',
        '  - { id: pods, action: drop, match: { pod: "*" }, tests: [{ record: x, expect: unmatched }] }',
        '  - { id: text, action: drop, match: { message: { regex: .* } }, tests: [{ record: x, expect: unmatched }] }',
        '  - { id: off, action: drop, match: { pod: "*" }, enabled: false, tests: [{ record: x, expect: unmatched }] }',
        '  - { id: word, action: drop, match: { message: { regex: "\\\\w" } }, tests: [{ record: x, expect: unmatched }] }',
        '  - { id: app, action: drop, match: { pod: "*", labels: { app: a } }, tests: [{ record: x, expect: unmatched }] }',
        '',
      ].join('\n'),
    );
    const { stdout } = await hajime('logs', 'check', '--rules', file);
    expect(stdout.trim().split('\n').slice(1, -2)).toEqual([
      '  ! the guard "all" fits about every record: no rule drops anything without `overrides`',
      '  ! the guard "some" fits about every record: no rule drops anything without `overrides`',
      '  ! rule "pods" fits about every record: to drop the rest, write `default: drop` beside `rules`',
      '  ! rule "text" fits about every record: to drop the rest, write `default: drop` beside `rules`',
    ]);
  });

  test.each([
    ['circle.yaml', 'rules: &r [*r]', 'an alias (`*name`) stands inside what it names (`&name`); write it out'],
    ['deep-circle.yaml', 'version: 1\nrules:\n  - &r { id: a, match: { not: *r } }', 'stands inside what it names'],
    ['empty.yaml', '', 'the file is empty; the least it may hold is `version: 1` and `rules: []`'],
    ['blank.yaml', ' \n\n', 'the file is empty'],
    ['list.yaml', '- id: a', 'must stand in an object'],
    ['half.json', '{"version": 1, "rules": [', 'line 1:26: a `[` is not closed by a `]`'],
    ['tabs.yaml', 'version: 1\nrules:\n\t- id: a', 'line 3:1: a tab indents the line; YAML takes spaces only'],
  ])('%s: %j', async (name, content, told) => {
    const file = written(name, content);
    const { status, stdout } = await hajime('logs', 'check', '--rules', file);
    expect(status).toBe(1);
    expect(stdout).toContain(`✗ ${file} is not valid:`);
    expect(stdout).toContain(told);
  });

  test.each([
    [
      ['check', '--rules', 'nowhere.yaml'],
      1,
      /^There is no file nowhere\.yaml\. Rules are a file such as config\/logs\/dev\.yaml, or - for stdin\.\n$/,
    ],
    [['check', '--rules', '.'], 1, /^\. is a folder, not a file\. Rules are a file such as /],
    [['check', 'prd'], 2, /^there is no platform prd in config\/; did you mean `prod`\?\n$/],
    [['push', 'prd'], 2, /^there is no platform prd in config\/; did you mean `prod`\?\n$/],
    [['diff', 'dev'], 2, /required option '--sample <where>' not specified/],
    [['push'], 2, /^name the platform: dev, prod\n$/],
    [['push', 'dev', '--gradual', '--at-once'], 2, /^--gradual or --at-once, not both\n$/],
    [['test', '--sample', '-'], 2, /^--sample is looked at by the rules of one platform: name it \(dev, prod\)\n$/],
    [['test', 'dev', '--sample', 's3://A_B/'], 2, /^--sample s3:\/\/A_B\/ must be like s3:\/\/bucket\/prefix\n$/],
    [['replay', 'dev', '--from', 'nowhere', '--since', '6h'], 2, /Allowed choices are failed, archive, hot/],
    [['replay', 'dev', '--from', 'failed'], 2, /required option '--since <time>' not specified/],
    [['replay', 'dev', '--from', 'failed', '--since', 'noon'], 2, /^--since noon must be a time in UTC/],
    [
      ['replay', 'dev', '--from', 'failed', '--since', '1h', '--until', '2h'],
      2,
      /^--since 1h must be before --until 2h\n$/,
    ],
    [['replay', 'dev', '--from', 'failed', '--since', '1h', '--dropped-by', '7'], 2, /give --from archive\n$/],
    [
      ['replay', 'dev', '--from', 'archive', '--since', '1h', '--dropped-by', 'no.yaml'],
      1,
      /^There is no file no\.yaml\. /,
    ],
    [['rollback', 'dev', '--to', 'x'], 2, /It must be a whole number above 0/],
    [['cost'], 2, /required option '--gb-per-day <number>' not specified/],
    [['cost', '--gb-per-day', '1', '--keep', '130%'], 2, /It must be a share, such as 30% or 0\.3/],
    [['cost', '--gb-per-day', '0', '--keep', '1%'], 2, /It must be a number above 0/],
    [
      ['cost', '--gb-per-day', '1', '--keep', '1%', '--region', 'us-east-2'],
      2,
      /not in lib\/logs\/prices\.json; there are those of us-east-1, eu-west-1, ap-northeast-1\n$/,
    ],
  ])('%j ends with %d', async (words, status, told) => {
    const said = await hajime('logs', ...words);
    expect([said.status, said.stdout]).toEqual([status, '']);
    expect(said.stderr).toMatch(told);
    expect(said.stderr).not.toMatch(/^\s+at /m);
  });
});

describe('test', () => {
  test('runs the tests inside the rules', async () => {
    const rules = written('rules.yaml', RULES);
    expect(await hajime('logs', 'test', '--rules', rules)).toEqual({
      status: 0,
      stdout: `✓ ${rules}: 2 tests of 2 rules passed\n`,
      stderr: '',
    });
  });

  test('says which failed, and exits 1', async () => {
    const rules = written('failing.yaml', RULES.replace('GET /healthz }, expect: drop', 'GET /shop }, expect: drop'));
    const { status, stdout } = await hajime('logs', 'test', '--rules', rules);
    expect(status).toBe(1);
    expect(stdout).toContain(`✗ ${rules}: 1 of 2 tests failed\n  rule "probes", test "a probe": expected `);
  });

  test.each([
    ['plain', SAMPLE],
    ['gzip', gzipSync(SAMPLE)],
  ])('shows what the rules do to a sample, %s', async (name, content) => {
    const rules = written('rules.yaml', RULES);
    const { status, stdout, stderr } = await hajime(
      'logs',
      'test',
      '--rules',
      rules,
      '--sample',
      written(name, content),
    );
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain('10 records, ');
    const rows = stdout.split('\n').map((line) => line.split('│').map((cell) => cell.trim()));
    const row = (rule: string): string[] => rows.find(([, first]) => first === rule) ?? [];
    // rule, does, took, …, kept, dropped
    expect([2, 3, 6, 7].map((at) => row('probes')[at])).toEqual(['drop', '6', '', '6']);
    expect([2, 3, 6, 7].map((at) => row('mail')[at])).toEqual(['redact', '1', '', '']);
    expect([2, 3, 6, 7].map((at) => row('live')[at])).toEqual(['keep', '1', '1', '']);
    expect([2, 3, 6, 7].map((at) => row('default')[at])).toEqual(['by default: keep', '3', '3', '']);
    expect(stdout).toMatch(/^1 line is no record and kept under unparsed\/: /m);
    expect(stdout).toContain('Took nothing: unused.');
    expect(stdout).toMatch(/Kept 38 % of the bytes \(4 records\)/);
  });

  test('reckons what such a sample saves where the destination charges by volume, and not what the stream takes', async () => {
    const sample = written('sample', SAMPLE);
    const words = ['test', '--rules', written('rules.yaml', RULES), '--sample', sample, '--gb-per-day', '100'];
    const { stdout } = await hajime('logs', ...words, '--region', 'us-east-1');
    expect(stdout).toMatch(
      /A day of 100 GB like it: \$\d\.\d\d for taking it into CloudWatch Logs instead of \$50\.00 for all of it; \$\d\d\.\d\d saved\./,
    );
    expect(stdout).toContain('The stream takes its price for every record, dropped or not');
  });

  test('for machines it is JSON', async () => {
    const rules = written('rules.yaml', RULES);
    const words = ['test', '--rules', rules, '--sample', written('sample', SAMPLE), '--json', '--limit', '7'];
    const found = JSON.parse((await hajime('logs', ...words)).stdout) as {
      tests: Record<string, unknown[]>;
      sample: { came: unknown; rules: Record<string, { dropped: { records: number } }> };
    };
    expect(found.tests[rules]).toHaveLength(2);
    expect(found.sample).toMatchObject({ came: { records: 7 }, rules: { probes: { dropped: { records: 6 } } } });
  });
});

describe('cost', () => {
  test('shows every path side by side, with what the stream takes, the prices with date and source, and what is left out', async () => {
    const { status, stdout } = await hajime('logs', 'cost', '--gb-per-day', '1,000', '--keep', '30%');
    expect(status).toBe(0);
    for (const part of [
      '1000 GB of logs a day in us-east-1, 30 % kept by the rules',
      '64 % less',
      'The stream takes $29.20 a day for every record, dropped or not: that is in the sums and never counted as saved.',
      '500 containers that write at a time, a record of each every 15 seconds: records of 364.1 KB, billed as 1.01 times',
      'By default a stream takes 5 MiB and 2,000 calls a second in us-east-1; this is 11.9 MiB and 34 calls on average and 35.6 MiB and 100 calls at a peak',
      'firehoseIngested: $0.029 per GB (2022-01, https://aws.amazon.com/firehose/pricing/ (its example))',
      'Not counted',
    ])
      expect(stdout).toContain(part);
  });

  test.each([
    [['--containers', '5000'], /5,000 containers .*: records of 1\.8 KB, billed as 2\.75 times their size/],
    [['--record-kb', '20'], /lines of 694 bytes, records of 20\.0 KB, billed as 1\.13 times their size/],
    [['--archive'], /the unfiltered stream in S3 too, 90 days in its cold class/],
    [['--archive-days', '30'], /the unfiltered stream in S3 too, 30 days in its standard class/],
    [['--containers', '60000'], /1,000 calls .* in ap-northeast-1; this is 0\.6 MiB and 896 calls on average/],
  ])('with %j it says what it reckons with', async (words, said) => {
    const small = ['--gb-per-day', '50', '--keep', '10%', '--region', 'ap-northeast-1'];
    expect((await hajime('logs', 'cost', ...small, ...words)).stdout).toMatch(said);
  });

  test('a stream that takes it easily is not spoken of', async () => {
    expect((await hajime('logs', 'cost', '--gb-per-day', '50', '--keep', '10%')).stdout).not.toContain('By default');
  });

  test('one line a record is told of, and for machines it is JSON', async () => {
    const words = ['cost', '--gb-per-day', '10', '--keep', '0.1', '--no-aggregated', '--region', 'ap-northeast-1'];
    expect((await hajime('logs', ...words)).stdout).toContain('Firehose bills each record as 5 KB or a multiple of it');
    const found = JSON.parse((await hajime('logs', ...words, '--json')).stdout) as {
      question: object;
      paths: object[];
      prices: { at: string }[];
    };
    expect(found.question).toMatchObject({ keep: 0.1, aggregated: false });
    expect(found.paths).toHaveLength(5);
    for (const { at } of found.prices) expect(at).not.toBe('');
  });
});

test('each command has help with an example', async () => {
  for (const command of [[], ['check'], ['test'], ['diff'], ['status'], ['push'], ['rollback'], ['replay'], ['cost']]) {
    const { status, stdout } = await hajime('logs', ...command, '--help');
    expect([command, status]).toEqual([command, 0]);
    expect(stdout).toMatch(/Examples:\n {2}npx hajime logs /);
  }
});
