import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { hajime } from './in-process';

const root = path.join(__dirname, '..', '..');

/** As a user runs it: a process for each, so only where that is what is tested. */
function started(args: readonly string[], at = root): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(at, 'bin', 'hajime.js'), ...args], {
    cwd: at,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

test('without mistakes it says so, with what is doubtful, and exits 0', () => {
  const { status, stdout, stderr } = started(['check']);
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout.split('\n').map((line) => line.slice(0, 40))).toEqual([
    '✓ dev',
    '  ! `cni` of vpc-cni v1.21.1-eksbuild.1 ',
    '✓ prod',
    '  ! `cni` of vpc-cni v1.21.1-eksbuild.1 ',
    '',
    'No problems, 2 warnings.',
    '',
  ]);
});

test('for machines it is JSON', async () => {
  const found = {
    problems: [],
    warnings: [{ id: 'kotohajime:vpc-cni-schema-unknown', message: expect.any(String) as string }],
  };
  expect(JSON.parse((await hajime('check', '--json')).stdout)).toEqual({ dev: found, prod: found });
});

test('wrong use exits 2 and names what is near', async () => {
  expect(await hajime('check', 'prd')).toEqual({
    status: 2,
    stdout: '',
    stderr: 'there is no platform prd in config/; did you mean `prod`?\n',
  });
  expect((await hajime('chek')).status).toBe(2);
  expect((await hajime('check', '--jsn')).status).toBe(2);
});

test('help shows examples and exit codes, and exits 0', async () => {
  const { status, stdout } = await hajime('check', '--help');
  expect(status).toBe(0);
  expect(stdout).toContain('npx hajime check dev --json');
  expect((await hajime('--help')).stdout).toContain('Exit codes: 0 fine, 1 problems found, 2 wrong use');
});

test('a reader that has read enough ends it quietly', () => {
  const command = `"${process.execPath}" bin/hajime.js capacity --json | head -c 1`;
  const { stdout, stderr } = spawnSync('sh', ['-c', command], { cwd: root, encoding: 'utf8' });
  expect([stdout, stderr]).toEqual(['{', '']);
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
    const { status, stdout } = started(['check'], fork);
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
    const { status, stderr } = started(['check'], fork);
    expect(stderr).toBe('hajime stopped: no such file\n');
    expect(status).toBe(1);
  });
});

describe('the sandbox commands', () => {
  test('each has help with an example', async () => {
    for (const command of [
      ['start'],
      ...['up', 'deploy', 'destroy', 'down', 'status'].map((name) => ['sandbox', name]),
    ]) {
      const { status, stdout } = await hajime(...command, '--help');
      expect(status).toBe(0);
      expect(stdout).toMatch(/Examples?:\n {2}np[mx] /);
    }
  });

  test('wrong use exits 2 before anything is started', async () => {
    for (const [args, told] of [
      [['sandbox', 'up', '--port', '0'], 'A port is 1 to 65535.'],
      [['sandbox', 'deploy', 'prd'], 'did you mean `prod`?'],
      [['start', 'nothing'], 'there are dev, prod'],
      [['sandbox', 'dwon'], "unknown command 'dwon'"],
    ] as const) {
      const { status, stderr } = await hajime(...args);
      expect([args, status]).toEqual([args, 2]);
      expect(stderr).toContain(told);
    }
  });
});

describe('capacity', () => {
  test('shows groups, subnets and zones, and ends with one sentence', async () => {
    const { status, stdout } = await hajime('capacity', 'dev');
    expect(status).toBe(0);
    for (const part of ['nodes-ap-northeast-1a', '10.0.128.0/19', 'set by us, EKS expected 110', 'load balancers 8'])
      expect(stdout).toContain(part);
    expect(stdout.trim().split('\n').at(-1)).toMatch(/^This platform can run 422 pods of yours on 4 nodes; .*\.$/);
  });

  test('for machines it is JSON, every platform at once', async () => {
    const found = JSON.parse((await hajime('capacity', '--json')).stdout) as Record<
      string,
      { pods: number; verdict: string }
    >;
    expect(Object.entries(found).map(([name, { pods }]) => [name, pods])).toEqual([
      ['dev', 422],
      ['prod', 3776],
    ]);
  });

  test('plans for a number of pods, and exits 1 where it cannot be', async () => {
    const { status, stdout } = await hajime(
      'capacity',
      '--pods',
      '20,000',
      '--instance-type',
      'm7g.2xlarge',
      '--zones',
      '3',
    );
    expect(status).toBe(0);
    for (const part of ['20000 pods on m7g.2xlarge in 3 zones', "cidr: '10.0.0.0/16'", 'nodes-eu-west-1c'])
      expect(stdout).toContain(part);
    const not = await hajime('capacity', '--pods', '90000', '--instance-type', 't3.small', '--zones', '2');
    expect(not.status).toBe(1);
    expect(not.stdout).toContain('No way that is known here runs 90000 pods on t3.small in 2 zones');
  });

  test.each([
    [['--pods', '10'], '--pods and --instance-type go together, such as --pods 20000 --instance-type m7g.2xlarge\n'],
    [
      ['--pods', '10', '--instance-type', 'm7g.larg'],
      'instance type m7g.larg is not known; did you mean `m7g.large`?\n',
    ],
    [['--pods', '0', '--instance-type', 'm7g.large'], '--pods must be 1 or more, got 0\n'],
    [['--pods', '9', '--instance-type', 'm7g.large', '--zones', '7'], '--zones must be from 2 to 6, got 7\n'],
    [['--svg', '/dev/null'], '--svg draws one platform: name it (dev, prod)\n'],
  ])('%j is wrong use', async (words, stderr) => {
    expect(await hajime('capacity', ...words)).toEqual({ status: 2, stdout: '', stderr });
  });

  test('a file that cannot be written is said in one line', async () => {
    const { status, stderr } = await hajime('capacity', 'dev', '--svg', '/nowhere/dev.svg');
    expect([status, stderr.split('\n').length]).toEqual([1, 2]);
    expect(stderr).toContain('/nowhere/dev.svg');
  });
});
