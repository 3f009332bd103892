import type { Access } from '../../../lib/access/access';
import { awsAuthIndex } from '../../../lib/access/authenticator/aws-auth-index';
import { mapIdentity, type MappedIdentity, type UnmappedCaller } from '../../../lib/access/authenticator/map-identity';

const DEV = 'arn:aws:sts::111122223333:assumed-role/Dev/mei';
const MEI = 'arn:aws:iam::111122223333:user/ops/Mei';

type Texts = NonNullable<Access['awsAuth']>;

function mapped(
  callerArn: string,
  awsAuth: Texts,
  mode: Access['mode'] = 'CONFIG_MAP',
): MappedIdentity | UnmappedCaller {
  return mapIdentity(callerArn, { mode, partition: 'aws', account: '111122223333', entries: [], awsAuth });
}

/** Lines as YAML; JSON is YAML, too. */
const yaml = (...lines: object[]): string => JSON.stringify(lines);
const role = (rolearn: string, username: string, ...groups: string[]): object => ({ rolearn, username, groups });
const user = (userarn: string, username: string, ...groups: string[]): object => ({ userarn, username, groups });

// the data of configmap_test.go and yaml_test.go of the authenticator, by the names of its tests
describe('as the authenticator tests itself', () => {
  const NODES = 'arn:aws:iam::555555555555:role/devel-worker-nodes-NodeInstanceRole-74RF4UBDUKL6';
  const node = NODES.replace(':iam:', ':sts:').replace(':role/', ':assumed-role/') + '/i-0c6f21bf1f24f9708';
  const admin = 'arn:aws:iam::555555555555:user/admin';
  const other = 'arn:aws:iam::555555555555:user/other';
  const roles = (arn: string, username: string, groups: string, second: string): string =>
    `- ${arn}: ${NODES}\n  ${username}: system:node:{{EC2PrivateDNSName}}\n  ${groups}:\n    - system:bootstrappers\n${second}- system:nodes\n`;
  const users = (arn: string, username: string, groups: string): string =>
    `- ${arn}: ${admin}\n  ${username}: admin\n  ${groups}:\n    - system:masters\n`;
  const plain = {
    mapRoles: roles('rolearn', 'username', 'groups', '    '),
    mapUsers: users('userarn', 'username', 'groups'),
  };

  test.each<[string, Texts, string[]]>([
    ['aws-auth.yaml', plain, ['system:bootstrappers', 'system:nodes']],
    [
      'aws-auth-crazy-case-keys.yaml',
      { mapRoles: roles('rOlEaRn', 'UsErNaMe', 'gRoUpS', '    '), mapUsers: users('uSeRaRn', 'UsErNaMe', 'gRoUpS') },
      ['system:bootstrappers', 'system:nodes'],
    ],
    [
      'aws-auth-open-source-case-keys.yaml',
      { mapRoles: roles('roleARN', 'username', 'groups', '    '), mapUsers: users('userARN', 'username', 'groups') },
      ['system:bootstrappers', 'system:nodes'],
    ],
    [
      'aws-auth-space-out-of-place.yaml',
      { ...plain, mapRoles: roles('rolearn', 'username', 'groups', '     ') },
      ['system:bootstrappers - system:nodes'],
    ],
  ])('TestConfigMap %s', (_, texts, groups) => {
    const awsAuth = { ...texts, mapAccounts: '- 555555555555\n' };
    expect(mapped(node, awsAuth)).toMatchObject({
      username: 'system:node:i-0c6f21bf1f24f9708',
      groups: [...groups, 'system:authenticated'],
    });
    expect(mapped(admin, awsAuth)).toMatchObject({
      username: 'admin',
      groups: ['system:masters', 'system:authenticated'],
    });
    expect(mapped(other, awsAuth)).toMatchObject({ username: other, by: { source: 'mapAccounts', index: 0 } });
  });

  test.each([
    ['aws-auth-lower-case-top-keys.yaml', { maproles: plain.mapRoles, mapusers: plain.mapUsers }],
    ['aws-auth-crazy-case-top-keys.yaml', { MaPrOlEs: plain.mapRoles, mApUsErS: plain.mapUsers }],
  ])('TestConfigMap %s', (_, awsAuth) => {
    expect(mapped(node, awsAuth as Texts)).toMatchObject({ mapped: false, reason: 'no-mapping' });
    expect(mapped(admin, awsAuth as Texts)).toMatchObject({ mapped: false, reason: 'no-mapping' });
  });

  // Kubernetes refuses the whole ConfigMap; here the other parts count, as they would if a text were only broken
  test('TestConfigMap aws-auth-missing-bar.yaml', () => {
    const awsAuth = { ...plain, mapRoles: [{ rolearn: NODES }] } as unknown as Texts;
    expect(mapped(node, awsAuth)).toMatchObject({ mapped: false, reason: 'invalid-config-map' });
    expect(mapped(admin, awsAuth)).toMatchObject({ username: 'admin' });
  });

  test('TestLoadConfigMap', () => {
    const nic = 'arn:aws:iam::012345678912:user/NIC';
    const awsAuth = {
      mapUsers:
        '\n-\n  userarn: "arn:iam:matlan"\n  username: matlan\n-\n  groups:\n    - "system:master"\n  userarn: "arn:aws:iam::012345678912:user/NIC"\n  username: nic\n',
      mapRoles: '\n- rolearn: "arn:aws:iam::123:role/me"\n  username: "{{Session}}"\n  groups:\n    - system:nodes\n',
      mapAccounts: '\n- 123\n- 345\n',
    };
    expect(mapped(nic, awsAuth)).toMatchObject({ username: 'nic', groups: ['system:master', 'system:authenticated'] });
    expect(mapped('arn:aws:iam::345:user/x', awsAuth)).toMatchObject({ by: { source: 'mapAccounts', index: 1 } });
    expect(mapped('arn:aws:iam::567:user/x', awsAuth)).toMatchObject({ reason: 'no-mapping' });
    // no such template: it stays as it stands
    expect(mapped('arn:aws:sts::123:assumed-role/me/s', awsAuth)).toMatchObject({ username: '{{Session}}' });
  });

  test('TestParseMap', () => {
    const arn = 'arn:aws:iam::123456789101:role/test-NodeInstanceRole-1VWRHZ3GKZ1T4';
    const {
      roles: byArn,
      users: byUser,
      accounts,
      unusable,
      flaws,
    } = awsAuthIndex({
      mapRoles: `- rolearn: ${arn}\n  username: system:node:{{EC2PrivateDNSName}}\n  groups:\n  - system:bootstrappers\n  - system:nodes\n- sso:\n    permissionSetName: ViewOnlyAccess\n    accountID: "012345678912"\n    partition: aws-cn\n  username: user1\n  groups:\n  - system:basic-users\n`,
      mapUsers:
        '- userarn: arn:aws:iam::123456789101:user/Hello\n  username: Hello\n  groups:\n  - system:masters\n- userarn: arn:aws:iam::123456789101:user/World\n  username: World\n  groups:\n  - system:masters\n',
    });
    expect([...byArn.values()]).toEqual([
      {
        index: 0,
        value: { arn, username: 'system:node:{{EC2PrivateDNSName}}', groups: ['system:bootstrappers', 'system:nodes'] },
      },
    ]);
    expect([...byUser.values()].map(({ value }) => value.username)).toEqual(['Hello', 'World']);
    expect([accounts.size, unusable, flaws]).toEqual([0, [], ['`mapRoles[1]` has sso, which EKS does not match']]);
  });

  test.each([
    ['TestBadParseMap', { mapAccounts: '', mapRoles: '""', mapUsers: '``' }],
    ['TestBadParseMapSingleQuote', { mapAccounts: "''", mapRoles: "''", mapUsers: "''" }],
  ])('%s', (_, texts) => {
    expect(awsAuthIndex(texts)).toEqual({
      roles: new Map(),
      users: new Map(),
      accounts: new Map(),
      unusable: [],
      flaws: [],
    });
  });

  test.each([
    ['TestUserMapping', 'arn:aws:iam::012345678912:user/matt', 'matlan'],
    ['TestRoleMapping', 'arn:aws:sts::012345678912:assumed-role/computer/x', 'computer'],
    ['TestAWSAccount', 'arn:aws:iam::123:user/x', 'arn:aws:iam::123:user/x'],
    [
      'TestSSORoleMapping',
      'arn:aws:sts::012345678912:assumed-role/AWSReservedSSO_ViewOnlyAccess_123123123/x',
      undefined,
    ],
  ])('%s', (_, caller, username) => {
    const sso = { permissionSetName: 'ViewOnlyAccess', accountID: '012345678912' };
    const identity = mapped(caller, {
      mapUsers: yaml(user('arn:aws:iam::012345678912:user/matt', 'matlan', 'system:master', 'dev')),
      mapRoles: yaml(role('arn:aws:iam::012345678912:role/computer', 'computer'), { sso, username: 'television' }),
      mapAccounts: yaml('123' as unknown as object),
    });
    expect(identity).toMatchObject(username === undefined ? { mapped: false } : { mapped: true, username });
  });
});

