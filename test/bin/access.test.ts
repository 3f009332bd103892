import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { k8sObjects } from '../../bin/access/k8s-objects';
import { manifestsAreCurrent, manifestsText, writeManifests } from '../../bin/access/manifests';
import { record } from '../../bin/access/record';
import { permissionSetsOf, resolve } from '../../bin/access/resolve';
import { platforms } from '../../config';
import { dev } from '../../config/dev';
import { prod } from '../../config/prod';
import { hajime } from './in-process';

const root = path.join(__dirname, '..', '..');
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'kotohajime-access-'));
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

test('the command line answers with its exit code', () => {
  const run = (...words: readonly string[]): number | null =>
    spawnSync(process.execPath, [path.join(root, 'bin', 'hajime.js'), ...words], { cwd: root }).status;
  expect(run('can-i', 'get', 'pods', '--as', 'platform')).toBe(0);
  expect(run('can-i', 'get', 'nodes', '--as', 'on-call')).toBe(1);
  expect(run('can-i', 'get', 'pods', '--as', 'nobody')).toBe(2);
});

describe('can-i', () => {
  test('yes, with the whole way to it', async () => {
    expect(await hajime('can-i', 'create', 'deploy', '-n', 'shop', '--as', 'deployers')).toEqual({
      status: 0,
      stderr: '',
      stdout:
        'yes: deployers may create deployments.apps in shop (dev, Kubernetes 1.35)\n' +
        '  deployers → aws-auth mapRoles → group deployers → role binding shop/deployers → cluster role edit → rule: ' +
        'create, delete, deletecollection, patch, update daemonsets, deployments, deployments/rollback, deployments/scale, ' +
        'replicasets, replicasets/scale, statefulsets, statefulsets/scale of apps (aggregated from system:aggregate-to-edit)\n',
    });
  });

  test('no, with what would help', async () => {
    const { status, stdout } = await hajime(
      'can-i',
      'create',
      'pods',
      '--subresource',
      'eviction',
      '-n',
      'till',
      '--as',
      'shop-developers',
    );
    expect([status, stdout]).toEqual([
      1,
      'no: shop-developers may not create pods/eviction in till (dev, Kubernetes 1.35)\n' +
        '  arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Dev_0123456789abcdef/somebody is ' +
        'arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Dev_0123456789abcdef/somebody, in no group, with AmazonEKSEditPolicy in shop, shop-staging\n' +
        "  the Kubernetes role edit permits it, the access policy does not: `via: 'groups'` on the grant gives the role\n",
    ]);
    expect((await hajime('can-i', 'get', 'pods', '-n', 'till', '--as', 'shop-developers')).stdout).toContain(
      '  it may in shop, shop-staging\n',
    );
  });

  test('a caller nobody lets in', async () => {
    expect(
      await hajime('can-i', 'get', 'pods', '-p', 'prod', '--as', 'arn:aws:sts::111122223333:assumed-role/Who/mei'),
    ).toEqual({
      status: 1,
      stderr: '',
      stdout:
        'no: arn:aws:sts::111122223333:assumed-role/Who/mei may not get pods in default (prod): no access entry is for arn:aws:iam::111122223333:role/Who\n',
    });
  });

  test('rights from a policy do not follow impersonation', async () => {
    const words = ['can-i', 'get', 'pods', '--as', 'platform', '--impersonate', 'mei', '--json'] as const;
    expect(JSON.parse((await hajime(...words)).stdout)).toMatchObject({
      allowed: false,
      errors: [expect.stringContaining('may not impersonate')],
    });
  });

  test.each<[string[], string]>([
    [
      ['get', 'pods', '--as', 'shop-developer'],
      'no platform has a grant shop-developer; did you mean `shop-developers`?\n',
    ],
    [
      ['get', 'pods', '--as', 'break-glass'],
      'several platforms have a grant break-glass: say which with --platform (dev, prod)\n',
    ],
    [
      ['get', 'pods', '-p', 'prod', '--as', 'deployers'],
      'prod has no grant deployers; its grants are break-glass, platform, on-call\n',
    ],
    [['get', 'depl', '--as', 'platform'], 'Kubernetes 1.35 has no resource depl; did you mean deployments.apps?\n'],
    [
      ['get', 'pods', '--as', 'arn:aws:iam::1:group/x'],
      '--as must be the ARN of a role, a user or a session, or the name of a grant, got "arn:aws:iam::1:group/x"\n',
    ],
    [
      ['get', 'pods', '--as', 'arn:aws:iam::999999999999:role/x'],
      'no single platform is in account 999999999999: say which with --platform (dev, prod)\n',
    ],
    [
      ['get', 'pods', '--as', 'platform', '--impersonate-group', 'x'],
      '--impersonate-group needs --impersonate <user>\n',
    ],
  ])('%j is wrong use', async (words, stderr) => {
    expect(await hajime('can-i', ...words)).toEqual({ status: 2, stdout: '', stderr });
  });
});

