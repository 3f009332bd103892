import { PREFIXES, streamName, unparsedStreamName } from '../../lib/logs/deployed';
import { AGGREGATE_BYTES, PUT_LIMITS, ReplayBatches, type ReplayBatch, type ReplayRecord } from '../../lib/logs/replay';
import { Failure } from '../../sandbox/failure';
import { ask, runningLocalAws, type LocalAws } from '../../sandbox/local-aws';
import { deployed, output } from './aws';
import { counted } from './figures';
import { LateProgress } from './late-progress';
import { localParts } from './sample';
import { recordsOf } from './sample-source';
import { DeliveryStream, putAll, type Stream } from './stream';
import { named, say } from '../use';

/** What the local Firehose tells of a stream once all is delivered, in records of Firehose. */
type Delivered = Readonly<Record<string, { readonly failed: number }>>;

/** `hajime sandbox send`: lines go into the pipeline of a platform on the local AWS, and through it. */
export async function sendAction(platform: string, lines: string): Promise<void> {
  const config = named(platform);
  const sample = { parts: localParts(lines), from: lines === '-' ? 'stdin' : lines };
  const aws = await runningLocalAws();
  if (aws === undefined) throw new Failure('The local AWS does not run. Start it: npx hajime sandbox up');
  const place = await deployed(platform, config, { sandbox: true });
  const stream = new DeliveryStream(output(place, 'stream'), place.settings);
  const failedBefore = await deliver(aws, platform);
  const progress = new LateProgress('Sending');
  let sent: number;
  try {
    sent = await sendLines(recordsOf(sample), stream, (so) => progress.note(counted(so, 'line')));
    progress.end();
  } catch (error) {
    progress.end('failed');
    throw error;
  }
  const failed = (await deliver(aws, platform)) - failedBefore;
  say(
    `${counted(sent, 'line')} went through the pipeline of ${platform}; what the rules kept is in s3://${output(place, 'bucket')}/${PREFIXES.logs}.`,
  );
  if (failed > 0)
    throw new Failure(
      `The function did not take all of them: npx hajime logs replay ${platform} --sandbox --from failed --since 1h --dry-run`,
    );
  say(`Next: npx hajime logs test ${platform} --sandbox --sample today`);
}

/** Puts lines into a stream, many in a record, as the agents do; how many there were. */
export async function sendLines(
  groups: AsyncIterable<readonly string[]>,
  stream: Stream,
  note: (lines: number) => void = () => undefined,
): Promise<number> {
  const batches = new ReplayBatches();
  let sent = 0;
  const put = async (batch: ReplayBatch | undefined): Promise<void> => {
    if (batch === undefined) return;
    await putAll(stream, batch.records);
    note((sent += batch.lines));
  };
  for await (const record of aggregates(groups)) await put(batches.add(record));
  await put(batches.rest());
  return sent;
}

async function* aggregates(groups: AsyncIterable<readonly string[]>): AsyncGenerator<ReplayRecord> {
  let [held, bytes] = [[] as string[], 0];
  const record = (): ReplayRecord => {
    const data = Buffer.from(`${held.join('\n')}\n`);
    return { data, bytes: data.length, lines: held.length, linesDone: 0 };
  };
  for await (const lines of groups)
    for (const line of lines) {
      const length = Buffer.byteLength(line) + 1;
      if (length > PUT_LIMITS.recordBytes)
        throw new Failure(`A line has ${length} bytes: Firehose takes ${PUT_LIMITS.recordBytes} at most.`);
      if (bytes > 0 && bytes + length > AGGREGATE_BYTES) {
        yield record();
        [held, bytes] = [[], 0];
      }
      held.push(line);
      bytes += length;
    }
  if (held.length > 0) yield record();
}

/** Has all that is buffered delivered now; how many records of Firehose were given up on so far. */
async function deliver(aws: LocalAws, platform: string): Promise<number> {
  const streams = [streamName(platform), unparsedStreamName(platform)];
  const counts = await ask<Delivered>(aws, 'firehose', streams);
  return Object.values(counts).reduce((sum, { failed }) => sum + failed, 0);
}
