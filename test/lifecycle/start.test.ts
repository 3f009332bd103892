import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import * as path from 'node:path';

/** The commands as processes: what they print, and what is left of them however they end. */
const ROOT = path.join(__dirname, '..', '..');

let state: string;
beforeEach(() => (state = mkdtempSync(path.join(tmpdir(), 'start-'))));
afterEach(() => {
  hajime('sandbox', 'down');
  rmSync(state, { recursive: true, force: true });
});

function environment(extra: Record<string, string> = {}): NodeJS.ProcessEnv {
  return { ...process.env, HAJIME_STATE_DIR: state, ...extra };
}

/** Runs a command to its end. */
function hajime(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, ['bin/hajime.js', ...args], { cwd: ROOT, env: environment(), encoding: 'utf8' });
}

/** A command under way. */
class Started {
  private output = '';
  private readonly ended: Promise<number | null>;

  constructor(readonly child: ChildProcess) {
    const read = (chunk: Buffer): void => void (this.output += chunk.toString());
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    this.ended = new Promise((resolve) => child.on('close', resolve));
  }

  static hajime(args: string[], extra?: Record<string, string>): Started {
    return new Started(spawn(process.execPath, ['bin/hajime.js', ...args], { cwd: ROOT, env: environment(extra) }));
  }

  /** Waits until it has printed something. */
  async says(text: string): Promise<void> {
    for (let waited = 0; !this.output.includes(text); waited += 50) {
      if (waited > 60_000) throw new Error(`it never said "${text}" but:\n${this.output}`);
      await sleep(50);
    }
  }

  /** Waits for its end. */
  async end(): Promise<{ code: number | null; output: string }> {
    return { code: await this.ended, output: this.output };
  }
}

/** The processes that belong to this test's sandbox: whatever was started for it has its folder in the environment. */
function processes(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`HAJIME_STATE_DIR=${state}`);
      } catch {
        return false; // it ended in between
      }
    })
    .map((pid) => `${pid} ${readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')}`);
}

/** Waits until nothing of it runs any more. */
async function quiet(): Promise<string[]> {
  for (let waited = 0; processes().length > 0 && waited < 6000; waited += 100) await sleep(100);
  return processes();
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** What a run has left behind that must not stay; logs may. */
function leftovers(): string[] {
  return readdirSync(state).filter((name) => !['logs', 'cdk.out'].includes(name));
}

test('npm start shows what was built, and the next one finds nothing to do', async () => {
  const first = await new Started(spawn('npm', ['start'], { cwd: ROOT, env: environment() })).end();
  expect(first).toMatchObject({ code: 0 }); // shows the output if it is not
  for (const part of [
    '✓ Deploying dev: 6 created',
    '✓ Deploying dev again: no changes',
    'API_AND_CONFIG_MAP',
    '10.0.128.0/19',
    'm7g.large',
    '110',
    'vpc-cni',
    'AmazonEKSClusterAdminPolicy in the cluster',
    'role Deployers',
    'dev-logs',
    'npx hajime logs push dev --sandbox',
    'npx cdk bootstrap aws://111122223333/ap-northeast-1',
  ])
    expect(first.output).toContain(part);
  const order = ['eks-pod-identity-agent', 'kube-proxy', 'vpc-cni', 'coredns'].map((name) =>
    first.output.indexOf(name),
  );
  expect([...order].sort((a, b) => a - b)).toEqual(order);

  const { status, stderr } = hajime('start');
  expect([status, stderr]).toEqual([0, expect.stringContaining('✓ Deploying dev: 6 unchanged')]);
  const running = JSON.parse(hajime('sandbox', 'status', '--json').stdout) as { running: boolean; stacks: unknown[] };
  expect([running.running, running.stacks.length]).toEqual([true, 7]);
  expect(hajime('sandbox', 'destroy', 'dev').stdout).toBe('Nothing of dev is left.\n');
  expect(hajime('sandbox', 'down')).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('has ended') as string,
  });
  expect(await quiet()).toEqual([]);
  expect(leftovers()).toEqual([]);
});

test('a second one beside the first says so', async () => {
  const first = Started.hajime(['start']);
  await first.says('Synthesizing');
  const second = hajime('start');
  expect([second.status, second.stderr]).toEqual([
    1,
    expect.stringMatching(/^✗?.*`hajime start` is at work on this sandbox \(process \d+, since [^)]+\)/m),
  ]);
  expect((await first.end()).code).toBe(0);
});

