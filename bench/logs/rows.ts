import type { LogRule } from '../../lib/logs/rules/log-rule';
import { mix, redactions } from './lines';

/** One set of rules to measure. */
export interface Row {
  readonly rules: readonly LogRule[];
  readonly target?: number;
  /** What messages are filled up with. */
  readonly fill?: string;
  /** Whether the straightforward handler takes part. */
  readonly beside?: boolean;
}

export const ROWS: Readonly<Record<string, Row>> = {
  'no rules': { rules: [] },
  '1 rule': { rules: mix(1, true), target: 2 },
  '10 rules, by namespace': { rules: mix(10, false) },
  '10 rules, on every pod': { rules: mix(10, true), target: 2.2 },
  '100 rules, by namespace': { rules: mix(100, false) },
  '100 rules, on every pod': { rules: mix(100, true), target: 2.8, beside: true },
  '500 rules, on every pod': { rules: mix(500, true), target: 4.5 },
  '1 redaction': { rules: [redactions(1)] },
  '7 redactions': { rules: [redactions(7)] },
  '10 redactions, one of them changes every line': { rules: [redactions(10)] },
  '100 rules and 7 redactions': { rules: [redactions(7), ...mix(100, true)] },
  '100 rules, on every pod, Japanese': { rules: mix(100, true), fill: 'ログの行は長い ' },
};

export type Contestant = 'JSON.parse' | 'ours' | 'straightforward';
/** Microseconds a record, round by round. */
export type Times = Readonly<Partial<Record<Contestant, number[]>>>;

/** What the process of a row says. */
export interface Measured {
  readonly times: Times;
  /** The most memory it had, what it compares with and its lines included. */
  readonly mebibytes: number;
}
