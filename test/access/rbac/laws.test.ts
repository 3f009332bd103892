import fc from 'fast-check';
import type { Identity } from '../../../lib/access/access';
import { authorize, authorizer, type AccessRequest } from '../../../lib/access/rbac/authorize';
import { impersonate } from '../../../lib/access/rbac/impersonate';
import { mayGrant } from '../../../lib/access/rbac/may-grant';
import { compactRules, covers } from '../../../lib/access/rbac/policy-cover';
import type { ClusterRole, PolicyRule, RbacObjects, RoleBinding, Subject } from '../../../lib/access/rbac/rbac-objects';
import { reasonAllows } from '../../../lib/access/rbac/reason';
import { ruleAllows } from '../../../lib/access/rbac/rule-match';
import { whoMay } from '../../../lib/access/rbac/who-may';

const some = <T>(...values: T[]): fc.Arbitrary<T[]> => fc.subarray(values, { minLength: 1 });
const namespaces = fc.constantFrom('n1', 'n2', 'n3');
const rules: fc.Arbitrary<PolicyRule> = fc.oneof(
  fc.record({
    verbs: some('get', 'list', 'create', '*', 'escalate', 'bind'),
    apiGroups: some('', 'apps', '*'),
    resources: some('pods', 'pods/log', '*/log', 'nodes', '*', 'pods/*'),
    resourceNames: fc.oneof(fc.constant(undefined), fc.subarray(['a', 'b', ''])),
  }),
  fc.record({ verbs: some('get', '*'), nonResourceURLs: some('/a', '/a/*', '*', '/a/b*', '/**') }),
);
const ruleLists = fc.array(rules, { maxLength: 3 });
const subject: fc.Arbitrary<Subject> = fc.oneof(
  fc.record({ kind: fc.constant('User' as const), name: fc.constantFrom('u1', 'u2') }),
  fc.record({ kind: fc.constant('Group' as const), name: fc.constantFrom('g1', 'g2') }),
  fc.record({
    kind: fc.constant('ServiceAccount' as const),
    name: fc.constant('s'),
    namespace: fc.option(namespaces, { nil: undefined }),
  }),
);
const subjectLists = fc.array(subject, { maxLength: 3 });
const roleNames = fc.constantFrom('r1', 'r2', 'r3', 'gone');
const labels = fc.dictionary(fc.constantFrom('x', 'y'), fc.constantFrom('1', '2'));
const clusterRoles: fc.Arbitrary<ClusterRole[]> = fc.uniqueArray(
  fc.record({
    metadata: fc.record({ name: fc.constantFrom('r1', 'r2', 'r3', 'r4'), labels }),
    rules: ruleLists,
    aggregationRule: fc.option(
      fc.record({ clusterRoleSelectors: fc.array(fc.record({ matchLabels: labels }), { maxLength: 2 }) }),
      { nil: undefined, freq: 2 },
    ),
  }),
  { selector: ({ metadata }) => metadata.name, maxLength: 4 },
);
const clusterBindings: fc.Arbitrary<RoleBinding> = fc.record({
  metadata: fc.record({ name: fc.constantFrom('b1', 'b2') }),
  roleRef: fc.record({ kind: fc.constantFrom('Role' as const, 'ClusterRole' as const), name: roleNames }),
  subjects: subjectLists,
});
const localBindings: fc.Arbitrary<RoleBinding> = fc
  .tuple(clusterBindings, namespaces)
  .map(([binding, namespace]) => ({ ...binding, metadata: { ...binding.metadata, namespace } }));
const clusters: fc.Arbitrary<RbacObjects> = fc.record({
  clusterRoles,
  roles: fc.uniqueArray(
    fc.record({ metadata: fc.record({ name: fc.constantFrom('r1', 'r2'), namespace: namespaces }), rules: ruleLists }),
    { selector: ({ metadata }) => `${metadata.namespace}/${metadata.name}`, maxLength: 4 },
  ),
  clusterRoleBindings: fc.array(clusterBindings, { maxLength: 4 }),
  roleBindings: fc.array(localBindings, { maxLength: 6 }),
});
const identities: fc.Arbitrary<Identity> = fc.record({
  username: fc.constantFrom('u1', 'u2', 'system:serviceaccount:n1:s', 'nobody'),
  groups: fc.subarray(['g1', 'g2', 'system:authenticated']),
});
const withPolicies: fc.Arbitrary<Identity> = fc.record({
  username: fc.constantFrom('u1', 'nobody'),
  groups: fc.subarray(['g1', 'system:masters']),
  policies: fc.array(
    fc.record({
      policy: fc.constantFrom('AmazonEKSViewPolicy', 'AmazonEKSClusterAdminPolicy', 'AmazonEKSAutoNodePolicy'),
      namespaces: fc.option(fc.subarray(['n1', 'n*', '*']), { nil: undefined }),
    }),
    { maxLength: 2 },
  ),
});
const requests: fc.Arbitrary<AccessRequest> = fc.oneof(
  fc.record({
    verb: fc.constantFrom('get', 'list', 'create', 'escalate'),
    apiGroup: fc.constantFrom('', 'apps', 'rbac.authorization.k8s.io'),
    resource: fc.constantFrom('pods', 'nodes', 'roles'),
    subresource: fc.constantFrom(undefined, undefined, 'log', 'exec'),
    name: fc.constantFrom(undefined, 'a', 'c'),
    namespace: fc.constantFrom(undefined, 'n1', 'n2', 'elsewhere'),
  }),
  fc.record({ verb: fc.constantFrom('get', 'post'), path: fc.constantFrom('/', '/a', '/a/b', '/a/bc', '/b') }),
);

