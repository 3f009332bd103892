import { execFile } from 'node:child_process';
import { lookup } from 'node:dns/promises';
import { connect, isIP, type Socket } from 'node:net';
import * as tls from 'node:tls';
import type { Access } from '../../lib/access/access';
import { awsFailure, otherAnswer, type AwsFailure } from '../../lib/access/login/aws-failure';
import {
  readDescribedCluster,
  type ClusterPlace,
  type DescribedCluster,
} from '../../lib/access/login/described-cluster';
import type { EndpointFacts, Probe } from '../../lib/access/login/endpoint-step';
import { isEksHost, readEndpoint, type EndpointUrl } from '../../lib/access/login/endpoint-url';
import { loginAccess } from '../../lib/access/login/login-access';
import { loginCheck, type LoginCheck, type LoginFacts } from '../../lib/access/login/login-check';
import type { LikelyCause, LoginStep } from '../../lib/access/login/login-step';
import type { Asking } from '../../lib/access/question';
import { callerArnOf, type Simulator } from '../../lib/access/simulator';
import type { PlatformConfig } from '../../lib/platform-config';
import { isPlainObject } from '../../lib/shape';
import { messageOf } from '../../sandbox/failure';
import { WrongUse } from '../ending';
import { colour, say } from '../use';
import { asked } from './can-i';
import { authorityIn, fileText, grantNamed, sound } from './kubeconfig';
import { simulated } from './simulated';

/** Options of `hajime login-check`. */
export interface LoginCheckOptions extends Asking {
  /** The ARN that `aws sts get-caller-identity` shows for who signs in. */
  readonly arn?: string;
  /** A grant whose holder signs in, in place of an ARN. */
  readonly as?: string;
  /** A file with a token or the answer of `aws eks get-token`; `-` is the standard input. */
  readonly token?: string;
  /** The endpoint, to be connected to wherever it is. */
  readonly endpoint?: string;
  /** The certificate authority as base64 or a file. */
  readonly ca?: string;
  /** A saved answer of `aws eks describe-cluster`, whose endpoint is connected to if it is one of EKS. */
  readonly clusterJson?: string;
  /** Asks AWS where the cluster is and who calls, through the AWS CLI, and connects to it. */
  readonly probe?: true;
  /** The profile of the AWS CLI to ask with. */
  readonly profile?: string;
  /** How long connecting may take, in seconds; 5 if left out. */
  readonly timeout?: number;
  /** The cluster's aws-auth, as kubectl prints it, in place of what the config comes to. */
  readonly from?: string;
  /** The cluster's access entries, as the AWS CLI prints them, in place of what the config comes to. */
  readonly entries?: string;
  /** What is asked; `get` if left out. */
  readonly verb?: string;
  /** Of what it is asked; `pods` if left out. */
  readonly resource?: string;
  /** For machines. */
  readonly json?: true;
}

/** Walks through a login to a platform's cluster and says where it ends; true if it does not. */
export async function loginCheckCommand(
  name: string,
  config: PlatformConfig,
  options: LoginCheckOptions,
): Promise<boolean> {
  const check = loginCheck(await factsOf(name, config, options));
  if (options.json === true) say(JSON.stringify({ platform: name, ...check }, null, 2));
  else say(text(name, check));
  return check.ok;
}

