import { platforms } from '../../../config';
import { loginAccess, type SavedAccess } from '../../../lib/access/login/login-access';
import { loginCheck, type LoginCheck, type LoginFacts } from '../../../lib/access/login/login-check';
import { simulator } from '../../../lib/access/simulator';
import type { PlatformConfig } from '../../../lib/platform-config';
import { shown } from './steps';

const config: PlatformConfig = {
  ...(platforms.dev as PlatformConfig),
  access: {
    authenticationMode: 'API_AND_CONFIG_MAP',
    grants: {
      'break-glass': { principal: 'arn:aws:iam::111122223333:role/BreakGlass', can: 'cluster-admin' },
      ops: { principal: 'arn:aws:iam::111122223333:role/ci/Ops', can: 'view', renderAs: 'aws-auth' },
    },
  },
};
const session = (role: string): string => `arn:aws:sts::111122223333:assumed-role/${role}/mei`;

function check(arn: string | undefined, more: Partial<LoginFacts> = {}, saved: SavedAccess = {}): LoginCheck {
  const { mapping, rbac } = loginAccess(simulator(config), saved);
  return loginCheck({
    clusterName: 'dev',
    region: 'ap-northeast-1',
    endpoint: {},
    token: { aws: 'aws-cli/2.15.0', now: new Date('2026-11-23T00:00:00Z') },
    caller: { arn },
    mapping,
    rbac,
    ...more,
  });
}

const states = ({ steps }: LoginCheck): string => steps.map(({ step, state }) => `${step} ${state}`).join(', ');

test('a login that works, and what may be the matter nevertheless', () => {
  const { steps, ok, verdict, identity, otherwise } = check(session('BreakGlass'));
  expect(steps.flatMap(shown)).toMatchInlineSnapshot(`
   [
     "– endpoint: private, inside the VPC only; not tried: --endpoint or --cluster-json says where it is, --probe asks AWS",
     "✓ token: aws-cli 2.15.0 can make one",
     "(whether it is a good one: aws eks get-token --cluster-name dev --region ap-northeast-1 | npx hajime login-check dev --token -)",
     "✓ STS: session mei of role BreakGlass",
     "✓ mapping: access entry of grant break-glass: user arn:aws:sts::111122223333:assumed-role/BreakGlass/mei, AmazonEKSClusterAdminPolicy in the whole cluster",
     "✓ RBAC: may get pods in default: AmazonEKSClusterAdminPolicy in the whole cluster",
   ]
  `);
  expect([ok, verdict, identity]).toMatchInlineSnapshot(`
   [
     true,
     "This login works: arn:aws:sts::111122223333:assumed-role/BreakGlass/mei is in. Not tried: endpoint.",
     {
       "by": {
         "index": 0,
         "source": "entry",
       },
       "groups": [
         "system:authenticated",
       ],
       "policies": [
         {
           "namespaces": undefined,
           "policy": "AmazonEKSClusterAdminPolicy",
         },
       ],
       "username": "arn:aws:sts::111122223333:assumed-role/BreakGlass/mei",
     },
   ]
  `);
  expect(otherwise).toMatchInlineSnapshot(`
   [
     {
       "cause": "the cluster does not hold yet what config/dev.ts says",
       "fix": "npx cdk diff 'dev/*'; a new access entry takes up to a minute",
       "who": "whoever deploys dev",
     },
     {
       "cause": "the role or user was deleted and made again: its access entry holds the unique id of the old one",
       "fix": "deploy once without its grant and once with it, which makes the entry anew",
       "who": "whoever deploys dev",
     },
     {
       "cause": "kubectl signs as somebody else: the profile and role in the \`exec\` of its kubeconfig count, not yours",
       "fix": "kubectl config view --minify; then \`aws sts get-caller-identity\` with that profile",
       "who": "you",
     },
   ]
  `);
});

test('every step taken leaves nothing untried', () => {
  const probe = { host: 'h', port: 443, addresses: ['10.0.0.1'], reached: 'tls' } as const;
  expect(check(session('BreakGlass'), { endpoint: { probe } }).verdict).toBe(
    'This login works: arn:aws:sts::111122223333:assumed-role/BreakGlass/mei is in.',
  );
});

test('a login by aws-auth has no unique id that could be stale', () => {
  const { verdict, otherwise } = check(session('Ops'));
  expect(verdict).toBe('This login works: ops:mei is in. Not tried: endpoint.');
  expect(otherwise).toHaveLength(2);
});

test('a look at the cluster leaves out what is not deployed', () => {
  const { otherwise } = check(session('BreakGlass'), { live: true });
  expect(otherwise[0]?.fix).toBe(
    'delete the entry and make it again: aws eks delete-access-entry --cluster-name dev --region ap-northeast-1 --principal-arn <its ARN>',
  );
  expect(otherwise.map(({ cause }) => cause)).toEqual([
    'the role or user was deleted and made again: its access entry holds the unique id of the old one',
    'kubectl signs as somebody else: the profile and role in the `exec` of its kubeconfig count, not yours',
  ]);
});

test('nobody named is no refusal', () => {
  const found = check(undefined);
  expect(states(found)).toBe('endpoint skipped, token passed, STS skipped, mapping skipped, RBAC skipped');
  expect([found.ok, found.verdict, found.otherwise]).toEqual([
    true,
    'Nothing stands against a login so far. Not tried: endpoint, STS, mapping, RBAC.',
    [],
  ]);
});

