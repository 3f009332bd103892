import { Option, type Command } from 'commander';
import { EXIT } from '../ending';
import type * as change from './change';
import { showCost, type CostOptions } from './cost';
import { above0, ordinal, share, upTo, whole } from './figures';
import type * as look from './look';
import type * as replayActions from './replay-action';
import { versionCommands } from './version-commands';

const PLATFORM = 'the platform; may be left out if only one has rules';
const SAMPLE =
  'real records: yesterday, today or another day of the pipeline, a file, a folder, s3://…, or - for stdin';
const RULES = ['--rules <file>', 'another rule file than config/logs/<platform>.yaml; - for stdin'] as const;
const SANDBOX = ['--sandbox', 'of the local AWS (npx hajime sandbox up)'] as const;
const LIMIT = ['--limit <records>', 'stops after so many records of the sample', ordinal] as const;

/** Adds `hajime logs …`. */
export function logsCommands(program: Command): void {
  const logs = program
    .command('logs')
    .description('the log pipeline: its rules, what they do to real logs, and what it all costs')
    .addHelpText(
      'after',
      '\nExamples:\n  npx hajime logs check\n  npx hajime logs test dev --sample yesterday\n  npx hajime logs push dev',
    );
  lookingCommands(logs);
  versionCommands(logs, PLATFORM, SANDBOX, looking);
  changingCommands(logs);
  replayCommand(logs);
  forgetCommand(logs);
  costCommand(logs);
}

/** What only looks. */
function lookingCommands(logs: Command): void {
  logs
    .command('check')
    .argument('[platform]', 'the platform; all that have rules if left out')
    .description('finds every mistake in the rule files, all at once, and rules that do nothing any more')
    .option(...RULES)
    .option(
      '--json',
      'for machines: { "<platform>": { "file", "rules", "problems": […], "warnings": [{ "id", "message" }] } }',
    )
    .addHelpText('after', '\nExamples:\n  npx hajime logs check\n  npx hajime logs check dev --json')
    .action((platform: string | undefined, options: { rules?: string; json?: true }) => {
      process.exitCode = looking().checkAction(platform, options) ? EXIT.fine : EXIT.problems;
    });

  logs
    .command('test')
    .argument('[platform]', 'the platform; all that have rules if left out')
    .description(
      "runs the rules' own tests, and shows what the rules do to a sample of real records and what that saves",
    )
    .option('--sample <where>', SAMPLE)
    .option('--gb-per-day <number>', 'GB of log lines a day, to reckon what such a sample comes to', above0)
    .option('--region <region>', "the region whose prices are taken; the platform's if left out")
    .option(...LIMIT)
    .option(...RULES)
    .option(...SANDBOX)
    .option('--json', 'for machines')
    .addHelpText(
      'after',
      '\nExamples:\n  npx hajime logs test\n  npx hajime logs test dev --sample yesterday --gb-per-day 50\n  cat lines.ndjson | npx hajime logs test dev --sample -',
    )
    .action(async (platform: string | undefined, options: TestOptions) => {
      process.exitCode = (await looking().testAction(platform, options)) ? EXIT.fine : EXIT.problems;
    });

  logs
    .command('diff')
    .argument('[platform]', PLATFORM)
    .description('shows what a change of rules changes for a sample of real records, with examples')
    .requiredOption('--sample <where>', SAMPLE)
    .option('--against <rules>', 'what is in force: live, a version, or another rule file', 'live')
    .option(...LIMIT)
    .option(...RULES)
    .option(...SANDBOX)
    .option('--json', 'for machines')
    .addHelpText(
      'after',
      '\nExamples:\n  npx hajime logs diff dev --sample yesterday\n  npx hajime logs diff dev --sample lines.ndjson.gz --against old-rules.yaml',
    )
    .action((platform: string | undefined, options: DiffOptions) => looking().diffAction(platform, options));

  logs
    .command('status')
    .argument('[platform]', PLATFORM)
    .description('says which rules are live, since when and by whom, and whether the pipeline works; 1 if it does not')
    .option(...SANDBOX)
    .option('--json', 'for machines')
    .addHelpText('after', '\nExamples:\n  npx hajime logs status dev\n  npx hajime logs status dev --json')
    .action(async (platform: string | undefined, options: { sandbox?: true; json?: true }) => {
      process.exitCode = (await looking().statusAction(platform, options)) ? EXIT.fine : EXIT.problems;
    });
}

/** What changes which rules are live. */
function changingCommands(logs: Command): void {
  logs
    .command('push')
    .argument('[platform]', PLATFORM)
    .description(
      'checks and tests the rules, and makes them live without a deploy; all at once unless the config says otherwise',
    )
    .option('--gradual', 'a growing share of the function takes them up; until that is over both rule sets decide')
    .option('--at-once', 'all at once, though the config says gradual')
    .option('--wait', 'waits until the rollout and its watch are over; fails if an alarm takes it back')
    .option('--dry-run', 'checks, tests, and says what is live and what would change; starts nothing')
    .option(...RULES)
    .option(...SANDBOX)
    .option('--json', 'for machines: { "did", "version", "rollout", "state", "live", "effectiveAt", … }')
    .addHelpText(
      'after',
      '\nExamples:\n  npx hajime logs push dev --dry-run\n  npx hajime logs push dev\n  npx hajime logs push prod --gradual --wait',
    )
    .action((platform: string | undefined, options: change.RolloutWords) => changing().pushAction(platform, options));

  logs
    .command('rollback')
    .argument('[platform]', PLATFORM)
    .description('makes the rules before the live ones live again, all at once; stops a rollout that goes on')
    .option('--to <version>', 'that version instead', ordinal)
    .option('--to-nothing', 'no rules instead, so that everything is kept: the way back from the first version')
    .option('--wait', 'waits until the rollout and its watch are over; fails if an alarm takes it back')
    .option(...SANDBOX)
    .option('--json', 'for machines: { "did", "version", "rollout", "state", "live", "effectiveAt", … }')
    .addHelpText(
      'after',
      '\nExamples:\n  npx hajime logs rollback dev\n  npx hajime logs rollback dev --to 7\n  npx hajime logs rollback dev --to-nothing',
    )
    .action((platform: string | undefined, options: change.RolloutWords) =>
      changing().rollbackAction(platform, options),
    );
}

