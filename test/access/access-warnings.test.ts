import type { AccessSettings } from '../../lib/access/access-grant';
import { accessWarnings } from '../../lib/access/access-warnings';
import type { PolicyRule, RbacObjects } from '../../lib/access/rbac/rbac-objects';
import { NO_OBJECTS } from '../../lib/access/rbac/rbac-rendering';
import { problems } from '../../lib/problems';
import { prod } from '../../config/prod';

const role = (name: string, account = '444455556666'): string => `arn:aws:iam::${account}:role/${name}`;
const SSO = role('aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0123456789abcdef');

function warned(access: Partial<AccessSettings>, k8s?: RbacObjects): string[] {
  const config = { ...prod, access: { ...prod.access, ...access } };
  expect(problems(config)).toEqual([]);
  return accessWarnings(config, k8s).map(({ id, message }) => `${id}: ${message}`);
}

const withRule = (rule: PolicyRule): Partial<AccessSettings> => ({
  rbac: { clusterRoles: { own: { rules: [rule] } } },
});

test('what is usual is not warned of', () => {
  expect(warned({}, NO_OBJECTS)).toEqual([]);
  expect(
    warned(
      {
        grants: { ...prod.access.grants, ci: { principal: role('Ci'), groups: ['deployers'] } },
        rbac: {
          roles: {
            own: {
              namespaces: ['shop'],
              rules: [{ verbs: ['get'], apiGroups: ['', 'apps'], resources: ['pods/log', 'deployments'] }],
            },
          },
          bindings: { deploying: { role: 'own', namespaces: ['shop'], groups: ['deployers'], grants: ['ci'] } },
        },
      },
      NO_OBJECTS,
    ),
  ).toEqual([]);
});

test('a principal of another account is legal', () => {
  const grants = { ...prod.access.grants, x: { principal: role('Partner', '111122223333'), can: 'view' } as const };
  expect(warned({ grants })).toEqual([
    'kotohajime:access-other-account: grant x is for a principal of account 111122223333: who administers that account decides who may use it here',
  ]);
});

test('administrators that all depend on Identity Center', () => {
  expect(warned({ grants: { root: { principal: SSO, can: 'cluster-admin' } } })).toEqual([
    'kotohajime:access-administrators-by-sso: every administrator (root) signs in through IAM Identity Center: on the day it is down nobody can administer the cluster; grant a role without it too',
  ]);
  const both = {
    root: { principal: SSO, can: 'cluster-admin' },
    glass: { principal: role('Glass'), can: 'cluster-admin' },
  } as const;
  expect(warned({ grants: both })).toEqual([]);
});

test.each<[PolicyRule, string[]]>([
  [
    { verbs: ['*'], apiGroups: ['apps'], resources: ['deployments'] },
    [
      'kotohajime:rbac-wildcard: cluster role own, rule 1 (* deployments of apps) permits every verb, also those that come with the next version or controller',
    ],
  ],
  [
    { verbs: ['get'], apiGroups: ['*'], resources: ['*'] },
    [
      'kotohajime:rbac-wildcard: cluster role own, rule 1 (get * of *) permits every API group, every resource, also those that come with the next version or controller',
    ],
  ],
  [
    { verbs: ['get'], nonResourceURLs: ['*'] },
    [
      'kotohajime:rbac-wildcard: cluster role own, rule 1 (get *) permits every URL, also those that come with the next version or controller',
    ],
  ],
  [
    { verbs: ['escalate'], apiGroups: ['rbac.authorization.k8s.io'], resources: ['roles'] },
    [
      'kotohajime:rbac-power: cluster role own, rule 1 (escalate roles of rbac.authorization.k8s.io) lets its holder write roles that permit more than the holder may: all that there is',
    ],
  ],
  [
    { verbs: ['bind'], apiGroups: ['rbac.authorization.k8s.io'], resources: ['clusterroles'], resourceNames: ['view'] },
    [
      'kotohajime:rbac-power: cluster role own, rule 1 (bind clusterroles of rbac.authorization.k8s.io named view) lets its holder give anybody a role, also one that permits more than the holder may',
    ],
  ],
  [
    { verbs: ['impersonate'], apiGroups: [''], resources: ['users', 'groups'] },
    [
      'kotohajime:rbac-power: cluster role own, rule 1 (impersonate users, groups) lets its holder act as somebody else',
    ],
  ],
  [
    { verbs: ['get', 'create'], apiGroups: [''], resources: ['configmaps'], resourceNames: ['settings'] },
    [
      'kotohajime:rbac-no-effect: cluster role own, rule 1 (get, create configmaps named settings) names objects, and create never has a name to compare: take resourceNames out of it',
    ],
  ],
  [
    { verbs: ['read'], apiGroups: [''], resources: ['configmaps'] },
    [
      'kotohajime:rbac-no-effect: cluster role own, rule 1 (read configmaps) has the verb read, which Kubernetes does not know',
    ],
  ],
  [
    { verbs: ['get'], apiGroups: [''], resources: ['pod'] },
    [
      "kotohajime:rbac-no-effect: cluster role own, rule 1 (get pod) has the resource pod, which none of its API groups ('') has in 1.35; the plural is pods",
    ],
  ],
  [
    { verbs: ['get'], apiGroups: [''], resources: ['deployments'] },
    [
      "kotohajime:rbac-no-effect: cluster role own, rule 1 (get deployments) has the resource deployments, which none of its API groups ('') has in 1.35; deployments is in apps",
    ],
  ],
  [
    { verbs: ['get'], apiGroups: ['apps'], resources: ['pods'] },
    [
      "kotohajime:rbac-no-effect: cluster role own, rule 1 (get pods of apps) has the resource pods, which none of its API groups (apps) has in 1.35; pods is in the core group ''",
    ],
  ],
  [
    { verbs: ['get'], apiGroups: [''], resources: ['pods/logs'] },
    [
      'kotohajime:rbac-no-effect: cluster role own, rule 1 (get pods/logs) has the subresource pods/logs, which does not exist in 1.35',
    ],
  ],
  [
    { verbs: ['get'], apiGroups: [''], resources: ['pods/*'] },
    [
      'kotohajime:rbac-no-effect: cluster role own, rule 1 (get pods/*) has the subresource pods/*, which does not exist in 1.35',
    ],
  ],
  [{ verbs: ['get'], apiGroups: ['any.example.com'], resources: ['anything'] }, []],
  [{ verbs: ['get'], apiGroups: [''], resources: ['*/status'] }, []],
  [{ verbs: ['update'], apiGroups: ['apps'], resources: ['deployments/finalizers'] }, []],
  [{ verbs: ['create'], apiGroups: [''], resources: ['endpoints/restricted'] }, []],
])('rule %j', (rule, expected) => {
  expect(warned(withRule(rule))).toEqual(expected);
});

