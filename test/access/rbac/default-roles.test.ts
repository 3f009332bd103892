import fs from 'node:fs';
import { join } from 'node:path';
import { dataMinor, defaultRoles } from '../../../lib/access/rbac/default-roles';
import type { ClusterRole, PolicyRule } from '../../../lib/access/rbac/rbac-objects';
import { compareMinors, KUBERNETES_VERSIONS, knownMinors } from '../../../lib/cluster/kubernetes-versions';

const MINORS = Object.keys(KUBERNETES_VERSIONS);
const { oldest, newest } = knownMinors();

const role = (minor: string, name: string): ClusterRole => {
  const found = defaultRoles(minor).clusterRoles.find(({ metadata }) => metadata.name === name);
  if (found === undefined) throw new Error(`no cluster role ${name} in ${minor}`);
  return found;
};

/** The rules of a role with those of the roles it is aggregated of. */
function rulesOf(minor: string, name: string): readonly PolicyRule[] {
  const { rules, aggregationRule } = role(minor, name);
  if (!aggregationRule) return rules ?? [];
  const selectors = aggregationRule.clusterRoleSelectors ?? [];
  return defaultRoles(minor)
    .clusterRoles.filter(({ metadata: { labels = {} } }) =>
      selectors.some(({ matchLabels = {} }) =>
        Object.entries(matchLabels).every(([key, value]) => labels[key] === value),
      ),
    )
    .flatMap(({ metadata }) => rulesOf(minor, metadata.name));
}

/** Whether a role names a resource with a verb. */
function permits(minor: string, name: string, verb: string, resource: string, group = ''): boolean {
  return rulesOf(minor, name).some(
    (rule) =>
      rule.verbs.includes(verb) &&
      (rule.apiGroups ?? []).includes(group) &&
      (rule.resources ?? []).includes(resource) &&
      rule.resourceNames === undefined,
  );
}

test('there is data of every supported minor and of no other, and it says of which version', () => {
  const folder = join(__dirname, '..', '..', '..', 'lib', 'access', 'rbac', 'default-roles');
  expect(fs.readdirSync(folder).sort()).toEqual(MINORS.map((minor) => `${minor}.json`).sort());
  for (const minor of MINORS) {
    const { source } = JSON.parse(fs.readFileSync(join(folder, `${minor}.json`), 'utf8')) as { source: string };
    const start = `k8s.io/kubernetes v${minor}.`;
    expect(source.slice(0, start.length)).toBe(start);
  }
});

test.each([
  [newest, newest],
  [oldest, oldest],
  ['1.99', newest],
  ['2.0', newest],
  ['1.30', oldest],
  ['1.9', oldest],
])('for %s the data of %s stands', (minor, known) => {
  expect(dataMinor(minor)).toBe(known);
  expect(defaultRoles(minor)).toBe(defaultRoles(known));
});

test('only the file of the minor that is asked for is read, and once', () => {
  const read = jest.spyOn(fs, 'readFileSync');
  jest.isolateModules(() => {
    const file = '../../../lib/access/rbac/default-roles';
    const fresh = jest.requireActual<{ defaultRoles: typeof defaultRoles }>(file);
    fresh.defaultRoles(newest);
    fresh.defaultRoles(newest);
  });
  const files = read.mock.calls.map(([file]) => String(file)).filter((file) => /default-roles.[\d.]+json$/.test(file));
  read.mockRestore();
  expect(files).toEqual([expect.stringMatching(new RegExp(`${newest}.json$`))]);
});

