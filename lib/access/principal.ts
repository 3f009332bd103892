import { problem } from '../validate';

/** An IAM role or user, taken apart. */
export interface Principal {
  /** Such as `aws` or `aws-cn`. */
  readonly partition: string;
  /** Twelve digits. */
  readonly account: string;
  /** A role or a user. */
  readonly kind: 'role' | 'user';
  /** The path between the slashes, such as `/aws-reserved/sso.amazonaws.com/`; `/` without one. */
  readonly path: string;
  /** The name behind the path. */
  readonly name: string;
}

const ARN = /^arn:(aws[a-z-]*):iam::(\d{12}):(role|user)(\/(?:[\x21-\x7e]+\/)?)([\w+=,.@-]+)$/;

/** Reads a role's or user's ARN; undefined for anything else. */
export function parsePrincipal(arn: string): Principal | undefined {
  const match = ARN.exec(arn);
  if (match === null) return undefined;
  const [, partition = '', account = '', kind, path = '/', name = ''] = match;
  return { partition, account, kind: kind === 'user' ? 'user' : 'role', path, name };
}

/**
 * The ARN as aws-auth must write it: STS tells a role's name without its path, a user's with it.
 *
 * @see https://github.com/kubernetes-sigs/aws-iam-authenticator/blob/81b1daba/pkg/arn/arn.go
 */
export function withoutRolePath(arn: string): string {
  const principal = parsePrincipal(arn);
  if (principal === undefined || principal.kind === 'user') return arn;
  return `arn:${principal.partition}:iam::${principal.account}:role/${principal.name}`;
}

/** What is no principal although its ARN looks like one, and what to do about each. */
const NEVER: readonly { readonly arn: RegExp; readonly what: string; readonly remedy: string }[] = [
  {
    arn: /^arn:aws[a-z-]*:iam::\d{12}:group\//,
    what: 'an IAM group: nobody signs in as a group',
    remedy: 'grant a role that its members may assume',
  },
  {
    arn: /^arn:aws[a-z-]*:iam::\d{12}:root$/,
    what: 'the root of an account: an access entry is for one role or user',
    remedy: 'grant a role of that account',
  },
  {
    arn: /^arn:aws[a-z-]*:sts::\d{12}:federated-user\//,
    what: 'a federated user: EKS refuses STS principals',
    remedy: 'grant a role that they assume',
  },
  {
    arn: /^arn:aws[a-z-]*:iam::\d{12}:instance-profile\//,
    what: 'an instance profile: machines sign in as the role in it',
    remedy: 'grant that role, as `aws iam get-instance-profile` shows it',
  },
];

/** Every mistake in a principal's ARN. */
export function principalProblems(arn: string, partition: string | undefined, property: string): string[] {
  const session = /^arn:(aws[a-z-]*):sts::(\d{12}):assumed-role\/(.+)\/[^/]+$/.exec(arn);
  if (session !== null) {
    const [, inPartition = '', account = '', role = ''] = session;
    const rule = 'must be the role itself, not a session of it: EKS refuses STS principals';
    return [
      problem(
        property,
        rule,
        arn,
        `its role is arn:${inPartition}:iam::${account}:role/<path>${role}, as \`aws iam get-role --role-name ${role}\` shows it`,
      ),
    ];
  }
  const never = NEVER.find((each) => each.arn.test(arn));
  if (never !== undefined) return [problem(property, `must not be ${never.what}`, arn, never.remedy)];
  const principal = parsePrincipal(arn);
  if (principal === undefined) {
    const remedy = 'such as "arn:aws:iam::111122223333:role/Developers"';
    return [problem(property, 'must be the ARN of an IAM role or user', arn, remedy)];
  }
  const problems: string[] = [];
  if (partition !== undefined && principal.partition !== partition) {
    problems.push(problem(property, `must be in the partition of the region (${partition})`, arn));
  }
  if (principal.path.startsWith('/aws-service-role/')) {
    problems.push(problem(property, 'must not be a service-linked role: EKS refuses those', arn));
  }
  return problems;
}
