import * as path from 'node:path';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { EXIT } from '../ending';
import { chosen, named, say } from '../use';
import { canI, type CanIOptions } from './can-i';
import { whoCan, type WhoCanOptions } from './who-can';
import type * as resolving from './resolve';
import { showMatrix } from './matrix';
import { writeManifests } from './manifests';
import { kubeconfig, type KubeconfigOptions } from './kubeconfig';
import type * as loginChecks from './login-check';
import { migrate, type MigrateOptions } from './migrate';
import { record, type ClusterFiles } from './record';

const CONFIG = path.join(__dirname, '..', '..', 'config');

/** Everything about who may do what, and how they sign in. */
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

  program
    .command('kubeconfig')
    .argument('[platform]', 'the platform', 'dev')
    .description('the command and the stanza that write a cluster into your kubeconfig')
    .option('--as <grant>', 'the grant to sign in as')
    .option('--profile <profile>', 'the profile of the AWS CLI that signs')
    .addOption(new Option('--with <tool>', 'the tool that signs').choices(['aws', 'aws-iam-authenticator']))
    .option('--yaml', 'a whole kubeconfig, and nothing else')
    .option('--endpoint <url>', 'the endpoint, for a whole kubeconfig')
    .option('--ca <base64 or file>', 'the certificate authority, for a whole kubeconfig')
    .option('--cluster-json <file>', 'a saved answer of `aws eks describe-cluster` that has both')
    .option('--json', 'for machines')
    .addHelpText(
      'after',
      '\nExamples:\n  npx hajime kubeconfig dev --as deployers\n  npx hajime kubeconfig prod --with aws-iam-authenticator\n  npx hajime kubeconfig prod --cluster-json cluster.json > kubeconfig',
    )
    .action((platform: string, options: KubeconfigOptions) => {
      process.exitCode = kubeconfig(platform, named(platform), options) ? EXIT.fine : EXIT.problems;
    });

  program
    .command('login-check')
    .argument('[platform]', 'the platform', 'dev')
    .description('walks through a login: endpoint, token, STS, mapping, RBAC; where it ends, the likely causes')
    .option('--arn <arn>', 'who signs in: what `aws sts get-caller-identity` shows')
    .option('--as <grant>', 'or the holder of a grant')
    .option('--token <file>', 'a token, or the answer of `aws eks get-token`; - is the standard input')
    .option('--endpoint <url>', 'the endpoint, to be connected to')
    .option('--ca <base64 or file>', 'its certificate authority')
    .option('--cluster-json <file>', 'a saved answer of `aws eks describe-cluster` that has both')
    .option('--probe', 'asks AWS where the cluster is and who calls, and connects')
    .option('--profile <profile>', 'the profile of the AWS CLI to ask with')
    .option('--timeout <seconds>', 'how long connecting may take; 5 if left out', seconds)
    .option('--from <file>', "the cluster's aws-auth, in place of what the config comes to")
    .option('--entries <file>', "the cluster's access entries, in place of what the config comes to")
    .option('--verb <verb>', 'what is to be done; get if left out')
    .option('--resource <resource>', 'to what; pods if left out')
    .option('-n, --namespace <namespace>', 'the namespace; default if left out')
    .option('-A, --all-namespaces', 'in all namespaces at once')
    .option('--subresource <name>', 'such as log of pods')
    .option('--json', 'for machines')
    .addHelpText(
      'after',
      '\nExamples:\n  npx hajime login-check dev --arn arn:aws:sts::111122223333:assumed-role/Deployers/mei\n  npx hajime login-check prod --probe --profile prod\n  aws eks get-token --cluster-name prod | npx hajime login-check prod --token -',
    )
    .action(async (platform: string, options: loginChecks.LoginCheckOptions) => {
      // loaded only when needed: it brings TLS and DNS
      const { loginCheckCommand } = require('./login-check') as typeof loginChecks;
      process.exitCode = (await loginCheckCommand(platform, named(platform), options)) ? EXIT.fine : EXIT.problems;
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
      const { resolve } = require('./resolve') as typeof resolving;
      await resolve(path.relative(process.cwd(), path.join(CONFIG, 'sso.json')), options);
    });

  access
    .command('migrate')
    .argument('<platform>', 'the platform')
    .description('the way from aws-auth to access entries, stage by stage: who gains, who loses, which lines may go')
    .option('--from <file>', 'the aws-auth of the cluster: kubectl get configmap aws-auth -n kube-system -o yaml')
    .option('--entries <file>', 'its access entries: aws eks list-access-entries --cluster-name <name>')
    .option('--write <file>', 'writes the grants for lines that have none')
    .option('--force', 'overwrites that file')
    .option('--json', 'for machines')
    .addHelpText(
      'after',
      '\nExamples:\n  npx hajime access migrate prod\n  npx hajime access migrate prod --from aws-auth.yaml --entries entries.json\n  npx hajime access migrate prod --from aws-auth.yaml --write grants.ts',
    )
    .action((platform: string, options: Omit<MigrateOptions, 'platform'>) => {
      process.exitCode = migrate(named(platform), { ...options, platform }) ? EXIT.fine : EXIT.problems;
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
    .option('--from <file>', 'the aws-auth of the cluster, for the lines of others that have no access entry')
    .option('--entries <file>', 'its access entries: aws eks list-access-entries --cluster-name <name>')
    .addHelpText(
      'after',
      '\nExamples:\n  npx hajime access record prod\n  npx hajime access record prod --from aws-auth.yaml --entries entries.json',
    )
    .action((platform: string, files: ClusterFiles) => {
      const file = path.relative(process.cwd(), path.join(CONFIG, 'access-record.json'));
      say(record(file, platform, named(platform), files));
    });
}

function seconds(text: string): number {
  const number = Number(text);
  if (!(number > 0 && number <= 600)) throw new InvalidArgumentError('It must be a number of seconds, at most 600.');
  return number;
}
