/** Code points as sorted pairs of first and last, which do not touch. */
export type CharSet = readonly number[];

/** The last code point. */
export const LAST = 0x10ffff;

/** Every code point. */
export const ALL: CharSet = [0, LAST];

/** Sorts pairs and joins those that touch. */
export function charSet(pairs: readonly number[]): CharSet {
  const sorted: [number, number][] = [];
  for (let i = 0; i + 1 < pairs.length; i += 2) sorted.push([pairs[i] as number, pairs[i + 1] as number]);
  sorted.sort((a, b) => a[0] - b[0]);
  const joined: number[] = [];
  for (const [first, last] of sorted) {
    const end = joined.length - 1;
    if (end > 0 && first <= (joined[end] as number) + 1) joined[end] = Math.max(joined[end] as number, last);
    else joined.push(first, last);
  }
  return joined;
}

/** All other code points. */
export function inverse(set: CharSet): CharSet {
  const others: number[] = [];
  let next = 0;
  for (let i = 0; i < set.length; i += 2) {
    if ((set[i] as number) > next) others.push(next, (set[i] as number) - 1);
    next = (set[i + 1] as number) + 1;
  }
  if (next <= LAST) others.push(next, LAST);
  return others;
}

/** Whether a code point is in a set. */
export function includes(set: CharSet, code: number): boolean {
  for (let i = 0; i < set.length; i += 2) {
    if (code < (set[i] as number)) return false;
    if (code <= (set[i + 1] as number)) return true;
  }
  return false;
}

/** Letters that can be the other case of an ASCII letter; the last two are the signs of Kelvin and of the long s. */
const ASCII_CASES = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ\u212a\u017f';
const LAST_CASED = 0x1ffff;

/** The set with the other case of each of its letters, by Unicode's simple case folding, as RE2 and `/iu` have it. */
export function foldCase(set: CharSet): CharSet {
  if (set.length === 0 || (set[0] === 0 && set[1] === LAST)) return set;
  const ascii = (set[set.length - 1] as number) < 128;
  const letters = ascii
    ? ASCII_CASES
    : ((codePoints(0, 0xd7ff) + codePoints(0xe000, LAST_CASED)).match(/\p{Changes_When_Casemapped}/gu) ?? []).join('');
  const source = set.map((code, index) => `${index % 2 === 0 ? '' : '-'}\\u{${code.toString(16)}}`).join('');
  const cases = letters.match(new RegExp(`[${source}]`, 'giu')) ?? [];
  return charSet([...set, ...cases.flatMap((letter) => [letter.codePointAt(0) ?? 0, letter.codePointAt(0) ?? 0])]);
}

/** The code points with a Unicode property such as `Lu` or `Script=Greek`; undefined if there is no such property. */
export function unicodeSet(property: string): CharSet | undefined {
  let form: RegExp;
  try {
    form = new RegExp(`\\p{${property}}+`, 'gu');
  } catch {
    return undefined;
  }
  const pairs: number[] = [];
  for (const half of [codePoints(0, 0xd7ff), codePoints(0xe000, LAST)]) {
    for (const run of half.match(form) ?? []) {
      pairs.push(
        run.codePointAt(0) ?? 0,
        (run.codePointAt(run.length - 2) ?? 0) > 0xffff
          ? (run.codePointAt(run.length - 2) ?? 0)
          : run.charCodeAt(run.length - 1),
      );
    }
  }
  return charSet(pairs);
}

/** The code points of a range that holds no surrogates, in one text. */
function codePoints(first: number, last: number): string {
  const parts: string[] = [];
  for (let code = first; code <= last; code += 0x800) {
    parts.push(String.fromCodePoint(...Array.from({ length: 0x800 }, (_, offset) => code + offset)));
  }
  return parts.join('');
}