describe('which line counts', () => {
  test('mapRoles comes before mapUsers, and that before mapAccounts', () => {
    const mapRoles = yaml(role(MEI, 'by-role'));
    const mapUsers = yaml(user(MEI, 'by-user'));
    const mapAccounts = '- "1"\n- "111122223333"\n';
    expect(mapped(MEI, { mapRoles, mapUsers, mapAccounts })).toMatchObject({ username: 'by-role' });
    expect(mapped(MEI, { mapUsers, mapAccounts })).toMatchObject({ username: 'by-user' });
    expect(mapped(MEI, { mapAccounts })).toEqual({
      mapped: true,
      username: MEI,
      groups: ['system:authenticated'],
      policies: [],
      by: { source: 'mapAccounts', index: 1 },
    });
  });

  test('a role by its account is named without its session', () => {
    const arn = 'arn:aws:iam::111122223333:role/Dev';
    expect(mapped(DEV, { mapAccounts: '- "111122223333"' })).toMatchObject({ username: arn });
  });

  test('the last of several lines for a role wins wholly, and lines of no use are counted', () => {
    const mapRoles = yaml(
      role('arn:aws:iam::111122223333:role/Dev', 'first', 'a'),
      { username: 'nobody' },
      role('ARN:aws:iam::111122223333:role/DEV', 'second', 'b'),
      role('arn:aws:iam::111122223333:role/Ops', 'ops'),
    );
    expect(mapped(DEV, { mapRoles })).toEqual({
      mapped: true,
      username: 'second',
      groups: ['b', 'system:authenticated'],
      policies: [],
      by: { source: 'mapRoles', index: 2 },
    });
  });

  test.each([
    ['the same spelling', MEI],
    [
      'another spelling, where the authenticator leaves it to chance',
      MEI.toUpperCase().replace('ARN:AWS:IAM', 'arn:aws:iam'),
    ],
  ])('the last of several lines for a user wins: %s', (_, arn) => {
    const mapUsers = yaml(user(MEI, 'first', 'a'), user(arn, 'second'));
    expect(mapped(MEI, { mapUsers })).toMatchObject({ username: 'second', by: { source: 'mapUsers', index: 1 } });
  });

  test.each([
    ['a role with its path', 'arn:aws:iam::111122223333:role/team/Dev'],
    ['a session', DEV],
    ['a wildcard', 'arn:aws:iam::111122223333:role/*'],
    ['blanks around', ' arn:aws:iam::111122223333:role/Dev '],
    ['another account', 'arn:aws:iam::444455556666:role/Dev'],
    ['another partition', 'arn:aws-cn:iam::111122223333:role/Dev'],
  ])('a role is not matched by %s', (_, arn) => {
    expect(mapped(DEV, { mapRoles: yaml(role(arn, 'dev')) })).toMatchObject({ mapped: false, reason: 'no-mapping' });
  });

  test('a role asked by its own ARN, path and all, is asked as STS would tell it', () => {
    const arn = 'arn:aws:iam::111122223333:role/team/Dev';
    expect(mapped(arn, { mapRoles: yaml(role(arn, 'dev')) })).toMatchObject({ mapped: false });
    expect(mapped(arn, { mapRoles: yaml(role('arn:aws:iam::111122223333:role/Dev', 'dev')) })).toMatchObject({
      username: 'dev',
    });
  });

  test('a user is matched with the path, in any case', () => {
    expect(mapped(MEI, { mapUsers: yaml(user('arn:aws:iam::111122223333:user/Mei', 'mei')) }).mapped).toBe(false);
    expect(mapped(MEI, { mapUsers: yaml(user(MEI.toLowerCase(), 'mei')) }).mapped).toBe(true);
  });

  test('a line without a user name makes a nameless user', () => {
    expect(mapped(DEV, { mapRoles: '- rolearn: arn:aws:iam::111122223333:role/Dev' })).toMatchObject({
      username: '',
      groups: ['system:authenticated'],
    });
  });

  test('system:authenticated is there once, at the end', () => {
    const mapRoles = yaml(role('arn:aws:iam::111122223333:role/Dev', 'dev', 'system:authenticated', 'a', 'a'));
    expect(mapped(DEV, { mapRoles })).toMatchObject({ groups: ['a', 'a', 'system:authenticated'] });
  });
});

