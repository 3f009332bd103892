import { stringify } from 'yaml';
import type { AccessRecord, AccessSettings } from '../../../lib/access/access-grant';
import { readAwsAuth } from '../../../lib/access/migration/aws-auth-file';
import type { KnownEntry } from '../../../lib/access/migration/entries-file';
import { migrationPlan, onlyInAwsAuth, type MigrationPlan } from '../../../lib/access/migration/migration-plan';
import type { MigrationInput } from '../../../lib/access/migration/migration-states';
import { partInWords } from '../../../lib/access/migration/rights-part';

const ROLE = 'arn:aws:iam::111122223333:role/';
const GLASS = { principal: `${ROLE}BreakGlass`, can: 'cluster-admin' as const };

type Line = Record<string, unknown>;
interface Map {
  readonly roles?: readonly Line[];
  readonly users?: readonly Line[];
  readonly accounts?: readonly string[];
}

function input(
  access: Partial<AccessSettings>,
  map?: Map,
  entries?: readonly (string | KnownEntry)[],
  record?: AccessRecord,
): MigrationInput {
  const data = {
    mapRoles: stringify(map?.roles ?? []),
    mapUsers: stringify(map?.users ?? []),
    mapAccounts: JSON.stringify(map?.accounts ?? []),
  };
  return {
    config: {
      env: { account: '111122223333', region: 'eu-west-1' },
      controlPlane: { version: '1.35', zones: [] },
      access: { authenticationMode: 'API_AND_CONFIG_MAP', ...access, grants: { glass: GLASS, ...access.grants } },
    },
    ...(map === undefined ? {} : { awsAuth: readAwsAuth(stringify(data)) }),
    ...(entries === undefined
      ? {}
      : { entries: entries.map((each) => (typeof each === 'string' ? { principalArn: `${ROLE}${each}` } : each)) }),
    ...(record === undefined ? {} : { record }),
  };
}

/** The stages as a table, one text a row. */
function table({ stages }: MigrationPlan): object {
  return Object.fromEntries(
    stages.map(({ stage, title, mode, principals }) => [
      `${stage} ${title}, ${mode}`,
      principals.map(({ principal, by, identity, verdict, gains, loses, notes }) =>
        [
          principal.replace('arn:aws:iam::111122223333:', ''),
          by,
          ...(stage === 1 ? [identity] : [verdict]),
          ...gains.map((part) => `+ ${partInWords(part, 2)}`),
          ...loses.map((part) => `- ${partInWords(part, 2)}`),
          ...notes,
        ].join(' | '),
      ),
    ]),
  );
}

const NODES = {
  rolearn: `${ROLE}eksctl-shop-nodegroup-workers-NodeInstanceRole-1A2B3C4D5E6F`,
  username: 'system:node:{{EC2PrivateDNSName}}',
  groups: ['system:bootstrappers', 'system:nodes'],
};
const PODS = {
  rolearn: `${ROLE}eksctl-shop-FargatePodExecutionRole-1A2B3C4D5E6F`,
  username: 'system:node:{{SessionName}}',
  groups: ['system:bootstrappers', 'system:nodes', 'system:node-proxier'],
};
const OPS = { rolearn: `${ROLE}Ops`, username: 'admin', groups: ['system:masters'] };
const SSO = {
  rolearn: `${ROLE}AWSReservedSSO_Developers_0123456789abcdef`,
  username: 'dev:{{SessionName}}',
  groups: ['developers'],
};
const SSO_ARN = `${ROLE}aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Developers_0123456789abcdef`;

