import * as appConfig from '@aws-sdk/client-appconfig';
import { AppConfigRules, StopRefused } from '../../bin/logs/rule-store';

delete process.env.AWS_PROFILE; // what it is set to would be named

/** Answers of AppConfig by the name of the command. */
type Answers = Readonly<Record<string, (input: Record<string, unknown>) => unknown>>;

function store(answers: Answers): { rules: AppConfigRules; asked: [string, Record<string, unknown>][] } {
  const asked: [string, Record<string, unknown>][] = [];
  const send = async (command: { input: Record<string, unknown>; constructor: { name: string } }): Promise<unknown> => {
    const name = command.constructor.name.replace(/Command$/, '');
    asked.push([name, command.input]);
    const answer = answers[name];
    if (answer === undefined) throw new Error(`nobody asks for ${name}`);
    return answer(command.input);
  };
  const place = { application: 'app1234', environment: 'env1234', profile: 'pro1234' };
  return { rules: new AppConfigRules(appConfig, { send } as never, place, { platform: 'dev', sandbox: true }), asked };
}

const refuse = (error: Error) => (): never => {
  throw error;
};
const meta = { $metadata: {} };

test('rollouts of all pages, newest first, those of other profiles left out', async () => {
  const { rules, asked } = store({
    ListDeployments: ({ NextToken }) =>
      NextToken === undefined
        ? {
            Items: [
              {
                DeploymentNumber: 3,
                ConfigurationVersion: '2',
                State: 'BAKING',
                PercentageComplete: 100,
                ConfigurationProfileId: 'pro1234',
              },
              { DeploymentNumber: 2, ConfigurationVersion: '9', State: 'COMPLETE', ConfigurationProfileId: 'another' },
            ],
            NextToken: 'more',
          }
        : {
            Items: [{ DeploymentNumber: 1, ConfigurationVersion: '1', State: 'COMPLETE', FinalBakeTimeInMinutes: 10 }],
          },
  });
  expect((await rules.rollouts()).map(({ number, version, state }) => [number, version, state])).toEqual([
    [3, 2, 'BAKING'],
    [1, 1, 'COMPLETE'],
  ]);
  expect(asked[0]).toEqual([
    'ListDeployments',
    expect.objectContaining({ ApplicationId: 'app1234', EnvironmentId: 'env1234' }),
  ]);
});

test('a version is read as text, and one that was deleted is none', async () => {
  const { rules } = store({
    GetHostedConfigurationVersion: ({ VersionNumber }) => {
      if (VersionNumber === 1) return { Content: new TextEncoder().encode('{"version":1}'), Description: 'ann' };
      throw new appConfig.ResourceNotFoundException({ message: 'no', ...meta });
    },
  });
  expect(await rules.read(1)).toEqual({ text: '{"version":1}', description: 'ann' });
  expect(await rules.read(2)).toBeUndefined();
});

test('a version is added as JSON, with who pushed it', async () => {
  const { rules, asked } = store({ CreateHostedConfigurationVersion: () => ({ VersionNumber: 4 }) });
  expect(await rules.add({ text: '{"version":1,"rules":[]}', description: 'a'.repeat(2000) })).toBe(4);
  const [, input] = asked[0]!;
  expect(input).toMatchObject({ ContentType: 'application/json', ConfigurationProfileId: 'pro1234' });
  expect(new TextDecoder().decode(input.Content as Uint8Array)).toBe('{"version":1,"rules":[]}');
  expect(input.Description).toHaveLength(1024);
});

test('a rollout is begun with the strategy, and stopped even in its watch', async () => {
  const { rules, asked } = store({
    StartDeployment: () => ({
      DeploymentNumber: 5,
      ConfigurationVersion: '4',
      State: 'DEPLOYING',
      DeploymentDurationInMinutes: 20,
    }),
    StopDeployment: () => ({}),
  });
  expect(await rules.start(4, 'slow', 'push')).toMatchObject({ number: 5, version: 4, minutes: 20 });
  await rules.stop(5);
  expect(asked.map(([, input]) => input)).toMatchObject([
    { ConfigurationVersion: '4', DeploymentStrategyId: 'slow' },
    { DeploymentNumber: 5, AllowRevert: true },
  ]);
});

