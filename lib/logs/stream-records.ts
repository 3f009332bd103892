/** Bytes of the GB that AWS bills. */
export const GB = 1024 ** 3;

/** What Firehose rounds every record up to, as the example on its price page counts. @see https://aws.amazon.com/firehose/pricing/ */
export const FIREHOSE_STEP = 5 * 1024;

/**
 * Seconds between two deliveries of an agent. A record holds what one container wrote in that time, and Firehose charges each as
 * 5 KB at least, so the longer the cheaper: `hajime logs cost` reckons with it. What waits is in files on the node, so a
 * restarted agent sends it; a node that is lost takes the lines of these seconds with it.
 */
export const FLUSH_SECONDS = 15;

/** The most an agent puts into a record, in bytes: what Firehose takes. */
const MOST = 1000 * 1024;

const DAY = 24 * 60 * 60;

/** What makes the records that come in. */
export interface Senders {
  /** GB of log lines a day. */
  readonly gbPerDay: number;
  /** Bytes of an average line. */
  readonly lineBytes: number;
  /** How many containers write at a time: an agent's record holds lines of one. */
  readonly containers: number;
  /** Whether the agents put many lines into one record. */
  readonly aggregated: boolean;
  /**
   * Bytes of an average record, if that is known.
   *
   * @default - what a container writes between two deliveries of its agent
   */
  readonly recordBytes?: number;
}

/** Bytes of an average record: at least a line, at most what Firehose takes. */
export function recordBytes({ gbPerDay, lineBytes, containers, aggregated, recordBytes: known }: Senders): number {
  if (!aggregated) return lineBytes;
  const written = known ?? ((gbPerDay * GB) / DAY / containers) * FLUSH_SECONDS;
  return Math.max(lineBytes, Math.min(MOST, written));
}

/** How often the size of what comes in Firehose bills it: each record is rounded up, so short records cost most. */
export function billedTimes(senders: Senders): number {
  const size = recordBytes(senders);
  // records of many lines differ in size, and lose half a step on average; those of one line are taken as alike
  const billed = senders.aggregated
    ? Math.max(FIREHOSE_STEP, size + FIREHOSE_STEP / 2)
    : Math.ceil(size / FIREHOSE_STEP) * FIREHOSE_STEP;
  return billed / size;
}

/** Calls of PutRecordBatch a second, on average: with aggregation a call carries one record, without at most 500. */
export function callsPerSecond(senders: Senders): number {
  const records = (senders.gbPerDay * GB) / DAY / recordBytes(senders);
  return senders.aggregated ? records : Math.max(records / 500, Math.min(records, senders.containers / FLUSH_SECONDS));
}