describe('a cluster made by eksctl', () => {
  const map = { roles: [NODES, PODS, OPS, SSO], accounts: ['222233334444'] };

  test('before anything is in the config: everybody who must be, and why the mode cannot be API', () => {
    const plan = migrationPlan(input({}, map));
    expect(table(plan)).toMatchInlineSnapshot(`
     {
       "1 as it is, CONFIG_MAP": [
         "role/eksctl-shop-nodegroup-workers-NodeInstanceRole-1A2B3C4D5E6F | mapRoles[0] | the rights of a node",
         "role/eksctl-shop-FargatePodExecutionRole-1A2B3C4D5E6F | mapRoles[1] | the rights of a node",
         "role/Ops | mapRoles[2] | everything (system:masters)",
         "role/AWSReservedSSO_Developers_0123456789abcdef | mapRoles[3] | group developers",
         "account 222233334444 | mapAccounts[0] | no group",
         "role/BreakGlass | nothing | is not let in",
       ],
       "2 entries beside aws-auth, API_AND_CONFIG_MAP": [
         "role/eksctl-shop-nodegroup-workers-NodeInstanceRole-1A2B3C4D5E6F | mapRoles[0] | unchanged",
         "role/eksctl-shop-FargatePodExecutionRole-1A2B3C4D5E6F | mapRoles[1] | unchanged",
         "role/Ops | entry | unchanged",
         "role/AWSReservedSSO_Developers_0123456789abcdef | entry | unchanged",
         "account 222233334444 | mapAccounts[0] | unchanged",
         "role/BreakGlass | entry | let in | + has AmazonEKSClusterAdminPolicy in the whole cluster",
       ],
       "3 lines taken out, API_AND_CONFIG_MAP": [
         "role/eksctl-shop-nodegroup-workers-NodeInstanceRole-1A2B3C4D5E6F | mapRoles[0] | unchanged",
         "role/eksctl-shop-FargatePodExecutionRole-1A2B3C4D5E6F | mapRoles[1] | unchanged",
         "role/Ops | entry | unchanged",
         "role/AWSReservedSSO_Developers_0123456789abcdef | entry | unchanged",
         "account 222233334444 | mapAccounts[0] | unchanged",
         "role/BreakGlass | entry | unchanged",
       ],
       "4 aws-auth left behind, API": [
         "role/eksctl-shop-nodegroup-workers-NodeInstanceRole-1A2B3C4D5E6F | nothing | shut out | - had the rights of a node",
         "role/eksctl-shop-FargatePodExecutionRole-1A2B3C4D5E6F | nothing | shut out | - had the rights of a node",
         "role/Ops | entry | unchanged",
         "role/AWSReservedSSO_Developers_0123456789abcdef | entry | unchanged",
         "account 222233334444 | nothing | shut out | - had no group",
         "role/BreakGlass | entry | unchanged",
       ],
     }
    `);
    expect(plan.problems).toMatchInlineSnapshot(`
     [
       "\`mapRoles[0]\` must have an access entry of type EC2_LINUX before the mode is API: its nodes could not join, got "arn:aws:iam::111122223333:role/eksctl-shop-nodegroup-workers-NodeInstanceRole-1A2B3C4D5E6F"; EKS makes that of a node group or Fargate profile itself: \`aws eks list-access-entries\` shows it, and --entries reads that",
       "\`mapRoles[1]\` must have an access entry of type FARGATE_LINUX before the mode is API: its nodes could not join, got "arn:aws:iam::111122223333:role/eksctl-shop-FargatePodExecutionRole-1A2B3C4D5E6F"; EKS makes that of a node group or Fargate profile itself: \`aws eks list-access-entries\` shows it, and --entries reads that",
       "\`mapRoles[2]\` must have an access entry of its own before the mode is API, got "arn:aws:iam::111122223333:role/Ops"; write a grant for it: \`--write <file>\` writes it",
       "\`mapRoles[3]\` must have an access entry of its own before the mode is API, got "arn:aws:iam::111122223333:role/AWSReservedSSO_Developers_0123456789abcdef"; write a grant for it: \`--write <file>\` writes it",
       "\`mapAccounts[0]\` must be gone before the mode is API: it lets in everybody of an account, and an access entry is for one role or user, got "222233334444"; grant the roles of that account that are used",
     ]
    `);
    expect(plan.warnings).toEqual([
      'without --entries the cluster is taken to be in mode CONFIG_MAP, without access entries',
    ]);
    expect(plan.summary).toMatchInlineSnapshot(
      `"On the way 1 gains, 3 lose, 2 stay the same; 2 of 5 lines may go; 5 problems before mode API."`,
    );
    expect(plan.next).toBe('deploy stage 2, with the grants that `--write <file>` writes');
  });

  const grants: AccessSettings['grants'] = {
    ops: { principal: `${ROLE}Ops`, can: 'cluster-admin', username: 'admin' },
    developers: { principal: SSO_ARN, groups: ['developers'], username: 'dev:{{SessionName}}' },
  };
  const entries = ['Ops', SSO_ARN.slice(ROLE.length), 'BreakGlass', NODES.rolearn.slice(ROLE.length)];

  test('after stage 2: the lines that may go, in their order', () => {
    const plan = migrationPlan(input({ grants }, { roles: [NODES, PODS, OPS, SSO] }, entries));
    expect(plan.removals).toEqual([
      { place: 'mapRoles[2]', time: 'now', why: 'its access entry wins already', affects: [] },
      { place: 'mapRoles[3]', time: 'now', why: 'its access entry wins already', affects: [] },
      { place: 'mapRoles[0]', time: 'last', why: 'once a node has joined by its access entry', affects: [] },
      {
        place: 'mapRoles[1]',
        time: 'last',
        why: 'once stage 2 is deployed and a pod has started by its access entry',
        affects: [],
      },
    ]);
    expect(plan.problems).toEqual([
      `\`mapRoles[1]\` must have an access entry of type FARGATE_LINUX before the mode is API: its nodes could not join, got "${PODS.rolearn}"; EKS makes that of a Fargate profile itself, once the mode has API; wait for it, or write it into \`access.nodeRoles\``,
    ]);
    expect(plan.next).toBe('deploy stage 2, with the grants that `--write <file>` writes');
  });

  test('with every entry: nobody gains or loses, and the lines are next', () => {
    const plan = migrationPlan(
      input({ grants }, { roles: [NODES, PODS, OPS, SSO] }, [...entries, PODS.rolearn.slice(ROLE.length)]),
    );
    expect(plan.stages.flatMap(({ principals }) => principals.map(({ verdict }) => verdict))).toEqual(
      Array(20).fill('unchanged'),
    );
    expect([plan.problems, plan.proposed.proposals]).toEqual([[], []]);
    expect(plan.summary).toBe(
      'On the way 0 gain, 0 lose, 5 stay the same; 4 of 4 lines may go; no problem before mode API.',
    );
    expect(plan.next).toBe('take the lines out in the order of stage 3, one by one');
  });

  test('without lines: the mode is next', () => {
    const plan = migrationPlan(input({ grants }, {}, entries));
    expect([plan.lines, plan.problems]).toEqual([[], []]);
    expect(plan.next).toBe("set `access.authenticationMode: 'API'` and deploy");
  });
});

