import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { AccessEntries } from '../../lib/access/access-entries';
import { grantsRenderedAs, type Permission, type PrincipalGrant } from '../../lib/access/access-grant';
import { AwsAuth } from '../../lib/access/aws-auth';
import { toAwsAuth } from '../../lib/access/aws-auth-rendering';
import { grantBindings } from '../../lib/access/grant-bindings';
import { parsePrincipal, withoutRolePath } from '../../lib/access/principal';
import { toManifests } from '../../lib/access/rbac/rbac-rendering';
import { fixture } from '../fixture';

const SSO =
  'arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Dev_0123456789abcdef';

function entry(grant: PrincipalGrant): Template {
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
  const grant = (name: string): PrincipalGrant => ({
    principal: `arn:aws:iam::111122223333:role/${name}`,
    can: 'view',
  });
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

test('via groups is a group in the entry, and a binding in each namespace', () => {
  const grant: PrincipalGrant = { principal: SSO, can: 'edit', namespaces: ['shop'], via: 'groups', groups: ['own'] };
  entry(grant).hasResourceProperties('AWS::EKS::AccessEntry', {
    AccessPolicies: Match.absent(),
    KubernetesGroups: ['kotohajime:x', 'own'],
  });
  expect(toManifests(grantBindings({ x: grant }, 'access-entries'))).toMatchObject([
    { kind: 'RoleBinding', metadata: { name: 'kotohajime:x', namespace: 'shop' }, roleRef: { name: 'edit' } },
  ]);
});

test('a policy needs no binding', () => {
  expect(toManifests(grantBindings({ x: { can: 'edit' } }, 'access-entries'))).toEqual([]);
});

test('a grant that a binding names is in its group', () => {
  const { stack, cluster } = fixture();
  const rbac = { bindings: { deployers: { clusterRole: 'edit', grants: ['ci'] } } };
  new AccessEntries(stack, 'Access', { cluster, grants: { ci: { principal: SSO } }, rbac });
  Template.fromStack(stack).hasResourceProperties('AWS::EKS::AccessEntry', { KubernetesGroups: ['kotohajime:ci'] });
});

test('the role of nodes has an entry of its type and nothing else', () => {
  const { stack, cluster } = fixture();
  const nodeRoles = {
    karpenter: { principal: 'arn:aws:iam::111122223333:role/Karpenter', type: 'EC2_LINUX' },
  } as const;
  new AccessEntries(stack, 'Access', { cluster, grants: {}, nodeRoles });
  Template.fromStack(stack).hasResourceProperties('AWS::EKS::AccessEntry', {
    PrincipalArn: 'arn:aws:iam::111122223333:role/Karpenter',
    Type: 'EC2_LINUX',
    AccessPolicies: Match.absent(),
    KubernetesGroups: Match.absent(),
  });
});

describe('a role made in the same app', () => {
  const build = (roleName: string | undefined, other: (role: iam.Role) => string) => (): void => {
    const { stack, cluster } = fixture();
    const role = new iam.Role(stack, 'Role', { roleName, assumedBy: new iam.AccountRootPrincipal() });
    const grants = { a: { principal: role.roleArn, can: 'view' }, b: { principal: other(role), can: 'edit' } } as const;
    new AccessEntries(stack, 'Access', { cluster, grants });
  };

  test('may be granted something', () => {
    expect(build(undefined, () => SSO)).not.toThrow();
  });

  test.each<[string, (role: iam.Role) => string]>([
    ['its ARN again', (role) => role.roleArn],
    ['its ARN written out', () => 'arn:aws:iam::111122223333:role/Dev'],
    ['its ARN written out in another case', () => 'arn:aws:iam::111122223333:role/DEV'],
    [
      'its ARN with pseudo parameters',
      ({ stack }) => stack.formatArn({ service: 'iam', region: '', resource: 'role', resourceName: 'Dev' }),
    ],
  ])('is not granted twice by %s', (_, other) => {
    expect(build('Dev', other)).toThrow(
      '`grants.b.principal` must not be granted twice: `grants.a` is for the same role',
    );
  });
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

  test('a grant limited to namespaces leaves its bindings to the Kubernetes layer', () => {
    const { stack, cluster, subnets } = fixture();
    const { bindingsInNamespaces } = new AwsAuth(stack, 'AwsAuth', {
      cluster,
      subnets,
      grants: { ci: { principal: 'arn:aws:iam::111122223333:role/Ci', can: 'edit', namespaces: ['shop'] } },
    });
    Template.fromStack(stack).hasResourceProperties('Custom::KotohajimeAwsAuth', {
      AwsAuth: { Roles: [Match.objectLike({ Groups: ['kotohajime:ci'] })] },
      Objects: '[]',
    });
    expect(bindingsInNamespaces).toEqual([
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'RoleBinding',
        metadata: { name: 'kotohajime:ci', namespace: 'shop' },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'edit' },
        subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'kotohajime:ci' }],
      },
    ]);
  });

  test('a grant in the whole cluster has its bindings from the writer', () => {
    const { stack, cluster, subnets } = fixture();
    const { bindingsInNamespaces } = new AwsAuth(stack, 'AwsAuth', {
      cluster,
      subnets,
      grants: { ops: { principal: 'arn:aws:iam::111122223333:role/Ops', can: 'read-all' } },
    });
    const [map] = Object.values(Template.fromStack(stack).findResources('Custom::KotohajimeAwsAuth'));
    const objects = JSON.parse(String(map?.Properties.Objects)) as { kind: string; metadata: { name: string } }[];
    expect(objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
      'ClusterRole kotohajime:read-all',
      'ClusterRoleBinding kotohajime:ops',
    ]);
    expect(bindingsInNamespaces).toEqual([]);
  });
});