/** RBAC once more, as plainly as the reference tells it: no index, no order, no reason. */
function plainly({ username, groups }: Identity, request: AccessRequest, objects: RbacObjects): boolean {
  const namespace = 'path' in request ? '' : (request.namespace ?? '');
  const rulesOf = ({ roleRef, metadata }: RoleBinding, home?: string): readonly PolicyRule[] => {
    if (roleRef.kind === 'ClusterRole') return gathered(roleRef.name, objects.clusterRoles);
    const role = objects.roles.find((each) => each.metadata.name === roleRef.name && each.metadata.namespace === home);
    return home === metadata.namespace ? (role?.rules ?? []) : [];
  };
  const names = ({ subjects }: RoleBinding, home?: string): boolean =>
    (subjects ?? []).some(({ kind, name, namespace: own = home }) => {
      if (kind === 'User') return name === username;
      if (kind === 'Group') return groups.includes(name);
      return own !== undefined && username === `system:serviceaccount:${own}:${name}`;
    });
  return [
    ...objects.clusterRoleBindings
      .filter((binding) => names(binding))
      .flatMap((binding) => rulesOf(binding, undefined)),
    ...objects.roleBindings
      .filter(({ metadata }) => namespace !== '' && metadata.namespace === namespace)
      .filter((binding) => names(binding, namespace))
      .flatMap((binding) => rulesOf(binding, namespace)),
  ].some((rule) => ruleAllows(rule, request));
}

/** Aggregation as the controller does it, again and again until nothing changes; it starts with what is not aggregated. */
function gathered(name: string, roles: readonly ClusterRole[]): readonly PolicyRule[] {
  let now = new Map(roles.map((role) => [role.metadata.name, role.aggregationRule ? [] : [...(role.rules ?? [])]]));
  for (let changed = true; changed;) {
    const next = new Map(
      roles.map(({ metadata, aggregationRule }) => {
        const selected = roles.filter(
          (other) =>
            other.metadata.name !== metadata.name &&
            aggregationRule?.clusterRoleSelectors?.some(({ matchLabels = {} }) =>
              Object.entries(matchLabels).every(([key, value]) => other.metadata.labels?.[key] === value),
            ),
        );
        const before = now.get(metadata.name) ?? [];
        return [
          metadata.name,
          aggregationRule ? selected.flatMap((other) => now.get(other.metadata.name) ?? []) : before,
        ];
      }),
    );
    const unique = new Map([...next].map(([key, list]) => [key, [...new Set(list)]]));
    changed = [...unique].some(([key, list]) => list.length !== now.get(key)?.length);
    now = unique;
  }
  return now.get(name) ?? [];
}

const law = <T>(property: fc.IProperty<T>): void => fc.assert(property, { numRuns: 400 });

test('RBAC decides as it does when told plainly', () => {
  law(
    fc.property(clusters, identities, requests, (objects, identity, request) => {
      expect(authorize(identity, request, objects).allowed).toBe(plainly(identity, request, objects));
    }),
  );
});

test('what an identity holds as a whole answers each request as asking does', () => {
  const either = fc.oneof(identities, withPolicies);
  law(
    fc.property(clusters, either, requests, namespaces, (objects, identity, request, elsewhere) => {
      const asked = authorizer(objects);
      const { allowed, by } = asked.authorize(identity, request);
      const namespace = 'path' in request ? undefined : request.namespace;
      expect(asked.rulesFor(identity, namespace).rules.some((rule) => reasonAllows(rule, request))).toBe(allowed);
      expect(by.every((reason) => reasonAllows(reason, request))).toBe(true);
      // a rule of another namespace is not taken for one of the request's
      const others = asked.rulesFor(identity, elsewhere).rules;
      expect(others.some((rule) => reasonAllows(rule, request)) && !allowed).toBe(false);
      expect(asked.authorize(identity, request)).toEqual(authorizer(objects).authorize(identity, request));
      expect(asked.rulesFor(identity, elsewhere)).toEqual(authorizer(objects).rulesFor(identity, elsewhere));
    }),
  );
});

