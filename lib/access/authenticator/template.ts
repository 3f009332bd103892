import type { CanonicalArn } from './canonical-arn';

/** Stands for the access key a caller signed with, which no ARN tells. */
export const ANY_ACCESS_KEY = 'AKIAEXAMPLE';

const INSTANCE_ID = /^i-(\w{8}|\w{17})$/;

/**
 * Fills in the templates of a user name or group; undefined if one asks for an EC2 instance and the session is none.
 *
 * `{{EC2PrivateDNSName}}` becomes the instance's id, because only EC2 knows the name, such as
 * `ip-10-0-1-2.ec2.internal`. A name in braces that is no template stays as it stands: the authenticator leaves it so.
 */
export function render(template: string, { account, session = '' }: CanonicalArn): string | undefined {
  if (template.includes('{{EC2PrivateDNSName}}') && !INSTANCE_ID.test(session)) return undefined;
  // one after the other as the authenticator does; functions, so that a `$&` in a session is only text
  return template
    .replaceAll('{{EC2PrivateDNSName}}', () => session)
    .replaceAll('{{AccountID}}', () => account)
    .replaceAll('{{SessionName}}', () => session.replaceAll('@', '-'))
    .replaceAll('{{SessionNameRaw}}', () => session)
    .replaceAll('{{AccessKeyID}}', () => ANY_ACCESS_KEY);
}
