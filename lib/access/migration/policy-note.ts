import { groupOf, isBound } from '../access-grant';
import { ACCESS_POLICY_RULES } from '../rbac/access-policies';
import type { AccessRequest } from '../rbac/request';
import { ruleAllows } from '../rbac/rule-match';
import type { MigrationStates } from './migration-states';
import type { Comparison, RightsChange } from './rights-change';
import { partInWords, requestParts } from './rights-part';

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
  const kept = lost.filter((request) => authorizer.authorize(holder, request).allowed);
  if (kept.length === 0) return [];
  const what =
    kept.length === lost.length
      ? 'it'
      : requestParts(kept)
          .map((part) => partInWords(part, 2))
          .join('; ');
  const policies = lost.every(inAnyPolicy) ? [] : [`no access policy but ${ADMINISTRATOR} has all of it`];
  return [...policies, `\`via: 'groups'\` keeps ${what}`];
}

function inAnyPolicy(request: AccessRequest): boolean {
  return Object.entries(ACCESS_POLICY_RULES).some(
    ([policy, rules]) => policy !== ADMINISTRATOR && rules.some((rule) => ruleAllows(rule, request)),
  );
}
