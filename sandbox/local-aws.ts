import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { createWriteStream, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import type { Credentials } from './environment';
import { Failure } from './failure';
import type { Run } from './interrupt';
import { bornAt, isAlive } from './lock';
import { ROOT, STATE } from './places';

const FILE = path.join(STATE, 'state.json');

/** A local AWS that runs. */
export interface LocalAws {
  /** Its process. */
  readonly pid: number;
  /** When the process began, as the system counts. */
  readonly born: string;
  /** The port on 127.0.0.1. */
  readonly port: number;
  /** `http://127.0.0.1:<port>`. */
  readonly endpoint: string;
}

/** What the local AWS tells of itself. */
export interface Health {
  /** The account of keys that belong to no other. */
  readonly account: string;
  /** Since when it runs. */
  readonly started: string;
  /** Every stack there is. */
  readonly stacks: readonly {
    readonly name: string;
    readonly status: string;
    readonly account: string;
    readonly region: string;
  }[];
}

/** The local AWS of this clone, if it runs; what an earlier one left behind is cleaned away. */
export async function runningLocalAws(): Promise<LocalAws | undefined> {
  let state: LocalAws;
  try {
    state = JSON.parse(readFileSync(FILE, 'utf8')) as LocalAws;
  } catch {
    return undefined;
  }
  if (isAlive(state)) {
    const { pid } = await ask<{ pid: number }>(state, 'health').catch(() => ({ pid: 0 }));
    if (pid === state.pid) return state;
  }
  forgetState();
  return undefined;
}

/**
 * Starts the local AWS. It ends with the run unless {@link keep} is called: until then it hangs on this process, even
 * if that is killed.
 */
export async function startLocalAws(
  run: Run,
  python: string,
  account: string,
  port: number,
): Promise<{ aws: LocalAws; keep: () => void }> {
  mkdirSync(path.join(STATE, 'logs'), { recursive: true });
  const log = path.join(STATE, 'logs', 'local-aws.log');
  const temporary = path.join(STATE, 'tmp');
  const child = spawn(
    python,
    ['-m', 'emulator', '--port', String(port), '--account', account, '--state-dir', temporary],
    { cwd: ROOT, env: pythonEnv(), stdio: ['pipe', 'pipe', 'pipe'], detached: true },
  );
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  const forget = run.atEnd(async () => {
    child.kill('SIGKILL');
    await ended;
    forgetState();
    rmSync(temporary, { recursive: true, force: true });
  });
  const { pid = 0, port: actual, endpoint } = await readiness(child, log);
  const aws = { pid, born: bornAt(pid), port: actual, endpoint };
  writeFileSync(`${FILE}.part`, JSON.stringify(aws, null, 2));
  renameSync(`${FILE}.part`, FILE);
  const keep = (): void => {
    child.stdin.end('stay\n');
    forget();
    for (const stream of [child.stdout, child.stderr]) stream.destroy();
    child.unref();
  };
  return { aws, keep };
}

/** Ends the local AWS; true if there was one. */
export async function stopLocalAws(): Promise<boolean> {
  const aws = await runningLocalAws();
  if (aws === undefined) return false;
  process.kill(aws.pid, 'SIGTERM');
  for (let waited = 0; isAlive(aws); waited += 50) {
    if (waited === 3000) process.kill(aws.pid, 'SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  forgetState();
  rmSync(path.join(STATE, 'tmp'), { recursive: true, force: true });
  return true;
}

/** Asks the local AWS something about itself; with a body it is to do something. */
export async function ask<T>({ endpoint }: Pick<LocalAws, 'endpoint'>, what: string, body?: unknown): Promise<T> {
  const post = { method: 'POST', body: JSON.stringify(body) };
  const answer = await fetch(`${endpoint}/_sandbox/${what}`, {
    ...(body === undefined ? {} : post),
    signal: AbortSignal.timeout(body === undefined ? 10_000 : 120_000),
  });
  if (!answer.ok) throw new Failure(`The local AWS answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as T;
}

/** Credentials for an account of the local AWS. Any account exists. */
export async function credentialsFor(aws: Pick<LocalAws, 'endpoint'>, account: string): Promise<Credentials> {
  const keys = await ask<Record<'AccessKeyId' | 'SecretAccessKey' | 'SessionToken', string>>(
    aws,
    `credentials/${account}`,
  );
  return { accessKeyId: keys.AccessKeyId, secretAccessKey: keys.SecretAccessKey, sessionToken: keys.SessionToken };
}

function readiness(
  child: ChildProcessWithoutNullStreams,
  log: string,
): Promise<{ pid?: number; port: number; endpoint: string }> {
  const errors: string[] = [];
  // the file first: what it says before it ends must not be lost
  child.stderr.pipe(createWriteStream(log));
  child.stderr.setEncoding('utf8').on('data', (text: string) => errors.push(text));
  return new Promise((resolve, reject) => {
    child.stdout.setEncoding('utf8').once('data', (text: string) => resolve(JSON.parse(text) as never));
    child.on('error', (error) => reject(new Failure(`The local AWS cannot be started: ${error.message}`)));
    child.on('close', () => {
      const lines = errors.join('').trim().split('\n');
      reject(new Failure(`The local AWS did not start: ${lines.at(-1) || 'it said nothing'}`));
    });
  });
}

function pythonEnv(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(AWS_|PYTHON)|PROXY$/i.test(name));
  // compiled modules go beside the others in the cache, not into the clone
  return { ...Object.fromEntries(kept), PYTHONPATH: path.join(ROOT, 'sandbox'), PYTHONDONTWRITEBYTECODE: '1' };
}

function forgetState(): void {
  rmSync(FILE, { force: true });
}
