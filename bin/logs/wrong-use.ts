import { PRICED_REGIONS, pricesOf } from '../../lib/logs/prices';
import { WrongUse } from '../ending';

/** Throws all that is wrong with the words of a command at once. */
export function throwWrongUse(wrong: readonly string[]): void {
  if (wrong.length > 0) throw new WrongUse(wrong.join('\n'));
}

/** What is read from stdin can be read once. */
export function stdinProblems(words: Readonly<Record<string, string | undefined>>): string[] {
  if (Object.values(words).filter((word) => word === '-').length < 2) return [];
  return [`stdin can be only one of ${Object.keys(words).join(', ')}: write the others to files`];
}

/** Options that say nothing without another one. */
export function idleProblems(needed: string, words: Readonly<Record<string, unknown>>): string[] {
  const idle = Object.keys(words).filter((option) => words[option] !== undefined);
  return idle.length === 0
    ? []
    : [`${idle.join(' and ')} ${idle.length === 1 ? 'does' : 'do'} nothing without ${needed}`];
}

/** A region whose prices are asked for must have some. */
export function regionProblems(region: string | undefined): string[] {
  if (region === undefined || pricesOf(region) !== undefined) return [];
  // another region is seldom a slip of one of these: all of them are named
  return [`the prices of ${region} are not in lib/logs/prices.json; there are those of ${PRICED_REGIONS.join(', ')}`];
}
