import type { Access, AccessEntry, Identity } from '../../../lib/access/access';
import { canonicalArn } from '../../../lib/access/authenticator/canonical-arn';
import {
  identityMapper,
  mapIdentity,
  type MappedIdentity,
  type UnmappedCaller,
} from '../../../lib/access/authenticator/map-identity';

const DEV = 'arn:aws:iam::111122223333:role/team/Dev';
const DEV_SESSION = 'arn:aws:sts::111122223333:assumed-role/Dev/mei@example.com';
const MEI = 'arn:aws:iam::111122223333:user/ops/Mei';
const INSTANCE = 'i-0c6f21bf1f24f9708';

const entry = (principalArn: string, more: Partial<AccessEntry> = {}): AccessEntry => ({
  principalArn,
  type: 'STANDARD',
  ...more,
});

const access = (entries: readonly AccessEntry[], more: Partial<Access> = {}): Access => ({
  mode: 'API',
  partition: 'aws',
  account: '111122223333',
  entries,
  ...more,
});

function session(name: string, role = 'Dev'): string {
  return `arn:aws:sts::111122223333:assumed-role/${role}/${name}`;
}

describe('an access entry', () => {
  test.each([
    ['a role without its path', DEV, DEV_SESSION],
    [
      'a role of Identity Center',
      'arn:aws:iam::1:role/aws-reserved/sso.amazonaws.com/R_x',
      'arn:aws:sts::1:assumed-role/R_x/s',
    ],
    [
      'a role in any case',
      DEV.toUpperCase().replace('ARN:AWS:IAM::111122223333:ROLE', 'arn:aws:iam::111122223333:role'),
      DEV_SESSION,
    ],
    ['a role by its own ARN', DEV, DEV],
    ['a user with the path', MEI, MEI],
    ['a user in any case', MEI.replace('Mei', 'mEI'), MEI],
    ['a principal of China', DEV.replace('aws', 'aws-cn'), DEV_SESSION.replace('aws', 'aws-cn')],
  ])('is for %s', (_, principal, caller) => {
    expect(mapIdentity(caller, access([entry(principal)]))).toMatchObject({ by: { source: 'entry', index: 0 } });
  });

  test.each([
    ['a role of another account', DEV.replace('1111', '4444'), DEV_SESSION],
    ['a role of another partition', DEV.replace('aws', 'aws-cn'), DEV_SESSION],
    ['a user of that name', 'arn:aws:iam::111122223333:user/Dev', DEV_SESSION],
    ['a user of another path', 'arn:aws:iam::111122223333:user/Mei', MEI],
    ['a session, which EKS refuses', DEV_SESSION, DEV_SESSION],
    ['a wildcard', 'arn:aws:iam::111122223333:role/*', DEV_SESSION],
    ['what is no ARN', 'Dev', DEV_SESSION],
  ])('of %s is not for this one', (_, principal, caller) => {
    expect(mapIdentity(caller, access([entry(principal)]))).toMatchObject({ mapped: false, reason: 'no-mapping' });
  });

  test('that is the first of two for a principal counts', () => {
    const entries = [entry(MEI), entry(DEV, { username: 'a' }), entry(DEV.replace('/team', ''), { username: 'b' })];
    expect(mapIdentity(DEV_SESSION, access(entries))).toMatchObject({
      username: 'a',
      by: { source: 'entry', index: 1 },
    });
  });

  test('says whole who somebody is', () => {
    const policies = [{ policy: 'AmazonEKSViewPolicy', namespaces: ['shop-*'] }];
    const entries = [entry(DEV, { username: 'dev:{{SessionName}}', groups: ['devs', '{{AccountID}}'], policies })];
    const identity = mapIdentity(DEV_SESSION, access(entries));
    expect(identity).toEqual({
      mapped: true,
      username: 'dev:mei-example.com',
      groups: ['devs', '111122223333', 'system:authenticated'],
      policies,
      by: { source: 'entry', index: 0 },
    });
  });

  test.each([
    ['a role', DEV, DEV_SESSION, 'arn:aws:sts::111122223333:assumed-role/Dev/mei-example.com'],
    [
      'a role in China',
      DEV.replace('aws', 'aws-cn'),
      DEV_SESSION.replace('aws', 'aws-cn'),
      'arn:aws-cn:sts::111122223333:assumed-role/Dev/mei-example.com',
    ],
    ['a user', MEI, MEI, MEI],
  ])('without a user name has the one of EKS for %s', (_, principal, caller, username) => {
    const expected = { username, groups: ['system:authenticated'], policies: [] };
    expect(mapIdentity(caller, access([entry(principal)]))).toMatchObject(expected);
  });

  const NODES = ['system:bootstrappers', 'system:nodes'];
  test.each<[string, string, string[]]>([
    ['EC2_LINUX', INSTANCE, NODES],
    ['EC2_WINDOWS', INSTANCE, [...NODES, 'eks:kube-proxy-windows']],
    ['EC2', INSTANCE, NODES],
    ['HYPERPOD_LINUX', INSTANCE, NODES],
    ['HYBRID_LINUX', 'mi-0123456789abcdef0', NODES],
    ['FARGATE_LINUX', 'fargate-ip-10-0-1-2.ec2.internal', [...NODES, 'system:node-proxier']],
  ])('of type %s is for a node, whatever else it says', (type, name, groups) => {
    const policies = [{ policy: 'AmazonEKSAutoNodePolicy' }];
    const entries = [entry(DEV, { type, username: 'x', groups: ['y'], policies })];
    expect(mapIdentity(session(name), access(entries))).toEqual({
      mapped: true,
      username: `system:node:${name}`,
      groups: [...groups, 'system:authenticated'],
      policies,
      by: { source: 'entry', index: 0 },
    });
  });

  test.each(['STANDARD', 'CAPABILITY', 'constructor', '__proto__'])('of type %s has its own user name', (type) => {
    const entries = [entry(DEV, { type, username: 'x', groups: ['y'] })];
    expect(mapIdentity(DEV_SESSION, access(entries))).toMatchObject({
      username: 'x',
      groups: ['y', expect.anything()],
    });
  });
});

