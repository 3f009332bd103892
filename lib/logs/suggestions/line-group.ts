import type { Destination, LogRule } from '../rules/log-rule';
import { copied } from '../rules/record-reader';
import { count, volume, type Volume } from '../sample-tally';
import type { Answer } from './answer';
import type { Probe } from './probe';
import type { Said } from './said';

/** What the lines of a group have in common beside their words. */
export interface LineKind {
  /** The namespace; empty if the lines name none. */
  readonly namespace: string;
  /** The container; empty if the lines name none. */
  readonly container: string;
  /** The rank of their level; 0 if they say none. */
  readonly rank: number;
  /** Whether a never-drop guard holds them. */
  readonly guarded: boolean;
  /**
   * The rule that keeps them.
   *
   * @default - none does: the default of the list keeps them
   */
  readonly keeper?: LogRule;
  /** Where they go. */
  readonly to: readonly Destination[];
  /**
   * The probe they tell of.
   *
   * @default - none
   */
  readonly probe?: Probe;
  /**
   * How the requests they tell of ended, well or not.
   *
   * @default - they tell of none
   */
  readonly answer?: Answer;
  /** How they say what they say. */
  readonly said: Pick<Said, 'form' | 'path' | 'names'>;
}

/** Examples held of a group: the first line, and some from further on. */
const EXAMPLES = 3;
/** Characters of a line that may be an example. */
export const EXAMPLE_AT_MOST = 16_384;

/** Kept lines with one template. Its size does not grow with the lines. */
export class LineGroup {
  /** How many there are. */
  readonly volume: Volume = volume();
  /** Some of the lines, as they came; a line that is very long is not among them. */
  readonly examples: string[] = [];
  /** How many a dry run of the present rules would have taken, by rule. */
  readonly would = new Map<LogRule, number>();
  /** Which line of the sample was the last. */
  latest = 0;
  /** Whether it was given up: nothing joins it any more. */
  gone = false;

  constructor(
    /** What its lines are like. */
    readonly kind: LineKind,
    /** Its template, in tokens. */
    readonly tokens: string[],
    /** Its place among all, by their first lines. */
    readonly place: number,
  ) {}

  /** Adds a line; `at` is its place in the sample. */
  add(line: string, bytes: number, at: number, would: readonly LogRule[]): void {
    count(this.volume, bytes);
    this.latest = at;
    for (const rule of would) this.would.set(rule, (this.would.get(rule) ?? 0) + 1);
    const { records } = this.volume;
    // each twice as far from the beginning as the one before
    if ((records & (records - 1)) !== 0 || line.length > EXAMPLE_AT_MOST) return;
    const full = this.examples.length === EXAMPLES;
    this.examples[full ? 1 + (Math.log2(records) % (EXAMPLES - 1)) : this.examples.length] = copied(line);
  }
}

/** The larger first, by bytes; between equals the older. */
export function bySize(one: LineGroup, other: LineGroup): number {
  return other.volume.bytes - one.volume.bytes || one.place - other.place;
}

/** Groups to give up: of the smaller half those that have not grown for the longest time. */
export function leastWorth(groups: readonly LineGroup[], howMany: number): ReadonlySet<LineGroup> {
  const small = [...groups].sort(bySize).slice(Math.floor(groups.length / 2));
  return new Set(small.sort((one, other) => one.latest - other.latest).slice(0, howMany));
}
