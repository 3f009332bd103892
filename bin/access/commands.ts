import * as path from 'node:path';
import type { Command } from 'commander';
import { chosen, EXIT, named, say } from '../use';
import { canI, type CanIOptions } from './can-i';
import { whoCan, type WhoCanOptions } from './who-can';
import type * as resolving from './resolve';
import { showMatrix } from './matrix';
import { writeManifests } from './manifests';
import { record } from './record';

const CONFIG = path.join(__dirname, '..', '..', 'config');

/** Everything about who may do what. */
export function accessCommands(program: Command): void {
  program
    .command('can-i')
    .argument('<verb>', 'such as create; * is every verb')
    .argument('<resource>', 'such as pods, deploy.apps/web (an object), widgets.example.com, or a URL: /healthz')
    .requiredOption('--as <who>', 'a grant, or the ARN of a role, a user or a session')
    .description('whether somebody may do something, and why; exit code 0 for yes, 1 for no')
    .option('-n, --namespace <namespace>', 'the namespace; default if left out, as with kubectl')
    .option('-A, --all-namespaces', 'in all namespaces at once')
    .option('--subresource <name>', 'such as log of pods')
    .option('--impersonate <user>', 'as they would with `kubectl --as`')
    .option('--impersonate-group <group...>', 'as they would with `kubectl --as-group`')
    .option('-p, --platform <platform>', 'the platform, if more than one has the grant or the account')
    .option('--json', 'for machines')
    .addHelpText(
      'after',
      '\nExamples:\n  npx hajime can-i create deployments -n shop --as shop-developers\n  npx hajime can-i get pods --subresource log -A --as on-call\n  npx hajime can-i get secrets --as arn:aws:sts::444455556666:assumed-role/OnCall/mei',
    )
    .action((verb: string, what: string, options: CanIOptions) => {
      process.exitCode = canI(verb, what, options) ? EXIT.fine : EXIT.problems;
    });

  program
    .command('who-can')
    .argument('<verb>', 'such as delete')
    .argument('<resource>', 'as for can-i')
    .description('who may do something, and why; exit code 1 if no grant may')
    .option('-n, --namespace <namespace>', 'the namespace; default if left out')
    .option('-A, --all-namespaces', 'in all namespaces at once')
    .option('--subresource <name>', 'such as exec of pods')
    .option('-p, --platform <platform>', 'the platform; all of them if left out')
    .option('--all', 'also who is no grant, such as the controllers of Kubernetes')
    .option('--json', 'for machines')
    .addHelpText(
      'after',
      '\nExamples:\n  npx hajime who-can get secrets -n shop\n  npx hajime who-can create pods --subresource exec -n kube-system -p prod',
    )
    .action((verb: string, what: string, { platform, ...options }: WhoCanOptions & { platform?: string }) => {
      process.exitCode = whoCan(verb, what, chosen(platform), options) ? EXIT.fine : EXIT.problems;
    });

  const access = program
    .command('access')
    .argument('[platform]', 'the platform; all of them if left out')
    .description('who may do what, where and why: reckoned from the config and k8s/, before anything is deployed')
    .option('--json', 'for machines')
    .addHelpText(
      'after',
      '\nExamples:\n  npx hajime access dev\n  npx hajime access --json\n  npx hajime access resolve\n  npx hajime access migrate prod --from aws-auth.yaml',
    )
    .action((platform: string | undefined, options: { json?: true }) => {
      showMatrix(chosen(platform), options);
    });

  access
    .command('resolve')
    .description('finds the roles of permission sets in the account of your credentials and writes config/sso.json')
    .option('--from <file>', 'reads a saved answer of `aws iam list-roles` in place of asking IAM')
    .addHelpText(
      'after',
      '\nExamples:\n  npx hajime access resolve\n  npx hajime access resolve --from roles.json\n\nNeeds iam:ListRoles, and nothing else.',
    )
    .action(async (options: resolving.ResolveOptions) => {
      // loaded only when needed: it brings the AWS SDK
      // eslint-disable-next-line @typescript-eslint/no-require-imports -- import() would look for compiled files
      const { resolve } = require('./resolve') as typeof resolving;
      await resolve(path.relative(process.cwd(), path.join(CONFIG, 'sso.json')), options);
    });

  access
    .command('manifests')
    .argument('[platform]', 'the platform; all of them if left out')
    .description('writes the roles and bindings of the config that the Kubernetes layer applies: k8s/rbac/<platform>/')
    .addHelpText('after', '\nExamples:\n  npx hajime access manifests\n  npx hajime access manifests dev')
    .action((platform: string | undefined) => {
      for (const [name, config] of Object.entries(chosen(platform))) say(writeManifests(name, config));
    });

  access
    .command('record')
    .argument('<platform>', 'the platform that was deployed')
    .description('notes in config/access-record.json what is deployed: later changes that lock people out are refused')
    .addHelpText('after', '\nExample:\n  npx hajime access record prod')
    .action((platform: string) => {
      const file = path.relative(process.cwd(), path.join(CONFIG, 'access-record.json'));
      say(record(file, platform, named(platform), undefined));
      process.exitCode = EXIT.fine;
    });
}
