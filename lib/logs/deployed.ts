/** What the parts of a deployed log pipeline find each other by: names, places in the bucket, variables, outputs. */

/** The delivery stream of a platform: the one thing its agents name. */
export function streamName(platform: string): string {
  return `${platform}-logs`;
}

/**
 * The delivery stream of what could not be parsed. An aggregate can hold good lines and bad ones, and Firehose puts a
 * whole record under one prefix (dynamic partitioning as well, which costs as much again as the ingestion), so the
 * filter function takes the bad lines out of their aggregates and hands their envelopes to this stream.
 */
export function unparsedStreamName(platform: string): string {
  return `${platform}-logs-unparsed`;
}

/**
 * The log group that names every object under `failed/`. EventBridge writes to others too, but its console shows only those
 * that begin so.
 */
export function failedLogName(platform: string): string {
  return `/aws/events/${streamName(platform)}-failed`;
}

/** The log stream in which Firehose says why it cannot archive; why it cannot deliver stands in one named as the stream. */
export function archiveErrorsName(platform: string): string {
  return `${streamName(platform)}-archive`;
}

/** Where records are in the bucket. Below each: `dt=2026-11-25/hour=07/`, in UTC, by arrival. */
export const PREFIXES = {
  /** What the rules kept: NDJSON, gzip. */
  logs: 'logs/',
  /** Envelopes `{ raw, error }` of what could not be parsed: NDJSON, gzip. */
  unparsed: 'unparsed/',
  /** What Firehose gave up on, by its reason, such as `failed/processing-failed/`: one JSON object a line with `rawData`. */
  failed: 'failed/',
  /** Results of Athena's queries. */
  results: 'athena-results/',
} as const;

/** Variables the stack gives the filter function, which reads them in `filter/index.ts`. */
export const FILTER_VARIABLES = {
  /** Its own delivery stream, for what has to be ingested again. */
  stream: 'LOGS_STREAM',
  /** The stream of {@link unparsedStreamName}. If it takes an envelope in no way, the envelope stays among the kept lines. */
  unparsedStream: 'LOGS_UNPARSED_STREAM',
  /** The platform's name. */
  platform: 'LOGS_PLATFORM',
  /** The AppConfig application of the rules, by id. */
  application: 'LOGS_RULES_APPLICATION',
  /** Its environment, by id. */
  environment: 'LOGS_RULES_ENVIRONMENT',
  /** Its configuration profile, by id. */
  profile: 'LOGS_RULES_PROFILE',
  /** The log group of the hot copy, by name. */
  hotGroup: 'LOGS_HOT_GROUP',
  /** Seconds between two looks at the rules. */
  pollSeconds: 'LOGS_POLL_SECONDS',
} as const;

/** Outputs of the Logs stack, by which the command line finds what it works on. */
export const OUTPUTS = {
  /** Name of the delivery stream. */
  stream: 'Stream',
  /** Name of the bucket of kept, unparsed and failed records. */
  bucket: 'Bucket',
  /** Name of the bucket of the unfiltered stream, with `archive: 'dropped-too'`. */
  archive: 'Archive',
  /** Name of the log group of the hot copy. */
  hotGroup: 'HotGroup',
  /** Name of the Athena workgroup. */
  workgroup: 'Workgroup',
  /** Name of the Glue database. */
  database: 'Database',
  /** Id of the AppConfig application of the rules. */
  application: 'RulesApplication',
  /** Id of its environment. */
  environment: 'RulesEnvironment',
  /** Id of its configuration profile. */
  profile: 'RulesProfile',
  /** Id of the deployment strategy the config chose. */
  strategy: 'RulesStrategy',
  /** Id of the strategy that changes everything at once, whatever the config chose: for a way back. */
  allAtOnce: 'RulesAllAtOnce',
} as const;

/** Where the filter function puts its metrics. */
export const METRICS_NAMESPACE = 'Kotohajime/Logs';
