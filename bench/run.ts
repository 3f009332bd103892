/**
 * How long a synth of our two platforms takes beside peers that make the like, under the same CLI.
 *
 * Runs are interleaved in one run and only their ratios are quoted: a shared machine's seconds mean little. Memory is
 * the largest sum of the resident sets of all processes of the command, read from /proc every 20 ms.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import Table from 'cli-table3';
import { median, synth, type Run } from './synth';

const APPS = {
  ours: 'bin/platform.ts',
  l1: 'bench/peers/l1.ts',
  'eks-v2': 'bench/peers/eks-v2.ts',
  blueprints: 'bench/peers/blueprints.ts',
} as const;
type App = keyof typeof APPS;
const rounds = Number(process.argv.find((word) => /^\d+$/.test(word)) ?? 10);
const json = process.argv.includes('--json');

/** Resources of an app, those of nested stacks too, so that the reader can judge whether two are alike. */
function resources(output: string): number {
  return readdirSync(output, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.template.json'))
    .map(
      (file) =>
        JSON.parse(readFileSync(path.join(output, file), 'utf8')) as { Resources: Record<string, { Type: string }> },
    )
    .reduce(
      (sum, template) =>
        sum + Object.values(template.Resources).filter(({ Type }) => Type !== 'AWS::CDK::Metadata').length,
      0,
    );
}

interface Figures {
  readonly app: App;
  readonly resources: number;
  readonly seconds: Ratio;
  readonly mebibytes: Ratio;
}

/** An app's median beside pure L1's: the ratios are of runs of the same round. */
interface Ratio {
  readonly median: number;
  readonly ratio: number;
  readonly least: number;
  readonly most: number;
}

function compare(runs: readonly Record<App, Run>[], app: App, of: (run: Run) => number): Ratio {
  const ratios = runs.map((round) => of(round[app]) / of(round.l1));
  return {
    median: median(runs.map((round) => of(round[app]))),
    ratio: median(ratios),
    least: Math.min(...ratios),
    most: Math.max(...ratios),
  };
}

async function main(): Promise<void> {
  const output = mkdtempSync(path.join(tmpdir(), 'bench-'));
  const apps = Object.keys(APPS) as App[];
  const at = (app: App): string => path.join(output, app);
  try {
    for (const app of apps) await synth(APPS[app], at(app)); // warm-up
    const runs: Record<App, Run>[] = [];
    for (let round = 0; round < rounds; round++) {
      // who goes first changes, so that none always runs on the warmer machine
      const order = [...apps.slice(round % apps.length), ...apps.slice(0, round % apps.length)];
      const timed: Partial<Record<App, Run>> = {};
      for (const app of order) timed[app] = await synth(APPS[app], at(app));
      runs.push(timed as Record<App, Run>);
      if (process.stderr.isTTY) process.stderr.write(`\rround ${round + 1} of ${rounds}`);
    }
    if (process.stderr.isTTY) process.stderr.write('\n');
    const figures = apps.map((app): Figures => ({
      app,
      resources: resources(at(app)),
      seconds: compare(runs, app, ({ seconds }) => seconds),
      mebibytes: compare(runs, app, ({ mebibytes }) => mebibytes),
    }));
    process.stdout.write(
      json ? `${JSON.stringify({ rounds, node: process.version, figures }, null, 2)}\n` : shown(figures),
    );
  } finally {
    rmSync(output, { recursive: true, force: true });
  }
}

function shown(figures: readonly Figures[]): string {
  const table = new Table({
    head: ['app', 'resources', 'seconds', 'x pure L1 (least–most)', 'MiB', 'x pure L1 (least–most)'],
    style: { head: [], border: [] },
  });
  const times = ({ ratio, least, most }: Ratio): string =>
    `${ratio.toFixed(2)} (${least.toFixed(2)}–${most.toFixed(2)})`;
  for (const { app, resources: count, seconds, mebibytes } of figures) {
    table.push([
      app,
      String(count),
      seconds.median.toFixed(2),
      times(seconds),
      mebibytes.median.toFixed(0),
      times(mebibytes),
    ]);
  }
  return `${table.toString()}\n`;
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