describe('what cannot be read', () => {
  const good = yaml(role('arn:aws:iam::111122223333:role/Dev', 'dev'));

  test('the good parts count nevertheless', () => {
    expect(mapped(DEV, { mapRoles: good, mapUsers: '{', mapAccounts: 'x' })).toMatchObject({ username: 'dev' });
    expect(mapped(DEV, { mapRoles: '"', mapAccounts: '- "111122223333"' })).toMatchObject({
      by: { source: 'mapAccounts' },
    });
  });

  test.each<[Texts, string]>([
    [{ mapRoles: 'rolearn: x' }, 'aws-auth: `mapRoles` is not a list'],
    [{ mapUsers: 'x' }, 'aws-auth: `mapUsers` is not a list'],
    [{ mapAccounts: '111122223333' }, 'aws-auth: `mapAccounts` is not a list'],
    [{ mapRoles: 5 as unknown as string }, 'aws-auth: `mapRoles` is not a text'],
    [
      { mapRoles: '- rolearn: a\n  username: {{SessionName}}' },
      'aws-auth: `mapRoles` has a list or mapping as a key; a text that begins with { or [ needs quotes',
    ],
    [
      { mapRoles: '- a: b: c', mapUsers: '- "' },
      'aws-auth: `mapRoles` is not valid YAML in line 1: Nested mappings are not allowed in compact mappings; ' +
        '`mapUsers` is not valid YAML in line 1: Missing closing "quote',
    ],
    [{ mapRoles: '- ~: x' }, 'aws-auth: `mapRoles` has a key that is empty'],
    [{ mapRoles: '- *a' }, 'aws-auth: `mapRoles` has an alias of nothing, *a'],
    [{ mapRoles: '- &a [*a]' }, 'aws-auth: `mapRoles` has an anchor within itself, &a'],
    [{ mapRoles: '- <<: x' }, 'aws-auth: `mapRoles` merges something that is not a mapping'],
    [{ mapRoles: '- .inf' }, 'aws-auth: `mapRoles` holds a number that is not finite, .inf'],
    [{ mapRoles: '- !!int x' }, 'aws-auth: `mapRoles` has a value that does not fit its tag, x'],
    [{ mapRoles: '-\tx' }, 'aws-auth: `mapRoles` holds a tab after a dash'],
    [{ mapRoles: '# \u0007' }, 'aws-auth: `mapRoles` holds a control character'],
    [{ mapRoles: '['.repeat(200) }, 'aws-auth: `mapRoles` is nested too deep'],
  ])('%j', (awsAuth, detail) => {
    expect(mapped(DEV, awsAuth)).toEqual({ mapped: false, reason: 'invalid-config-map', detail });
  });

  test.each<[Texts, string]>([
    [{}, ''],
    [{ mapRoles: '- username: x' }, '; `mapRoles[0]` has no rolearn'],
    [{ mapRoles: '- rolearn: 5' }, '; `mapRoles[0]` has a rolearn that is not a text (and 1 more)'],
    [{ mapRoles: '- rolearn: a\n- x' }, '; `mapRoles[1]` is not a mapping'],
    [{ mapRoles: '- {rolearn: a, sso: {}}' }, '; `mapRoles[0]` has both rolearn and sso'],
    [{ mapRoles: '- {sso: {}}' }, '; `mapRoles[0]` has sso, which EKS does not match'],
    [{ mapRoles: '- {rolearn: a, groups: b}' }, '; `mapRoles[0]` has groups that are not a list'],
    [{ mapRoles: '- {rolearn: a, groups: [1]}' }, '; `mapRoles[0]` has a group that is not a text'],
    [{ mapUsers: '- {rolearn: a}\n- x\n- y' }, '; `mapUsers[0]` has no userarn (and 2 more)'],
    [{ mapAccounts: '- [a]' }, '; `mapAccounts[0]` is not a text'],
  ])('a flaw is told where nothing matches: %j', (awsAuth, flaw) => {
    const detail = `no line of aws-auth is for arn:aws:iam::111122223333:role/Dev${flaw}`;
    expect(mapped(DEV, awsAuth)).toEqual({ mapped: false, reason: 'no-mapping', detail });
  });
});

test('aws-auth does not count in mode API', () => {
  const awsAuth = { mapRoles: yaml(role('arn:aws:iam::111122223333:role/Dev', 'dev')), mapUsers: '"' };
  expect(mapped(DEV, awsAuth, 'API')).toEqual({
    mapped: false,
    reason: 'no-mapping',
    detail: 'no access entry is for arn:aws:iam::111122223333:role/Dev',
  });
  expect(mapped(DEV, awsAuth, 'API_AND_CONFIG_MAP').mapped).toBe(true);
});
