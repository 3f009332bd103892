import { condition, wholeTest, type RecordTest } from '../rules/condition';
import type { Match } from '../rules/log-match';
import type { LogRecord } from '../rules/record';
import { RecordReader } from '../rules/record-reader';
import { volume, type Volume } from '../sample-tally';
import type { LinePattern } from './line-pattern';
import type { Ungrouped } from './mined-sample';

/** What a match takes of what is kept, beside the pattern it was made for. */
export interface Others {
  /** About how many lines, by the examples held of each pattern. */
  readonly volume: Volume;
  /** The largest pattern it looks at and takes nothing of. */
  readonly spared: LinePattern | undefined;
}

/** Measures matches on the examples of a sample. */
export class Reach {
  private readonly reader = new RecordReader();
  private readonly read = new Map<string, LogRecord | undefined>();

  constructor(
    private readonly patterns: readonly LinePattern[],
    private readonly ungrouped: Ungrouped,
  ) {}

  /** Whether a match takes all examples of a pattern. */
  takesAll(match: Match, { examples }: LinePattern): boolean {
    return this.share(wholeTest(condition(match)), examples) === 1;
  }

  /** What a match takes of other patterns; what a guard holds back passes it by. */
  others(match: Match, own: LinePattern): Others {
    const test = wholeTest(condition(match));
    const sum = volume();
    let spared: LinePattern | undefined;
    for (const pattern of this.patterns) {
      if (pattern === own || !isLookedAt(pattern, own)) continue;
      const share = this.share(test, pattern.examples);
      if (share === 0 && pattern.examples.length > 0) spared ??= pattern;
      if (!pattern.kind.guarded) add(sum, pattern.volume, share);
    }
    add(sum, this.ungrouped, this.share(test, this.ungrouped.examples));
    return { volume: sum, spared };
  }

  private share(test: RecordTest, examples: readonly string[]): number {
    if (examples.length === 0) return 0;
    return examples.filter((line) => this.takes(test, line)).length / examples.length;
  }

  private takes(test: RecordTest, line: string): boolean {
    let record = this.read.get(line);
    if (record === undefined) this.read.set(line, (record = this.reader.read(line.trimStart())));
    return record !== undefined && test(record);
  }
}

/** Whether a rule for one pattern looks at another: where nothing is known of a pod, it looks at all. */
function isLookedAt({ kind: other }: LinePattern, { kind: { namespace, container } }: LinePattern): boolean {
  return (namespace === '' || namespace === other.namespace) && (container === '' || container === other.container);
}

function add(sum: Volume, { records, bytes }: Volume, share: number): void {
  sum.records += Math.ceil(records * share);
  sum.bytes += Math.ceil(bytes * share);
}
