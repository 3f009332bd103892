import { canonicalArn, type CanonicalArn } from '../authenticator/canonical-arn';
import { permissionSetOf } from '../permission-set';
import { failed, passed, skipped, YOU, type LikelyCause, type LoginStep } from './login-step';

/** What is known of who calls. */
export interface CallerFacts {
  /**
   * The ARN that is said to call.
   *
   * @default - nobody said
   */
  readonly arn?: string;
  /**
   * The ARN that `aws sts get-caller-identity` shows here.
   *
   * @default - it was not asked
   */
  readonly atHand?: string;
  /**
   * Whether temporary credentials signed the token; otherwise the keys of a user.
   *
   * @default - not known
   */
  readonly temporary?: boolean;
}

/** What caller messages name. */
export interface CallerPlace {
  /** The cluster's name. */
  readonly clusterName: string;
  /** The cluster's account. */
  readonly account: string;
  /** The cluster's partition. */
  readonly partition: string;
}

const WHO_AM_I = 'aws sts get-caller-identity --query Arn --output text';

/** Whether the caller is somebody STS could name, and who that is. */
export function callerStep(facts: CallerFacts, place: CallerPlace): { step: LoginStep; caller?: CanonicalArn } {
  const { arn = facts.atHand, atHand, temporary } = facts;
  if (arn === undefined) {
    return { step: skipped('STS', `nobody was named: --arn takes what \`${WHO_AM_I}\` prints, --as a grant`) };
  }
  const caller = canonicalArn(arn);
  if (caller === undefined || !/^\d{12}$/.test(caller.account)) {
    return { step: failed('STS', `${arn} is no ARN that STS tells of a caller`, [{ ...mistakeIn(arn), ...SHOW }]) };
  }
  if (caller.kind === 'assumed-role' && caller.arn.split('/').length > 2) {
    const session = `arn:${caller.partition}:sts::${caller.account}:assumed-role/${caller.roleName ?? ''}/${caller.session ?? ''}`;
    const cause = { cause: `STS never tells the path of a role: it would be ${session}`, ...SHOW };
    return { step: failed('STS', `${arn} has the path of its role`, [cause]) };
  }
  if (caller.partition !== place.partition) {
    const cause = {
      cause: `the credentials are of another partition, which has accounts of its own`,
      fix: `sign in to an account of ${place.partition}`,
      who: YOU,
    };
    const line = `${arn} is of the partition ${caller.partition}, the cluster of ${place.partition}`;
    return { step: failed('STS', line, [cause]) };
  }
  const other = atHand === undefined ? undefined : canonicalArn(atHand);
  if (atHand !== undefined && (other === undefined || !isSame(caller, other))) {
    const cause = {
      cause: 'the default profile is somebody else than you think',
      fix: 'set AWS_PROFILE or give --profile; the kubeconfig may name a profile of its own under `env`',
      who: YOU,
    };
    return { step: failed('STS', `the credentials at hand are of ${atHand}, not of ${arn}`, [cause]), caller };
  }
  if (temporary === false && caller.session !== undefined) {
    const cause = {
      cause:
        'kubectl signs with the keys of a user, not as the role: the kubeconfig has no --role-arn or another profile',
      fix: `npx hajime kubeconfig ${place.clusterName} --as <grant>`,
      who: YOU,
    };
    return {
      step: failed('STS', `the token was signed with the keys of a user, and ${arn} is a session`, [cause]),
      caller,
    };
  }
  return { step: passed('STS', inWords(caller), remarks(caller, place)), caller };
}

const SHOW: Omit<LikelyCause, 'cause'> = { fix: `take what this prints: ${WHO_AM_I}`, who: YOU };

/** Who somebody is, without the ARN. */
export function inWords({ kind, arn, roleName = '', session = '' }: CanonicalArn): string {
  const permissionSet = permissionSetOf(roleName);
  const role = permissionSet === undefined ? `role ${roleName}` : `permission set ${permissionSet}`;
  const words: Readonly<Record<CanonicalArn['kind'], string>> = {
    'assumed-role': `session ${session} of ${role}`,
    role: `${role}, as a session without a name`,
    user: `user ${arn.replace(/^.*:user\//, '')}`,
    root: 'the root of its account',
    'federated-user': `federated user ${arn.replace(/^.*\//, '')}`,
  };
  return words[kind];
}

function remarks({ kind, partition, account, roleName = '' }: CanonicalArn, place: CallerPlace): string[] {
  const session = `arn:${partition}:sts::${account}:assumed-role/${roleName}/<session>`;
  return [
    ...(kind === 'role' ? [`a role never calls itself: STS tells of a session of it, ${session}`] : []),
    ...(account === place.account
      ? []
      : [`it is of account ${account}, the cluster of ${place.account}: it gets in only if something there names it`]),
  ];
}

/** Whether two callers are the same principal; sessions of one role may have any names. */
function isSame(one: CanonicalArn, other: CanonicalArn): boolean {
  const key = ({ arn, partition, account, roleName }: CanonicalArn): string =>
    roleName === undefined ? arn : `${partition} ${account} ${roleName}`;
  return key(one) === key(other);
}

/** What a text is that is no caller. */
const MISTAKES: readonly { readonly pattern: RegExp; readonly cause: string }[] = [
  { pattern: /:assumed-role\/[^/]+$/, cause: 'the name of the session is missing behind the role' },
  { pattern: /^arn:[^:]+:iam::\d*:group\//, cause: 'nobody signs in as an IAM group' },
  { pattern: /^arn:[^:]+:iam::\d*:instance-profile\//, cause: 'machines sign in as the role in an instance profile' },
  {
    pattern: /^arn:[^:]+:iam::\d*:(policy|saml-provider|oidc-provider)\//,
    cause: 'that is nobody, but a thing of IAM',
  },
  { pattern: /^arn:[^:]+:(iam|sts):/, cause: 'it has no account of twelve digits, or is nobody of IAM' },
  { pattern: /^arn:/, cause: 'it is of no partition or no service that has callers' },
  { pattern: /^\d{12}$/, cause: 'that is an account, and not who in it' },
  { pattern: /^(AROA|AIDA)[A-Z0-9]+/, cause: 'that is a unique id, the `UserId` of the answer, and not its `Arn`' },
  { pattern: /^(ASIA|AKIA)[A-Z0-9]+/, cause: 'that is an access key, and not whose it is' },
];

function mistakeIn(arn: string): { cause: string } {
  return { cause: MISTAKES.find(({ pattern }) => pattern.test(arn))?.cause ?? 'it is no ARN' };
}
