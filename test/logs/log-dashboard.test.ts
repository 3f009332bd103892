import * as cdk from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { LogDashboard } from '../../lib/logs/log-dashboard';

interface Widget {
  readonly properties: {
    readonly markdown?: string;
    readonly metrics?: readonly (readonly (string | { readonly expression?: string })[])[];
    readonly start?: string;
  };
}

function widgets(region: string, archived = false): Widget[] {
  const stack = new cdk.Stack(new cdk.App(), 'S', { env: { account: '111122223333', region } });
  const filter = lambda.Function.fromFunctionName(stack, 'F', 'filter');
  new LogDashboard(stack, 'D', { platform: 'dev', alarms: [], filter, archived });
  const [board] = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Dashboard'));
  const parts = [board?.Properties.DashboardBody['Fn::Join']?.[1] ?? board?.Properties.DashboardBody].flat() as (
    string | object
  )[];
  const body = parts.map((part) => (typeof part === 'string' ? part : 'x')).join('');
  return (JSON.parse(body) as { widgets: Widget[] }).widgets;
}

/** The expressions of all graphs. */
function expressions(of: readonly Widget[]): string[] {
  return of.flatMap(({ properties }) =>
    (properties.metrics ?? []).flatMap((metric) => {
      const last = metric.at(-1);
      return typeof last === 'object' && last.expression !== undefined ? [last.expression] : [];
    }),
  );
}

const search = (name: string): string =>
  `SEARCH('{Kotohajime/Logs,Stream,Rule} Stream="dev-logs" MetricName="${name}"', 'Sum')`;
const tokyo = widgets('ap-northeast-1');

test('it shows every rule that fires without naming one', () => {
  for (const name of ['Bytes', 'Records', 'WouldRecords', 'GuardedRecords'])
    expect(expressions(tokyo)).toContain(search(name));
});

test('it says what is not paid where volume is charged, in all and by the rule that decided', () => {
  expect(expressions(tokyo)).toEqual(
    expect.arrayContaining([
      '(incoming - FILL(hot, 0)) * 0.76 / 1073741824',
      `SUM(${search('NotHotBytes')}) * 0.76 / 1073741824`,
      `${search('NotHotBytes')} * 0.76 / 1073741824`,
    ]),
  );
});

test('it reckons with no price it does not know', () => {
  const there = widgets('af-south-1');
  expect(JSON.stringify(there)).toContain('no price of af-south-1');
  expect(expressions(there).join()).not.toContain('NotHotBytes');
});

test('it looks no further back for a rule than SEARCH finds one', () => {
  expect(tokyo.flatMap(({ properties: { start = [] } }) => start)).toEqual(['-P14D']);
});

test('it has what somebody on call asks for, under headings', () => {
  const metrics = widgets('eu-west-1', true).flatMap(({ properties }) =>
    (properties.metrics ?? []).map(([namespace, name]) => `${String(namespace)} ${String(name)}`),
  );
  expect(metrics).toEqual(
    expect.arrayContaining([
      'AWS/Firehose IncomingBytes',
      'AWS/Firehose IncomingRecords',
      'AWS/Firehose ThrottledRecords',
      'AWS/Firehose DeliveryToS3.DataFreshness',
      'AWS/Firehose BackupToS3.DataFreshness',
      'AWS/Lambda Duration',
      'AWS/Lambda Errors',
      'AWS/Lambda Throttles',
      'Kotohajime/Logs GuardedBytes',
    ]),
  );
  expect(metrics.filter((metric) => metric.endsWith('DeliveryToS3.DataFreshness')).length).toBe(2); // unparsed, too
  expect(JSON.stringify(tokyo)).not.toContain('BackupToS3');
  expect(tokyo.flatMap(({ properties: { markdown } }) => markdown?.split('\n')[0] ?? [])).toEqual([
    '## What comes in',
    '## The filter function',
    '## What the rules do',
    '## What is not paid to CloudWatch Logs',
    '## What is delivered',
  ]);
});
