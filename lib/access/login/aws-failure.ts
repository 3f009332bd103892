import { YOU, type LikelyCause } from './login-step';
import { commandLine } from './shell-word';

/** What the AWS CLI said in place of an answer. */
export interface AwsFailure {
  /** What was asked and what came, in one line. */
  readonly line: string;
  /** What may be the matter. */
  readonly causes: readonly LikelyCause[];
}

/** What the failure of an AWS CLI call may come from. */
export interface AwsCall {
  /** The words of the call, such as `['eks', 'describe-cluster']`. */
  readonly call: readonly string[];
  /** What it wrote to its error output. */
  readonly stderr: string;
  /** The cluster's name. */
  readonly clusterName: string;
  /** The cluster's region. */
  readonly region: string;
  /**
   * The profile it ran with.
   *
   * @default - the credentials at hand
   */
  readonly profile?: string;
}

/** Says what the AWS CLI's failure comes from, as far as its words tell. */
export function awsFailure(call: AwsCall): AwsFailure {
  const last = call.stderr.trim().split('\n').at(-1)?.trim() ?? '';
  const said = last.length > 200 ? `${last.slice(0, 199)}…` : last;
  const line = `aws ${call.call.join(' ')} fails${said === '' ? '' : `: ${said}`}`;
  const cause = CAUSES.find(({ pattern }) => pattern.test(call.stderr))?.cause(call);
  return { line, causes: [cause ?? UNKNOWN] };
}

/** What it means that AWS tells of something else than the cluster, which `line` says. */
export function otherAnswer(line: string): AwsFailure {
  const cause = {
    cause: 'the credentials at hand are of another account, which has a cluster of that name too',
    fix: '`aws sts get-caller-identity` shows the account; set AWS_PROFILE or give --profile',
    who: YOU,
  };
  return { line, causes: [cause] };
}

const UNKNOWN: LikelyCause = {
  cause: 'the AWS CLI cannot ask AWS',
  fix: 'run the same command yourself; with --debug it tells more',
  who: YOU,
};

const CAUSES: readonly { readonly pattern: RegExp; readonly cause: (call: AwsCall) => LikelyCause }[] = [
  {
    pattern: /ResourceNotFoundException|No cluster found/,
    cause: ({ clusterName, region }) => ({
      cause: `there is no cluster ${clusterName} in ${region} of that account: it is not deployed yet, or the credentials are of another account`,
      fix: `\`aws sts get-caller-identity\` shows the account; npx cdk deploy '${clusterName}/*'`,
      who: `whoever deploys ${clusterName}`,
    }),
  },
  {
    pattern: /AccessDenied|not authorized/,
    cause: ({ call }) => ({
      cause: `the credentials at hand may not call ${call.join(':')}`,
      fix: 'allow it in a policy of theirs, or have somebody save the answer and give it with --cluster-json',
      who: 'whoever administers IAM in the account',
    }),
  },
  {
    pattern: /Token has expired|ExpiredToken|session .*expired|SSO session|sso login/i,
    cause: ({ profile }) => ({
      cause: 'the session of the credentials has ended',
      fix: commandLine(['aws', 'sso', 'login', ...(profile === undefined ? [] : ['--profile', profile])]),
      who: YOU,
    }),
  },
  {
    pattern: /Unable to locate credentials|NoCredentials|could not be found|InvalidClientTokenId/,
    cause: () => ({
      cause: 'there are no credentials here, or none that AWS knows',
      fix: '`aws configure list` shows where they are looked for; set AWS_PROFILE or give --profile',
      who: YOU,
    }),
  },
];
