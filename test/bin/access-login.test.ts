import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import * as tls from 'node:tls';
import { stripVTControlCharacters } from 'node:util';
import { kubeconfig, type KubeconfigOptions } from '../../bin/access/kubeconfig';
import { loginCheckCommand, type LoginCheckOptions } from '../../bin/access/login-check';
import { WrongUse } from '../../bin/ending';
import { platforms } from '../../config';
import type { PlatformConfig } from '../../lib/platform-config';
import { Failure } from '../../sandbox/failure';

const OURS = '111122223333';
const config: PlatformConfig = {
  ...(platforms.dev as PlatformConfig),
  env: { account: OURS, region: 'ap-northeast-1' },
  access: {
    authenticationMode: 'API_AND_CONFIG_MAP',
    grants: {
      'break-glass': { principal: `arn:aws:iam::${OURS}:role/BreakGlass`, can: 'cluster-admin' },
      deployers: { principal: `arn:aws:iam::${OURS}:role/ci/Deployers`, can: 'view', renderAs: 'aws-auth' },
      developers: {
        principal: `arn:aws:iam::${OURS}:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Dev_0123456789abcdef`,
        can: 'edit',
        namespaces: ['shop'],
      },
    },
  },
};
const broken = { ...config, env: { account: '1', region: 'ap-northeast-1' } };
const session = (role: string): string => `arn:aws:sts::${OURS}:assumed-role/${role}/mei`;
const pem = readFileSync(path.join(__dirname, '..', 'access', 'writer', 'loopback-cert.pem'), 'utf8');
const key = readFileSync(path.join(__dirname, '..', 'access', 'writer', 'loopback-key.pem'), 'utf8');

/** A host that no name server needs to be asked about: a part of a name has 63 letters at most. */
const UNKNOWN = `${'a'.repeat(64)}.invalid`;

