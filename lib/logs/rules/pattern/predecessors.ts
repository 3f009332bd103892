import type { Automaton, Follow } from './automaton';
import { MATCHED } from './automaton';
import { HOLDS } from './context';

/** The ways of an automaton backwards, for one context: from a set of places to the places that lead into it. */
export interface Predecessors {
  /** Places from which the expression may end here. */
  readonly ending: Uint32Array;
  /** Places that lead into the next one by number, as those of a sequence do: a shift finds them. */
  readonly chained: Uint32Array;
  /** Places that lead into the next but one, as where one may be left out: another shift finds them. */
  readonly skipping: Uint32Array;
  /** Places that others lead into. */
  readonly jumped: Uint32Array;
  /** For each four places and each set of them: the places before, without those that are chained or skipping. */
  readonly before: Uint32Array;
  /** Places a match may begin with here. */
  readonly starting: Uint32Array;
  /** Whether a match of nothing is possible here. */
  readonly empty: boolean;
}

/** Turns the ways of an automaton round, for one context. */
export function predecessors({ start, follow }: Automaton, context: number, words: number): Predecessors {
  const holds = HOLDS[context] as number;
  const ending = new Uint32Array(words);
  const before = new Uint32Array(words * 8 * 16 * words);
  const chained = new Uint32Array(words);
  const skipping = new Uint32Array(words);
  const jumped = new Uint32Array(words);
  const starting = new Uint32Array(words);
  follow.forEach((ways, place) => {
    for (const target of open(ways, holds)) {
      if (target === MATCHED) setBit(ending, 0, place);
      else if (target === place + 1) setBit(chained, 0, place);
      else if (target === place + 2) setBit(skipping, 0, place);
      else {
        setBit(jumped, 0, target);
        const bit = 1 << (target & 3);
        for (let four = 1; four < 16; four++) {
          if ((four & bit) !== 0) setBit(before, ((target >> 2) * 16 + four) * words, place);
        }
      }
    }
  });
  const first = open(start, holds);
  for (const target of first) if (target !== MATCHED) setBit(starting, 0, target);
  return { ending, chained, skipping, jumped, before, starting, empty: first.includes(MATCHED) };
}

function open({ targets, needs }: Follow, holds: number): number[] {
  return [...targets].filter((_, way) => ((needs[way] as number) & ~holds) === 0);
}

function setBit(bits: Uint32Array, from: number, place: number): void {
  const word = from + (place >> 5);
  bits[word] = (bits[word] as number) | (1 << (place & 31));
}
