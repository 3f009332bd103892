import { authorizer } from '../../../lib/access/rbac/authorize';
import type { ClusterRole, LabelSelector, PolicyRule } from '../../../lib/access/rbac/rbac-objects';
import { binding, cluster, on } from './rules';

/** The rules of a cluster role, and where each was written, as somebody bound to it has them. */
function rulesOf(name: string, clusterRoles: readonly ClusterRole[]) {
  const clusterRoleBindings = [binding('b', name, ['User:ana'])];
  const { rules, errors } = authorizer(cluster({ clusterRoles, clusterRoleBindings })).rulesFor({
    username: 'ana',
    groups: [],
  });
  const told = rules.map((reason) => (reason.source === 'binding' ? reason : undefined));
  return { rules: told.map((reason) => reason?.rule), from: told.map((reason) => reason?.from), errors };
}

const tool = (verb: string, resources: string): PolicyRule[] =>
  resources.split(',').map((resource) => ({ verbs: [verb], resources: [resource] }));
const HAMMER = tool('hammer', 'nails,wedges');
const CHISEL = tool('chisel', 'mortises');
const SAW = tool('saw', 'boards');
const role = (name: string, labels: Record<string, string>, rules: readonly PolicyRule[]): ClusterRole => ({
  metadata: { name, labels },
  rules,
});
const gathering = (name: string, selectors: readonly LabelSelector[], rules: readonly PolicyRule[] = []) => ({
  ...role(name, {}, rules),
  aggregationRule: { clusterRoleSelectors: selectors },
});
const BAR = { foo: 'bar' };
const NOT_BAR = { foo: 'not-bar' };
const combined = (selectors: readonly Record<string, string>[], rules: readonly PolicyRule[] = []) =>
  gathering(
    'combined',
    selectors.map((matchLabels) => ({ matchLabels })),
    rules,
  );

/**
 * Kubernetes v1.35.4, pkg/controller/clusterroleaggregation/clusterroleaggregation_controller_test.go,
 * TestSyncClusterRole:39.
 */
test.each<[string, ClusterRole[], PolicyRule[]]>([
  ['remove dead rules', [role('hammer', BAR, HAMMER), combined([BAR], SAW)], HAMMER],
  ['strip rules', [role('hammer', NOT_BAR, HAMMER), combined([BAR], HAMMER)], []],
  [
    'select properly and put in order',
    [role('hammer', BAR, HAMMER), role('chisel', BAR, CHISEL), role('saw', NOT_BAR, SAW), combined([BAR])],
    [...CHISEL, ...HAMMER],
  ],
  [
    'select properly with multiple selectors',
    [role('hammer', BAR, HAMMER), role('chisel', BAR, CHISEL), role('saw', NOT_BAR, SAW), combined([BAR, NOT_BAR])],
    [...CHISEL, ...HAMMER, ...SAW],
  ],
  [
    'select properly remove duplicates',
    [
      role('hammer', BAR, HAMMER),
      role('chisel', BAR, CHISEL),
      role('saw', BAR, SAW),
      role('other-saw', NOT_BAR, SAW),
      combined([BAR, NOT_BAR]),
    ],
    [...CHISEL, ...HAMMER, ...SAW],
  ],
  ['no diff skip', [role('hammer', BAR, HAMMER), combined([BAR], HAMMER)], HAMMER],
])('TestSyncClusterRole: %s', (_, roles, rules) => {
  expect(rulesOf('combined', roles)).toMatchObject({ rules, errors: [] });
});

const UP = { 'rbac.authorization.k8s.io/aggregate-to-admin': 'true' };
const MID = { 'rbac.authorization.k8s.io/aggregate-to-edit': 'true' };

test('aggregation goes on through roles that aggregate, and a rule tells where it was written', () => {
  const roles = [
    gathering('admin', [{ matchLabels: UP }]),
    { ...gathering('edit', [{ matchLabels: MID }]), metadata: { name: 'edit', labels: UP } },
    role('system:aggregate-to-admin', UP, CHISEL),
    role('system:aggregate-to-edit', MID, HAMMER),
    role('more-to-edit', MID, SAW),
    role('alone', {}, SAW),
  ];
  expect(rulesOf('admin', roles)).toEqual({
    rules: [...SAW, ...HAMMER, ...CHISEL],
    from: ['more-to-edit', 'system:aggregate-to-edit', 'system:aggregate-to-edit', 'system:aggregate-to-admin'],
    errors: [],
  });
  expect(rulesOf('alone', roles).from).toEqual([undefined]);
});

test('an empty selector selects everything, the role itself excepted', () => {
  const roles = [role('saw', {}, SAW), role('hammer', BAR, HAMMER), gathering('all', [{}], CHISEL)];
  expect(rulesOf('all', roles).rules).toEqual([...HAMMER, ...SAW]);
});

test('matchExpressions select too, and all parts of a selector must hold', () => {
  const matchExpressions = [{ key: 'tier', operator: 'In' as const, values: ['a', 'b'] }];
  const roles = [
    role('saw', { tier: 'a' }, SAW),
    role('hammer', { tier: 'b', ...BAR }, HAMMER),
    gathering('all', [{ matchLabels: BAR, matchExpressions }]),
  ];
  expect(rulesOf('all', roles).rules).toEqual(HAMMER);
});

test('no selector at all selects nothing', () => {
  const roles = [role('saw', BAR, SAW), { ...role('none', {}, SAW), aggregationRule: {} }];
  expect(rulesOf('none', roles).rules).toEqual([]);
});

test('roles in a circle have what comes in from outside, and nothing of their own', () => {
  const ring = (name: string, own: string, other: string, rules: readonly PolicyRule[]): ClusterRole => ({
    ...gathering(name, [{ matchLabels: { ring: other } }], rules),
    metadata: { name, labels: { ring: own } },
  });
  const roles = [ring('a', 'a', 'b', SAW), ring('b', 'b', 'a', HAMMER), role('c', { ring: 'a' }, CHISEL)];
  expect(rulesOf('a', roles)).toEqual({ rules: CHISEL, from: ['c'], errors: [] });
  expect(rulesOf('b', roles)).toEqual({ rules: CHISEL, from: ['c'], errors: [] });
});

test('rules are the same if they say the same in the same order', () => {
  const same = { ...on('get,list', '', 'pods'), resourceNames: [] };
  const roles = [
    role('a', BAR, [on('get,list', '', 'pods')]),
    role('b', BAR, [same, on('list,get', '', 'pods')]),
    combined([BAR]),
  ];
  expect(rulesOf('combined', roles).from).toEqual(['a', 'b']);
});

test('a selector that cannot be read leaves the role as it is written', () => {
  const roles = [role('saw', BAR, SAW), gathering('odd', [{ matchLabels: BAR }, 5 as LabelSelector], CHISEL)];
  expect(rulesOf('odd', roles)).toEqual({
    rules: CHISEL,
    from: [undefined],
    errors: ['ClusterRole odd: `aggregationRule.clusterRoleSelectors[1]` is no label selector'],
  });
});

test('a long chain of aggregating roles is followed to its end', () => {
  const chain = Array.from({ length: 500 }, (_, index) => ({
    ...gathering(`r${index}`, [{ matchLabels: { link: `${index + 1}` } }]),
    metadata: { name: `r${index}`, labels: { link: `${index}` } },
  }));
  expect(rulesOf('r0', [...chain, role('last', { link: '500' }, SAW)]).rules).toEqual(SAW);
});
