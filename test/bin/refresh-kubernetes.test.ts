import { execFile } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { defaultRolesText, toDefaultRoles, unexpected } from '../../bin/kubernetes-data/default-roles';
import { resourcesText, toResources, type CoreAnswer, type GroupsAnswer } from '../../bin/kubernetes-data/resources';
import versions from '../../bin/kubernetes-data/versions.json';
import { goMod } from '../../bin/refresh-kubernetes';
import type { RbacObjects } from '../../lib/access/rbac/rbac-objects';
import { KUBERNETES_VERSIONS } from '../../lib/cluster/kubernetes-versions';

const meta = (name: string, more: object = {}): { name: string } => ({
  name,
  ...{ labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults' } },
  ...{ annotations: { 'rbac.authorization.kubernetes.io/autoupdate': 'true' } },
  ...more,
});

/** What the Go program prints, with what Go's libraries add. */
const PRINTED: RbacObjects = {
  clusterRoles: [
    { metadata: meta('view'), rules: [{ verbs: ['get', 'list'], apiGroups: [''], resources: ['pods', 'services'] }] },
    {
      metadata: meta('admin', { creationTimestamp: null }),
      rules: null,
      aggregationRule: { clusterRoleSelectors: [{ matchLabels: { to: 'admin' } }] },
    },
    { metadata: meta('system:controller:job-controller'), rules: [{ verbs: ['get'], nonResourceURLs: ['/healthz'] }] },
  ],
  clusterRoleBindings: [
    {
      metadata: meta('view'),
      subjects: [{ kind: 'Group', apiGroup: 'rbac.authorization.k8s.io', name: 'viewers' }],
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
    },
  ],
  roles: [
    {
      metadata: meta('signer', { namespace: 'kube-system' }),
      rules: [{ verbs: ['get'], apiGroups: [''], resources: ['secrets'], resourceNames: ['one'] }],
    },
    { metadata: meta('signer', { namespace: 'kube-public' }), rules: [] },
  ],
  roleBindings: [],
};

/** The same in the files of upstream's tests; JSON is YAML. */
const EXPECTED: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries({
    'cluster-roles.yaml': PRINTED.clusterRoles.slice(0, 2),
    'controller-roles.yaml': PRINTED.clusterRoles.slice(2),
    'cluster-role-bindings.yaml': PRINTED.clusterRoleBindings,
    'controller-role-bindings.yaml': [],
    'namespace-roles.yaml': PRINTED.roles,
    'namespace-role-bindings.yaml': PRINTED.roleBindings,
  }).map(([file, items]) => [
    file,
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'List',
      items: items.map((each) => ({
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'Whatever',
        ...each,
        metadata: { ...each.metadata, creationTimestamp: null },
      })),
    }),
  ]),
);

const CORE: CoreAnswer = {
  groupVersion: 'v1',
  resources: [
    { name: 'nodes', kind: 'Node', namespaced: false, shortNames: ['no'], singularName: 'node', verbs: ['get'] },
    { name: 'nodes/proxy', kind: 'NodeProxyOptions', namespaced: false, singularName: '', verbs: ['get'] },
    { name: 'secrets', kind: 'Secret', namespaced: true, singularName: 'secret', verbs: ['get', 'list'] },
  ],
};

const GROUPS: GroupsAnswer = {
  items: [
    {
      metadata: { name: 'autoscaling' },
      versions: ['v2', 'v1'].map((version) => ({
        version,
        resources: [
          {
            resource: 'horizontalpodautoscalers',
            responseKind: { kind: 'HorizontalPodAutoscaler' },
            scope: 'Namespaced',
            singularResource: 'horizontalpodautoscaler',
            shortNames: ['hpa'],
            verbs: ['get'],
            subresources: [{ subresource: 'status' }],
          },
          ...(version === 'v1'
            ? [
                {
                  resource: 'clocks',
                  responseKind: { kind: 'Clock' },
                  scope: 'Cluster' as const,
                  singularResource: 'clock',
                  verbs: ['get'],
                },
              ]
            : []),
        ],
      })),
    },
  ],
};

const GO_MOD = `module k8s.io/kubernetes

go 1.25.0

godebug default=go1.25

require (
	k8s.io/api v0.0.0
	k8s.io/klog/v2 v2.130.1
)

replace (
	k8s.io/api => ./staging/src/k8s.io/api
	k8s.io/csi-translation-lib => ./staging/src/k8s.io/csi-translation-lib
)
`;

test('every supported minor has a version of Kubernetes, and only those', () => {
  expect(Object.keys(versions)).toEqual(Object.keys(KUBERNETES_VERSIONS));
  for (const [minor, version] of Object.entries(versions)) expect(version).toMatch(new RegExp(`^v${minor}\\.\\d+$`));
});