async function factsOf(name: string, config: PlatformConfig, options: LoginCheckOptions): Promise<LoginFacts> {
  if (options.arn !== undefined && options.as !== undefined)
    throw new WrongUse('--arn and --as both say who: give one');
  const access = simulated(name, config);
  const place = { clusterName: name, region: config.env.region, account: config.env.account };
  const token =
    options.token === undefined ? undefined : fileText(options.token === '-' ? 0 : options.token, '--token');
  const ca = options.ca === undefined ? undefined : authorityIn(options.ca);
  const saved = options.clusterJson === undefined ? undefined : savedCluster(options.clusterJson, place);
  const given = options.endpoint === undefined ? undefined : sound(readEndpoint(options.endpoint, '--endpoint'));
  const asking = options.probe === true;
  const [aws, authenticator, described, atHand] = await Promise.all([
    run(['aws', '--version']),
    run(['aws-iam-authenticator', 'version']),
    asking && saved === undefined && given === undefined ? describe(place, options) : saved,
    asking ? whoCalls(place, options) : undefined,
  ]);
  const cluster = described !== undefined && 'arn' in described ? described : undefined;
  const failure = described !== undefined && 'line' in described ? described : undefined;
  return {
    ...place,
    live: options.from !== undefined || options.entries !== undefined,
    creatorIsAdministrator: cluster?.creatorIsAdministrator,
    endpoint: {
      ...(await endpointFacts(given, cluster, ca ?? cluster?.certificateAuthority, options.timeout)),
      publicAccessCidrs: cluster === undefined ? config.controlPlane.publicAccessCidrs : cluster.publicAccessCidrs,
      awsFailure: failure,
    },
    token: { aws: aws.found, authenticator: authenticator.found, token, now: new Date() },
    caller: { arn: options.as === undefined ? options.arn : callerArnOf(grantNamed(name, config, options.as)), atHand },
    ...accessFacts(access, cluster?.authenticationMode, options),
  };
}

/** Who may come in and what they may do, from files where they are given. */
function accessFacts(
  access: Simulator,
  mode: Access['mode'] | undefined,
  options: LoginCheckOptions,
): Pick<LoginFacts, 'mapping' | 'rbac'> {
  const { from, entries, verb, resource, namespace, allNamespaces, subresource } = options;
  const { mapping, rbac, problems } = loginAccess(access, {
    awsAuth: from === undefined ? undefined : fileText(from, '--from'),
    entries: entries === undefined ? undefined : fileText(entries, '--entries'),
    mode,
  });
  if (problems.length > 0) throw new WrongUse(problems.join('\n'));
  const isAsked = [verb, resource, namespace, allNamespaces, subresource].some((word) => word !== undefined);
  if (!isAsked) return { mapping, rbac };
  const question = asked(verb ?? 'get', resource ?? 'pods', { namespace, allNamespaces, subresource }, access.minor);
  return { mapping, rbac: { ...rbac, question } };
}

async function endpointFacts(
  given: EndpointUrl | undefined,
  cluster: DescribedCluster | undefined,
  ca: string | undefined,
  timeout = 5,
): Promise<EndpointFacts> {
  const told = cluster?.endpoint === undefined ? undefined : sound(readEndpoint(cluster.endpoint, 'cluster.endpoint'));
  const endpoint = given ?? told;
  if (endpoint === undefined) return cluster === undefined ? {} : { untried: 'the cluster has no endpoint yet' };
  if (given === undefined && !isEksHost(endpoint.host)) {
    return { untried: `${endpoint.host} is no endpoint of EKS; --endpoint ${endpoint.url} tries it nevertheless` };
  }
  const proxied = [process.env.HTTPS_PROXY, process.env.https_proxy].some((proxy) => (proxy ?? '') !== '');
  return { proxied, probe: await probeEndpoint(endpoint, ca, timeout * 1000) };
}

/** Connects to an endpoint the way kubectl does, and says nothing there. */
async function probeEndpoint({ host, port }: EndpointUrl, ca: string | undefined, timeout: number): Promise<Probe> {
  const at = { host, port };
  let addresses: string[];
  try {
    addresses = (await lookup(host, { all: true })).map(({ address }) => address);
  } catch (error) {
    return { ...at, addresses: [], reached: 'nothing', error: codeOf(error) };
  }
  const tries = addresses.map((address) => connected(address, port, timeout));
  try {
    const socket = await Promise.any(tries);
    try {
      return { ...at, addresses, reached: 'tls', trusted: await isTrusted(socket, host, ca, timeout) };
    } catch (error) {
      return { ...at, addresses, reached: 'tcp', error: codeOf(error) };
    }
  } catch (error) {
    const { errors: [first = error] = [] } = error as { errors?: readonly unknown[] };
    return { ...at, addresses, reached: 'nothing', error: codeOf(first) };
  } finally {
    for (const result of await Promise.allSettled(tries)) if (result.status === 'fulfilled') result.value.destroy();
  }
}

function connected(host: string, port: number, timeout: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, timeout }, () => {
      socket.setTimeout(0);
      resolve(socket);
    });
    socket.on('error', reject);
    socket.on('timeout', () => socket.destroy(timedOut()));
  });
}

