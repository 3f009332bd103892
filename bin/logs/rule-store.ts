import type * as sdk from '@aws-sdk/client-appconfig';
import type { RolloutEvent } from '../../lib/logs/rollout-events';
import type { Rollout } from '../../lib/logs/rule-history';
import { Failure } from '../../sandbox/failure';
import type { Remedies } from '../refresh';
import { askingAws } from './aws';
import { commandLine, deployLine, type Target } from './command-line';

/** Where the rules of a platform are, in AppConfig. */
export interface RulesPlace {
  /** Id of the application. */
  readonly application: string;
  /** Id of the environment. */
  readonly environment: string;
  /** Id of the configuration profile. */
  readonly profile: string;
}

/** One version of the rules. */
export interface StoredRules {
  /** The rules, as they were pushed. */
  readonly text: string;
  /** Who pushed them, and from what. */
  readonly description: string;
}

/** A version of the rules, without them. */
export interface StoredVersion extends Pick<StoredRules, 'description'> {
  /** Its number. */
  readonly number: number;
}

/** AppConfig does not stop or take back this rollout. */
export class StopRefused extends Failure {}

/** What the commands need of the store of rules. */
export interface RuleStore {
  /** The rollouts of these rules, newest first. */
  rollouts(): Promise<Rollout[]>;
  /** One rollout, and what AppConfig wrote down about it, newest first. */
  rollout(number: number): Promise<{ readonly rollout: Rollout; readonly events: readonly RolloutEvent[] }>;
  /** A version of the rules; undefined if it was deleted. */
  read(version: number): Promise<StoredRules | undefined>;
  /** Every version there is, newest first. */
  versions(): Promise<StoredVersion[]>;
  /** Adds a version. */
  add(rules: StoredRules): Promise<number>;
  /** Deletes a version for good. */
  remove(version: number): Promise<void>;
  /** Begins the rollout of a version. */
  start(version: number, strategy: string, description: string): Promise<Rollout>;
  /**
   * Stops a rollout, or takes back one that has ended; the version before it decides again.
   *
   * @throws StopRefused if AppConfig does not do that any more
   */
  stop(number: number): Promise<void>;
}

/** The rules in AppConfig. */
export class AppConfigRules implements RuleStore {
  constructor(
    private readonly appConfig: typeof sdk,
    private readonly client: Pick<sdk.AppConfigClient, 'send'>,
    private readonly place: RulesPlace,
    private readonly target: Target,
  ) {}

  async rollouts(): Promise<Rollout[]> {
    return this.ask(async () => {
      const found: sdk.DeploymentSummary[] = [];
      let NextToken: string | undefined;
      // newest first; nobody goes back further than this
      for (let pages = 0; pages < 4 && (pages === 0 || NextToken !== undefined); pages++) {
        const answer: sdk.ListDeploymentsCommandOutput = await this.client.send(
          new this.appConfig.ListDeploymentsCommand({ ...this.inEnvironment(), MaxResults: 50, NextToken }),
        );
        found.push(...(answer.Items ?? []));
        NextToken = answer.NextToken;
      }
      return found
        .filter(({ ConfigurationProfileId: id }) => id === undefined || id === this.place.profile)
        .map(toRollout)
        .sort((a, b) => b.number - a.number);
    });
  }

  async rollout(number: number): Promise<{ rollout: Rollout; events: readonly RolloutEvent[] }> {
    const found = await this.ask(() =>
      this.client.send(new this.appConfig.GetDeploymentCommand({ ...this.inEnvironment(), DeploymentNumber: number })),
    );
    return { rollout: toRollout(found), events: (found.EventLog ?? []).map(toEvent) };
  }

  async read(version: number): Promise<StoredRules | undefined> {
    return this.ask(async () => {
      try {
        const found = await this.client.send(
          new this.appConfig.GetHostedConfigurationVersionCommand({ ...this.inProfile(), VersionNumber: version }),
        );
        return { text: new TextDecoder().decode(found.Content), description: found.Description ?? '' };
      } catch (error) {
        if (error instanceof this.appConfig.ResourceNotFoundException) return undefined;
        throw error;
      }
    });
  }

  async versions(): Promise<StoredVersion[]> {
    return this.ask(async () => {
      const found: StoredVersion[] = [];
      let NextToken: string | undefined;
      do {
        const answer: sdk.ListHostedConfigurationVersionsCommandOutput = await this.client.send(
          new this.appConfig.ListHostedConfigurationVersionsCommand({ ...this.inProfile(), MaxResults: 50, NextToken }),
        );
        for (const { VersionNumber, Description = '' } of answer.Items ?? [])
          if (VersionNumber !== undefined) found.push({ number: VersionNumber, description: Description });
        NextToken = answer.NextToken;
      } while (NextToken !== undefined);
      return found.sort((a, b) => b.number - a.number);
    });
  }

