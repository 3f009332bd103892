import {
  DescribeAddressesCommand,
  DescribeEgressOnlyInternetGatewaysCommand,
  DescribeFlowLogsCommand,
  DescribeInternetGatewaysCommand,
  DescribeLaunchTemplatesCommand,
  DescribeNatGatewaysCommand,
  DescribeNetworkInterfacesCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcEndpointsCommand,
  DescribeVpcsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { EKSClient, ListClustersCommand } from '@aws-sdk/client-eks';
import type { Cdk } from '../../sandbox/cdk';

/** What exists in an account and region, by kind. What AWS keeps of deleted things for a while is not listed. */
export async function inventory(cdk: Cdk): Promise<Record<string, string[]>> {
  const ec2 = new EC2Client(cdk.client);
  const ids = (list: readonly (string | undefined)[] | undefined): string[] => (list ?? []).map(String).sort();
  const keys = await callAws(cdk, 'kms', { target: 'TrentService.ListKeys' });
  const states = await Promise.all(
    (keys.Keys as { KeyId: string }[]).map(async ({ KeyId }) => {
      const { KeyMetadata } = await callAws(cdk, 'kms', { target: 'TrentService.DescribeKey', body: { KeyId } });
      return KeyMetadata as { KeyId: string; KeyState: string };
    }),
  );
  const nats = await ec2.send(new DescribeNatGatewaysCommand({}));
  const endpoints = await ec2.send(new DescribeVpcEndpointsCommand({}));
  const groups = await callAws(cdk, 'logs', { target: 'Logs_20140328.DescribeLogGroups' });
  const functions = await callAws(cdk, 'lambda', { method: 'GET', path: '/2015-03-31/functions/' });
  return {
    vpcs: ids((await ec2.send(new DescribeVpcsCommand({}))).Vpcs?.map(({ VpcId }) => VpcId)),
    subnets: ids((await ec2.send(new DescribeSubnetsCommand({}))).Subnets?.map(({ SubnetId }) => SubnetId)),
    routeTables: ids((await ec2.send(new DescribeRouteTablesCommand({}))).RouteTables?.map((t) => t.RouteTableId)),
    gateways: ids(
      (await ec2.send(new DescribeInternetGatewaysCommand({}))).InternetGateways?.map((g) => g.InternetGatewayId),
    ),
    egressOnlyGateways: ids(
      (await ec2.send(new DescribeEgressOnlyInternetGatewaysCommand({}))).EgressOnlyInternetGateways?.map(
        (g) => g.EgressOnlyInternetGatewayId,
      ),
    ),
    nats: ids(nats.NatGateways?.filter(({ State }) => State !== 'deleted').map(({ NatGatewayId }) => NatGatewayId)),
    addresses: ids((await ec2.send(new DescribeAddressesCommand({}))).Addresses?.map(({ PublicIp }) => PublicIp)),
    securityGroups: ids((await ec2.send(new DescribeSecurityGroupsCommand({}))).SecurityGroups?.map((g) => g.GroupId)),
    interfaces: ids(
      (await ec2.send(new DescribeNetworkInterfacesCommand({}))).NetworkInterfaces?.map((i) => i.NetworkInterfaceId),
    ),
    endpoints: ids(
      endpoints.VpcEndpoints?.filter(({ State }) => String(State) !== 'deleted').map(
        ({ VpcEndpointId }) => VpcEndpointId,
      ),
    ),
    launchTemplates: ids(
      (await ec2.send(new DescribeLaunchTemplatesCommand({}))).LaunchTemplates?.map((t) => t.LaunchTemplateId),
    ),
    flowLogs: ids((await ec2.send(new DescribeFlowLogsCommand({}))).FlowLogs?.map(({ FlowLogId }) => FlowLogId)),
    clusters: ids((await new EKSClient(cdk.client).send(new ListClustersCommand({}))).clusters),
    keys: ids(states.filter(({ KeyState }) => KeyState !== 'PendingDeletion').map(({ KeyId }) => KeyId)),
    logGroups: ids((groups.logGroups as { logGroupName: string }[]).map(({ logGroupName }) => logGroupName)),
    functions: ids((functions.Functions as { FunctionName: string }[]).map(({ FunctionName }) => FunctionName)),
    roles: await roles(cdk),
  };
}

async function roles(cdk: Cdk): Promise<string[]> {
  const xml = await send(cdk, 'iam', {
    type: 'application/x-www-form-urlencoded',
    text: 'Action=ListRoles&Version=2010-05-08&MaxItems=1000',
  });
  return [...xml.matchAll(/<RoleName>([^<]+)<\/RoleName>/g)].map(([, name = '']) => name).sort();
}

interface Request {
  readonly method?: string;
  readonly path?: string;
  readonly target?: string;
  readonly body?: object;
}

/** Services this project has no client of: the local AWS reads whose key it is and does not check the signature. */
export async function callAws(
  cdk: Cdk,
  service: string,
  { body = {}, ...request }: Request,
): Promise<Record<string, unknown>> {
  const text = request.method === 'GET' ? undefined : JSON.stringify(body);
  return JSON.parse(await send(cdk, service, { ...request, type: 'application/x-amz-json-1.1', text })) as never;
}

async function send(
  { aws, where, credentials }: Cdk,
  service: string,
  { method = 'POST', path = '/', target, type, text }: Request & { type: string; text?: string },
): Promise<string> {
  const scope = `${credentials.accessKeyId}/20260101/${where.region}/${service}/aws4_request`;
  const answer = await fetch(`${aws.endpoint}${path}`, {
    method,
    body: text,
    headers: {
      'content-type': type,
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
      ...(target === undefined ? {} : { 'x-amz-target': target }),
    },
  });
  if (!answer.ok) throw new Error(`${service}: ${answer.status} ${await answer.text()}`);
  return answer.text();
}
