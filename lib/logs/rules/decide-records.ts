import type { Decision } from './decision';
import { compileRules, decide } from './engine';
import type { LogRules } from './log-rule';

/** A record and what becomes of it. */
export interface DecidedRecord {
  /** As it came. */
  readonly record: string;
  /** What the rules do with it. */
  readonly decision: Decision;
}

/** Decides about many lines, such as a sample of yesterday's, as if all had arrived at one moment (in milliseconds). */
export function decideRecords(rules: LogRules, records: Iterable<string>, arrival: number): DecidedRecord[] {
  const engine = compileRules(rules);
  return Array.from(records, (record) => ({ record, decision: decide(engine, record, arrival) }));
}
