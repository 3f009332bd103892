import { Match, Template } from 'aws-cdk-lib/assertions';
import { AccessEntries } from '../../lib/access/access-entries';
import { grantsRenderedAs, type AccessGrant, type Permission } from '../../lib/access/access-grant';
import { AwsAuth } from '../../lib/access/aws-auth';
import { toAwsAuth } from '../../lib/access/aws-auth-rendering';
import { parsePrincipal, withoutRolePath } from '../../lib/access/principal';
import { fixture } from '../fixture';

const SSO =
  'arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Dev_0123456789abcdef';

function entry(grant: AccessGrant): Template {
  const { stack, cluster } = fixture();
  new AccessEntries(stack, 'Access', { cluster, grants: { x: grant } });
  return Template.fromStack(stack);
}

test('an entry has the whole ARN, with its path', () => {
  entry({ principal: SSO, can: 'view' }).hasResourceProperties('AWS::EKS::AccessEntry', {
    ClusterName: 'theirs',
    PrincipalArn: SSO,
  });
});

test.each<[Permission, string]>([
  ['cluster-admin', 'AmazonEKSClusterAdminPolicy'],
  ['admin', 'AmazonEKSAdminPolicy'],
  ['edit', 'AmazonEKSEditPolicy'],
  ['view', 'AmazonEKSViewPolicy'],
  ['read-all', 'AmazonEKSAdminViewPolicy'],
])('%s is %s', (can, policy) => {
  entry({ principal: SSO, can }).hasResourceProperties('AWS::EKS::AccessEntry', {
    AccessPolicies: [
      { PolicyArn: `arn:aws:eks::aws:cluster-access-policy/${policy}`, AccessScope: { Type: 'cluster' } },
    ],
  });
});

test('a grant with namespaces is limited to them', () => {
  entry({ principal: SSO, can: 'edit', namespaces: ['shop', 'shop-*'] }).hasResourceProperties(
    'AWS::EKS::AccessEntry',
    {
      AccessPolicies: [{ AccessScope: { Type: 'namespace', Namespaces: ['shop', 'shop-*'] } }],
    },
  );
});

test('a grant of groups alone has no policy', () => {
  entry({ principal: SSO, groups: ['deployers'], username: 'ci' }).hasResourceProperties('AWS::EKS::AccessEntry', {
    AccessPolicies: Match.absent(),
    KubernetesGroups: ['deployers'],
    Username: 'ci',
  });
});

test('names that differ by a hyphen do not collide', () => {
  const { stack, cluster } = fixture();
  const grant = (name: string): AccessGrant => ({ principal: `arn:aws:iam::111122223333:role/${name}`, can: 'view' });
  new AccessEntries(stack, 'Access', { cluster, grants: { 'shop-a': grant('A'), shopa: grant('B') } });
  Template.fromStack(stack).resourceCountIs('AWS::EKS::AccessEntry', 2);
});

test('each place gets the grants meant for it', () => {
  const grants = {
    e: { principal: 'e' },
    m: { principal: 'm', renderAs: 'aws-auth' },
    b: { principal: 'b', renderAs: 'both' },
  } as const;
  expect(Object.keys(grantsRenderedAs('access-entries', { grants }))).toEqual(['e', 'b']);
  expect(Object.keys(grantsRenderedAs('aws-auth', { grants }))).toEqual(['m', 'b']);
  expect(Object.keys(grantsRenderedAs('aws-auth', { grants, renderAs: 'aws-auth' }))).toEqual(['e', 'm', 'b']);
});

test.each([
  [SSO, 'arn:aws:iam::111122223333:role/AWSReservedSSO_Dev_0123456789abcdef'],
  ['arn:aws:iam::111122223333:role/Dev', 'arn:aws:iam::111122223333:role/Dev'],
  ['arn:aws-cn:iam::111122223333:role/a/b/c/Dev', 'arn:aws-cn:iam::111122223333:role/Dev'],
  ['arn:aws:iam::111122223333:user/ops/Mei', 'arn:aws:iam::111122223333:user/ops/Mei'],
])('aws-auth knows %s as %s', (arn, expected) => {
  expect(withoutRolePath(arn)).toBe(expected);
});

