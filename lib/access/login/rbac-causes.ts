import { nearestRemedy } from '../../shape';
import { ACCESS_POLICIES } from '../access-policy';
import type { Permission } from '../access-grant';
import type { MappedIdentity } from '../authenticator/map-identity';
import { policyDifference } from '../policy-differences';
import type { Question } from '../question';
import { inNamespaces } from '../rbac/namespace-pattern';
import type { RbacObjects } from '../rbac/rbac-objects';
import { namespaceOf, type AccessRequest } from '../rbac/request';
import { ruleAllows } from '../rbac/rule-match';
import type { LikelyCause } from './login-step';
import type { RbacFacts, RbacPlace } from './rbac-step';

/** Why somebody who is in may not do something, the likeliest first. */
export function rbacCauses(
  identity: MappedIdentity,
  { objects, minor }: RbacFacts,
  { request, inWords }: Question,
  { clusterName }: RbacPlace,
): LikelyCause[] {
  const config = `config/${clusterName}.ts`;
  const who = `whoever deploys ${clusterName}`;
  const bind = {
    fix: `bind it: \`access.rbac.bindings\` of ${config}, or a manifest under k8s/`,
    who: 'whoever applies k8s/: a cluster-admin, or who holds what the role permits',
  };
  const widen = { fix: `widen the grant in ${config} and deploy`, who };
  const causes = [
    ...unbound(identity, objects).map((cause) => ({ cause, ...bind })),
    ...outside(identity, request).map((cause) => ({ cause, ...widen })),
    ...lacking(identity, request, minor).map((cause) => ({
      cause,
      fix: `\`via: 'groups'\` on the grant in ${config} gives the role itself; deploy`,
      who,
    })),
  ];
  if (causes.length > 0) return causes;
  const own = ownGroups(identity);
  if (identity.policies.length === 0 && own.length === 0) {
    const account = identity.by.source === 'mapAccounts' ? ': mapAccounts gives a user name and no group' : '';
    return [{ cause: `it has no group and no access policy${account}`, ...widen }];
  }
  const holds = [
    ...identity.policies.map(({ policy }) => policyName(policy)),
    ...own.map((group) => `the group ${group}`),
  ];
  return [
    {
      cause: `${holds.join(' and ')} ${holds.length === 1 ? 'permits' : 'permit'} other things than ${inWords}`,
      ...widen,
    },
  ];
}

/** Groups that are bound to nothing, with one that is and looks like it. */
function unbound(identity: MappedIdentity, { roleBindings, clusterRoleBindings }: RbacObjects): string[] {
  const bound = [...roleBindings, ...clusterRoleBindings].flatMap(({ subjects }) =>
    (subjects ?? []).filter(({ kind }) => kind === 'Group').map(({ name }) => name),
  );
  return ownGroups(identity)
    .filter((group) => !bound.includes(group))
    .map((group) => {
      const near = nearestRemedy(group, bound);
      return `nothing that is known here binds the group ${group}${near === undefined ? '' : `; ${near}`}`;
    });
}

/** Policies that hold elsewhere only. */
function outside({ policies }: MappedIdentity, request: AccessRequest): string[] {
  const namespace = namespaceOf(request);
  const where = namespace === '' ? 'the whole cluster' : namespace;
  return policies.flatMap(({ policy, namespaces }) =>
    namespaces === undefined || inNamespaces(namespaces, namespace)
      ? []
      : [`${policyName(policy)} is limited to ${namespaces.join(', ')}, and this is in ${where}`],
  );
}

/** Policies that lack what the Kubernetes role of that name has. */
function lacking({ policies }: MappedIdentity, request: AccessRequest, minor: string): string[] {
  const permissions = Object.keys(ACCESS_POLICIES) as Permission[];
  return policies.flatMap(({ policy, namespaces }) => {
    const can = permissions.find((permission) => ACCESS_POLICIES[permission] === policyName(policy));
    if (can === undefined || (namespaces !== undefined && !inNamespaces(namespaces, namespaceOf(request)))) return [];
    const isLacking = policyDifference(can, minor).missing.some((rule) => ruleAllows(rule, request));
    return isLacking ? [`${policyName(policy)} does not permit it, and the Kubernetes role ${can} does`] : [];
  });
}

/** The name of a policy that is written as its name or its ARN. */
export function policyName(policy: string): string {
  return policy.replace(/^.*\//, '');
}

function ownGroups({ groups }: MappedIdentity): string[] {
  return groups.filter((group) => group !== 'system:authenticated');
}
