import { isPlainObject, listOf, mapOf, nearestRemedy, object, oneOf, optional, text, type Check } from '../../shape';
import { element, problem, within } from '../../validate';
import type { LabelExpression, LabelSelector, PolicyRule } from './rbac-objects';
import type { BindingSettings, ClusterRoleSettings, RbacSettings, RoleSettings } from './rbac-settings';

/** A text that may be empty, as the core API group is. */
const anyText: Check = (value, property) =>
  typeof value === 'string' ? [] : [problem(property, 'must be a text', value)];

/** A list of labels and the like that is there, but not empty. */
const some =
  (item: Check): Check =>
  (value, property) =>
    Array.isArray(value) && value.length === 0
      ? [problem(property, 'must not be empty', [])]
      : listOf(item)(value, property);

const ruleForm = object<PolicyRule>({
  verbs: some(text),
  apiGroups: optional(some(anyText)),
  resources: optional(some(text)),
  resourceNames: optional(some(text)),
  nonResourceURLs: optional(some(text)),
});

const ruleShape: Check = (value, property) => {
  const found = ruleForm(value, property);
  if (found.length > 0 || !isPlainObject(value)) return found;
  const { apiGroups, resources, resourceNames, nonResourceURLs } = value as unknown as PolicyRule;
  const both = [apiGroups, resources].filter((part) => part !== undefined).length;
  if (nonResourceURLs !== undefined) {
    return both === 0 && resourceNames === undefined
      ? []
      : [problem(property, 'must be for resources or for nonResourceURLs, not for both', value, 'make it two rules')];
  }
  if (both === 2) return [];
  const missing = resources === undefined ? 'resources' : 'apiGroups';
  const remedy = missing === 'apiGroups' ? "the core group is ''" : "such as ['pods']";
  return [problem(within(property, missing), 'must be given', undefined, remedy)];
};

const selector = object<LabelSelector>({
  matchLabels: optional(mapOf(anyText)),
  matchExpressions: optional(
    listOf(
      object<LabelExpression>({
        key: text,
        operator: oneOf('In', 'NotIn', 'Exists', 'DoesNotExist'),
        values: optional(listOf(anyText)),
      }),
    ),
  ),
});

/** The form of {@link RbacSettings}. */
export const rbacShape = object<RbacSettings>({
  clusterRoles: optional(
    mapOf(
      object<ClusterRoleSettings>({
        rules: optional(listOf(ruleShape)),
        aggregateTo: optional(listOf(oneOf('admin', 'edit', 'view'))),
        aggregates: optional(some(selector)),
        labels: optional(mapOf(anyText)),
      }),
    ),
  ),
  roles: optional(mapOf(object<RoleSettings>({ namespaces: some(text), rules: listOf(ruleShape) }))),
  bindings: optional(
    mapOf(
      object<BindingSettings>({
        role: optional(text),
        clusterRole: optional(text),
        namespaces: optional(some(text)),
        grants: optional(listOf(text)),
        groups: optional(listOf(text)),
        users: optional(listOf(text)),
        serviceAccounts: optional(listOf(text)),
      }),
    ),
  ),
});

/** Every mistake in a platform's RBAC settings. `grants` are the names of `access.grants`. */
export function rbacProblems(settings: RbacSettings, grants: readonly string[], holder: string): string[] {
  const { clusterRoles = {}, roles = {}, bindings = {} } = settings;
  return [
    ...[clusterRoles, roles, bindings].flatMap((named, index) =>
      nameProblems(Object.keys(named), within(holder, ['clusterRoles', 'roles', 'bindings'][index] ?? '')),
    ),
    ...Object.entries(clusterRoles).flatMap(([name, role]) =>
      clusterRoleProblems(name, role, element(within(holder, 'clusterRoles'), name)),
    ),
    ...Object.entries(roles).flatMap(([name, role]) => {
      const at = element(within(holder, 'roles'), name);
      return [
        ...namespaceProblems(role.namespaces, within(at, 'namespaces')),
        ...role.rules.flatMap(({ nonResourceURLs }, index) =>
          nonResourceURLs === undefined
            ? []
            : [
                problem(
                  within(at, `rules[${index}].nonResourceURLs`),
                  'must not be in a role: URLs are in no namespace',
                  nonResourceURLs,
                  'put them into a cluster role',
                ),
              ],
        ),
      ];
    }),
    ...Object.entries(bindings).flatMap(([name, binding]) =>
      bindingProblems(binding, { roles, grants }, element(within(holder, 'bindings'), name)),
    ),
  ];
}

