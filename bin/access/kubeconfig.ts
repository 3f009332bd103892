import { existsSync, readFileSync } from 'node:fs';
import { certificateAuthorityData } from '../../lib/access/login/certificate-authority';
import { readDescribedCluster } from '../../lib/access/login/described-cluster';
import { readEndpoint } from '../../lib/access/login/endpoint-url';
import { execStanza, type TokenTool } from '../../lib/access/login/exec-stanza';
import { grantLogin, type GrantLogin } from '../../lib/access/login/grant-login';
import {
  kubeconfig as kubeconfigOf,
  kubeconfigText,
  yamlText,
  type KubeconfigProps,
} from '../../lib/access/login/kubeconfig';
import { kubeconfigCommand } from '../../lib/access/login/kubeconfig-command';
import type { PrincipalGrant } from '../../lib/access/access-grant';
import { renderedAccess } from '../../lib/access/rendered-access';
import type { PlatformConfig } from '../../lib/platform-config';
import { problems } from '../../lib/problems';
import { nearestRemedy } from '../../lib/shape';
import { problemList } from '../../lib/validate';
import { Failure, messageOf } from '../../sandbox/failure';
import { WrongUse } from '../ending';
import { colour, say } from '../use';

/** Options of `hajime kubeconfig`. */
export interface KubeconfigOptions {
  /** The grant to sign in as. */
  readonly as?: string;
  /** The profile of the AWS CLI that signs. */
  readonly profile?: string;
  /** The tool that signs; both are shown without it, and a whole kubeconfig is for the AWS CLI. */
  readonly with?: TokenTool;
  /** Prints a whole kubeconfig and nothing else. */
  readonly yaml?: true;
  /** The endpoint, for a whole kubeconfig. */
  readonly endpoint?: string;
  /** The certificate authority as base64 or a file, for a whole kubeconfig. */
  readonly ca?: string;
  /** A saved answer of `aws eks describe-cluster`, for a whole kubeconfig. */
  readonly clusterJson?: string;
  /** For machines. */
  readonly json?: true;
}

/** Shows how to write a platform's cluster into a kubeconfig; false if its config has problems. */
export function kubeconfig(name: string, config: PlatformConfig, options: KubeconfigOptions): boolean {
  const found = problems(config);
  if (found.length > 0) {
    say(problemList(`config/${name}.ts`, found));
    return false;
  }
  const login = options.as === undefined ? atHand(name, config, options) : asGrant(name, config, options.as, options);
  const props = propsOf(name, config, options, login);
  const { yaml, endpoint, ca, clusterJson } = options;
  if (options.json === true) {
    const tools = toolsOf(options).map((tool) => [tool, execStanza(tool, props)] as const);
    const machine = {
      platform: name,
      command: kubeconfigCommand(props),
      before: login.before,
      exec: Object.fromEntries(tools),
      kubeconfig: kubeconfigOf(props),
      notes: login.notes,
    };
    say(JSON.stringify(machine, null, 2));
  } else if (yaml === true || endpoint !== undefined || ca !== undefined || clusterJson !== undefined) {
    process.stdout.write(kubeconfigText(props));
  } else say(shown(name, options, login, props));
  return true;
}

function shown(name: string, options: KubeconfigOptions, login: GrantLogin, props: KubeconfigProps): string {
  const commands = [
    ...login.before.map(({ command, why }) => `${command}  ${colour.dim(`# ${why}`)}`),
    kubeconfigCommand(props),
  ];
  const stanzas = toolsOf(options).flatMap((tool) => [
    colour.bold(`The user's exec stanza, ${TOOLS[tool]}`),
    yamlText({ exec: execStanza(tool, props) }).trimEnd(),
    '',
  ]);
  return [
    colour.bold(
      `${name}: into your kubeconfig, ${options.as === undefined ? 'as the credentials at hand' : `as ${options.as}`}`,
    ),
    ...commands,
    '',
    ...stanzas,
    ...login.notes.map((note) => `${colour.yellow('!')} ${note}`),
  ].join('\n');
}

const TOOLS: Readonly<Record<TokenTool, string>> = {
  aws: 'AWS CLI',
  'aws-iam-authenticator': 'aws-iam-authenticator',
};

function toolsOf(options: KubeconfigOptions): TokenTool[] {
  return options.with === undefined ? ['aws', 'aws-iam-authenticator'] : [options.with];
}

function atHand(name: string, config: PlatformConfig, { profile }: KubeconfigOptions): GrantLogin {
  const names = Object.keys(config.access.grants);
  return {
    profile,
    before: [],
    notes: [
      `whose credentials they are: \`aws sts get-caller-identity\`; as somebody with a grant: --as ${names.join(', ')}`,
      `whether they get in: npx hajime login-check ${name} --arn <the ARN it shows>`,
    ],
  };
}

function asGrant(name: string, config: PlatformConfig, grant: string, { profile }: KubeconfigOptions): GrantLogin {
  const { principal } = grantNamed(name, config, grant);
  return grantLogin({ grant, principal, clusterName: name, account: config.env.account, profile });
}

/** A grant of a platform by its name. */
export function grantNamed(name: string, config: PlatformConfig, grant: string): PrincipalGrant {
  const { grants } = renderedAccess(config);
  const terms = Object.hasOwn(grants, grant) ? grants[grant] : undefined;
  if (terms !== undefined) return terms;
  const names = Object.keys(grants);
  throw new WrongUse(
    `${name} has no grant ${grant}; ${nearestRemedy(grant, names) ?? `its grants are ${names.join(', ')}`}`,
  );
}

function propsOf(
  name: string,
  { env }: PlatformConfig,
  options: KubeconfigOptions,
  { roleArn, profile }: GrantLogin,
): KubeconfigProps {
  const place = { clusterName: name, region: env.region, account: env.account };
  const { clusterJson, ca } = options;
  const described =
    clusterJson === undefined
      ? undefined
      : sound(readDescribedCluster(fileText(clusterJson, '--cluster-json'), '--cluster-json', place));
  const endpoint = options.endpoint === undefined ? undefined : sound(readEndpoint(options.endpoint, '--endpoint')).url;
  return {
    ...place,
    roleArn,
    profile,
    alias: options.as === undefined ? undefined : `${name}-${options.as}`,
    tool: options.with,
    endpoint: endpoint ?? described?.endpoint,
    certificateAuthority: ca === undefined ? described?.certificateAuthority : authorityIn(ca),
  };
}

/** The certificate authority that `--ca` names: base64, or a file. */
export function authorityIn(given: string): string {
  const data = certificateAuthorityData(existsSync(given) ? fileText(given, '--ca') : given);
  if (data !== undefined) return data;
  throw new WrongUse('`--ca` must be a certificate: base64 as `aws eks describe-cluster` prints it, or a file');
}

/** What was read; what is wrong with it ends the command. */
export function sound<T extends object>(read: T | string): T {
  if (typeof read === 'string') throw new WrongUse(read);
  return read;
}

/** What is in a file; 0 is the standard input. */
export function fileText(file: string | 0, what: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Failure(`${what} cannot be read: ${messageOf(error)}`);
  }
}