/** Whether the other side's certificate is from the authority; undefined if that is not known. */
function isTrusted(
  socket: Socket,
  host: string,
  ca: string | undefined,
  timeout: number,
): Promise<boolean | undefined> {
  return new Promise((resolve, reject) => {
    const secure = tls.connect(
      {
        socket,
        host,
        // an address cannot be a name in TLS
        ...(isIP(host) === 0 ? { servername: host } : {}),
        rejectUnauthorized: false,
        ...(ca === undefined ? {} : { ca: Buffer.from(ca, 'base64') }),
      },
      () => {
        resolve(ca === undefined ? undefined : secure.authorized);
        secure.destroy();
      },
    );
    secure.on('error', reject);
    secure.setTimeout(timeout, () => secure.destroy(timedOut()));
  });
}

function timedOut(): Error {
  return Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' });
}

function codeOf(error: unknown): string {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : messageOf(error);
}

function savedCluster(file: string, place: ClusterPlace): DescribedCluster {
  return sound(readDescribedCluster(fileText(file, '--cluster-json'), '--cluster-json', place));
}

async function describe(place: ClusterPlace, options: LoginCheckOptions): Promise<DescribedCluster | AwsFailure> {
  const call = ['eks', 'describe-cluster'];
  const answer = await askAws([...call, '--name', place.clusterName], place, options);
  if (answer.found === undefined)
    return awsFailure({ ...place, call, profile: options.profile, stderr: answer.stderr });
  const cluster = readDescribedCluster(answer.found, 'aws eks describe-cluster', place);
  return typeof cluster === 'string' ? otherAnswer(cluster) : cluster;
}

async function whoCalls(place: ClusterPlace, options: LoginCheckOptions): Promise<string | undefined> {
  const { found } = await askAws(['sts', 'get-caller-identity'], place, options);
  try {
    const answer: unknown = JSON.parse(found ?? '');
    return isPlainObject(answer) && typeof answer.Arn === 'string' ? answer.Arn : undefined;
  } catch {
    return undefined; // what AWS refuses is told with the endpoint
  }
}

function askAws(words: readonly string[], { region }: ClusterPlace, { profile }: LoginCheckOptions): Promise<Ran> {
  const who = profile === undefined ? [] : ['--profile', profile];
  return run(['aws', ...words, '--region', region, ...who, '--output', 'json']);
}

interface Ran {
  /** What it printed; undefined if it is not there or failed. */
  readonly found?: string;
  readonly stderr: string;
}

/** Runs a tool that is on PATH; some print their version to where errors go. */
function run([command = '', ...words]: readonly string[]): Promise<Ran> {
  return new Promise((resolve) => {
    // not `spawn`: of a command that is not there, its timeout would go on
    const tool = execFile(command, words, { env: process.env, timeout: 30_000 }, (error, stdout, stderr) => {
      if (error === null) resolve({ found: stdout.trim() || stderr.trim(), stderr });
      else resolve({ stderr: stderr || `${command}: ${codeOf(error)}` });
    });
    tool.stdin?.end();
  });
}

const MARKS: Readonly<Record<LoginStep['state'], string>> = {
  passed: colour.green('✓'),
  failed: colour.red('✗'),
  skipped: colour.dim('–'),
};

function text(name: string, { steps, ok, verdict, otherwise }: LoginCheck): string {
  const lines = steps.flatMap(({ step, state, line, causes, remarks }) => [
    `${MARKS[state]} ${step.padEnd(8)}  ${line}`,
    ...causes.flatMap((cause, index) => told(cause, index === 0 ? 'likely' : 'or')),
    ...remarks.map((remark) => colour.dim(`            ${remark}`)),
  ]);
  return [
    colour.bold(`${name}: the way of a login`),
    ...lines,
    '',
    ok ? verdict : colour.bold(verdict),
    ...(otherwise.length === 0 ? [] : ['If the cluster refuses it nevertheless:']),
    ...otherwise.flatMap((cause, index) => told(cause, index === 0 ? 'either' : 'or')),
  ].join('\n');
}

function told({ cause, fix, who }: LikelyCause, head: string): string[] {
  return [`  ${head.padStart(8)}  ${cause}`, `       fix  ${fix}`, `       who  ${who}`];
}