describe('with what is under k8s/', () => {
  const grants = { ...prod.access.grants, ci: { principal: role('Ci'), groups: ['deployers'] } };
  const binding = {
    metadata: { name: 'deploying' },
    roleRef: { kind: 'ClusterRole', name: 'edit' },
    subjects: [{ kind: 'Group', name: 'deployers' }],
  } as const;

  test('a group that is bound there is no group without binding', () => {
    expect(warned({ grants }, { ...NO_OBJECTS, clusterRoleBindings: [binding] })).toEqual([]);
    expect(warned({ grants }, NO_OBJECTS)).toEqual([
      'kotohajime:access-group-without-binding: grant ci has the group deployers, which nothing binds: it permits nothing; bind it in `access.rbac.bindings` or under k8s/',
    ]);
    expect(warned({ grants })).toEqual([]);
  });

  test('a binding for a group that nobody has', () => {
    expect(warned({}, { ...NO_OBJECTS, clusterRoleBindings: [binding] })).toEqual([
      'kotohajime:access-group-without-members: cluster role binding deploying is for the group deployers, which no grant has: it gives nobody anything',
    ]);
  });

  test('a binding for a grant that is gone, and for one that comes in by aws-auth', () => {
    const left = (name: string): RbacObjects => ({
      ...NO_OBJECTS,
      clusterRoleBindings: [{ ...binding, subjects: [{ kind: 'Group', name }] }],
    });
    expect(warned({}, left('kotohajime:gone'))).toEqual([
      'kotohajime:access-group-without-members: cluster role binding deploying is for the group kotohajime:gone, which no grant has: it gives nobody anything',
    ]);
    const inAwsAuth = { principal: role('Ci'), can: 'view', renderAs: 'aws-auth' } as const;
    const access = {
      authenticationMode: 'API_AND_CONFIG_MAP',
      grants: { ...prod.access.grants, ci: inAwsAuth },
    } as const;
    expect(warned(access, left('kotohajime:ci'))).toEqual([]);
  });

  test('a binding to a role that nobody makes', () => {
    const dangling = {
      ...binding,
      metadata: { name: 'x', namespace: 'shop' },
      roleRef: { kind: 'Role', name: 'own' },
    } as const;
    expect(warned({ grants }, { ...NO_OBJECTS, roleBindings: [dangling] })).toEqual([
      'kotohajime:rbac-role-missing: role binding shop/x gives Role own, which is neither here nor made by Kubernetes 1.35',
    ]);
  });

  test('roles there are looked at as those of the config', () => {
    const wild = {
      metadata: { name: 'own', namespace: 'shop' },
      rules: [{ verbs: ['*'], apiGroups: [''], resources: ['pods'] }],
    };
    expect(warned({}, { ...NO_OBJECTS, roles: [wild] })).toEqual([
      'kotohajime:rbac-wildcard: role shop/own, rule 1 (* pods) permits every verb, also those that come with the next version or controller',
    ]);
  });
});
