import { Command, InvalidArgumentError } from 'commander';
import type * as sandboxCommands from '../sandbox/commands';
import { instanceFacts, nearestInstanceType } from '../lib/compute/instance-types';
import type { Wish } from '../lib/capacity/planner';
import { rangeProblems } from '../lib/network/cidr-rules';
import { showCapacity, showPlan, type CapacityOptions } from './capacity';
import { accessCommands } from './access/commands';
import { allAtOnce } from './all-at-once';
import { check } from './check';
import { logsCommands } from './logs/commands';
import { EXIT, WrongUse } from './ending';
import { chosen, named } from './use';

/** The whole command line. */
export function hajime(): Command {
  const program = new Command('hajime')
    .description('Looks at the platforms of this project before they are deployed, and deploys them to a local AWS')
    .exitOverride()
    .addHelpText('after', '\nExit codes: 0 fine, 1 problems found, 2 wrong use');

  program
    .command('check')
    .argument('[platform]', 'the platform to check; all of them if left out')
    .description('finds every mistake in config/, all at once')
    .option('--json', 'for machines: { "<platform>": { "problems": ["…"], "warnings": [{ "id", "message" }] } }')
    .addHelpText('after', '\nExamples:\n  npx hajime check\n  npx hajime check dev --json')
    .action((platform: string | undefined, options: { json?: true }) => {
      process.exitCode = check(chosen(platform), options) ? EXIT.fine : EXIT.problems;
    });

  program
    .command('capacity')
    .argument('[platform]', 'the platform to reckon; all of them if left out')
    .description('how many pods a platform can run, what its subnets hold, and what to change to run more')
    .option('--json', 'for machines')
    .option('--svg <file>', 'draws the VPC as a map into a file; for one platform')
    .option('--pods <number>', 'plans instead: what would run so many pods', wholeNumber)
    .option('--instance-type <type>', 'the instance type to plan with')
    .option('--zones <number>', 'how many zones to plan with, 2 to 6', wholeNumber, 3)
    .option('--cidr <range>', 'the VPC to plan in; the smallest of 10.0.0.0 that does it if left out')
    .addHelpText(
      'after',
      '\nExamples:\n  npx hajime capacity\n  npx hajime capacity prod --svg prod.svg\n  npx hajime capacity --pods 20000 --instance-type m7g.2xlarge --zones 3',
    )
    .action((platform: string | undefined, options: CapacityOptions & Partial<Wish>) => {
      process.exitCode = capacityOrPlan(platform, options) ? EXIT.fine : EXIT.problems;
    });

  accessCommands(program);

  logsCommands(program);

  program
    .command('start')
    .argument('[platform]', 'the platform to deploy', 'dev')
    .description('deploys a platform to the local AWS and shows it; what `npm start` runs')
    .option('--port <number>', 'the port of the local AWS; any free one if left out', portNumber)
    .addHelpText('after', '\nExamples:\n  npm start\n  npx hajime start prod')
    .action((platform: string, options: sandboxCommands.UpOptions) =>
      commands().start(platform, named(platform), options),
    );

  const sandbox = program
    .command('sandbox')
    .description('the local AWS: loopback only, no account, gone when it is down')
    .addHelpText(
      'after',
      '\nExamples:\n  npx hajime sandbox up\n  npx hajime sandbox deploy prod\n  npx hajime sandbox down',
    );

  sandbox
    .command('up')
    .description('starts the local AWS')
    .option('--port <number>', 'its port on 127.0.0.1; any free one if left out', portNumber)
    .addHelpText('after', '\nExamples:\n  npx hajime sandbox up\n  npx hajime sandbox up --port 4566')
    .action((options: sandboxCommands.UpOptions) => commands().up(options));

  sandbox
    .command('deploy')
    .argument('[platform]', 'the platform to deploy', 'dev')
    .description('deploys a platform with the real CDK command line; starts the local AWS if it does not run')
    .option('--port <number>', 'the port of the local AWS, if it is to be started', portNumber)
    .addHelpText('after', '\nExamples:\n  npx hajime sandbox deploy\n  npx hajime sandbox deploy prod')
    .action((platform: string, options: sandboxCommands.UpOptions) =>
      commands().deploy(platform, named(platform), options),
    );

  sandbox
    .command('destroy')
    .argument('[platform]', 'the platform to destroy', 'dev')
    .description('deletes the stacks of a platform and says what was kept')
    .addHelpText('after', '\nExamples:\n  npx hajime sandbox destroy dev')
    .action((platform: string) => commands().destroy(platform, named(platform)));

  sandbox
    .command('down')
    .description('ends the local AWS, with all that is in it')
    .addHelpText('after', '\nExamples:\n  npx hajime sandbox down')
    .action(() => commands().down());

  sandbox
    .command('status')
    .description('says what runs')
    .option('--json', 'for machines')
    .addHelpText('after', '\nExamples:\n  npx hajime sandbox status --json')
    .action((options: { json?: true }) => commands().status(options));
  hintAtHelp(program, 'hajime');
  return allAtOnce(program);
}

/** After a mistake of use each command names its own help. */
function hintAtHelp(command: Command, words: string): void {
  command.showHelpAfterError(`(npx ${words} --help shows how it is used)`);
  for (const each of command.commands) hintAtHelp(each, `${words} ${each.name()}`);
}

/** Loaded only when needed: it brings the AWS SDK. */
function commands(): typeof sandboxCommands {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true'; // not for who only runs a command
  return require('../sandbox/commands') as typeof sandboxCommands;
}

function capacityOrPlan(platform: string | undefined, options: CapacityOptions & Partial<Wish>): boolean {
  const { pods, instanceType, zones = 3, cidr, svg } = options;
  if (pods === undefined && instanceType === undefined) {
    const shown = chosen(platform);
    if (svg !== undefined && Object.keys(shown).length !== 1)
      throw new WrongUse(`--svg draws one platform: name it (${Object.keys(shown).join(', ')})`);
    return showCapacity(shown, options);
  }
  if (pods === undefined || instanceType === undefined)
    throw new WrongUse('--pods and --instance-type go together, such as --pods 20000 --instance-type m7g.2xlarge');
  if (platform !== undefined || svg !== undefined) throw new WrongUse('--pods plans a platform that is not there yet');
  if (pods < 1) throw new WrongUse(`--pods must be 1 or more, got ${pods}`);
  if (zones < 2 || zones > 6) throw new WrongUse(`--zones must be from 2 to 6, got ${zones}`);
  if (instanceFacts(instanceType) === undefined) {
    const nearest = nearestInstanceType(instanceType);
    throw new WrongUse(`instance type ${instanceType} is not known${nearest === undefined ? '' : `; ${nearest}`}`);
  }
  if (cidr !== undefined) {
    const found = rangeProblems(cidr, '--cidr', {
      largest: 16,
      smallest: zones > 4 ? 20 : 21,
      why: 'the subnets would not fit in less',
    });
    if (found.length > 0) throw new WrongUse(found.join('\n'));
  }
  return showPlan({ pods, instanceType, zones, cidr }, options);
}

function wholeNumber(text: string): number {
  const number = Number(text.replaceAll(/[,_]/g, ''));
  if (!Number.isInteger(number)) throw new InvalidArgumentError('It must be a whole number.');
  return number;
}

function portNumber(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new InvalidArgumentError('A port is 1 to 65535.');
  return port;
}
