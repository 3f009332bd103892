import { replaceTexts } from './json-texts';
import { LiteralFinder } from './literal-finder';
import type { Redaction } from './log-rule';
import { Pattern } from './pattern/pattern';
import type { Template } from './pattern/template';

interface Pass {
  readonly pattern: Pattern;
  readonly template: Template;
  /** What must be found for it to be worth a try; undefined if that is not known. */
  readonly required: readonly number[] | undefined;
}

/** What stands in place of a text that would grow too long. */
export const GROWN_TOO_LONG = '<redacted: it would have grown too long>';

/** By how many characters the texts of a line of so many may grow together: a batch must fit the memory. */
function growth(length: number): number {
  return 4 * length + 4_096;
}

/**
 * Redactions, made ready once whichever of them a record needs. A replacement may be longer than what it replaces, but
 * only so much: beyond that {@link GROWN_TOO_LONG} takes the place of the whole text, so that nothing is let through.
 */
export class Redactor {
  private readonly passes: readonly Pass[];
  private readonly finder: LiteralFinder;
  private readonly finds: Int32Array;
  /** For each text looked for, whether it was found. */
  private readonly found: Uint8Array;

  /** Each redaction must be another. */
  constructor(redactions: readonly Redaction[]) {
    const patterns = redactions.map(({ pattern, ignoreCase }) => new Pattern(pattern, ignoreCase));
    this.finder = new LiteralFinder(patterns.flatMap(({ required }) => required ?? []));
    this.passes = redactions.map(({ replace }, index) => {
      const pattern = patterns[index] as Pattern;
      const required = pattern.required?.map((text) => this.finder.texts.indexOf(text));
      return { pattern, template: pattern.template(replace), required };
    });
    this.finds = new Int32Array(this.finder.texts.length);
    this.found = new Uint8Array(this.finder.texts.length);
  }

  /** Redacts the texts of a JSON object by some of the redactions; sets in `did` which of them changed something. */
  line(line: string, passes: readonly number[], did: Uint8Array): string {
    let left = growth(line.length);
    return replaceTexts(line, (text) => {
      const redacted = this.within(text.length + Math.max(0, left), text, passes, did);
      left -= Math.max(0, redacted.length - text.length);
      return redacted;
    });
  }

  /** Redacts a text by some of the redactions; sets in `did` which of them changed something. */
  text(text: string, passes: readonly number[], did: Uint8Array): string {
    return this.within(text.length + growth(text.length), text, passes, did);
  }

  private within(limit: number, text: string, passes: readonly number[], did: Uint8Array): string {
    let result = text;
    let looked: string | undefined;
    for (const index of passes) {
      const { pattern, template, required } = this.passes[index] as Pass;
      if (required !== undefined) {
        if (looked !== result) this.look((looked = result));
        if (!required.some((each) => this.found[each] === 1)) continue;
      }
      const next = pattern.replace(result, template, limit);
      if (next === result) continue;
      did[index] = 1;
      if (next === undefined) return GROWN_TOO_LONG;
      result = next;
    }
    return result;
  }

  private look(text: string): void {
    this.found.fill(0);
    const count = this.finder.find(text, this.finds);
    for (let i = 0; i < count; i++) this.found[this.finds[i] as number] = 1;
  }
}

/** What makes two redactions the same. */
export function redactionKey({ pattern, replace, ignoreCase = false }: Redaction): string {
  return JSON.stringify([pattern, replace, ignoreCase]);
}
