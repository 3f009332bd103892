import { foldCase } from './char-set';
import type { Node } from './syntax';

/** Alternatives looked for in place of one expression. */
const ALTERNATIVES_AT_MOST = 32;

/** What is known of an expression: it is one of these texts, or it holds one of these. */
interface Known {
  /**
   * All it can be, in lower case, if that is a single text.
   *
   * @default - more than one text
   */
  readonly exactly?: string;
  /**
   * Texts of which at least one is in every match.
   *
   * @default - none is known
   */
  readonly holds?: readonly string[];
}

/**
 * Texts of which at least one is in every match, whatever the case of its ASCII letters; undefined if the expression
 * says nothing of the kind. Looking for these in one go spares most expressions most texts.
 */
export function requiredText(node: Node): readonly string[] | undefined {
  const known = knownOf(node);
  return known.exactly === undefined || known.exactly === '' ? known.holds : [known.exactly];
}

function knownOf(node: Node): Known {
  switch (node.kind) {
    case 'set':
      return { exactly: oneLetter(node.set) };
    case 'assertion':
      return { exactly: '' };
    case 'group':
      return knownOf(node.part);
    case 'repeat':
      return node.least === 0 ? {} : { holds: requiredText(node.part) };
    case 'choice': {
      const each = node.parts.map(requiredText);
      const all = each.flatMap((texts) => texts ?? []);
      return each.includes(undefined) || all.length > ALTERNATIVES_AT_MOST ? {} : { holds: [...new Set(all)] };
    }
    case 'sequence':
      return knownOfSequence(node.parts);
  }
}

function knownOfSequence(parts: readonly Node[]): Known {
  const candidates: (readonly string[])[] = [];
  let run = '';
  let exact = true;
  for (const known of parts.map(knownOf)) {
    if (known.exactly !== undefined) {
      run += known.exactly;
      continue;
    }
    exact = false;
    if (run !== '') candidates.push([run]);
    if (known.holds !== undefined) candidates.push(known.holds);
    run = '';
  }
  if (exact) return { exactly: run };
  if (run !== '') candidates.push([run]);
  // the longest is the rarest
  const shortest = (texts: readonly string[]): number => Math.min(...texts.map(({ length }) => length));
  return { holds: candidates.sort((a, b) => shortest(b) - shortest(a) || a.length - b.length)[0] };
}

/** The one character of a set, in lower case, or the one ASCII letter whose cases it holds. */
function oneLetter(set: readonly number[]): string | undefined {
  const [first, last] = set;
  if (first === undefined) return undefined;
  if (set.length === 2 && first === last) return lowerCase(String.fromCodePoint(first));
  if (set.length > 6 || first < 65 || first > 90) return undefined;
  const cases = foldCase([first, first]);
  return cases.length === set.length && cases.every((code, index) => code === set[index])
    ? String.fromCharCode(first + 32)
    : undefined;
}

/** Characters that are a case of an ASCII letter, or become one in lower case. */
export const LIKE_ASCII: Readonly<Record<string, string>> = { '\u212a': 'k', '\u017f': 's', '\u0130': 'i' };

/** ASCII letters, and what is like them, in lower case; all else as it is. */
export function lowerCase(text: string): string {
  return text.replace(/[A-Z\u212a\u017f\u0130]/g, (letter) => LIKE_ASCII[letter] ?? letter.toLowerCase());
}
