import type { CloudFormationClientConfig, Stack } from '@aws-sdk/client-cloudformation';
import { OUTPUTS } from '../../lib/logs/deployed';
import type { PlatformConfig } from '../../lib/platform-config';
import { Failure } from '../../sandbox/failure';
import { credentialsFor, runningLocalAws } from '../../sandbox/local-aws';
import { asking, type Remedies } from '../refresh';
import { deployLine, type Target } from './command-line';
import { noCredentials } from './profile';

/** Options of the commands that speak to AWS. */
export interface AwsOptions {
  /** To the local AWS instead. */
  readonly sandbox?: true;
}

/** A platform whose pipeline is deployed. */
export interface Deployed {
  /** The platform's name. */
  readonly platform: string;
  /** In the local AWS. */
  readonly sandbox?: true;
  /** For the clients of the SDK: the region, and of the local AWS its endpoint and credentials. */
  readonly settings: ClientSettings;
  /** What the stack tells of itself. */
  readonly outputs: Readonly<Partial<Record<keyof typeof OUTPUTS, string>>>;
}

/** What a client of the SDK is made with. */
export type ClientSettings = Pick<CloudFormationClientConfig, 'region' | 'endpoint' | 'credentials' | 'maxAttempts'>;

const COMMON: Remedies = [
  [/ProviderError/, noCredentials],
  [/ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|TimeoutError/, 'AWS does not answer.'],
];

/** Asks AWS something. Why it did not answer is said in one sentence, with what to do, and then in its own words. */
export function askingAws<T>(service: string, remedies: Remedies, ask: () => Promise<T>): Promise<T> {
  return asking(service, [...remedies, ...COMMON], ask);
}

/** The Logs stack of a platform, as it is deployed. */
export async function deployed(
  platform: string,
  { env, logs }: Pick<PlatformConfig, 'env' | 'logs'>,
  options: AwsOptions,
): Promise<Deployed> {
  const settings = await clientSettings(env, options);
  const name = `${platform}-Logs`;
  const stack = await askingAws('CloudFormation', remedies({ platform, ...options }, logs !== undefined), () =>
    describe(name, settings),
  );
  const account = stack.StackId?.split(':')[4];
  if (account !== undefined && account !== env.account)
    throw new Failure(
      `The credentials are for account ${account}, and ${platform} is in ${env.account} (config/${platform}.ts). Sign in there.`,
    );
  const found = new Map((stack.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));
  const outputs = Object.fromEntries(
    Object.entries(OUTPUTS).flatMap(([key, output]) => {
      const value = found.get(output);
      return value === undefined ? [] : [[key, value]];
    }),
  );
  return { platform, sandbox: options.sandbox, settings, outputs };
}

/** An output of the Logs stack that a command cannot do without. */
export function output(place: Deployed, name: keyof typeof OUTPUTS): string {
  const value = place.outputs[name];
  if (value !== undefined) return value;
  throw new Failure(
    `The stack ${place.platform}-Logs has no output ${OUTPUTS[name]}. Deploy it again: ${deployLine(place, 'Logs')}`,
  );
}

/** The region of a platform; of the local AWS also how to reach it. */
export async function clientSettings(
  { account, region }: PlatformConfig['env'],
  { sandbox }: AwsOptions,
): Promise<ClientSettings> {
  if (sandbox !== true) return { region };
  const aws = await runningLocalAws();
  if (aws === undefined) throw new Failure('The local AWS does not run. Start it: npx hajime sandbox up');
  return { region, endpoint: aws.endpoint, credentials: await credentialsFor(aws, account), maxAttempts: 1 };
}

async function describe(name: string, settings: ClientSettings): Promise<Stack> {
  const cloudFormation = require('@aws-sdk/client-cloudformation') as typeof import('@aws-sdk/client-cloudformation');
  const client = new cloudFormation.CloudFormationClient(settings);
  const { Stacks = [] } = await client.send(new cloudFormation.DescribeStacksCommand({ StackName: name }));
  const [stack] = Stacks;
  if (stack === undefined) throw new Error(`Stack with id ${name} does not exist`);
  return stack;
}

function remedies(target: Target, configured: boolean): Remedies {
  const { platform } = target;
  const missing = configured ? 'Deploy it: ' : `Give config/${platform}.ts a \`logs\` section, then: `;
  return [
    [/does not exist/, `The log pipeline of ${platform} is not deployed. ${missing}${deployLine(target)}`],
    [/AccessDenied/, 'The credentials may not look at the stack: they need cloudformation:DescribeStacks.'],
  ];
}