describe('what a move changes', () => {
  test('a policy has not all that the role has, and the role keeps it', () => {
    const plan = migrationPlan(
      input({
        grants: {
          shop: { principal: `${ROLE}Shop`, can: 'edit', namespaces: ['shop'], renderAs: 'aws-auth' },
          wild: { principal: `${ROLE}Wild`, can: 'view', namespaces: ['shop'], renderAs: 'aws-auth', via: 'groups' },
          all: { principal: `${ROLE}All`, can: 'read-all', renderAs: 'aws-auth' },
          both: { principal: `${ROLE}Both`, groups: ['both'], renderAs: 'both' },
        },
      }),
    );
    expect(table(plan)).toMatchInlineSnapshot(`
     {
       "1 as it is, API_AND_CONFIG_MAP": [
         "role/Shop | mapRoles[0] | group kotohajime:shop",
         "role/Wild | mapRoles[1] | group kotohajime:wild",
         "role/All | mapRoles[2] | group kotohajime:all",
         "role/Both | entry | group both",
         "role/BreakGlass | entry | AmazonEKSClusterAdminPolicy in the whole cluster",
       ],
       "2 entries beside aws-auth, API_AND_CONFIG_MAP": [
         "role/Shop | entry | loses | - create pods/eviction, serviceaccounts/token in shop | - create, delete, deletecollection, get, list, patch, update, watch events.events.k8s.io, leases.coordination.k8s.io, 2 more in shop | - get, list, watch resourceclaims.resource.k8s.io/status in shop | no access policy but AmazonEKSClusterAdminPolicy has all of it | \`via: 'groups'\` keeps it | is arn:aws:sts::111122223333:assumed-role/Shop/somebody to Kubernetes, and was shop:somebody",
         "role/Wild | entry | unchanged | is arn:aws:sts::111122223333:assumed-role/Wild/somebody to Kubernetes, and was wild:somebody",
         "role/All | entry | loses | - get /metrics, every other URL | no access policy but AmazonEKSClusterAdminPolicy has all of it | \`via: 'groups'\` keeps it | is arn:aws:sts::111122223333:assumed-role/All/somebody to Kubernetes, and was all:somebody",
         "role/Both | entry | unchanged",
         "role/BreakGlass | entry | unchanged",
       ],
       "3 lines taken out, API_AND_CONFIG_MAP": [
         "role/Shop | entry | unchanged",
         "role/Wild | entry | unchanged",
         "role/All | entry | unchanged",
         "role/Both | entry | unchanged",
         "role/BreakGlass | entry | unchanged",
       ],
       "4 aws-auth left behind, API": [
         "role/Shop | entry | unchanged",
         "role/Wild | entry | unchanged",
         "role/All | entry | unchanged",
         "role/Both | entry | unchanged",
         "role/BreakGlass | entry | unchanged",
       ],
     }
    `);
    expect(plan.problems).toEqual([]);
    expect(plan.next).toBe("deploy stage 2, with `renderAs: 'both'` for shop, wild, all");
    expect(plan.removals.map(({ time, why }) => `${time}: ${why}`)).toEqual([
      "now: its access entry wins already; `renderAs: 'access-entries'` of both takes it out",
      "after entries: the access entry of stage 2 wins over it; `renderAs: 'access-entries'` of shop takes it out",
      "after entries: the access entry of stage 2 wins over it; `renderAs: 'access-entries'` of wild takes it out",
      "after entries: the access entry of stage 2 wins over it; `renderAs: 'access-entries'` of all takes it out",
    ]);
  });

  test('of what a smaller policy loses, the role keeps what it has itself', () => {
    const rbac = { bindings: { developers: { clusterRole: 'edit', groups: ['developers'] } } };
    const grants = { dev: { principal: SSO_ARN, can: 'view' as const } };
    const plan = migrationPlan(input({ grants, rbac }, { roles: [SSO] }));
    expect(plan.stages[1]?.principals[0]?.notes.slice(0, 2)).toEqual([
      'no access policy but AmazonEKSClusterAdminPolicy has all of it',
      "`via: 'groups'` keeps get, list, watch events.events.k8s.io, resourceclaims.resource.k8s.io, 2 more",
    ]);
  });

  test('a grant that is not what the line is', () => {
    const plan = migrationPlan(
      input({ grants: { ops: { principal: `${ROLE}team/Ops`, can: 'view' } } }, { roles: [OPS] }),
    );
    const [, { principals } = { principals: [] }] = plan.stages;
    expect(principals[0]).toMatchObject({ principal: `${ROLE}team/Ops`, by: 'entry', verdict: 'loses' });
    expect(principals[0]?.loses.map((part) => partInWords(part, 2))).toMatchInlineSnapshot(`
     [
       "create, delete, patch, update deployments.apps",
       "create, delete services",
       "create jobs.batch, pods/eviction, 5 more",
       "get, list secrets",
       "patch nodes",
       "everything else",
       "get /metrics",
       "every other URL",
     ]
    `);
  });

  test('groups that RBAC of the config and under k8s/ binds are known', () => {
    const rbac = { bindings: { developers: { clusterRole: 'view', groups: ['developers'] } } };
    const grants = { dev: { principal: SSO_ARN, can: 'view' as const } };
    const of = (given: MigrationInput): string[] =>
      migrationPlan(given).stages[1]?.principals[0]?.loses.map((part) => partInWords(part, 1)) ?? [];
    expect(of(input({ grants }, { roles: [SSO] }))).toEqual([
      'whatever the group developers is bound to, which is not known here',
    ]);
    const lost = ['get, list, watch events.events.k8s.io, 3 more'];
    expect(of(input({ grants, rbac }, { roles: [SSO] }))).toEqual(lost);
    const binding = {
      metadata: { name: 'developers' },
      roleRef: { kind: 'ClusterRole' as const, name: 'view' },
      subjects: [{ kind: 'Group' as const, name: 'developers' }],
    };
    const k8s = { roles: [], clusterRoles: [], roleBindings: [], clusterRoleBindings: [binding] };
    expect(of({ ...input({ grants }, { roles: [SSO] }), k8s })).toEqual(lost);
  });
});