test('one more binding takes no right away', () => {
  law(
    fc.property(clusters, clusterBindings, localBindings, identities, requests, (objects, one, other, ...asked) => {
      const more = {
        ...objects,
        clusterRoleBindings: [one, ...objects.clusterRoleBindings],
        roleBindings: [...objects.roleBindings, other],
      };
      const [before, after] = [objects, more].map((each) => authorize(...asked, each).by.length);
      expect(after).toBeGreaterThanOrEqual(before ?? 0);
    }),
  );
});

test('the order of the objects does not matter', () => {
  const told = (values: readonly unknown[]): string[] => values.map((each) => JSON.stringify(each)).sort();
  law(
    fc.property(clusters, identities, requests, (objects, identity, request) => {
      const turned: RbacObjects = {
        roles: [...objects.roles].reverse(),
        clusterRoles: [...objects.clusterRoles].reverse(),
        roleBindings: [...objects.roleBindings].reverse(),
        clusterRoleBindings: [...objects.clusterRoleBindings].reverse(),
      };
      const [one, other] = [objects, turned].map((each) => authorize(identity, request, each));
      expect(told(one?.by ?? [])).toEqual(told(other?.by ?? []));
      expect(told(one?.errors ?? [])).toEqual(told(other?.errors ?? []));
    }),
  );
});

test('aggregating what is aggregated changes nothing', () => {
  law(
    fc.property(clusterRoles, (roles) => {
      const rulesIn = (all: readonly ClusterRole[], name: string): (PolicyRule | undefined)[] => {
        const clusterRoleBindings: RoleBinding[] = [
          { metadata: { name: 'b' }, roleRef: { kind: 'ClusterRole', name }, subjects: [{ kind: 'User', name: 'u' }] },
        ];
        const asked = authorizer({ roles: [], clusterRoles: all, roleBindings: [], clusterRoleBindings });
        const held = asked.rulesFor({ username: 'u', groups: [] }).rules;
        return held.map((reason) => ('rule' in reason ? reason.rule : undefined));
      };
      const names = roles.map(({ metadata }) => metadata.name);
      const done = roles.map((role) => ({
        ...role,
        rules: rulesIn(roles, role.metadata.name).flatMap((rule) => rule ?? []),
      }));
      const plain = done.map(({ metadata, rules: own }) => ({ metadata, rules: own }));
      for (const name of names) {
        expect(rulesIn(done, name)).toEqual(rulesIn(roles, name));
        expect(rulesIn(plain, name)).toEqual(rulesIn(roles, name));
      }
    }),
  );
});

test('whoever is said to be allowed something is, and nobody else', () => {
  const roleOf = ({ kind, name, namespace = '' }: Subject): Identity => {
    if (kind === 'Group') return { username: '', groups: [name] };
    return { username: kind === 'User' ? name : `system:serviceaccount:${namespace}:${name}`, groups: [] };
  };
  law(
    fc.property(clusters, requests, identities, (objects, request, identity) => {
      const { subjects } = whoMay(request, objects);
      for (const { subject: each, reason } of subjects) {
        expect(authorize(roleOf(each), request, objects).by).toContainEqual(
          // as one of several subjects that are the same
          reason.source === 'superuser'
            ? reason
            : expect.objectContaining({ name: reason.source && 'name' in reason ? reason.name : '' }),
        );
      }
      const named = subjects.map(({ subject: each }) => roleOf(each));
      const among = named.some(
        ({ username, groups }) => username === identity.username || identity.groups.includes(groups[0] ?? '-'),
      );
      expect(among).toBe(authorize(identity, request, objects).allowed);
    }),
  );
});

test('where an identity has no rights of its own it has the same everywhere', () => {
  law(
    fc.property(clusters, fc.oneof(identities, withPolicies), requests, (objects, identity, request) => {
      if ('path' in request) return;
      const asked = authorizer(objects);
      const own = asked.namespacesOf(identity);
      const patterns = (identity.policies ?? []).flatMap((policy) => policy.namespaces ?? []);
      if (patterns.some((pattern) => pattern.includes('*'))) return;
      const answers = ['n1', 'n2', 'n3', 'x', 'y']
        .filter((namespace) => !own.includes(namespace))
        .map((namespace) => asked.authorize(identity, { ...request, namespace }).allowed);
      expect(new Set(answers).size).toBeLessThanOrEqual(1);
    }),
  );
});

