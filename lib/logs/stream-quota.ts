/**
 * What a delivery stream takes by direct put unless AWS raised it, in MiB a second, in the regions that have more than
 * {@link OTHER_REGIONS}.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/dev/limits.html (2026-11)
 */
const LARGE_REGIONS: Readonly<Record<string, number>> = { 'us-east-1': 5, 'us-west-2': 5, 'eu-west-1': 5 };

const OTHER_REGIONS = 1;

/** The default quota of a delivery stream, in MiB a second. */
export function defaultQuota(region: string): number {
  return LARGE_REGIONS[region] ?? OTHER_REGIONS;
}

/** GB a day as MiB a second, on average. */
export function mibPerSecond(gbPerDay: number): number {
  return (gbPerDay * 1024) / (24 * 60 * 60);
}

/** The share of the quota above which a warning says so: logs come in bursts, and what is refused waits in the agents. */
export const QUOTA_WARNING = 0.7;
