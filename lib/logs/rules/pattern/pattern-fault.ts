import { RULE_LIMITS } from '../rule-limits';
import { Pattern } from './pattern';
import { PatternError } from './syntax';
import { strayReference } from './template';

/** A pattern, or why a text is none and what to do about it. */
export function patternOrFault(source: string, ignoreCase = false): Pattern | string {
  if (source.length > RULE_LIMITS.patternLength) {
    return `it has ${source.length} characters, at most ${RULE_LIMITS.patternLength} are taken`;
  }
  try {
    return new Pattern(source, ignoreCase);
  } catch (error) {
    if (error instanceof PatternError) return error.message;
    throw error;
  }
}

/** What is wrong with a redaction as a whole; undefined if nothing is. */
export function redactionFault(source: string, replacement: string): { about: string; remedy: string } | undefined {
  const pattern = patternOrFault(source);
  if (typeof pattern === 'string') return undefined; // told as a fault of the pattern
  const stray = strayReference(replacement, pattern.groups);
  if (stray === undefined) return undefined;
  return {
    about: `must not refer to what \`pattern\` does not catch (${stray})`,
    remedy: '`$1` is the first group, `$<name>` one with a name, `$&` all, `$$` a dollar',
  };
}
