import { Command, CommanderError } from 'commander';
import { createColors } from 'picocolors';
import { platforms } from '../config';
import type { PlatformConfig } from '../lib/platform-config';
import { problems } from '../lib/problems';
import { nearestRemedy } from '../lib/shape';
import { problemList } from '../lib/validate';

/** What a command ends with: fine, problems found, wrong use. */
const EXIT = { fine: 0, problems: 1, wrongUse: 2 } as const;

// colour on a terminal only; picocolors by itself also colours whatever runs in CI
const colour = createColors(process.stdout.isTTY === true && process.env.NO_COLOR === undefined);

/** Words the user wrote that mean nothing here. */
class WrongUse extends Error {}

const program = new Command('hajime')
  .description('Looks at the platforms of this project before they are deployed')
  .showHelpAfterError('(hajime --help shows the commands)')
  .exitOverride()
  .addHelpText('after', '\nExit codes: 0 fine, 1 problems found, 2 wrong use');

program
  .command('check')
  .argument('[platform]', 'the platform to check; all of them if left out')
  .description('finds every mistake in config/, all at once')
  .option('--json', 'for machines: { "<platform>": ["<problem>", …] }')
  .addHelpText('after', '\nExamples:\n  npx hajime check\n  npx hajime check dev --json')
  .action((platform: string | undefined, { json }: { json?: true }) => {
    const found = Object.fromEntries(
      Object.entries(chosen(platform)).map(([name, config]): [string, string[]] => [name, problems(config)]),
    );
    process.stdout.write(json === true ? `${JSON.stringify(found, null, 2)}\n` : checked(found));
    process.exitCode = Object.values(found).some(({ length }) => length > 0) ? EXIT.problems : EXIT.fine;
  });

function chosen(platform: string | undefined): Readonly<Record<string, PlatformConfig>> {
  if (platform === undefined) return platforms;
  const config = platforms[platform];
  if (config !== undefined) return { [platform]: config };
  const names = Object.keys(platforms);
  throw new WrongUse(
    `there is no platform ${platform} in config/; ${nearestRemedy(platform, names) ?? `there are ${names.join(', ')}`}`,
  );
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

try {
  program.parse();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT.fine : EXIT.wrongUse;
  else if (error instanceof WrongUse) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = EXIT.wrongUse;
  } else throw error;
}
