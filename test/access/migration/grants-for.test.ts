import { accessProblems } from '../../../lib/access/access-rules';
import { readTexts } from '../../../lib/access/migration/aws-auth-file';
import {
  grantsFor,
  proposedGrants,
  proposedNodeRoles,
  type GrantsSurroundings,
  type ProposedAccess,
} from '../../../lib/access/migration/grants-for';
import { grantsJson, grantsTypeScript, printable } from '../../../lib/access/migration/grants-text';
import { classifyLines } from '../../../lib/access/migration/map-line';

const ROLE = 'arn:aws:iam::111122223333:role/';
const PATH = 'aws-reserved/sso.amazonaws.com/eu-west-1/';

type Line = Record<string, unknown>;

function proposed(
  roles: readonly Line[],
  around: Partial<GrantsSurroundings> = {},
  users: readonly Line[] = [],
): ProposedAccess {
  const { lines } = readTexts({ mapRoles: JSON.stringify(roles), mapUsers: JSON.stringify(users) });
  const ours = { ours: { principal: `${ROLE}Ours`, can: 'view' as const } };
  return grantsFor(classifyLines(lines, { partition: 'aws', account: '111122223333', grants: ours }), {
    account: '111122223333',
    names: { grants: ['ours'], nodeRoles: [] },
    arns: [],
    own: [],
    ...around,
  });
}

const pathNote = (role: string): string =>
  `aws-auth has no path: \`aws iam get-role --role-name ${role} --query Role.Arn\` shows the whole ARN`;

test('system:masters becomes cluster-admin, and own groups and the user name stay', () => {
  const { proposals } = proposed([
    { rolearn: `${ROLE}Ops`, username: 'admin', groups: ['system:masters', 'ops', 'ops', 'system:authenticated'] },
  ]);
  expect(proposals).toEqual([
    {
      name: 'ops',
      place: 'mapRoles[0]',
      principal: `${ROLE}Ops`,
      write: { grant: { principal: `${ROLE}Ops`, can: 'cluster-admin', groups: ['ops'], username: 'admin' } },
      notes: [pathNote('Ops')],
    },
  ]);
});

test('lines that have a grant, count for nothing or are blocked get none', () => {
  const { proposals, without } = proposed([
    { rolearn: `${ROLE}Ours`, groups: ['x'] },
    { rolearn: `${ROLE}a/Path`, groups: ['x'] },
    { rolearn: `${ROLE}Dev`, groups: ['system:x'] },
  ]);
  expect([proposals, without]).toEqual([[], []]);
});

test('who has an access entry already needs no grant', () => {
  const { proposals, without } = proposed([{ rolearn: `${ROLE}Dev`, groups: ['dev'] }], {
    entries: [`${ROLE}team/Dev`],
  });
  expect(proposals).toEqual([]);
  expect(without).toEqual([
    {
      place: 'mapRoles[0]',
      why: 'it has an access entry already, which is not of this config and wins over the line',
    },
  ]);
});

test.each<[string, string[], string[]]>([
  [
    'role names become words',
    ['PlatformEngineers', 'EKSAdmins', 'ci_deploy.prod', 'on-call'],
    ['platform-engineers', 'eks-admins', 'ci-deploy-prod', 'on-call'],
  ],
  [
    'what a tool puts behind them goes',
    ['shop-Admins-1A2B3C4D5E6F', 'deploy-20240102030405000000000001', 'team-ALPHA'],
    ['shop-admins', 'deploy', 'team-alpha'],
  ],
  ['each is given once', ['Dev', 'dev-2', 'DEV_', 'Ours_'], ['dev', 'dev-2', 'dev-3', 'ours-2']],
  ['a number is no name', ['007', '+'], ['grant-007', 'grant']],
])('%s', (_, roles, names) => {
  const { proposals } = proposed(roles.map((name) => ({ rolearn: `${ROLE}${name}`, groups: ['x'] })));
  expect(proposals.map(({ name }) => name)).toEqual(names);
});

