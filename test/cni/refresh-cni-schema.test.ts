import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { schemaFaults, SCHEMAS } from '../../lib/cni/configuration-schema';

const root = join(__dirname, '..', '..');
const version = 'v1.15.1-eksbuild.1';
const kept = JSON.parse(readFileSync(join(SCHEMAS, `${version}.json`), 'utf8'));

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'schema-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const command = ['--require', 'tsx/cjs', join(root, 'bin', 'refresh-cni-schema.ts')];

/** The environment of the command: without the AWS settings of whoever runs the tests. */
function environment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, HOME: folder, NODE_PATH: join(root, 'node_modules') };
}

/** The command as npm runs it. */
function refresh(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...command, ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: environment(),
  });
  return { status, stdout, stderr };
}

/** An answer of EKS as the AWS command line saves it. */
function answer(changes: Readonly<Record<string, unknown>> = {}): string {
  const file = join(folder, 'answer.json');
  const whole = {
    addonName: 'vpc-cni',
    addonVersion: version,
    configurationSchema: JSON.stringify(kept.configurationSchema),
    ...changes,
  };
  writeFileSync(file, JSON.stringify(whole));
  utimesSync(file, new Date('2026-11-25T12:00:00Z'), new Date('2026-11-25T12:00:00Z'));
  return file;
}

test('a saved answer becomes the file that the check reads', () => {
  expect(refresh(version, '--from', answer(), '--to', folder)).toEqual({
    status: 0,
    stdout: `Wrote ${version}.json.\nvpc-cni ${version} does not take, or not wholly: subnetDiscovery, multiNic, networkPolicy, podMtu.\n`,
    stderr: '',
  });
  expect(JSON.parse(readFileSync(join(folder, `${version}.json`), 'utf8'))).toEqual({
    ...kept,
    source: 'eks:DescribeAddonConfiguration, a saved answer',
    readOn: '2026-11-25',
  });
  expect(schemaFaults(version, { env: { NO: '1' } }, folder)).toEqual([{ path: 'env.NO', rule: undefined }]);
  expect(readdirSync(folder).sort()).toEqual(['answer.json', `${version}.json`]);
});

test('the file it writes is the one that is kept, but for where it was read', () => {
  refresh(version, '--from', answer(), '--to', folder);
  const [mine, theirs] = [join(folder, `${version}.json`), join(SCHEMAS, `${version}.json`)].map((file) =>
    readFileSync(file, 'utf8').replace(/"(source|readOn)": ".*"/g, '"$1": ""'),
  );
  expect(mine).toBe(theirs);
});

test.each([
  [
    'another version',
    { addonVersion: 'v1.15.2-eksbuild.1' },
    `The answer is for vpc-cni v1.15.2-eksbuild.1, not for vpc-cni ${version}.\n`,
  ],
  ['another add-on', { addonName: 'coredns' }, `The answer is for coredns ${version}, not for vpc-cni ${version}.\n`],
  [
    'no schema',
    { configurationSchema: undefined },
    'The answer has no `configurationSchema`: is it one of `aws eks describe-addon-configuration`?\n',
  ],
  [
    'a schema that is no object',
    { configurationSchema: '[]' },
    'The schema in the answer cannot be used: it is no object\n',
  ],
  [
    'a schema that means nothing',
    { configurationSchema: '{"type":"moon"}' },
    /^The schema in the answer cannot be used: schema is invalid: .*\n$/,
  ],
])('an answer with %s is refused and nothing is written', (_, changes, told) => {
  const { status, stderr, stdout } = refresh(version, '--from', answer(changes), '--to', folder);
  expect(stderr).toMatch(told);
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(readdirSync(folder)).toEqual(['answer.json']);
});

