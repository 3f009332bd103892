import type { TextMatch } from './log-match';
import { Pattern } from './pattern/pattern';
import { lowerCase } from './pattern/required-text';

/** Whether a text is as it must be. */
export type TextTest = (text: string) => boolean;

/** Makes the test of a text; undefined if any will do. */
export function textTest({ contains, regex, ignoreCase = false }: TextMatch): TextTest | undefined {
  const words = contains === undefined ? undefined : containsTest(listOf(contains), ignoreCase);
  const pattern = regex === undefined ? undefined : new Pattern(regex, ignoreCase);
  if (pattern === undefined) return words;
  if (words === undefined) return (text) => pattern.found(text);
  return (text) => words(text) && pattern.found(text);
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

/**
 * Texts of which at least one is in every text that passes, but for the case of ASCII letters; undefined if nothing is
 * known. A LiteralFinder that finds none of them spares the test.
 */
export function requiredTexts({ contains, regex, ignoreCase = false }: TextMatch): readonly string[] | undefined {
  if (contains === undefined) return regex === undefined ? undefined : new Pattern(regex, ignoreCase).required;
  const words = listOf(contains).map((word) => (ignoreCase ? longestAscii(word) : lowerCase(word)));
  return words.includes('') ? undefined : words;
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
