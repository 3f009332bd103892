import { KIND, letterOf, type Alphabet } from './alphabet';
import type { Automaton } from './automaton';
import { contextOf } from './context';
import { predecessors, type Predecessors } from './predecessors';

/** States kept: most expressions need a few dozen. */
const STATES_AT_MOST = 512;
/** Steps worked out and kept in one scan; then the rest of the text is gone through without keeping any. */
const NEW_STEPS_AT_MOST = 256;

const UNKNOWN = -1;

/** What a scan leaves for each spot of a text: from there to the right, which places lead to a match. */
export interface Trace {
  /** The state at each spot; UNKNOWN inside a character of two units. */
  readonly states: Int32Array;
  /** Spots from the beginning whose sets stand in `sets` instead, as no state was kept for them. */
  readonly unkept: number;
  /** Their sets, `words` numbers each. */
  readonly sets: Uint32Array;
}

/**
 * Goes through texts from the right to the left, and knows at each spot which places of the automaton lead to a match.
 *
 * That direction makes all matches of a text cost one scan, which a search from the left does not: having found one
 * match it may have read to the end of the text, again and again. States are sets of places, worked out when they are
 * first met and kept up to a bound; beyond it a step costs a table look-up for every four places.
 */
export class Scanner {
  /** Numbers that hold one bit for each place. */
  readonly words: number;
  private sets: Uint32Array;
  private readonly kinds: number[] = [];
  /** For each state the kinds of the character before with which a match may begin here, as bits. */
  private begins: Uint8Array = new Uint8Array(8);
  private steps: Int32Array;
  private readonly ids = new Map<string, number>();
  private readonly contexts: (Predecessors | undefined)[] = new Array<undefined>(16).fill(undefined);
  private newSteps = 0;
  /** Scratch of `step`: where in a table to look. */
  private readonly rows = new Int32Array(64);

  constructor(
    private readonly automaton: Automaton,
    private readonly alphabet: Alphabet,
    words: number,
  ) {
    this.words = words;
    this.sets = new Uint32Array(8 * words);
    this.steps = new Int32Array(8 * alphabet.size).fill(UNKNOWN);
    this.keep(new Uint32Array(words), automaton.asserts ? KIND.edge : KIND.other);
  }

  /** Whether there is a match anywhere. */
  found(text: string): boolean {
    const { low, size } = this.alphabet;
    let { steps, begins } = this;
    this.newSteps = 0;
    let state = 0;
    for (let at = text.length; ;) {
      const kinds = begins[state] as number;
      if (kinds !== 0 && (kinds & (1 << this.kindBefore(text, at))) !== 0) return true;
      if (at === 0) return false;
      let code = text.charCodeAt(at - 1);
      let letter: number;
      if (code < 256) letter = low[code] as number;
      else {
        code = codeBefore(text, at);
        letter = letterOf(this.alphabet, code);
      }
      let next = steps[state * size + letter] as number;
      if (next === UNKNOWN) {
        next = this.work(state, letter);
        if (next === UNKNOWN) return this.foundUnkept(text, at, state);
        ({ steps, begins } = this);
      }
      state = next;
      at -= code > 0xffff ? 2 : 1;
    }
  }

  /** Goes through the whole text and leaves a trace of it. */
  trace(text: string): Trace {
    const states = new Int32Array(text.length + 1);
    const { low, size } = this.alphabet;
    let { steps } = this;
    this.newSteps = 0;
    let state = 0;
    let at = text.length;
    states[at] = state;
    while (at > 0) {
      let code = text.charCodeAt(at - 1);
      let letter: number;
      if (code < 256) letter = low[code] as number;
      else {
        code = codeBefore(text, at);
        letter = letterOf(this.alphabet, code);
      }
      let next = steps[state * size + letter] as number;
      if (next === UNKNOWN) {
        next = this.work(state, letter);
        if (next === UNKNOWN) break;
        ({ steps } = this);
      }
      state = next;
      if (code > 0xffff) states[--at] = UNKNOWN;
      states[--at] = state;
    }
    const sets = new Uint32Array(at * this.words);
    if (at > 0) this.goUnkept(text, at, state, (spot, set) => (sets.set(set, spot * this.words), false));
    return { states, unkept: at, sets };
  }

  /** The first spot from `from` on at which a match begins; the length of the text if there is none. */
  nextBegin(text: string, trace: Trace, from: number): number {
    const { states, unkept } = trace;
    const { begins } = this;
    let at = from;
    while (at < unkept && !this.beginsUnkept(text, trace, at)) at++;
    if (at < unkept) return at;
    for (; at < text.length; at++) {
      const state = states[at] as number;
      const kinds = state === UNKNOWN ? 0 : (begins[state] as number);
      if (kinds !== 0 && (kinds & (1 << this.kindBefore(text, at))) !== 0) break;
    }
    return at;
  }

  private beginsUnkept(text: string, { sets }: Trace, at: number): boolean {
    // no set is kept inside a character of two units: it is empty, but a match of nothing fits anywhere
    if (at > 0 && isPair(text, at - 1)) return false;
    return this.canBegin(sets, at * this.words, contextOf(this.kindBefore(text, at), this.kindAfter(text, at)));
  }

  /** Whether a place leads to a match from this spot on. */
  leads({ states, unkept, sets }: Trace, at: number, place: number): boolean {
    const word =
      at >= unkept
        ? this.sets[(states[at] as number) * this.words + (place >> 5)]
        : sets[at * this.words + (place >> 5)];
    return ((word as number) & (1 << (place & 31))) !== 0;
  }

