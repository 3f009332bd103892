import fc from 'fast-check';
import type { AccessGrant, AccessSettings, Permission } from '../../lib/access/access-grant';
import { CLUSTER_ROLES } from '../../lib/access/grant-bindings';
import { policyDifference } from '../../lib/access/policy-differences';
import { clusterRoleRules } from '../../lib/access/rbac/aggregation';
import type { AccessRequest } from '../../lib/access/rbac/authorize';
import { defaultRoles } from '../../lib/access/rbac/default-roles';
import { atoms } from '../../lib/access/rbac/policy-cover';
import { ruleAllows } from '../../lib/access/rbac/rule-match';
import { callerArnOf, simulator, type Simulator } from '../../lib/access/simulator';
import { problems } from '../../lib/problems';
import { platforms } from '../../config';
import type { PlatformConfig } from '../../lib/platform-config';

const MINOR = '1.35';
const NAMESPACES = ['shop', 'till', 'shop-staging', 'other'];

const base = platforms.prod as PlatformConfig;

function platform(access: AccessSettings): PlatformConfig {
  return { ...base, access };
}

const administrator: AccessGrant = { principal: arn('BreakGlass'), can: 'cluster-admin' };

function arn(name: string): string {
  return `arn:aws:iam::444455556666:role/${name}`;
}

const permission = fc.constantFrom<Permission>('cluster-admin', 'admin', 'edit', 'view', 'read-all');

/** The terms of a grant that may be written either way. */
const terms = fc
  .record({
    can: fc.option(permission, { nil: undefined }),
    namespaces: fc.option(fc.uniqueArray(fc.constantFrom(...NAMESPACES), { minLength: 1 }), { nil: undefined }),
    groups: fc.uniqueArray(fc.constantFrom('deployers', 'readers'), { maxLength: 2 }),
    via: fc.constantFrom<AccessGrant['via']>('policy', 'groups', undefined),
  })
  .map(({ can, namespaces, groups, via }): AccessGrant => {
    if (can === undefined) return { groups: groups.length === 0 ? ['readers'] : groups };
    return { can, groups, via, ...(can === 'cluster-admin' ? {} : { namespaces }) };
  });

/** Everything a role permits, as requests, and some that nobody but an administrator has. */
const asked: readonly AccessRequest[] = (() => {
  const { clusterRoles } = defaultRoles(MINOR);
  const rules = clusterRoleRules(new Map(clusterRoles.map((role) => [role.metadata.name, role])))('admin').rules;
  const requests = rules
    .flatMap(({ rule }) => atoms(rule))
    .map(({ verbs: [verb = ''], apiGroups, resources }) => {
      const [resource = '', subresource] = (resources?.[0] ?? '').split('/');
      return { verb, apiGroup: apiGroups?.[0] ?? '', resource, ...(subresource === undefined ? {} : { subresource }) };
    });
  return [
    ...requests,
    { verb: 'create', apiGroup: 'any.example.com', resource: 'anything' },
    { verb: 'get', apiGroup: '', resource: 'nodes' },
    { verb: 'list', apiGroup: '', resource: 'secrets' },
    { verb: 'get', path: '/metrics' },
  ];
})();

const request = fc
  .tuple(fc.constantFrom(...asked), fc.constantFrom(undefined, ...NAMESPACES, 'nobody-knows'))
  .map(([each, namespace]): AccessRequest =>
    'path' in each || namespace === undefined ? each : { ...each, namespace },
  );

const bindings = {
  bindings: {
    deploying: { clusterRole: 'edit', namespaces: ['shop'], groups: ['deployers'] },
    reading: { clusterRole: 'view', groups: ['readers'] },
  },
};

function may(access: Simulator, principal: string, asks: AccessRequest): boolean {
  const identity = access.identityOf(callerArnOf({ principal }));
  return identity.mapped && access.authorizer.authorize(identity, asks).allowed;
}

