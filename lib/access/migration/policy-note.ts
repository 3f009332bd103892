import { groupOf, isBound } from '../access-grant';
import { ACCESS_POLICY_RULES } from '../rbac/access-policies';
import type { AccessRequest } from '../rbac/request';
import { ruleAllows } from '../rbac/rule-match';
import type { MigrationStates } from './migration-states';
import type { Comparison, RightsChange } from './rights-change';
import { requestsInWords } from './rights-in-words';

const ADMINISTRATOR = 'AmazonEKSClusterAdminPolicy';

/** What keeps the rights that a grant loses with its line, because its access policy does not have them. */
export function policyNotes(
  name: string | undefined,
  { lost }: Pick<RightsChange, 'lost'>,
  { target }: Pick<MigrationStates, 'target'>,
  { authorizer }: Comparison,
): string[] {
  const grant = name === undefined ? undefined : target.grants[name];
  if (name === undefined || grant === undefined || lost.length === 0) return [];
  // a role binding is in one namespace, so a wildcard needs the policy
  const wild = grant.namespaces?.some((namespace) => namespace.includes('*')) === true;
  if (grant.can === undefined || isBound(grant, 'access-entries') || wild) return [];
  const holder = { username: '', groups: [groupOf(name), ...(grant.groups ?? [])] };
  const notKept = lost.filter((request) => !authorizer.authorize(holder, request).allowed);
  if (notKept.length === lost.length) return [];
  const but = notKept.length === 0 ? 'it' : `all but ${requestsInWords(notKept).join('; ')}`;
  const policies = lost.some(inAnyPolicy) ? [] : [`no access policy but ${ADMINISTRATOR} has it`];
  return [...policies, `\`via: 'groups'\` keeps ${but}`];
}

function inAnyPolicy(request: AccessRequest): boolean {
  return Object.entries(ACCESS_POLICY_RULES).some(
    ([policy, rules]) => policy !== ADMINISTRATOR && rules.some((rule) => ruleAllows(rule, request)),
  );
}
