import { ArnFormat, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/**
 * What the CNI calls on an IPv6 cluster, for which AWS manages no policy.
 *
 * On an IPv4 cluster `AmazonEKS_CNI_Policy` has everything, `ec2:DescribeSubnets` for subnet discovery and
 * `ec2:DescribeSecurityGroups` included (version 6 of 2026-03-04).
 *
 * @see https://github.com/aws/amazon-vpc-cni-k8s/blob/3ecdfeb5c84d8725af1d69e7fa78ac5dc771e5a6/docs/iam-policy.md
 * @see https://docs.aws.amazon.com/eks/latest/userguide/pod-multiple-network-interfaces.html for `multiNic`
 */
export function ipv6Policy(scope: Construct, { multiNic }: { readonly multiNic: boolean }): iam.PolicyDocument {
  const { partition } = Stack.of(scope);
  const actions = [
    'AssignIpv6Addresses',
    'DescribeInstanceTypes',
    'DescribeInstances',
    'DescribeNetworkInterfaces',
    'DescribeSecurityGroups',
    'DescribeSubnets',
    'DescribeTags',
    'ModifyNetworkInterfaceAttribute',
  ];
  // an interface on every further card; otherwise a node has the one it starts with
  const forFurtherCards = [
    'AttachNetworkInterface',
    'CreateNetworkInterface',
    'DeleteNetworkInterface',
    'DetachNetworkInterface',
    'UnassignIpv6Addresses',
  ];
  return new iam.PolicyDocument({
    statements: [
      new iam.PolicyStatement({
        actions: [...actions, ...(multiNic ? forFurtherCards : [])].map((action) => `ec2:${action}`),
        resources: ['*'],
      }),
      new iam.PolicyStatement({
        actions: ['ec2:CreateTags'],
        resources: [`arn:${partition}:ec2:*:*:network-interface/*`],
      }),
    ],
  });
}

/**
 * What the network policy agent calls to write its logs into the cluster's log group.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/network-policies-troubleshooting.html
 */
export function policyLogStatements(scope: Construct, clusterName: string): iam.PolicyStatement[] {
  const logGroup = Stack.of(scope).formatArn({
    service: 'logs',
    resource: 'log-group',
    resourceName: `/aws/eks/${clusterName}/cluster`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  return [
    new iam.PolicyStatement({
      actions: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [logGroup, `${logGroup}:*`],
    }),
    new iam.PolicyStatement({ actions: ['logs:DescribeLogGroups'], resources: ['*'] }),
  ];
}
