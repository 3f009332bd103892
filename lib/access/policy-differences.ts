import { ACCESS_POLICIES } from './access-policy';
import type { Permission } from './access-grant';
import { CLUSTER_ROLES } from './grant-bindings';
import { ACCESS_POLICY_RULES } from './rbac/access-policies';
import { clusterRoleRules } from './rbac/aggregation';
import { defaultRoles } from './rbac/default-roles';
import { compactRules, covers } from './rbac/policy-cover';
import type { PolicyRule } from './rbac/rbac-objects';

/** How an access policy differs from the Kubernetes role of the same name. */
export interface PolicyDifference {
  /** What the role permits and the policy does not. */
  readonly missing: readonly PolicyRule[];
  /** What the policy permits and the role does not. */
  readonly more: readonly PolicyRule[];
  /** What no comparison of rules shows. */
  readonly besides: readonly string[];
}

const NONE: PolicyDifference = { missing: [], more: [], besides: [] };

const CUSTOM_RESOURCES =
  'custom resources: their rules are aggregated to the role, and no policy covers them (aws/containers-roadmap#2349)';
const GRANTING =
  'roles and bindings that have rules: Kubernetes lets people grant only what they hold through RBAC, and a policy gives no rules (aws/containers-roadmap#2682)';

const BESIDES: Partial<Record<Permission, readonly string[]>> = {
  admin: [GRANTING, CUSTOM_RESOURCES],
  edit: [CUSTOM_RESOURCES],
  view: [CUSTOM_RESOURCES],
};

/**
 * What a grant misses, and has, as an access policy beside the Kubernetes role of a minor: both sets of rules compared.
 *
 * `cluster-admin` is the same both ways; so is `read-all`, whose role is made after the policy, but for the URLs.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html
 */
export function policyDifference(can: Permission, minor: string): PolicyDifference {
  if (can === 'cluster-admin') return NONE;
  const policy = ACCESS_POLICY_RULES[ACCESS_POLICIES[can]] ?? [];
  if (can === 'read-all') return { ...NONE, missing: [{ verbs: ['get'], nonResourceURLs: ['*'] }] };
  const { clusterRoles } = defaultRoles(minor);
  const byName = new Map(clusterRoles.map((role) => [role.metadata.name, role]));
  const role = clusterRoleRules(byName)(CLUSTER_ROLES[can]).rules.map(({ rule }) => rule);
  return {
    missing: byThing(covers(policy, role).missing),
    more: byThing(covers(role, policy).missing),
    besides: BESIDES[can] ?? [],
  };
}

/** Rules of one verb and one thing, joined: verbs of the same thing first, then things with the same verbs. */
function byThing(atoms: readonly PolicyRule[]): PolicyRule[] {
  const joined = new Map<string, PolicyRule>();
  for (const rule of compactRules(atoms)) {
    const verbs = [...rule.verbs].sort();
    const key = JSON.stringify([verbs, rule.apiGroups ?? [], rule.resourceNames ?? [], rule.nonResourceURLs ?? []]);
    const before = joined.get(key);
    const resources = [...new Set([...(before?.resources ?? []), ...(rule.resources ?? [])])];
    joined.set(key, { ...rule, verbs, ...(resources.length === 0 ? {} : { resources }) });
  }
  return [...joined.values()];
}