test('who-can names the grants, and on request all others', async () => {
  const { status, stdout } = await hajime('who-can', 'delete', 'secrets', '-n', 'shop', '-p', 'dev', '--json');
  const { dev: answer } = JSON.parse(stdout) as { dev: { grants: { grant: string }[] } };
  expect([status, answer.grants.map(({ grant }) => grant)]).toEqual([
    0,
    ['break-glass', 'shop-developers', 'deployers'],
  ]);
  expect((await hajime('who-can', 'delete', 'nodes', '-p', 'prod', '--all')).stdout).toContain(
    'kube-system/node-controller',
  );
});

test('access shows the matrix, for people and for machines', async () => {
  const { status, stdout } = await hajime('access', 'prod');
  expect(status).toBe(0);
  for (const said of [
    'break-glass',
    'everything',
    'AmazonEKSAdminPolicy in the whole cluster',
    "`via: 'groups'` gives the role itself",
  ])
    expect(stdout).toContain(said);
  expect(JSON.parse((await hajime('access', 'prod', '--json')).stdout)).toMatchObject({
    platforms: { prod: { mode: 'API', kubernetes: '1.35', grants: [{ grant: 'break-glass' }, {}, {}] } },
  });
});

describe('manifests', () => {
  test('are written, are current then, and go when nothing needs them', () => {
    expect(manifestsAreCurrent('dev', dev, folder)).toBe(false);
    expect(writeManifests('dev', dev, folder)).toMatch(
      /^dev: .*rbac\/dev\/grants.yaml written; apply it with the rest of k8s\/$/,
    );
    expect(manifestsAreCurrent('dev', dev, folder)).toBe(true);
    expect(writeManifests('dev', dev, folder)).toMatch(/^dev: .*grants.yaml is as it should be$/);
    const without = { ...dev, access: { ...dev.access, rbac: {} } };
    expect(manifestsAreCurrent('dev', without, folder)).toBe(false);
    expect(writeManifests('dev', without, folder)).toBe('dev: its access needs nothing under k8s/');
    expect(manifestsAreCurrent('dev', without, folder)).toBe(true);
  });

  test.each(Object.entries(platforms))('those of %s are what is committed', (name, config) => {
    expect(manifestsAreCurrent(name, config)).toBe(true);
  });

  test('hold what a grant via groups needs', () => {
    const grants = {
      ...prod.access.grants,
      dev: {
        principal: 'arn:aws:iam::444455556666:role/Dev',
        can: 'edit',
        namespaces: ['shop'],
        via: 'groups',
      } as const,
    };
    expect(manifestsText('prod', { ...prod, access: { grants } }))
      .toBe(`# Written by \`npx hajime access manifests\` from config/prod.ts: change that, not this.
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: kotohajime:dev
  namespace: shop
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: edit
subjects:
  - apiGroup: rbac.authorization.k8s.io
    kind: Group
    name: kotohajime:dev
`);
  });
});

describe('what is under k8s/', () => {
  const binding = (name: string): string =>
    `apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata:\n  name: ${name}\nroleRef:\n  kind: ClusterRole\n  name: view\n`;
  const put = (file: string, text: string): void => {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  };

  test('is for all platforms, but for the folders of others and what is written from the config', () => {
    put('rbac/all.yaml', binding('all'));
    put('rbac/dev/own.yml', binding('own'));
    put('rbac/dev/grants.yaml', binding('written'));
    put('rbac/prod/theirs.yaml', binding('theirs'));
    put('chart/templates/x.yaml', '{{- if }}\nnot: yaml: at all');
    put('notes.txt', binding('no-manifest'));
    const { objects, problems } = k8sObjects('dev', ['dev', 'prod'], folder);
    expect(problems).toEqual([]);
    expect(objects.clusterRoleBindings.map(({ metadata }) => metadata.name)).toEqual(['all', 'own']);
  });

  test('is told of with its place if it cannot be read', () => {
    put('rbac/a.yaml', `${binding('a')}---\napiVersion: rbac.authorization.k8s.io/v1\n  kind: Role`);
    const { problems } = k8sObjects('dev', ['dev'], folder);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^`.*rbac\/a.yaml \(document 2\)` must be YAML, line 9: /);
  });

  test('need not be there', () => {
    expect(k8sObjects('dev', ['dev'], path.join(folder, 'none')).problems).toEqual([]);
  });
});

