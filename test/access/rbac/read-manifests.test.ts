import { readManifests } from '../../../lib/access/rbac/read-manifests';

const RBAC = 'rbac.authorization.k8s.io/v1';
const role = { apiVersion: RBAC, kind: 'Role', metadata: { name: 'own', namespace: 'shop' }, rules: [] };
const binding = {
  apiVersion: RBAC,
  kind: 'ClusterRoleBinding',
  metadata: { name: 'own' },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
};

test('RBAC objects are read, in lists too, and what is no RBAC is passed over', () => {
  const { objects, problems } = readManifests([
    { where: 'a.yaml', value: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } } },
    { where: 'b.yaml', value: role },
    { where: 'c.yaml', value: { apiVersion: 'v1', kind: 'List', items: [binding, { kind: 'Service' }] } },
    { where: 'd.yaml', value: null },
    { where: 'e.yaml', value: 'text' },
  ]);
  expect(problems).toEqual([]);
  expect(objects).toEqual({ roles: [role], clusterRoles: [], roleBindings: [], clusterRoleBindings: [binding] });
});

test.each<[string, unknown, string[]]>([
  [
    'a kind that is none',
    { ...role, kind: 'Rol' },
    [
      '`x.yaml kind` must be one of Role, ClusterRole, RoleBinding, ClusterRoleBinding, got "Rol"; did you mean `Role`?',
    ],
  ],
  [
    'an old version',
    { ...role, apiVersion: 'rbac.authorization.k8s.io/v1beta1' },
    ['`x.yaml apiVersion` must be rbac.authorization.k8s.io/v1, got "rbac.authorization.k8s.io/v1beta1"'],
  ],
  ['no name', { ...role, metadata: { namespace: 'shop' } }, ['`x.yaml metadata.name` must be given, got nothing']],
  [
    'no namespace',
    { ...role, metadata: { name: 'own' } },
    ['`x.yaml metadata.namespace` must be given, got nothing; without one it lands wherever it is applied from'],
  ],
  [
    'a namespace of a cluster role',
    { ...role, kind: 'ClusterRole' },
    ['`x.yaml metadata.namespace` must not be given: a ClusterRole is in no namespace, got "shop"'],
  ],
  ['no rules', { ...role, rules: undefined }, ['`x.yaml rules` must be given, got nothing']],
  [
    'a rule with a slip',
    { ...role, rules: [{ verb: ['get'] }] },
    [
      '`x.yaml rules[0].verb` is not a property of a rule, got ["get"]; did you mean `verbs`?',
      "`x.yaml rules[0].verbs` must be given, got nothing; such as ['get']",
    ],
  ],
  [
    'a text for a list',
    { ...role, rules: [{ verbs: 'get' }] },
    ['`x.yaml rules[0].verbs` must be a list of texts, got "get"'],
  ],
  ['a rule that is none', { ...role, rules: ['get'] }, ['`x.yaml rules[0]` must be an object, got "get"']],
  ['rules that are none', { ...role, rules: 'get' }, ['`x.yaml rules` must be a list, got "get"']],
  ['no role', { ...binding, roleRef: undefined }, ['`x.yaml roleRef` must be given, got nothing']],
  [
    'a role for the whole cluster',
    { ...binding, roleRef: { kind: 'Role', name: 'own' } },
    ['`x.yaml roleRef.kind` must be ClusterRole, got "Role"'],
  ],
  ['subjects that are none', { ...binding, subjects: {} }, ['`x.yaml subjects` must be a list, got {}']],
  [
    'a subject of another kind',
    { ...binding, subjects: [{ kind: 'Role', name: 'x' }] },
    ['`x.yaml subjects[0].kind` must be one of User, Group, ServiceAccount, got "Role"'],
  ],
  [
    'a subject without a name',
    { ...binding, subjects: [{ kind: 'User' }] },
    ['`x.yaml subjects[0].name` must be given, got nothing'],
  ],
  [
    'a service account of nowhere',
    { ...binding, subjects: [{ kind: 'ServiceAccount', name: 'x' }] },
    ['`x.yaml subjects[0].namespace` must be given: this binding has none to take over, got nothing'],
  ],
])('%s', (_, value, expected) => {
  const { objects, problems } = readManifests([{ where: 'x.yaml', value }]);
  expect(problems).toEqual(expected);
  expect(Object.values(objects).flat()).toEqual([]);
});

test('the same object twice', () => {
  const { problems } = readManifests([
    { where: 'a.yaml', value: role },
    { where: 'b.yaml', value: role },
  ]);
  expect(problems).toEqual(['`b.yaml` must not be there twice: a.yaml has it, got "Role shop/own"']);
});
