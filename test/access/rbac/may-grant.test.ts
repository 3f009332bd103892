import { authorize } from '../../../lib/access/rbac/authorize';
import { mayGrant, type Grantable } from '../../../lib/access/rbac/may-grant';
import type { Identity } from '../../../lib/access/access';
import type { ClusterRole, PolicyRule, Role, RoleBinding } from '../../../lib/access/rbac/rbac-objects';
import { binding, cluster, localBinding, on, request, url } from './rules';

const RBAC = 'rbac.authorization.k8s.io';
const who = (username: string, ...groups: string[]): Identity => ({ username, groups });
const clusterRole = (name: string, ...rules: PolicyRule[]): ClusterRole => ({ metadata: { name }, rules });
const roleIn = (namespace: string, name: string, ...rules: PolicyRule[]): Role => ({
  metadata: { name, namespace },
  rules,
});
const getPods = on('get', '', 'pods');

/**
 * Kubernetes v1.35.4, pkg/registry/rbac/{role,clusterrole}/policybased/storage_test.go, TestEscalation:36. Its authorizer
 * says yes to steve, whatever he asks; here he has the verb.
 */
describe('TestEscalation', () => {
  const objects = cluster({
    clusterRoles: [
      clusterRole('alice-role', on('*', '*', '*')),
      clusterRole('steve-role', on('escalate', RBAC, 'roles,clusterroles')),
    ],
    clusterRoleBindings: [binding('', 'alice-role', ['User:alice']), binding('', 'steve-role', ['User:steve'])],
  });
  const updated = { ...objects, roles: [roleIn('myns', 'myrole')] };

  test.each<[string, Identity, boolean]>([
    ['superuser', who('superuser', 'system:masters'), true],
    ['bob', who('bob'), false],
    ['steve', who('steve'), true],
    ['alice', who('alice'), true],
  ])('%s', (_, identity, allowed) => {
    const role: Grantable = { kind: 'Role', ...roleIn('myns', 'myrole', getPods) };
    const ofCluster: Grantable = { kind: 'ClusterRole', ...clusterRole('myrole', getPods) };
    const decisions = [
      mayGrant(identity, role, objects),
      mayGrant(identity, role, updated),
      mayGrant(identity, ofCluster, objects),
      mayGrant(identity, ofCluster, { ...objects, clusterRoles: [...objects.clusterRoles, clusterRole('myrole')] }),
    ];
    expect(decisions.map((decision) => decision.allowed)).toEqual([allowed, allowed, allowed, allowed]);
    expect(decisions.flatMap(({ missing }) => missing)).toHaveLength(allowed ? 0 : 4);
  });

  test('the reasons tell which of the three it was', () => {
    const role = roleIn('myns', 'myrole', getPods);
    expect(mayGrant(who('x', 'system:masters'), role, objects).by).toMatchObject([{ source: 'superuser' }]);
    expect(mayGrant(who('steve'), role, objects).by).toMatchObject([{ rule: { verbs: ['escalate'] } }]);
    expect(mayGrant(who('alice'), role, objects).by).toMatchObject([{ roleRef: { name: 'alice-role' } }]);
    expect(mayGrant(who('bob'), role, objects)).toMatchObject({ by: [], missing: [getPods], errors: [] });
  });
});

