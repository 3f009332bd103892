import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultRoles } from '../../../lib/access/rbac/default-roles';
import {
  apiResources,
  findResource,
  KNOWN_URL_VERBS,
  KNOWN_VERBS,
  type ApiResource,
} from '../../../lib/access/rbac/resources';
import { KUBERNETES_VERSIONS } from '../../../lib/cluster/kubernetes-versions';

const MINORS = Object.keys(KUBERNETES_VERSIONS);

const written = ({ resource, group }: ApiResource): string => [resource, group].filter((part) => part !== '').join('.');

const one = (minor: string, resource: string, group = ''): ApiResource | undefined =>
  apiResources(minor).find((each) => each.resource === resource && each.group === group);

/** A found resource as `<resource.group>[/<name>]`. */
function found(text: string, minor = '1.35'): string | undefined {
  const result = findResource(minor, text);
  if (!result.found) return undefined;
  return [written(result.resource), result.name].filter((part) => part !== undefined).join('/');
}

test('there is a table of every supported minor and of no other, and it says of which version', () => {
  const folder = join(__dirname, '..', '..', '..', 'lib', 'access', 'rbac', 'resources');
  expect(readdirSync(folder).sort()).toEqual(MINORS.map((minor) => `${minor}.json`).sort());
  for (const minor of MINORS) {
    const { source } = JSON.parse(readFileSync(join(folder, `${minor}.json`), 'utf8')) as { source: string };
    expect(source.startsWith(`k8s.io/kubernetes v${minor}.`)).toBe(true);
  }
});

describe.each(MINORS)('Kubernetes %s', (minor) => {
  const table = apiResources(minor);

  test('names every resource once', () => {
    const all = table.map(written);
    expect(all).toEqual([...new Set(all)]);
  });

  test('has the core group first and what only RBAC knows last', () => {
    expect(table[0]?.group).toBe('');
    const unlisted = ['users', 'groups', 'userextras', 'uids', 'signers'];
    expect(table.slice(-unlisted.length).map(({ resource }) => resource)).toEqual(unlisted);
    expect(table.filter(({ versions }) => versions.length === 0)).toHaveLength(unlisted.length);
  });

  test.each<[string, string, Partial<ApiResource>]>([
    [
      'pods',
      '',
      {
        kind: 'Pod',
        singular: 'pod',
        shortNames: ['po'],
        namespaced: true,
        verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
        subresources: expect.arrayContaining([
          'attach',
          'eviction',
          'exec',
          'log',
          'portforward',
          'status',
        ]) as string[],
        versions: ['v1'],
      },
    ],
    ['namespaces', '', { namespaced: false, shortNames: ['ns'] }],
    ['deployments', 'apps', { subresources: ['scale', 'status'], shortNames: ['deploy'] }],
    ['horizontalpodautoscalers', 'autoscaling', { versions: ['v2', 'v1'], shortNames: ['hpa'] }],
    ['tokenreviews', 'authentication.k8s.io', { verbs: ['create'], namespaced: false }],
    ['users', '', { verbs: ['impersonate'], kind: '', namespaced: false, singular: 'user' }],
    ['signers', 'certificates.k8s.io', { verbs: ['approve', 'attest', 'sign'] }],
  ])('%s (%s) is as the API has it', (resource, group, facts) => {
    expect(one(minor, resource, group)).toMatchObject(facts);
  });

  test.each([
    ['serviceaccounts', '', ['impersonate']],
    ['roles', 'rbac.authorization.k8s.io', ['bind', 'escalate']],
    ['clusterroles', 'rbac.authorization.k8s.io', ['bind', 'escalate']],
    ['rolebindings', 'rbac.authorization.k8s.io', []],
  ])('%s (%s) take %j besides the verbs of their API', (resource, group, verbs) => {
    expect(one(minor, resource, group)?.verbs.slice(8)).toEqual(verbs);
  });

  test('every verb is a known one', () => {
    expect(table.flatMap(({ verbs }) => verbs).filter((verb) => !KNOWN_VERBS.includes(verb))).toEqual([]);
  });

  test('every plural, singular, kind and short name leads to its resource', () => {
    for (const each of table) {
      const { resource, singular, kind, shortNames, group } = each;
      const names = [resource, singular, kind, ...shortNames].filter((name) => name !== '');
      for (const name of names) {
        expect(findResource(minor, `${name}.${group}`)).toMatchObject({
          resource: group === '' ? expect.objectContaining({ group: '' }) : each,
        });
        const [bare] = table.filter((other) => other.resource === resource); // the core group goes first
        expect(findResource(minor, name.toUpperCase())).toMatchObject({ resource: bare });
        for (const version of each.versions)
          expect(findResource(minor, `${name}.${version}.${group}`)).toMatchObject({ resource: each, custom: false });
      }
    }
  });

  test('the default roles name only what is in the table', () => {
    const { clusterRoles, roles } = defaultRoles(minor);
    const rules = [...clusterRoles, ...roles].flatMap((each) => each.rules ?? []);
    // gone from Kubernetes, served by an API server of its own, or everything
    const elsewhere = /^(extensions|.*metrics\.k8s\.io|\*)$/;
    const missing = rules.flatMap(({ apiGroups = [], resources = [] }) =>
      resources
        // wildcards; what only admission plugins ask; an endpoint that is gone
        .filter((name) => !name.includes('*') && !/\/(finalizers|restricted|rollback)$/.test(name))
        .filter((name) => {
          const [resource = '', subresource] = name.split('/');
          return !apiGroups.some((group) => {
            if (elsewhere.test(group)) return true;
            const row = one(minor, resource, group);
            return row !== undefined && (subresource === undefined || row.subresources.includes(subresource));
          });
        }),
    );
    expect(missing).toEqual([]);
  });
});

