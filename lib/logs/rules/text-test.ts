import type { TextMatch } from './log-match';
import { Pattern } from './pattern/pattern';
import { lowerCase } from './pattern/required-text';

/** Whether a text is as it must be. */
export type TextTest = (text: string) => boolean;

/** A match of a text made ready. */
export interface TextCondition {
  /** Whether a text fits; undefined if any will do. */
  readonly test: TextTest | undefined;
  /**
   * Texts of which at least one is in every text that fits, but for the case of ASCII letters; undefined if nothing is
   * known. A LiteralFinder that finds none of them spares the test.
   */
  readonly required: readonly string[] | undefined;
}

/** Makes a match of a text ready. */
export function textCondition({ contains, regex, ignoreCase = false }: TextMatch): TextCondition {
  const pattern = regex === undefined ? undefined : new Pattern(regex, ignoreCase);
  if (contains === undefined) {
    return { test: pattern === undefined ? undefined : (text) => pattern.found(text), required: pattern?.required };
  }
  const words = containsTest(listOf(contains), ignoreCase);
  const required = listOf(contains).map((word) => (ignoreCase ? longestAscii(word) : lowerCase(word)));
  return {
    test: pattern === undefined ? words : (text) => words(text) && pattern.found(text),
    required: required.includes('') ? undefined : required,
  };
}

function containsTest(words: readonly string[], ignoreCase: boolean): TextTest {
  if (!ignoreCase) {
    const [only = ''] = words;
    return words.length === 1 ? (text) => text.includes(only) : (text) => words.some((word) => text.includes(word));
  }
  const lower = words.map((word) => word.toLowerCase());
  return (text) => {
    const lowerText = text.toLowerCase();
    return lower.some((word) => lowerText.includes(word));
  };
}

/** Beyond ASCII a case may take other characters, and more of them. */
function longestAscii(word: string): string {
  const runs = word.match(/[\0-\x7f]+/g) ?? [''];
  return lowerCase(runs.reduce((longest, run) => (run.length > longest.length ? run : longest)));
}

/** One or several as a list. */
export function listOf<T>(value: T | readonly T[]): readonly T[] {
  return Array.isArray(value) ? (value as readonly T[]) : [value as T];
}
