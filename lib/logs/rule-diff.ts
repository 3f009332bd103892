import type { Decision } from './rules/decision';
import type { LogRules } from './rules/log-rule';
import { compileRules, decide } from './rules/engine';
import { RecordReader } from './rules/record-reader';
import { count, DEFAULT_RULE, volume, type Volume } from './sample-tally';
import { withoutSecrets } from './secrets';

/** How a record can fare otherwise than before. */
export type ChangeKind = 'dropped' | 'kept' | 'redacted' | 'moved';

/** What one rule changes in one way. */
export interface RuleChange {
  /** The rule that decides now, or `default`. */
  readonly rule: string;
  /** How the records fare now: `redacted` is another text, `moved` another destination. */
  readonly kind: ChangeKind;
  /** How many. */
  readonly volume: Volume;
  /** The first few of them. */
  readonly examples: readonly ChangeExample[];
}

/** A record that fares otherwise. */
export interface ChangeExample {
  /** Namespace and pod; empty if it names none. */
  readonly pod: string;
  /** The message, with all redactions of both sets of rules and without what looks like a secret. */
  readonly message: string;
  /** The rule that decided before, or `default`. */
  readonly before: string;
}

/** How many examples are kept of each change. */
const EXAMPLES = 3;

/** What changes if one set of rules takes the place of another. Its size does not grow with the sample. */
export class RuleDiff {
  /** What came. */
  readonly came = volume();
  /** What fares otherwise. */
  readonly changed = volume();
  /** What is no record. */
  readonly unparsed = volume();
  private readonly found = new Map<string, RuleChange & { readonly examples: ChangeExample[] }>();
  private readonly engines;
  private readonly masks;
  private readonly reader = new RecordReader();

  constructor(
    before: LogRules,
    after: LogRules,
    private readonly arrival: number,
  ) {
    this.engines = [compileRules(before), compileRules(after)] as const;
    this.masks = [before, after].map(({ version, rules }) =>
      compileRules({ version, neverDrop: {}, rules: rules.filter(({ action }) => action === 'redact') }),
    );
  }

  /** What changed, the largest first. */
  get changes(): RuleChange[] {
    return [...this.found.values()].sort((a, b) => b.volume.bytes - a.volume.bytes);
  }

  /** Decides about one record by both. */
  add(record: string): void {
    const bytes = Buffer.byteLength(record);
    count(this.came, bytes);
    const before = decide(this.engines[0], record, this.arrival);
    const after = decide(this.engines[1], record, this.arrival);
    if (after.unparsed !== undefined) count(this.unparsed, bytes);
    const kinds = changeKinds(before, after);
    if (kinds.length === 0) return;
    count(this.changed, bytes);
    for (const kind of kinds) {
      const rule = blamed(kind, before, after);
      const change = this.of(rule, kind);
      count(change.volume, bytes);
      if (change.examples.length < EXAMPLES)
        change.examples.push({ ...this.shown(record), before: before.rule?.id ?? DEFAULT_RULE });
    }
  }

  private of(rule: string, kind: ChangeKind): RuleChange & { examples: ChangeExample[] } {
    const key = `${kind} ${rule}`;
    const there = this.found.get(key) ?? { rule, kind, volume: volume(), examples: [] };
    this.found.set(key, there);
    return there;
  }

  /** A record as it may be shown: a sample of real records holds what redactions are for. */
  private shown(line: string): Pick<ChangeExample, 'pod' | 'message'> {
    const masked = this.masks.reduce((text, mask) => decide(mask, text, this.arrival).line, line);
    const record = this.reader.read(masked);
    if (record === undefined) return { pod: '', message: withoutSecrets(masked) };
    const { namespace, pod } = record.pod;
    return { pod: [namespace, pod].filter(Boolean).join('/'), message: withoutSecrets(record.message || masked) };
  }
}

function changeKinds(before: Decision, after: Decision): ChangeKind[] {
  if (before.keep !== after.keep) return [after.keep ? 'kept' : 'dropped'];
  if (!after.keep) return [];
  const moved = [...before.to].sort().join() !== [...after.to].sort().join();
  return [...(before.line === after.line ? [] : ['redacted' as const]), ...(moved ? ['moved' as const] : [])];
}

/** Whose doing a change is: of a text that of the last redaction, in whichever set there is one. */
function blamed(kind: ChangeKind, before: Decision, after: Decision): string {
  if (kind !== 'redacted') return after.rule?.id ?? DEFAULT_RULE;
  const redactions = [...before.hits, ...after.hits].filter(({ did }) => did === 'redacted');
  return redactions.at(-1)?.rule.id ?? DEFAULT_RULE;
}
