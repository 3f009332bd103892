import type { CharSet } from './char-set';
import { ASSERTION, PatternError, type Expression, type Node } from './syntax';

/**
 * Where a match goes on from one place, in order of preference. A place is a spot of the expression that takes one
 * character.
 */
export interface Follow {
  /** Places, {@link MATCHED} for the end of the expression. */
  readonly targets: Int16Array;
  /** What must hold there, as bits of ASSERTION. */
  readonly needs: Uint8Array;
  /** Ends of groups passed on the way: twice the number of the group less one, and one more for its end. */
  readonly passed: readonly (readonly number[])[];
}

/** An expression as places and the ways between them: Glushkov's automaton, with the order that RE2 prefers. */
export interface Automaton {
  /** What each place takes. */
  readonly sets: readonly CharSet[];
  /** The ways from the beginning. */
  readonly start: Follow;
  /** The ways from each place. */
  readonly follow: readonly Follow[];
  /** Whether any way has a need. */
  readonly asserts: boolean;
}

/** The target that is no place. */
export const MATCHED = -1;

/** So that a character costs a bounded time, whatever the text. */
const PLACES_AT_MOST = 256;
const STEPS_AT_MOST = 4_000;
const WAYS_AT_MOST = 10_000;
const LOOKUPS_AT_MOST = 256;

type Step =
  | { kind: 'place'; place: number }
  | { kind: 'need'; bit: number; next: number }
  | { kind: 'pass'; slot: number; next: number }
  | { kind: 'choice'; next: number[] }
  | { kind: 'matched' };

/** Makes the automaton of an expression. */
export function automaton({ node }: Expression): Automaton {
  const steps = new Steps();
  const entry = steps.add(node, steps.push({ kind: 'matched' }));
  const last = steps.sets.length - 1;
  let ways = 0;
  const follow = (from: number): Follow => {
    const found = followOf(steps.all, from, last);
    ways += found.targets.length;
    if (ways > WAYS_AT_MOST) throw tooLarge('ways through it', WAYS_AT_MOST);
    return found;
  };
  const start = follow(entry);
  // written backwards, so the places are counted from the end; the other way round most lead to the next
  const all = steps.placed.reverse().map(follow);
  if (lookups(all) > LOOKUPS_AT_MOST) throw tooLarge('look-ups for each character', LOOKUPS_AT_MOST);
  return {
    sets: steps.sets.reverse(),
    start,
    follow: all,
    asserts: [start, ...all].some(({ needs }) => needs.some((bits) => bits > 0)),
  };
}

/** What a step costs at most: a row of the table for four places that are not just the next one of another. */
function lookups(follow: readonly Follow[]): number {
  const fours = new Set<number>();
  follow.forEach(({ targets }, place) => {
    for (const target of targets) if (target !== MATCHED && target !== place + 1) fours.add(target >> 2);
  });
  return fours.size * Math.ceil(follow.length / 32);
}

function tooLarge(what: string, limit: number): PatternError {
  return new PatternError(
    `it is too large: more than ${limit} ${what}; repeat less often, or list words with \`contains\``,
  );
}

/** An expression written backwards, step by step: what comes next is there first. */
class Steps {
  readonly all: Step[] = [];
  readonly sets: CharSet[] = [];
  /** What comes after each place. */
  readonly placed: number[] = [];

  push(step: Step): number {
    if (this.all.length >= STEPS_AT_MOST) throw tooLarge('steps', STEPS_AT_MOST);
    return this.all.push(step) - 1;
  }

  add(node: Node, next: number): number {
    switch (node.kind) {
      case 'set':
        if (this.sets.length >= PLACES_AT_MOST)
          throw tooLarge('characters and classes, repetitions written out', PLACES_AT_MOST);
        this.placed.push(next);
        return this.push({ kind: 'place', place: this.sets.push(node.set) - 1 });
      case 'assertion':
        return this.push({ kind: 'need', bit: node.bit, next });
      case 'sequence':
        return node.parts.reduceRight((following, part) => this.add(part, following), next);
      case 'choice':
        return this.push({ kind: 'choice', next: node.parts.map((part) => this.add(part, next)) });
      case 'group': {
        const end = this.push({ kind: 'pass', slot: 2 * node.number - 1, next });
        return this.push({ kind: 'pass', slot: 2 * node.number - 2, next: this.add(node.part, end) });
      }
      case 'repeat':
        return this.repeat(node, next);
    }
  }

  private repeat({ part, least, most, greedy }: Extract<Node, { kind: 'repeat' }>, next: number): number {
    const either = (inside: number): number[] => (greedy ? [inside, next] : [next, inside]);
    let entry = next;
    let copies = least;
    if (most === Infinity) {
      const again: Step & { kind: 'choice' } = { kind: 'choice', next: [] };
      const loop = this.push(again);
      const body = this.add(part, loop);
      again.next = either(body);
      // a part that can be empty is left after it was empty once, as in RE2
      if (least > 0) entry = body;
      else entry = isEmptyable(part) ? this.push({ kind: 'choice', next: either(body) }) : loop;
      copies = least > 0 ? least - 1 : 0;
    } else {
      for (let more = least; more < most; more++) {
        entry = this.push({ kind: 'choice', next: either(this.add(part, entry)) });
      }
    }
    for (; copies > 0; copies--) entry = this.add(part, entry);
    return entry;
  }
}

/** Whether an expression can match without taking a character. */
export function isEmptyable(node: Node): boolean {
  switch (node.kind) {
    case 'set':
      return false;
    case 'assertion':
      return true;
    case 'sequence':
      return node.parts.every(isEmptyable);
    case 'choice':
      return node.parts.some(isEmptyable);
    case 'group':
      return isEmptyable(node.part);
    case 'repeat':
      return node.least === 0 || isEmptyable(node.part);
  }
}

/** All places that can come next, each once for what it needs, in the order of preference. */
function followOf(steps: readonly Step[], from: number, last: number): Follow {
  const targets: number[] = [];
  const needs: number[] = [];
  const passed: number[][] = [];
  const seen = new Set<number>();
  const walk = (at: number, need: number, slots: readonly number[]): void => {
    const key = at * 64 + need;
    if (seen.has(key) || contradicts(need)) return;
    seen.add(key);
    const step = steps[at] as Step;
    if (step.kind === 'choice') for (const next of step.next) walk(next, need, slots);
    else if (step.kind === 'need') walk(step.next, need | step.bit, slots);
    else if (step.kind === 'pass') walk(step.next, need, [...slots, step.slot]);
    else {
      targets.push(step.kind === 'place' ? last - step.place : MATCHED);
      needs.push(need);
      passed.push([...slots]);
    }
  };
  walk(from, 0, []);
  return { targets: Int16Array.from(targets), needs: Uint8Array.from(needs), passed };
}

function contradicts(need: number): boolean {
  return (need & ASSERTION.wordEdge) !== 0 && (need & ASSERTION.noWordEdge) !== 0;
}
