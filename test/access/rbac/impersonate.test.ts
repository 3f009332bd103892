import { authorize } from '../../../lib/access/rbac/authorize';
import { impersonate, type Impersonation } from '../../../lib/access/rbac/impersonate';
import type { Identity } from '../../../lib/access/access';
import type { PolicyRule } from '../../../lib/access/rbac/rbac-objects';
import { binding, cluster, on, request } from './rules';

const AUTHENTICATION = 'authentication.k8s.io';

/** What upstream's authorizer, impersonateAuthorizer:40, says yes to, as roles of the groups it looks for. */
const RIGHTS: Readonly<Record<string, PolicyRule[]>> = {
  'User:system:admin': [on('*', '*', '*')],
  'Group:wheel': [on('impersonate', '', 'users')],
  'Group:sa-impersonater': [on('impersonate', '', 'serviceaccounts')],
  'Group:regular-impersonater': [on('impersonate', '', 'users')],
  'Group:group-impersonater': [on('impersonate', '', 'groups')],
  'Group:extra-setter-scopes': [on('impersonate', AUTHENTICATION, 'userextras/scopes')],
  'Group:escaped-scopes': [on('*', '*', '*')],
  'Group:almost-escaped-scopes': [on('*', '*', '*')],
  'Group:extra-setter-particular-scopes': [on('impersonate', AUTHENTICATION, 'userextras/scopes', 'scope-a')],
  'Group:extra-setter-project': [on('impersonate', AUTHENTICATION, 'userextras/project')],
  'Group:everything-impersonater': [
    on('impersonate', '', 'users,groups'),
    on('impersonate', AUTHENTICATION, 'uids', 'some-uid'),
    on('impersonate', AUTHENTICATION, 'userextras/scopes'),
  ],
};
const objects = cluster({
  clusterRoles: Object.entries(RIGHTS).map(([name, rules]) => ({ metadata: { name }, rules })),
  clusterRoleBindings: Object.keys(RIGHTS).map((name) => binding(name, name, [name])),
});

const who = (username: string, ...groups: string[]): Identity => ({ username, groups });

/**
 * Apiserver v0.35.4, pkg/endpoints/filters/impersonation/impersonation_test.go, TestImpersonationFilter, with the line
 * of each case. 403 is a refusal, 400 a request that is none.
 */
