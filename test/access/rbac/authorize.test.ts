import { authorize, authorizer, type AccessRequest } from '../../../lib/access/rbac/authorize';
import type { Identity } from '../../../lib/access/access';
import type { PolicyRule, RbacObjects } from '../../../lib/access/rbac/rbac-objects';
import { reasonAllows } from '../../../lib/access/rbac/reason';
import { binding, cluster, localBinding, on, request, subjects, url } from './rules';

/** As upstream's newRule: every part is there, if only as one empty text. */
const whole = (verbs: string, groups: string, resources: string, urls: string): PolicyRule => ({
  ...on(verbs, groups, resources),
  nonResourceURLs: urls.split(','),
});

const who = (username: string, ...groups: string[]): Identity => ({ username, groups });

type Case = readonly [identity: Identity, request: AccessRequest];

function decides(objects: RbacObjects, yes: readonly Case[], no: readonly Case[]): void {
  const asked = authorizer(objects);
  const allowed = ([identity, question]: Case): boolean => {
    const decision = asked.authorize(identity, question);
    expect(decision.errors).toEqual([]);
    expect(decision.by.length > 0).toBe(decision.allowed);
    // what it holds as a whole must give the same answer
    const namespace = 'namespace' in question ? question.namespace : undefined;
    expect(asked.rulesFor(identity, namespace).rules.some((rule) => reasonAllows(rule, question))).toBe(
      decision.allowed,
    );
    return decision.allowed;
  };
  expect(yes.filter((each) => !allowed(each))).toEqual([]);
  expect(no.filter((each) => allowed(each))).toEqual([]);
}

/** Kubernetes v1.35.4, plugin/pkg/auth/authorizer/rbac/rbac_test.go, TestAuthorizer:147, whose cases have no names. */
describe('TestAuthorizer', () => {
  const admins = ['User:admin', 'Group:admins'];

  test('a cluster role, bound in a namespace (:157)', () => {
    decides(
      cluster({
        clusterRoles: [{ metadata: { name: 'admin' }, rules: [whole('*', '*', '*', '*')] }],
        roleBindings: [binding('', 'admin', admins, 'ns1')],
      }),
      [
        [who('admin', ''), request('get core Pods', 'ns1')],
        [who('admin', ''), request('watch core Pods', 'ns1')],
        [who('admin', 'group1'), request('watch core Foobar', 'ns1')],
        [who('joe', 'admins'), request('watch core Foobar', 'ns1')],
        [who('joe', 'group1', 'admins'), request('watch core Foobar', 'ns1')],
      ],
      [
        [who('admin', ''), request('GET core Pods', 'ns2')],
        [who('admin', ''), request('GET core Nodes', '')],
        [who('admin', 'admins'), request('GET core Pods', 'ns2')],
        [who('admin', 'admins'), request('GET core Nodes', '')],
      ],
    );
  });

  test('Non-resource-url tests (:178)', () => {
    decides(
      cluster({
        clusterRoles: [
          { metadata: { name: 'non-resource-url-getter' }, rules: [whole('get', '', '', '/apis')] },
          { metadata: { name: 'non-resource-url' }, rules: [whole('*', '', '', '/apis')] },
          { metadata: { name: 'non-resource-url-prefix' }, rules: [whole('get', '', '', '/apis/*')] },
        ],
        clusterRoleBindings: [
          binding('', 'non-resource-url-getter', ['User:foo', 'Group:bar']),
          binding('', 'non-resource-url', ['User:admin', 'Group:admin']),
          binding('', 'non-resource-url-prefix', ['User:prefixed', 'Group:prefixed']),
        ],
      }),
      [
        [who('foo'), request('get /apis')],
        [who('', 'bar'), request('get /apis')],
        [who('admin'), request('get /apis')],
        [who('', 'admin'), request('get /apis')],
        [who('admin'), request('watch /apis')],
        [who('', 'admin'), request('watch /apis')],
        [who('prefixed'), request('get /apis/v1')],
        [who('', 'prefixed'), request('get /apis/v1')],
        [who('prefixed'), request('get /apis/v1/foobar')],
        [who('', 'prefixed'), request('get /apis/v1/foorbar')],
      ],
      [
        // wrong verb
        [who('foo'), request('watch /apis')],
        [who('', 'bar'), request('watch /apis')],
        // wrong path
        [who('foo'), request('get /api/v1')],
        [who('', 'bar'), request('get /api/v1')],
        [who('admin'), request('get /api/v1')],
        [who('', 'admin'), request('get /api/v1')],
        // not covered by prefix
        [who('prefixed'), request('get /api/v1')],
        [who('', 'prefixed'), request('get /api/v1')],
      ],
    );
  });

  test('test subresource resolution (:219)', () => {
    decides(
      cluster({
        clusterRoles: [{ metadata: { name: 'admin' }, rules: [whole('*', '*', 'pods', '*')] }],
        roleBindings: [binding('', 'admin', admins, 'ns1')],
      }),
      [[who('admin', ''), request('get core pods', 'ns1')]],
      [[who('admin', ''), request('get core pods/status', 'ns1')]],
    );
  });

  test('test subresource resolution (:234)', () => {
    decides(
      cluster({
        clusterRoles: [
          {
            metadata: { name: 'admin' },
            rules: [whole('*', '*', 'pods/status', '*'), whole('*', '*', '*/scale', '*')],
          },
        ],
        roleBindings: [binding('', 'admin', admins, 'ns1')],
      }),
      [
        [who('admin', ''), request('get core pods/status', 'ns1')],
        [who('admin', ''), request('get core pods/scale', 'ns1')],
        [who('admin', ''), request('get core deployments/scale', 'ns1')],
        [who('admin', ''), request('get core anything/scale', 'ns1')],
      ],
      [[who('admin', ''), request('get core pods', 'ns1')]],
    );
  });
});