describe('resolve', () => {
  const role = (name: string, CreateDate = '2026-01-01'): { Arn: string; CreateDate: string } => ({
    Arn: `arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_${name}`,
    CreateDate,
  });
  const saved = (...roles: readonly object[]): string => {
    const file = path.join(folder, 'roles.json');
    writeFileSync(file, JSON.stringify({ Roles: roles }));
    return file;
  };
  const said = (): string =>
    jest
      .mocked(process.stdout.write)
      .mock.calls.map(([text]) => String(text))
      .join('');
  beforeEach(() => {
    jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  });

  test('writes the lock file, account by account, and says what changed', async () => {
    const lock = path.join(folder, 'sso.json');
    writeFileSync(
      lock,
      JSON.stringify({ accounts: { '999999999999': { Ops: 'o' }, '111122223333': { Gone: 'g', Dev: 'd' } } }),
    );
    const other = { Arn: 'arn:aws:iam::111122223333:role/Other', CreateDate: '2026-01-01' };
    await resolve(lock, { from: saved(role('Dev_0123456789abcdef'), role('Read_Only_fedcba9876543210'), other) });
    expect(JSON.parse(readFileSync(lock, 'utf8'))).toEqual({
      accounts: {
        '111122223333': { Dev: role('Dev_0123456789abcdef').Arn, Read_Only: role('Read_Only_fedcba9876543210').Arn },
        '999999999999': { Ops: 'o' },
      },
    });
    expect(said()).toBe(
      `2 permission sets in account 111122223333, 3 changed: ${lock}\n` +
        `  ~ Dev: ${role('Dev_0123456789abcdef').Arn}\n    its role was made anew; deploying replaces the access entry\n` +
        '  - Gone: a grant for it is now a problem\n' +
        `  + Read_Only: ${role('Read_Only_fedcba9876543210').Arn}\n`,
    );
  });

  test('of two roles for one permission set takes the newer, and says so', () => {
    const [old, young] = [role('Dev_0000000000000000', '2025-01-01'), role('Dev_1111111111111111', '2026-01-01')];
    for (const roles of [
      [old, young],
      [young, old],
    ]) {
      const { permissionSets, doubles } = permissionSetsOf(roles);
      expect([permissionSets.Dev, doubles.length]).toEqual([young.Arn, 1]);
    }
  });

  test.each<[string, string | undefined, string, RegExp]>([
    ['no answer of IAM', undefined, '[]', /is no answer of IAM/],
    ['no JSON', undefined, '{', /cannot be read/],
    [
      'an account without permission sets',
      undefined,
      '{"Roles":[]}',
      /^No role of IAM Identity Center is in this account/,
    ],
    [
      'a lock file that was damaged',
      '{"accounts":',
      '{"Roles":[{"Arn":"arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Dev_0123456789abcdef"}]}',
      /cannot be read, and is left as it is/,
    ],
    [
      'a lock file of another kind',
      '[]',
      '{"Roles":[{"Arn":"arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Dev_0123456789abcdef"}]}',
      /has no "accounts", and is left as it is/,
    ],
  ])('%s changes nothing', async (_, before, answer, message) => {
    const lock = path.join(folder, 'sso.json');
    const from = path.join(folder, 'answer.json');
    if (before !== undefined) writeFileSync(lock, before);
    writeFileSync(from, answer);
    await expect(resolve(lock, { from })).rejects.toThrow(message);
    if (before !== undefined) expect(readFileSync(lock, 'utf8')).toBe(before);
  });
});

test('record notes what is deployed, beside other platforms', () => {
  const file = path.join(folder, 'record.json');
  expect(record(file, 'prod', prod, {})).toBe(`prod: mode API, 3 principals, 1 administrator: ${file}`);
  const [from, entries] = ['aws-auth.yaml', 'entries.json'].map((name) => path.join(folder, name)) as [string, string];
  writeFileSync(
    from,
    'kind: ConfigMap\nmetadata: { name: aws-auth, namespace: kube-system }\ndata:\n  mapRoles: |\n' +
      '    - { rolearn: "arn:aws:iam::111122223333:role/Nodes", username: "system:node:{{EC2PrivateDNSName}}", groups: ["system:nodes"] }\n' +
      '    - { rolearn: "arn:aws:iam::111122223333:role/Known", username: known, groups: [known] }\n',
  );
  writeFileSync(entries, '{"accessEntries":["arn:aws:iam::111122223333:role/Known"]}');
  record(file, 'dev', dev, { from, entries });
  record(file, 'dev', dev, {});
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
    dev: {
      authenticationMode: 'API_AND_CONFIG_MAP',
      principals: { 'arn:aws:iam::111122223333:role/ci/Deployers': 'aws-auth' },
      onlyInAwsAuth: ['arn:aws:iam::111122223333:role/Nodes'],
    },
    prod: { authenticationMode: 'API', administrators: ['arn:aws:iam::444455556666:role/BreakGlass'] },
  });
  writeFileSync(file, '[]');
  expect(() => record(file, 'dev', dev, {})).toThrow('is no map of platforms, and is left as it is');
});
