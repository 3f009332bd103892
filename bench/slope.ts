/**
 * How synth time grows with node groups, ours beside pure L1: `npm run bench:slope`. Interleaved in one run; what is
 * quoted is the ratio of what 29 further groups cost, and how far the middle is from a straight line.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { median, synth } from './synth';

const APPS = ['bench/peers/groups-ours.ts', 'bench/peers/groups-l1.ts'] as const;
const SIZES = [1, 15, 30] as const; // 30 is the quota of a cluster
const rounds = Number(process.argv.find((word) => /^\d+$/.test(word)) ?? 8);

async function main(): Promise<void> {
  const output = mkdtempSync(path.join(tmpdir(), 'slope-'));
  const seconds = new Map<string, number[]>();
  try {
    for (let round = -1; round < rounds; round++) {
      for (const size of SIZES) {
        for (const app of round % 2 === 0 ? APPS : [...APPS].reverse()) {
          const run = await synth(app, output, { GROUPS: String(size) });
          const key = `${app} ${size}`;
          if (round >= 0) seconds.set(key, [...(seconds.get(key) ?? []), run.seconds]); // the first is a warm-up
        }
      }
    }
  } finally {
    rmSync(output, { recursive: true, force: true });
  }
  const of = (app: string, size: number): number => median(seconds.get(`${app} ${size}`) ?? []);
  const slopes = APPS.map((app) => {
    const [one, middle, most] = SIZES.map((size) => of(app, size));
    const slope = ((most ?? NaN) - (one ?? NaN)) / 29;
    process.stdout.write(
      `${app}: ${SIZES.map((size) => `${size} groups ${of(app, size).toFixed(3)} s`).join(', ')}; ` +
        `${(slope * 1000).toFixed(1)} ms a group, the middle ${(((middle ?? NaN) - (one ?? NaN)) / 14 / slope).toFixed(2)} times as steep\n`,
    );
    return slope;
  });
  process.stdout.write(`ours grows ${((slopes[0] ?? NaN) / (slopes[1] ?? NaN)).toFixed(2)} times as fast as pure L1\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
