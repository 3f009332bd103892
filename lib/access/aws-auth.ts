import * as path from 'node:path';
import * as cdk from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { CfnAccessEntry } from 'aws-cdk-lib/aws-eks';
import type * as eks from 'aws-cdk-lib/aws-eks-v2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { bundledCode } from '../bundle';
import { throwIfAny } from '../validate';
import { accessPolicyArn, ACCESS_POLICIES } from './access-policy';
import type { PrincipalGrants } from './access-grant';
import { toAwsAuth, type AwsAuthLine } from './aws-auth-rendering';
import { grantBindings } from './grant-bindings';
import { awsAuthProblems, grantProblems } from './grant-rules';
import { toManifests, type RbacManifest } from './rbac/rbac-rendering';
import type { RbacSettings } from './rbac/rbac-settings';

/** Properties of {@link AwsAuth}. */
export interface AwsAuthProps {
  /** The cluster, with its VPC and security group. Its authentication mode must be `API_AND_CONFIG_MAP`. */
  readonly cluster: eks.ICluster;
  /** Private subnets with a route to EKS, STS and S3: the Kubernetes API has a private endpoint only. */
  readonly subnets: readonly ec2.ISubnet[];
  /** Who gets a line in aws-auth, by name. */
  readonly grants: PrincipalGrants;
  /**
   * Bindings that name grants, whose lines then hold a group for them.
   *
   * @default - none
   */
  readonly rbac?: RbacSettings;
}

/**
 * Grants as lines of the aws-auth ConfigMap, merged by a function of ours: it adds, changes and removes the lines it
 * owns and keeps every other byte for byte. Deleting it removes its own lines only.
 *
 * It also applies the bindings that give `can` its meaning in the whole cluster. Those in a namespace need the namespace,
 * which belongs to the Kubernetes layer, and so do they: they are in {@link bindingsInNamespaces}.
 *
 * It brings a Lambda function; access entries need none.
 */
export class AwsAuth extends Construct {
  /** Manifests to apply with the Kubernetes layer, for grants that are limited to namespaces. */
  readonly bindingsInNamespaces: readonly RbacManifest[];

  constructor(scope: Construct, id: string, props: AwsAuthProps) {
    super(scope, id);
    throwIfAny(this, [
      ...grantProblems(props.grants, { rbac: props.rbac }, 'grants'),
      ...awsAuthProblems(props.grants, 'grants'),
    ]);
    const { clusterName, vpc, clusterSecurityGroupId } = props.cluster;

    const securityGroup = new ec2.SecurityGroup(this, 'WriterSecurityGroup', {
      vpc,
      description: 'The function that writes aws-auth',
      allowAllOutbound: true,
    });
    const intoApi = new ec2.CfnSecurityGroupIngress(this, 'WriterToApi', {
      groupId: clusterSecurityGroupId,
      sourceSecurityGroupId: securityGroup.securityGroupId,
      ipProtocol: 'tcp',
      fromPort: 443,
      toPort: 443,
      description: 'The function that writes aws-auth',
    });

    const role = new iam.Role(this, 'WriterRole', {
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
      managedPolicies: [iam.ManagedPolicy.fromAwsManagedPolicyName('service-role/AWSLambdaVPCAccessExecutionRole')],
    });
    const describe = new iam.Policy(this, 'WriterPolicy', {
      roles: [role],
      statements: [
        new iam.PolicyStatement({
          actions: ['eks:DescribeCluster'],
          resources: [cdk.Stack.of(this).formatArn({ service: 'eks', resource: 'cluster', resourceName: clusterName })],
        }),
      ],
    });
    const writer = new lambda.Function(this, 'Writer', {
      description: 'Merges our lines into aws-auth and applies the role bindings they need',
      runtime: lambda.Runtime.NODEJS_22_X,
      architecture: lambda.Architecture.ARM_64,
      handler: 'index.handler',
      code: bundledCode(path.join(__dirname, 'writer')),
      role,
      vpc,
      vpcSubnets: { subnets: [...props.subnets] },
      securityGroups: [securityGroup],
      timeout: cdk.Duration.minutes(5),
      memorySize: 256,
      logGroup: new logs.LogGroup(this, 'WriterLogs', {
        retention: logs.RetentionDays.ONE_MONTH,
        removalPolicy: cdk.RemovalPolicy.DESTROY,
      }),
    });

    const entry = new CfnAccessEntry(this, 'WriterAccess', {
      clusterName,
      principalArn: role.roleArn,
      accessPolicies: [
        {
          // to bind a role one must hold all it permits; what holds everything is this policy alone
          policyArn: accessPolicyArn(cdk.Stack.of(this).partition, ACCESS_POLICIES['cluster-admin']),
          accessScope: { type: 'cluster' },
        },
      ],
    });
    const { roles, users } = toAwsAuth(props.grants, props.rbac);
    const bindings = grantBindings(props.grants, 'aws-auth');
    this.bindingsInNamespaces = toManifests({ ...bindings, clusterRoles: [], clusterRoleBindings: [] });
    const map = new cdk.CustomResource(this, 'Resource', {
      resourceType: 'Custom::KotohajimeAwsAuth',
      serviceToken: writer.functionArn,
      properties: {
        ClusterName: clusterName,
        Region: cdk.Stack.of(this).region,
        AwsAuth: {
          Roles: roles.map(({ arn, ...line }) => ({ RoleArn: arn, ...rendered(line) })),
          Users: users.map(({ arn, ...line }) => ({ UserArn: arn, ...rendered(line) })),
        },
        Objects: JSON.stringify(toManifests({ ...bindings, roleBindings: [] })),
      },
    });
    // the writer can reach the API and is let in before its first write and after its last (aws-cdk#34897)
    map.node.addDependency(entry, intoApi, describe);
  }
}

function rendered({ username, groups }: Omit<AwsAuthLine, 'arn'>): { Username: string; Groups: string[] } {
  return { Username: username, Groups: [...groups] };
}
