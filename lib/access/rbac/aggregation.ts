import { labelMatcher } from './label-selector';
import { fieldsOf, isAbsent, listOf, readRules } from './loose';
import type { PolicyRule } from './rbac-objects';

/** A rule as a role has it. */
export interface HeldRule {
  /** The rule. */
  readonly rule: PolicyRule;
  /**
   * The cluster role it was written in, if another one has it by aggregation.
   *
   * @default - the role itself
   */
  readonly from?: string;
}

/** What a role permits, and what is wrong with it. */
export interface RoleRules {
  /** Its rules. */
  readonly rules: readonly HeldRule[];
  /** A line about each part that could not be read. */
  readonly errors: readonly string[];
}

/**
 * Computes what cluster roles permit, by name, with the aggregation that a cluster's controller does.
 *
 * A role with an aggregation rule has the rules of the roles it selects, in the order of its selectors and of the roles'
 * names, each rule once, and none of its own. Roles in a circle have what those outside it give them; a controller
 * would also keep what one of them once had, since each gives it back to the other.
 *
 * @see https://github.com/kubernetes/kubernetes/blob/v1.35.4/pkg/controller/clusterroleaggregation/clusterroleaggregation_controller.go
 */
export function clusterRoleRules(clusterRoles: ReadonlyMap<string, unknown>): (name: string) => RoleRules {
  const labelled = [...clusterRoles]
    .map(([name, role]) => ({ name, labels: fieldsOf(fieldsOf(role).metadata).labels }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
  const selections = memoized((name: string) => selectedBy(clusterRoles.get(name), labelled));
  return memoized((name) => {
    const selection = selections(name);
    if (typeof selection !== 'object') return written(name, clusterRoles, selection);
    const gathered = new Map<string, HeldRule>();
    const errors: string[] = [];
    // the role itself is never visited, whether it selects itself or a circle leads back to it
    const seen = new Set([name]);
    const pending = [...selection].reverse();
    for (let from = pending.pop(); from !== undefined; from = pending.pop()) {
      if (seen.has(from)) continue;
      seen.add(from);
      const further = selections(from);
      if (typeof further === 'object') {
        pending.push(...[...further].reverse());
        continue;
      }
      const role = written(from, clusterRoles, further);
      errors.push(...role.errors);
      for (const { rule } of role.rules) {
        const key = sameness(rule);
        if (!gathered.has(key)) gathered.set(key, { rule, from });
      }
    }
    return { rules: [...gathered.values()], errors };
  });
}

/** Whether a cluster role aggregates others, which only somebody with every right may let it do. */
export function aggregates(clusterRole: unknown): boolean {
  return listOf(fieldsOf(fieldsOf(clusterRole).aggregationRule).clusterRoleSelectors).length > 0;
}

/**
 * The roles that one selects, or what is wrong with a selector, or nothing if it does not aggregate. If something is
 * wrong the controller gives up, and the role keeps what is written in it.
 */
function selectedBy(
  clusterRole: unknown,
  labelled: readonly { readonly name: string; readonly labels: unknown }[],
): readonly string[] | string | undefined {
  const { aggregationRule } = fieldsOf(clusterRole);
  if (isAbsent(aggregationRule)) return undefined;
  const selected = new Set<string>();
  for (const [index, selector] of listOf(fieldsOf(aggregationRule).clusterRoleSelectors).entries()) {
    const matches = labelMatcher(selector);
    if (typeof matches === 'string') return `\`aggregationRule.clusterRoleSelectors[${index}]\` ${matches}`;
    for (const { name, labels } of labelled) if (matches(labels)) selected.add(name);
  }
  return [...selected];
}

function written(name: string, clusterRoles: ReadonlyMap<string, unknown>, error?: string): RoleRules {
  const holder = `ClusterRole ${name}`;
  const { rules, errors } = readRules(fieldsOf(clusterRoles.get(name)).rules, holder);
  return {
    rules: rules.map((rule) => ({ rule })),
    errors: error === undefined ? errors : [`${holder}: ${error}`, ...errors],
  };
}

function sameness({ verbs, apiGroups, resources, resourceNames, nonResourceURLs }: PolicyRule): string {
  return JSON.stringify([verbs, apiGroups ?? [], resources ?? [], resourceNames ?? [], nonResourceURLs ?? []]);
}

function memoized<T>(compute: (name: string) => T): (name: string) => T {
  const known = new Map<string, T>();
  return (name) => {
    const before = known.get(name);
    if (before !== undefined) return before;
    const now = compute(name);
    known.set(name, now);
    return now;
  };
}
