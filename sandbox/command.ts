import { spawn } from 'node:child_process';
import * as path from 'node:path';
import type { Run } from './interrupt';

/** How a command ended. */
export interface Ended {
  /** Its exit code. */
  readonly code: number;
  /** What it printed, on both channels. */
  readonly output: string;
}

/** How a command is run. */
export interface CommandOptions {
  /** Its whole environment. */
  readonly env: NodeJS.ProcessEnv;
  /** Its working folder. */
  readonly cwd: string;
  /** Called with each whole line it prints. */
  readonly onLine?: (line: string) => void;
}

/** Runs a command that ends with this process, and with the run if that is interrupted. */
export function runCommand(run: Run, command: readonly string[], options: CommandOptions): Promise<Ended> {
  const { env, cwd, onLine } = options;
  // a group of its own: Ctrl-C reaches this process only, which then ends the group in order
  const child = spawn(process.execPath, [path.join(__dirname, 'tether.cjs'), ...command], {
    env,
    cwd,
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  const ended = new Promise<number>((resolve) => child.on('close', (code) => resolve(code ?? 1)));
  const forget = run.atEnd(async () => {
    child.stdin.end();
    await ended;
  });
  let [output, rest] = ['', ''];
  const read = (chunk: string): void => {
    output += chunk;
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    lines.forEach((line) => onLine?.(line));
  };
  child.stdout.setEncoding('utf8').on('data', read);
  child.stderr.setEncoding('utf8').on('data', read);
  return ended.then((code) => {
    forget();
    return { code, output };
  });
}
