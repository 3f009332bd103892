import { condition, type Condition, type RecordTest } from './condition';
import { expiryOf } from './expiry';
import { fieldPath } from './field-path';
import { RANK_COUNT } from './level';
import { LiteralFinder } from './literal-finder';
import type { Match } from './log-match';
import type { LogRule, LogRules } from './log-rule';
import { NEVER_DROP } from './never-drop';
import type { Pod, PodFacts } from './record';
import { Redactions } from './redactions';

/** A rule made ready. */
export interface CompiledRule {
  /** What it was made of. */
  readonly rule: LogRule;
  /** Where it stands in the file. */
  readonly index: number;
  /** What is left to ask once pod, level and required texts are known; undefined if nothing is. */
  readonly test: RecordTest | undefined;
  /** From when on it takes no part. */
  readonly expires: number;
  /** Where the value is that sampling decides by; undefined for the whole line. */
  readonly by: readonly string[] | undefined;
}

/** What costs most of making rules ready, and is the same whichever of them are switched off. */
export interface PreparedRules {
  /** Of each rule of the file. */
  readonly rules: readonly Condition[];
  /** Of each match of a guard. */
  readonly guards: readonly Condition[];
  /** What they redact. */
  readonly redactions: Redactions;
}

/** Prepares rules without problems. */
export function prepareRules(rules: LogRules): PreparedRules {
  return {
    rules: rules.rules.map(({ match = {} }) => condition(match)),
    guards: guardMatches(rules).map((match) => condition(match)),
    redactions: new Redactions(rules.rules),
  };
}

/** Words to look for that are not worth a finder. */
const FEW = 4;

/**
 * Rules as sets of bits: for a pod, for each level and for each text a message may hold, the rules that are not ruled
 * out. Their intersection leaves few to look at, however many there are.
 */
export class CompiledRules {
  /** Those that take part, in their order. */
  readonly list: readonly CompiledRule[];
  /** What must not be dropped. */
  readonly guards: readonly Condition[];
  /** Numbers that hold one bit for each rule. */
  readonly words: number;
  /** Whether any rule asks for the level. */
  readonly asksRank: boolean;
  /** Finds texts that rules require. */
  readonly finder: LiteralFinder;
  /** Rules that need no text, then for each text of the finder those that it lets pass: `words` numbers each. */
  readonly byText: Uint32Array;
  /** For each rank the rules that it lets pass. */
  readonly byRank: Uint32Array;
  private readonly conditions: readonly Condition[];

  constructor({ rules }: LogRules, prepared: PreparedRules) {
    const taking = rules.map((rule, index) => ({ rule, index })).filter(({ rule }) => rule.enabled !== false);
    this.conditions = withoutFew(taking.map(({ index }) => prepared.rules[index] as Condition));
    this.list = taking.map(({ rule, index }, at) => ({
      rule,
      index,
      test: this.conditions[at]?.ofRecord,
      expires: rule.expires === undefined ? Infinity : (expiryOf(rule.expires) ?? Infinity),
      by: rule.by === undefined ? undefined : fieldPath(rule.by),
    }));
    this.guards = prepared.guards;
    this.words = Math.ceil(this.list.length / 32);
    this.finder = new LiteralFinder(this.conditions.flatMap(({ required }) => required ?? []));
    this.byText = this.bitsByText();
    this.byRank = new Uint32Array(RANK_COUNT * this.words);
    this.conditions.forEach(({ ranks }, at) => {
      for (let rank = 0; rank < RANK_COUNT; rank++) if ((ranks & (1 << rank)) !== 0) this.set(this.byRank, rank, at);
    });
    this.asksRank = this.conditions.some(({ ranks }) => ranks !== (1 << RANK_COUNT) - 1);
  }

  /** Finds out what holds for all records of a pod. */
  factsOf(pod: Pod): PodFacts {
    const rules = new Uint32Array(this.words);
    let asksText = false;
    this.conditions.forEach(({ ofPod, required }, at) => {
      if (!ofPod(pod)) return;
      this.set(rules, 0, at);
      asksText ||= required !== undefined;
    });
    const guards = this.guards.flatMap(({ ofPod }, at) => (ofPod(pod) ? [at] : []));
    return { rules, asksText, idle: rules.every((bits) => bits === 0), guards };
  }

  private bitsByText(): Uint32Array {
    const bits = new Uint32Array((1 + this.finder.texts.length) * this.words);
    const rows = new Map(this.finder.texts.map((text, index) => [text, index + 1]));
    this.conditions.forEach(({ required }, at) => {
      if (required === undefined) this.set(bits, 0, at);
      else for (const text of required) this.set(bits, rows.get(text) ?? 0, at);
    });
    return bits;
  }

  private set(bits: Uint32Array, row: number, at: number): void {
    const word = row * this.words + (at >> 5);
    bits[word] = (bits[word] as number) | (1 << (at & 31));
  }
}

/** A few words are found faster one by one, by the tests themselves. */
function withoutFew(conditions: readonly Condition[]): readonly Condition[] {
  const words = conditions.reduce((sum, { required }) => sum + (required?.length ?? 0), 0);
  if (words > FEW || conditions.some(({ slow }) => slow)) return conditions;
  return conditions.map((each) => ({ ...each, required: undefined }));
}

function guardMatches({ neverDrop }: LogRules): readonly Match[] {
  return Object.values({ ...NEVER_DROP, ...neverDrop }).flatMap((guard) => (guard === false ? [] : guard));
}
