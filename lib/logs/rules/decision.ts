import type { Destination, LogRule } from './log-rule';

/**
 * What a rule did with a record. `kept` and `dropped` decide, also by sampling; `redacted` changed a text; `would` is
 * what a dry run would have dropped, redacted or decided to keep; `guarded` would have dropped it, had a never-drop
 * guard not kept it; `failed` threw, and was passed by.
 */
export type Did = 'kept' | 'dropped' | 'redacted' | 'would' | 'guarded' | 'failed';

/** A rule that took a record. */
export interface Hit {
  /** The rule. */
  readonly rule: LogRule;
  /** What it did. */
  readonly did: Did;
}

/** What becomes of a record. */
export interface Decision {
  /** Whether it is kept. */
  readonly keep: boolean;
  /**
   * The rule that decided.
   *
   * @default - none did: the default of the list
   */
  readonly rule?: LogRule;
  /** Where it goes; empty if it is dropped. */
  readonly to: readonly Destination[];
  /** The line to hand on: as it came unless a redaction changed it. */
  readonly line: string;
  /**
   * Why the line is no record. No rule decides about it, it is always kept, and every redaction acts on it.
   *
   * @default - it is one
   */
  readonly unparsed?: string;
  /** All rules that took the record, in their order. */
  readonly hits: readonly Hit[];
}
