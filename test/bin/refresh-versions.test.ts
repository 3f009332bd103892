import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import type { AddonVersionInfo } from '@aws-sdk/client-eks';
import { differences, report, toVersions, warnings, type Answers, type Versions } from '../../bin/refresh-versions';
import { ADDONS } from '../../lib/addons/catalog';

type AnsweredMinor = Answers['clusterVersions'][number];

const minor = (clusterVersion: string, standard: string, changes: Partial<AnsweredMinor> = {}): AnsweredMinor => ({
  clusterVersion,
  clusterType: 'eks',
  versionStatus: 'STANDARD_SUPPORT',
  endOfStandardSupportDate: `${standard}T00:00:00Z`,
  endOfExtendedSupportDate: `${String(Number(standard.slice(0, 4)) + 1)}${standard.slice(4)}T00:00:00Z`,
  ...changes,
});

/** A version of an add-on and the minors it is for; the default of those with an asterisk. */
const version = (addonVersion: string, ...minors: string[]): AddonVersionInfo => ({
  addonVersion,
  compatibilities: minors.map((each) => ({
    clusterVersion: each.replace('*', ''),
    platformVersions: ['*'],
    defaultVersion: each.endsWith('*'),
  })),
});

/** As EKS answers: newest first. */
const ANSWERS: Answers = {
  clusterVersions: [minor('1.35', '2027-03-27'), minor('1.34', '2026-12-02')],
  addons: [
    {
      addonName: 'coredns',
      addonVersions: [version('v1.13.2-eksbuild.3', '1.35*'), version('v1.12.3-eksbuild.1', '1.35', '1.34*')],
    },
    {
      addonName: 'vpc-cni',
      addonVersions: [version('v1.22.0-eksbuild.1', '1.35', '1.34'), version('v1.21.1-eksbuild.1', '1.35*', '1.34*')],
    },
    { addonName: 'somebody-elses', addonVersions: [version('v9.0.0', '1.35*')] },
  ],
};

const VERSIONS: Versions = {
  minors: {
    '1.34': { standardUntil: '2026-12-02', extendedUntil: '2027-12-02' },
    '1.35': { standardUntil: '2027-03-27', extendedUntil: '2028-03-27' },
  },
  addons: {
    '1.34': { 'vpc-cni': 'v1.21.1-eksbuild.1', coredns: 'v1.12.3-eksbuild.1' },
    '1.35': { 'vpc-cni': 'v1.21.1-eksbuild.1', coredns: 'v1.13.2-eksbuild.3' },
  },
};

test.each(['addons/versions.json', 'cluster/kubernetes-versions.json'])('lib/%s says where it comes from', (file) => {
  const pinned = JSON.parse(readFileSync(path.join(__dirname, '..', '..', 'lib', file), 'utf8')) as object;
  expect(pinned).toMatchObject({
    source: expect.stringMatching(/./) as string,
    date: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) as string,
  });
});

describe('what EKS answers', () => {
  test('becomes minors in order, each with the default versions of the add-ons known here', () => {
    expect(toVersions(ANSWERS)).toEqual(VERSIONS);
    expect(Object.keys(toVersions(ANSWERS).minors)).toEqual(['1.34', '1.35']);
    expect(Object.keys(toVersions(ANSWERS).addons['1.35']!)).toEqual(['vpc-cni', 'coredns']);
  });

  test.each([
    ['as the SDK gives it', new Date('2027-03-27T00:00:00Z')],
    ['as the AWS CLI prints it, in the zone of the user', '2027-03-26T17:00:00-07:00'],
    ['in seconds', Date.parse('2027-03-27T00:00:00Z') / 1000],
  ])('a date may be %s', (_, endOfStandardSupportDate) => {
    const clusterVersions = [minor('1.35', '2027-03-27', { endOfStandardSupportDate })];
    expect(toVersions({ clusterVersions, addons: [] }).minors['1.35']?.standardUntil).toBe('2027-03-27');
  });

  test('may hold minors that are no longer supported or not for clusters in AWS', () => {
    const clusterVersions = [
      ...ANSWERS.clusterVersions,
      minor('1.29', '2025-03-23', { versionStatus: 'UNSUPPORTED' }),
      minor('1.33', '2026-07-29', { clusterType: 'somewhere-else' }),
    ];
    expect(toVersions({ ...ANSWERS, clusterVersions })).toEqual(VERSIONS);
  });

  test('may name a default for each platform version: the newest counts', () => {
    const addonVersions = [version('v1.9.2-eksbuild.1', '1.35*'), version('v1.10.0-eksbuild.1', '1.35*')];
    const { addons } = toVersions({ ...ANSWERS, addons: [{ addonName: 'coredns', addonVersions }] });
    expect(addons['1.35']).toEqual({ coredns: 'v1.10.0-eksbuild.1' });
  });

  test.each([
    [[], 'EKS named no Kubernetes version.'],
    [
      [minor('1.36', '2027-08-02', { endOfExtendedSupportDate: undefined })],
      'EKS did not say when support for Kubernetes 1.36 ends.',
    ],
  ])('is refused when it says too little', (clusterVersions, message) => {
    expect(() => toVersions({ clusterVersions, addons: [] })).toThrow(new Error(message));
  });
});