describe('what differs between minors', () => {
  test('the kubelet asks for more since 1.33', () => {
    const before = ['proxy', 'status', 'checkpoint', 'log', 'metrics', 'stats'];
    expect(one('1.32', 'nodes')?.subresources).toEqual(before);
    expect(one('1.33', 'nodes')?.subresources).toEqual([...before, 'configz', 'healthz', 'pods']);
  });

  test('claims on devices become stable, and what is not says its versions', () => {
    expect(one('1.32', 'resourceclaims', 'resource.k8s.io')?.versions).toEqual(['v1beta1', 'v1alpha3']);
    expect(one('1.34', 'resourceclaims', 'resource.k8s.io')?.versions[0]).toBe('v1');
    expect(one('1.34', 'servicecidrs', 'networking.k8s.io')?.versions).toEqual(['v1', 'v1beta1']);
  });

  test('pods can be resized since 1.32', () => {
    expect(one('1.31', 'pods')?.subresources).not.toContain('resize');
    expect(one('1.32', 'pods')?.subresources).toContain('resize');
  });

  test('a minor without data has the table that stands for it', () => {
    expect(apiResources('1.99')).toBe(apiResources('1.35'));
  });
});

describe('what a user writes', () => {
  test.each([
    ['pods', 'pods'],
    ['pod', 'pods'],
    ['po', 'pods'],
    ['Pod', 'pods'],
    ['PODS', 'pods'],
    ['StatefulSet', 'statefulsets.apps'],
    ['deployments.apps', 'deployments.apps'],
    ['deploy.apps', 'deployments.apps'],
    ['Deployment.apps', 'deployments.apps'],
    ['Deployment.v1.apps', 'deployments.apps'],
    ['hpa.v1.autoscaling', 'horizontalpodautoscalers.autoscaling'],
    ['roles.rbac.authorization.k8s.io', 'roles.rbac.authorization.k8s.io'],
    ['roles.v1.rbac.authorization.k8s.io', 'roles.rbac.authorization.k8s.io'],
    ['roles.rbac', 'roles.rbac.authorization.k8s.io'],
    ['netpol.networking', 'networkpolicies.networking.k8s.io'],
    ['pods.', 'pods'],
    ['pods.v1.', 'pods'],
    ['pods/', 'pods'],
    ['pods/Web', 'pods/Web'],
    ['deployments.apps/web', 'deployments.apps/web'],
    ['signers/kubernetes.io/legacy-unknown', 'signers.certificates.k8s.io/kubernetes.io/legacy-unknown'],
    ['users/alice@example.com', 'users/alice@example.com'],
    ['user', 'users'],
    ['uids', 'uids.authentication.k8s.io'],
    ['*', '*'],
    ['*.apps', '*.apps'],
    ['*.*', '*.*'],
    ['*/web', '*/web'],
  ])('%s is %s', (text, expected) => {
    expect(found(text)).toBe(expected);
    expect(findResource('1.35', text)).toMatchObject({ found: true, custom: false });
  });

  test.each([
    ['widgets.example.com', 'widgets.example.com', undefined],
    ['Widgets.example.com/blue', 'widgets.example.com', 'blue'],
    ['widgets.v1beta1.example.com', 'widgets.example.com', undefined],
    ['nodes.metrics.k8s.io', 'nodes.metrics.k8s.io', undefined],
    ['gateways.gateway.networking.k8s.io', 'gateways.gateway.networking.k8s.io', undefined],
    ['deployments.apps.example.com', 'deployments.apps.example.com', undefined],
  ])('%s is a custom resource', (text, expected, name) => {
    const result = findResource('1.35', text);
    expect(result).toMatchObject({ found: true, custom: true, name, also: [] });
    if (!result.found) return;
    expect(written(result.resource)).toBe(expected);
    expect(result.resource.namespaced).toBeUndefined();
  });

  test('the scope of everything is not known', () => {
    expect(findResource('1.35', '*')).toMatchObject({ resource: { resource: '*', group: '', namespaced: undefined } });
  });

  test.each([
    ['events', ['events.events.k8s.io']],
    ['ev', ['events.events.k8s.io']],
    ['events.', ['events.events.k8s.io']],
    ['events.events', []],
    ['pods', []],
  ])('%s could also be %j', (text, expected) => {
    const result = findResource('1.35', text);
    expect(result.found && result.also.map(written)).toEqual(expected);
  });

  test.each([
    ['pods/log', 'log', 'pods --subresource log'],
    ['po/exec', 'exec', 'po --subresource exec'],
    ['pods/web/log', 'web/log', 'pods/web --subresource log'],
    ['deployments.apps/scale', 'scale', 'deployments.apps --subresource scale'],
    ['nodes/proxy', 'proxy', 'nodes --subresource proxy'],
    ['widgets.example.com/status', 'status', 'widgets.example.com --subresource status'],
    ['userextras/scopes', 'scopes', 'userextras --subresource scopes'],
    ['pods/logs', 'logs', undefined],
    ['pods', undefined, undefined],
    ['signers/kubernetes.io/legacy-unknown', 'kubernetes.io/legacy-unknown', undefined],
  ])('%s names %s and perhaps means %s', (text, name, meant) => {
    const result = findResource('1.35', text);
    expect(result.found && [result.name, result.meant]).toEqual([name, meant]);
  });
});

