import type { Command } from 'commander';
import { ordinal } from './figures';
import type * as look from './look';

/** What the two commands take. */
interface VersionWords {
  readonly sandbox?: true;
  readonly json?: true;
}

/** Adds `hajime logs versions` and `hajime logs show`; what they need is loaded only when one is run. */
export function versionCommands(
  logs: Command,
  platform: string,
  sandbox: readonly [string, string],
  looking: () => Pick<typeof look, 'versionsAction' | 'showAction'>,
): void {
  logs
    .command('versions')
    .argument('[platform]', platform)
    .description('lists the versions of the rules: by whom, from what, when, and what became of them')
    .option(...sandbox)
    .option('--json', 'for machines: [{ "version", "live", "by", "firstOut", "rollout", "state", "takenBackBy" }]')
    .addHelpText('after', '\nExamples:\n  npx hajime logs versions dev\n  npx hajime logs versions dev --json')
    .action((name: string | undefined, options: VersionWords) => looking().versionsAction(name, options));

  logs
    .command('show')
    .argument('<platform>', 'the platform')
    .argument('[version]', 'the version; the live one if left out', ordinal)
    .description('prints the rules of a version as YAML')
    .option(...sandbox)
    .option('--json', 'as they are stored')
    .addHelpText('after', '\nExamples:\n  npx hajime logs show dev\n  npx hajime logs show dev 7 > rules-of-then.yaml')
    .action((name: string, version: number | undefined, options: VersionWords) =>
      looking().showAction(name, version, options),
    );
}