describe('the comparison', () => {
  const with135 = (support: object, addons: object): Versions => ({
    minors: { ...VERSIONS.minors, '1.35': { ...VERSIONS.minors['1.35']!, ...support } },
    addons: { ...VERSIONS.addons, '1.35': { ...VERSIONS.addons['1.35'], ...addons } as Record<string, string> },
  });
  const without = (gone: string): Versions => {
    const { [gone]: _, ...minors } = VERSIONS.minors;
    const { [gone]: __, ...addons } = VERSIONS.addons;
    return { minors, addons };
  };
  const lines = (pinned: Versions, offered: Versions): string[] =>
    differences(pinned, offered).map((each) => Object.values(each).join(' | '));

  test('of the same is empty', () => {
    expect(differences(VERSIONS, VERSIONS)).toEqual([]);
    expect(report([], [])).toBe('The pinned versions are those of EKS.');
  });

  test.each<[string, Versions, Versions, string[]]>([
    [
      'a new minor',
      without('1.35'),
      VERSIONS,
      [
        '1.35 | standard support ends |  | 2027-03-27 | new minor',
        '1.35 | extended support ends |  | 2028-03-27 | new minor',
        '1.35 | vpc-cni |  | v1.21.1-eksbuild.1 | new minor',
        '1.35 | coredns |  | v1.13.2-eksbuild.3 | new minor',
      ],
    ],
    [
      'a minor that is gone',
      VERSIONS,
      without('1.34'),
      ['1.34 | extended support ends | 2027-12-02 | gone | a platform on it fails the check'],
    ],
    [
      'a changed date',
      VERSIONS,
      with135({ extendedUntil: '2028-04-01' }, {}),
      ['1.35 | extended support ends | 2028-03-27 | 2028-04-01 | '],
    ],
    [
      'a newer version',
      VERSIONS,
      with135({}, { 'vpc-cni': 'v1.22.0-eksbuild.1' }),
      ['1.35 | vpc-cni | v1.21.1-eksbuild.1 | v1.22.0-eksbuild.1 | '],
    ],
    [
      'an older version',
      VERSIONS,
      with135({}, { coredns: 'v1.13.2-eksbuild.1' }),
      ['1.35 | coredns | v1.13.2-eksbuild.3 | v1.13.2-eksbuild.1 | older than pinned'],
    ],
    [
      'a step that is too large',
      VERSIONS,
      with135({}, { 'vpc-cni': 'v1.23.0-eksbuild.1' }),
      ['1.35 | vpc-cni | v1.21.1-eksbuild.1 | v1.23.0-eksbuild.1 | more than one minor'],
    ],
    [
      'an add-on without a version',
      VERSIONS,
      { ...VERSIONS, addons: { ...VERSIONS.addons, '1.35': { 'vpc-cni': 'v1.21.1-eksbuild.1' } } },
      ['1.35 | coredns | v1.13.2-eksbuild.3 |  | EKS names no version'],
    ],
    [
      'an add-on nobody pinned',
      VERSIONS,
      with135({}, { 'metrics-server': 'v0.8.0-eksbuild.6' }),
      ['1.35 | metrics-server |  | v0.8.0-eksbuild.6 | not pinned yet'],
    ],
  ])('says %s', (_, pinned, offered, expected) => {
    expect(lines(pinned, offered)).toEqual(expected);
  });

  test('is a table with what to mind below it', () => {
    const offered = with135({}, { 'vpc-cni': 'v1.23.0-eksbuild.1' });
    expect(report(differences(VERSIONS, offered), ['the sentence'])).toMatchInlineSnapshot(`
     "┌────────────┬─────────┬────────────────────┬────────────────────┬─────────────────────┐
     │ Kubernetes │ What    │ Pinned             │ EKS                │                     │
     ├────────────┼─────────┼────────────────────┼────────────────────┼─────────────────────┤
     │ 1.35       │ vpc-cni │ v1.21.1-eksbuild.1 │ v1.23.0-eksbuild.1 │ more than one minor │
     └────────────┴─────────┴────────────────────┴────────────────────┴─────────────────────┘

     Mind:
       the sentence"
    `);
  });
});

