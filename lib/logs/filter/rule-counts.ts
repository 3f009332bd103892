import type { Did } from '../rules/decision';

/** What a rule did, in numbers. */
export interface RuleCount {
  /** The place of the rule in the file. */
  readonly rule: number;
  /** What it did. */
  readonly did: Did;
  /** With how many records. */
  records: number;
  /** Of how many bytes. */
  bytes: number;
}

const DIDS: readonly Did[] = ['kept', 'dropped', 'redacted', 'would', 'guarded', 'failed'];

/** What rules did, by rule and deed. */
export class RuleCounts {
  private readonly counts = new Map<number, RuleCount>();

  /** Counts one record. */
  add(rule: number, did: Did, bytes: number): void {
    const key = rule * DIDS.length + DIDS.indexOf(did);
    const count = this.counts.get(key);
    if (count === undefined) this.counts.set(key, { rule, did, records: 1, bytes });
    else {
      count.records++;
      count.bytes += bytes;
    }
  }

  /** All of them. */
  values(): Iterable<RuleCount> {
    return this.counts.values();
  }
}
