/**
 * The log filter beside `JSON.parse` alone and beside a straightforward handler: `npm run bench:logs`.
 *
 * One thread; batches of 3 MB of 694-byte lines in three Firehose records, through the whole handler from base64 to
 * base64. Each set of rules has a process of its own, as in Lambda, in which it takes turns with the others; only ratios
 * of the same round are quoted: a shared machine's times mean little. Then the slowest pattern, and the bundle: its size,
 * how long it takes to load, and how much memory its batches take.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import Table from 'cli-table3';
import { buildSync } from 'esbuild';
import { bundle } from '../lib/bundle';
import { batchOf, COUNT, lines } from './logs/lines';
import { slowestPattern } from './logs/patterns';
import { ROWS, type Measured } from './logs/rows';
import { median } from './synth';

const rounds = Number(process.argv.find((word) => /^\d+$/.test(word)) ?? 40);

/** Bundles what measures a row as the function is bundled. */
function bundleRow(folder: string): string {
  const outfile = path.join(folder, 'row.js');
  const entry = path.join(__dirname, 'logs', 'row.ts');
  buildSync({ entryPoints: [entry], outfile, bundle: true, platform: 'node', target: 'node22', minify: true });
  return outfile;
}

function measured(file: string, name: string): Measured {
  const { stdout, stderr, status } = spawnSync(process.execPath, [file, name, String(rounds)], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Measured;
}

function ratios(times: readonly number[] = [], base: readonly number[] = []): number[] {
  return times.map((time, round) => time / (base[round] ?? NaN)).sort((a, b) => a - b);
}

function shown(all: readonly number[]): [middle: string, range: string] {
  const tenth = Math.floor(all.length / 10);
  const at = (index: number): string => (all[index] ?? NaN).toFixed(2);
  return [median(all).toFixed(2), `${at(tenth)} – ${at(all.length - 1 - tenth)}`];
}

function show(file: string): void {
  const head = ['', 'times JSON.parse', 'least – most', 'target', 'µs a record'];
  const table = new Table({ head, style: { head: [], border: [] } });
  let faster = '';
  let most = 0;
  for (const [name, { target }] of Object.entries(ROWS)) {
    const { times, mebibytes } = measured(file, name);
    most = Math.max(most, mebibytes);
    const µs = median(times.ours ?? []).toFixed(2);
    table.push([
      name,
      ...shown(ratios(times.ours, times['JSON.parse'])),
      target === undefined ? '' : `≤ ${target}`,
      µs,
    ]);
    if (times.straightforward === undefined) continue;
    const beside = ratios(times.straightforward, times['JSON.parse']);
    table.push([`straightforward, ${name}`, ...shown(beside), '', median(times.straightforward).toFixed(2)]);
    const [middle, range] = shown(ratios(times.straightforward, times.ours));
    faster = `${name}: ${middle} times as fast as the straightforward handler (${range}; target 5)\n`;
  }
  process.stdout.write(`${table.toString()}\nleast and most leave out a tenth on each side\n${faster}`);
  process.stdout.write(`at most ${most.toFixed(0)} MiB resident in any of these processes (target 256)\n`);
}

/** The bundle as Lambda loads it: the SDK is there already, and so is loaded before the clock starts. */
function showBundle(folder: string): void {
  const file = path.join(folder, 'index.js');
  const batch = path.join(folder, 'batch.json');
  bundle(path.join(__dirname, '..', 'lib', 'logs', 'filter'), file, { minify: true });
  writeFileSync(batch, JSON.stringify(batchOf(lines(COUNT))));
  const run = (mode: 'load' | 'memory'): number => {
    const measure = path.join(__dirname, 'logs', 'measure-bundle.cjs');
    const env = { PATH: process.env.PATH, NODE_PATH: path.join(__dirname, '..', 'node_modules') };
    const { stdout, stderr } = spawnSync(process.execPath, [measure, file, mode, batch], { encoding: 'utf8', env });
    const [value] = stdout === '' ? [] : (JSON.parse(stdout) as number[]);
    if (value === undefined) throw new Error(stderr);
    return value;
  };
  const loads = Array.from({ length: 10 }, () => run('load'));
  process.stdout.write(
    `bundle: ${(readFileSync(file).length / 1000).toFixed(0)} kB (target 300); loads in ${median(loads).toFixed(0)} ms, ` +
      `at most ${Math.max(...loads).toFixed(0)} (target 150)\n` +
      `50 batches of 3 MB: at most ${run('memory').toFixed(0)} MiB resident, the SDK included, without rules (target 256)\n`,
  );
}

const folder = mkdtempSync(path.join(tmpdir(), 'bench-logs-'));
try {
  show(bundleRow(folder));
  const { pattern, milliseconds } = slowestPattern();
  process.stdout.write(`the slowest pattern on 10 kB, ${pattern}: ${milliseconds.toFixed(1)} ms (target 5)\n`);
  showBundle(folder);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
