import type { Access } from '../../../lib/access/access';
import { canonicalArn } from '../../../lib/access/authenticator/canonical-arn';
import type { MappingPlace } from '../../../lib/access/login/mapping-remedies';
import { mappingStep, type MappingFacts } from '../../../lib/access/login/mapping-step';
import { shown } from './steps';

const OURS = '111122223333';
const place: MappingPlace = { clusterName: 'dev', region: 'eu-west-1' };
const session = (role: string, account = OURS): string => `arn:aws:sts::${account}:assumed-role/${role}/mei`;
const role = (name: string, account = OURS): string => `arn:aws:iam::${account}:role/${name}`;
const user = (name: string): string => `arn:aws:iam::${OURS}:user/${name}`;
const entry = (principalArn: string, more = {}): Access['entries'][number] => ({
  principalArn,
  type: 'STANDARD',
  ...more,
});
const map = (...lines: string[]): Access['awsAuth'] => ({
  mapRoles: lines.map((arn) => `- {rolearn: '${arn}', username: u, groups: [g]}`).join('\n'),
});

function check(
  callerArn: string,
  access: Partial<Access>,
  more: Partial<MappingFacts> = {},
  where: Partial<MappingPlace> = {},
): string[] {
  const whole: Access = { mode: 'API_AND_CONFIG_MAP', partition: 'aws', account: OURS, entries: [], ...access };
  const caller = canonicalArn(callerArn);
  if (caller === undefined) throw new Error(`no caller ${callerArn}`);
  return shown(mappingStep(caller, callerArn, { access: whole, ...more }, { ...place, ...where }).step);
}

const DEPLOYER = 'whoever deploys dev';
const ENTRIES = 'whoever may call eks:CreateAccessEntry and eks:AssociateAccessPolicy';
const WRITERS =
  'whoever may update the ConfigMap aws-auth in kube-system, such as a cluster-admin that comes in by an access entry';
const GRANT = `add a grant for it to \`access.grants\` of config/dev.ts and deploy | ${DEPLOYER}; at once, ${ENTRIES}`;
const CREATE = `aws eks create-access-entry --cluster-name dev --region eu-west-1 --principal-arn <the whole ARN, with its path> | ${ENTRIES}`;
const signInAs = (arn: string): string =>
  `sign in as ${arn}: \`aws sts get-caller-identity\` shows whether you are | you`;
const PROFILE =
  'the credentials are of somebody else than you think | `aws sts get-caller-identity` shows whose; set AWS_PROFILE or give --profile | you';
const CREATOR = `you made the cluster, and here that gives no rights (bootstrapClusterCreatorAdminPermissions is false) | ${GRANT}`;
const NOBODY = (arn: string, holder = 'access entry or line of aws-auth'): string =>
  `✗ mapping: no ${holder} is for ${arn}`;

describe('a caller that is let in', () => {
  test('by the access entry of a grant', () => {
    const entries = [
      entry(role('ci/Deployers'), {
        groups: ['g', 'h'],
        policies: [{ policy: 'AmazonEKSViewPolicy', namespaces: ['a'] }],
      }),
    ];
    expect(check(session('Deployers'), { entries }, { grantOf: () => 'ci' })).toEqual([
      '✓ mapping: access entry of grant ci: user arn:aws:sts::111122223333:assumed-role/Deployers/mei, groups g h, AmazonEKSViewPolicy in a',
    ]);
    expect(check(session('Deployers'), { entries })[0]).toContain(
      '✓ mapping: access entry of arn:aws:iam::111122223333:role/ci/Deployers: ',
    );
  });

  test('by a line of aws-auth', () => {
    const awsAuth = map(role('Other'), role('Deployers'));
    expect(check(session('Deployers'), { awsAuth }, { grantOf: () => 'ci' })).toEqual([
      '✓ mapping: line 2 of mapRoles, grant ci: user u, groups g',
    ]);
  });

  test('by mapAccounts, as a user without a group', () => {
    expect(check(user('mei'), { awsAuth: { mapAccounts: `['${OURS}']` } })).toEqual([
      '✓ mapping: line 1 of mapAccounts: user arn:aws:iam::111122223333:user/mei',
    ]);
  });

  test('by a line without a user name', () => {
    expect(check(session('D'), { awsAuth: { mapRoles: `- rolearn: ${role('D')}` } })).toEqual([
      '✓ mapping: line 1 of mapRoles: user ""',
    ]);
  });

  test('by an entry that outdoes a line of aws-auth', () => {
    expect(check(session('D'), { entries: [entry(role('D'))], awsAuth: map(role('D')) })).toEqual([
      '✓ mapping: access entry of arn:aws:iam::111122223333:role/D: user arn:aws:sts::111122223333:assumed-role/D/mei',
      '(line 1 of mapRoles is for it too, and counts for nothing: the access entry wins wholly)',
    ]);
  });

  test('whatever the case of the letters', () => {
    expect(check(session('Deployers'), { awsAuth: map(role('deployers')) })).toEqual([
      '✓ mapping: line 1 of mapRoles: user u, groups g',
      '(written arn:aws:iam::111122223333:role/deployers: capitals and small letters are the same here)',
    ]);
  });
});