test('what AppConfig wrote down of a rollout comes with it', async () => {
  const { rules } = store({
    GetDeployment: () => ({
      DeploymentNumber: 5,
      ConfigurationVersion: '4',
      State: 'ROLLED_BACK',
      EventLog: [
        {
          EventType: 'ROLLBACK_STARTED',
          TriggeredBy: 'CLOUDWATCH_ALARM',
          Description: 'alarm',
          OccurredAt: new Date(5),
        },
        {},
      ],
    }),
  });
  expect((await rules.rollout(5)).events).toEqual([
    { kind: 'ROLLBACK_STARTED', by: 'CLOUDWATCH_ALARM', text: 'alarm', at: new Date(5) },
    { kind: '', by: '', text: '', at: undefined },
  ]);
});

describe('in one sentence, and then in its own words', () => {
  test.each([
    [
      new appConfig.ConflictException({ message: 'Deployment in progress', ...meta }),
      'Another rollout of rules has begun. See it: npx hajime logs status dev --sandbox\nStop it: npx hajime logs rollback dev --sandbox\n  ConflictException: Deployment in progress',
    ],
    [
      new appConfig.ResourceNotFoundException({ message: 'no such profile', ...meta }),
      'The rule store is not there: the Logs stack was deleted or replaced. Deploy the platform: npx hajime sandbox deploy dev\n  ResourceNotFoundException: no such profile',
    ],
    [
      Object.assign(new Error('Could not load credentials from any providers'), { name: 'CredentialsProviderError' }),
      'No AWS credentials: set AWS_PROFILE or sign in; for the local AWS give --sandbox.\n  CredentialsProviderError: Could not load credentials from any providers',
    ],
    [
      Object.assign(new Error('The security token included in the request is expired'), {
        name: 'ExpiredTokenException',
      }),
      'AWS refused the credentials: sign in again.\n  ExpiredTokenException: The security token included in the request is expired',
    ],
    [
      Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:9'), { name: 'Error' }),
      'AWS does not answer.\n  Error: connect ECONNREFUSED 127.0.0.1:9',
    ],
    [Object.assign(new Error('hm'), { name: 'Strange' }), 'AppConfig could not be asked.\n  Strange: hm'],
  ])('%s', async (error, told) => {
    const { rules } = store({ StartDeployment: refuse(error) });
    await expect(rules.start(1, 's', '')).rejects.toThrow(new Error(told));
  });
});

test('what a validator says is shown line by line', async () => {
  const problems = 'config is not valid:\n  `rules[0].id` must be given, got nothing';
  const { rules } = store({
    StartDeployment: refuse(
      new appConfig.BadRequestException({
        message: 'invalid',
        Details: {
          InvalidConfiguration: [
            { Reason: problems, Type: 'LAMBDA' },
            { Reason: 'must be object', Location: '$.rules' },
          ],
        },
        ...meta,
      }),
    ),
  });
  await expect(rules.start(1, 's', '')).rejects.toThrow(
    new Error(
      'AppConfig refused the rules:\n  config is not valid:\n    `rules[0].id` must be given, got nothing\n  $.rules: must be object',
    ),
  );
});

test('the versions of all pages', async () => {
  const { rules } = store({
    ListHostedConfigurationVersions: ({ NextToken }) =>
      NextToken === undefined
        ? { Items: [{ VersionNumber: 3, Description: 'ann' }, { VersionNumber: 2 }], NextToken: 'more' }
        : { Items: [{ VersionNumber: 1 }] },
  });
  expect(await rules.versions()).toEqual([
    { number: 3, description: 'ann' },
    { number: 2, description: '' },
    { number: 1, description: '' },
  ]);
});

test('a rollout AppConfig does not take back any more is told apart from what went wrong', async () => {
  const { rules } = store({
    StopDeployment: refuse(new appConfig.BadRequestException({ message: 'too late', ...meta })),
  });
  const stopped = rules.stop(5);
  await expect(stopped).rejects.toThrow(new Error('AppConfig does not take rollout 5 back: too late'));
  await expect(stopped).rejects.toBeInstanceOf(StopRefused);
});