describe('what is deployed', () => {
  const record = (principals: AccessRecord['principals'], authenticationMode = 'API_AND_CONFIG_MAP'): AccessRecord => ({
    authenticationMode,
    principals,
    administrators: [GLASS.principal],
    onlyInAwsAuth: [`${ROLE}Old`],
  });
  const ops = { principal: `${ROLE}Ops`, can: 'view' as const, renderAs: 'aws-auth' as const };

  test('is what the record says, without the cluster at hand', () => {
    const given = input(
      { grants: { ops, dev: { principal: SSO_ARN, can: 'view' } } },
      undefined,
      undefined,
      record({
        [GLASS.principal]: 'access-entries',
        [ops.principal]: 'both',
        [`${ROLE}Gone`]: 'access-entries',
      }),
    );
    const [first] = migrationPlan(given).stages;
    expect(first?.mode).toBe('API_AND_CONFIG_MAP');
    expect(first?.principals.map(({ by, identity }) => [by, identity])).toEqual([
      ['entry', 'AmazonEKSViewPolicy in the whole cluster'],
      ['entry', 'AmazonEKSClusterAdminPolicy in the whole cluster'],
      ['nothing', 'is not let in'],
      ['entry', 'what its access entry says: `aws eks describe-access-entry` tells'],
    ]);
  });

  test('goes with its grant, unless a line lets its principal in', () => {
    const given = (map?: Map): MigrationInput =>
      input(
        {},
        map,
        ['Gone', 'Ops', 'Theirs', 'BreakGlass'],
        record({ [`${ROLE}Gone`]: 'access-entries', [`${ROLE}Ops`]: 'both', [GLASS.principal]: 'access-entries' }),
      );
    const plan = migrationPlan(given({ roles: [OPS] }));
    expect(table(plan)).toMatchInlineSnapshot(`
     {
       "1 as it is, API_AND_CONFIG_MAP": [
         "role/Ops | entry | what its access entry says: \`aws eks describe-access-entry\` tells",
         "role/BreakGlass | entry | AmazonEKSClusterAdminPolicy in the whole cluster",
         "role/Gone | entry | what its access entry says: \`aws eks describe-access-entry\` tells",
       ],
       "2 entries beside aws-auth, API_AND_CONFIG_MAP": [
         "role/Ops | entry | not known | had what its access entry says: \`aws eks describe-access-entry\` tells",
         "role/BreakGlass | entry | unchanged",
         "role/Gone | nothing | shut out | - had what its access entry says: \`aws eks describe-access-entry\` tells",
       ],
       "3 lines taken out, API_AND_CONFIG_MAP": [
         "role/Ops | entry | unchanged",
         "role/BreakGlass | entry | unchanged",
         "role/Gone | nothing | unchanged",
       ],
       "4 aws-auth left behind, API": [
         "role/Ops | entry | unchanged",
         "role/BreakGlass | entry | unchanged",
         "role/Gone | nothing | unchanged",
       ],
     }
    `);
    expect(plan.summary).toBe(
      'On the way 0 gain, 1 loses, 1 stays the same, of 1 it is not known; 1 of 1 line may go; 1 problem before mode API.',
    );
    expect(plan.problems).toEqual([
      `\`mapRoles[0]\` must have an access entry of its own before the mode is API, got "${OPS.rolearn}"; write a grant for it: \`--write <file>\` writes it`,
    ]);
    expect(plan.removals).toEqual([
      { place: 'mapRoles[0]', time: 'after entries', why: 'the access entry of stage 2 wins over it', affects: [] },
    ]);
  });

  test('forbids the way back from an entry in one deploy', () => {
    const rule =
      "`access.grants.ops.renderAs` must not move from an access entry to aws-auth in one deploy: the entry goes minutes before the line comes, got \"aws-auth\"; deploy `renderAs: 'both'` first, then 'aws-auth'";
    const given = input(
      { grants: { ops } },
      undefined,
      undefined,
      record({ [ops.principal]: 'access-entries', [GLASS.principal]: 'access-entries' }),
    );
    expect(migrationPlan(given).problems).toContain(rule);
    expect(migrationPlan(given).next).toBe('mend the problems');
  });

  test('forbids it where the entries themselves are at hand', () => {
    expect(migrationPlan(input({ grants: { ops } }, { roles: [] }, ['Ops', 'BreakGlass'])).problems).toEqual([
      '`access.grants.ops.renderAs` must not be aws-auth alone while the principal has an access entry, which wins over the line, got "aws-auth"; deploy `renderAs: \'both\'` first; the entry may go when the line is there',
    ]);
  });

  test('forbids to skip a mode', () => {
    const given = input(
      { authenticationMode: 'API' },
      {},
      undefined,
      record({ [GLASS.principal]: 'access-entries' }, 'CONFIG_MAP'),
    );
    expect(migrationPlan(given).problems).toEqual([
      '`access.authenticationMode` must be API_AND_CONFIG_MAP first: in mode CONFIG_MAP, which is deployed, there are no entries, got "API"',
    ]);
  });

  test('makes a later look at the lines better than what was noted of them', () => {
    const given = (map?: Map): MigrationInput =>
      input({ authenticationMode: 'API' }, map, ['BreakGlass'], record({ [GLASS.principal]: 'access-entries' }));
    expect(migrationPlan(given()).problems).toEqual([
      `\`access.authenticationMode\` must not become API while a line of aws-auth has no access entry: ${ROLE}Old would be shut out, got "API"; add a grant or \`nodeRoles\` for it, or wait until EKS has made its entry, then \`npx hajime access record --from aws-auth.yaml --entries entries.json\``,
    ]);
    expect(migrationPlan(given({ roles: [] })).problems).toEqual([]);
  });

  test('with mode API leaves nothing to do but to delete the map', () => {
    const plan = migrationPlan(input({ authenticationMode: 'API' }, { roles: [OPS] }, [], record({}, 'API')));
    expect(table(plan)).toMatchInlineSnapshot(`
     {
       "1 as it is, API": [
         "role/Ops | nothing | is not let in",
         "role/BreakGlass | nothing | is not let in",
       ],
       "4 aws-auth left behind, API": [
         "role/Ops | nothing | unchanged",
         "role/BreakGlass | entry | let in | + has AmazonEKSClusterAdminPolicy in the whole cluster",
       ],
     }
    `);
    expect(plan.removals).toEqual([
      { place: 'mapRoles[0]', time: 'now', why: 'with mode API nobody reads it', affects: [] },
    ]);
    expect(plan.next).toBe('delete aws-auth: nobody reads it');
    const without = migrationPlan(input({ authenticationMode: 'API' }));
    expect(without.next).toBe('nothing: access entries decide');
  });
});

