/**
 * `hajime capacity` on a made-up platform of 50 node groups over 6 zones, as a whole process: `npm run bench:capacity`.
 * What is quoted is the median and the most of ten runs, beside a process that only loads the command line.
 */
import { spawnSync } from 'node:child_process';
import * as path from 'node:path';
import { median } from './synth';

const root = path.join(__dirname, '..');
const ROUNDS = 10;

function seconds(...words: readonly string[]): number {
  const started = process.hrtime.bigint();
  const { status } = spawnSync(process.execPath, ['--import', 'tsx', ...words], { cwd: root, stdio: 'ignore' });
  if (status !== 0) throw new Error(`${words.join(' ')} ended with ${status ?? 'a signal'}`);
  return Number(process.hrtime.bigint() - started) / 1e9;
}

const large: number[] = [];
const bare: number[] = [];
for (let round = 0; round < ROUNDS; round++) {
  large.push(seconds('bench/peers/capacity-50.ts'));
  bare.push(seconds('bin/hajime.ts', '--help'));
}
process.stdout.write(
  `50 groups, 6 zones: ${median(large).toFixed(2)} s (at most ${Math.max(...large).toFixed(2)} s); ` +
    `the command line alone: ${median(bare).toFixed(2)} s\n`,
);