/** Kubernetes v1.35.4, test/integration/auth/rbac_test.go, TestRBACContextContamination:836. */
describe('TestRBACContextContamination', () => {
  const readPods = on('list,get,watch', '', 'pods');
  const objects = cluster({
    clusterRoles: [
      { metadata: { name: 'c1-clusterrole' }, rules: [readPods] },
      { metadata: { name: 'c2-clusterrole' }, rules: [readPods] },
    ],
    roles: [{ metadata: { name: 'c3-role', namespace: 'pod-namespace' }, rules: [readPods] }],
    clusterRoleBindings: [binding('c1-clusterrolebinding', 'c1-clusterrole', ['User:c1-user'])],
    roleBindings: [
      binding('c2-rolebinding', 'c2-clusterrole', ['User:c2-user'], 'pod-namespace'),
      localBinding('c3-rolebinding', 'c3-role', ['User:c3-user'], 'pod-namespace'),
    ],
  });

  test.each([
    ['c1-user', 'pods', '', true],
    ['c1-user', 'pods', 'pod-namespace', true],
    ['c1-user', 'configmaps', '', false],
    ['c2-user', 'pods', '', false],
    ['c2-user', 'pods', 'pod-namespace', true],
    ['c2-user', 'configmaps', 'pod-namespace', false],
    ['c2-user', 'pods', 'forbidden-namespace', false],
    ['c3-user', 'pods', '', false],
    ['c3-user', 'pods', 'pod-namespace', true],
    ['c3-user', 'configmaps', 'pod-namespace', false],
    ['c3-user', 'pods', 'forbidden-namespace', false],
  ])('%s may list %s in %j: %s', (username, resource, namespace, allowed) => {
    expect(authorize(who(username), request(`list core ${resource}`, namespace), objects).allowed).toBe(allowed);
  });
});