describe('access entries that are there', () => {
  test('of which only the ARN is known are left as they are', () => {
    const plan = migrationPlan(input({}, { roles: [OPS] }, ['team/Ops', 'BreakGlass']));
    expect(plan.problems).toEqual([]);
    expect(plan.proposed).toEqual({
      proposals: [],
      without: [
        {
          place: 'mapRoles[0]',
          why: 'it has an access entry already, which is not of this config and wins over the line',
        },
      ],
    });
    expect(table(plan)).toMatchInlineSnapshot(`
     {
       "1 as it is, API_AND_CONFIG_MAP": [
         "role/team/Ops | entry | what its access entry says: \`aws eks describe-access-entry\` tells",
         "role/BreakGlass | entry | AmazonEKSClusterAdminPolicy in the whole cluster",
       ],
       "2 entries beside aws-auth, API_AND_CONFIG_MAP": [
         "role/team/Ops | entry | unchanged",
         "role/BreakGlass | entry | unchanged",
       ],
       "3 lines taken out, API_AND_CONFIG_MAP": [
         "role/team/Ops | entry | unchanged",
         "role/BreakGlass | entry | unchanged",
       ],
       "4 aws-auth left behind, API": [
         "role/team/Ops | entry | unchanged",
         "role/BreakGlass | entry | unchanged",
       ],
     }
    `);
  });

  test('that are described are known', () => {
    const described: KnownEntry = {
      principalArn: `${ROLE}Ops`,
      type: 'STANDARD',
      username: 'ops',
      groups: ['ops'],
      policies: [{ policy: 'AmazonEKSViewPolicy' }],
    };
    const [first] = migrationPlan(input({}, { roles: [OPS] }, [described])).stages;
    expect(first?.principals[0]).toMatchObject({
      by: 'entry',
      identity: 'AmazonEKSViewPolicy in the whole cluster, group ops',
    });
  });

  test('of the config are in the way of a deploy, unless they are recorded', () => {
    const given = input({}, {}, ['BreakGlass']);
    expect(migrationPlan(given).warnings).toEqual([
      `${GLASS.principal} has an access entry already: if this platform did not make it, delete it right before the deploy of stage 2, which EKS refuses otherwise`,
    ]);
    const recorded: AccessRecord = {
      authenticationMode: 'API_AND_CONFIG_MAP',
      principals: { [GLASS.principal]: 'access-entries' },
      administrators: [GLASS.principal],
    };
    expect(migrationPlan({ ...given, record: recorded }).warnings).toEqual([]);
  });

  test('for people are none for nodes', () => {
    const entry: KnownEntry = { principalArn: NODES.rolearn, type: 'STANDARD', policies: [] };
    const plan = migrationPlan(input({}, { roles: [NODES] }, [entry]));
    expect(plan.problems).toEqual([
      `\`mapRoles[0]\` must have an access entry of type EC2_LINUX, and has one of type STANDARD: its nodes cannot join, got "${NODES.rolearn}"; delete that entry; its line lets the nodes in meanwhile`,
    ]);
  });

  test('let a service-linked role in where EKS or its service made one', () => {
    const name = 'AWSServiceRoleForAmazonEMRContainers';
    const line = { rolearn: `${ROLE}${name}`, username: 'emr-containers' };
    const plan = migrationPlan(input({}, { roles: [line] }, [`aws-service-role/emr-containers.amazonaws.com/${name}`]));
    expect(plan.problems).toEqual([]);
    expect(plan.removals[0]).toMatchObject({ time: 'now', why: 'its access entry wins already' });
  });
});

