import { GetHostedConfigurationVersionCommand, ListDeploymentsCommand } from '@aws-sdk/client-appconfig';
import type { GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import type { Rollout } from '../../lib/logs/rule-history';
import type { LogRule, LogRules } from '../../lib/logs/rules/log-rule';
import { idleRules } from '../../lib/logs/watch';
import { oldRules, versionsToCompare } from '../../lib/logs/watch/idle-rules';

const NOW = new Date('2026-11-25T06:00:00Z');
const daysAgo = (days: number): Date => new Date(NOW.getTime() - days * 24 * 60 * 60 * 1000);
const rollout = (number: number, version: number, days: number, state: Rollout['state'] = 'COMPLETE'): Rollout => ({
  number,
  version,
  state,
  percent: 100,
  minutes: 0,
  bakeMinutes: 10,
  startedAt: daysAgo(days),
  completedAt: daysAgo(days),
});
const drop = (id: string, more: Partial<LogRule> = {}): LogRule => ({
  id,
  action: 'drop',
  match: { namespace: id },
  ...more,
});
const rules = (...list: LogRule[]): LogRules => ({ version: 1, rules: list });

describe('which versions are compared', () => {
  test.each<[string, Rollout[], { then: number; live: number } | undefined]>([
    ['none before the first push', [], undefined],
    ['none in the first month', [rollout(1, 1, 29)], undefined],
    ['one that decides for long', [rollout(1, 1, 31)], { then: 1, live: 1 }],
    ['the one in force a month ago', [rollout(3, 3, 1), rollout(2, 2, 31), rollout(1, 1, 90)], { then: 2, live: 3 }],
    ['none that was taken back', [rollout(2, 2, 40, 'ROLLED_BACK'), rollout(1, 1, 90)], { then: 1, live: 1 }],
  ])('%s', (_, rollouts, expected) => {
    expect(versionsToCompare(rollouts, NOW)).toEqual(expected);
  });
});

test.each<[string, LogRules, LogRules, string[]]>([
  ['a rule of both', rules(drop('a')), rules(drop('a')), ['a']],
  ['a new rule has had no time', rules(), rules(drop('a')), []],
  ['a rule that went', rules(drop('a')), rules(), []],
  ['a rule that was switched off then', rules(drop('a', { enabled: false })), rules(drop('a')), []],
  ['a rule that is switched off now', rules(drop('a')), rules(drop('a', { enabled: false })), []],
  ['a rule that has expired', rules(drop('a')), rules(drop('a', { expires: '2026-11-24' })), []],
  ['a rule that expires today', rules(drop('a')), rules(drop('a', { expires: '2026-11-25' })), ['a']],
])('looked at: %s', (_, then, live, expected) => {
  expect(oldRules(then, live, NOW).map(({ id }) => id)).toEqual(expected);
});

/** AppConfig with one version that decides for two months, and CloudWatch with these sums. */
async function idle(live: LogRules, sums: Readonly<Record<string, number>>, days = 60): Promise<string[]> {
  const appConfig = {
    send: (command: unknown): Promise<unknown> => {
      if (command instanceof ListDeploymentsCommand)
        return Promise.resolve({
          Items: [{ DeploymentNumber: 1, ConfigurationVersion: '1', State: 'COMPLETE', StartedAt: daysAgo(days) }],
        });
      expect(command).toBeInstanceOf(GetHostedConfigurationVersionCommand);
      return Promise.resolve({ Content: new TextEncoder().encode(JSON.stringify(live)) });
    },
  };
  const asked: number[] = [];
  const cloudWatch = {
    send: ({ input: { MetricDataQueries = [] } }: GetMetricDataCommand): Promise<unknown> => {
      asked.push(MetricDataQueries.length);
      return Promise.resolve({
        MetricDataResults: MetricDataQueries.map(({ Id, MetricStat }) => {
          const { MetricName = '', Dimensions = [] } = MetricStat?.Metric ?? {};
          const name = [MetricName, ...Dimensions.slice(1).map(({ Value }) => Value)].join(' ');
          return { Id, Values: sums[name] === undefined ? [] : [sums[name] - 1, 1] };
        }),
      });
    },
  };
  const event = { stream: 'dev-logs', application: 'a', environment: 'e', profile: 'p' };
  const found = await idleRules(event, NOW, appConfig as never, cloudWatch as never);
  expect(Math.max(0, ...asked)).toBeLessThanOrEqual(500);
  return found;
}

test('a rule that matched nothing for a month is found', async () => {
  const live = rules(drop('probes'), drop('old'), drop('trial', { dryRun: true }));
  expect(await idle(live, { InRecords: 9, 'Records probes': 5, 'WouldRecords trial': 2 })).toEqual(['old']);
  // one that became a dry run lately took enough before, and the other way round
  expect(await idle(live, { InRecords: 9, 'WouldRecords probes': 5, 'Records trial': 2 })).toEqual(['old']);
});

test('while nothing comes in no rule is to blame', async () => {
  expect(await idle(rules(drop('old')), {})).toEqual([]);
});

test('rules younger than a month are not looked at', async () => {
  expect(await idle(rules(drop('old')), { InRecords: 9 }, 20)).toEqual([]);
});

test('more rules than CloudWatch takes questions', async () => {
  const many = Array.from({ length: 499 }, (_, index) => drop(`r${index}`));
  const sums = Object.fromEntries(many.slice(1).map(({ id }) => [`Records ${id}`, 1]));
  expect(await idle(rules(...many), { InRecords: 1, ...sums })).toEqual(['r0']);
});
