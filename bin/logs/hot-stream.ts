import type * as sdk from '@aws-sdk/client-cloudwatch-logs';
import { REAL_TIME, type Timing } from '../../lib/logs/filter/backoff';
import { hotCopy, type HotStream } from '../../lib/logs/filter/hot-copy';
import type { HotLine } from '../../lib/logs/filter/parts';
import type { ClientSettings } from './aws';
import type { Stream } from './stream';

/** How long one call may take, all its attempts. */
const PATIENCE = 60_000;

/** The hot copy as what takes lines in. What it never takes, such as lines older than its retention, counts as refused. */
export class HotCopyStream implements Stream {
  /** Lines that are too old or too new for the log group. */
  refused = 0;

  constructor(
    private readonly stream: HotStream,
    /** The time of lines that tell none. */
    private readonly otherwise: Date,
    private readonly timing: Timing = REAL_TIME,
  ) {}

  async put(records: readonly Uint8Array[]): Promise<readonly (string | undefined)[]> {
    const lines = records.map((record) => this.lineOf(new TextDecoder().decode(record)));
    const never = new Set<HotLine>();
    const watched: HotStream = {
      create: (signal) => this.stream.create(signal),
      put: async (events, signal) => {
        const refused = await this.stream.put(events, signal);
        const [from, before] = [refused.tooNewFrom ?? events.length, refused.tooOldBefore ?? 0];
        events.forEach((event, index) => (index < before || index >= from ? never.add(event) : undefined));
        return refused;
      },
    };
    const written = await hotCopy(watched, this.timing).write(lines, this.timing.clock() + PATIENCE);
    this.refused += never.size;
    return lines.map((line, index) =>
      written[index] === true || never.has(line) ? undefined : 'CloudWatch Logs did not take it',
    );
  }

  private lineOf(message: string): HotLine {
    const now = this.timing.clock();
    const own = timeIn(message) ?? this.otherwise.getTime();
    return { message, timestamp: Math.min(own, now) };
  }
}

/** The time a line tells, in milliseconds. */
function timeIn(line: string): number | undefined {
  try {
    const { time, '@timestamp': stamp } = JSON.parse(line) as Readonly<Record<string, unknown>>;
    const moment = [time, stamp].find((each) => typeof each === 'string' && !Number.isNaN(Date.parse(each)));
    return moment === undefined ? undefined : Date.parse(moment as string);
  } catch {
    return undefined;
  }
}

/** A log stream of its own in the log group of the hot copy. */
export function replayStream(logGroupName: string, settings: ClientSettings, now: Date): HotStream {
  const logs = require('@aws-sdk/client-cloudwatch-logs') as typeof sdk;
  const client = new logs.CloudWatchLogsClient(settings);
  const logStreamName = `replay/${now.toISOString().replaceAll(':', '-')}`;
  return {
    async create(abortSignal) {
      await client.send(new logs.CreateLogStreamCommand({ logGroupName, logStreamName }), { abortSignal });
    },
    async put(lines, abortSignal) {
      const { rejectedLogEventsInfo: refused } = await client.send(
        new logs.PutLogEventsCommand({ logGroupName, logStreamName, logEvents: [...lines] }),
        { abortSignal },
      );
      const before = Math.max(refused?.tooOldLogEventEndIndex ?? 0, refused?.expiredLogEventEndIndex ?? 0);
      return { tooNewFrom: refused?.tooNewLogEventStartIndex, tooOldBefore: before };
    },
  };
}
