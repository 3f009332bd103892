/** A caller's ARN as the authenticator compares it. */
export interface CanonicalArn {
  /** What the ARN named; an assumed role is a session of a role. */
  readonly kind: 'role' | 'assumed-role' | 'user' | 'root' | 'federated-user';
  /** The ARN, for a session that of its role as STS tells it: without the role's path. */
  readonly arn: string;
  /** Such as `aws` or `aws-cn`. */
  readonly partition: string;
  /** Twelve digits in AWS, any text here. */
  readonly account: string;
  /**
   * The role's name without its path.
   *
   * @default - it is no role
   */
  readonly roleName?: string;
  /**
   * The session's name as STS tells it.
   *
   * @default - it is no session of a role
   */
  readonly session?: string;
}

// those of the authenticator's latest commit; release 0.7.5 lacks the European sovereign cloud
const PARTITIONS = new Set([
  'aws',
  'aws-cn',
  'aws-us-gov',
  'aws-iso',
  'aws-iso-b',
  'aws-iso-e',
  'aws-iso-f',
  'aws-eusc',
]);

/**
 * Takes a caller's ARN apart the way the authenticator does; undefined if it would refuse the caller.
 *
 * @see https://github.com/kubernetes-sigs/aws-iam-authenticator/blob/v0.7.5/pkg/arn/arn.go
 */
export function canonicalArn(arn: unknown): CanonicalArn | undefined {
  if (typeof arn !== 'string') return undefined;
  const [scheme, partition = '', service = '', , account = '', ...rest] = arn.split(':');
  if (scheme !== 'arn' || rest.length === 0 || !PARTITIONS.has(partition)) return undefined;
  const [resource = '', ...path] = rest.join(':').split('/');
  // IAM has no such ARN, but the authenticator's own server test gives one
  if (resource === 'assumed-role' && (service === 'sts' || service === 'iam')) {
    const session = path.pop();
    if (session === undefined || path.length === 0) return undefined;
    const role = `arn:${partition}:iam::${account}:role/${path.join('/')}`;
    return { kind: 'assumed-role', arn: role, partition, account, roleName: path.at(-1) ?? '', session };
  }
  switch (`${service}:${resource}`) {
    case 'iam:role':
      return { kind: 'role', arn, partition, account, roleName: path.at(-1) ?? '' };
    case 'iam:user':
      return { kind: 'user', arn, partition, account };
    case 'iam:root':
      return { kind: 'root', arn, partition, account };
    case 'sts:federated-user':
      return { kind: 'federated-user', arn, partition, account };
    default:
      return undefined;
  }
}