test('a role of another account has that in its name if the name is taken', () => {
  const other = 'arn:aws:iam::222233334444:role/Dev';
  const { proposals } = proposed(
    [other, `${ROLE}Dev`, 'arn:aws:iam::333344445555:role/Dev'].map((rolearn) => ({ rolearn, groups: ['x'] })),
  );
  expect(proposals.map(({ name }) => name)).toEqual(['dev', 'dev-2', 'dev-333344445555']);
});

test.each<[string, string, string | undefined, string[]]>([
  ['one that EKS takes', 'ci:{{SessionName}}', 'ci:{{SessionName}}', []],
  [
    'a session without a colon before it',
    '{{SessionName}}',
    undefined,
    [
      'its user name {{SessionName}} is not kept, EKS makes one from the ARN: it must have a `:` before {{SessionName}}, EKS asks for it',
    ],
  ],
  [
    'a reserved beginning',
    'system:admin',
    undefined,
    [
      'its user name system:admin is not kept, EKS makes one from the ARN: it must not begin with system:, EKS refuses it',
    ],
  ],
  ['none', '', undefined, []],
])('a user name is kept: %s', (_, username, kept, notes) => {
  const { proposals } = proposed([{ rolearn: `${ROLE}Dev`, username, groups: ['dev'] }]);
  const [{ write, notes: told } = { write: {}, notes: [] }] = proposals;
  expect(write).toEqual({ grant: { principal: `${ROLE}Dev`, groups: ['dev'], ...(kept ? { username: kept } : {}) } });
  expect(told).toEqual([pathNote('Dev'), ...notes]);
});

test('a line without a group gets one, and a group that stands for a grant is left out', () => {
  const { proposals } = proposed([{ rolearn: `${ROLE}Dev`, username: 'dev', groups: ['kotohajime:ours'] }]);
  expect(proposals).toEqual([
    expect.objectContaining({
      write: { grant: { principal: `${ROLE}Dev`, groups: ['dev'], username: 'dev' } },
      notes: [
        pathNote('Dev'),
        'its group kotohajime:ours stands for a grant and is not kept: name this grant in `access.rbac.bindings`',
        'the line has no group, and a grant needs one: nothing is bound to dev',
      ],
    }),
  ]);
});

describe('the path of a role', () => {
  test('is taken from wherever it is known', () => {
    const { proposals } = proposed([{ rolearn: `${ROLE}dev`, groups: ['dev'] }], { arns: [`${ROLE}team/Dev`] });
    expect(proposals).toEqual([
      expect.objectContaining({
        principal: `${ROLE}team/Dev`,
        write: { grant: { principal: `${ROLE}team/Dev`, groups: ['dev'] } },
        notes: [],
      }),
    ]);
  });

  test('is part of the ARN of a user', () => {
    const user = 'arn:aws:iam::111122223333:user/people/Mei';
    const { proposals } = proposed([], {}, [{ userarn: user, groups: ['system:masters'] }]);
    expect(proposals).toEqual([
      expect.objectContaining({ name: 'mei', write: { grant: { principal: user, can: 'cluster-admin' } }, notes: [] }),
    ]);
  });
});

