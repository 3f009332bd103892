import type { Command } from 'commander';
import type { PlatformConfig } from '../../lib/platform-config';
import { EXIT } from '../ending';
import { showCost, type CostOptions } from './cost';
import { above0, share, whole } from './figures';

/** What the commands of the log pipeline need of the others. */
export interface LogsContext {
  /** Every platform of config/. */
  readonly platforms: Readonly<Record<string, PlatformConfig>>;
  /** One of them; wrong use if there is none of that name. */
  readonly named: (platform: string) => PlatformConfig;
}

/** Adds `hajime logs …`. */
export function logsCommands(program: Command, _context: LogsContext): void {
  const logs = program
    .command('logs')
    .description('the log pipeline: its rules, what they do to real logs, and what it all costs')
    .addHelpText(
      'after',
      '\nExamples:\n  npx hajime logs check\n  npx hajime logs test dev --sample yesterday\n  npx hajime logs push dev',
    );

  logs
    .command('cost')
    .description('what the pipeline costs, beside sending everything to CloudWatch Logs')
    .requiredOption('--gb-per-day <number>', 'GB of log lines a day, before any rule', above0)
    .requiredOption('--keep <share>', 'the share the rules keep, such as 30%', share)
    .option('--hot <share>', 'the share of what is kept that also goes to CloudWatch Logs', share, 1)
    .option('--line-bytes <number>', 'bytes of an average line', above0, 694)
    .option('--aggregated', 'the agents put many lines into one record', true)
    .option('--no-aggregated', 'one line is one record, which Firehose rounds up to 5 KB')
    .option('--record-kb <number>', 'KB of an average aggregated record', above0, 100)
    .option('--archive', 'the unfiltered stream is archived in S3 too')
    .option('--retention-days <number>', 'days that lines stay, in either store', whole, 30)
    .option('--rules <number>', 'how many rules fire, for their metrics', whole, 20)
    .option('--region <region>', 'the region whose prices are taken', 'us-east-1')
    .option('--json', 'for machines')
    .addHelpText(
      'after',
      '\nExamples:\n  npx hajime logs cost --gb-per-day 1000 --keep 30%\n  npx hajime logs cost --gb-per-day 50 --keep 0.1 --no-aggregated --region ap-northeast-1 --json',
    )
    .action((options: CostOptions) => {
      showCost(options);
      process.exitCode = EXIT.fine;
    });
}