const NEW = 'AWSReservedSSO_Dev_fedcba9876543210';
const OLD = 'AWSReservedSSO_Dev_0123456789abcdef';
const ssoPath = 'aws-reserved/sso.amazonaws.com/eu-west-1';

test.each<[string, string, Partial<Access>, string[]]>([
  [
    'the ARN of the role has a path in aws-auth',
    session('Deployers'),
    { awsAuth: map(role('Ops'), role('ci/Deployers')) },
    [
      NOBODY(role('Deployers')),
      `the role ARN in aws-auth has a path (line 2 of mapRoles: arn:aws:iam::111122223333:role/ci/Deployers), which STS never tells, so it never matches | write arn:aws:iam::111122223333:role/Deployers in line 2 of mapRoles | ${WRITERS}`,
    ],
  ],
  [
    'aws-auth names a session',
    session('Deployers'),
    { awsAuth: map(session('Deployers')) },
    [
      NOBODY(role('Deployers')),
      `aws-auth names a session in place of its role (line 1 of mapRoles: arn:aws:sts::111122223333:assumed-role/Deployers/mei), and nothing there matches sessions | write arn:aws:iam::111122223333:role/Deployers in line 1 of mapRoles | ${WRITERS}`,
    ],
  ],
  [
    'mode API reads no aws-auth',
    session('Deployers'),
    { mode: 'API', awsAuth: map(role('Deployers')) },
    [
      NOBODY(role('Deployers'), 'access entry'),
      `it is in aws-auth, and with authentication mode API nobody reads that | ${GRANT}`,
    ],
  ],
  [
    'mode CONFIG_MAP reads no entries',
    session('Deployers'),
    { mode: 'CONFIG_MAP', entries: [entry(role('Deployers'))] },
    [
      NOBODY(role('Deployers'), 'line of aws-auth'),
      `it has an access entry, and with authentication mode CONFIG_MAP nobody reads those | aws eks update-cluster-config --name dev --region eu-west-1 --access-config 'authenticationMode=API_AND_CONFIG_MAP' | whoever may call eks:UpdateClusterConfig`,
    ],
  ],
  [
    'the permission set was made again',
    session(NEW),
    { entries: [entry(role(`${ssoPath}/${OLD}`))] },
    [
      NOBODY(role(NEW)),
      `the permission set Dev was made again, which gives its role another suffix: the access entry of arn:aws:iam::111122223333:role/${ssoPath}/${OLD} is for ${OLD}, and you are in as ${NEW} | npx hajime access resolve, and deploy | whoever may call iam:ListRoles, and ${DEPLOYER}; at once, ${ENTRIES}`,
    ],
  ],
  [
    'the permission set is of another account',
    session(NEW, '999900001111'),
    { entries: [entry(role(`${ssoPath}/${OLD}`))] },
    [
      NOBODY(role(NEW, '999900001111')),
      `the access entry of arn:aws:iam::111122223333:role/${ssoPath}/${OLD} is of account 111122223333, and you are in as session mei of permission set Dev of 999900001111 | ${signInAs(role(`${ssoPath}/${OLD}`))}`,
    ],
  ],
  [
    'the role is of another account',
    session('Deployers', '999900001111'),
    { entries: [entry(role('Deployers'))] },
    [
      NOBODY(role('Deployers', '999900001111')),
      `the access entry of arn:aws:iam::111122223333:role/Deployers is of account 111122223333, and you are in as session mei of role Deployers of 999900001111 | ${signInAs(role('Deployers'))}`,
    ],
  ],
  [
    'the user has that name',
    session('mei'),
    { entries: [entry(user('mei'))] },
    [
      NOBODY(role('mei')),
      `the access entry of arn:aws:iam::111122223333:user/mei is for the user of that name, and you are in as the role | ${signInAs(user('mei'))}`,
    ],
  ],
  [
    'the role has that name',
    user('mei'),
    { awsAuth: map(role('mei')) },
    [
      NOBODY(user('mei')),
      `line 1 of mapRoles is for the role of that name, and you are in as the user | ${signInAs(role('mei'))}`,
    ],
  ],
  [
    'the user has another path',
    user('team/mei'),
    { entries: [entry(user('mei'))], awsAuth: { mapUsers: `- userarn: ${user('mei')}` } },
    [
      NOBODY(user('team/mei')),
      `the access entry of arn:aws:iam::111122223333:user/mei has another path than the user: STS tells arn:aws:iam::111122223333:user/team/mei | ${GRANT}`,
      `line 1 of mapUsers has another path than the user: it says arn:aws:iam::111122223333:user/mei, and STS tells arn:aws:iam::111122223333:user/team/mei | write arn:aws:iam::111122223333:user/team/mei in line 1 of mapUsers | ${WRITERS}`,
    ],
  ],
  [
    'aws-auth is broken',
    session('Deployers'),
    { awsAuth: { mapRoles: 'rolearn: x' } },
    [
      '✗ mapping: aws-auth: `mapRoles` is not a list',
      `not all of aws-auth can be read: aws-auth: \`mapRoles\` is not a list | repair the ConfigMap | ${WRITERS}`,
    ],
  ],
  [
    'the line is for machines',
    session('Nodes'),
    { awsAuth: { mapRoles: `- {rolearn: '${role('Nodes')}', username: 'system:node:{{EC2PrivateDNSName}}'}` } },
    [
      '✗ mapping: `mapRoles[0]` needs a session named by the id of its EC2 instance for {{EC2PrivateDNSName}}, got "mei"',
      `it is written down as a machine: {{EC2PrivateDNSName}} stands for the instance that a session is named by | name people otherwise in that line, such as \`username: ops:{{SessionName}}\` | ${WRITERS}`,
    ],
  ],
  [
    'the entry is for machines and wins over aws-auth',
    session('Nodes'),
    { entries: [entry(role('Nodes'), { type: 'EC2_LINUX' })], awsAuth: map(role('Nodes')) },
    [
      '✗ mapping: `entries[0]` needs a session named by the id of its EC2 instance for {{EC2PrivateDNSName}}, got "mei"',
      `it is written down as a machine: {{EC2PrivateDNSName}} stands for the instance that a session is named by; the line in aws-auth would do, but an access entry wins wholly | delete the entry and make one of type STANDARD: a type never changes | ${DEPLOYER}`,
    ],
  ],
  [
    'it is a slip',
    session('Deployer'),
    { entries: [entry(role('Deployment')), entry(role('Deployers'))] },
    [
      NOBODY(role('Deployer')),
      `the access entry of arn:aws:iam::111122223333:role/Deployers is only nearly for it | ${signInAs(role('Deployers'))}`,
      `nobody granted anything to session mei of role Deployer | ${GRANT}`,
      PROFILE,
      CREATOR,
    ],
  ],
  [
    'nobody thought of it',
    user('mei'),
    { entries: [entry(role('Deployers'))] },
    [NOBODY(user('mei')), `nobody granted anything to user mei | ${GRANT}`, PROFILE, CREATOR],
  ],
  [
    'CloudFormation made the cluster',
    session('cdk-hnb659fds-cfn-exec-role-111122223333-eu-west-1'),
    {},
    [NOBODY(role('cdk-hnb659fds-cfn-exec-role-111122223333-eu-west-1')), CREATOR],
  ],
])('refused because %s', (_, arn, access, lines) => {
  expect(check(arn, access)).toEqual(lines);
});