/** Kubernetes v1.35.4, pkg/registry/rbac/validation/rule_test.go. */
describe('TestDefaultRuleResolver:54', () => {
  const readPods = on('GET,WATCH', 'v1', 'pods');
  const readServices = on('GET,WATCH', 'v1', 'services');
  const writeNodes = on('PUT,CREATE,UPDATE', 'v1', 'nodes');
  const admin = on('*', '*', '*');
  const asked = authorizer(
    cluster({
      roles: [{ metadata: { namespace: 'namespace1', name: 'readthings' }, rules: [readPods, readServices] }],
      clusterRoles: [
        { metadata: { name: 'cluster-admin' }, rules: [admin] },
        { metadata: { name: 'write-nodes' }, rules: [writeNodes] },
      ],
      roleBindings: [localBinding('', 'readthings', ['User:foobar', 'Group:group1'], 'namespace1')],
      clusterRoleBindings: [binding('', 'cluster-admin', ['User:admin', 'Group:admin'])],
    }),
  );

  test.each<[number, Identity, string | undefined, PolicyRule[]]>([
    [0, who('foobar'), 'namespace1', [readPods, readServices]],
    [1, who('foobar'), 'namespace2', []],
    [2, who('foobar', 'admin'), undefined, [admin]],
    [3, who(''), undefined, []],
  ])('case %i', (_, identity, namespace, expected) => {
    const rules = asked.rulesFor(identity, namespace).rules.map((reason) => 'rule' in reason && reason.rule);
    expect(rules).toEqual(expected);
  });
});

/** Which of a binding's subjects applies: the reason names it. */
describe('TestAppliesTo:166', () => {
  const everyone = ['Group:system:authenticated', 'Group:system:unauthenticated'];

  test.each<[string, string[], Identity, string | undefined, number | undefined]>([
    ['single subject that matches username', ['User:foobar'], who('foobar'), undefined, 0],
    ['multiple subjects, one that matches username', ['User:barfoo', 'User:foobar'], who('foobar'), undefined, 1],
    [
      'multiple subjects, none that match username',
      ['User:barfoo', 'User:foobar'],
      who('zimzam'),
      undefined,
      undefined,
    ],
    ['multiple subjects, one that match group', ['User:barfoo', 'Group:foobar'], who('zimzam', 'foobar'), undefined, 1],
    [
      'multiple subjects, one that match group, should ignore namespace',
      ['User:barfoo', 'Group:foobar'],
      who('zimzam', 'foobar'),
      'namespace1',
      1,
    ],
    [
      'multiple subjects with a service account that matches',
      ['User:barfoo', 'Group:foobar', 'ServiceAccount:kube-system/default'],
      who('system:serviceaccount:kube-system:default'),
      'default',
      2,
    ],
    ["* user subject name doesn't match all users", ['User:*'], who('foobar'), 'default', undefined],
    [
      'binding to all authenticated and unauthenticated subjects matches authenticated user',
      everyone,
      who('foobar', 'system:authenticated'),
      'default',
      0,
    ],
    [
      'binding to all authenticated and unauthenticated subjects matches anonymous user',
      everyone,
      who('system:anonymous', 'system:unauthenticated'),
      'default',
      1,
    ],
  ])('%s', (_, to, identity, namespace, index) => {
    const bound = binding('x', 'any', to, namespace);
    const objects = cluster({
      clusterRoles: [{ metadata: { name: 'any' }, rules: [on('*', '*', '*')] }],
      ...(namespace === undefined ? { clusterRoleBindings: [bound] } : { roleBindings: [bound] }),
    });
    const { by } = authorize(identity, request('get core pods', namespace), objects);
    expect(by.map((reason) => 'subject' in reason && reason.subject)).toEqual(
      index === undefined ? [] : [subjects(...to)[index]],
    );
  });
});

const getPods = request('get core pods', 'shop');
const pods = on('get', '', 'pods');
const reader = { metadata: { name: 'reader' }, rules: [on('list', '', 'pods'), pods] };

