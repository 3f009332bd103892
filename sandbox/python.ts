import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import * as path from 'node:path';
import { runCommand } from './command';
import { diskFull, Failure } from './failure';
import type { Run } from './interrupt';
import { bornAt, isAlive } from './lock';
import { CACHE, fingerprint, ROOT } from './places';

const OLDEST = [3, 11] as const;
const NAMES = ['python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3', 'python'];
const REQUIREMENTS = path.join(ROOT, 'sandbox', 'requirements.txt');

/** A Python that can run the local AWS. */
export interface Python {
  /** What starts it. */
  readonly command: string;
  /** Such as 3.11.7. */
  readonly version: string;
}

/** The first Python that is new enough: the one named in HAJIME_PYTHON, or one on the path. */
export function findPython(env: NodeJS.ProcessEnv = process.env): Python {
  const wanted = env.HAJIME_PYTHON;
  const found: string[] = [];
  for (const command of wanted === undefined ? NAMES : [wanted]) {
    const version = versionOf(command, env);
    if (version === undefined) continue;
    const [major = 0, minor = 0] = version.split('.').map(Number);
    if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return { command, version };
    found.push(`${command} is ${version}`);
  }
  const got =
    found.length > 0 ? found.join(', ') : wanted === undefined ? 'there is none on the path' : `${wanted} is none`;
  throw new Failure(
    `The local AWS needs Python ${OLDEST.join('.')} or newer, and ${got}. Install one (https://www.python.org/downloads, or your system's python3.11 with python3.11-venv), or name one in HAJIME_PYTHON.`,
  );
}

/** The Python of a virtual environment with everything the local AWS needs; made if it is not there yet. */
export async function pythonEnvironment(run: Run, onStep: (step: string) => void): Promise<string> {
  const python = findPython();
  const folder = path.join(CACHE, `venv-${fingerprint(readFileSync(REQUIREMENTS, 'utf8'), python.version)}`);
  const inside = path.join('bin', 'python');
  if (!existsSync(folder)) {
    removeLeftovers();
    // made under another name and renamed when it is whole: half an environment is never found
    const draft = `${folder}.${process.pid}.${bornAt(process.pid)}.part`;
    run.atEnd(() => rmSync(draft, { recursive: true, force: true }));
    onStep('Making a Python environment for the local AWS (a minute, once)');
    await make(run, python, draft);
    putInPlace(draft, folder);
  }
  return path.join(folder, inside);
}

async function make(run: Run, python: Python, draft: string): Promise<void> {
  const { VIRTUAL_ENV: _, PYTHONHOME: __, PYTHONPATH: ___, ...env } = process.env;
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-input', '-r', REQUIREMENTS];
  const steps = [
    [python.command, '-m', 'venv', draft],
    [path.join(draft, 'bin', 'python'), ...pip],
  ];
  try {
    mkdirSync(CACHE, { recursive: true });
  } catch (error) {
    throw new Failure(diskFull(String(error), CACHE) ?? `The cache folder ${CACHE} cannot be made: ${String(error)}`);
  }
  for (const step of steps) {
    const { code, output } = await runCommand(run, step, { env, cwd: ROOT });
    if (code === 0) continue;
    const reason = output.trim().split('\n').slice(-6).join('\n');
    throw new Failure(
      diskFull(output, CACHE) ??
        `The Python environment of the local AWS could not be made:\n${reason}\nCheck the network and that ${python.command} has the venv module, then run the same command again.`,
    );
  }
}

/** Gives an environment its name; one that another clone made in the meantime is as good. */
function putInPlace(draft: string, folder: string): void {
  try {
    renameSync(draft, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  }
}

/** Removes half-made environments whose makers were killed. */
function removeLeftovers(): void {
  if (!existsSync(CACHE)) return;
  for (const name of readdirSync(CACHE)) {
    const [, pid, born] = /^venv-.*\.(\d+)\.(\d*)\.part$/.exec(name) ?? [];
    if (pid !== undefined && !isAlive({ pid: Number(pid), born: born ?? '' }))
      rmSync(path.join(CACHE, name), { recursive: true, force: true });
  }
}

function versionOf(command: string, env: NodeJS.ProcessEnv): string | undefined {
  try {
    const program = 'import sys; print(".".join(map(str, sys.version_info[:3])))';
    const version = execFileSync(command, ['-c', program], { env, encoding: 'utf8', timeout: 10_000, stdio: 'pipe' });
    return /^\d+\.\d+\.\d+\s*$/.test(version) ? version.trim() : undefined;
  } catch {
    return undefined; // not there, or it does not run
  }
}