describe('a role of IAM Identity Center', () => {
  const dev = 'AWSReservedSSO_Shop_Developers_0123456789abcdef';

  test('becomes its permission set', () => {
    expect(proposed([{ rolearn: `${ROLE}${dev}`, groups: ['dev'] }]).proposals).toEqual([
      {
        name: 'shop-developers',
        place: 'mapRoles[0]',
        principal: `${ROLE}${dev}`,
        write: { grant: { permissionSet: 'Shop_Developers', groups: ['dev'] } },
        notes: [
          '`npx hajime access resolve` finds the role of Shop_Developers, with its path, and writes config/sso.json',
        ],
      },
    ]);
  });

  test('has nothing to be looked up once the lock file has it', () => {
    const sso = { accounts: { '111122223333': { Shop_Developers: `${ROLE}${PATH}${dev}` } } };
    const { proposals } = proposed([{ rolearn: `${ROLE}${dev}`, groups: ['dev'] }], { sso });
    expect(proposals.map(({ notes }) => notes)).toEqual([[]]);
  });

  test.each([
    [
      'the lock file knows',
      { sso: { accounts: { '111122223333': { Dev: `${ROLE}${PATH}AWSReservedSSO_Dev_aaaaaaaaaaaaaaaa` } } } },
    ],
    ['comes first', {}],
  ])('that is left over gets no grant: the one in use %s', (_, around) => {
    const lines = ['aaaaaaaaaaaaaaaa', 'bbbbbbbbbbbbbbbb'].map((id) => ({
      rolearn: `${ROLE}AWSReservedSSO_Dev_${id}`,
      groups: ['dev'],
    }));
    const { proposals, without } = proposed(lines, around);
    expect(proposals.map(({ place }) => place)).toEqual(['mapRoles[0]']);
    expect(without).toEqual([
      {
        place: 'mapRoles[1]',
        why: expect.stringMatching(
          /^the permission set Dev has another role, arn:aws:iam::111122223333:role\/.*AWSReservedSSO_Dev_aaaaaaaaaaaaaaaa: this one is left over, or `npx hajime access resolve` says otherwise$/,
        ) as string,
      },
    ]);
  });

  test('in another account stays a role, whose path needs a region', () => {
    const rolearn = `arn:aws:iam::222233334444:role/${dev}`;
    expect(proposed([{ rolearn, groups: ['dev'] }]).proposals).toEqual([
      expect.objectContaining({
        write: { grant: { principal: rolearn, groups: ['dev'] } },
        notes: [
          `its whole ARN has the path aws-reserved/sso.amazonaws.com/<region>/, with the region of IAM Identity Center, or none in us-east-1: \`aws iam get-role --role-name ${dev} --query Role.Arn\` in account 222233334444 shows it`,
        ],
      }),
    ]);
  });
});

describe('nodes', () => {
  const lines = ['Managed', 'Own', 'Windows', 'Pods', 'Config'].map((name) => ({
    rolearn: `${ROLE}${name}`,
    username: name === 'Pods' ? 'system:node:{{SessionName}}' : 'system:node:{{EC2PrivateDNSName}}',
    groups: [
      'system:nodes',
      ...(name === 'Pods' ? ['system:node-proxier'] : []),
      ...(name === 'Windows' ? ['eks:kube-proxy-windows'] : []),
    ],
  }));

  test('that have no entry get a node role', () => {
    const { proposals, without } = proposed(lines, { entries: [`${ROLE}Managed`], own: [`${ROLE}Config`] });
    expect(proposedNodeRoles(proposals)).toEqual({
      own: { principal: `${ROLE}Own`, type: 'EC2_LINUX' },
      windows: { principal: `${ROLE}Windows`, type: 'EC2_WINDOWS' },
      pods: { principal: `${ROLE}Pods`, type: 'FARGATE_LINUX' },
    });
    expect(proposals.map(({ notes }) => notes[1])).toEqual([
      'for nodes of your own; EKS makes the entry of a managed node group itself, once the mode has API',
      'for nodes of your own; EKS makes the entry of a managed node group itself, once the mode has API',
      'EKS makes the entry of a Fargate profile itself, once the mode has API: write it only if that is not so',
    ]);
    expect(without).toEqual([]);
  });

  test('get nothing while it is not known whether EKS has made their entries', () => {
    const { proposals, without } = proposed(lines.slice(0, 1));
    expect(proposals).toEqual([]);
    expect(without).toEqual([{ place: 'mapRoles[0]', why: '--entries tells whether EKS has made its access entry' }]);
  });
});