  /** The kind of the character before a spot. */
  kindBefore(text: string, at: number): number {
    if (!this.automaton.asserts) return KIND.other;
    return at === 0 ? KIND.edge : this.kindOf(codeBefore(text, at));
  }

  /** The kind of the character after a spot. */
  kindAfter(text: string, at: number): number {
    if (!this.automaton.asserts) return KIND.other;
    return at >= text.length ? KIND.edge : this.kindOf(text.codePointAt(at) as number);
  }

  private kindOf(code: number): number {
    return this.alphabet.kinds[letterOf(this.alphabet, code)] as number;
  }

  private foundUnkept(text: string, at: number, state: number): boolean {
    return this.goUnkept(text, at, state, (spot, set, kind) =>
      this.canBegin(set, 0, contextOf(this.kindBefore(text, spot), kind)),
    );
  }

  /** Goes on to the left without keeping states, until `stop` says so. */
  private goUnkept(
    text: string,
    from: number,
    state: number,
    stop: (at: number, set: Uint32Array, kind: number) => boolean,
  ): boolean {
    let set = this.sets.slice(state * this.words, (state + 1) * this.words);
    let into = new Uint32Array(this.words);
    let kind = this.kinds[state] as number;
    for (let at = from; at > 0;) {
      const code = codeBefore(text, at);
      const letter = letterOf(this.alphabet, code);
      kind = this.step(set, kind, letter, into);
      [set, into] = [into, set];
      at -= code > 0xffff ? 2 : 1;
      if (stop(at, set, kind)) return true;
    }
    return false;
  }

  /** One step to the left; returns the kind of the character it took. */
  private step(set: Uint32Array, after: number, letter: number, into: Uint32Array): number {
    const { words } = this;
    const kind = this.alphabet.kinds[letter] as number;
    const { ending, chained, skipping, jumped, before } = this.context(contextOf(kind, after));
    const { takes } = this.alphabet;
    const { rows } = this;
    let count = 0;
    for (let word = 0; word < words; word++) {
      let bits = (set[word] as number) & (jumped[word] as number);
      for (let row = word * 128; bits !== 0; row += 16, bits >>>= 4) {
        if ((bits & 15) !== 0) rows[count++] = (row + (bits & 15)) * words;
      }
    }
    // to four at a time; the first row is that of no place
    while (count % 4 !== 0) rows[count++] = 0;
    for (let word = 0; word < words; word++) {
      const own = set[word] as number;
      const higher = word + 1 < words ? (set[word + 1] as number) : 0;
      let bits =
        (ending[word] as number) |
        (((own >>> 1) | (higher << 31)) & (chained[word] as number)) |
        (((own >>> 2) | (higher << 30)) & (skipping[word] as number));
      for (let i = 0; i < count; i += 4) {
        bits |=
          (before[(rows[i] as number) + word] as number) |
          (before[(rows[i + 1] as number) + word] as number) |
          (before[(rows[i + 2] as number) + word] as number) |
          (before[(rows[i + 3] as number) + word] as number);
      }
      into[word] = bits & (takes[letter * words + word] as number);
    }
    return kind;
  }

  /** Works out a step and keeps it; UNKNOWN if no more are kept. */
  private work(state: number, letter: number): number {
    if (++this.newSteps > NEW_STEPS_AT_MOST) return UNKNOWN;
    const into = new Uint32Array(this.words);
    const set = this.sets.subarray(state * this.words, (state + 1) * this.words);
    const next = this.keep(into, this.step(set, this.kinds[state] as number, letter, into));
    if (next !== UNKNOWN) this.steps[state * this.alphabet.size + letter] = next;
    return next;
  }

  private keep(set: Uint32Array, kind: number): number {
    const key = `${kind}${String.fromCharCode(...new Uint16Array(set.buffer))}`;
    const known = this.ids.get(key);
    if (known !== undefined) return known;
    const id = this.ids.size;
    if (id >= STATES_AT_MOST) return UNKNOWN;
    if ((id + 1) * this.words > this.sets.length) this.grow();
    this.ids.set(key, id);
    this.sets.set(set, id * this.words);
    this.kinds.push(kind);
    let begins = 0;
    for (let before = 0; before < 4; before++) {
      if (this.canBegin(set, 0, contextOf(before, kind))) begins |= 1 << before;
    }
    this.begins[id] = begins;
    return id;
  }

  private grow(): void {
    const sets = new Uint32Array(this.sets.length * 2);
    sets.set(this.sets);
    this.sets = sets;
    const steps = new Int32Array(this.steps.length * 2).fill(UNKNOWN);
    steps.set(this.steps);
    this.steps = steps;
    const begins = new Uint8Array(this.begins.length * 2);
    begins.set(this.begins);
    this.begins = begins;
  }

  /** Whether a match may begin where the places stand that `sets` holds from `from` on. */
  private canBegin(sets: Uint32Array, from: number, context: number): boolean {
    const { starting, empty } = this.context(context);
    if (empty) return true;
    for (let word = 0; word < this.words; word++)
      if (((starting[word] as number) & (sets[from + word] as number)) !== 0) return true;
    return false;
  }

  private context(context: number): Predecessors {
    // where nothing is asserted all of them are the same
    const which = this.automaton.asserts ? context : 0;
    return (this.contexts[which] ??= predecessors(this.automaton, which, this.words));
  }
}

/** The code point that ends before a spot. */
function codeBefore(text: string, at: number): number {
  const code = text.charCodeAt(at - 1);
  if (code < 0xdc00 || code >= 0xe000 || at < 2) return code;
  const pair = text.codePointAt(at - 2) as number;
  return pair > 0xffff ? pair : code;
}

function isPair(text: string, at: number): boolean {
  return (text.codePointAt(at) as number) > 0xffff;
}
