import type { CompiledRule } from './compiled-rules';
import { replaceTexts } from './json-texts';
import type { LogRule, Redaction } from './log-rule';
import { redactionKey, Redactor } from './redactor';

/** What stands in place of every text of a record whose redaction failed. */
const REDACTION_FAILED = '<redacted: the redaction failed>';

/** Called for each rule that changed a record, or that failed at it. */
export type Redacted = (rule: CompiledRule, did: 'redacted' | 'failed') => void;

/** Redacts by the rules that took a record; redactions that several rules ask for are one. */
export class Redactions {
  private readonly redactor: Redactor;
  /** For each rule of the file which redactions it asks for. */
  private readonly asked: (readonly number[])[] = [];
  /** For each redaction whether it changed something. */
  private readonly did: Uint8Array;
  /** For each redaction the last call that has it. */
  private readonly listed: Uint32Array;
  private calls = 0;

  constructor(rules: readonly LogRule[]) {
    const different = new Map<string, number>();
    const redactions: Redaction[] = [];
    for (const { redact = [] } of rules) {
      const asked = redact.map((redaction) => {
        const key = redactionKey(redaction);
        const known = different.get(key) ?? redactions.push(redaction) - 1;
        different.set(key, known);
        return known;
      });
      this.asked.push([...new Set(asked)]);
    }
    this.redactor = new Redactor(redactions);
    this.did = new Uint8Array(redactions.length);
    this.listed = new Uint32Array(redactions.length);
  }

  /** The line, redacted; `json` says that it is an object whose texts are meant. */
  redact(line: string, json: boolean, rules: readonly CompiledRule[], tell: Redacted): string {
    const { did } = this;
    const passes = this.passesOf(rules);
    for (const pass of passes) did[pass] = 0;
    try {
      const redacted = json ? this.redactor.line(line, passes, did) : this.redactor.text(line, passes, did);
      if (redacted === line) return line;
      for (const rule of rules) if (this.askedBy(rule).some((pass) => did[pass] === 1)) tell(rule, 'redacted');
      return redacted;
    } catch {
      // whichever of them it was, nothing may be let through
      for (const rule of rules) tell(rule, 'failed');
      return json ? withoutTexts(line) : REDACTION_FAILED;
    }
  }

  /** The redactions that rules ask for, each once, in their order. */
  private passesOf(rules: readonly CompiledRule[]): readonly number[] {
    const [only, more] = rules;
    if (only !== undefined && more === undefined) return this.askedBy(only);
    const call = ++this.calls;
    return rules.flatMap((rule) =>
      this.askedBy(rule).filter((pass) => {
        const first = this.listed[pass] !== call;
        this.listed[pass] = call;
        return first;
      }),
    );
  }

  private askedBy({ index }: CompiledRule): readonly number[] {
    return this.asked[index] as readonly number[];
  }
}

function withoutTexts(line: string): string {
  try {
    return replaceTexts(line, () => REDACTION_FAILED);
  } catch {
    return JSON.stringify({ log: REDACTION_FAILED });
  }
}
