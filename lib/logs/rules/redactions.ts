import type { CompiledRule } from './compiled-rules';
import type { Redaction } from './log-rule';
import { redactionKey, Redactor } from './redactor';

/** Different lists of redactions kept ready. */
const LISTS_AT_MOST = 256;

interface RedactorOfRules {
  readonly redactor: Redactor;
  /** For each redaction the rules that ask for it. */
  readonly owners: readonly (readonly CompiledRule[])[];
  readonly did: Uint8Array;
}

/** Redacts by the rules that took a record; rules that ask for the same share one pass. */
export class Redactions {
  private readonly ready = new Map<string, RedactorOfRules>();

  /**
   * The line, redacted; `json` says that it is an object whose texts are meant. Calls `did` for each rule that changed
   * something.
   */
  redact(line: string, json: boolean, rules: readonly CompiledRule[], did: (rule: CompiledRule) => void): string {
    const { redactor, owners, did: changed } = this.redactorOf(rules);
    changed.fill(0);
    const redacted = json ? redactor.line(line, changed) : redactor.text(line, changed);
    if (redacted !== line) {
      for (const rule of rules)
        if (owners.some((each, index) => changed[index] === 1 && each.includes(rule))) did(rule);
    }
    return redacted;
  }

  private redactorOf(rules: readonly CompiledRule[]): RedactorOfRules {
    const key = rules.map(({ index }) => index).join();
    let known = this.ready.get(key);
    if (known === undefined) {
      if (this.ready.size >= LISTS_AT_MOST) this.ready.clear();
      this.ready.set(key, (known = redactorOf(rules)));
    }
    return known;
  }
}

function redactorOf(rules: readonly CompiledRule[]): RedactorOfRules {
  const owners = new Map<string, { redaction: Redaction; rules: CompiledRule[] }>();
  for (const rule of rules) {
    for (const redaction of rule.rule.redact ?? []) {
      const owner = owners.get(redactionKey(redaction));
      if (owner === undefined) owners.set(redactionKey(redaction), { redaction, rules: [rule] });
      else owner.rules.push(rule);
    }
  }
  const each = [...owners.values()];
  return {
    redactor: new Redactor(each.map(({ redaction }) => redaction)),
    owners: each.map((owner) => owner.rules),
    did: new Uint8Array(each.length),
  };
}
