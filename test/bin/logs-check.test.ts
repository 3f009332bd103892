import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { gzipSync } from 'node:zlib';
import { hajime } from './in-process';

const root = mkdtempSync(path.join(tmpdir(), 'hajime-check-'));
jest.mock('../../sandbox/places', () => ({
  ...jest.requireActual<object>('../../sandbox/places'),
  get ROOT() {
    return root;
  },
}));

const folder = path.join(root, 'config', 'logs');
beforeEach(() => mkdirSync(folder, { recursive: true }));
afterEach(() => rmSync(folder, { recursive: true, force: true }));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const written = (name: string, content: string | Buffer): void => writeFileSync(path.join(folder, name), content);
const GOOD = `version: 1
rules:
  - { id: a, action: drop, match: { pod: a }, tests: [{ record: { log: x, kubernetes: { pod_name: a } }, expect: drop }] }
`;
const BAD = 'version: 1\nrules: [{ id: b, action: drp }]\n';
const DRP = '`rules[0].action` of "b" must be one of keep, drop, sample, redact, got "drp"; did you mean `drop`?';

describe('a rule file of no platform', () => {
  const STRAY =
    'there is no platform dev-old in config/; there are dev, prod; rename the file, or move it out of config/logs/';

  test('is told of by its name, with what is wrong in it, and the others are checked', async () => {
    written('dev-old.yaml', BAD);
    written('dev.yaml', GOOD);
    written('prod.yaml', BAD.replace('id: b', 'id: c'));
    const { status, stdout, stderr } = await hajime('logs', 'check');
    expect([status, stderr]).toEqual([1, '']);
    expect(stdout.trim().split('\n')).toEqual([
      '✓ config/logs/dev.yaml: 1 rule',
      '✗ config/logs/prod.yaml is not valid:',
      `  ${DRP.replace('"b"', '"c"')}`,
      '✗ config/logs/dev-old.yaml is not valid:',
      `  ${STRAY}`,
      `  ${DRP}`,
      '',
      '3 problems.',
    ]);
  });

  test('is no platform to choose from', async () => {
    written('dev.yaml', GOOD);
    written('prd.yaml', GOOD);
    expect((await hajime('logs', 'check')).stdout).toContain('did you mean `prod`?; rename the file');
    // the one platform that has rules is meant, and its rules are looked at
    const words = ['logs', 'test', '--sample', path.join(folder, 'dev.yaml')];
    expect((await hajime(...words)).stdout).toContain('config/logs/dev.yaml: 1 test of 1 rule passed');
  });
});

test('two rule files of one platform are told of, with what is wrong in both, and the others are checked', async () => {
  written('dev.yaml', GOOD);
  written('dev.yml', BAD);
  written('prod.yaml', BAD);
  const { status, stdout } = await hajime('logs', 'check');
  expect(status).toBe(1);
  expect(stdout.trim().split('\n')).toEqual([
    '✗ config/logs/dev.yaml is not valid:',
    '  `config/logs/dev.yml` is there as well, for the same platform; keep one of the two',
    `  config/logs/dev.yml: ${DRP}`,
    '✗ config/logs/prod.yaml is not valid:',
    `  ${DRP}`,
    '',
    '3 problems.',
  ]);
});

describe('test', () => {
  test('tells what is wrong with every file, and runs the tests of the others', async () => {
    written('dev.yaml', BAD);
    written('prod.yaml', GOOD);
    written('other.yaml', BAD);
    const { status, stdout, stderr } = await hajime('logs', 'test');
    expect([status, stderr]).toEqual([1, '']);
    for (const part of [
      '✓ config/logs/prod.yaml: 1 test of 1 rule passed\n',
      `✗ config/logs/dev.yaml is not valid:\n  ${DRP}\n`,
      '✗ config/logs/other.yaml is not valid:\n  there is no platform other',
    ])
      expect(stdout).toContain(part);
    const json = JSON.parse((await hajime('logs', 'test', '--json')).stdout) as object;
    expect(json).toMatchObject({
      tests: { 'config/logs/prod.yaml': [{ rule: 'a', name: '1', failures: [] }] },
      problems: { 'config/logs/dev.yaml': [DRP] },
    });
  });
});

describe('a file that is no text in UTF-8', () => {
  test.each([
    ['UTF-16 with its mark', Buffer.from(`\ufeff${GOOD}`, 'utf16le'), ': it looks like UTF-16'],
    ['UTF-16 the other way round', Buffer.from(`\ufeff${GOOD}`, 'utf16le').swap16(), ': it looks like UTF-16'],
    ['UTF-16 without its mark', Buffer.from(GOOD, 'utf16le'), ': it looks like UTF-16'],
    ['gzip', gzipSync(GOOD), ''],
    ['one byte', Buffer.from([0xff]), ''],
    ['Latin-1', Buffer.from(GOOD.replace('pod: a', 'pod: é'), 'latin1'), ''],
    ['a NUL', Buffer.from(`${GOOD}\0`), ''],
  ])('%s', async (_, content, what) => {
    written('dev.yaml', content);
    expect((await hajime('logs', 'check')).stdout).toBe(
      `✗ config/logs/dev.yaml is not valid:\n  the file is not text in UTF-8${what}; save it as UTF-8\n\n1 problem.\n`,
    );
  });

  test('UTF-8 with a mark is fine', async () => {
    written('dev.yaml', `\ufeff${GOOD}`);
    expect(await hajime('logs', 'check')).toMatchObject({ status: 0 });
  });
});

test('there are no rule files', async () => {
  expect(await hajime('logs', 'check')).toEqual({
    status: 1,
    stdout: '',
    stderr: 'There are no rule files: config/logs/<platform>.yaml.\n',
  });
});
