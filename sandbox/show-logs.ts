import { AppConfigClient, ListDeploymentsCommand } from '@aws-sdk/client-appconfig';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { OUTPUTS, PREFIXES } from '../lib/logs/deployed';
import type { Cdk } from './cdk';
import { table } from './table';

/** A platform's log pipeline as people look at it; undefined if it has none. */
export async function logTable(cdk: Cdk, platform: string): Promise<string | undefined> {
  const stack = `${platform}-Logs`;
  if ((await cdk.statusOf(stack)) === undefined) return undefined;
  const { Stacks = [] } = await new CloudFormationClient(cdk.client).send(
    new DescribeStacksCommand({ StackName: stack }),
  );
  const outputs = new Map(
    (Stacks[0]?.Outputs ?? []).map(({ OutputKey = '', OutputValue }) => [OutputKey, OutputValue]),
  );
  const archive = outputs.get(OUTPUTS.archive);
  const { Items = [] } = await new AppConfigClient(cdk.client).send(
    new ListDeploymentsCommand({
      ApplicationId: outputs.get(OUTPUTS.application),
      EnvironmentId: outputs.get(OUTPUTS.environment),
    }),
  );
  const [last] = Items;
  const rules =
    last === undefined
      ? `none: everything is kept\nnpx hajime logs push ${platform} --sandbox`
      : `version ${last.ConfigurationVersion}, ${last.State?.toLowerCase().replace('_', ' ')}`;
  return table(
    ['Agents send to', 'Kept in', 'Everything in', 'Hot copy in', 'Rules'],
    [
      [
        outputs.get(OUTPUTS.stream),
        `${outputs.get(OUTPUTS.bucket)}/${PREFIXES.logs}`,
        archive ?? 'no archive',
        outputs.get(OUTPUTS.hotGroup),
        rules,
      ],
    ],
  );
}
