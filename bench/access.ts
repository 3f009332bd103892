/**
 * Access on a made-up platform of 1,000 grants, 100 namespaces and 50 roles of its own: `npm run bench:access`. The matrix
 * of who may do what, and one `can-i`, each as a whole process, beside a process that only loads the command line.
 * What is quoted is the median and the most of ten interleaved rounds, and the peak memory.
 */
import { spawnSync } from 'node:child_process';
import * as path from 'node:path';
import { median } from './synth';

const root = path.join(__dirname, '..');
const ROUNDS = 10;

interface Run {
  readonly seconds: number;
  readonly peakMiB: number;
}

function run(...words: readonly string[]): Run {
  const started = process.hrtime.bigint();
  const { status, stdout } = spawnSync(process.execPath, ['--require', 'tsx/cjs', ...words], {
    cwd: root,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${words.join(' ')} ended with ${status ?? 'a signal'}`);
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  const last = stdout.trimEnd().split('\n').at(-1) ?? '';
  return { seconds, peakMiB: last.startsWith('{') ? (JSON.parse(last) as Run).peakMiB : NaN };
}

const kinds = {
  matrix: ['bench/peers/access-large.ts', 'matrix'],
  'can-i': ['bench/peers/access-large.ts', 'can-i'],
  'the command line alone': ['bin/hajime.ts', '--help'],
} as const;
const runs = new Map<string, Run[]>(Object.keys(kinds).map((kind) => [kind, []]));
for (let round = 0; round < ROUNDS; round++)
  for (const [kind, words] of Object.entries(kinds)) runs.get(kind)?.push(run(...words));
for (const [kind, all] of runs) {
  const seconds = all.map((each) => each.seconds);
  const peak = Math.max(...all.map((each) => each.peakMiB));
  const memory = Number.isNaN(peak) ? '' : `, ${peak.toFixed(0)} MiB`;
  process.stdout.write(
    `${kind}: ${median(seconds).toFixed(2)} s (at most ${Math.max(...seconds).toFixed(2)} s)${memory}\n`,
  );
}