describe('what is written', () => {
  const whole = proposed(
    [
      { rolearn: `${ROLE}Ops`, username: "o'ps", groups: ['system:masters', 'ops team'] },
      { rolearn: `${ROLE}AWSReservedSSO_Read-Only_0123456789abcdef`, groups: ['readers', 'shop\u001b[31m\n'] },
      { rolearn: `${ROLE}AWSReservedSSO_Read-Only_aaaaaaaaaaaaaaaa`, groups: ['readers'] },
      { rolearn: `${ROLE}Nodes`, groups: ['system:nodes'] },
      { rolearn: `${ROLE}Dev`, username: 'system:\u2028evil();\n//', groups: ['dev'] },
    ],
    { entries: [] },
  );

  test('is TypeScript, in which nothing of the map can break a line', () => {
    expect(grantsTypeScript(whole, 'written by `x\ny */`', '../lib/access/access-grant')).toMatchInlineSnapshot(`
     "import type { AccessGrants, NodeAccess } from '../lib/access/access-grant';

     /** For \`access.grants\`: written by \`x�y * /\`. */
     export const grants: AccessGrants = {
       // mapRoles[0]
       // aws-auth has no path: \`aws iam get-role --role-name Ops --query Role.Arn\` shows the whole ARN
       ops: {
         principal: 'arn:aws:iam::111122223333:role/Ops',
         can: 'cluster-admin',
         groups: ['ops team'],
         username: "o'ps",
       },
       // mapRoles[1]
       // \`npx hajime access resolve\` finds the role of Read-Only, with its path, and writes config/sso.json
       'read-only': {
         permissionSet: 'Read-Only',
         groups: ['readers', "shop\\u001b[31m\\n"],
       },
       // mapRoles[4]
       // aws-auth has no path: \`aws iam get-role --role-name Dev --query Role.Arn\` shows the whole ARN
       // its user name system:�evil();�// is not kept, EKS makes one from the ARN: it must not begin with system:, EKS refuses it
       dev: {
         principal: 'arn:aws:iam::111122223333:role/Dev',
         groups: ['dev'],
       },
     };

     /** For \`access.nodeRoles\`. */
     export const nodeRoles: Readonly<Record<string, NodeAccess>> = {
       // mapRoles[3]
       // aws-auth has no path: \`aws iam get-role --role-name Nodes --query Role.Arn\` shows the whole ARN
       // for nodes of your own; EKS makes the entry of a managed node group itself, once the mode has API
       nodes: {
         principal: 'arn:aws:iam::111122223333:role/Nodes',
         type: 'EC2_LINUX',
       },
     };

     // nothing for mapRoles[2]: the permission set Read-Only has another role, arn:aws:iam::111122223333:role/AWSReservedSSO_Read-Only_0123456789abcdef: this one is left over, or \`npx hajime access resolve\` says otherwise
     "
    `);
  });

  test('has no part for what is not there', () => {
    expect(grantsTypeScript({ proposals: [], without: [] }, 'from a map', './x')).toBe(
      "import type { AccessGrants } from './x';\n\n/** For `access.grants`: from a map. */\nexport const grants: AccessGrants = {};\n",
    );
    expect(grantsJson({ proposals: [], without: [] })).toBe('{\n  "grants": {}\n}\n');
  });

  test('is JSON too', () => {
    expect(JSON.parse(grantsJson(whole))).toEqual({
      grants: proposedGrants(whole.proposals),
      nodeRoles: { nodes: { principal: `${ROLE}Nodes`, type: 'EC2_LINUX' } },
    });
  });

  test('is a config without problems', () => {
    const { proposals } = proposed(
      [
        { rolearn: `${ROLE}Ops`, username: 'admin', groups: ['system:masters'] },
        { rolearn: `${ROLE}Dev`, username: '{{SessionName}}' },
        { rolearn: `${ROLE}Nodes`, groups: ['system:nodes'] },
        { rolearn: `${ROLE}ops`, groups: ['x'] },
      ],
      { entries: [] },
    );
    const access = { grants: proposedGrants(proposals), nodeRoles: proposedNodeRoles(proposals) };
    expect(
      accessProblems(
        { ...access, grants: { ...access.grants, glass: { principal: `${ROLE}Glass`, can: 'cluster-admin' } } },
        { partition: 'aws', account: '111122223333' },
        'access',
      ),
    ).toEqual([]);
  });
});

test('what steers a terminal is replaced', () => {
  expect(printable('a\u001b[31mb\nc\u202ed')).toBe('a\ufffd[31mb\ufffdc\ufffdd');
});