/** Kubernetes v1.35.4, test/integration/auth/rbac_test.go, TestRBAC:309, its second case. */
describe('TestRBAC', () => {
  const objects = cluster({
    clusterRoles: [
      clusterRole('write-jobs', on('*', 'batch', '*')),
      clusterRole('create-rolebindings', on('create', RBAC, 'rolebindings')),
      clusterRole('bind-any-clusterrole', on('bind', RBAC, 'clusterroles')),
    ],
    clusterRoleBindings: [
      binding('write-jobs', 'write-jobs', ['User:job-writer']),
      binding('create-rolebindings', 'create-rolebindings', [
        'User:job-writer',
        'User:nonescalating-rolebinding-writer',
        'User:any-rolebinding-writer',
      ]),
      binding('bind-any-clusterrole', 'bind-any-clusterrole', ['User:any-rolebinding-writer']),
    ],
    roleBindings: [
      binding('write-jobs', 'write-jobs', ['User:job-writer-namespace'], 'job-namespace'),
      binding(
        'create-rolebindings',
        'create-rolebindings',
        ['User:job-writer-namespace', 'User:any-rolebinding-writer-namespace'],
        'job-namespace',
      ),
      binding(
        'bind-any-clusterrole',
        'bind-any-clusterrole',
        ['User:any-rolebinding-writer-namespace'],
        'job-namespace',
      ),
    ],
  });

  test.each([
    // cannot bind role anywhere
    ['user-with-no-permissions', 'job-namespace', false],
    // can only bind role in namespace where they have explicit bind permission
    ['any-rolebinding-writer-namespace', 'forbidden-namespace', false],
    // can only bind role in namespace where they have covering permissions
    ['job-writer-namespace', 'forbidden-namespace', false],
    ['job-writer-namespace', 'job-namespace', true],
    // can bind role in any namespace where they have covering permissions
    ['job-writer', 'forbidden-namespace', true],
    // cannot bind role because they don't have covering permissions
    ['nonescalating-rolebinding-writer', 'job-namespace', false],
    // can bind role because they have explicit bind permission
    ['any-rolebinding-writer', 'job-namespace', true],
    ['any-rolebinding-writer-namespace', 'job-namespace', true],
  ])(':442 %s creates a binding in %s: %s', (username, namespace, created) => {
    const identity = who(username, 'system:authenticated');
    const object = binding('pi', 'write-jobs', ['User:admin'], namespace);
    const create = authorize(identity, request(`create ${RBAC} rolebindings`, namespace), objects);
    const grant = mayGrant(identity, object, objects);
    expect(create.allowed && grant.allowed).toBe(created);
    // the tests for want of covering permissions are about the grant alone
    if (username.startsWith('nonescalating')) expect([create.allowed, grant.allowed]).toEqual([true, false]);
  });

  test.each([
    ['user-with-no-permissions', 'create batch jobs', 'job-namespace', undefined, false],
    ['user-with-no-permissions', 'get batch jobs', 'job-namespace', 'pi', false],
    // job-writer-namespace cannot write to the "forbidden-namespace"
    ['job-writer-namespace', 'list batch jobs', 'forbidden-namespace', undefined, false],
    ['job-writer-namespace', 'get batch jobs', 'forbidden-namespace', 'pi', false],
    ['job-writer-namespace', 'create batch jobs', 'forbidden-namespace', undefined, false],
    // job-writer can write to any namespace
    ['job-writer', 'list batch jobs', 'forbidden-namespace', undefined, true],
    ['job-writer', 'get batch jobs', 'forbidden-namespace', 'pi', true],
    ['job-writer', 'create batch jobs', 'forbidden-namespace', undefined, true],
    ['job-writer-namespace', 'list batch jobs', 'job-namespace', undefined, true],
    ['job-writer-namespace', 'get batch jobs', 'job-namespace', 'pi', true],
    ['job-writer-namespace', 'create batch jobs', 'job-namespace', undefined, true],
  ])(':421 %s may %s in %s', (username, text, namespace, name, allowed) => {
    expect(authorize(who(username), request(text, namespace, name), objects).allowed).toBe(allowed);
  });
});

describe('the verb escalate', () => {
  const objects = cluster({
    clusterRoles: [clusterRole('by-name', on('escalate', RBAC, 'roles,clusterroles', 'mine'))],
    clusterRoleBindings: [binding('b', 'by-name', ['User:ana'])],
  });

  test('that is limited to names counts for updates, since a create has no name', () => {
    const mine = { kind: 'Role' as const, ...roleIn('shop', 'mine', getPods) };
    expect(mayGrant(who('ana'), mine, objects).allowed).toBe(false);
    expect(mayGrant(who('ana'), mine, { ...objects, roles: [roleIn('other', 'mine')] }).allowed).toBe(false);
    expect(mayGrant(who('ana'), mine, { ...objects, roles: [roleIn('shop', 'mine')] }).allowed).toBe(true);
    const ofCluster = clusterRole('mine', getPods);
    expect(mayGrant(who('ana'), ofCluster, objects).allowed).toBe(false);
    const known = { ...objects, clusterRoles: [...objects.clusterRoles, ofCluster] };
    expect(mayGrant(who('ana'), ofCluster, known).allowed).toBe(true);
  });
});

