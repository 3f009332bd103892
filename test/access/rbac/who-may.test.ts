import { whoMay } from '../../../lib/access/rbac/who-may';
import type { PolicyRule, RbacObjects } from '../../../lib/access/rbac/rbac-objects';
import { binding, cluster, localBinding, on, request, subjects } from './rules';

const whole = (verbs: string, groups: string, resources: string, urls: string): PolicyRule => ({
  ...on(verbs, groups, resources),
  nonResourceURLs: urls.split(','),
});
const admin = { metadata: { name: 'admin' }, rules: [whole('*', '*', '*', '*')] };
const supers = [binding('', 'admin', ['User:super-admin', 'Group:super-admins'])];
const MASTERS = 'Group:system:masters';
const SUPERS = [MASTERS, 'User:super-admin', 'Group:super-admins'];
const ADMINS = ['User:admin', 'Group:admins'];

/**
 * Kubernetes v1.35.4, plugin/pkg/auth/authorizer/rbac/subject_locator_test.go, TestSubjectLocator:30. A super user by
 * name is a setting of upstream's that EKS has none of, so its second case is without that user.
 */
describe('TestSubjectLocator', () => {
  test.each([
    ['get core Pods', 'ns1', [...SUPERS, ...ADMINS]],
    // cluster role matches star in namespace
    ['* core Pods', '*', SUPERS],
    // empty ns
    ['* core Pods', '', SUPERS],
  ])('no super user, star matches star: %s in %j', (text, namespace, expected) => {
    const objects = cluster({
      clusterRoles: [admin],
      clusterRoleBindings: supers,
      roleBindings: [binding('', 'admin', ADMINS, 'ns1')],
    });
    expect(whoMay(request(text, namespace), objects).subjects.map(({ subject }) => subject)).toEqual(
      subjects(...expected),
    );
  });

  test.each([
    ['get core Pods', 'ns1', [...SUPERS, ...ADMINS]],
    // verb matches correctly
    ['create core Pods', 'ns1', SUPERS],
    // binding only works in correct ns
    ['get core Pods', 'ns2', SUPERS],
  ])('super user, local roles work: %s in %j', (text, namespace, expected) => {
    const objects = cluster({
      clusterRoles: [admin],
      clusterRoleBindings: supers,
      roles: [{ metadata: { name: 'admin', namespace: 'ns1' }, rules: [whole('get', '*', 'Pods', '*')] }],
      roleBindings: [localBinding('', 'admin', ADMINS, 'ns1')],
    });
    expect(whoMay(request(text, namespace), objects).subjects.map(({ subject }) => subject)).toEqual(
      subjects(...expected),
    );
  });
});

const objects: RbacObjects = cluster({
  clusterRoles: [{ metadata: { name: 'reader' }, rules: [on('get', '', 'pods')] }],
  clusterRoleBindings: [binding('all', 'reader', ['User:ana']), binding('gone', 'gone', ['User:ben'])],
  roleBindings: [binding('own', 'reader', ['ServiceAccount:web', 'User:ana'], 'shop')],
});

test('somebody with two bindings is there twice, with both reasons', () => {
  const { subjects: found, errors } = whoMay(request('get core pods', 'shop'), objects);
  expect(found.map(({ subject, reason }) => [subject.name, 'name' in reason ? reason.name : reason.source])).toEqual([
    ['system:masters', 'superuser'],
    ['ana', 'all'],
    ['web', 'own'],
    ['ana', 'own'],
  ]);
  expect(errors).toEqual(['ClusterRoleBinding gone: there is no ClusterRole gone']);
});

test('a service account is told with its namespace', () => {
  const [, , web] = whoMay(request('get core pods', 'shop'), objects).subjects;
  expect(web?.subject).toEqual({ kind: 'ServiceAccount', name: 'web', namespace: 'shop', apiGroup: '' });
});