/** What makes way for the deletion of the stack. */
function forgetCommand(logs: Command): void {
  logs
    .command('forget')
    .argument('[platform]', PLATFORM)
    .description('deletes every stored version of the rules, without which the stack cannot be deleted')
    .option('--yes', 'do it; without it nothing is deleted')
    .option(...SANDBOX)
    .addHelpText('after', '\nExamples:\n  npx hajime logs forget dev\n  npx hajime logs forget dev --yes')
    .action((platform: string | undefined, options: { sandbox?: true; yes?: true }) =>
      changing().forgetAction(platform, options),
    );
}

/** What puts records back. */
function replayCommand(logs: Command): void {
  logs
    .command('replay')
    .argument('[platform]', PLATFORM)
    .description(
      'sends records into the stream again: batches Firehose gave up on, or the unfiltered archive; or kept lines into the hot copy',
    )
    .addOption(
      new Option(
        '--from <place>',
        'failed: what Firehose gave up on; archive: everything that came; hot: kept lines, into the hot copy',
      )
        .choices(['failed', 'archive', 'hot'])
        .makeOptionMandatory(),
    )
    .requiredOption('--since <time>', 'from when on, in UTC: 2026-11-24T10:00, a day, yesterday, or 90m, 6h, 2d ago')
    .option('--until <time>', 'until when; now if left out')
    .option('--dropped-by <rules>', 'of the archive only what these rules drop: live, a version, or a rule file')
    .option('--dry-run', 'only counts')
    .option('--again', 'also what was replayed before, all of it anew')
    .option('--mb-per-second <number>', 'how fast; the agents need the rest of the quota', upTo(1000), 1)
    .option(...SANDBOX)
    .option('--json', 'for machines')
    .addHelpText(
      'after',
      '\nObjects are taken whole, by the hour in their names. Nothing is deleted; what was accepted is marked,' +
        '\nso the same command goes on where it stopped (without --again), and a second one sends nothing twice.' +
        '\n\nExamples:\n  npx hajime logs replay dev --from failed --since 6h --dry-run\n  npx hajime logs replay dev --from failed --since 6h\n  npx hajime logs replay dev --from archive --since 2026-11-24T10:00 --until 2026-11-24T12:00 --dropped-by 7',
    )
    .action((platform: string | undefined, options: replayActions.ReplayWords) =>
      replaying().replayAction(platform, options),
    );
}

type TestOptions = Parameters<typeof look.testAction>[1];
type DiffOptions = Parameters<typeof look.diffAction>[1];

// loaded only when needed: they bring the engine of the rules
function looking(): typeof look {
  quietSdk();
  return require('./look') as typeof look;
}

function changing(): typeof change {
  quietSdk();
  return require('./change') as typeof change;
}

function replaying(): typeof replayActions {
  quietSdk();
  return require('./replay-action') as typeof replayActions;
}

function quietSdk(): void {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true'; // not for who only runs a command
}

function costCommand(logs: Command): void {
  logs
    .command('cost')
    .description('what the pipeline costs, beside sending everything to CloudWatch Logs')
    .requiredOption('--gb-per-day <number>', 'GB of log lines a day, before any rule', above0)
    .requiredOption('--keep <share>', 'the share the rules keep, such as 30%', share)
    .option('--hot <share>', 'the share of what is kept that also goes to CloudWatch Logs', share, 1)
    .option('--line-bytes <number>', 'bytes of an average line', above0, 694)
    .option('--aggregated', 'the agents put many lines into one record', true)
    .option('--no-aggregated', 'one line is one record, which Firehose rounds up to 5 KB')
    .option(
      '--containers <number>',
      'how many containers write at a time: a record holds what one of them wrote between two deliveries',
      above0,
      500,
    )
    .option('--record-kb <number>', 'KB of an average record as measured, IncomingBytes / IncomingRecords', above0)
    .option('--archive', 'the unfiltered stream is archived in S3 too, for 90 days')
    .option('--archive-days <number>', 'the same, for so many days', whole)
    .option('--retention-days <number>', 'days that lines stay, in either store', whole, 30)
    .option('--rules <number>', 'how many rules fire, for their metrics', whole, 20)
    .option('--region <region>', 'the region whose prices are taken', 'us-east-1')
    .option('--json', 'for machines')
    .addHelpText(
      'after',
      '\nExamples:\n  npx hajime logs cost --gb-per-day 1000 --keep 30%\n  npx hajime logs cost --gb-per-day 50 --keep 0.1 --containers 2000 --archive-days 30\n  npx hajime logs cost --gb-per-day 50 --keep 0.1 --no-aggregated --region ap-northeast-1 --json',
    )
    .action((options: CostOptions) => {
      showCost(options);
      process.exitCode = EXIT.fine;
    });
}