describe('the verb bind', () => {
  const bindOne = (resource: string, name: string) =>
    cluster({
      roles: [roleIn('shop', 'local', getPods)],
      clusterRoles: [clusterRole('target', getPods), clusterRole('binder', on('bind', RBAC, resource, name))],
      clusterRoleBindings: [binding('b', 'binder', ['User:ana'])],
    });

  test.each<[string, string, RoleBinding, boolean]>([
    ['clusterroles', 'target', binding('x', 'target', [], 'shop'), true],
    ['clusterroles', 'target', binding('x', 'target', []), true],
    ['clusterroles', 'other', binding('x', 'target', []), false],
    ['roles', 'target', binding('x', 'target', []), false],
    ['roles', 'local', localBinding('x', 'local', [], 'shop'), true],
    ['clusterroles', 'local', localBinding('x', 'local', [], 'shop'), false],
    // such a role need not exist yet
    ['clusterroles', 'soon', binding('x', 'soon', []), true],
  ])('on %s %s: %j', (resource, name, object, allowed) => {
    expect(mayGrant(who('ana'), object, bindOne(resource, name)).allowed).toBe(allowed);
  });

  test('in one namespace is not for the whole cluster', () => {
    const { clusterRoleBindings: [first] = [], ...rest } = bindOne('clusterroles', 'target');
    const roleBindings = [{ ...binding('b', 'binder', ['User:ana'], 'shop'), subjects: first?.subjects }];
    const objects = { ...rest, roleBindings, clusterRoleBindings: [] };
    expect(mayGrant(who('ana'), binding('x', 'target', [], 'shop'), objects).allowed).toBe(true);
    expect(mayGrant(who('ana'), binding('x', 'target', [], 'other'), objects).allowed).toBe(false);
    expect(mayGrant(who('ana'), binding('x', 'target', []), objects).allowed).toBe(false);
  });
});

describe('access policies', () => {
  const withPolicy = (policy: string, namespaces?: string[]): Identity => ({
    ...who('ana'),
    policies: [{ policy, namespaces }],
  });
  const role = roleIn('shop', 'r', getPods);

  test('with every verb are enough, for they say yes to `escalate` and `bind`', () => {
    const decision = mayGrant(withPolicy('AmazonEKSClusterAdminPolicy'), role, cluster({}));
    expect(decision).toMatchObject({ allowed: true, by: [{ source: 'policy' }], missing: [] });
    const limited = withPolicy('AmazonEKSClusterAdminPolicy', ['shop']);
    expect(mayGrant(limited, role, cluster({})).allowed).toBe(true);
    expect(mayGrant(limited, clusterRole('r', getPods), cluster({})).allowed).toBe(false);
  });

  test('hold no rules: an admin by policy may write roles, and put nothing into them', () => {
    const admin = withPolicy('AmazonEKSAdminPolicy', ['shop']);
    expect(authorize(admin, request(`create ${RBAC} roles`, 'shop'), cluster({})).allowed).toBe(true);
    expect(authorize(admin, request('get core pods', 'shop'), cluster({})).allowed).toBe(true);
    expect(mayGrant(admin, role, cluster({}))).toMatchObject({ allowed: false, missing: [getPods] });
    expect(mayGrant(admin, roleIn('shop', 'r'), cluster({}))).toEqual({
      allowed: true,
      by: [],
      missing: [],
      errors: [],
    });
  });
});

test('a cluster role that aggregates, or did, needs every right', () => {
  const gathering = { ...clusterRole('g'), aggregationRule: { clusterRoleSelectors: [{}] } };
  const objects = cluster({
    clusterRoles: [
      clusterRole('all', on('*', '*', '*'), url('*', '*')),
      clusterRole('resources', on('*', '*', '*')),
      gathering,
    ],
    clusterRoleBindings: [binding('a', 'all', ['User:ana']), binding('b', 'resources', ['User:ben'])],
  });
  // whose verb `*` is on roles too: ben may escalate, so the rules do not matter
  expect(mayGrant(who('ben'), gathering, objects).allowed).toBe(true);
  const limited = {
    ...objects,
    clusterRoles: [clusterRole('resources', on('get', '*', '*')), clusterRole('all', getPods), gathering],
  };
  expect(mayGrant(who('ben'), { ...gathering, rules: [getPods] }, limited)).toMatchObject({
    allowed: false,
    missing: [on('*', '*', '*'), url('*', '*')],
  });
  expect(mayGrant(who('ben'), clusterRole('g', getPods), limited).allowed).toBe(false);
  expect(mayGrant(who('ben'), clusterRole('new', getPods), limited).allowed).toBe(true);
});

test('a new cluster role that aggregates does, too', () => {
  const objects = cluster({
    clusterRoles: [clusterRole('pods', getPods)],
    clusterRoleBindings: [binding('b', 'pods', ['User:ana'])],
  });
  const gathering = { ...clusterRole('new', getPods), aggregationRule: { clusterRoleSelectors: [{}] } };
  expect(mayGrant(who('ana'), gathering, objects).missing).toEqual([on('*', '*', '*'), url('*', '*')]);
  expect(mayGrant(who('ana'), { ...gathering, aggregationRule: {} }, objects).allowed).toBe(true);
});

