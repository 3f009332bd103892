import {
  AppConfigDataClient,
  GetLatestConfigurationCommand,
  StartConfigurationSessionCommand,
} from '@aws-sdk/client-appconfigdata';
import { CloudWatchLogsClient, CreateLogStreamCommand, PutLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import type { HotStream } from './hot-copy';
import type { PutRecordBatch } from './put-records';
import type { RuleSource } from './rule-feed';

/** Milliseconds after which a request is given up: one that hangs would use up a batch's time. */
const requestHandler = { connectionTimeout: 1_000, requestTimeout: 10_000, throwOnRequestTimeout: true };

/** Which rules. */
export interface RulesAt {
  /** The AppConfig application, by id. */
  readonly application: string;
  /** Its environment, by id. */
  readonly environment: string;
  /** Its configuration profile, by id. */
  readonly profile: string;
}

/** The shortest interval the data plane knows, in seconds. */
const SHORTEST_POLL = 15;

/** The rules in AppConfig. */
export function appConfigSource(at: RulesAt, pollSeconds: number): RuleSource {
  const client = new AppConfigDataClient({
    maxAttempts: 2,
    requestHandler: { ...requestHandler, requestTimeout: 1_500 },
  });
  return {
    async start(abortSignal) {
      const answer = await client.send(
        new StartConfigurationSessionCommand({
          ApplicationIdentifier: at.application,
          EnvironmentIdentifier: at.environment,
          ConfigurationProfileIdentifier: at.profile,
          RequiredMinimumPollIntervalInSeconds: Math.max(SHORTEST_POLL, pollSeconds),
        }),
        { abortSignal },
      );
      return answer.InitialConfigurationToken ?? '';
    },
    async latest(token, abortSignal) {
      const answer = await client.send(new GetLatestConfigurationCommand({ ConfigurationToken: token }), {
        abortSignal,
      });
      return {
        token: answer.NextPollConfigurationToken ?? '',
        waitSeconds: answer.NextPollIntervalInSeconds ?? 0,
        content: answer.Configuration?.transformToString() ?? '',
        label: answer.VersionLabel,
      };
    },
  };
}

/** PutRecordBatch of a stream; who calls it retries. */
export function putRecordBatch(client: FirehoseClient, stream: string): PutRecordBatch {
  return async (records, abortSignal) => {
    const Records = records.map((Data) => ({ Data }));
    const answer = await client.send(new PutRecordBatchCommand({ DeliveryStreamName: stream, Records }), {
      abortSignal,
    });
    return (answer.RequestResponses ?? []).map(({ ErrorCode }) => ErrorCode);
  };
}

/** A Firehose client for {@link putRecordBatch}. */
export function firehoseClient(): FirehoseClient {
  return new FirehoseClient({ maxAttempts: 1, requestHandler });
}

/** A log stream; who calls it retries. */
export function logStream(logGroupName: string, logStreamName: string): HotStream {
  const client = new CloudWatchLogsClient({ maxAttempts: 1, requestHandler });
  return {
    async create(abortSignal) {
      try {
        await client.send(new CreateLogStreamCommand({ logGroupName, logStreamName }), { abortSignal });
      } catch (error) {
        if (!(error instanceof Error && error.name === 'ResourceAlreadyExistsException')) throw error;
      }
    },
    async put(lines, abortSignal) {
      const { rejectedLogEventsInfo: refused } = await client.send(
        new PutLogEventsCommand({ logGroupName, logStreamName, logEvents: [...lines] }),
        { abortSignal },
      );
      const before = Math.max(refused?.tooOldLogEventEndIndex ?? 0, refused?.expiredLogEventEndIndex ?? 0);
      return { tooNewFrom: refused?.tooNewLogEventStartIndex, tooOldBefore: before };
    },
  };
}