describe.each([
  ['Synthesizing', 'while it synthesizes'],
  ['Deploying dev', 'while it deploys'],
])('interrupted', (moment, when) => {
  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)(`by %s ${when} it leaves nothing`, async (signal, code) => {
    const run = Started.hajime(['start']);
    await run.says(moment);
    await sleep(400);
    run.child.kill(signal);
    const ended = await run.end();
    expect([ended.code, ended.output]).toEqual([code, expect.stringContaining('Stopped. Nothing was left half-made.')]);
    expect(await quiet()).toEqual([]);
    expect(leftovers()).toEqual([]);
  });
});

test('killed without a chance to tidy up it leaves no process, and the next run works', async () => {
  const run = Started.hajime(['start']);
  await run.says('Deploying dev');
  run.child.kill('SIGKILL');
  await run.end();
  expect(await quiet()).toEqual([]);
  expect(hajime('start').status).toBe(0);
});

test('when npm is killed everything ends', async () => {
  const npm = new Started(spawn('npm', ['start'], { cwd: ROOT, env: environment() }));
  await npm.says('Deploying dev');
  npm.child.kill('SIGKILL');
  expect(await quiet()).toEqual([]);
  expect(leftovers()).toEqual([]);
});

test('an interrupted deployment leaves a sandbox that ran before as it is, and the next one works', async () => {
  expect(hajime('sandbox', 'up').status).toBe(0);
  const run = Started.hajime(['sandbox', 'deploy', 'dev']);
  await run.says('Deploying dev');
  await sleep(1500);
  run.child.kill('SIGINT');
  expect((await run.end()).code).toBe(130);
  expect(hajime('sandbox', 'status').stdout).toContain('The local AWS runs at');
  expect(hajime('sandbox', 'deploy', 'dev').status).toBe(0);
});

test('an interrupted set-up leaves no half-made environment', async () => {
  const cache = path.join(state, 'cache');
  const run = Started.hajime(['sandbox', 'up'], { XDG_CACHE_HOME: cache });
  await run.says('Making a Python environment');
  await sleep(2000);
  run.child.kill('SIGINT');
  expect((await run.end()).code).toBe(130);
  expect(await quiet()).toEqual([]);
  expect(readdirSync(path.join(cache, 'kotohajime'))).toEqual([]);
});

test('without Python it says what is missing', () => {
  const { status, stderr } = spawnSync(process.execPath, ['bin/hajime.js', 'start'], {
    cwd: ROOT,
    env: environment({ HAJIME_PYTHON: 'no-such-python' }),
    encoding: 'utf8',
  });
  expect([status, stderr]).toEqual([1, expect.stringContaining('and no-such-python is none. Install one')]);
  expect(leftovers()).toEqual([]);
});

describe('on a port', () => {
  let server: Server;
  let port: number;
  beforeEach(async () => {
    server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    port = (server.address() as { port: number }).port;
  });
  afterEach(() => server.close());

  test('that is taken it says so', () => {
    const { status, stderr } = hajime('sandbox', 'up', '--port', String(port));
    expect([status, stderr]).toEqual([
      1,
      expect.stringContaining(`port ${port} of 127.0.0.1 is taken: choose another with --port`),
    ]);
    expect(leftovers()).toEqual([]);
  });

  test('that is free it runs there, once', async () => {
    await new Promise((resolve) => server.close(resolve));
    expect(hajime('sandbox', 'up', '--port', String(port)).stdout).toContain(`http://127.0.0.1:${port}.`);
    expect(hajime('sandbox', 'up').stdout).toContain('runs already');
    expect(hajime('sandbox', 'up', '--port', String(port + 1))).toMatchObject({ status: 1 });
  });
});

test('on a full disk it says so and leaves nothing half-made', () => {
  const cache = path.join(state, 'cache');
  const script = [
    `mkdir -p ${cache}`,
    `mount -t tmpfs -o size=4m tmpfs ${cache}`,
    `XDG_CACHE_HOME=${cache} ${process.execPath} bin/hajime.js sandbox up`,
    'code=$?',
    `ls -A ${cache}/kotohajime`,
    'exit $code',
  ].join('; ');
  const { status, stdout, stderr } = spawnSync('unshare', ['-rm', 'sh', '-c', script], {
    cwd: ROOT,
    env: environment(),
    encoding: 'utf8',
  });
  expect(stderr).toContain(`The disk is full: nothing more can be written to ${cache}/kotohajime.`);
  expect([status, stdout]).toEqual([1, '']);
  expect(existsSync(path.join(state, 'lock'))).toBe(false);
});