describe('why the mode cannot be API', () => {
  test.each<[string, Map, string[] | undefined, string]>([
    [
      'somebody without a grant',
      { users: [{ userarn: 'arn:aws:iam::111122223333:user/mei', groups: ['x'] }] },
      undefined,
      '`mapUsers[0]` must have an access entry of its own before the mode is API, got "arn:aws:iam::111122223333:user/mei"; write a grant for it: `--write <file>` writes it',
    ],
    [
      'a role that is left over',
      { roles: [SSO, { ...SSO, rolearn: SSO.rolearn.replace('0123456789abcdef', 'aaaaaaaaaaaaaaaa') }] },
      undefined,
      `\`mapRoles[1]\` must have an access entry of its own before the mode is API, got "${ROLE}AWSReservedSSO_Developers_aaaaaaaaaaaaaaaa"; the permission set Developers has another role, ${SSO.rolearn}: this one is left over, or \`npx hajime access resolve\` says otherwise`,
    ],
    [
      'nodes, while nobody knows of their entry',
      { roles: [NODES] },
      undefined,
      `\`mapRoles[0]\` must have an access entry of type EC2_LINUX before the mode is API: its nodes could not join, got "${NODES.rolearn}"; EKS makes that of a node group or Fargate profile itself: \`aws eks list-access-entries\` shows it, and --entries reads that`,
    ],
    [
      'nodes without an entry',
      { roles: [NODES] },
      [],
      `\`mapRoles[0]\` must have an access entry of type EC2_LINUX before the mode is API: its nodes could not join, got "${NODES.rolearn}"; EKS makes that of a managed node group itself, once the mode has API; for nodes of your own write it into \`access.nodeRoles\`: \`--write <file>\` writes it`,
    ],
    [
      'what no entry can be for',
      { accounts: ['222233334444'] },
      [],
      '`mapAccounts[0]` must be gone before the mode is API: it lets in everybody of an account, and an access entry is for one role or user, got "222233334444"; grant the roles of that account that are used',
    ],
  ])('%s', (_, map, entries, expected) => {
    expect(migrationPlan(input({}, map, entries)).problems).toContain(expected);
  });

  test('a grant for the role of nodes, which must be mended at once', () => {
    const plan = migrationPlan(
      input({ grants: { nodes: { principal: NODES.rolearn, can: 'view' } } }, { roles: [NODES] }, []),
    );
    expect(plan.problems).toEqual([
      `\`access.grants.nodes.principal\` must not be the role of nodes (mapRoles[0]): its entry would be one for people, which wins, and no node could join, got "${NODES.rolearn}"; take the grant out; \`access.nodeRoles\` makes entries of nodes`,
    ]);
    expect(plan.stages[1]?.principals[0]?.loses.map((part) => partInWords(part))).toContain('the rights of a node');
    expect(plan.next).toBe('mend the problems');
  });

  test('not with a node role in the config', () => {
    const nodeRoles = { workers: { principal: NODES.rolearn, type: 'EC2_LINUX' as const } };
    const plan = migrationPlan(input({ nodeRoles }, { roles: [NODES] }));
    expect(plan.problems).toEqual([]);
    expect(plan.next).toBe('deploy stage 2');
  });

  test('is all there is left at the end', () => {
    const plan = migrationPlan(input({}, { accounts: ['222233334444'] }, ['BreakGlass']));
    expect(plan.next).toBe('mend the problems');
  });
});

