import type { Identity } from '../../../lib/access/access';
import { authorize, type AccessRequest } from '../../../lib/access/rbac/authorize';
import type { PolicyRule, RbacObjects, RoleBinding } from '../../../lib/access/rbac/rbac-objects';
import { whoMay } from '../../../lib/access/rbac/who-may';
import { binding, cluster, on, request } from './rules';

const ana: Identity = { username: 'ana', groups: ['ops'] };
const getPods = request('get core pods', 'shop');
const reader = { metadata: { name: 'reader' }, rules: [on('get', '', 'pods')] };

/** The decision about a cluster with one binding, of a role with one rule, that are as given. */
function decided(rule: unknown, changed: object = {}) {
  const rules = [rule] as PolicyRule[];
  const bound = { ...binding('b', 'r', ['User:ana']), ...changed } as RoleBinding;
  const objects = cluster({ clusterRoles: [{ metadata: { name: 'r' }, rules }], clusterRoleBindings: [bound] });
  const { allowed, errors } = authorize(ana, getPods, objects);
  return { allowed, errors };
}

test('a part of a rule that is null is not given', () => {
  const rule = { ...on('get', '', 'pods'), resourceNames: null, nonResourceURLs: null };
  expect(decided(rule)).toEqual({ allowed: true, errors: [] });
  expect(decided({ ...rule, verbs: null })).toEqual({ allowed: false, errors: [] });
  expect(decided({ ...rule, apiGroups: null })).toEqual({ allowed: false, errors: [] });
});

test.each([
  [null, '`rules[0]` is no rule'],
  ['get', '`rules[0]` is no rule'],
  [[], '`rules[0]` is no rule'],
  [{ ...on('get', '', 'pods'), verbs: 'get' }, '`rules[0].verbs` is no list of texts'],
  // were it read in part, no name would be left, and it would be for every object
  [{ ...on('get', '', 'pods'), resourceNames: [7] }, '`rules[0].resourceNames` is no list of texts'],
])('the rule %j counts for nothing', (rule, what) => {
  expect(decided(rule)).toEqual({
    allowed: false,
    errors: [`ClusterRole r: ${what}, so the rule counts for nothing`],
  });
});

test.each([
  [{ subjects: null }, []],
  [{ subjects: undefined }, []],
  [{ subjects: {} }, ['ClusterRoleBinding b: `subjects` is no list']],
  [
    { subjects: [null, { kind: 'User' }, { kind: 'Node', name: 'n' }] },
    [
      'ClusterRoleBinding b: `subjects[0]` has no name, so it is nobody',
      'ClusterRoleBinding b: `subjects[1]` has no name, so it is nobody',
      'ClusterRoleBinding b: `subjects[2]` is no User, Group or ServiceAccount, so it is nobody',
    ],
  ],
])('a binding with %j is for nobody', (changed, errors) => {
  expect(decided(on('*', '*', '*'), changed)).toEqual({ allowed: false, errors });
});

test('a binding needs no name, but a role binding needs a namespace', () => {
  expect(decided(on('get', '', 'pods'), { metadata: undefined })).toEqual({ allowed: true, errors: [] });
  const roleBindings = [binding('lost', 'reader', ['User:ana'])];
  expect(authorize(ana, getPods, cluster({ clusterRoles: [reader], roleBindings }))).toEqual({
    allowed: false,
    by: [],
    errors: ['RoleBinding lost: it has no namespace, so it counts for nothing'],
  });
});

test('objects that are none at all allow nothing', () => {
  for (const objects of [null, undefined, [], 7, { roles: null, clusterRoleBindings: 'x' }]) {
    expect(authorize(ana, getPods, objects as unknown as RbacObjects)).toEqual({ allowed: false, by: [], errors: [] });
  }
});

test('nobody has no rights', () => {
  const objects = cluster({ clusterRoles: [reader], clusterRoleBindings: [binding('b', 'reader', ['User:ana'])] });
  for (const identity of [null, undefined, [], { username: 7, groups: 'ops' }]) {
    expect(authorize(identity as unknown as Identity, getPods, objects).allowed).toBe(false);
  }
});

test.each([null, 'get pods', {}, { verb: 'get' }, { verb: 7, path: '/' }])('%j asks for nothing', (asked) => {
  const errors = ['a request must have a verb, and a resource or a path'];
  expect(authorize(ana, asked as AccessRequest, cluster({}))).toEqual({ allowed: false, by: [], errors });
  expect(whoMay(asked as AccessRequest, cluster({}))).toEqual({ subjects: [], errors });
});

test('access policies that cannot be read count for nothing', () => {
  const policies = [
    null,
    { policy: 'AmazonEKSViewPolicy', namespaces: 'shop' },
    { policy: 'AmazonEKSViewPolicy', namespaces: [7] },
  ];
  expect(authorize({ ...ana, policies: policies as never }, getPods, cluster({}))).toEqual({
    allowed: false,
    by: [],
    errors: [
      'an access policy without a name: its rules are not known here, so it counts for nothing',
      'AmazonEKSViewPolicy: its namespaces are no list, so it counts for nothing',
    ],
  });
});
