import type * as sdk from '@aws-sdk/client-firehose';
import { Failure } from '../../sandbox/failure';
import type { Remedies } from '../refresh';
import { askingAws, type ClientSettings } from './aws';
import { pause } from './rollout';

/** What takes records in. */
export interface Stream {
  /** Sends records; for each why it was not taken, undefined if it was. */
  put(records: readonly Uint8Array[]): Promise<readonly (string | undefined)[]>;
}

const REMEDIES: Remedies = [
  [/ResourceNotFoundException/, 'The delivery stream is not there: deploy the platform.'],
  [/AccessDenied/, 'The credentials may not send to the delivery stream: they need firehose:PutRecordBatch.'],
];

/** How often what was not taken is sent again. */
const ATTEMPTS = 10;

/** Sends records until all are taken: of a call that was taken in part only the rest goes again. */
export async function putAll(
  stream: Stream,
  records: readonly Uint8Array[],
  sleep: (milliseconds: number) => Promise<void> = pause,
): Promise<void> {
  let left = records;
  for (let attempt = 1; ; attempt++) {
    const answers = await stream.put(left);
    const why = answers.find((answer) => answer !== undefined);
    if (why === undefined) return;
    left = left.filter((_, index) => answers[index] !== undefined);
    if (attempt === ATTEMPTS)
      throw new Failure(
        `The stream did not take ${left.length} of ${records.length} records after ${ATTEMPTS} attempts: ${why}. Nothing is lost.`,
      );
    await sleep(Math.min(10_000, 100 * 2 ** attempt) * (0.5 + Math.random() / 2));
  }
}

/** A delivery stream of Firehose. */
export class DeliveryStream implements Stream {
  private readonly firehose: typeof sdk;
  private readonly client: sdk.FirehoseClient;

  constructor(
    private readonly name: string,
    settings: ClientSettings,
  ) {
    this.firehose = require('@aws-sdk/client-firehose') as typeof sdk;
    this.client = new this.firehose.FirehoseClient(settings);
  }

  async put(records: readonly Uint8Array[]): Promise<(string | undefined)[]> {
    return askingAws('Firehose', REMEDIES, async () => {
      try {
        const { RequestResponses = [] } = await this.client.send(
          new this.firehose.PutRecordBatchCommand({
            DeliveryStreamName: this.name,
            Records: records.map((Data) => ({ Data })),
          }),
        );
        return records.map((_, index) => {
          const { ErrorCode, ErrorMessage } = RequestResponses[index] ?? { ErrorCode: 'no answer' };
          return ErrorCode === undefined ? undefined : [ErrorCode, ErrorMessage].filter(Boolean).join(': ');
        });
      } catch (error) {
        if (!(error instanceof this.firehose.ServiceUnavailableException)) throw error;
        return records.map(() => `${error.name}: ${error.message}`); // the stream is busy: the same as none taken
      }
    });
  }
}
