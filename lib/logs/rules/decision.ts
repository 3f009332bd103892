import type { Destination, LogRule } from './log-rule';

/** What one rule did with a record. */
export interface Hit {
  /** The rule. */
  readonly rule: LogRule;
  /**
   * `kept` and `dropped` decide, by sampling too; `redacted` changed it; `would` is a dry run; `guarded` would have
   * dropped it, but a never-drop guard kept it.
   */
  readonly did: 'kept' | 'dropped' | 'redacted' | 'would' | 'guarded';
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
  /** All rules that took the record, in their order. */
  readonly hits: readonly Hit[];
}
