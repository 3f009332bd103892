import type { FilterMetric } from '../log-metrics';
import type { Did } from '../rules/decision';
import type { RuleEngine } from '../rules/engine';

/** One record of a batch, as Firehose hands it over. */
export interface FirehoseRecord {
  /** Firehose's name for it; the answer must name each once. */
  readonly recordId: string;
  /** What was put in, in base64. */
  readonly data: string;
  /**
   * When it came, in milliseconds.
   *
   * @default - not said
   */
  readonly approximateArrivalTimestamp?: number;
}

/** A batch. @see https://docs.aws.amazon.com/firehose/latest/dev/data-transformation-status-model.html (2026-11) */
export interface FirehoseEvent {
  /** The records. */
  readonly records: readonly FirehoseRecord[];
}

/** What becomes of one record. */
export interface AnsweredRecord {
  /** The record. */
  readonly recordId: string;
  /** `ProcessingFailed` puts the record as it came under `failed/processing-failed/`. */
  readonly result: 'Ok' | 'Dropped' | 'ProcessingFailed';
  /**
   * What is delivered instead of it, in base64.
   *
   * @default - nothing
   */
  readonly data?: string;
}

/** What becomes of a batch. */
export interface FirehoseAnswer {
  /** Every record of the batch, once. */
  readonly records: readonly AnsweredRecord[];
}

/** The rules as they are known now. */
export interface KnownRules {
  /**
   * The rules, ready to run.
   *
   * @default - there are none: everything is kept
   */
  readonly engine?: RuleEngine;
  /** Whether the store could not be asked lately, or holds what cannot be used: older rules decide, or none. */
  readonly stale: boolean;
  /** Whether the store says that it has no rules. */
  readonly missing: boolean;
}

/** Where the rules come from. */
export interface RuleFeed {
  /** The rules for a batch; never throws, and waits for the store only shortly. */
  current(now: number): Promise<KnownRules>;
}

/** A line for the hot copy. */
export interface HotLine {
  /** The line, without a line break at its end. */
  readonly message: string;
  /** When it arrived, in milliseconds. */
  readonly timestamp: number;
}

/** What is also written to CloudWatch Logs. */
export interface HotCopy {
  /** For each line, whether it was written before the deadline (in milliseconds, as the clock has it); never throws. */
  write(lines: readonly HotLine[], deadline: number): Promise<readonly boolean[]>;
}

/** What goes into this stream once more, since the answer to its batch would be too large. */
export interface Reingestion {
  /**
   * For each record, whether the stream took it before the deadline; never throws. The records are put in as they are:
   * marked with `marked` of `reingestion-mark.ts`, which is how a second pass knows them (`unmarked`).
   */
  put(records: readonly Uint8Array[], deadline: number): Promise<readonly boolean[]>;
}

/** Where lines go that are no records. */
export interface UnparsedSink {
  /**
   * For each envelope (JSON, without a line break at its end), whether it was taken before the deadline; never throws.
   * What was not taken stays among the kept lines.
   */
  put(envelopes: readonly string[], deadline: number): Promise<readonly boolean[]>;
}

/** What is counted of a stream, as opposed to what is so or not. */
export type FilterCount = Exclude<FilterMetric, 'RulesStale' | 'RulesMissing'>;

/** Counts for people and alarms. */
export interface Meter {
  /** Adds to the counts of the stream. */
  count(counts: Readonly<Partial<Record<FilterCount, number>>>): void;
  /**
   * Adds to the counts of a rule, by its id; once for all records of a batch with which it did the same. `hot` is whether
   * it also sent them to CloudWatch Logs.
   */
  rule(id: string, did: Did, records: number, bytes: number, hot?: boolean): void;
  /** Says what the rules of a batch were. */
  rules(known: Omit<KnownRules, 'engine'>): void;
  /** To be called after each batch: hands on what was counted of the stream, and now and then of the rules. */
  flush(now: number): void;
}

/** What the filter works with. */
export interface FilterParts {
  /** The rules. */
  readonly rules: RuleFeed;
  /**
   * The hot copy.
   *
   * @default - none: what should go there goes to the archive
   */
  readonly hot?: HotCopy;
  /** The way back into the stream. */
  readonly reingestion: Reingestion;
  /**
   * The stream of what is no record.
   *
   * @default - none: envelopes stay among the kept lines
   */
  readonly unparsed?: UnparsedSink;
  /** The counts. */
  readonly meter: Meter;
  /** Where it is said what went wrong; nothing of what stands in records. */
  readonly tell: (event: Readonly<Record<string, unknown>>) => void;
  /** The time, in milliseconds. */
  readonly clock: () => number;
}

/** What Lambda tells of an invocation. */
export interface InvocationContext {
  /** What is left of the function's time. */
  getRemainingTimeInMillis(): number;
}

/** The filter: what `filterHandler(parts)` of `handler.ts` makes. */
export type FilterHandler = (event: FirehoseEvent, context: InvocationContext) => Promise<FirehoseAnswer>;
