import { includes, type CharSet } from './char-set';

/** What a character is to assertions. */
export const KIND = { edge: 0, word: 1, newline: 2, other: 3 } as const;

/** Characters that no set tells apart are one letter. */
export interface Alphabet {
  /** How many letters. */
  readonly size: number;
  /** The letter of each character below 256. */
  readonly low: Uint16Array;
  /** Where letters begin, in order of code points. */
  readonly bounds: Int32Array;
  /** The letter from each bound on. */
  readonly letters: Uint16Array;
  /** The kind of each letter; `other` for all if no assertion asks. */
  readonly kinds: Uint8Array;
  /** The places that take a letter, as bits: `words` numbers for each letter. */
  readonly takes: Uint32Array;
}

const WORD: CharSet = [48, 57, 65, 90, 95, 95, 97, 122];
const NEWLINE: CharSet = [10, 10];

/** The letters of an automaton with these sets; `asserts` tells words and newlines apart as well. */
export function alphabet(sets: readonly CharSet[], asserts: boolean, words: number): Alphabet {
  const told = asserts ? [...sets, WORD, NEWLINE] : sets;
  const bounds = Int32Array.from(new Set([0, ...told.flatMap((set) => set.map((code, i) => code + (i % 2)))])).sort();
  const byTakers = new Map<string, number>();
  const takes: number[] = [];
  const kinds: number[] = [];
  const letters = Uint16Array.from(bounds, (code) => {
    const kind = !asserts || code > 0x10ffff ? KIND.other : kindOf(code);
    const taken = new Array<number>(words).fill(0);
    sets.forEach((set, place) => {
      if (includes(set, code)) taken[place >> 5] = (taken[place >> 5] as number) | (1 << (place & 31));
    });
    const key = `${kind} ${taken.join(' ')}`;
    const letter = byTakers.get(key);
    if (letter !== undefined) return letter;
    byTakers.set(key, byTakers.size);
    takes.push(...taken);
    kinds.push(kind);
    return byTakers.size - 1;
  });
  const low = Uint16Array.from({ length: 256 }, (_, code) => letters[boundOf(bounds, code)] as number);
  return { size: byTakers.size, low, bounds, letters, kinds: Uint8Array.from(kinds), takes: Uint32Array.from(takes) };
}

/** The letter of any code point. */
export function letterOf({ low, bounds, letters }: Alphabet, code: number): number {
  return (code < 256 ? low[code] : letters[boundOf(bounds, code)]) as number;
}

function boundOf(bounds: Int32Array, code: number): number {
  let from = 0;
  let to = bounds.length;
  while (to - from > 1) {
    const middle = (from + to) >> 1;
    if ((bounds[middle] as number) <= code) from = middle;
    else to = middle;
  }
  return from;
}

function kindOf(code: number): number {
  if (includes(NEWLINE, code)) return KIND.newline;
  return includes(WORD, code) ? KIND.word : KIND.other;
}