function nameProblems(names: readonly string[], holder: string): string[] {
  // RBAC names are path segments, colons and capitals included; https://github.com/kubernetes/kubernetes/blob/v1.35.4/pkg/apis/rbac/validation/validation.go
  return names.flatMap((name) => [
    ...(/^(?!\.{1,2}$)[^/%]+$/.test(name)
      ? []
      : [problem(element(holder, name), 'must be named without `/` and `%`, and not `.` or `..`', name)]),
    ...(/^(system|eks|kotohajime):/.test(name)
      ? [
          problem(
            element(holder, name),
            'must not be named as Kubernetes, EKS and grants name theirs',
            name,
            'take another prefix than system:, eks: and kotohajime:',
          ),
        ]
      : []),
  ]);
}

const OWN_ROLES = ['cluster-admin', 'admin', 'edit', 'view'];

function clusterRoleProblems(name: string, { rules, aggregates }: ClusterRoleSettings, at: string): string[] {
  const problems: string[] = [];
  if (OWN_ROLES.includes(name)) {
    const remedy = "make another one with `aggregateTo: ['edit']` and the like";
    problems.push(problem(at, 'must not replace the role that Kubernetes makes', name, remedy));
  }
  if (rules === undefined && aggregates === undefined)
    problems.push(problem(within(at, 'rules'), 'must be given, or `aggregates`', undefined));
  if (rules !== undefined && aggregates !== undefined) {
    const rule = 'must not be given with `aggregates`: the rules of others overwrite them';
    problems.push(problem(within(at, 'rules'), rule, rules, 'put them into another cluster role that it aggregates'));
  }
  return problems;
}

function bindingProblems(
  binding: BindingSettings,
  known: { readonly roles: Readonly<Record<string, RoleSettings>>; readonly grants: readonly string[] },
  at: string,
): string[] {
  const { role, clusterRole, namespaces, grants = [], groups = [], users = [], serviceAccounts = [] } = binding;
  const problems: string[] = [];
  if ((role === undefined) === (clusterRole === undefined)) {
    problems.push(problem(at, 'must give a `role` or a `clusterRole`, one of them', { role, clusterRole }));
  }
  if (role !== undefined && namespaces === undefined) {
    problems.push(problem(within(at, 'namespaces'), 'must be given with `role`, which is in a namespace', undefined));
  }
  const own = role === undefined || !Object.hasOwn(known.roles, role) ? undefined : known.roles[role];
  for (const [index, namespace] of (namespaces ?? []).entries()) {
    if (own !== undefined && !own.namespaces.includes(namespace)) {
      const rule = `must be a namespace that \`roles.${role}\` is in (${own.namespaces.join(', ')})`;
      problems.push(problem(within(at, `namespaces[${index}]`), rule, namespace));
    }
  }
  problems.push(...namespaceProblems(namespaces ?? [], within(at, 'namespaces')));
  if (grants.length + groups.length + users.length + serviceAccounts.length === 0) {
    problems.push(problem(at, 'must name somebody: grants, groups, users or serviceAccounts', binding));
  }
  for (const [index, grant] of grants.entries()) {
    if (known.grants.includes(grant)) continue;
    const remedy = nearestRemedy(grant, known.grants) ?? `the grants are ${known.grants.join(', ')}`;
    problems.push(problem(within(at, `grants[${index}]`), 'must be a grant of `access.grants`', grant, remedy));
  }
  for (const [index, account] of serviceAccounts.entries()) {
    if (/^[a-z0-9-]+\/[a-z0-9.-]+$/.test(account)) continue;
    problems.push(problem(within(at, `serviceAccounts[${index}]`), 'must be written as namespace/name', account));
  }
  return problems;
}

function namespaceProblems(namespaces: readonly string[], holder: string): string[] {
  const seen = new Set<string>();
  return namespaces.flatMap((namespace, index) => {
    const at = (): string => within(holder, `[${index}]`);
    const again = seen.has(namespace);
    seen.add(namespace);
    if (!/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(namespace))
      return [problem(at(), 'must be a namespace of at most 63 small letters, digits and hyphens', namespace)];
    return again ? [problem(at(), 'must not be there twice', namespace)] : [];
  });
}