test('the module names the libraries Kubernetes has in its own tree', () => {
  expect(goMod(GO_MOD, 'v1.35.4')).toBe(`module kubernetes-data

go 1.25.0

require k8s.io/kubernetes v1.35.4

replace (
	k8s.io/api => k8s.io/api v0.35.4
	k8s.io/csi-translation-lib => k8s.io/csi-translation-lib v0.35.4
)
`);
});

test('the roles are kept in order, a rule a line, without what says nothing about access', () => {
  expect(defaultRolesText(toDefaultRoles(PRINTED, 'here'))).toMatchInlineSnapshot(`
   "{
     "source": "here",
     "clusterRoles": [
       {"metadata":{"name":"admin","labels":{"kubernetes.io/bootstrapping":"rbac-defaults"}},"aggregationRule":{"clusterRoleSelectors":[{"matchLabels":{"to":"admin"}}]}},
       {"metadata":{"name":"system:controller:job-controller","labels":{"kubernetes.io/bootstrapping":"rbac-defaults"}},"rules":[
         {"nonResourceURLs":["/healthz"],"verbs":["get"]}
       ]},
       {"metadata":{"name":"view","labels":{"kubernetes.io/bootstrapping":"rbac-defaults"}},"rules":[
         {"apiGroups":[""],"resources":["pods","services"],"verbs":["get","list"]}
       ]}
     ],
     "clusterRoleBindings": [
       {"metadata":{"name":"view","labels":{"kubernetes.io/bootstrapping":"rbac-defaults"}},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"view"},"subjects":[{"apiGroup":"rbac.authorization.k8s.io","kind":"Group","name":"viewers"}]}
     ],
     "roles": [
       {"metadata":{"name":"signer","namespace":"kube-public","labels":{"kubernetes.io/bootstrapping":"rbac-defaults"}},"rules":[]},
       {"metadata":{"name":"signer","namespace":"kube-system","labels":{"kubernetes.io/bootstrapping":"rbac-defaults"}},"rules":[
         {"apiGroups":[""],"resources":["secrets"],"resourceNames":["one"],"verbs":["get"]}
       ]}
     ],
     "roleBindings": [

     ]
   }
   "
  `);
});

test('the resources are kept a line each, with the preferred version first', () => {
  expect(resourcesText(toResources(CORE, GROUPS, 'here'))).toMatchInlineSnapshot(`
   "{
     "source": "here",
     "resources": [
       {"group":"","resource":"nodes","kind":"Node","singular":"node","shortNames":["no"],"namespaced":false,"verbs":["get"],"subresources":["proxy"],"versions":["v1"]},
       {"group":"","resource":"secrets","kind":"Secret","singular":"secret","shortNames":[],"namespaced":true,"verbs":["get","list"],"subresources":[],"versions":["v1"]},
       {"group":"autoscaling","resource":"clocks","kind":"Clock","singular":"clock","shortNames":[],"namespaced":false,"verbs":["get"],"subresources":[],"versions":["v1"]},
       {"group":"autoscaling","resource":"horizontalpodautoscalers","kind":"HorizontalPodAutoscaler","singular":"horizontalpodautoscaler","shortNames":["hpa"],"namespaced":true,"verbs":["get"],"subresources":["status"],"versions":["v2","v1"]}
     ]
   }
   "
  `);
});

describe('what upstream itself expects', () => {
  const read = (file: string): string => EXPECTED[file] ?? '';

  test('is what was printed', () => {
    expect(unexpected(PRINTED, read)).toEqual([]);
  });

  test.each<[string, Partial<RbacObjects>, string[]]>([
    ['a missing role', { clusterRoles: PRINTED.clusterRoles.slice(1) }, ['clusterRoles view']],
    [
      'a verb more',
      { roles: [{ ...PRINTED.roles[0]!, rules: [{ verbs: ['*'] }] }, ...PRINTED.roles.slice(1)] },
      ['roles kube-system/signer'],
    ],
    [
      'a lost label',
      { clusterRoleBindings: [{ ...PRINTED.clusterRoleBindings[0]!, metadata: { name: 'view' } }] },
      ['clusterRoleBindings view'],
    ],
    [
      'one that nobody expects',
      { roleBindings: [{ metadata: { name: 'a', namespace: 'b' }, roleRef: { kind: 'Role', name: 'a' } }] },
      ['roleBindings b/a'],
    ],
  ])('differs by %s', (_, changes, expected) => {
    expect(unexpected({ ...PRINTED, ...changes }, read)).toEqual(expected);
  });
});

