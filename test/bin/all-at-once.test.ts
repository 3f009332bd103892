import { writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { hajime } from './in-process';

const lines = (text: string): string[] => text.trimEnd().split('\n');

describe('every option that is wrong or missing is told of at once', () => {
  test.each<[string[], string[]]>([
    [
      ['logs', 'cost', '--gb-per-day', '0', '--keep', '130%', '--line-bytes', 'x'],
      [
        "error: option '--gb-per-day <number>' argument '0' is invalid. It must be a number above 0, such as 1.5 or 1,000.",
        "error: option '--keep <share>' argument '130%' is invalid. It must be a share, such as 30% or 0.3.",
        "error: option '--line-bytes <number>' argument 'x' is invalid. It must be a number above 0, such as 1.5 or 1,000.",
      ],
    ],
    [
      ['logs', 'replay', 'dev', '--from', 'nowhere', '--mb-per-second', '0'],
      [
        "error: option '--from <place>' argument 'nowhere' is invalid. Allowed choices are failed, archive, hot.",
        "error: option '--mb-per-second <number>' argument '0' is invalid. It must be a number above 0, such as 1.5 or 1,000.",
        "error: required option '--since <time>' not specified",
      ],
    ],
    [
      ['logs', 'cost'],
      [
        "error: required option '--gb-per-day <number>' not specified",
        "error: required option '--keep <share>' not specified",
      ],
    ],
    [
      ['capacity', '--pods', '1.5', '--zones', 'x'],
      [
        "error: option '--pods <number>' argument '1.5' is invalid. It must be a whole number.",
        "error: option '--zones <number>' argument 'x' is invalid. It must be a whole number.",
      ],
    ],
  ])('%j', async (words, told) => {
    const { status, stdout, stderr } = await hajime(...words);
    expect([status, stdout]).toEqual([2, '']);
    const command = words.filter((word) => /^(logs|test|replay|cost|capacity)$/.test(word)).join(' ');
    expect(lines(stderr)).toEqual([...told, `(npx hajime ${command} --help shows how it is used)`]);
  });

  test('also what goes wrong between them', async () => {
    const words = [
      'logs',
      'replay',
      'dev',
      '--from',
      'failed',
      '--since',
      'noon',
      '--until',
      '25h30',
      '--dropped-by',
      '7',
    ];
    const form = 'must be a time in UTC such as 2026-11-24T10:00, a day, yesterday, or 90m, 6h, 2d';
    expect(lines((await hajime(...words)).stderr)).toEqual([
      `--since noon ${form}`,
      `--until 25h30 ${form}`,
      '--dropped-by chooses lines of the archive: give --from archive',
    ]);
  });
});

describe('with --json what goes wrong is JSON on stdout as well', () => {
  const said = async (...words: string[]): Promise<[number, unknown, string]> => {
    const { status, stdout, stderr } = await hajime(...words, '--json');
    return [status, JSON.parse(stdout), stderr];
  };

  test.each<[string[], number, string]>([
    [['logs', 'check', 'prd'], 2, 'there is no platform prd in config/; did you mean `prod`?'],
    [['logs', 'status'], 2, 'name the platform: dev, prod'],
    [['logs', 'diff', 'dev', '--sample', '-', '--limit', 'x', '--foo'], 2, "unknown option '--foo'"],
    [['logs', 'replay', 'dev', '--from', 'failed'], 2, "required option '--since <time>' not specified"],
    [
      ['logs', 'test', 'dev', '--rules', './no.yaml'],
      1,
      'There is no file ./no.yaml. Rules are a file such as config/logs/dev.yaml, or - for stdin.',
    ],
    [['check', 'prd'], 2, 'there is no platform prd in config/; did you mean `prod`?'],
  ])('%j', async (words, code, error) => {
    const [status, machine, stderr] = await said(...words);
    expect([status, machine]).toEqual([code, { error }]);
    expect(stderr).toContain(error);
  });

  test('of rules that are not valid also what is wrong with which file', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'hajime-json-'));
    try {
      const rules = path.join(folder, 'a.yaml');
      writeFileSync(rules, 'version: 2\nrules: []\n');
      const [status, machine] = await said('logs', 'test', '--rules', rules, '--sample', rules);
      const line = '`version` must be 1, got 2';
      expect([status, machine]).toEqual([
        1,
        { error: `${rules} is not valid:\n  ${line}`, problems: { [rules]: [line] } },
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('help stays help', async () => {
    const { status, stdout } = await hajime('logs', 'cost', '--json', '--help');
    expect([status, stdout.slice(0, 6)]).toEqual([0, 'Usage:']);
  });
});
