import { readTexts } from '../../../lib/access/migration/aws-auth-file';
import { classifyLines, type MapLine } from '../../../lib/access/migration/map-line';

const ROLE = 'arn:aws:iam::111122223333:role/';
const USER = 'arn:aws:iam::111122223333:user/';

type Line = Record<string, unknown>;

function classified(roles: readonly Line[], users: readonly Line[] = [], accounts: readonly unknown[] = []): MapLine[] {
  const { lines } = readTexts({
    mapRoles: JSON.stringify(roles),
    mapUsers: JSON.stringify(users),
    mapAccounts: JSON.stringify(accounts),
  });
  return classifyLines(lines, {
    partition: 'aws',
    account: '111122223333',
    grants: {
      ops: { principal: `${ROLE}team/Ops`, can: 'admin' },
      mei: { principal: `${USER}people/Mei`, can: 'view' },
    },
  });
}

/** What a line is, without what it says. */
function kinds(lines: readonly MapLine[]): object[] {
  return lines.map(({ text: _, index: __, line: ___, account: ____, flaws: _____, place: ______, ...kind }) => kind);
}

const NODE = { username: 'system:node:{{EC2PrivateDNSName}}', groups: ['system:bootstrappers', 'system:nodes'] };
const POD = {
  username: 'system:node:{{SessionName}}',
  groups: ['system:bootstrappers', 'system:nodes', 'system:node-proxier'],
};

test.each<[string, Line, Partial<MapLine>]>([
  ['of a Linux node', { rolearn: `${ROLE}Nodes`, ...NODE }, { kind: 'node', nodeType: 'EC2_LINUX' }],
  [
    'of a node by its groups alone',
    { rolearn: `${ROLE}Nodes`, groups: ['system:nodes'] },
    { kind: 'node', nodeType: 'EC2_LINUX' },
  ],
  [
    'of a Windows node',
    { rolearn: `${ROLE}Nodes`, ...NODE, groups: [...NODE.groups, 'eks:kube-proxy-windows'] },
    { kind: 'node', nodeType: 'EC2_WINDOWS' },
  ],
  [
    'of a hybrid node',
    { rolearn: `${ROLE}Hybrid`, username: POD.username, groups: NODE.groups },
    { kind: 'node', nodeType: 'HYBRID_LINUX' },
  ],
  ['of a Fargate profile', { rolearn: `${ROLE}Pods`, ...POD }, { kind: 'fargate', nodeType: 'FARGATE_LINUX' }],
  [
    'of a node of another account',
    { rolearn: 'arn:aws:iam::222233334444:role/Nodes', ...NODE },
    {
      kind: 'blocked',
      why: 'it is for nodes under a role of another account, and EKS takes entries of nodes for its own only',
      remedy: "run those nodes under a role of the cluster's account",
    },
  ],
  ['of a grant, without its path', { rolearn: `${ROLE}ops`, groups: ['system:x'] }, { kind: 'ours', grant: 'ops' }],
  [
    'of a node whose role has a grant',
    { rolearn: `${ROLE}Ops`, ...NODE },
    { kind: 'node', nodeType: 'EC2_LINUX', grant: 'ops' },
  ],
  [
    'of an administrator',
    { rolearn: `${ROLE}Root`, groups: ['ops', 'system:masters', 'system:x'] },
    { kind: 'administrator' },
  ],
  ['of somebody with groups of their own', { rolearn: `${ROLE}Dev`, groups: ['dev'] }, { kind: 'person' }],
  [
    'of somebody in the group of everybody who signs in',
    { rolearn: `${ROLE}Dev`, groups: ['system:authenticated'] },
    { kind: 'person' },
  ],
  [
    'with another group of Kubernetes',
    { rolearn: `${ROLE}Monitoring`, groups: ['dev', 'system:monitoring'] },
    {
      kind: 'blocked',
      why: 'it has the group system:monitoring, and EKS takes no group that begins with system: in an entry',
      remedy: 'bind what that group is bound to to a group of your own, and write a grant with that',
    },
  ],
  [
    'of a service-linked role',
    { rolearn: `${ROLE}AWSServiceRoleForAmazonEMRContainers`, username: 'emr-containers' },
    {
      kind: 'blocked',
      why: 'it is for a service-linked role, and EKS takes no entry for one',
      remedy: 'see how that service comes in without aws-auth; EMR makes an entry of its own',
    },
  ],
  [
    'of the root of an account',
    { rolearn: 'arn:aws:iam::111122223333:root' },
    {
      kind: 'blocked',
      why: 'it is for the root of an account, and EKS takes no entry for one',
      remedy: 'grant a role instead',
    },
  ],
  [
    'of a federated user',
    { rolearn: 'arn:aws:sts::111122223333:federated-user/mei' },
    {
      kind: 'blocked',
      why: 'it is for a federated user, and EKS takes no entry for one',
      remedy: 'grant the role they assume',
    },
  ],
  [
    'with the path of a role',
    { rolearn: `${ROLE}team/Dev`, groups: ['dev'] },
    {
      kind: 'without effect',
      why: 'its ARN has the path of the role, and STS tells none',
      remedy: 'write a grant if it is to let somebody in',
    },
  ],
  [
    'of a session',
    { rolearn: 'arn:aws:sts::111122223333:assumed-role/Dev/mei' },
    {
      kind: 'without effect',
      why: 'its ARN is that of a session, and the map is compared with that of the role',
      remedy: 'its role is arn:aws:iam::111122223333:role/Dev',
    },
  ],
  ['with a wildcard', { rolearn: `${ROLE}*` }, { kind: 'without effect', why: 'its ARN is none of a role or user' }],
  [
    'of a group of IAM',
    { rolearn: 'arn:aws:iam::111122223333:group/dev' },
    { kind: 'without effect', why: 'its ARN is none that STS tells of anybody' },
  ],
  [
    'of another partition',
    { rolearn: 'arn:aws-cn:iam::111122223333:role/Dev' },
    { kind: 'without effect', why: 'nobody of partition aws-cn can sign in here' },
  ],
  [
    'with sso',
    { sso: { permissionSetName: 'Dev', accountID: '111122223333' } },
    { kind: 'without effect', why: 'it has sso, which EKS does not match' },
  ],
  ['without an ARN', { username: 'dev' }, { kind: 'without effect', why: 'it has no rolearn' }],
])('a line %s', (_, line, kind) => {
  expect(kinds(classified([line]))).toEqual([kind]);
});

