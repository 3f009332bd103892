import type { Decision, Did } from './rules/decision';

/** Records, and the bytes of their lines as they came. */
export interface Volume {
  /** How many. */
  records: number;
  /** Bytes in UTF-8. */
  bytes: number;
}

/** What one rule, or the default, did to a sample. */
export interface RuleTally {
  /** What it decided to keep. */
  readonly kept: Volume;
  /** What it decided to drop. */
  readonly dropped: Volume;
  /** What it redacted. */
  readonly redacted: Volume;
  /** What it would have taken: it is a dry run. */
  readonly would: Volume;
  /** What it would have dropped, had no guard kept it. */
  readonly guarded: Volume;
  /** What it threw at, and was passed by for. */
  readonly failed: Volume;
  /** What it decided and did not send to CloudWatch Logs, dropped or not. */
  readonly notHot: Volume;
}

/** The entry of a tally for records no rule decided. */
export const DEFAULT_RULE = 'default';

/** What rules did to a sample of records: in all, and rule by rule. Its size does not grow with the sample. */
export class SampleTally {
  /** What came. */
  readonly came = volume();
  /** What was kept. */
  readonly kept = volume();
  /** What went to CloudWatch Logs. */
  readonly hot = volume();
  /** What was no record, by why. */
  readonly unparsed = new Map<string, Volume>();
  /** Rule by rule, those that took nothing left out. */
  readonly rules = new Map<string, RuleTally>();

  /** Adds one record and what becomes of it. */
  add(record: string, { keep, rule, to, hits, unparsed }: Decision): void {
    const bytes = Buffer.byteLength(record);
    const hot = to.includes('cloudwatch');
    count(this.came, bytes);
    if (keep) count(this.kept, bytes);
    if (hot) count(this.hot, bytes);
    if (unparsed !== undefined) {
      const there = this.unparsed.get(unparsed) ?? volume();
      this.unparsed.set(unparsed, there);
      count(there, bytes);
    }
    for (const hit of hits) count(this.of(hit.rule.id)[hit.did], bytes);
    const decider = this.of(rule?.id ?? DEFAULT_RULE);
    if (rule === undefined) count(decider[keep ? 'kept' : 'dropped'], bytes);
    if (!hot) count(decider.notHot, bytes);
  }

  private of(rule: string): RuleTally {
    const there = this.rules.get(rule);
    if (there !== undefined) return there;
    const fresh: Record<Did | 'notHot', Volume> = {
      kept: volume(),
      dropped: volume(),
      redacted: volume(),
      would: volume(),
      guarded: volume(),
      failed: volume(),
      notHot: volume(),
    };
    this.rules.set(rule, fresh);
    return fresh;
  }
}

/** Nothing yet. */
export function volume(): Volume {
  return { records: 0, bytes: 0 };
}

/** Adds a record of so many bytes. */
export function count(to: Volume, bytes: number): void {
  to.records += 1;
  to.bytes += bytes;
}