describe('what names nothing', () => {
  test.each([
    ['deploymets', ['deployments.apps']],
    ['Deploymnet/web', ['deployments.apps']],
    ['pdos', ['pods']],
    ['pvcs', ['persistentvolumeclaims']],
    ['networkpolcies', ['networkpolicies.networking.k8s.io']],
    ['deploymnts.aps', ['deployments.apps']],
    ['deployments.extensions', ['deployments.apps']],
    ['ingresses.extensions', ['ingresses.networking.k8s.io']],
    ['event.v2.events.k8s.io', ['events.events.k8s.io', 'events']],
    ['pods.core', ['pods']],
    ['pods.v1', ['pods']],
    ['pods.v1.core', ['pods']],
    ['jobs.v1beta1.batch', ['jobs.batch']],
    ['roles.rbac.authorisation.k8s.io', ['roles.rbac.authorization.k8s.io']],
    ['batch', ['cronjobs.batch', 'jobs.batch']],
    [
      'certificates.k8s.io',
      ['certificatesigningrequests', 'clustertrustbundles', 'podcertificaterequests', 'signers'].map(
        (each) => `${each}.certificates.k8s.io`,
      ),
    ],
    ['foos.networking.k8s.io', []],
    ['foo', []],
    ['s', []],
    ['', []],
    ['.apps', []],
    ['/web', []],
    ['*web', []],
    ['*.', []],
    ['foo_bar.example.com', []],
    ['foo..example.com', []],
  ])('%j has these near it: %j', (text, candidates) => {
    expect(findResource('1.35', text)).toEqual({ found: false, candidates });
  });

  test('every candidate can be written', () => {
    for (const word of ['podz', 'servces', 'evens', 'nod', 'clusterole', 'certificates.k8s.io']) {
      const result = findResource('1.35', word);
      const { candidates } = result.found ? { candidates: [] } : result;
      expect(candidates.length).toBeGreaterThan(0);
      for (const candidate of candidates) expect(found(candidate)).toBe(candidate);
    }
  });
});

test('the verbs are those kubectl knows', () => {
  expect([...KNOWN_VERBS].sort()).toEqual(
    [
      ...['*', 'approve', 'attest', 'bind', 'create', 'delete', 'deletecollection', 'escalate', 'get', 'impersonate'],
      ...['list', 'patch', 'sign', 'update', 'use', 'watch'],
    ].sort(),
  );
  expect([...KNOWN_URL_VERBS].sort()).toEqual(['*', 'delete', 'get', 'head', 'options', 'patch', 'post', 'put']);
});