describe('what to mind', () => {
  const complete = (vpcCni: Record<string, string>, agent = 'v1.3.10-eksbuild.2'): Versions => ({
    minors: VERSIONS.minors,
    addons: Object.fromEntries(
      Object.entries(vpcCni).map(([each, cni]) => [
        each,
        {
          ...Object.fromEntries(Object.keys(ADDONS).map((name) => [name, 'v1.0.0-eksbuild.1'])),
          'vpc-cni': cni,
          'eks-pod-identity-agent': agent,
        },
      ]),
    ),
  });
  const pinned = complete({ '1.34': 'v1.20.4-eksbuild.2', '1.35': 'v1.21.1-eksbuild.1' });

  test('is nothing when every step is one minor', () => {
    expect(warnings(pinned, complete({ '1.34': 'v1.21.0-eksbuild.1', '1.35': 'v1.21.2-eksbuild.1' }))).toEqual([]);
  });

  test('is a step of more than one minor, on the same Kubernetes minor or with an upgrade', () => {
    expect(
      warnings(pinned, complete({ '1.34': 'v1.20.4-eksbuild.2', '1.35': 'v1.22.0-eksbuild.1' }, 'v2.0.0-eksbuild.1')),
    ).toEqual(
      [
        'eks-pod-identity-agent v1.3.10-eksbuild.2 → v2.0.0-eksbuild.1 on Kubernetes 1.34',
        'vpc-cni v1.20.4-eksbuild.2 → v1.22.0-eksbuild.1 from Kubernetes 1.34 to 1.35',
        'eks-pod-identity-agent v1.3.10-eksbuild.2 → v2.0.0-eksbuild.1 on Kubernetes 1.35',
        'eks-pod-identity-agent v1.3.10-eksbuild.2 → v2.0.0-eksbuild.1 from Kubernetes 1.34 to 1.35',
      ].map(
        (step) =>
          `${step}: it moves one minor at a time, so deploy those between first, as \`addons.${step.split(' ')[0]!}.version\``,
      ),
    );
  });

  test('is an add-on without a version, with the minors it lacks', () => {
    const { coredns: _, ...rest } = pinned.addons['1.35']!;
    expect(warnings(pinned, { ...pinned, addons: { ...pinned.addons, '1.35': rest } })).toEqual([
      'EKS names no default version of coredns for Kubernetes 1.35: a platform that has it there must give `addons.coredns.version`',
    ]);
  });
});