describe('entries and aws-auth', () => {
  const awsAuth = {
    mapRoles: '- {rolearn: "arn:aws:iam::111122223333:role/Dev", username: line, groups: [b]}',
    mapAccounts: '- "111122223333"',
  };
  const entries = [entry(DEV, { username: 'entry', groups: ['a'] })];

  test.each<[Access['mode'], string[]]>([
    ['API', ['entry', 'a']],
    ['API_AND_CONFIG_MAP', ['entry', 'a']],
    ['CONFIG_MAP', ['line', 'b']],
  ])('in mode %s', (mode, [username = '', group = '']) => {
    const identity = mapIdentity(DEV_SESSION, access(entries, { mode, awsAuth }));
    expect(identity).toMatchObject({ username, groups: [group, 'system:authenticated'] });
  });

  test.each<[Access['mode'], string | undefined]>([
    ['API', undefined],
    ['API_AND_CONFIG_MAP', 'mapAccounts'],
    ['CONFIG_MAP', 'mapAccounts'],
  ])('whoever has no entry, in mode %s', (mode, source) => {
    const identity = mapIdentity(session('x', 'Ops'), access(entries, { mode, awsAuth }));
    expect(identity).toMatchObject(source === undefined ? { mapped: false } : { by: { source } });
  });

  test.each<[Access['mode'], string]>([
    ['API', 'no access entry is for arn:aws:iam::111122223333:user/ops/Mei'],
    ['API_AND_CONFIG_MAP', 'no access entry or line of aws-auth is for arn:aws:iam::111122223333:user/ops/Mei'],
    ['CONFIG_MAP', 'no line of aws-auth is for arn:aws:iam::111122223333:user/ops/Mei'],
  ])('nothing at all, in mode %s', (mode, detail) => {
    const nobody = { mapped: false, reason: 'no-mapping', detail };
    expect(mapIdentity(MEI, access([], { mode }))).toEqual(nobody);
  });

  test('an entry whose template fails does not give way to aws-auth', () => {
    const nodes = [entry(DEV, { type: 'EC2_LINUX' })];
    const identity = mapIdentity(DEV_SESSION, access(nodes, { mode: 'API_AND_CONFIG_MAP', awsAuth }));
    expect(identity).toMatchObject({ mapped: false, reason: 'template-failed' });
  });
});

