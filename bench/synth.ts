import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';

const root = path.join(__dirname, '..');

/** One synth, measured. */
export interface Run {
  readonly seconds: number;
  readonly mebibytes: number;
}

/** Resident memory of a process and all below it, in MiB. */
function residentMiB(pid: number): number {
  const children = new Map<number, number[]>();
  const pages = new Map<number, number>();
  for (const name of readdirSync('/proc').filter((each) => /^\d+$/.test(each))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
      children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
      pages.set(Number(name), Number(readFileSync(`/proc/${name}/statm`, 'utf8').split(' ')[1]));
    } catch {
      // it ended between the listing and the reading
    }
  }
  const sum = (each: number): number =>
    (pages.get(each) ?? 0) + (children.get(each) ?? []).reduce((total, child) => total + sum(child), 0);
  return (sum(pid) * 4096) / 2 ** 20;
}

/** Synthesizes an app with the CDK command line, and measures it. `more` goes into its environment. */
export function synth(app: string, output: string, more: Readonly<Record<string, string>> = {}): Promise<Run> {
  return new Promise((resolve, reject) => {
    const started = process.hrtime.bigint();
    const child = spawn(
      path.join(root, 'node_modules', '.bin', 'cdk'),
      ['synth', '--quiet', '--output', output, '--app', `node --import tsx ${app}`],
      {
        cwd: root,
        stdio: 'ignore',
        env: {
          PATH: process.env.PATH,
          HOME: output,
          CDK_VALIDATION: 'false',
          CDK_DISABLE_CLI_TELEMETRY: 'true',
          ...more,
        },
      },
    );
    let mebibytes = 0;
    const sampling = setInterval(() => (mebibytes = Math.max(mebibytes, residentMiB(child.pid ?? 0))), 20);
    child.on('exit', (code) => {
      clearInterval(sampling);
      const seconds = Number(process.hrtime.bigint() - started) / 1e9;
      if (code === 0) resolve({ seconds, mebibytes });
      else reject(new Error(`the synth of ${app} ended with ${code ?? 'a signal'}`));
    });
  });
}

/** The value in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? NaN)
    : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}