test('what cannot be read or written is one sentence', () => {
  const missing = refresh(version, '--from', join(folder, 'no.json'), '--to', folder);
  expect(missing.stderr).toMatch(/no\.json cannot be read as an answer of EKS: ENOENT/);
  const nowhere = refresh(version, '--from', answer(), '--to', join(folder, 'no'));
  expect(nowhere.stderr).toMatch(/^The schema cannot be written: ENOENT/);
  for (const { status, stderr } of [missing, nowhere]) {
    expect(status).toBe(1);
    expect(stderr.split('\n')).toHaveLength(2);
  }
});

test('without a region or credentials it says what to do', () => {
  const { status, stderr } = refresh(version);
  expect(status).toBe(1);
  expect(stderr).toMatch(/^No region: give --region, or set AWS_REGION\.\n/);
  expect(stderr).not.toMatch(/^\s+at /m);
});

describe('EKS itself', () => {
  /** What the command says to an answer of EKS, and what it asked. */
  async function ask(status: number, headers: Record<string, string>, body: unknown): Promise<unknown[]> {
    const asked: (string | undefined)[] = [];
    const eks = createServer((request, response) => {
      asked.push(request.url);
      response.writeHead(status, headers).end(JSON.stringify(body));
    });
    await new Promise<void>((resolve) => eks.listen(0, '127.0.0.1', resolve));
    const env = {
      ...environment(),
      AWS_ENDPOINT_URL: `http://127.0.0.1:${(eks.address() as AddressInfo).port}`,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    };
    const args = [...command, version, '--region', 'eu-west-1', '--to', folder];
    const said = await new Promise<unknown[]>((resolve) =>
      execFile(process.execPath, args, { cwd: folder, env }, (error, stdout, stderr) =>
        resolve([error?.code ?? 0, stdout, stderr]),
      ),
    );
    await new Promise((resolve) => eks.close(resolve));
    return [...said, asked];
  }

  const asked = [`/addons/configuration-schemas?addonName=vpc-cni&addonVersion=${version}`];

  test('is asked for the version, and where that was is kept', async () => {
    const body = JSON.parse(readFileSync(answer(), 'utf8'));
    expect(await ask(200, {}, body)).toEqual([
      0,
      expect.stringMatching(/^Wrote v1\.15\.1-eksbuild\.1\.json\.\n/),
      'Asking EKS in eu-west-1 …\n',
      asked,
    ]);
    expect(JSON.parse(readFileSync(join(folder, `${version}.json`), 'utf8'))).toEqual({
      ...kept,
      source: 'eks:DescribeAddonConfiguration, eu-west-1',
      readOn: expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/),
    });
  });

  test.each([
    [403, 'AccessDeniedException', 'The credentials need eks:DescribeAddonConfiguration.'],
    [
      404,
      'ResourceNotFoundException',
      'EKS does not know that version: `aws eks describe-addon-versions --addon-name vpc-cni` lists those it knows.',
    ],
    [403, 'ExpiredTokenException', 'AWS refused the credentials: sign in again.'],
    [400, 'ClientException', 'EKS could not be asked.'],
  ])('that answers %i %s is told with what to do', async (status, error, told) => {
    expect(await ask(status, { 'x-amzn-errortype': error }, { message: 'why' })).toEqual([
      1,
      '',
      `Asking EKS in eu-west-1 …\n${told}\n  ${error}: why\n`,
      asked,
    ]);
    expect(readdirSync(folder)).toEqual([]);
  });
});

test.each([[[]], [['latest']], [[version, '--form', 'x']], [[version, '--from', 'x', '--region', 'eu-west-1']]])(
  'wrong use %j exits 2',
  (args) => {
    expect(refresh(...args).status).toBe(2);
  },
);

test('help shows examples and exit codes', () => {
  const { status, stdout } = refresh('--help');
  expect(status).toBe(0);
  expect(stdout).toContain('npm run refresh:cni-schema -- v1.21.1-eksbuild.1 --region eu-west-1');
  expect(stdout).toContain('Exit codes: 0 fine, 1 problems found, 2 wrong use');
});
