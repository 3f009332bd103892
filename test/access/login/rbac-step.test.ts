import type { Access } from '../../../lib/access/access';
import { mapIdentity, type MappedIdentity } from '../../../lib/access/authenticator/map-identity';
import { rbacStep, type RbacFacts } from '../../../lib/access/login/rbac-step';
import { readQuestion, type Asking, type Question } from '../../../lib/access/question';
import { defaultRoles } from '../../../lib/access/rbac/default-roles';
import type { RbacObjects } from '../../../lib/access/rbac/rbac-objects';
import { NO_OBJECTS, together, toRbacObjects } from '../../../lib/access/rbac/rbac-rendering';
import type { RbacSettings } from '../../../lib/access/rbac/rbac-settings';
import { shown } from './steps';

const MINOR = '1.35';
const arn = 'arn:aws:sts::111122223333:assumed-role/Ops/mei';
const principalArn = 'arn:aws:iam::111122223333:role/Ops';
const place = { clusterName: 'dev' };

const ask = (verb: string, what: string, asking: Asking = {}): Question => {
  const question = readQuestion(verb, what, asking, MINOR);
  if ('problem' in question) throw new Error(question.problem);
  return question;
};

function check(
  entry: Partial<Access['entries'][number]>,
  more: Partial<RbacFacts> & {
    readonly bindings?: RbacSettings['bindings'];
    readonly awsAuth?: Access['awsAuth'];
  } = {},
): string[] {
  const access: Access = {
    mode: 'API_AND_CONFIG_MAP',
    partition: 'aws',
    account: '111122223333',
    entries: [{ principalArn, type: 'STANDARD', ...entry }],
    awsAuth: more.awsAuth,
  };
  const identity = mapIdentity(arn, access);
  if (!identity.mapped) throw new Error(identity.detail);
  const own: RbacObjects = more.bindings === undefined ? NO_OBJECTS : toRbacObjects({ bindings: more.bindings });
  const facts = { objects: together(defaultRoles(MINOR), own), minor: MINOR, ...more };
  return shown(rbacStep(identity, arn, facts, access, place));
}

const policy = (name: string, namespaces?: string[]): Partial<Access['entries'][number]> => ({
  policies: [{ policy: name, namespaces }],
});
const WIDEN = 'widen the grant in config/dev.ts and deploy | whoever deploys dev';
const BIND =
  'bind it: `access.rbac.bindings` of config/dev.ts, or a manifest under k8s/ | whoever applies k8s/: a cluster-admin, or who holds what the role permits';
const NOTHING = '✗ RBAC: is in, and may do nothing but what everybody may who is';
const DEFAULT = '(asked in the namespace default; -n names another one, -A means all at once)';

describe('without a question', () => {
  test.each<[string, Partial<Access['entries'][number]>, RbacSettings['bindings'], string[]]>([
    [
      'the whole cluster',
      policy('AmazonEKSViewPolicy'),
      undefined,
      ['✓ RBAC: may get pods in default: AmazonEKSViewPolicy in the whole cluster'],
    ],
    [
      'namespaces',
      policy('AmazonEKSEditPolicy', ['shop', 'team-*']),
      undefined,
      ['✓ RBAC: may get pods in shop, team-*; not in default, so name one: kubectl -n shop'],
    ],
    [
      'a bound group',
      { groups: ['ops'] },
      { ops: { clusterRole: 'view', namespaces: ['shop'], groups: ['ops'] } },
      ['✓ RBAC: may get pods in shop; not in default, so name one: kubectl -n shop'],
    ],
    [
      'something other than pods',
      { groups: ['ops'] },
      { ops: { clusterRole: 'system:node-bootstrapper', groups: ['ops'] } },
      [
        '✓ RBAC: may not get pods, and has rights by group ops → cluster role binding ops → cluster role system:node-bootstrapper',
      ],
    ],
    ['nothing', {}, undefined, [NOTHING, `it has no group and no access policy | ${WIDEN}`]],
    [
      'a group that nothing binds',
      { groups: ['Deployers'] },
      { x: { clusterRole: 'view', groups: ['deployers'] } },
      [NOTHING, `nothing that is known here binds the group Deployers; did you mean \`deployers\`? | ${BIND}`],
    ],
    [
      'two groups that nothing binds',
      { groups: ['a', 'b'] },
      undefined,
      [
        NOTHING,
        `nothing that is known here binds the group a | ${BIND}`,
        `nothing that is known here binds the group b | ${BIND}`,
      ],
    ],
    [
      'a policy that is not known',
      policy('AmazonEKSNewPolicy'),
      undefined,
      ['– RBAC: not known: what AmazonEKSNewPolicy permits is not known here'],
    ],
  ])('somebody with %s', (_, entry, bindings, lines) => {
    expect(check(entry, { bindings })).toEqual(lines);
  });
});

