import { alphabet } from './alphabet';
import { automaton, isEmptyable, MATCHED, type Automaton, type Follow } from './automaton';
import { contextOf, HOLDS } from './context';
import { requiredText } from './required-text';
import { template, type Template } from './template';
import { Scanner, type Trace } from './scanner';
import { readPattern } from './syntax';

/**
 * A regular expression in the syntax of RE2 that costs a bounded time for each character, for a search and for all
 * replacements alike: libraries bound the one, but take the square of the length for the other.
 */
export class Pattern {
  /** Texts of which at least one is in every match, in lower case; undefined if there are none worth looking for. */
  readonly required: readonly string[] | undefined;
  /** Names of its groups by their number from 1; undefined for one without a name. */
  readonly groups: readonly (string | undefined)[];
  /** Whether it matches a text of no characters. */
  readonly emptyable: boolean;
  private readonly automaton: Automaton;
  private readonly scanner: Scanner;

  /** Throws a PatternError for what is not in RE2's syntax, or too large. */
  constructor(source: string, ignoreCase = false) {
    const expression = readPattern(source, ignoreCase);
    this.groups = expression.groups;
    this.emptyable = isEmptyable(expression.node);
    this.required = requiredText(expression.node);
    this.automaton = automaton(expression);
    const { sets, asserts } = this.automaton;
    const words = Math.max(1, Math.ceil(sets.length / 32));
    this.scanner = new Scanner(this.automaton, alphabet(sets, asserts, words), words);
  }

  /** Whether it is found anywhere in a text. */
  found(text: string): boolean {
    return this.scanner.found(text);
  }

  /**
   * The text with every match replaced, from the left to the right; matches of nothing are not replaced. Undefined if
   * that is longer than `limit` characters.
   */
  replace(text: string, replacement: Template, limit: number): string | undefined {
    if (!this.scanner.found(text)) return text;
    const trace = this.scanner.trace(text);
    let replaced = '';
    let from = 0;
    for (let at = this.scanner.nextBegin(text, trace, 0); at < text.length;) {
      const ends = this.match(text, trace, at);
      const end = ends[1] as number;
      if (end > at) {
        replaced += text.slice(from, at) + replacement(text, ends);
        from = end;
        if (replaced.length > limit) return undefined;
      }
      at = this.scanner.nextBegin(text, trace, Math.max(end, at + 1));
    }
    return replaced.length + text.length - from > limit ? undefined : replaced + text.slice(from);
  }

  /** Makes a replacement of its text, in which `$1`, `$<name>` and `$&` stand for what was matched. */
  template(text: string): Template {
    return template(text, this.groups);
  }

  /** The match that begins at a spot: starts and ends of the whole and of the groups, -1 for one that took no part. */
  private match(text: string, trace: Trace, start: number): Int32Array {
    const ends = new Int32Array(2 + 2 * this.groups.length).fill(-1);
    ends[0] = start;
    let follow: Follow = this.automaton.start;
    for (let at = start; ;) {
      const way = this.way(text, trace, at, follow);
      for (const slot of follow.passed[way] as readonly number[]) ends[2 + slot] = at;
      const target = follow.targets[way] as number;
      if (target === MATCHED) {
        ends[1] = at;
        return ends;
      }
      follow = this.automaton.follow[target] as Follow;
      at += (text.codePointAt(at) as number) > 0xffff ? 2 : 1;
    }
  }

  /** The first way that leads to a match; the trace says that there is one. */
  private way(text: string, trace: Trace, at: number, { targets, needs }: Follow): number {
    const { scanner } = this;
    const holds = this.automaton.asserts
      ? (HOLDS[contextOf(scanner.kindBefore(text, at), scanner.kindAfter(text, at))] as number)
      : 0;
    let way = 0;
    for (; way < targets.length; way++) {
      if (((needs[way] as number) & ~holds) !== 0) continue;
      const target = targets[way] as number;
      if (target === MATCHED || scanner.leads(trace, at, target)) break;
    }
    return way;
  }
}