describe('templates', () => {
  const asked = (caller: string, username: string, ...groups: string[]): MappedIdentity | UnmappedCaller =>
    mapIdentity(caller, access([entry(DEV, { username, groups }), entry(MEI, { username, groups })]));

  test.each([
    ['{{SessionName}}', 'mei-example.com'],
    ['{{SessionNameRaw}}', 'mei@example.com'],
    ['{{AccountID}}', '111122223333'],
    ['{{AccessKeyID}}', 'AKIAEXAMPLE'],
    ['{{SessionName}}/{{SessionName}}:{{AccountID}}', 'mei-example.com/mei-example.com:111122223333'],
    // no templates: the authenticator replaces what it knows and leaves the rest
    ['{{Session}}', '{{Session}}'],
    ['{{sessionname}}', '{{sessionname}}'],
    ['{{ SessionName }}', '{{ SessionName }}'],
    ['{{EC2PrivateDnsName}}', '{{EC2PrivateDnsName}}'],
    ['{{{SessionName}}}', '{mei-example.com}'],
  ])('%s', (template, expected) => {
    expect(asked(DEV_SESSION, template, template)).toMatchObject({
      username: expected,
      groups: [expected, 'system:authenticated'],
    });
  });

  test.each(['i-0c6f21bf1f24f9708', 'i-0c6f21bf', 'i-ABCD_234'])('{{EC2PrivateDNSName}} of %s is the id', (id) => {
    expect(asked(session(id), 'system:node:{{EC2PrivateDNSName}}')).toMatchObject({ username: `system:node:${id}` });
  });

  test.each(['mei', 'i-0c6f21b', 'i-0c6f21bf1f24f97080', 'I-0c6f21bf', 'xi-0c6f21bf', 'i-0c6f21bf\n'])(
    '{{EC2PrivateDNSName}} of %j fails',
    (name) => {
      expect(asked(session(name), '{{EC2PrivateDNSName}}')).toMatchObject({ reason: 'template-failed' });
      expect(asked(session(name), 'dev', '{{EC2PrivateDNSName}}')).toMatchObject({ reason: 'template-failed' });
    },
  );

  test('a failure names the mapping and what it got', () => {
    const awsAuth = {
      mapRoles: '- {rolearn: "arn:aws:iam::111122223333:role/Dev", username: "{{EC2PrivateDNSName}}"}',
    };
    const rule = 'needs a session named by the id of its EC2 instance for {{EC2PrivateDNSName}}';
    expect(asked(DEV_SESSION, '{{EC2PrivateDNSName}}')).toEqual({
      mapped: false,
      reason: 'template-failed',
      detail: `\`entries[0]\` ${rule}, got "mei@example.com"`,
    });
    expect(mapIdentity(DEV, access([], { mode: 'CONFIG_MAP', awsAuth }))).toEqual({
      mapped: false,
      reason: 'template-failed',
      detail: `\`mapRoles[0]\` ${rule}, got nothing`,
    });
  });

  test.each([
    ['a user', MEI],
    ['a role by its own ARN', DEV],
  ])('%s has no session', (_, caller) => {
    expect(asked(caller, 'x:{{SessionName}}{{SessionNameRaw}}')).toMatchObject({ username: 'x:' });
    expect(asked(caller, '{{EC2PrivateDNSName}}')).toMatchObject({ reason: 'template-failed' });
  });

  test('what a session puts in is filled in only by the templates that come later', () => {
    expect(asked(session('{{AccessKeyID}}'), '{{SessionName}}')).toMatchObject({ username: 'AKIAEXAMPLE' });
    expect(asked(session('{{AccountID}}'), '{{SessionName}}')).toMatchObject({ username: '{{AccountID}}' });
    expect(asked(session("$&$'"), '{{SessionName}}')).toMatchObject({ username: "$&$'" });
  });
});

