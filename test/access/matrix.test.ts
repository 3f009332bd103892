import type { AccessSettings } from '../../lib/access/access-grant';
import { accessMatrix, type GrantRights } from '../../lib/access/matrix';
import { RIGHTS } from '../../lib/access/rights';
import { simulator } from '../../lib/access/simulator';
import { prod } from '../../config/prod';

const role = (name: string): string => `arn:aws:iam::444455556666:role/${name}`;

function matrix(access: Partial<AccessSettings>): Record<string, GrantRights> {
  const all = accessMatrix(simulator({ ...prod, access: { ...prod.access, ...access } }));
  return Object.fromEntries(all.map((each) => [each.grant, each]));
}

/** Where somebody may do what, without the reasons. */
const rights = (of: GrantRights | undefined): unknown =>
  of?.places.map(({ where, rights: list }) => [where, list.join(' ')]);

const NAMESPACED = 'read logs change evict exec secrets tokens custom grant';

test.each<[string, AccessSettings['grants'][string], [string[], string][]]>([
  ['cluster-admin', { can: 'cluster-admin' }, [[['cluster'], `${NAMESPACED} nodes everything`]]],
  [
    'cluster-admin via groups',
    { can: 'cluster-admin', via: 'groups' },
    [[['cluster'], `${NAMESPACED} nodes everything`]],
  ],
  ['admin', { can: 'admin' }, [[['cluster'], 'read logs change exec secrets']]],
  [
    'admin via groups',
    { can: 'admin', via: 'groups' },
    [[['cluster'], 'read logs change evict exec secrets tokens grant']],
  ],
  ['edit', { can: 'edit' }, [[['cluster'], 'read logs change exec secrets']]],
  ['edit via groups', { can: 'edit', via: 'groups' }, [[['cluster'], 'read logs change evict exec secrets tokens']]],
  ['view', { can: 'view' }, [[['cluster'], 'read logs']]],
  ['read-all', { can: 'read-all' }, [[['cluster'], 'read logs secrets']]],
  [
    'view in namespaces',
    { can: 'view', namespaces: ['shop', 'till'] },
    [
      [['cluster'], ''],
      [['shop', 'till'], 'read logs'],
    ],
  ],
  [
    'view in namespaces via groups',
    { can: 'view', namespaces: ['shop', 'till'], via: 'groups' },
    [
      [['cluster'], ''],
      [['shop', 'till'], 'read logs'],
    ],
  ],
  [
    'view where a pattern fits',
    { can: 'view', namespaces: ['shop-*'] },
    [
      [['cluster'], ''],
      [['shop-*'], 'read logs'],
    ],
  ],
  ['a group that nothing binds', { groups: ['nobody'] }, [[['cluster'], '']]],
])('%s', (_, grant, expected) => {
  expect(rights(matrix({ grants: { x: { ...grant, principal: role('X') } } }).x)).toEqual(expected);
});

test('the reasons of a place are its own, and bindings that are alike are one row', () => {
  const { ci } = matrix({
    grants: { ci: { principal: role('Ci'), can: 'view', groups: ['deployers'], namespaces: ['shop-*'] } },
    rbac: {
      bindings: { deploying: { clusterRole: 'edit', namespaces: ['shop-a', 'shop-b', 'till'], groups: ['deployers'] } },
    },
  });
  const bound = 'group deployers → role binding deploying → cluster role edit';
  expect(ci?.places).toEqual([
    { where: ['cluster'], rights: [], because: [] },
    {
      where: ['shop-a', 'shop-b'],
      rights: ['read', 'logs', 'change', 'evict', 'exec', 'secrets', 'tokens'],
      because: [bound, 'AmazonEKSViewPolicy in shop-*'],
    },
    { where: ['till'], rights: ['read', 'logs', 'change', 'evict', 'exec', 'secrets', 'tokens'], because: [bound] },
    { where: ['shop-*'], rights: ['read', 'logs'], because: ['AmazonEKSViewPolicy in shop-*'] },
  ]);
  expect([ci?.source, ci?.identity]).toEqual([
    'access entry',
    {
      username: 'arn:aws:sts::444455556666:assumed-role/Ci/somebody',
      groups: ['deployers', 'system:authenticated'],
    },
  ]);
});

test('a line of aws-auth has bindings in place of a policy, and no difference to tell', () => {
  const { ci, admin } = matrix({
    authenticationMode: 'API_AND_CONFIG_MAP',
    grants: {
      ci: { principal: role('ci/Ci'), can: 'edit', renderAs: 'aws-auth' },
      admin: { principal: role('Admin'), can: 'admin' },
    },
  });
  expect(ci).toMatchObject({
    source: 'aws-auth mapRoles',
    identity: { username: 'ci:somebody', groups: ['kotohajime:ci', 'system:authenticated'] },
    places: [
      { where: ['cluster'], because: ['group kotohajime:ci → cluster role binding kotohajime:ci → cluster role edit'] },
    ],
  });
  expect(ci?.difference).toBeUndefined();
  expect(admin?.difference?.besides).toHaveLength(2);
});

test('a principal in both places comes in by its entry alone', () => {
  const { ci } = matrix({
    authenticationMode: 'API_AND_CONFIG_MAP',
    grants: { ci: { principal: role('Ci'), can: 'edit', renderAs: 'both' } },
  });
  expect(ci).toMatchObject({
    source: 'access entry',
    places: [{ because: ['AmazonEKSEditPolicy in the whole cluster'] }],
  });
});

test('a place is told of though none of the rights is given there', () => {
  const { ci } = matrix({
    grants: { ci: { principal: role('Ci'), groups: ['restarters'] } },
    rbac: {
      roles: {
        restart: {
          namespaces: ['shop'],
          rules: [{ verbs: ['patch'], apiGroups: ['apps'], resources: ['deployments'] }],
        },
      },
      bindings: { restart: { role: 'restart', namespaces: ['shop'], groups: ['restarters'] } },
    },
  });
  expect(ci?.places.slice(1)).toEqual([
    { where: ['shop'], rights: [], because: ['group restarters → role binding restart → role restart'] },
  ]);
});

test('a custom resource comes into edit by aggregation, for who has the role itself', () => {
  const access: Partial<AccessSettings> = {
    grants: {
      role: { principal: role('A'), can: 'edit', via: 'groups' },
      policy: { principal: role('B'), can: 'edit' },
    },
    rbac: {
      clusterRoles: {
        widgets: {
          aggregateTo: ['edit'],
          rules: [{ verbs: ['*'], apiGroups: ['any.example.com'], resources: ['anything'] }],
        },
      },
    },
  };
  const found = matrix(access);
  expect([found.role, found.policy].map((each) => each?.places[0]?.rights.includes('custom'))).toEqual([true, false]);
});

test('every right has another name and says what it means', () => {
  expect(new Set(RIGHTS.map(({ name }) => name)).size).toBe(RIGHTS.length);
  expect(RIGHTS.filter(({ meaning, requests }) => meaning === '' || requests.length === 0)).toEqual([]);
});