test('every ground is told, in the order they are asked', () => {
  const objects = cluster({
    clusterRoles: [reader],
    roles: [{ metadata: { name: 'local', namespace: 'shop' }, rules: [pods] }],
    roleBindings: [localBinding('b', 'local', ['Group:ops'], 'shop'), binding('a', 'reader', ['Group:other'], 'shop')],
    clusterRoleBindings: [binding('c', 'reader', ['User:x', 'Group:ops', 'User:ana'])],
  });
  const ana = { username: 'ana', groups: ['ops'], policies: [{ policy: 'AmazonEKSAdminViewPolicy' }] };
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', name: 'reader', kind: 'ClusterRole' };
  const ops = { kind: 'Group', name: 'ops', apiGroup: 'rbac.authorization.k8s.io' };
  expect(authorize(ana, getPods, objects)).toEqual({
    allowed: true,
    by: [
      { source: 'binding', kind: 'ClusterRoleBinding', name: 'c', subject: ops, roleRef, rule: pods },
      {
        source: 'binding',
        kind: 'RoleBinding',
        name: 'b',
        namespace: 'shop',
        subject: ops,
        roleRef: { ...roleRef, kind: 'Role', name: 'local' },
        rule: pods,
      },
      { source: 'policy', policy: 'AmazonEKSAdminViewPolicy', rule: on('get,list,watch', '*', '*') },
    ],
    errors: [],
  });
});

test('bindings come in their order, each with the first subject that fits', () => {
  const objects = cluster({
    clusterRoles: [reader],
    clusterRoleBindings: [
      binding('by-group', 'reader', ['Group:ops']),
      binding('by-both', 'reader', ['User:ana', 'Group:ops']),
      binding('by-name', 'reader', ['User:ana', 'User:ana']),
    ],
  });
  expect(authorize(who('ana', 'ops'), getPods, objects).by).toMatchObject([
    { name: 'by-group', subject: { kind: 'Group' } },
    { name: 'by-both', subject: { kind: 'User' } },
    { name: 'by-name', subject: { kind: 'User' } },
  ]);
});

test('system:masters may do everything, with no object at all', () => {
  const superuser = who('root', 'system:masters');
  const by = [{ source: 'superuser', group: 'system:masters' }];
  expect(authorize(superuser, request('nuke core everything'), cluster({}))).toEqual({ allowed: true, by, errors: [] });
  expect(authorize(superuser, request('get /'), cluster({})).allowed).toBe(true);
  expect(authorizer(cluster({})).rulesFor(superuser).rules).toEqual(by);
});

describe('roles that cannot be given', () => {
  const ana = who('ana');
  const rest = binding('z', 'reader', ['User:ana'], 'shop');

  test.each([
    [
      'a missing cluster role',
      { clusterRoleBindings: [binding('b', 'gone', ['User:ana'])] },
      'ClusterRoleBinding b: there is no ClusterRole gone',
    ],
    [
      'a missing role',
      { roleBindings: [localBinding('b', 'gone', ['User:ana'], 'shop'), rest] },
      'RoleBinding shop/b: there is no Role shop/gone',
    ],
    [
      'a role of another namespace',
      {
        roles: [{ metadata: { name: 'local', namespace: 'other' }, rules: [pods] }],
        roleBindings: [localBinding('b', 'local', ['User:ana'], 'shop'), rest],
      },
      'RoleBinding shop/b: there is no Role shop/local',
    ],
    [
      'a role for the whole cluster',
      {
        roles: [{ metadata: { name: 'local', namespace: 'shop' }, rules: [pods] }],
        clusterRoleBindings: [localBinding('b', 'local', ['User:ana'], 'shop')],
      },
      'ClusterRoleBinding b: the Role local can be given in its namespace only, not in the whole cluster',
    ],
  ])('%s is named, and the other bindings still count', (_, objects, error) => {
    const found = authorize(ana, getPods, cluster({ clusterRoles: [reader], roleBindings: [rest], ...objects }));
    expect(found).toMatchObject({ allowed: true, by: [{ name: 'z' }], errors: [error] });
    expect(authorize(who('ben'), getPods, cluster({ ...objects })).errors).toEqual([]);
  });

  test('neither is a kind of role that is none', () => {
    const odd = { ...binding('b', 'x', ['User:ana']), roleRef: { kind: 'Pod' as 'Role', name: 'x' } };
    expect(authorize(ana, getPods, cluster({ clusterRoleBindings: [odd] }))).toEqual({
      allowed: false,
      by: [],
      errors: ['ClusterRoleBinding b: there is no kind of role "Pod"'],
    });
  });
});