describe('a caller', () => {
  test.each([
    '',
    'mei',
    'arn:aws:iam::111122223333',
    'arn:aws:iam:111122223333:user/Mei',
    'ARN:aws:iam::111122223333:user/Mei',
    'arn:aws-mars:iam::111122223333:user/Mei',
    'arn::iam::111122223333:user/Mei',
    'arn:aws:s3:::bucket',
    'arn:aws:iam::111122223333:group/Dev',
    'arn:aws:iam::111122223333:User/Mei',
    'arn:aws:sts::111122223333:assumed-role/Dev',
    'arn:aws:sts::111122223333:role/Dev',
    'arn:aws:eks:eu-west-1:111122223333:cluster/x',
  ])('%j is nobody', (caller) => {
    expect(canonicalArn(caller)).toBeUndefined();
    expect(mapIdentity(caller, access([entry(caller)]))).toMatchObject({ mapped: false, reason: 'not-an-arn' });
  });

  test('that is nobody is told', () => {
    expect(mapIdentity('mei', access([]))).toEqual({
      mapped: false,
      reason: 'not-an-arn',
      detail: '`callerArn` must be what STS tells of a session, user, root or federated user, got "mei"',
    });
  });

  test.each([
    [
      DEV_SESSION,
      'assumed-role',
      'arn:aws:iam::111122223333:role/Dev',
      { roleName: 'Dev', session: 'mei@example.com' },
    ],
    [DEV, 'role', DEV, { roleName: 'Dev' }],
    [MEI, 'user', MEI, {}],
    ['arn:aws:iam::111122223333:root', 'root', 'arn:aws:iam::111122223333:root', {}],
    [
      'arn:aws:sts::111122223333:federated-user/Bob',
      'federated-user',
      'arn:aws:sts::111122223333:federated-user/Bob',
      {},
    ],
    [
      'arn:aws:sts::1:assumed-role/a:b/c:d',
      'assumed-role',
      'arn:aws:iam::1:role/a:b',
      { roleName: 'a:b', session: 'c:d', account: '1' },
    ],
    [
      'arn:aws:sts::111122223333:assumed-role/Dev/',
      'assumed-role',
      'arn:aws:iam::111122223333:role/Dev',
      { roleName: 'Dev', session: '' },
    ],
  ])('%s is taken apart', (caller, kind, arn, more) => {
    expect(canonicalArn(caller)).toEqual({ kind, arn, partition: 'aws', account: '111122223333', ...more });
  });

  test.each(['aws', 'aws-cn', 'aws-us-gov', 'aws-iso', 'aws-iso-b', 'aws-iso-e', 'aws-iso-f', 'aws-eusc'])(
    'may be in partition %s',
    (partition) => {
      expect(canonicalArn(`arn:${partition}:iam::111122223333:user/Mei`)).toMatchObject({ partition });
    },
  );
});

test('a mapped caller is an identity', () => {
  const identity = mapIdentity(MEI, access([entry(MEI)]));
  const known: Identity | undefined = identity.mapped ? identity : undefined;
  expect(known).toMatchObject({ username: MEI });
});

test('one mapper serves many callers, and none can change it', () => {
  const groups = ['a'];
  const who = identityMapper(access([entry(DEV, { groups })]));
  const first = who(DEV_SESSION);
  if (first.mapped) first.groups.push('system:masters');
  expect(who(DEV_SESSION)).toMatchObject({ groups: ['a', 'system:authenticated'] });
  expect(groups).toEqual(['a']);
});

test('a thousand callers among a thousand entries and lines: all is read once, before the first of them', () => {
  const numbers = [...Array(1000).keys()];
  let reads = 0;
  const entries = numbers.map((n) => ({
    type: 'STANDARD',
    get principalArn() {
      reads++;
      return `arn:aws:iam::111122223333:role/team/Entry${n}`;
    },
  }));
  const awsAuth = {
    get mapRoles() {
      reads++;
      return numbers.map((n) => `- rolearn: arn:aws:iam::111122223333:role/Line${n}\n  groups: [g${n}]\n`).join('');
    },
  };
  const who = identityMapper(access(entries, { mode: 'API_AND_CONFIG_MAP', awsAuth }));
  expect(reads).toBe(1001);
  const found = numbers.map((n) => who(session('x', n % 2 === 0 ? `Entry${n}` : `Line${n}`)));
  expect(found.map((each) => each.mapped && each.by.index)).toEqual(numbers);
  expect(reads).toBe(1001);
});