let folder: string;
let printed: string;
const before = { PATH: process.env.PATH, HTTPS_PROXY: process.env.HTTPS_PROXY, https_proxy: process.env.https_proxy };

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'login-'));
  printed = '';
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  process.env.PATH = folder;
  delete process.env.HTTPS_PROXY;
  delete process.env.https_proxy;
});
afterEach(() => {
  jest.restoreAllMocks();
  for (const [name, value] of Object.entries(before)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  rmSync(folder, { recursive: true, force: true });
});

function file(name: string, text: string): string {
  const at = path.join(folder, name);
  writeFileSync(at, text);
  return at;
}

/** A tool on PATH that is only a few lines of shell. */
function tool(name: string, ...lines: string[]): void {
  chmodSync(file(name, ['#!/bin/sh', ...lines, ''].join('\n')), 0o755);
}

/** What was printed, without colours. */
const out = (): string => stripVTControlCharacters(printed);

const described = (more: object = {}): string =>
  JSON.stringify({
    cluster: {
      name: 'dev',
      arn: `arn:aws:eks:ap-northeast-1:${OURS}:cluster/dev`,
      endpoint: 'https://ABC.gr7.ap-northeast-1.eks.amazonaws.com',
      certificateAuthority: { data: Buffer.from(pem).toString('base64') },
      resourcesVpcConfig: { endpointPublicAccess: false },
      ...more,
    },
  });

describe('hajime kubeconfig', () => {
  const run = (options: KubeconfigOptions): string => {
    expect(kubeconfig('dev', config, options)).toBe(true);
    return out();
  };

  test('prints the command and both stanzas, and how to go on', () => {
    expect(run({})).toMatchInlineSnapshot(`
     "dev: into your kubeconfig, as the credentials at hand
     aws eks update-kubeconfig --name dev --region ap-northeast-1

     The user's exec stanza, AWS CLI
     exec:
       apiVersion: client.authentication.k8s.io/v1beta1
       args:
       - --region
       - ap-northeast-1
       - eks
       - get-token
       - --cluster-name
       - dev
       - --output
       - json
       command: aws

     The user's exec stanza, aws-iam-authenticator
     exec:
       apiVersion: client.authentication.k8s.io/v1beta1
       args:
       - token
       - -i
       - dev
       command: aws-iam-authenticator
       env:
       - name: AWS_STS_REGIONAL_ENDPOINTS
         value: regional
       - name: AWS_DEFAULT_REGION
         value: ap-northeast-1

     ! whose credentials they are: \`aws sts get-caller-identity\`; as somebody with a grant: --as break-glass, deployers, developers
     ! whether they get in: npx hajime login-check dev --arn <the ARN it shows>
     "
    `);
  });

  test('prints what the holder of a permission set runs first', () => {
    expect(run({ as: 'developers', with: 'aws' })).toMatchInlineSnapshot(`
     "dev: into your kubeconfig, as developers
     aws configure sso --profile dev-developers  # once; choose account 111122223333 and permission set Dev
     aws sso login --profile dev-developers  # whenever the session has ended
     aws eks update-kubeconfig --name dev --region ap-northeast-1 --profile dev-developers --alias dev-developers --user-alias dev-developers

     The user's exec stanza, AWS CLI
     exec:
       apiVersion: client.authentication.k8s.io/v1beta1
       args:
       - --region
       - ap-northeast-1
       - eks
       - get-token
       - --cluster-name
       - dev
       - --output
       - json
       command: aws
       env:
       - name: AWS_PROFILE
         value: dev-developers

     ! nobody can assume the role of a permission set by its ARN, so there is no --role-arn: IAM Identity Center signs you in to it
     ! to write the kubeconfig, permission set Dev must be allowed eks:DescribeCluster; \`--cluster-json\` does without
     "
    `);
  });

  test('prints a role to assume', () => {
    expect(run({ as: 'deployers', with: 'aws-iam-authenticator', profile: 'ci' })).toMatchInlineSnapshot(`
     "dev: into your kubeconfig, as deployers
     aws eks update-kubeconfig --name dev --region ap-northeast-1 --role-arn arn:aws:iam::111122223333:role/ci/Deployers --profile ci --alias dev-deployers --user-alias dev-deployers

     The user's exec stanza, aws-iam-authenticator
     exec:
       apiVersion: client.authentication.k8s.io/v1beta1
       args:
       - token
       - -i
       - dev
       - -r
       - arn:aws:iam::111122223333:role/ci/Deployers
       command: aws-iam-authenticator
       env:
       - name: AWS_STS_REGIONAL_ENDPOINTS
         value: regional
       - name: AWS_DEFAULT_REGION
         value: ap-northeast-1
       - name: AWS_PROFILE
         value: ci

     ! your own credentials need sts:AssumeRole on arn:aws:iam::111122223333:role/ci/Deployers, and its trust policy must let you
     ! to write the kubeconfig, your own credentials and not the role must be allowed eks:DescribeCluster; \`--cluster-json\` does without
     "
    `);
  });

  test.each<[string, KubeconfigOptions, string, string]>([
    ['placeholders', { yaml: true }, '<endpoint>', '<certificate-authority-data>'],
    ['what is told', { endpoint: 'https://127.0.0.1:1', ca: 'PEM' }, 'https://127.0.0.1:1', 'BASE64'],
    ['what was described', { clusterJson: 'JSON' }, 'https://ABC.gr7.ap-northeast-1.eks.amazonaws.com', 'BASE64'],
    [
      'what is told before what was described',
      { clusterJson: 'JSON', endpoint: 'x.example' },
      'https://x.example',
      'BASE64',
    ],
  ])('prints a whole kubeconfig with %s', (_, options, server, authority) => {
    const [ca, clusterJson] = [file('ca.pem', pem), file('cluster.json', described())];
    const text = run({ ...options, ...(options.ca && { ca }), ...(options.clusterJson && { clusterJson }) });
    expect(text).toContain(`    server: ${server}\n`);
    const data = authority === 'BASE64' ? Buffer.from(pem).toString('base64') : authority;
    expect(text).toContain(`    certificate-authority-data: ${data}\n`);
    expect(text.endsWith('      command: aws\n')).toBe(true);
  });

  test('is for machines too', () => {
    const machine = JSON.parse(run({ as: 'deployers', json: true })) as Record<string, unknown>;
    expect(Object.keys(machine)).toEqual(['platform', 'command', 'before', 'exec', 'kubeconfig', 'notes']);
    expect(Object.keys(machine.exec as object)).toEqual(['aws', 'aws-iam-authenticator']);
  });

  test('with problems in the config it prints those', () => {
    expect(kubeconfig('dev', broken, {})).toBe(false);
    expect(out()).toContain('config/dev.ts is not valid:\n  `env.account` must be an AWS account id');
  });

  test.each<[KubeconfigOptions, string]>([
    [{ as: 'deployer' }, 'dev has no grant deployer; did you mean `deployers`?'],
    [{ as: 'toString' }, 'dev has no grant toString; its grants are break-glass, deployers, developers'],
    [
      { endpoint: 'http://x.example' },
      '`--endpoint` must be the https:// address of a cluster and nothing behind it, got "http://x.example"',
    ],
    [{ ca: 'x' }, '`--ca` must be a certificate: base64 as `aws eks describe-cluster` prints it, or a file'],
  ])('%j is wrong use', (options, message) => {
    expect(() => kubeconfig('dev', config, options)).toThrow(new WrongUse(message));
  });

  test('a file that is not there is said', () => {
    const run = (): boolean => kubeconfig('dev', config, { clusterJson: 'nowhere.json' });
    expect(run).toThrow(Failure);
    expect(run).toThrow(/^--cluster-json cannot be read: .*ENOENT: no such file or directory, open 'nowhere\.json'$/);
  });
});

describe('hajime login-check', () => {
  const run = async (options: LoginCheckOptions): Promise<string[]> => {
    const ok = await loginCheckCommand('dev', config, options);
    return [...out().trimEnd().split('\n'), `exit ${ok ? 0 : 1}`];
  };

  test('walks a login to its end', async () => {
    tool('aws', 'echo aws-cli/2.15.0 Python/3.11');
    expect(await run({ arn: session('AWSReservedSSO_Dev_0123456789abcdef') })).toMatchInlineSnapshot(`
     [
       "dev: the way of a login",
       "– endpoint  private, inside the VPC only; not tried: --endpoint or --cluster-json says where it is, --probe asks AWS",
       "✓ token     aws-cli 2.15.0 can make one",
       "            whether it is a good one: aws eks get-token --cluster-name dev --region ap-northeast-1 | npx hajime login-check dev --token -",
       "✓ STS       session mei of permission set Dev",
       "✓ mapping   access entry of grant developers: user arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Dev_0123456789abcdef/mei, AmazonEKSEditPolicy in shop",
       "✓ RBAC      may get pods in shop; not in default, so name one: kubectl -n shop",
       "",
       "This login works: arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Dev_0123456789abcdef/mei is in. Not tried: endpoint.",
       "If the cluster refuses it nevertheless:",
       "    either  the cluster does not hold yet what config/dev.ts says",
       "       fix  npx cdk diff 'dev/*'; a new access entry takes up to a minute",
       "       who  whoever deploys dev",
       "        or  the role or user was deleted and made again: its access entry holds the unique id of the old one",
       "       fix  deploy once without its grant and once with it, which makes the entry anew",
       "       who  whoever deploys dev",
       "        or  kubectl signs as somebody else: the profile and role in the \`exec\` of its kubeconfig count, not yours",
       "       fix  kubectl config view --minify; then \`aws sts get-caller-identity\` with that profile",
       "       who  you",
       "exit 0",
     ]
    `);
  });

  test('says where it ends', async () => {
    tool('aws', 'echo aws-cli/2.15.0 Python/3.11');
    expect(await run({ arn: session('Deployer') })).toMatchInlineSnapshot(`
     [
       "dev: the way of a login",
       "– endpoint  private, inside the VPC only; not tried: --endpoint or --cluster-json says where it is, --probe asks AWS",
       "✓ token     aws-cli 2.15.0 can make one",
       "            whether it is a good one: aws eks get-token --cluster-name dev --region ap-northeast-1 | npx hajime login-check dev --token -",
       "✓ STS       session mei of role Deployer",
       "✗ mapping   no access entry or line of aws-auth is for arn:aws:iam::111122223333:role/Deployer",
       "    likely  line 1 of mapRoles (arn:aws:iam::111122223333:role/Deployers) is only nearly for it",
       "       fix  sign in as arn:aws:iam::111122223333:role/Deployers: \`aws sts get-caller-identity\` shows whether you are",
       "       who  you",
       "        or  nobody granted anything to session mei of role Deployer",
       "       fix  add a grant for it to \`access.grants\` of config/dev.ts and deploy",
       "       who  whoever deploys dev; at once, whoever may call eks:CreateAccessEntry and eks:AssociateAccessPolicy",
       "        or  the credentials are of somebody else than you think",
       "       fix  \`aws sts get-caller-identity\` shows whose; set AWS_PROFILE or give --profile",
       "       who  you",
       "        or  you made the cluster, and here that gives no rights (bootstrapClusterCreatorAdminPermissions is false)",
       "       fix  add a grant for it to \`access.grants\` of config/dev.ts and deploy",
       "       who  whoever deploys dev; at once, whoever may call eks:CreateAccessEntry and eks:AssociateAccessPolicy",
       "– RBAC      not asked: nobody is in",
       "",
       "The cluster refuses this login; most likely line 1 of mapRoles (arn:aws:iam::111122223333:role/Deployers) is only nearly for it.",
       "exit 1",
     ]
    `);
  });

  test('is for machines too', async () => {
    tool('aws-iam-authenticator', `echo '{"Version":"v0.7.5"}'`);
    expect(await loginCheckCommand('dev', config, { as: 'break-glass', json: true })).toBe(true);
    const machine = JSON.parse(out()) as { steps: { step: string; state: string; line: string }[] };
    expect(Object.keys(machine)).toEqual(['platform', 'steps', 'ok', 'verdict', 'identity', 'otherwise']);
    expect(machine.steps.map(({ step, state }) => `${step} ${state}`)).toEqual([
      'endpoint skipped',
      'token passed',
      'STS passed',
      'mapping passed',
      'RBAC passed',
    ]);
    expect(machine.steps[1]?.line).toBe('aws-iam-authenticator 0.7.5 can make one');
  });

  test('asks what is asked', async () => {
    const asked = { as: 'developers', verb: 'delete', resource: 'deploy', namespace: 'other' };
    expect((await run(asked)).filter((line) => line.includes('RBAC'))).toEqual([
      '✗ RBAC      may not delete deployments.apps in other',
    ]);
    printed = '';
    expect((await run({ as: 'developers', namespace: 'shop' })).filter((line) => line.includes('RBAC'))).toEqual([
      '✓ RBAC      may get pods in shop: AmazonEKSEditPolicy in shop',
    ]);
  });

  test('takes what was saved of the cluster', async () => {
    const from = file(
      'aws-auth.yaml',
      `data:\n  mapRoles: |\n    - rolearn: arn:aws:iam::${OURS}:role/ci/Deployers\nkind: ConfigMap\nmetadata:\n  name: aws-auth\n`,
    );
    const entries = file('entries.json', '{"accessEntries":[]}');
    tool('aws-iam-authenticator', 'echo 0.7.5');
    const path = `the role ARN in aws-auth has a path (line 1 of mapRoles: arn:aws:iam::${OURS}:role/ci/Deployers), which STS never tells, so it never matches`;
    expect((await run({ as: 'deployers', from, entries })).filter((line) => /mapping|likely/.test(line))).toEqual([
      `✗ mapping   no access entry or line of aws-auth is for arn:aws:iam::${OURS}:role/Deployers`,
      `    likely  ${path}`,
      `The cluster refuses this login; most likely ${path}.`,
    ]);
  });

  test('takes the mode from what was described', async () => {
    const clusterJson = file(
      'cluster.json',
      described({ endpoint: undefined, accessConfig: { authenticationMode: 'API' } }),
    );
    const lines = await run({ as: 'deployers', clusterJson });
    expect(lines.filter((line) => /endpoint {2}|mapping {3}|likely {2}it/.test(line))).toEqual([
      '– endpoint  private, inside the VPC only; not tried: the cluster has no endpoint yet',
      `✗ mapping   no access entry is for arn:aws:iam::${OURS}:role/Deployers`,
      '    likely  it is in aws-auth, and with authentication mode API nobody reads that',
    ]);
  });

  test('reads a token and keeps what is secret in it', async () => {
    const url = 'https://sts.ap-northeast-1.amazonaws.com/?Action=GetCallerIdentity&X-Amz-Signature=5ec4e7';
    const token = file('token', `k8s-aws-v1.${Buffer.from(url).toString('base64url')}`);
    const lines = await run({ token });
    expect(lines[2]).toBe(
      '✗ token     signed for nothing in no region, and goes to sts.ap-northeast-1.amazonaws.com; x-k8s-aws-id is not signed; X-Amz-Expires is not from 0 to 900; X-Amz-Date is missing or no date',
    );
    expect(printed).not.toContain('5ec4e7');
  });

  test.each<[LoginCheckOptions, string]>([
    [{ arn: 'x', as: 'deployers' }, '--arn and --as both say who: give one'],
    [{ as: 'deployer' }, 'dev has no grant deployer; did you mean `deployers`?'],
    [{ verb: 'get', resource: 'podz' }, 'Kubernetes 1.35 has no resource podz; did you mean '],
    [{ entries: 'FILE' }, '`line 1` must be JSON, got "hello"; '],
  ])('%j is wrong use', async (options, message) => {
    const entries = options.entries && file('entries.json', 'hello');
    const wrong = loginCheckCommand(
      'dev',
      { ...config, controlPlane: { ...config.controlPlane, version: '1.35' } },
      { ...options, entries },
    );
    await expect(wrong).rejects.toThrow(WrongUse);
    await expect(wrong).rejects.toThrow(message);
  });

  test('with problems in the config it says those', async () => {
    await expect(loginCheckCommand('dev', broken, {})).rejects.toThrow(Failure);
  });

  describe('connects', () => {
    const servers: Server[] = [];
    const listening = (server: Server): Promise<string> =>
      new Promise((resolve) => {
        servers.push(server);
        server.listen(0, '127.0.0.1', () => resolve(`127.0.0.1:${(server.address() as AddressInfo).port}`));
      });
    afterEach(async () => {
      await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
    });
    const endpointLine = async (options: LoginCheckOptions): Promise<string | undefined> =>
      (await run({ timeout: 2, ...options }))[1];

    test('with TLS, and checks the certificate if it can', async () => {
      const at = await listening(tls.createServer({ cert: pem, key }));
      expect(await endpointLine({ endpoint: at })).toBe(
        `✓ endpoint  ${at} answers here with TLS; its certificate was not checked, --ca or --cluster-json would`,
      );
      printed = '';
      expect(await endpointLine({ endpoint: at, ca: file('ca.pem', pem) })).toBe(
        `✓ endpoint  ${at} answers here with TLS`,
      );
    });

    test('to a host by its name, which the certificate must have', async () => {
      const at = (await listening(tls.createServer({ cert: pem, key }))).replace('127.0.0.1', 'localhost');
      expect(await endpointLine({ endpoint: at })).toContain(`✓ endpoint  ${at} answers here with TLS; `);
      printed = '';
      expect(await endpointLine({ endpoint: at, ca: file('ca.pem', pem) })).toBe(
        `✗ endpoint  ${at} shows a certificate that is not from the authority of the cluster`,
      );
    });

    test('to a server that is not the cluster', async () => {
      const at = await listening(tls.createServer({ cert: pem, key }));
      const other = '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n';
      expect(await endpointLine({ endpoint: at, ca: file('ca.pem', tls.rootCertificates[0] ?? other) })).toBe(
        `✗ endpoint  ${at} shows a certificate that is not from the authority of the cluster`,
      );
    });

    test('to a closed port', async () => {
      const server = createServer();
      const at = await listening(server);
      await new Promise((resolve) => servers.pop()?.close(resolve));
      process.env.HTTPS_PROXY = 'http://proxy.example:3128';
      const lines = await run({ endpoint: at });
      expect(lines.slice(1, 8)).toEqual([
        `✗ endpoint  ${at} refuses the connection (127.0.0.1)`,
        '    likely  nothing listens there: a tunnel or port forwarding that has ended, or another address than the cluster has',
        '       fix  start the tunnel again, or: aws eks update-kubeconfig --name dev --region ap-northeast-1',
        '       who  you',
        '        or  kubectl goes through the proxy of HTTPS_PROXY, and this went straight',
        '       fix  ask the proxy for the host, or put the host into NO_PROXY',
        '       who  you',
      ]);
      expect(lines.at(-1)).toBe('exit 1');
    });

    test('to a server without TLS', async () => {
      const at = await listening(createServer((socket) => socket.resume().end('SSH-2.0-x\r\n')));
      expect(await endpointLine({ endpoint: at })).toMatch(
        new RegExp(`^✗ endpoint {2}${at} takes the connection but speaks no TLS \\(.+\\)$`),
      );
    });

    test('to a server that never answers', async () => {
      const at = await listening(createServer((socket) => socket.resume()));
      expect(await endpointLine({ endpoint: at, timeout: 0.2 })).toBe(
        `✗ endpoint  ${at} takes the connection but speaks no TLS (ETIMEDOUT)`,
      );
    });

    test('to a name that nobody knows', async () => {
      expect(await endpointLine({ endpoint: UNKNOWN })).toMatch(
        new RegExp(`^✗ endpoint {2}${UNKNOWN}:443 does not resolve here \\((ENOTFOUND|EAI_\\w+)\\)$`),
      );
    });

    test('to no host but one of EKS, unless it is named', async () => {
      const clusterJson = file('cluster.json', described({ endpoint: 'https://127.0.0.1:6443' }));
      expect(await endpointLine({ clusterJson })).toBe(
        '– endpoint  private, inside the VPC only; not tried: 127.0.0.1 is no endpoint of EKS; --endpoint https://127.0.0.1:6443 tries it nevertheless',
      );
    });

    describe('where AWS says', () => {
      const answers = (cluster: string, caller: string): void => {
        file('cluster.json', `${cluster}\n`);
        file('caller.json', `${caller}\n`);
        tool(
          'aws',
          `while read -r line; do answer="$answer$line"; done < "${folder}/$([ "$1" = eks ] && echo cluster || echo caller).json"`,
          'case "$1" in --version) echo aws-cli/2.15.0;; *) echo "$answer";; esac',
          `echo "$@" >> "${folder}/calls"`,
        );
      };

      test('and as whom', async () => {
        answers(described({ endpoint: 'https://127.0.0.1:6443' }), JSON.stringify({ Arn: session('BreakGlass') }));
        const lines = await run({ probe: true, profile: 'mine' });
        expect(lines.slice(1, 7)).toEqual([
          '– endpoint  private, inside the VPC only; not tried: 127.0.0.1 is no endpoint of EKS; --endpoint https://127.0.0.1:6443 tries it nevertheless',
          '✓ token     aws-cli 2.15.0 can make one',
          '            whether it is a good one: aws eks get-token --cluster-name dev --region ap-northeast-1 | npx hajime login-check dev --token -',
          '✓ STS       session mei of role BreakGlass',
          `✓ mapping   access entry of grant break-glass: user ${session('BreakGlass')}, AmazonEKSClusterAdminPolicy in the whole cluster`,
          '✓ RBAC      may get pods in default: AmazonEKSClusterAdminPolicy in the whole cluster',
        ]);
        expect(readFileSync(path.join(folder, 'calls'), 'utf8').trim().split('\n').sort()).toEqual([
          '--version',
          'eks describe-cluster --name dev --region ap-northeast-1 --profile mine --output json',
          'sts get-caller-identity --region ap-northeast-1 --profile mine --output json',
        ]);
      });

      test('and tells of another caller than was named', async () => {
        answers(described(), JSON.stringify({ Arn: session('Other') }));
        const lines = await run({ probe: true, endpoint: UNKNOWN, arn: session('BreakGlass') });
        expect(lines.find((line) => line.includes(' STS '))).toBe(
          `✗ STS       the credentials at hand are of ${session('Other')}, not of ${session('BreakGlass')}`,
        );
      });

      test('and says what AWS refuses', async () => {
        tool(
          'aws',
          'echo "An error occurred (ResourceNotFoundException): No cluster found for name: dev." >&2; exit 254',
        );
        expect((await run({ probe: true })).slice(1, 3)).toEqual([
          '✗ endpoint  aws eks describe-cluster fails: An error occurred (ResourceNotFoundException): No cluster found for name: dev.',
          '    likely  there is no cluster dev in ap-northeast-1 of that account: it is not deployed yet, or the credentials are of another account',
        ]);
      });

      test('and says that there is nothing to ask with', async () => {
        expect((await run({ probe: true }))[1]).toBe('✗ endpoint  aws eks describe-cluster fails: aws: ENOENT');
      });

      test('and tells of another cluster', async () => {
        answers(described({ arn: 'arn:aws:eks:ap-northeast-1:999900001111:cluster/dev' }), '{}');
        expect((await run({ probe: true })).slice(1, 4)).toEqual([
          `✗ endpoint  \`aws eks describe-cluster\` must be of the cluster arn:…:eks:ap-northeast-1:${OURS}:cluster/dev, got "arn:aws:eks:ap-northeast-1:999900001111:cluster/dev"`,
          '    likely  the credentials at hand are of another account, which has a cluster of that name too',
          '       fix  `aws sts get-caller-identity` shows the account; set AWS_PROFILE or give --profile',
        ]);
      });
    });
  });
});