test.each<[string, Identity, Impersonation, Identity | 403 | 400]>([
  ['not-impersonating:117', who('tester'), { username: '' }, who('tester')],
  ['impersonating-error:127', who('tester'), { username: 'anyone' }, 403],
  ['impersonating-group-without-user:138', who('tester'), { username: '', groups: ['some-group'] }, 400],
  ['impersonating-extra-without-user:149', who('tester'), { username: '', extra: { scopes: ['scope-a'] } }, 400],
  ['impersonating-uid-without-user:160', who('tester'), { username: '', uid: 'some-uid' }, 400],
  ['disallowed-group:171', who('dev', 'wheel'), { username: 'system:admin', groups: ['some-group'] }, 403],
  [
    'allowed-group:185',
    who('dev', 'wheel', 'group-impersonater'),
    { username: 'system:admin', groups: ['some-group'] },
    who('system:admin', 'some-group', 'system:authenticated'),
  ],
  [
    'disallowed-userextra-1:200',
    who('dev', 'wheel'),
    { username: 'system:admin', groups: ['some-group'], extra: { scopes: ['scope-a'] } },
    403,
  ],
  [
    'disallowed-userextra-2:215',
    who('dev', 'wheel', 'extra-setter-project'),
    { username: 'system:admin', groups: ['some-group'], extra: { scopes: ['scope-a'] } },
    403,
  ],
  [
    'disallowed-userextra-3:230',
    who('dev', 'wheel', 'extra-setter-particular-scopes'),
    { username: 'system:admin', groups: ['some-group'], extra: { scopes: ['scope-a', 'scope-b'] } },
    403,
  ],
  [
    'allowed-userextras:245',
    who('dev', 'wheel', 'extra-setter-scopes'),
    { username: 'system:admin', extra: { scopes: ['scope-a', 'scope-b'] } },
    who('system:admin', 'system:authenticated'),
  ],
  [
    'percent-escaped-userextras:260',
    who('dev', 'wheel', 'escaped-scopes'),
    { username: 'system:admin', extra: { 'example.com%2fescaped%e1%9b%84scopes': ['scope-a', 'scope-b'] } },
    who('system:admin', 'system:authenticated'),
  ],
  [
    'almost-percent-escaped-userextras:275',
    who('dev', 'wheel', 'almost-escaped-scopes'),
    { username: 'system:admin', extra: { 'almost%zzpercent%xxencoded': ['scope-a', 'scope-b'] } },
    who('system:admin', 'system:authenticated'),
  ],
  [
    'allowed-users-impersonation:290',
    who('dev', 'regular-impersonater'),
    { username: 'tester' },
    who('tester', 'system:authenticated'),
  ],
  ['disallowed-impersonating:304', who('dev', 'sa-impersonater'), { username: 'tester' }, 403],
  [
    'allowed-sa-impersonating:317',
    who('dev', 'sa-impersonater'),
    { username: 'system:serviceaccount:foo:default' },
    who(
      'system:serviceaccount:foo:default',
      'system:serviceaccounts',
      'system:serviceaccounts:foo',
      'system:authenticated',
    ),
  ],
  [
    'anonymous-username-prevents-adding-authenticated-group:332',
    who('system:admin'),
    { username: 'system:anonymous' },
    who('system:anonymous', 'system:unauthenticated'),
  ],
  [
    'unauthenticated-group-prevents-adding-authenticated-group:345',
    who('system:admin'),
    { username: 'unknown', groups: ['system:unauthenticated'] },
    who('unknown', 'system:unauthenticated'),
  ],
  [
    'unauthenticated-group-prevents-double-adding-authenticated-group:359',
    who('system:admin'),
    { username: 'unknown', groups: ['system:authenticated'] },
    who('unknown', 'system:authenticated'),
  ],
  [
    'specified-authenticated-group-prevents-double-adding-authenticated-group:373',
    who('dev', 'wheel', 'group-impersonater'),
    { username: 'system:admin', groups: ['some-group', 'system:authenticated'] },
    who('system:admin', 'some-group', 'system:authenticated'),
  ],
  [
    'anonymous-user-should-include-unauthenticated-group:388',
    who('system:admin'),
    { username: 'system:anonymous' },
    who('system:anonymous', 'system:unauthenticated'),
  ],
  [
    'anonymous-user-prevents-double-adding-unauthenticated-group:401',
    who('system:admin'),
    { username: 'system:anonymous', groups: ['system:unauthenticated'] },
    who('system:anonymous', 'system:unauthenticated'),
  ],
  [
    'allowed-user-impersonation-with-uid:415',
    who('dev', 'everything-impersonater'),
    { username: 'tester', uid: 'some-uid' },
    who('tester', 'system:authenticated'),
  ],
  [
    'disallowed-user-impersonation-with-uid:433',
    who('dev', 'everything-impersonater'),
    { username: 'tester', uid: 'disallowed-uid' },
    403,
  ],
  [
    'allowed-impersonation-with-all-headers:449',
    who('dev', 'everything-impersonater'),
    {
      username: 'tester',
      uid: 'some-uid',
      groups: ['system:authenticated'],
      extra: { scopes: ['scope-a', 'scope-b'] },
    },
    who('tester', 'system:authenticated'),
  ],
])('TestImpersonationFilter: %s', (_, identity, as, expected) => {
  const { allowed, identity: then, refused, errors } = impersonate(identity, as, objects);
  expect(then).toEqual(typeof expected === 'number' ? undefined : expected);
  expect(allowed).toBe(typeof expected !== 'number');
  expect(refused.length > 0).toBe(expected === 403);
  expect(errors.length > 0).toBe(expected === 400);
});

/** Apiserver v0.35.4, pkg/authentication/serviceaccount/util_test.go, TestMakeUsername:84. */
test.each([
  ['valid', 'foo', 'bar', true],
  ['empty', '', '', false],
  ['empty namespace', '', 'foo', false],
  ['empty name', 'foo', '', false],
  ['extra segments', 'foo', 'bar:baz', false],
  ['invalid chars in namespace', 'foo ', 'bar', false],
  ['invalid chars in name', 'foo', 'bar ', false],
])('TestMakeUsername: %s', (_, namespace, name, account) => {
  const username = `system:serviceaccount:${namespace}:${name}`;
  const asAccount = impersonate(who('dev', 'sa-impersonater'), { username }, objects);
  expect(asAccount.allowed).toBe(account);
  expect(impersonate(who('dev', 'wheel'), { username }, objects).allowed).toBe(!account);
  if (!account) expect(asAccount.refused).toEqual([`users ${username}`]);
});

