import { ACCESS_POLICY_RULES } from '../../../lib/access/rbac/access-policies';
import read from '../../../lib/access/rbac/access-policies.json';
import { authorize } from '../../../lib/access/rbac/authorize';
import { inNamespaces } from '../../../lib/access/rbac/namespace-pattern';
import type { AssociatedPolicy } from '../../../lib/access/access';
import { cluster, on, request } from './rules';

const can = (text: string, policies: readonly AssociatedPolicy[], namespace?: string) =>
  authorize({ username: 'ana', groups: ['system:authenticated'], policies }, request(text, namespace), cluster({}));

test('the rules say where and when they were read', () => {
  expect(read.source).toContain('https://docs.aws.amazon.com/eks/');
  expect(read.date).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  expect(Object.keys(ACCESS_POLICY_RULES)).toEqual(expect.arrayContaining(Object.keys(read.later)));
});

test('no name has a slip: each subresource is of a resource that is there too', () => {
  const named = Object.values(ACCESS_POLICY_RULES).flatMap((rules) => rules.flatMap(({ resources = [] }) => resources));
  expect(named.filter((resource) => !named.includes(resource.split('/')[0] ?? ''))).toEqual([]);
});

test.each([
  ['AmazonEKSClusterAdminPolicy', 'delete core nodes', true],
  ['AmazonEKSClusterAdminPolicy', 'get /metrics', true],
  ['AmazonEKSAdminPolicy', 'create rbac.authorization.k8s.io rolebindings', true],
  ['AmazonEKSAdminPolicy', 'create core resourcequotas', false],
  ['AmazonEKSAdminViewPolicy', 'list core secrets', true],
  ['AmazonEKSAdminViewPolicy', 'get /metrics', false],
  ['AmazonEKSEditPolicy', 'create apps deployments', true],
  ['AmazonEKSEditPolicy', 'create core pods/eviction', false],
  ['AmazonEKSEditPolicy', 'create rbac.authorization.k8s.io rolebindings', false],
  ['AmazonEKSViewPolicy', 'get core pods/log', true],
  ['AmazonEKSViewPolicy', 'get core resourcequotas/status', true],
  ['AmazonEKSViewPolicy', 'get core secrets', false],
  ['AmazonEKSSecretReaderPolicy', 'watch core secrets', true],
  ['AmazonEKSSecretReaderPolicy', 'delete core secrets', false],
])('%s: %s is %s', (policy, text, allowed) => {
  expect(can(text, [{ policy }]).allowed).toBe(allowed);
  expect(can(text, [{ policy: `arn:aws-cn:eks::aws:cluster-access-policy/${policy}` }]).allowed).toBe(allowed);
});

test('a policy is told by its name, with its namespaces and the rule', () => {
  const policy = 'arn:aws:eks::aws:cluster-access-policy/AmazonEKSSecretReaderPolicy';
  expect(can('get core secrets', [{ policy, namespaces: ['shop-*', 'x'] }], 'shop-eu')).toEqual({
    allowed: true,
    by: [
      {
        source: 'policy',
        policy: 'AmazonEKSSecretReaderPolicy',
        namespaces: ['shop-*', 'x'],
        rule: on('get,list,watch', '', 'secrets'),
      },
    ],
    errors: [],
  });
});

describe('a policy limited to namespaces', () => {
  const limited = [{ policy: 'AmazonEKSClusterAdminPolicy', namespaces: ['shop', 'dev-*'] }];

  test.each([
    ['get core pods', 'shop', true],
    ['get core pods', 'dev-ana', true],
    ['get core pods', 'shop-eu', false],
    ['get core pods', undefined, false],
    ['get core nodes', '', false],
    ['get /metrics', undefined, false],
  ])('%s in %s is %s', (text, namespace, allowed) => {
    expect(can(text, limited, namespace).allowed).toBe(allowed);
  });

  test('to none at all allows nothing', () => {
    expect(can('get core pods', [{ policy: 'AmazonEKSViewPolicy', namespaces: [] }], 'shop').allowed).toBe(false);
  });
});

test.each([
  [['*'], 'shop', true],
  [['*'], '', false],
  [['shop'], 'shop', true],
  [['s*p'], 'shop', true],
  [['s*p'], 'sp', true],
  [['sh*op'], 'shp', false],
  [['shop*op'], 'shop', false],
  [['*-eu-*'], 'shop-eu-1', true],
  [['*-eu-*'], 'shop-us-1', false],
  [['a*b*c'], 'a-b-b-c', true],
  [['a*b*c'], 'a-c-b', false],
  [['*ab*ba*'], 'aba', false],
  [['x', 'shop'], 'shop', true],
  [['?hop'], 'shop', false],
  [[], 'shop', false],
])('%j has %j: %s', (patterns, namespace, inside) => {
  expect(inNamespaces(patterns, namespace)).toBe(inside);
});

test('a pattern with many stars costs no time', () => {
  const before = performance.now();
  expect(inNamespaces([`${'*a'.repeat(5000)}b`], 'a'.repeat(10_000))).toBe(false);
  expect(performance.now() - before).toBeLessThan(1000);
});

test.each(['AmazonEKSAutoNodePolicy', 'constructor', 'view'])('%s is named as not known', (policy) => {
  expect(can('get core pods', [{ policy }, { policy: 'AmazonEKSViewPolicy' }])).toMatchObject({
    allowed: true,
    by: [{ policy: 'AmazonEKSViewPolicy' }],
    errors: [`${policy}: its rules are not known here, so it counts for nothing`],
  });
});
