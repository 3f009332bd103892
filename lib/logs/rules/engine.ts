import { CompiledRules, prepareRules, type CompiledRule } from './compiled-rules';
import { guardTest, type RecordTest } from './condition';
import type { Decision, Did, Hit } from './decision';
import type { Destination, LogRules } from './log-rule';
import { LogRecord, podOf, textOf, type Pod, type PodFacts } from './record';
import { jsonObject, RecordReader } from './record-reader';
import type { Redactions } from './redactions';
import { shareOf } from './sampling';

/** Called for each rule that took a record; `rule` is its place in the file. */
export type Tally = (rule: number, did: Did) => void;

/** What becomes of a line. */
export interface Verdict {
  /** Whether it is kept. */
  readonly keep: boolean;
  /** The place of the rule that decided; -1 if none did. */
  readonly rule: number;
  /** Where it goes; empty if it is dropped. */
  readonly to: readonly Destination[];
  /** The line to hand on. */
  readonly line: string;
  /** Why it is no record; undefined if it is one. */
  readonly unparsed: string | undefined;
  /** Whether it is kept though a rule or the default would have dropped it, had no guard held. */
  readonly guarded: boolean;
}

const ARCHIVE: readonly Destination[] = ['archive'];
const NOWHERE: readonly Destination[] = [];
/** What stands for no value: an id of zeros is how tracers write that there is no trace. */
const NO_VALUE = /^(?:|-|null|none|[0-]{8,})$/i;
/** Pods known by what they are, where lines do not say it the usual way. */
const IDENTITIES_AT_MOST = 2_000;

/** Rules made ready to run. One engine serves one caller at a time. */
export class RuleEngine {
  private readonly compiled: CompiledRules;
  private readonly guards: readonly RecordTest[];
  private readonly reader = new RecordReader();
  private readonly redactions: Redactions;
  private readonly finds: Int32Array;
  private readonly passing: Uint32Array;
  private readonly noPod = podOf(undefined);
  private readonly identities = new Map<string, PodFacts>();
  /** Whether a guard held a drop of the record that is decided back. */
  private held = false;

  /** The rules must have no problems; `prepared` is made of them, for who makes several engines of them. */
  constructor(
    /** What it was made of. */
    readonly rules: LogRules,
    prepared = prepareRules(rules),
  ) {
    this.compiled = new CompiledRules(rules, prepared);
    this.guards = this.compiled.guards.map(guardTest);
    this.redactions = prepared.redactions;
    this.finds = new Int32Array(this.compiled.finder.texts.length);
    this.passing = new Uint32Array(this.compiled.words);
  }

  /** Decides about a line; `arrival` is when its batch came, in milliseconds. */
  decide(line: string, arrival: number, tally: Tally): Verdict {
    const record = this.reader.read(line) ?? this.reader.read(bare(line));
    if (record === undefined) return this.decideUnparsed(line, arrival, tally);
    return this.decideRecord(record, true, arrival, tally);
  }

  /** Decides about a message that stands in an envelope, with what the envelope says as its fields. */
  decideMessage(message: string, fields: Readonly<Record<string, unknown>>, arrival: number, tally: Tally): Verdict {
    const own = jsonObject(message);
    // in an envelope the same message stands as often as it was logged, each time with another id
    const sampled = `${message}${textOf(fields.id) ?? ''}`;
    const record =
      own === undefined
        ? new LogRecord(message, this.noPod, { ...fields, message }, undefined, sampled)
        : new LogRecord(message, podOf(own.kubernetes), fields, own, sampled);
    return this.decideRecord(record, own !== undefined, arrival, tally);
  }

  /** Keeps what is no record; it may be anybody's, so every redaction acts on it. */
  decideUnparsed(line: string, arrival: number, tally: Tally): Verdict {
    const all = this.compiled.list.filter(
      ({ rule, expires }) => rule.action === 'redact' && rule.dryRun !== true && arrival < expires,
    );
    const unparsed = bare(line).charCodeAt(0) === 123 ? 'it is not valid JSON' : 'it is not a JSON object';
    return {
      keep: true,
      rule: -1,
      to: ARCHIVE,
      line: this.redacted(line, false, all, tally),
      unparsed,
      guarded: false,
    };
  }

  private decideRecord(record: LogRecord, json: boolean, arrival: number, tally: Tally): Verdict {
    const redacting: CompiledRule[] = [];
    this.held = false;
    const decided = this.walk(record, arrival, tally, redacting, json);
    const rule = decided?.rule;
    const byDefault = decided === undefined && this.rules.default === 'drop';
    const keep = decided?.keep ?? (!byDefault || this.isGuarded(record));
    return {
      keep,
      rule: rule?.index ?? -1,
      to: keep ? (rule?.rule.to ?? ARCHIVE) : NOWHERE,
      line: keep ? this.redacted(record.line, json, redacting, tally) : record.line,
      unparsed: undefined,
      guarded: keep && (this.held || byDefault),
    };
  }

