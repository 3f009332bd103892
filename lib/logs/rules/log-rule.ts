import type { Match } from './log-match';

/** What a rule does with the records it matches. */
export type Action = 'keep' | 'drop' | 'sample' | 'redact';

/** Where a kept record goes: the bucket, or the log group of the hot copy. */
export type Destination = 'archive' | 'cloudwatch';

/** One text to take out of records. */
export interface Redaction {
  /** An RE2 regular expression; each place it is found in a text of the record is replaced. */
  readonly pattern: string;
  /**
   * What stands there instead; `$1` and `$<name>` are what groups caught, `$$` is a dollar. If a line grew by more than
   * four times its length, a note takes the place of the whole text that does it.
   */
  readonly replace: string;
  /**
   * Upper and lower case are the same.
   *
   * @default false
   */
  readonly ignoreCase?: boolean;
}

/** What a test says about its record; everything given must hold. */
export interface RuleExpectation {
  /**
   * What becomes of the record.
   *
   * @default - either
   */
  readonly outcome?: 'keep' | 'drop';
  /**
   * The id of the rule that decides; `default` if none does.
   *
   * @default - any
   */
  readonly rule?: string;
  /**
   * The message after all redactions.
   *
   * @default - any
   */
  readonly message?: string;
  /**
   * Where the record goes.
   *
   * @default - anywhere
   */
  readonly to?: readonly Destination[];
}

/**
 * A record and what the whole list of rules must do with it; run by `hajime logs test` and before every push.
 *
 * The rule that holds the test counts as enabled, not as a dry run and not as expired, so that it can be tested before
 * it is switched on.
 */
export interface RuleTest {
  /**
   * What the test shows.
   *
   * @default - its number
   */
  readonly name?: string;
  /** A record as the agent sends it, or a line of text. */
  readonly record: Readonly<Record<string, unknown>> | string;
  /**
   * `keep` or `drop`: what becomes of the record; if that is what this rule does, it must be this rule that did it.
   * `unmatched`: this rule does not take the record.
   */
  readonly expect: 'keep' | 'drop' | 'unmatched' | RuleExpectation;
}

/** One rule. The first that matches decides; `redact` changes the record and lets the walk go on. */
export interface LogRule {
  /** Its name in metrics, tests and messages; letters, digits, `.`, `_` and `-`. */
  readonly id: string;
  /** What it does. */
  readonly action: Action;
  /**
   * Which records it takes.
   *
   * @default - all; a rule that drops must say which
   */
  readonly match?: Match;
  /**
   * For `sample`: the share that is kept, from 0 to 1.
   *
   * @default - required for `sample`, forbidden otherwise
   */
  readonly rate?: number;
  /**
   * For `sample`: the path of the field whose value decides, such as `trace_id`, so that records of one trace stay
   * together. The same value is always decided the same.
   *
   * @default - the record's text; also where the field is missing, null, empty, `-`, `none` or an id of zeros
   */
  readonly by?: string;
  /**
   * For `redact`: what to take out. It acts on every text of the record, except below `kubernetes` and on the time in
   * `time` or `@timestamp`.
   *
   * @default - required for `redact`, forbidden otherwise
   */
  readonly redact?: readonly Redaction[];
  /**
   * For `keep` and `sample`: where records go. A record that goes to `cloudwatch` alone lands in the archive if the hot
   * copy fails.
   *
   * @default ['archive']
   */
  readonly to?: readonly Destination[];
  /**
   * Why the rule is there.
   *
   * @default - none
   */
  readonly description?: string;
  /**
   * Whom to ask.
   *
   * @default - nobody
   */
  readonly owner?: string;
  /**
   * Whether the rule takes part.
   *
   * @default true
   */
  readonly enabled?: boolean;
  /**
   * The last day (`2026-12-31`, UTC) or the moment (`2026-12-31T12:00:00Z`) of the rule, by the arrival of the record.
   *
   * @default - never
   */
  readonly expires?: string;
  /**
   * Only count what the rule would have taken.
   *
   * @default false
   */
  readonly dryRun?: boolean;
  /**
   * Says that the rule may drop even what `neverDrop` guards.
   *
   * @default - guarded records pass the rule by
   */
  readonly overrides?: 'never-drop';
  /**
   * What the rule is meant to do, checked before every push.
   *
   * @default - none
   */
  readonly tests?: readonly RuleTest[];
}

/**
 * Records that `drop`, `sample` and `default: drop` pass by, by the name of the guard; one of several matches is enough.
 * `false` takes away one that is there by default.
 */
export type NeverDrop = Readonly<Record<string, Match | readonly Match[] | false>>;

/** The rules of one platform: the file `config/logs/<platform>.yaml`. */
export interface LogRules {
  /** The form of this file. */
  readonly version: 1;
  /**
   * Further guards, others under the same name, or `false`.
   *
   * @default - errors, audit records and the namespaces of security tools; see `NEVER_DROP`
   */
  readonly neverDrop?: NeverDrop;
  /**
   * What becomes of a record that no rule decides.
   *
   * @default 'keep'
   */
  readonly default?: 'keep' | 'drop';
  /** In the order they are tried. */
  readonly rules: readonly LogRule[];
}