describe.each(MINORS)('Kubernetes %s', (minor) => {
  const { clusterRoles, clusterRoleBindings, roles, roleBindings } = defaultRoles(minor);

  test('every object has a name of its own, and those of namespaces a namespace', () => {
    for (const list of [clusterRoles, clusterRoleBindings, roles, roleBindings]) {
      const keys = list.map(({ metadata: { namespace, name } }) => [namespace ?? '', name].join('/'));
      expect(keys).toEqual([...new Set(keys)].sort());
    }
    for (const { metadata } of [...clusterRoles, ...clusterRoleBindings]) expect(metadata.namespace).toBeUndefined();
    const namespaces = [...roles, ...roleBindings].map(({ metadata }) => metadata.namespace);
    expect([...new Set(namespaces)].sort()).toEqual(['kube-public', 'kube-system']);
  });

  test('every binding leads to a role there is', () => {
    const there = new Set([
      ...clusterRoles.map(({ metadata }) => metadata.name),
      ...roles.map(({ metadata: { namespace, name } }) => `${namespace ?? ''}/${name}`),
    ]);
    for (const { metadata, roleRef } of [...clusterRoleBindings, ...roleBindings])
      expect(there).toContain(roleRef.kind === 'Role' ? `${metadata.namespace ?? ''}/${roleRef.name}` : roleRef.name);
  });

  test('view is part of edit and edit of admin', () => {
    const label = (name: string): string => `rbac.authorization.k8s.io/aggregate-to-${name}`;
    for (const name of ['admin', 'edit', 'view']) {
      const { rules, aggregationRule } = role(minor, name);
      expect(rules).toBeUndefined();
      expect(aggregationRule).toEqual({ clusterRoleSelectors: [{ matchLabels: { [label(name)]: 'true' } }] });
    }
    expect(role(minor, 'edit').metadata.labels).toMatchObject({ [label('admin')]: 'true' });
    expect(role(minor, 'view').metadata.labels).toMatchObject({ [label('edit')]: 'true' });
    for (const name of ['admin', 'edit', 'view'])
      expect(role(minor, `system:aggregate-to-${name}`).metadata.labels).toMatchObject({ [label(name)]: 'true' });
  });

  test.each<[string, string, string, string]>([
    ['get', 'pods', '', 'view, edit, admin'],
    ['get', 'pods/log', '', 'view, edit, admin'],
    ['list', 'deployments', 'apps', 'view, edit, admin'],
    ['get', 'secrets', '', 'edit, admin'],
    ['create', 'pods/exec', '', 'edit, admin'],
    ['create', 'pods/eviction', '', 'edit, admin'],
    ['create', 'serviceaccounts/token', '', 'edit, admin'],
    ['impersonate', 'serviceaccounts', '', 'edit, admin'],
    ['update', 'leases', 'coordination.k8s.io', 'edit, admin'],
    ['create', 'rolebindings', 'rbac.authorization.k8s.io', 'admin'],
    ['create', 'localsubjectaccessreviews', 'authorization.k8s.io', 'admin'],
    ['update', 'resourcequotas', '', ''],
    ['create', 'namespaces', '', ''],
    ['get', 'nodes', '', ''],
  ])('who may %s %s (%s): %s', (verb, resource, group, expected) => {
    const having = ['view', 'edit', 'admin'].filter((name) => permits(minor, name, verb, resource, group));
    expect(having.join(', ')).toBe(expected);
  });

  test.each([
    ['cluster-admin', ['Group system:masters']],
    ['system:basic-user', ['Group system:authenticated']],
    ['system:discovery', ['Group system:authenticated']],
    ['system:public-info-viewer', ['Group system:authenticated', 'Group system:unauthenticated']],
    ['system:kube-scheduler', ['User system:kube-scheduler']],
    ['system:node', []],
    ['system:controller:job-controller', ['ServiceAccount kube-system/job-controller']],
  ])('%s is bound to %j', (name, subjects) => {
    const binding = clusterRoleBindings.find(({ metadata }) => metadata.name === name);
    expect(binding?.roleRef).toEqual({ apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name });
    const bound = (binding?.subjects ?? []).map(
      (subject) =>
        `${subject.kind} ${[subject.namespace, subject.name].filter((each) => each !== undefined).join('/')}`,
    );
    expect(bound).toEqual(subjects);
  });

  test('cluster-admin may do everything', () => {
    expect(role(minor, 'cluster-admin').rules).toEqual([
      { apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
      { nonResourceURLs: ['*'], verbs: ['*'] },
    ]);
  });
});

describe('what differs between minors', () => {
  test.each<[string, string, (minor: string) => boolean]>([
    ['1.32', 'watch', (minor) => permits(minor, 'system:controller:namespace-controller', 'watch', '*', '*')],
    ['1.33', 'nodes/healthz', (minor) => permits(minor, 'system:kubelet-api-admin', '*', 'nodes/healthz')],
    ['1.34', 'resourceclaims', (minor) => permits(minor, 'view', 'get', 'resourceclaims', 'resource.k8s.io')],
    ['1.34', 'nodes/metrics', (minor) => permits(minor, 'system:monitoring', 'get', 'nodes/metrics')],
    ['1.35', 'events.events.k8s.io', (minor) => permits(minor, 'view', 'list', 'events', 'events.k8s.io')],
  ])('since %s: %s', (since, _, holds) => {
    expect(MINORS.filter(holds)).toEqual(MINORS.filter((minor) => compareMinors(minor, since) >= 0));
  });

  test('alpha features are off', () => {
    const names = (minor: string): string[] => defaultRoles(minor).clusterRoles.map(({ metadata }) => metadata.name);
    for (const minor of MINORS) {
      expect(names(minor)).not.toContain('system:controller:storage-version-migrator-controller');
      expect(names(minor)).not.toContain('system:cluster-trust-bundle-discovery');
    }
  });
});