  async add({ text, description }: StoredRules): Promise<number> {
    const { VersionNumber } = await this.ask(() =>
      this.client.send(
        new this.appConfig.CreateHostedConfigurationVersionCommand({
          ...this.inProfile(),
          Content: new TextEncoder().encode(text),
          ContentType: 'application/json',
          Description: description.slice(0, 1024),
        }),
      ),
    );
    if (VersionNumber === undefined) throw new Failure('AppConfig did not say which version it made.');
    return VersionNumber;
  }

  async remove(version: number): Promise<void> {
    await this.ask(() =>
      this.client.send(
        new this.appConfig.DeleteHostedConfigurationVersionCommand({ ...this.inProfile(), VersionNumber: version }),
      ),
    );
  }

  async start(version: number, strategy: string, description: string): Promise<Rollout> {
    return this.ask(async () => {
      try {
        const started = await this.client.send(
          new this.appConfig.StartDeploymentCommand({
            ...this.inEnvironment(),
            ConfigurationProfileId: this.place.profile,
            ConfigurationVersion: String(version),
            DeploymentStrategyId: strategy,
            Description: description.slice(0, 1024),
          }),
        );
        return toRollout(started);
      } catch (error) {
        if (!(error instanceof this.appConfig.BadRequestException)) throw error;
        throw new Failure(
          `AppConfig refused the rules:\n${refusal(error)
            .map((line) => `  ${line}`)
            .join('\n')}`,
        );
      }
    });
  }

  async stop(number: number): Promise<void> {
    await this.ask(async () => {
      try {
        await this.client.send(
          // without it only a rollout that has not reached its bake time can be stopped
          new this.appConfig.StopDeploymentCommand({
            ...this.inEnvironment(),
            DeploymentNumber: number,
            AllowRevert: true,
          }),
        );
      } catch (error) {
        if (!(error instanceof this.appConfig.BadRequestException)) throw error;
        throw new StopRefused(`AppConfig does not take rollout ${number} back: ${error.message}`);
      }
    });
  }

  private ask<T>(question: () => Promise<T>): Promise<T> {
    return askingAws('AppConfig', remedies(this.target), question);
  }

  private inEnvironment(): { ApplicationId: string; EnvironmentId: string } {
    return { ApplicationId: this.place.application, EnvironmentId: this.place.environment };
  }

  private inProfile(): { ApplicationId: string; ConfigurationProfileId: string } {
    return { ApplicationId: this.place.application, ConfigurationProfileId: this.place.profile };
  }
}

function remedies(target: Target): Remedies {
  return [
    [
      /ConflictException/,
      `Another rollout of rules has begun. See it: ${commandLine(target, 'status')}\nStop it: ${commandLine(target, 'rollback')}`,
    ],
    [
      /ResourceNotFoundException/,
      `The rule store is not there: the Logs stack was deleted or replaced. Deploy the platform: ${deployLine(target)}`,
    ],
    [/AccessDenied/, 'The credentials may not do this with AppConfig.'],
    [/ServiceQuotaExceeded|PayloadTooLarge/, 'AppConfig has no room for it.'],
  ];
}

/** What a validator said, line by line; of a function's the message without what wraps it. */
function refusal({ message, Details }: sdk.BadRequestException): string[] {
  const details = (Details?.InvalidConfiguration ?? []).flatMap(({ Reason, Location }) =>
    Reason === undefined ? [] : [Location === undefined ? Reason : `${Location}: ${Reason}`],
  );
  return (details.length > 0 ? details : [message]).flatMap((text) => text.split('\n')).filter((line) => line !== '');
}

function toRollout(found: sdk.DeploymentSummary): Rollout {
  return {
    number: found.DeploymentNumber ?? 0,
    version: Number(found.ConfigurationVersion ?? NaN),
    state: found.State ?? 'DEPLOYING',
    percent: found.PercentageComplete ?? 0,
    minutes: found.DeploymentDurationInMinutes ?? 0,
    bakeMinutes: found.FinalBakeTimeInMinutes ?? 0,
    startedAt: found.StartedAt,
    completedAt: found.CompletedAt,
  };
}

function toEvent({ EventType, TriggeredBy, Description, OccurredAt }: sdk.DeploymentEvent): RolloutEvent {
  return { kind: EventType ?? '', by: TriggeredBy ?? '', text: Description ?? '', at: OccurredAt };
}