test('the reasons are the rules that cover something, whoever gave them', () => {
  const objects = cluster({
    clusterRoles: [
      clusterRole('some', getPods, on('get', '', 'nodes')),
      clusterRole('other', on('get', '', 'secrets')),
    ],
    clusterRoleBindings: ['some', 'other', 'some'].map((name, index) => binding(`b${index}`, name, ['User:ana'])),
  });
  expect(mayGrant(who('ana'), clusterRole('x', getPods), objects).by).toMatchObject([
    { name: 'b0', rule: getPods },
    { name: 'b2', rule: getPods },
  ]);
});

test('binding an aggregated role gives all it gathers', () => {
  const objects = cluster({
    clusterRoles: [
      { ...clusterRole('g'), aggregationRule: { clusterRoleSelectors: [{ matchLabels: { to: 'g' } }] } },
      { metadata: { name: 'part', labels: { to: 'g' } }, rules: [on('get,list', '', 'pods,secrets')] },
      clusterRole('pods', on('*', '', 'pods')),
    ],
    clusterRoleBindings: [binding('b', 'pods', ['User:ana'])],
  });
  expect(mayGrant(who('ana'), binding('x', 'g', []), objects)).toMatchObject({
    allowed: false,
    missing: [on('get,list', '', 'secrets')],
  });
});

test('what is covered counts the bindings of the namespace', () => {
  const objects = cluster({
    clusterRoles: [clusterRole('reader', getPods)],
    roleBindings: [binding('b', 'reader', ['User:ana'], 'shop')],
  });
  expect(mayGrant(who('ana'), roleIn('shop', 'x', getPods), objects)).toMatchObject({
    allowed: true,
    by: [{ kind: 'RoleBinding', name: 'b', namespace: 'shop', rule: getPods }],
  });
  expect(mayGrant(who('ana'), roleIn('other', 'x', getPods), objects).allowed).toBe(false);
  expect(mayGrant(who('ana'), clusterRole('x', getPods), objects).allowed).toBe(false);
});

test.each<[string, Grantable, string]>([
  ['a missing role', localBinding('x', 'gone', [], 'shop'), 'RoleBinding shop/x: there is no Role shop/gone'],
  ['a missing cluster role', binding('x', 'gone', []), 'ClusterRoleBinding x: there is no ClusterRole gone'],
  [
    'a role for the whole cluster',
    { kind: 'ClusterRoleBinding', ...localBinding('x', 'local', [], 'shop') },
    'ClusterRoleBinding x: the Role local can be given in its namespace only, not in the whole cluster',
  ],
  [
    'a role of no known kind',
    { ...binding('x', 'y', []), roleRef: { kind: 'Pod' as 'Role', name: 'y' } },
    'ClusterRoleBinding x: there is no kind of role "Pod"',
  ],
  ['a role without a namespace', { kind: 'Role', ...clusterRole('x') }, 'Role x: it has no namespace'],
  [
    'a binding without a namespace',
    { kind: 'RoleBinding', ...binding('x', 'y', []) },
    'RoleBinding x: it has no namespace',
  ],
  [
    'another kind',
    { kind: 'Secret' as 'Role', metadata: { name: 'x' } },
    'only a Role, ClusterRole, RoleBinding or ClusterRoleBinding gives rights',
  ],
  [
    'a rule that cannot be read',
    { metadata: { name: 'x' }, rules: [{ verbs: 'get' as unknown as string[] }] },
    'ClusterRole x: `rules[0].verbs` is no list of texts, so the rule counts for nothing',
  ],
])('nobody can give %s', (_, object, error) => {
  const objects = cluster({
    clusterRoles: [clusterRole('some', getPods)],
    clusterRoleBindings: [binding('b', 'some', ['User:ana'])],
  });
  expect(mayGrant(who('ana'), object, objects)).toEqual({ allowed: false, by: [], missing: [], errors: [error] });
});

test('the kind is told from the object if it does not say', () => {
  const objects = cluster({ clusterRoles: [clusterRole('target', getPods)] });
  const missing = (object: Grantable) => mayGrant(who('ana'), object, objects).missing;
  expect(missing(roleIn('shop', 'x', getPods))).toEqual([getPods]);
  expect(missing(clusterRole('x', getPods))).toEqual([getPods]);
  expect(missing(binding('x', 'target', [], 'shop'))).toEqual([getPods]);
  expect(missing(binding('x', 'target', []))).toEqual([getPods]);
});
