import { failed, passed, YOU, type LikelyCause, type LoginStep } from './login-step';
import { commandLine } from './shell-word';
import { CLUSTER_HEADER, readToken, type ReadToken, type TokenFlaw, type TokenFlawKind } from './token';

/** What is known of how tokens are made here. */
export interface TokenFacts {
  /**
   * What `aws --version` prints.
   *
   * @default - it is not on PATH
   */
  readonly aws?: string;
  /**
   * What `aws-iam-authenticator version` prints.
   *
   * @default - it is not on PATH
   */
  readonly authenticator?: string;
  /**
   * A token, or the answer of `aws eks get-token`.
   *
   * @default - none was given
   */
  readonly token?: string;
  /** The time. */
  readonly now: Date;
}

/** What token messages name. */
export interface TokenPlace {
  /** The cluster's name. */
  readonly clusterName: string;
  /** The cluster's region. */
  readonly region: string;
  /** The cluster's partition. */
  readonly partition: string;
}

/** Whether a token can be made here, and whether a given one is one that EKS would take to STS. */
export function tokenStep(facts: TokenFacts, place: TokenPlace): { step: LoginStep; token?: ReadToken } {
  if (facts.token === undefined) return { step: toolStep(facts, place) };
  const token = readToken(facts.token, place.partition);
  const { flaws, host, signedAt, temporary } = token;
  const aged = ageFlaws(signedAt, facts.now, place);
  const found = [...flaws.map((flaw) => ({ line: flaw.line, ...causeOf(flaw, place) })), ...aged];
  if (found.length > 0) {
    const causes = found.map(({ cause, fix, who }) => ({ cause, fix, who }));
    return { step: failed('token', found.map(({ line }) => line).join('; '), causes), token };
  }
  const keys =
    temporary === undefined
      ? 'credentials of an unknown kind'
      : temporary
        ? 'temporary credentials'
        : 'the keys of a user';
  const line = `signed ${inWords(ageOf(signedAt, facts.now))} ago for ${host} with ${keys}; ${CLUSTER_HEADER} is signed`;
  return { step: passed('token', line, [ANOTHER_CLUSTER]), token };
}

const ANOTHER_CLUSTER = 'which cluster it was made for is in the signature alone: STS refuses it for any other';

function toolStep({ aws, authenticator }: TokenFacts, place: TokenPlace): LoginStep {
  const found = [
    ...(aws === undefined ? [] : [{ name: 'aws-cli', version: versionIn(aws), enough: awsIsEnough(versionIn(aws)) }]),
    ...(authenticator === undefined
      ? []
      : [{ name: 'aws-iam-authenticator', version: versionIn(authenticator), enough: true }]),
  ];
  const told = found
    .map(({ name, version }) => `${name} ${version?.join('.') ?? 'of an unknown version'}`)
    .join(' and ');
  if (found.some(({ enough }) => enough)) {
    return passed('token', `${told} can make one`, [
      `whether it is a good one: ${getToken(place)} | npx hajime login-check ${place.clusterName} --token -`,
    ]);
  }
  if (found.length > 0) {
    const cause = {
      cause: 'the AWS CLI is older than 1.24.0 or 2.7.0, and makes tokens that kubectl 1.24 and later refuse',
      fix: 'update the AWS CLI to version 2',
      who: YOU,
    };
    return failed('token', `${told} is too old`, [cause]);
  }
  const cause = {
    cause: 'kubectl finds nothing here that makes a token',
    fix: 'install the AWS CLI, version 2: https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html',
    who: YOU,
  };
  return failed('token', 'neither aws nor aws-iam-authenticator is on PATH', [cause]);
}

type Version = readonly [number, number, number];

function versionIn(text: string): Version | undefined {
  const [, major, minor, patch] = /(\d+)\.(\d+)\.(\d+)/.exec(text) ?? [];
  return major === undefined ? undefined : [Number(major), Number(minor), Number(patch)];
}

/**
 * Since then tokens come as v1beta1.
 *
 * @see https://github.com/aws/aws-cli/blob/develop/CHANGELOG.rst
 */
function awsIsEnough(version: Version | undefined): boolean {
  if (version === undefined) return true;
  const [major, minor] = version;
  return major > 2 || (major === 2 && minor >= 7) || (major === 1 && minor >= 24);
}

const MINUTE = 60_000;
const VALID_MINUTES = 15;
/** By how much STS lets clocks differ. */
const SKEW_MINUTES = 5;

function ageOf(signedAt: Date | undefined, now: Date): number {
  return (now.getTime() - (signedAt?.getTime() ?? now.getTime())) / MINUTE;
}

function ageFlaws(signedAt: Date | undefined, now: Date, place: TokenPlace): (LikelyCause & { line: string })[] {
  const age = ageOf(signedAt, now);
  const clock = {
    fix: `set the clock; then: ${getToken(place)}`,
    who: YOU,
  };
  if (age > VALID_MINUTES) {
    const cause = 'it was kept for later, or the clock of the machine that signed it is behind';
    return [{ line: `signed ${inWords(Math.ceil(age))} ago, and good for ${VALID_MINUTES} minutes`, cause, ...clock }];
  }
  if (age < -SKEW_MINUTES) {
    const cause = 'the clock of the machine that signed it is ahead';
    return [{ line: `signed ${inWords(-age)} in the future`, cause, ...clock }];
  }
  return [];
}

function inWords(minutes: number): string {
  const whole = Math.max(0, Math.floor(minutes));
  if (whole >= 120) return `${Math.floor(whole / 60)} hours`;
  return whole === 0 ? 'less than a minute' : `${whole} minute${whole === 1 ? '' : 's'}`;
}

/** What each flaw comes from; all others mean that something else made the token. */
const CAUSES: Readonly<Partial<Record<TokenFlawKind, string>>> = {
  'too-long': 'the session carries many tags or a long policy, which are all in its session token',
  'not-base64': 'it was cut, broken into lines, or padded on the way',
  host: 'AWS_ENDPOINT_URL_STS or `sts_endpoint` sends the signer elsewhere, or the credentials are of another partition',
  scope: 'AWS_REGION and the endpoint of STS are for different regions',
  'no-session-token': 'AWS_SESSION_TOKEN is not set beside AWS_ACCESS_KEY_ID',
};

function causeOf({ kind }: TokenFlaw, place: TokenPlace): LikelyCause {
  const fix = kind === 'too-long' ? 'sign in with fewer session tags, or as a role without them' : getToken(place);
  return { cause: CAUSES[kind] ?? 'it is another kind of token, or not made for EKS', fix, who: YOU };
}

function getToken({ clusterName, region }: TokenPlace): string {
  return commandLine(['aws', 'eks', 'get-token', '--cluster-name', clusterName, '--region', region]);
}