test('with the config at API the mode of stage 2 is told', () => {
  expect(migrationPlan(input({ authenticationMode: 'API' }, { roles: [] })).next).toBe(
    "deploy stage 2, with `access.authenticationMode: 'API_AND_CONFIG_MAP'`",
  );
});

test('lines that do not count are told of where something may be meant', () => {
  const roles = [
    { rolearn: `${ROLE}team/Dev` },
    { rolearn: `${ROLE}team/BreakGlass` },
    { username: 'nobody' },
    { rolearn: 'arn:aws:sts::111122223333:assumed-role/Dev/mei' },
  ];
  const { warnings, removals, principals } = migrationPlan(input({}, { roles }, []));
  expect(warnings).toEqual([
    'mapRoles[0] does not count: its ARN has the path of the role, and STS tells none; write a grant if it is to let somebody in',
    'mapRoles[3] does not count: its ARN is that of a session, and the map is compared with that of the role; its role is arn:aws:iam::111122223333:role/Dev',
  ]);
  expect(removals.map(({ time, affects }) => [time, affects])).toEqual(Array(4).fill(['now', []]));
  expect(principals.map(({ principal }) => principal)).toEqual([GLASS.principal]);
});

test('a line without grant and entry stays', () => {
  const leftOver = { ...SSO, rolearn: SSO.rolearn.replace('0123456789abcdef', 'aaaaaaaaaaaaaaaa') };
  expect(migrationPlan(input({}, { roles: [SSO, leftOver] })).removals[1]).toEqual({
    place: 'mapRoles[1]',
    time: 'stays',
    why: 'it has no access entry and no grant',
    affects: [],
  });
});

test('an account stays until its people have entries of their own', () => {
  const plan = migrationPlan(input({}, { accounts: ['222233334444'] }));
  expect(plan.removals).toEqual([
    {
      place: 'mapAccounts[0]',
      time: 'stays',
      why: 'it lets in everybody of an account, and an access entry is for one role or user',
      affects: [],
    },
  ]);
});

test('principals that only aws-auth lets in', () => {
  const map = {
    roles: [NODES, PODS, OPS, SSO, { rolearn: `${ROLE}a/Path` }],
    users: [{ userarn: 'arn:aws:iam::111122223333:user/mei' }],
    accounts: ['222233334444'],
  };
  const nodeRoles = { pods: { principal: PODS.rolearn, type: 'FARGATE_LINUX' as const } };
  const grants = { developers: { principal: SSO_ARN, can: 'view' as const } };
  expect(onlyInAwsAuth(input({ grants, nodeRoles }, map, [NODES.rolearn.slice(ROLE.length)]))).toEqual([
    OPS.rolearn,
    'arn:aws:iam::111122223333:user/mei',
    'everybody of account 222233334444',
  ]);
});
