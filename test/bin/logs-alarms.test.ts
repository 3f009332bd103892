import { AppConfigClient } from '@aws-sdk/client-appconfig';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { alarmInWords, DeployedAlarms, inTheWay, ringing, shortName, type Alarm } from '../../bin/logs/alarms';

type Sent = { readonly input: Readonly<Record<string, unknown>> };

const place = {
  platform: 'dev',
  settings: { region: 'eu-west-1' },
  outputs: { application: 'app1234', environment: 'env1234' },
};
const asked: (readonly string[])[] = [];

/** AWS as it answers: a stack of many alarms, two of which AppConfig was given. */
function answered(): void {
  jest.spyOn(AppConfigClient.prototype, 'send').mockImplementation(async () => ({
    Monitors: ['a0', 'another one'].map((name) => ({ AlarmArn: `arn:aws:cloudwatch:eu-west-1:1:alarm:${name}` })),
  }));
  jest.spyOn(CloudFormationClient.prototype, 'send').mockImplementation(async (command: unknown) => {
    const { NextToken, StackName } = (command as Sent).input;
    expect(StackName).toBe('dev-Logs');
    const type = 'AWS::CloudWatch::Alarm';
    return NextToken === undefined
      ? {
          StackResourceSummaries: [
            { ResourceType: 'AWS::S3::Bucket', PhysicalResourceId: 'bucket' },
            ...Array.from({ length: 99 }, (_, at) => ({ ResourceType: type, PhysicalResourceId: `a${at}` })),
          ],
          NextToken: 'more',
        }
      : { StackResourceSummaries: [{ ResourceType: type, PhysicalResourceId: 'last' }] };
  });
  jest.spyOn(CloudWatchClient.prototype, 'send').mockImplementation(async (command: unknown) => {
    const names = (command as Sent).input.AlarmNames as string[];
    asked.push(names);
    const MetricAlarms = names.map((AlarmName) => ({ AlarmName, StateValue: 'OK', AlarmDescription: 'do this' }));
    return { MetricAlarms, CompositeAlarms: [{ AlarmName: 'both', StateValue: 'ALARM' }] };
  });
}

beforeEach(() => {
  asked.length = 0;
  answered();
});
afterEach(() => jest.restoreAllMocks());

test('those that bring the old rules back are those AppConfig was given', async () => {
  const found = await new DeployedAlarms(place).rollback();
  expect(asked).toEqual([['a0', 'another one']]);
  expect(found[0]).toEqual({ name: 'a0', state: 'OK', since: undefined, what: 'do this' });
});

test('all are those of the stack as well, each asked for once, as many as CloudWatch takes', async () => {
  await new DeployedAlarms(place).all();
  expect(asked.map(({ length }) => length)).toEqual([100, 1]);
  expect(asked.flat().sort()).toEqual([...new Set(asked.flat())].sort());
  expect(asked.flat()).toEqual(expect.arrayContaining(['a98', 'last', 'another one']));
});

test('who may not look is told so', async () => {
  jest
    .spyOn(CloudWatchClient.prototype, 'send')
    .mockImplementation(() => Promise.reject(Object.assign(new Error('no'), { name: 'AccessDenied' })));
  await expect(new DeployedAlarms(place).rollback()).rejects.toThrow(
    'The credentials may not look at the alarms.\n  AccessDenied: no',
  );
});

test('an alarm without data does not ring, and stands in the way of a rollout', () => {
  const alarm = (name: string, state: Alarm['state']): Alarm => ({ name, state, since: undefined, what: '' });
  const alarms = [alarm('a', 'OK'), alarm('b', 'INSUFFICIENT_DATA'), alarm('c', 'ALARM')];
  expect(ringing(alarms).map(alarmInWords)).toEqual(['alarm c is ringing']);
  expect(inTheWay(alarms).map(alarmInWords)).toEqual(['alarm b has no data yet', 'alarm c is ringing']);
});

test.each([
  ['dev-Logs-LogsAlarmsRulesStale0A1B2C3D-4E5F60718293', 'RulesStale'],
  ['mine', 'mine'],
])('in a table %s is %s', (name, short) => expect(shortName(name)).toBe(short));