  /** Goes through the rules that are not ruled out, until one decides. */
  private walk(
    record: LogRecord,
    arrival: number,
    tally: Tally,
    redacting: CompiledRule[],
    json: boolean,
  ): { keep: boolean; rule: CompiledRule } | undefined {
    const { words, list, byRank, asksRank } = this.compiled;
    const facts = this.factsOf(record.pod);
    if (facts.idle) return undefined;
    const passing = this.passingText(facts.asksText ? record.message : '');
    const rankRow = asksRank ? record.rank * words : 0;
    for (let word = 0; word < words; word++) {
      let bits = (facts.rules[word] as number) & (passing[word] as number);
      if (asksRank) bits &= byRank[rankRow + word] as number;
      for (; bits !== 0; bits &= bits - 1) {
        const rule = list[word * 32 + 31 - Math.clz32(bits & -bits)] as CompiledRule;
        if (arrival >= rule.expires || !takes(rule, record, tally)) continue;
        const { action, dryRun } = rule.rule;
        if (action === 'redact') {
          if (dryRun === true) this.wouldRedact(record.line, json, rule, tally);
          else redacting.push(rule);
          continue;
        }
        const keep = action === 'keep' || (action === 'sample' && this.sampleKeeps(rule, record));
        if (!keep && rule.rule.overrides !== 'never-drop' && this.isGuarded(record)) {
          if (dryRun === true) continue;
          this.held = true;
          tally(rule.index, 'guarded');
        } else if (dryRun === true) {
          if (!keep || action === 'keep') tally(rule.index, 'would');
        } else {
          tally(rule.index, keep ? 'kept' : 'dropped');
          return { keep, rule };
        }
      }
    }
    return undefined;
  }

  /** The rules that what stands in the message does not rule out, as bits. */
  private passingText(message: string): Uint32Array {
    const { words, finder, byText } = this.compiled;
    const { passing, finds } = this;
    for (let word = 0; word < words; word++) passing[word] = byText[word] as number;
    const count = finder.find(message, finds);
    for (let i = 0; i < count; i++) {
      const row = ((finds[i] as number) + 1) * words;
      for (let word = 0; word < words; word++)
        passing[word] = (passing[word] as number) | (byText[row + word] as number);
    }
    return passing;
  }

  private sampleKeeps({ rule, by }: CompiledRule, record: LogRecord): boolean {
    const value = by === undefined ? undefined : textOf(record.at(by) ?? undefined);
    return shareOf(value === undefined || NO_VALUE.test(value) ? record.sampled : value) < (rule.rate ?? 1);
  }

  private isGuarded(record: LogRecord): boolean {
    for (const guard of this.factsOf(record.pod).guards) {
      try {
        if ((this.guards[guard] as RecordTest)(record)) return true;
      } catch {
        return true; // in doubt it is kept
      }
    }
    return false;
  }

  private redacted(line: string, json: boolean, rules: readonly CompiledRule[], tally: Tally): string {
    if (rules.length === 0) return line;
    return this.redactions.redact(line, json, rules, ({ index }, did) => tally(index, did));
  }

  private wouldRedact(line: string, json: boolean, rule: CompiledRule, tally: Tally): void {
    this.redactions.redact(line, json, [rule], ({ index }, did) => tally(index, did === 'failed' ? did : 'would'));
  }

  private factsOf(pod: Pod): PodFacts {
    return (pod.facts ??= this.factsByIdentity(pod));
  }

  private factsByIdentity(pod: Pod): PodFacts {
    const key = JSON.stringify([pod.namespace, pod.pod, pod.container, textOf(pod.labels)]);
    let facts = this.identities.get(key);
    if (facts === undefined) {
      facts = this.compiled.factsOf(pod);
      if (this.identities.size >= IDENTITIES_AT_MOST) this.identities.clear();
      this.identities.set(key, facts);
    }
    return facts;
  }
}

/** Makes rules ready to run; they must have no problems. */
export function compileRules(rules: LogRules): RuleEngine {
  return new RuleEngine(rules);
}

/**
 * Decides about one line, as the agent sends it. The same line, rules and time of arrival (in milliseconds) are always
 * decided the same.
 */
export function decide(engine: RuleEngine, line: string, arrival: number): Decision {
  const { rules } = engine.rules;
  const hits: (Hit & { readonly index: number })[] = [];
  const verdict = engine.decide(line, arrival, (index, did) => {
    const rule = rules[index];
    if (rule !== undefined) hits.push({ index, rule, did });
  });
  return {
    ...verdict,
    rule: rules[verdict.rule],
    hits: hits.sort((a, b) => a.index - b.index).map(({ rule, did }) => ({ rule, did })),
  };
}

/** A line without a byte order mark and blanks before it, of which JSON knows nothing or which only hide the brace. */
function bare(line: string): string {
  const first = line.charCodeAt(0);
  return first <= 32 || first === 0xfeff ? line.trimStart() : line;
}

function takes({ test, index }: CompiledRule, record: LogRecord, tally: Tally): boolean {
  if (test === undefined) return true;
  try {
    return test(record);
  } catch {
    tally(index, 'failed');
    return false;
  }
}