test('both renderings of a grant give the same rights, but for the differences that are told', () => {
  fc.assert(
    fc.property(terms, fc.array(request, { minLength: 30, maxLength: 30 }), (grant, requests) => {
      const written = (renderAs: AccessGrant['renderAs']): Simulator => {
        const grants = { administrator, x: { ...grant, principal: arn('X'), renderAs } };
        const config = platform({ authenticationMode: 'API_AND_CONFIG_MAP', rbac: bindings, grants });
        expect(problems(config)).toEqual([]);
        return simulator(config);
      };
      const [asEntry, inMap] = [written('access-entries'), written('aws-auth')];
      const told = grant.can === undefined || grant.via === 'groups' ? undefined : policyDifference(grant.can, MINOR);
      for (const each of requests) {
        const [entry, map] = [may(asEntry, arn('X'), each), may(inMap, arn('X'), each)];
        if (entry === map) continue;
        const listed = (entry ? told?.more : told?.missing) ?? [];
        expect(listed.some((rule) => ruleAllows(rule, each))).toBe(true);
      }
    }),
    { numRuns: 60 },
  );
});

test('for somebody who has none yet, a grant never takes a right away', () => {
  fc.assert(
    fc.property(
      fc.array(terms, { maxLength: 4 }),
      terms,
      fc.constantFrom<AccessGrant['renderAs']>('access-entries', 'aws-auth', 'both'),
      fc.array(request, { minLength: 15, maxLength: 15 }),
      (others, added, renderAs, requests) => {
        const grants: Record<string, AccessGrant> = { administrator };
        for (const [index, grant] of others.entries()) grants[`g${index}`] = { ...grant, principal: arn(`G${index}`) };
        const before = simulator(platform({ authenticationMode: 'API_AND_CONFIG_MAP', rbac: bindings, grants }));
        const more = { ...grants, added: { ...added, principal: arn('Added'), renderAs } };
        const after = simulator(platform({ authenticationMode: 'API_AND_CONFIG_MAP', rbac: bindings, grants: more }));
        for (const name of ['Added', ...others.map((_, index) => `G${index}`)])
          for (const each of requests) expect(may(after, arn(name), each) || !may(before, arn(name), each)).toBe(true);
      },
    ),
    { numRuns: 40 },
  );
});

test('the order of grants does not matter', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(terms, fc.constantFrom<AccessGrant['renderAs']>('access-entries', 'aws-auth', 'both')), {
        minLength: 2,
        maxLength: 5,
      }),
      fc.array(request, { minLength: 15, maxLength: 15 }),
      (all, requests) => {
        const named = all.map(([grant, renderAs], index): [string, AccessGrant] => [
          `g${index}`,
          { ...grant, renderAs, principal: arn(`G${index}`) },
        ]);
        const inOrder = (entries: readonly [string, AccessGrant][]): Simulator =>
          simulator(
            platform({
              authenticationMode: 'API_AND_CONFIG_MAP',
              rbac: bindings,
              grants: Object.fromEntries([['administrator', administrator], ...entries]),
            }),
          );
        const [one, other] = [inOrder(named), inOrder([...named].reverse())];
        for (const [, { principal = '' }] of named)
          for (const each of requests) expect(may(one, principal, each)).toBe(may(other, principal, each));
      },
    ),
    { numRuns: 40 },
  );
});

test.each<[Permission, string[]]>([
  ['cluster-admin', []],
  [
    'admin',
    [
      'pods/eviction',
      'serviceaccounts/token',
      'events',
      'leases',
      'resourceclaims',
      'resourceclaimtemplates',
      'resourceclaims/status',
    ],
  ],
  [
    'edit',
    [
      'pods/eviction',
      'serviceaccounts/token',
      'events',
      'leases',
      'resourceclaims',
      'resourceclaimtemplates',
      'resourceclaims/status',
    ],
  ],
  ['view', ['events', 'resourceclaims', 'resourceclaims/status', 'resourceclaimtemplates']],
  ['read-all', []],
])('what the policy for %s lacks beside the role', (can, resources) => {
  const { missing, more } = policyDifference(can, MINOR);
  expect(missing.flatMap((rule) => rule.resources ?? [])).toEqual(resources);
  expect(more).toEqual([]);
});

test('every permission has a role that Kubernetes makes, or one of ours', () => {
  const known = defaultRoles(MINOR).clusterRoles.map(({ metadata }) => metadata.name);
  expect(Object.values(CLUSTER_ROLES).filter((role) => !known.includes(role))).toEqual(['kotohajime:read-all']);
});