test.each([
  'arn:aws:iam::111122223333:group/Dev',
  'arn:aws:iam::1111:role/Dev',
  'arn:aws:iam::111122223333:role/',
  'role/Dev',
  'arn:aws:iam::111122223333:role/Dev\n',
])('%j is no principal', (arn) => {
  expect(parsePrincipal(arn)).toBeUndefined();
});

describe('aws-auth', () => {
  test('roles and users have their lines, and `can` has its bindings', () => {
    expect(
      toAwsAuth({
        ops: { principal: 'arn:aws:iam::111122223333:role/team/Ops', can: 'read-all' },
        mei: { principal: 'arn:aws:iam::111122223333:user/Mei', groups: ['guests'] },
        ci: { principal: 'arn:aws:iam::111122223333:role/Ci', groups: ['ci'], username: 'ci' },
      }),
    ).toMatchInlineSnapshot(`
     {
       "objects": [
         {
           "apiVersion": "rbac.authorization.k8s.io/v1",
           "kind": "ClusterRole",
           "metadata": {
             "name": "kotohajime:read-all",
           },
           "rules": [
             {
               "apiGroups": [
                 "*",
               ],
               "resources": [
                 "*",
               ],
               "verbs": [
                 "get",
                 "list",
                 "watch",
               ],
             },
             {
               "nonResourceURLs": [
                 "*",
               ],
               "verbs": [
                 "get",
               ],
             },
           ],
         },
         {
           "apiVersion": "rbac.authorization.k8s.io/v1",
           "kind": "ClusterRoleBinding",
           "metadata": {
             "name": "kotohajime:ops",
           },
           "roleRef": {
             "apiGroup": "rbac.authorization.k8s.io",
             "kind": "ClusterRole",
             "name": "kotohajime:read-all",
           },
           "subjects": [
             {
               "apiGroup": "rbac.authorization.k8s.io",
               "kind": "Group",
               "name": "kotohajime:ops",
             },
           ],
         },
       ],
       "roles": [
         {
           "arn": "arn:aws:iam::111122223333:role/Ops",
           "groups": [
             "kotohajime:ops",
           ],
           "username": "ops:{{SessionName}}",
         },
         {
           "arn": "arn:aws:iam::111122223333:role/Ci",
           "groups": [
             "ci",
           ],
           "username": "ci",
         },
       ],
       "users": [
         {
           "arn": "arn:aws:iam::111122223333:user/Mei",
           "groups": [
             "guests",
           ],
           "username": "mei",
         },
       ],
     }
    `);
  });

  test('brings one function in private subnets that may look at its cluster only', () => {
    const { stack, cluster, subnets } = fixture();
    new AwsAuth(stack, 'AwsAuth', {
      cluster,
      subnets,
      grants: { ci: { principal: 'arn:aws:iam::111122223333:role/Ci', groups: ['ci'] } },
    });
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::Lambda::Function', {
      Runtime: 'nodejs22.x',
      Timeout: 300,
      Layers: Match.absent(),
      VpcConfig: { SubnetIds: ['subnet-a', 'subnet-b'] },
    });
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: { Statement: [Match.objectLike({ Action: 'eks:DescribeCluster' })] },
    });
    template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', { GroupId: 'sg-1', FromPort: 443, ToPort: 443 });
    template.hasResourceProperties('Custom::KotohajimeAwsAuth', {
      ClusterName: 'theirs',
      Region: 'eu-west-1',
      AwsAuth: {
        Roles: [{ RoleArn: 'arn:aws:iam::111122223333:role/Ci', Username: 'ci:{{SessionName}}', Groups: ['ci'] }],
        Users: [],
      },
      Objects: '[]',
    });
  });

  test('a grant limited to namespaces is refused', () => {
    const { stack, cluster, subnets } = fixture();
    const grants = {
      ci: { principal: 'arn:aws:iam::111122223333:role/Ci', can: 'edit' as const, namespaces: ['shop'] },
    };
    expect(() => new AwsAuth(stack, 'AwsAuth', { cluster, subnets, grants })).toThrow(
      '`grants.ci.namespaces` must not limit a grant in aws-auth',
    );
  });
});