test('a question is part of the verdict', () => {
  const { rbac } = loginAccess(simulator(config), {});
  const request = { verb: 'get', apiGroup: '', resource: 'nodes' };
  const question = { request, inWords: 'get nodes', notes: [] };
  expect(check(session('BreakGlass'), { rbac: { ...rbac, question } }).verdict).toBe(
    'This login works: arn:aws:sts::111122223333:assumed-role/BreakGlass/mei is in and may get nodes. Not tried: endpoint.',
  );
  expect(check(session('Ops'), { rbac: { ...rbac, question } }).verdict).toBe(
    'The cluster lets this login in and permits too little; most likely the group kotohajime:ops permits other things than get nodes.',
  );
});

test.each<[string, string, string, Partial<LoginFacts>]>([
  [
    'endpoint failed, token passed, STS passed, mapping passed, RBAC passed',
    'This login does not reach the cluster; most likely the endpoint is private and you are outside the VPC.',
    session('Ops'),
    { endpoint: { probe: { host: 'h', port: 443, addresses: ['10.0.0.1'], reached: 'nothing', error: 'ETIMEDOUT' } } },
  ],
  [
    'endpoint skipped, token failed, STS passed, mapping passed, RBAC passed',
    'The cluster refuses the token; most likely it is another kind of token, or not made for EKS.',
    session('Ops'),
    { token: { token: 'x', now: new Date(0) } },
  ],
  [
    'endpoint skipped, token passed, STS failed, mapping skipped, RBAC skipped',
    'This caller does not come to the cluster; most likely nobody signs in as an IAM group.',
    'arn:aws:iam::111122223333:group/ops',
    {},
  ],
  [
    'endpoint skipped, token passed, STS failed, mapping passed, RBAC passed',
    'This caller does not come to the cluster; most likely the default profile is somebody else than you think.',
    session('Ops'),
    { caller: { arn: session('Ops'), atHand: session('Other') } },
  ],
  [
    'endpoint skipped, token passed, STS passed, mapping failed, RBAC skipped',
    'The cluster refuses this login; most likely nobody granted anything to session mei of role Strange.',
    session('Strange'),
    {},
  ],
])('it ends: %s', (steps, verdict, arn, more) => {
  const found = check(arn, more);
  expect([states(found), found.verdict, found.ok]).toEqual([steps, verdict, false]);
});

describe('what was saved of a cluster', () => {
  const awsAuth = (...lines: string[]): string => `mapRoles: |\n${lines.map((line) => `  - ${line}\n`).join('')}`;

  test('takes the place of what the config says, part by part', () => {
    const saved = { awsAuth: awsAuth('rolearn: arn:aws:iam::111122223333:role/ci/Ops') };
    const found = check(session('Ops'), { live: true }, saved);
    expect(found.verdict).toBe(
      'The cluster refuses this login; most likely the role ARN in aws-auth has a path (line 1 of mapRoles: arn:aws:iam::111122223333:role/ci/Ops), which STS never tells, so it never matches.',
    );
    expect(check(session('BreakGlass'), { live: true }, saved).ok).toBe(true);
  });

  test('names grants only for what is from the config', () => {
    const saved = { awsAuth: awsAuth('{rolearn: "arn:aws:iam::111122223333:role/Ops", groups: ["system:masters"]}') };
    const line = (arn: string): string | undefined => check(arn, {}, saved).steps[3]?.line;
    expect(line(session('Ops'))).toBe('line 1 of mapRoles: user "", groups system:masters');
    expect(line(session('BreakGlass'))).toContain('access entry of grant break-glass: ');
  });

  test('has entries that may be told by their ARN alone', () => {
    const entries = JSON.stringify({ accessEntries: ['arn:aws:iam::111122223333:role/Other'] });
    const told = JSON.stringify({
      accessEntry: { principalArn: 'arn:aws:iam::111122223333:role/Told', type: 'STANDARD', kubernetesGroups: [] },
    });
    const found = check(session('Other'), { live: true }, { entries: entries + told });
    expect(states(found)).toBe('endpoint skipped, token passed, STS passed, mapping passed, RBAC skipped');
    expect(states(check(session('Told'), { live: true }, { entries: entries + told }))).toContain('RBAC failed');
  });

  test('has another mode', () => {
    expect(check(session('BreakGlass'), {}, { mode: 'CONFIG_MAP' }).steps[3]?.causes[0]?.cause).toBe(
      'it has an access entry, and with authentication mode CONFIG_MAP nobody reads those',
    );
  });

  test.each<[SavedAccess, string[]]>([
    [{ entries: 'hello' }, ['`line 1` must be JSON']],
    [{ awsAuth: 'kind: Secret' }, ['`kind` must be ConfigMap']],
    [{ awsAuth: 'data: [' }, ['`line 1` must be YAML']],
    [{ awsAuth: awsAuth('x'), entries: '[]' }, []],
  ])('is of no use: %j', (saved, beginnings) => {
    const { problems } = loginAccess(simulator(config), saved);
    expect(problems.map((line, index) => line.slice(0, beginnings[index]?.length))).toEqual(beginnings);
  });

  test('is of use in part', () => {
    const { problems, mapping } = loginAccess(simulator(config), { awsAuth: 'mapRoles: [x]\nmapUsers: ""\n' });
    expect([problems, mapping.flaws?.map((flaw) => flaw.slice(0, 26))]).toEqual([[], ['`mapRoles` must be a text:']]);
  });
});
