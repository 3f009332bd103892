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

/** Several redactions, one after the other; equal ones are one. */
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

  /** Redacts the texts of a JSON object; sets in `did` which redactions changed something. */
  line(line: string, did: Uint8Array): string {
    return replaceTexts(line, (text) => this.text(text, did));
  }

  /** Redacts a text; sets in `did` which redactions changed something. */
  text(text: string, did: Uint8Array): string {
    let result = text;
    let looked: string | undefined;
    this.passes.forEach(({ pattern, template, required }, index) => {
      if (required !== undefined) {
        if (looked !== result) this.look((looked = result));
        if (!required.some((each) => this.found[each] === 1)) return;
      }
      const next = pattern.replace(result, template);
      if (next === result) return;
      did[index] = 1;
      result = next;
    });
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
