import type { AssociatedPolicy } from '../../../lib/access/access';
import type { MappedIdentity, UnmappedCaller } from '../../../lib/access/authenticator/map-identity';
import { groupsBoundIn, identityInWords, rightsChange } from '../../../lib/access/migration/rights-change';
import { partInWords } from '../../../lib/access/migration/rights-part';
import { authorizer } from '../../../lib/access/rbac/authorize';
import { defaultRoles } from '../../../lib/access/rbac/default-roles';
import type { RbacObjects, RoleBinding } from '../../../lib/access/rbac/rbac-objects';
import { together } from '../../../lib/access/rbac/rbac-rendering';

function binding(group: string, role: string, namespace?: string): RoleBinding {
  return {
    metadata: { name: group, ...(namespace === undefined ? {} : { namespace }) },
    roleRef: { kind: 'ClusterRole', name: role },
    subjects: [{ kind: 'Group', name: group }],
  };
}

const OWN: RbacObjects = {
  roles: [],
  clusterRoles: [
    { metadata: { name: 'apps' }, rules: [{ verbs: ['*'], apiGroups: ['apps'], resources: ['*'] }] },
    {
      metadata: { name: 'deployments' },
      rules: [{ verbs: ['get', 'list'], apiGroups: ['apps'], resources: ['deployments'] }],
    },
    {
      metadata: { name: 'one' },
      rules: [
        { verbs: ['get'], apiGroups: [''], resources: ['configmaps'], resourceNames: ['shared'] },
        { verbs: ['update'], apiGroups: ['apps'], resources: ['*/scale'] },
        { verbs: ['get'], nonResourceURLs: ['/metrics/cadvisor'] },
      ],
    },
  ],
  roleBindings: [
    binding('edit-shop', 'edit', 'shop'),
    binding('admin-shop', 'admin', 'shop'),
    binding('view-shop', 'view', 'shop'),
  ],
  clusterRoleBindings: [
    binding('editors', 'edit'),
    binding('viewers', 'view'),
    binding('apps', 'apps'),
    binding('deployments', 'deployments'),
    binding('one', 'one'),
  ],
};
const OBJECTS = together(defaultRoles('1.35'), OWN);
const COMPARISON = { authorizer: authorizer(OBJECTS), boundGroups: groupsBoundIn(OBJECTS) };

function somebody(groups: readonly string[], policies: AssociatedPolicy[] = [], username = 'mei'): MappedIdentity {
  return {
    mapped: true,
    username,
    groups: [...groups, 'system:authenticated'],
    policies,
    by: { source: 'mapRoles', index: 0 },
  };
}

const NOBODY: UnmappedCaller = { mapped: false, reason: 'no-mapping', detail: '' };
const NODE = somebody(['system:nodes'], [], 'system:node:i-0123456789abcdef0');
const ADMINISTRATOR = somebody([], [{ policy: 'AmazonEKSClusterAdminPolicy' }]);

