/** What a delivery stream takes by direct put unless AWS raised it. */
interface StreamQuota {
  /** MiB a second. */
  readonly mib: number;
  /** Calls of PutRecord and PutRecordBatch a second. */
  readonly calls: number;
}

/**
 * The regions that have more than the others. A raised quota raises both figures alike.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/dev/limits.html (2026-11)
 */
const LARGE_REGIONS: readonly string[] = ['us-east-1', 'us-west-2', 'eu-west-1'];

/** What a delivery stream of a region takes by default. */
export function streamQuota(region: string): StreamQuota {
  return LARGE_REGIONS.includes(region) ? { mib: 5, calls: 2000 } : { mib: 1, calls: 1000 };
}

/** The default quota of a delivery stream, in MiB a second. */
export function defaultQuota(region: string): number {
  return streamQuota(region).mib;
}

/** How one asks for more: the name of the form, and the page that has it. */
export const MORE_QUOTA =
  'the Amazon Data Firehose Limits form (https://docs.aws.amazon.com/firehose/latest/dev/limits.html)';

/** GB a day as MiB a second, on average. */
export function mibPerSecond(gbPerDay: number): number {
  return (gbPerDay * 1024) / (24 * 60 * 60);
}

/** The share of the quota above which a warning says so: logs come in bursts, and what is refused waits in the agents. */
export const QUOTA_WARNING = 0.7;
