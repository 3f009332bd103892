import type { AccessGrant } from '../access-grant';
import type { AwsAuthLine } from '../authenticator/aws-auth-line';
import { termsProblems } from '../grant-rules';

/** What a line's holder may do and is called, as far as EKS takes it. */
export function termsOf(
  name: string,
  principal: string,
  { username, groups }: AwsAuthLine,
): { grant: Omit<AccessGrant, 'principal'>; notes: string[] } {
  const notes: string[] = [];
  const can = groups.includes('system:masters') ? ('cluster-admin' as const) : undefined;
  const others = [...new Set(groups)].filter((group) => group !== '' && !group.startsWith('system:'));
  const own = others.filter((group) => !group.startsWith('kotohajime:'));
  for (const group of others.filter((each) => !own.includes(each)))
    notes.push(`its group ${group} stands for a grant and is not kept: name this grant in \`access.rbac.bindings\``);
  if (can === undefined && own.length === 0) {
    notes.push(`the line has no group, and a grant needs one: nothing is bound to ${name}`);
    own.push(name);
  }
  const refused = username === '' ? undefined : usernameProblem(username, principal);
  if (refused !== undefined)
    notes.push(`its user name ${username} is not kept, EKS makes one from the ARN: it ${refused}`);
  return {
    grant: {
      ...(can === undefined ? {} : { can }),
      ...(own.length === 0 ? {} : { groups: own }),
      ...(username === '' || refused !== undefined ? {} : { username }),
    },
    notes,
  };
}

/** Why EKS takes no such user name. */
function usernameProblem(username: string, principal: string): string | undefined {
  const grants = { it: { principal, groups: ['any'], username } };
  const [found] = termsProblems(grants, undefined, '');
  return found?.replace(/^`[^`]*` /, '').replace(/, got .*$/s, '');
}