describe('a cluster that was looked at', () => {
  const live = { live: true };

  test('lacks what the config says', () => {
    const configured: Access = { mode: 'API', partition: 'aws', account: OURS, entries: [entry(role('Deployers'))] };
    expect(check(session('Deployers'), { awsAuth: map(role('ci/Deployers')) }, { configured }, live).slice(1)).toEqual([
      `the role ARN in aws-auth has a path (line 1 of mapRoles: arn:aws:iam::111122223333:role/ci/Deployers), which STS never tells, so it never matches | write arn:aws:iam::111122223333:role/Deployers in line 1 of mapRoles | ${WRITERS}`,
      `config/dev.ts grants it something, and the cluster does not hold that | npx cdk diff 'dev/*', and deploy | ${DEPLOYER}`,
    ]);
  });

  test('is mended in the cluster', () => {
    expect(check(user('mei'), {}, {}, live).slice(1)).toEqual([
      `nobody granted anything to user mei | ${CREATE}`,
      PROFILE,
      `you made the cluster, and here that gives no rights (bootstrapClusterCreatorAdminPermissions is false) | ${CREATE}`,
    ]);
    expect(check(session(NEW), { entries: [entry(role(OLD))] }, {}, live)[1]).toContain(` | ${CREATE}`);
    expect(check(session('N'), { entries: [entry(role('N'), { type: 'EC2' })] }, {}, live)[1]).toContain(
      `| ${ENTRIES}, and eks:DeleteAccessEntry`,
    );
  });

  test('may have been made by another session', () => {
    expect(check(user('mei'), {}, {}, { ...live, creatorIsAdministrator: true }).at(-1)).toBe(
      `the cluster was made from another session, and only whoever made it is an administrator by that | ${CREATE}`,
    );
  });

  test('has flaws in its aws-auth', () => {
    expect(check(user('mei'), {}, { flaws: ['`data.mapUsers` must be a text'] }, live).slice(1)).toEqual([
      `not all of aws-auth can be read: \`data.mapUsers\` must be a text | repair the ConfigMap | ${WRITERS}`,
    ]);
  });
});