describe('the command', () => {
  const root = path.join(__dirname, '..', '..');
  const file = (name: string): string => path.join(fork, name);
  const json = (name: string): unknown => JSON.parse(readFileSync(file(name), 'utf8'));
  let fork: string;
  beforeAll(() => {
    fork = mkdtempSync(path.join(tmpdir(), 'versions-'));
    for (const name of ['bin', 'lib', 'sandbox', 'package.json', 'tsconfig.json'])
      cpSync(path.join(root, name), file(name), { recursive: true });
    symlinkSync(path.join(root, 'node_modules'), file('node_modules'));
    writeFileSync(file('answers.json'), JSON.stringify(ANSWERS));
  });
  beforeEach(() => {
    const nothing = JSON.stringify({ versions: {} });
    for (const name of ['lib/addons/versions.json', 'lib/cluster/kubernetes-versions.json'])
      writeFileSync(file(name), nothing);
  });
  afterAll(() => rmSync(fork, { recursive: true, force: true }));

  const run = (args: string[], env: NodeJS.ProcessEnv = {}): Promise<{ code: number; out: string; err: string }> =>
    new Promise((resolve) => {
      const alone = { AWS_EC2_METADATA_DISABLED: 'true', HOME: fork, PATH: process.env.PATH, ...env };
      const all = [path.join(root, 'node_modules', 'tsx', 'dist', 'cli.mjs'), 'bin/refresh-versions.ts', ...args];
      execFile(process.execPath, all, { cwd: fork, env: alone }, (error, out, err) =>
        resolve({ code: error === null ? 0 : Number(error.code), out, err }),
      );
    });

  test('writes only when told to, whole files with source and date, and then finds nothing more', async () => {
    const shown = await run(['--from', 'answers.json']);
    expect(shown).toMatchObject({ code: 0, err: '' });
    expect(shown.out).toContain('\n8 differences. Nothing was written: --write does that.\n');
    expect(json('lib/addons/versions.json')).toEqual({ versions: {} });

    const written = await run(['--from', 'answers.json', '--write']);
    expect(written).toMatchObject({ code: 0, err: '' });
    expect(written.out).toContain('\n8 differences written. Next: `npm test -- -u`, and read the changed snapshot.\n');
    const date = expect.stringMatching(/^\d{4}-\d\d-\d\d$/) as string;
    expect(json('lib/cluster/kubernetes-versions.json')).toEqual({
      source: 'eks:DescribeClusterVersions, saved answers',
      date,
      versions: VERSIONS.minors,
    });
    expect(json('lib/addons/versions.json')).toEqual({
      source: 'eks:DescribeAddonVersions, the default version of each add-on, saved answers',
      date,
      versions: VERSIONS.addons,
    });
    const left = ['lib/cluster', 'lib/addons'].flatMap((folder) => readdirSync(file(folder)));
    expect(left.filter((name) => name.endsWith('.tmp'))).toEqual([]);

    const again = await run(['--from', 'answers.json', '--write']);
    expect(again.out).toContain('The pinned versions are those of EKS.\n');
  });

  test('asks EKS page by page, for each add-on of each minor', async () => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? '', 'http://eks');
      const [name, kubernetes] = [searchParams.get('addonName'), searchParams.get('kubernetesVersion')];
      asked.push([pathname, name, kubernetes].filter((part) => part !== null).join(' '));
      const [first, second] = ANSWERS.clusterVersions.map((each) => ({
        ...each,
        endOfStandardSupportDate: Date.parse(String(each.endOfStandardSupportDate)) / 1000,
        endOfExtendedSupportDate: Date.parse(String(each.endOfExtendedSupportDate)) / 1000,
      }));
      const minors = searchParams.has('nextToken')
        ? { clusterVersions: [second] }
        : { clusterVersions: [first], nextToken: 'more' };
      const addons = ANSWERS.addons.filter(({ addonName }) => addonName === name);
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(pathname === '/cluster-versions' ? minors : { addons }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const endpoint = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
    const ended = await run(['--region', 'eu-west-1', '--write'], {
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: 'a',
      AWS_SECRET_ACCESS_KEY: 'b',
    });
    server.close();
    expect(ended).toMatchObject({ code: 0, err: 'Asking EKS in eu-west-1 …\n' });
    expect(json('lib/addons/versions.json')).toMatchObject({ versions: VERSIONS.addons });
    expect(asked.slice(0, 2)).toEqual(['/cluster-versions', '/cluster-versions']);
    const each = ['1.34', '1.35'].flatMap((to) =>
      Object.keys(ADDONS).map((name) => `/addons/supported-versions ${name} ${to}`),
    );
    expect(asked.slice(2).sort()).toEqual(each.sort());
  });

  test.each<[string, string[], NodeJS.ProcessEnv, number, string]>([
    ['no credentials', ['--region', 'eu-west-1'], {}, 1, 'No AWS credentials: set AWS_PROFILE or sign in'],
    ['no region', [], {}, 1, 'No region: give --region, or set AWS_REGION.'],
    ['a file that is not there', ['--from', 'none.json'], {}, 1, 'none.json cannot be read as answers of EKS'],
    [
      'a file of something else',
      ['--from', 'package.json'],
      {},
      1,
      '`clusterVersions` and `addons` must both be in it',
    ],
    ['an unknown option', ['--frm', 'a'], {}, 2, 'Did you mean --from?'],
    ['saved answers in a region', ['--from', 'a', '--region', 'b'], {}, 2, "cannot be used with option '--region"],
  ])('says %s in a sentence', async (_, args, env, code, told) => {
    const ended = await run(args, env);
    expect(ended).toMatchObject({ code, out: '' });
    expect(ended.err).toContain(told);
    expect(ended.err).not.toMatch(/^\s+at /m);
  });
});