test.each<[string, MappedIdentity | UnmappedCaller, MappedIdentity | UnmappedCaller, object]>([
  ['the same identity by something else', somebody(['x']), somebody(['x']), { verdict: 'unchanged' }],
  ['nobody, and still nobody', NOBODY, NOBODY, { verdict: 'unchanged' }],
  ['nobody, and then a viewer', NOBODY, somebody(['viewers']), { verdict: 'let in', gains: ['has group viewers'] }],
  ['a node, and then nobody', NODE, NOBODY, { verdict: 'shut out', loses: ['had the rights of a node'] }],
  [
    'system:masters, and then the policy for it',
    somebody(['system:masters', 'x']),
    ADMINISTRATOR,
    { verdict: 'unchanged' },
  ],
  [
    'another user name',
    somebody(['viewers']),
    somebody(['viewers'], [], 'rin'),
    {
      verdict: 'unchanged',
      notes: ['is rin to Kubernetes, and was mei'],
    },
  ],
  [
    'a role, and then the policy of its name',
    somebody(['edit-shop']),
    somebody([], [{ policy: 'AmazonEKSEditPolicy', namespaces: ['shop'] }]),
    {
      verdict: 'loses',
      loses: [
        'create pods/eviction, serviceaccounts/token in shop',
        'create, delete, deletecollection, get, list, patch, update, watch events.events.k8s.io, leases.coordination.k8s.io, resourceclaims.resource.k8s.io, resourceclaimtemplates.resource.k8s.io in shop',
        'get, list, watch resourceclaims.resource.k8s.io/status in shop',
      ],
    },
  ],
  [
    'a role in a namespace, and then in the whole cluster',
    somebody(['view-shop']),
    somebody(['viewers']),
    {
      verdict: 'gains',
      gains: [expect.stringMatching(/^get, list, watch pods, .* in the whole cluster but shop$/) as string],
    },
  ],
  [
    'nothing, and then a role in a namespace',
    somebody(['none']),
    somebody(['admin-shop']),
    {
      verdict: 'gains and loses',
      gains: ['all of group admin-shop → role binding shop/admin-shop → cluster role admin'],
      loses: ['whatever the group none is bound to, which is not known here'],
    },
  ],
  [
    'a policy by a pattern, and then nothing',
    somebody([], [{ policy: 'AmazonEKSViewPolicy', namespaces: ['shop-*'] }]),
    somebody([]),
    { verdict: 'loses', loses: ['all of AmazonEKSViewPolicy in shop-*'] },
  ],
  [
    'an administrator, and then a viewer of some resources',
    ADMINISTRATOR,
    somebody(['apps']),
    {
      verdict: 'loses',
      loses: [
        'get, list, watch pods',
        'get configmaps, pods/log',
        'create, delete services',
        'create jobs.batch, pods/eviction, pods/exec, pods/portforward, serviceaccounts/token, custom resources, rolebindings.rbac.authorization.k8s.io',
        'get, list secrets',
        'patch nodes',
        'everything else',
        'get /metrics',
        'every other URL',
      ],
    },
  ],
  [
    'a wildcard, and then two verbs of it',
    somebody(['apps']),
    somebody(['deployments']),
    {
      verdict: 'loses',
      loses: ['create, delete, patch, update deployments.apps', 'everything else of apps'],
    },
  ],
  [
    'names, subresources and URLs',
    somebody([]),
    somebody(['one']),
    {
      verdict: 'gains',
      gains: ['all of group one → cluster role binding one → cluster role one'],
    },
  ],
  [
    'names, subresources and URLs beside others',
    somebody(['deployments']),
    somebody(['deployments', 'one']),
    {
      verdict: 'gains',
      gains: ['get configmaps shared', 'update everything else/scale of apps', 'get /metrics/cadvisor'],
    },
  ],
  [
    'a node that is an administrator then',
    NODE,
    ADMINISTRATOR,
    {
      verdict: 'gains',
      gains: expect.anything() as unknown,
      notes: ['is mei to Kubernetes, and was system:node:i-0123456789abcdef0'],
    },
  ],
  [
    'a node that is a person then',
    NODE,
    somebody(['viewers']),
    {
      verdict: 'gains and loses',
      gains: ['all of group viewers → cluster role binding viewers → cluster role view'],
      loses: ['the rights of a node'],
      notes: ['is mei to Kubernetes, and was system:node:i-0123456789abcdef0'],
    },
  ],
])('%s', (_, before, after, expected) => {
  const { verdict, gains, loses, notes } = rightsChange(before, after, COMPARISON);
  expect({
    verdict,
    gains: gains.map((part) => partInWords(part)),
    loses: loses.map((part) => partInWords(part)),
    notes,
  }).toEqual({ gains: [], loses: [], notes: [], ...expected });
});

test('what is lost is told as requests, each in its namespace', () => {
  const { lost } = rightsChange(somebody(['edit-shop']), somebody(['view-shop']), COMPARISON);
  expect(lost).toContainEqual({
    verb: 'create',
    apiGroup: '',
    resource: 'pods',
    subresource: 'eviction',
    namespace: 'shop',
  });
});

test.each<[string, MappedIdentity, string]>([
  ['a node', NODE, 'the rights of a node'],
  ['an administrator', somebody(['system:masters']), 'everything (system:masters)'],
  ['policies and groups', somebody(['dev'], [{ policy: 'P', namespaces: ['a', 'b'] }]), 'P in a, b, group dev'],
  ['nothing', somebody([]), 'no group'],
])('%s is said in words', (_, identity, words) => {
  expect(identityInWords(identity)).toBe(words);
});

test.each([
  [5, 'get a, b, c in shop'],
  [2, 'get a, b, c in shop'],
  [1, 'get a, 2 more in shop'],
])('of many things the first %i are shown, if that saves any', (most, words) => {
  expect(partInWords({ verbs: 'get', things: ['a', 'b', 'c'], where: 'in shop' }, most)).toBe(words);
});
