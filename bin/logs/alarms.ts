import type * as appConfigSdk from '@aws-sdk/client-appconfig';
import type * as cloudFormationSdk from '@aws-sdk/client-cloudformation';
import type * as cloudWatchSdk from '@aws-sdk/client-cloudwatch';
import type { Remedies } from '../refresh';
import { askingAws, output, type Deployed } from './aws';

/** One alarm as it is now. */
export interface Alarm {
  /** Its name. */
  readonly name: string;
  /** What it says, in the words of CloudWatch. */
  readonly state: cloudWatchSdk.StateValue;
  /** Since when it says so. */
  readonly since: Date | undefined;
  /** What somebody does who reads it. */
  readonly what: string;
}

/** The alarms of a platform's log pipeline. */
export interface Alarms {
  /** Those that bring the old rules back while new ones are rolled out and watched. */
  rollback(): Promise<Alarm[]>;
  /** All of them. */
  all(): Promise<Alarm[]>;
}

const REMEDIES: Remedies = [[/AccessDenied|Unauthorized/, 'The credentials may not look at the alarms.']];

/** What CloudWatch takes in one request. */
const MOST_NAMES = 100;

/** The alarms as they are deployed: those of the stack, and those AppConfig was given. */
export class DeployedAlarms implements Alarms {
  constructor(private readonly place: Deployed) {}

  async rollback(): Promise<Alarm[]> {
    return this.described(await this.monitors());
  }

  async all(): Promise<Alarm[]> {
    return this.described([...(await this.ofStack()), ...(await this.monitors())]);
  }

  private async monitors(): Promise<string[]> {
    const appConfig = require('@aws-sdk/client-appconfig') as typeof appConfigSdk;
    const client = new appConfig.AppConfigClient(this.place.settings);
    const where = {
      ApplicationId: output(this.place, 'application'),
      EnvironmentId: output(this.place, 'environment'),
    };
    const { Monitors = [] } = await askingAws('AppConfig', REMEDIES, () =>
      client.send(new appConfig.GetEnvironmentCommand(where)),
    );
    return Monitors.flatMap(({ AlarmArn }) => AlarmArn?.split(':alarm:')[1] ?? []);
  }

  private async ofStack(): Promise<string[]> {
    const cloudFormation = require('@aws-sdk/client-cloudformation') as typeof cloudFormationSdk;
    const client = new cloudFormation.CloudFormationClient(this.place.settings);
    const names: string[] = [];
    let NextToken: string | undefined;
    do {
      const answer: cloudFormationSdk.ListStackResourcesCommandOutput = await askingAws(
        'CloudFormation',
        REMEDIES,
        () =>
          client.send(
            new cloudFormation.ListStackResourcesCommand({ StackName: `${this.place.platform}-Logs`, NextToken }),
          ),
      );
      for (const { ResourceType, PhysicalResourceId } of answer.StackResourceSummaries ?? [])
        if (ResourceType === 'AWS::CloudWatch::Alarm' && PhysicalResourceId !== undefined)
          names.push(PhysicalResourceId);
      NextToken = answer.NextToken;
    } while (NextToken !== undefined);
    return names;
  }

  private async described(names: readonly string[]): Promise<Alarm[]> {
    const cloudWatch = require('@aws-sdk/client-cloudwatch') as typeof cloudWatchSdk;
    const client = new cloudWatch.CloudWatchClient(this.place.settings);
    const distinct = [...new Set(names)];
    const found: Alarm[] = [];
    for (let at = 0; at < distinct.length; at += MOST_NAMES) {
      const { MetricAlarms = [], CompositeAlarms = [] } = await askingAws('CloudWatch', REMEDIES, () =>
        client.send(
          new cloudWatch.DescribeAlarmsCommand({
            AlarmNames: distinct.slice(at, at + MOST_NAMES),
            AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
            MaxRecords: MOST_NAMES,
          }),
        ),
      );
      for (const alarm of [...MetricAlarms, ...CompositeAlarms])
        found.push({
          name: alarm.AlarmName ?? '',
          state: alarm.StateValue ?? 'INSUFFICIENT_DATA',
          since: alarm.StateUpdatedTimestamp,
          what: alarm.AlarmDescription ?? '',
        });
    }
    return found;
  }
}

/** Those that ring. */
export function ringing(alarms: readonly Alarm[]): Alarm[] {
  return alarms.filter(({ state }) => state === 'ALARM');
}

/** What stands in the way of a rollout: to AppConfig an alarm without data is one that rings. */
export function inTheWay(alarms: readonly Alarm[]): Alarm[] {
  return alarms.filter(({ state }) => state !== 'OK');
}

/** An alarm and what it says, such as `alarm X is ringing`. */
export function alarmInWords({ name, state }: Pick<Alarm, 'name' | 'state'>): string {
  return `alarm ${name} ${state === 'ALARM' ? 'is ringing' : 'has no data yet'}`;
}

/** The name as the code has it: of `dev-Logs-LogsAlarmsRulesStale0A1B2C3D-4E5F` it is `RulesStale`. */
export function shortName(name: string): string {
  return /-LogsAlarms([A-Za-z]+?)[0-9A-F]{8}-\w+$/.exec(name)?.[1] ?? name;
}
