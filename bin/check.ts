import { createColors } from 'picocolors';
import type { PlatformConfig } from '../lib/platform-config';
import { problems } from '../lib/problems';
import { problemList } from '../lib/validate';

// colour on a terminal only; picocolors by itself also colours whatever runs in CI
const colour = createColors(process.stdout.isTTY === true && process.env.NO_COLOR === undefined);

/** Prints every problem of the platforms given; true if there is none. */
export function check(platforms: Readonly<Record<string, PlatformConfig>>, { json }: { json?: true }): boolean {
  const found = Object.fromEntries(
    Object.entries(platforms).map(([name, config]): [string, string[]] => [name, problems(config)]),
  );
  process.stdout.write(json === true ? `${JSON.stringify(found, null, 2)}\n` : checked(found));
  return Object.values(found).every(({ length }) => length === 0);
}

function checked(found: Readonly<Record<string, readonly string[]>>): string {
  const count = Object.values(found).reduce((sum, { length }) => sum + length, 0);
  const lists = Object.entries(found).map(([name, lines]) =>
    lines.length === 0
      ? `${colour.green('✓')} ${name}`
      : `${colour.red('✗')} ${problemList(`config/${name}.ts`, lines)}`,
  );
  const verdict = count === 0 ? 'No problems.' : `${count} ${count === 1 ? 'problem' : 'problems'}.`;
  return `${[...lists, '', verdict].join('\n')}\n`;
}