describe('a question', () => {
  test.each<[Question, Partial<Access['entries'][number]>, string[]]>([
    [
      ask('delete', 'nodes'),
      policy('AmazonEKSClusterAdminPolicy'),
      ['✓ RBAC: may delete nodes: AmazonEKSClusterAdminPolicy in the whole cluster'],
    ],
    [
      ask('get', 'secrets'),
      policy('AmazonEKSViewPolicy'),
      [
        '✗ RBAC: may not get secrets in default',
        `AmazonEKSViewPolicy permits other things than get secrets in default | ${WIDEN}`,
        DEFAULT,
      ],
    ],
    [
      ask('get', 'pods', { namespace: 'other' }),
      policy('AmazonEKSEditPolicy', ['shop', 'team-*']),
      [
        '✗ RBAC: may not get pods in other',
        `AmazonEKSEditPolicy is limited to shop, team-*, and this is in other | ${WIDEN}`,
      ],
    ],
    [
      ask('get', 'pods', { allNamespaces: true }),
      policy('AmazonEKSEditPolicy', ['shop']),
      [
        '✗ RBAC: may not get pods in all namespaces',
        `AmazonEKSEditPolicy is limited to shop, and this is in the whole cluster | ${WIDEN}`,
      ],
    ],
    [
      ask('create', 'pods', { namespace: 'shop', subresource: 'eviction' }),
      policy('AmazonEKSEditPolicy'),
      [
        '✗ RBAC: may not create pods/eviction in shop',
        "AmazonEKSEditPolicy does not permit it, and the Kubernetes role edit does | `via: 'groups'` on the grant in config/dev.ts gives the role itself; deploy | whoever deploys dev",
      ],
    ],
    [
      ask('get', '/metrics'),
      { groups: ['ops'], ...policy('AmazonEKSViewPolicy') },
      ['✗ RBAC: may not get /metrics', `nothing that is known here binds the group ops | ${BIND}`],
    ],
  ])('$inWords', (question, entry, lines) => {
    expect(check(entry, { question })).toEqual(lines);
  });
});

test('a line of aws-auth that would allow it is outdone by an entry', () => {
  const awsAuth = { mapRoles: `- {rolearn: '${principalArn}', username: u, groups: ['system:masters']}` };
  expect(check({}, { awsAuth })).toEqual([
    NOTHING,
    'line 1 of mapRoles would allow it, and counts for nothing: the access entry wins wholly | give the access entry the same groups or a policy, or delete it | whoever may call eks:UpdateAccessEntry, eks:AssociateAccessPolicy or eks:DeleteAccessEntry',
    `it has no group and no access policy | ${WIDEN}`,
  ]);
});

test('a caller by mapAccounts has no group', () => {
  const access: Access = {
    mode: 'CONFIG_MAP',
    partition: 'aws',
    account: '111122223333',
    entries: [],
    awsAuth: { mapAccounts: "['111122223333']" },
  };
  const identity = mapIdentity(arn, access) as MappedIdentity;
  const facts = { objects: defaultRoles(MINOR), minor: MINOR };
  expect(shown(rbacStep(identity, arn, facts, access, place))).toEqual([
    NOTHING,
    `it has no group and no access policy: mapAccounts gives a user name and no group | ${WIDEN}`,
  ]);
});

test('what nobody told is not asked', () => {
  expect(check({}, { isUntold: () => true })).toEqual([
    '– RBAC: not asked: the file of entries tells nothing of this one but its ARN',
  ]);
});
