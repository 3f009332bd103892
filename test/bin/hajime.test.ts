import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';

const root = path.join(__dirname, '..', '..');

function hajime(args: readonly string[], at = root): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(at, 'bin', 'hajime.js'), ...args], {
    cwd: at,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

test('without mistakes it says so and exits 0', () => {
  expect(hajime(['check'])).toEqual({ status: 0, stdout: '✓ dev\n✓ prod\n\nNo problems.\n', stderr: '' });
});

test('for machines it is JSON', () => {
  expect(JSON.parse(hajime(['check', '--json']).stdout)).toEqual({ dev: [], prod: [] });
});

test('wrong use exits 2 and names what is near', () => {
  expect(hajime(['check', 'prd'])).toEqual({
    status: 2,
    stdout: '',
    stderr: 'there is no platform prd in config/; did you mean `prod`?\n',
  });
  expect(hajime(['chek']).status).toBe(2);
  expect(hajime(['check', '--jsn']).status).toBe(2);
});

test('help shows examples and exit codes, and exits 0', () => {
  const { status, stdout } = hajime(['check', '--help']);
  expect(status).toBe(0);
  expect(stdout).toContain('npx hajime check dev --json');
  expect(hajime(['--help']).stdout).toContain('Exit codes: 0 fine, 1 problems found, 2 wrong use');
});

describe('a fork with mistakes', () => {
  let fork: string;
  beforeAll(() => {
    fork = mkdtempSync(path.join(tmpdir(), 'fork-'));
    for (const name of ['bin', 'lib', 'sandbox', 'config', 'package.json', 'tsconfig.json', 'cdk.json'])
      cpSync(path.join(root, name), path.join(fork, name), { recursive: true });
    symlinkSync(path.join(root, 'node_modules'), path.join(fork, 'node_modules'));
    writeFileSync(
      path.join(fork, 'config', 'index.ts'),
      "import { dev } from './dev';\nexport const platforms = { dev: { ...dev, env: { acount: '1', region: 'tokyo' } } };\n",
    );
  });
  afterAll(() => rmSync(fork, { recursive: true, force: true }));

  const LINES = [
    'config/dev.ts is not valid:',
    '  `env.acount` is not a property that exists here, got "1"; did you mean `account`?',
    '  `env.account` must be given, got nothing',
  ].join('\n');

  test('check lists them all, counts them and exits 1', () => {
    const { status, stdout } = hajime(['check'], fork);
    expect(stdout).toBe(`✗ ${LINES}\n\n2 problems.\n`);
    expect(status).toBe(1);
  });

  test('a synth prints the same list, no stack trace, and fails', () => {
    const { status, stderr } = spawnSync(path.join(root, 'node_modules', '.bin', 'cdk'), ['synth', '--quiet'], {
      cwd: fork,
      encoding: 'utf8',
      env: { PATH: process.env.PATH, HOME: fork, CDK_DISABLE_CLI_TELEMETRY: 'true' },
    });
    expect(stderr).toContain(LINES);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(status).toBe(1);
  });

  test('a config that does not run is one sentence', () => {
    writeFileSync(path.join(fork, 'config', 'index.ts'), "throw new Error('no such file');\n");
    const { status, stderr } = hajime(['check'], fork);
    expect(stderr).toBe('hajime stopped: no such file\n');
    expect(status).toBe(1);
  });
});

describe('the sandbox commands', () => {
  test('each has help with an example', () => {
    for (const command of [
      ['start'],
      ...['up', 'deploy', 'destroy', 'down', 'status'].map((name) => ['sandbox', name]),
    ]) {
      const { status, stdout } = hajime([...command, '--help']);
      expect(status).toBe(0);
      expect(stdout).toMatch(/Examples?:\n {2}np[mx] /);
    }
  });

  test('wrong use exits 2 before anything is started', () => {
    for (const [args, told] of [
      [['sandbox', 'up', '--port', '0'], 'A port is 1 to 65535.'],
      [['sandbox', 'deploy', 'prd'], 'did you mean `prod`?'],
      [['start', 'nothing'], 'there are dev, prod'],
      [['sandbox', 'dwon'], "unknown command 'dwon'"],
    ] as const) {
      const { status, stderr } = hajime(args);
      expect([args, status]).toEqual([args, 2]);
      expect(stderr).toContain(told);
    }
  });
});