/** The same file, TestMatchUsername:149: whom a service account in a binding is. */
test.each([
  ['foo', 'bar', 'foo', false],
  ['foo', 'bar', 'system:serviceaccount:', false],
  ['foo', 'bar', 'system:serviceaccount:foo', false],
  ['foo', 'bar', 'system:serviceaccount:foo:', false],
  ['foo', 'bar', 'system:serviceaccount:foo:bar', true],
  ['foo', 'bar', 'system:serviceaccount::bar', false],
  ['foo', 'bar', 'system:serviceaccount:bar', false],
  ['foo', 'bar', ':bar', false],
  ['foo', 'bar', 'foo:bar', false],
  ['foo', 'bar', '', false],
  ['foo2', 'bar', 'system:serviceaccount:foo:bar', false],
  ['foo', 'bar2', 'system:serviceaccount:foo:bar', false],
  ['foo:', 'bar', 'system:serviceaccount:foo:bar', false],
  ['foo', ':bar', 'system:serviceaccount:foo:bar', false],
])('TestMatchUsername: %s/%s is %j: %s', (namespace, name, username, same) => {
  const bound = { ...binding('b', 'r', []), subjects: [{ kind: 'ServiceAccount' as const, namespace, name }] };
  const clusterRoles = [{ metadata: { name: 'r' }, rules: [on('*', '*', '*')] }];
  const given = cluster({ clusterRoles, clusterRoleBindings: [bound] });
  expect(authorize(who(username), request('get core pods'), given).allowed).toBe(same);
});

test('everything that is refused is told', () => {
  const as = {
    username: 'system:serviceaccount:foo:default',
    groups: ['ops', 'dev'],
    uid: '7',
    extra: { Scopes: ['a', 'b'] },
  };
  expect(impersonate(who('dev', 'group-impersonater'), as, objects)).toEqual({
    allowed: false,
    refused: ['serviceaccounts foo/default', 'userextras/scopes a', 'userextras/scopes b', 'uids 7'],
    errors: [],
  });
});

test('a service account has only the groups that are given, if any are', () => {
  const as = { username: 'system:serviceaccount:foo:default', groups: ['ops'] };
  const { identity } = impersonate(who('system:admin'), as, objects);
  expect(identity?.groups).toEqual(['ops', 'system:authenticated']);
});

test('a namespace that is too long makes it a user', () => {
  const username = `system:serviceaccount:${'n'.repeat(64)}:default`;
  expect(impersonate(who('dev', 'wheel'), { username }, objects).allowed).toBe(true);
});

test('the key of an extra fact is the unescaped one', () => {
  const rule = on('impersonate', AUTHENTICATION, 'userextras/example.com/team');
  const given = cluster({
    clusterRoles: [{ metadata: { name: 'r' }, rules: [rule, on('impersonate', '', 'users')] }],
    clusterRoleBindings: [binding('b', 'r', ['User:ana'])],
  });
  const extra = { 'Example.com%2Fteam': ['a'] };
  expect(impersonate(who('ana'), { username: 'ben', extra }, given).allowed).toBe(true);
});

test('a request that is none says so', () => {
  expect(impersonate(who('dev'), { username: '', groups: ['ops'] }, objects).errors).toEqual([
    'groups, a uid and extra facts cannot be impersonated without a user',
  ]);
});

test('access policies let one impersonate, and do not follow', () => {
  const policies = [{ policy: 'AmazonEKSClusterAdminPolicy' }];
  const admin = { ...who('ana'), policies };
  const { allowed, identity } = impersonate(admin, { username: 'ben' }, objects);
  expect(allowed).toBe(true);
  expect(identity).toEqual(who('ben', 'system:authenticated'));
  // not even if one impersonates oneself
  const self = impersonate(admin, { username: 'ana' }, objects).identity ?? admin;
  expect(authorize(self, request('get core pods'), objects).allowed).toBe(false);
  // but a request without impersonation keeps them
  expect(impersonate(admin, { username: '' }, objects).identity).toBe(admin);
});

test('a policy for a namespace lets one be its service accounts only', () => {
  const editor = { ...who('ana'), policies: [{ policy: 'AmazonEKSEditPolicy', namespaces: ['foo'] }] };
  const may = (username: string) => impersonate(editor, { username }, objects).allowed;
  expect(may('system:serviceaccount:foo:default')).toBe(true);
  expect(may('system:serviceaccount:bar:default')).toBe(false);
  expect(may('ben')).toBe(false);
});