test('rules cover themselves, and what they cover they allow', () => {
  law(
    fc.property(ruleLists, ruleLists, requests, (owner, servant, request) => {
      expect(covers(owner, owner)).toMatchObject({ covered: true, missing: [] });
      const allows = (list: readonly PolicyRule[]): boolean => list.some((rule) => ruleAllows(rule, request));
      const { covered, missing, by } = covers(owner, servant);
      if (allows(servant) && !allows(missing)) expect(allows(owner)).toBe(true);
      if (covered && allows(servant)) expect(allows([...by])).toBe(true);
      // what is missing is just what has to be added
      expect(covers([...owner, ...missing], servant).covered).toBe(true);
      expect(covers([...owner, ...compactRules(missing)], servant).covered).toBe(true);
    }),
  );
});

test('covering is transitive', () => {
  const wide = fc.array(rules, { minLength: 1, maxLength: 4 });
  law(
    fc.property(wide, wide, wide, (one, two, three) => {
      const both = covers(one, two).covered && covers(two, three).covered;
      if (both) expect(covers(one, three).covered).toBe(true);
      // the sum of two covers each of them, however rarely two random lists cover one another
      expect(covers([...one, ...two], two).covered).toBe(true);
    }),
  );
});

test('nobody gets more by a grant than the one who made it has, but for escalate and bind', () => {
  const plain = requests.filter(({ verb }) => verb !== 'escalate');
  law(
    fc.property(clusters, identities, namespaces, ruleLists, plain, (objects, giver, namespace, given, request) => {
      const role = { kind: 'Role' as const, metadata: { name: 'new', namespace }, rules: given };
      const { allowed, by, missing } = mayGrant(giver, role, objects);
      expect(missing.length > 0).toBe(!allowed);
      const byVerb = by.some((reason) => 'rule' in reason && ruleAllows(reason.rule, ESCALATE));
      if (!allowed || byVerb || 'path' in request) return;
      const asked = { ...request, namespace };
      if (given.some((rule) => ruleAllows(rule, asked))) {
        expect(authorize(giver, asked, objects).allowed).toBe(true);
      }
    }),
  );
});

const ESCALATE: AccessRequest = { verb: 'escalate', apiGroup: 'rbac.authorization.k8s.io', resource: 'roles' };

test('nothing is thrown, whatever the data are', () => {
  const keys = ['metadata', 'name', 'namespace', 'labels', 'rules', 'verbs', 'apiGroups', 'resources', 'resourceNames'];
  const more = [
    'nonResourceURLs',
    'roleRef',
    'kind',
    'subjects',
    'aggregationRule',
    'clusterRoleSelectors',
    'policies',
  ];
  const last = ['matchLabels', 'matchExpressions', 'key', 'operator', 'values', 'username', 'groups', 'policy', 'path'];
  const word = fc.constantFrom('Role', 'ClusterRole', 'User', 'Group', 'ServiceAccount', 'In', 'Exists', '*', 'a', '');
  const anything = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'medium' },
      fc.anything(),
      word,
      fc.constantFrom(null, undefined),
      tie('list'),
      tie('object'),
    ),
    list: fc.array(tie('value'), { maxLength: 3 }),
    object: fc.dictionary(fc.constantFrom(...keys, ...more, ...last, 'verb', 'resource'), tie('value'), { maxKeys: 6 }),
  }));
  const rot = fc.oneof(anything.value, anything.object);
  const lists = fc.oneof(anything.value, fc.array(rot, { maxLength: 3 }));
  const broken = fc.oneof(
    rot,
    fc.record({ roles: lists, clusterRoles: lists, roleBindings: lists, clusterRoleBindings: lists }),
    clusters.chain((objects) =>
      fc.record({
        ...Object.fromEntries(Object.entries(objects).map(([key, list]) => [key, fc.constant([...list, null, {}])])),
        clusterRoles: fc.array(
          fc.oneof(rot, fc.record({ metadata: fc.constant({ name: 'r1' }), rules: rot, aggregationRule: rot })),
        ),
      }),
    ),
  ) as fc.Arbitrary<RbacObjects>;
  const people = fc.oneof(
    rot,
    identities,
    fc.record({ username: rot, groups: lists, policies: lists }),
  ) as fc.Arbitrary<Identity>;
  law(
    fc.property(broken, people, fc.oneof(rot, requests), rot, (objects, identity, request, thing) => {
      const asked = authorizer(objects);
      asked.authorize(identity, request as AccessRequest);
      asked.rulesFor(identity, 'n1');
      asked.rulesFor(identity, thing as string);
      asked.namespacesOf(identity);
      whoMay(request as AccessRequest, objects);
      impersonate(identity, thing as never, objects);
      const { allowed } = mayGrant(identity, thing as never, objects);
      expect(typeof allowed).toBe('boolean');
      expect(
        authorize(identity, request as AccessRequest, objects).errors.every((line) => typeof line === 'string'),
      ).toBe(true);
    }),
  );
});