describe('service accounts', () => {
  const web = who('system:serviceaccount:shop:web');
  const to = (namespace?: string): RbacObjects =>
    cluster({
      clusterRoles: [reader],
      roleBindings: [
        { ...binding('b', 'reader', [], 'shop'), subjects: [{ kind: 'ServiceAccount', name: 'web', namespace }] },
      ],
    });

  test('are in the namespace of a role binding unless it says another', () => {
    expect(authorize(web, getPods, to()).by).toMatchObject([{ subject: { name: 'web', namespace: 'shop' } }]);
    expect(authorize(web, getPods, to('shop')).allowed).toBe(true);
    expect(authorize(web, getPods, to('other')).allowed).toBe(false);
  });

  test('are nobody in a cluster role binding without their namespace', () => {
    const { roleBindings, clusterRoles } = to();
    const objects = cluster({ clusterRoles, clusterRoleBindings: roleBindings });
    expect(authorize(web, getPods, objects)).toEqual({
      allowed: false,
      by: [],
      errors: ['ClusterRoleBinding b: `subjects[0]` is a ServiceAccount without a namespace, so it is nobody'],
    });
  });

  test('are also plain users with that name', () => {
    const objects = cluster({
      clusterRoles: [reader],
      clusterRoleBindings: [binding('b', 'reader', ['User:system:serviceaccount:shop:web'])],
    });
    expect(authorize(web, getPods, objects).allowed).toBe(true);
  });
});

test('URLs count by cluster role bindings only', () => {
  const urls = { metadata: { name: 'urls' }, rules: [url('get', '/metrics')] };
  const roleBindings = [binding('b', 'urls', ['User:ana'], 'shop')];
  const asked = authorizer(cluster({ clusterRoles: [urls], roleBindings }));
  expect(asked.authorize(who('ana'), request('get /metrics')).allowed).toBe(false);
  // not even for those who look at the rules of the namespace
  const [rule] = asked.rulesFor(who('ana'), 'shop').rules;
  expect(rule && reasonAllows(rule, request('get /metrics'))).toBe(false);
  const objects = cluster({ clusterRoles: [urls], clusterRoleBindings: roleBindings });
  expect(authorize(who('ana'), request('get /metrics'), objects).allowed).toBe(true);
});

test('of two roles with one name the later counts', () => {
  const objects = cluster({
    clusterRoles: [reader, { ...reader, rules: [on('get', '', 'nodes')] }],
    clusterRoleBindings: [binding('b', 'reader', ['User:ana'])],
  });
  expect(authorize(who('ana'), getPods, objects).allowed).toBe(false);
  expect(authorize(who('ana'), request('get core nodes'), objects).allowed).toBe(true);
});

test('an identity has rights of its own where it is bound, or where its policies say', () => {
  const roleBindings = ['b', 'a', 'shop-eu', 'other'].map((namespace) =>
    binding('x', 'reader', namespace === 'other' ? ['User:ben'] : ['Group:ops'], namespace),
  );
  const asked = authorizer(cluster({ clusterRoles: [reader], roleBindings }));
  expect(asked.namespacesOf(who('ana', 'ops'))).toEqual(['a', 'b', 'shop-eu']);
  expect(
    asked.namespacesOf({
      ...who('ana'),
      policies: [{ policy: 'AmazonEKSViewPolicy', namespaces: ['z', 'shop-*', 'oth*'] }],
    }),
  ).toEqual(['other', 'shop-eu', 'z']);
  expect(asked.namespacesOf(who('root', 'system:masters'))).toEqual([]);
});