test('a user keeps the path, and is ours with it', () => {
  expect(kinds(classified([], [{ userarn: `${USER}people/mei` }, { userarn: `${USER}mei` }]))).toEqual([
    { kind: 'ours', grant: 'mei' },
    { kind: 'person' },
  ]);
});

test('of two lines for one role the later counts, in whatever case', () => {
  const lines = classified([{ rolearn: `${ROLE}Dev` }, { rolearn: `${ROLE}Other` }, { rolearn: `${ROLE}dev` }]);
  expect(kinds(lines)).toEqual([
    { kind: 'without effect', why: 'mapRoles[2] is for the same ARN and replaces it' },
    { kind: 'person' },
    { kind: 'person' },
  ]);
});

test('of two lines for one user the later counts, or any if they differ in case', () => {
  const lines = classified(
    [{ rolearn: `${USER}role` }],
    [`${USER}a`, `${USER}a`, `${USER}b`, `${USER}B`, `${USER}role`].map((userarn) => ({ userarn })),
  );
  expect(kinds(lines)).toEqual([
    { kind: 'person' },
    { kind: 'without effect', why: 'mapUsers[1] is for the same ARN and replaces it' },
    { kind: 'person' },
    {
      kind: 'without effect',
      why: 'mapUsers[3] is for the same ARN in another case',
      remedy: 'take one of them out: which of the two counts is chance',
    },
    { kind: 'person' },
    { kind: 'without effect', why: 'mapRoles[0] is for the same ARN, and roles are looked at first' },
  ]);
});

test('an account lets in everybody, if it is one', () => {
  expect(kinds(classified([], [], ['222233334444', '12345', {}]))).toEqual([
    {
      kind: 'blocked',
      why: 'it lets in everybody of an account, and an access entry is for one role or user',
      remedy: 'grant the roles of that account that are used',
    },
    {
      kind: 'without effect',
      why: 'it is no account of twelve digits',
      remedy: 'put the number in quotes: YAML drops zeros at its front',
    },
    { kind: 'without effect', why: 'it is not a text' },
  ]);
});