describe('the command', () => {
  jest.setTimeout(60_000); // a process each time
  const root = path.join(__dirname, '..', '..');
  const file = (name: string): string => path.join(fork, name);
  const text = (name: string): string => readFileSync(file(name), 'utf8');
  const put = (name: string, content: unknown): void => {
    mkdirSync(path.dirname(file(name)), { recursive: true });
    writeFileSync(file(name), typeof content === 'string' ? content : JSON.stringify(content));
  };
  let fork: string;

  /** Answers as Go does, from what is saved, and keeps what it was asked. */
  const GO = `#!${process.execPath}
const { appendFileSync, readFileSync } = require('node:fs');
const { join } = require('node:path');
const saved = join(__dirname, '..', 'saved');
const [command, ...rest] = process.argv.slice(2);
appendFileSync(join(saved, 'asked'), [command, ...rest].join(' ') + '\\n');
if (command === 'version') console.log('go version go1.26.0');
if (command === 'list') console.log('k8s.io/kubernetes v1.33.1 v1.36.0-rc.0 v1.36.0 v1.36.1 v1.36.2-rc.0');
if (command === 'mod') {
  const Dir = join(saved, rest.at(-1).split('@')[1]);
  console.log(JSON.stringify({ Dir, GoMod: join(Dir, 'go.mod') }));
}
if (command === 'run') {
  const [, version] = /kubernetes (v\\S+)/.exec(readFileSync('go.mod', 'utf8'));
  readFileSync('main.go');
  try {
    process.stdout.write(readFileSync(join(saved, version, 'printed.json')));
  } catch {
    process.stderr.write('go: downloading a b\\nmain.go:1: does not compile\\n');
    process.exitCode = 1;
  }
}
`;

  beforeAll(() => {
    fork = mkdtempSync(path.join(tmpdir(), 'kubernetes-'));
    for (const name of ['bin', 'lib', 'sandbox', 'package.json', 'tsconfig.json'])
      cpSync(path.join(root, name), file(name), { recursive: true });
    symlinkSync(path.join(root, 'node_modules'), file('node_modules'));
    mkdirSync(file('go-bin'));
    writeFileSync(file('go-bin/go'), GO, { mode: 0o755 });
  });
  beforeEach(() => {
    for (const name of ['saved', 'cache', 'lib/access/rbac/default-roles', 'lib/access/rbac/resources'])
      rmSync(file(name), { recursive: true, force: true });
    put('lib/cluster/kubernetes-versions.json', { versions: { '1.35': {}, '1.34': {} } });
    put('bin/kubernetes-data/versions.json', { '1.34': 'v1.34.4', '1.35': 'v1.35.4' });
    for (const version of ['v1.34.4', 'v1.35.4']) {
      const testdata = 'plugin/pkg/auth/authorizer/rbac/bootstrappolicy/testdata';
      for (const [name, content] of Object.entries(EXPECTED)) put(`saved/${version}/${testdata}/${name}`, content);
      put(`saved/${version}/api/discovery/api__v1.json`, CORE);
      put(`saved/${version}/api/discovery/aggregated_v2.json`, GROUPS);
      put(`saved/${version}/go.mod`, GO_MOD);
      put(`saved/${version}/printed.json`, PRINTED);
    }
  });
  afterAll(() => rmSync(fork, { recursive: true, force: true }));

  const run = (args: string[] = [], bin = 'go-bin'): Promise<{ code: number; out: string; err: string }> =>
    new Promise((resolve) => {
      const env = { HOME: fork, PATH: file(bin), XDG_CACHE_HOME: file('cache') };
      const all = ['--require', 'tsx/cjs', 'bin/refresh-kubernetes.ts', ...args];
      execFile(process.execPath, all, { cwd: fork, env }, (error, out, err) =>
        resolve({ code: error === null ? 0 : Number(error.code), out, err }),
      );
    });

  const data = (): string[] =>
    ['default-roles', 'resources'].flatMap((folder) =>
      readdirSync(file(`lib/access/rbac/${folder}`)).map((name) => `${folder}/${name}`),
    );

  test('reads every minor and writes its files, and then finds nothing more', async () => {
    const written = await run();
    expect(written).toEqual({
      code: 0,
      out: expect.stringMatching(
        /^lib\/access\/rbac\/default-roles\/1\.34\.json\n {2}new: 6 objects\n[^]*\n4 files written. Next: `npm test`.\n$/,
      ) as string,
      err: ['v1.34.4', 'v1.35.4']
        .map((version) => `Reading Kubernetes ${version} (about a minute the first time) …\n`)
        .join(''),
    });
    expect(data()).toEqual(
      ['1.34', '1.35']
        .map((minor) => `default-roles/${minor}.json`)
        .concat(['1.34', '1.35'].map((minor) => `resources/${minor}.json`)),
    );
    const source = 'k8s.io/kubernetes v1.35.4';
    expect(text('lib/access/rbac/default-roles/1.35.json')).toBe(
      defaultRolesText(toDefaultRoles(PRINTED, `${source}, plugin/pkg/auth/authorizer/rbac/bootstrappolicy`)),
    );
    expect(text('lib/access/rbac/resources/1.35.json')).toBe(
      resourcesText(toResources(CORE, GROUPS, `${source}, api/discovery`)),
    );
    expect(text('saved/asked')).toBe(
      [
        'version',
        ...['v1.34.4', 'v1.35.4'].flatMap((version) => [
          `mod download -json k8s.io/kubernetes@${version}`,
          'run -mod=mod .',
        ]),
      ]
        .map((line) => `${line}\n`)
        .join(''),
    );
    expect(text('cache/kotohajime/kubernetes-data/1.35/go.mod')).toBe(goMod(GO_MOD, 'v1.35.4'));

    expect(await run()).toMatchObject({ code: 0, out: 'The data is that of Kubernetes.\n' });
  });

  test('--check says what differs, writes nothing and exits 1', async () => {
    await run();
    const [roles, resources] = ['lib/access/rbac/default-roles/1.35.json', 'lib/access/rbac/resources/1.35.json'];
    put(roles, text(roles).replace('"pods",', '').replace('"name":"admin"', '"name":"old"'));
    put(resources, text(resources).replace('v1.35.4', 'v1.35.0'));
    put('lib/access/rbac/resources/1.30.json', '{}');
    const before = data().map((name) => text(`lib/access/rbac/${name}`));
    const { code, out, err } = await run(['--check']);
    expect({ code, out }).toEqual({
      code: 1,
      out: `${roles}
  gone: clusterRoles old
  changed: clusterRoles view
  new: clusterRoles admin
${resources}
  the same objects, written differently or from another version
lib/access/rbac/resources/1.30.json
  gone: the minor is not one of lib/cluster/kubernetes-versions.json
`,
    });
    expect(err).toMatch(/\n\n3 files not as Kubernetes has it\. Nothing was written: without --check it is\.\n$/);
    expect(data().map((name) => text(`lib/access/rbac/${name}`))).toEqual(before);

    expect((await run()).out).toMatch(/\n3 files written\. Next: `npm test`\.\n$/);
    expect(data()).not.toContain('resources/1.30.json');
    expect((await run(['--check'])).code).toBe(0);
  });

  test('a file that is half a merge is made anew', async () => {
    await run();
    const name = 'lib/access/rbac/resources/1.34.json';
    const whole = text(name);
    put(name, `<<<<<<<\n${whole}`);
    expect((await run()).out).toContain(`${name}\n  new: 4 objects\n\n1 file written.`);
    expect(text(name)).toBe(whole);
  });

  test('what upstream does not expect is not written', async () => {
    put('saved/v1.35.4/printed.json', { ...PRINTED, roles: [] });
    const { code, out, err } = await run();
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain(
      'What was read of Kubernetes v1.35.4 is not what its own tests expect, so nothing is written:\n' +
        '  roles kube-system/signer\n  roles kube-public/signer\n',
    );
    expect(existsSync(file('lib/access/rbac/default-roles'))).toBe(false);
  });

  test('without Go it says so', async () => {
    expect(await run([], 'nothing')).toEqual({
      code: 1,
      out: '',
      err: 'Go is missing, which builds what reads Kubernetes: install it (https://go.dev/dl), then try again.\n',
    });
  });

  test('what Go says when it fails is told, without its downloads', async () => {
    rmSync(file('saved/v1.35.4/printed.json'));
    const { code, err } = await run();
    expect(code).toBe(1);
    expect(err).toMatch(
      /\n`go run -mod=mod \.` failed in .*cache\/kotohajime\/kubernetes-data\/1\.35:\n {2}main\.go:1: does not compile\n$/,
    );
  });

  test.each([
    ['1.36', 'the newest is v1.36.1.'],
    ['1.37', 'Go does not find one yet.'],
  ])('a minor without a version, %s, is told the newest', async (minor, told) => {
    put('lib/cluster/kubernetes-versions.json', { versions: { [minor]: {} } });
    expect(await run()).toEqual({
      code: 1,
      out: '',
      err: `bin/kubernetes-data/versions.json pins no version of Kubernetes ${minor}; ${told}\n`,
    });
  });

  test.each([
    [['--chek'], 'Did you mean --check?'],
    [['1.35'], 'too many arguments'],
  ])('wrong use exits 2: %j', async (args, message) => {
    const { code, err } = await run(args);
    expect(err).toContain(message);
    expect(code).toBe(2);
  });
});
