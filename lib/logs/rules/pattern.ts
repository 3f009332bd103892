import { RE2JS } from 're2js';
import { RULE_LIMITS } from './rule-limits';

/** What RE2 leaves out on purpose, as people write it, and the way out. */
const LEFT_OUT: readonly (readonly [RegExp, string])[] = [
  [/\(\?=|\(\?!/, 'look-ahead is not in RE2: match what must not follow with `not`, or match more'],
  [/\(\?<=|\(\?<!/, 'look-behind is not in RE2: match what goes before as well, in a redaction as a group'],
  [/\\[1-9]|\\k[<{']|\(\?P=/, 'back-references are not in RE2: write the text out'],
  [/\(\?>|[*+?}]\+/, 'atomic groups and possessive repetitions are not in RE2, and not needed: it never tracks back'],
  [/\{\d*,?\d{4,}\}/, 'RE2 repeats at most 1000 times'],
];

/** An RE2 expression; the only engine patterns of rules run on, so that none can stop the stream. */
export function compilePattern(source: string, ignoreCase = false): RE2JS {
  return RE2JS.compile(source, ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
}

/** Why a text is no pattern, and what to do about it; undefined if it is one. */
export function patternFault(source: string): string | undefined {
  if (source.length > RULE_LIMITS.patternLength) {
    return `it has ${source.length} characters, at most ${RULE_LIMITS.patternLength} are taken`;
  }
  try {
    compilePattern(source);
    return undefined;
  } catch (error) {
    const left = LEFT_OUT.find(([form]) => form.test(source));
    if (left !== undefined) return left[1];
    return error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : String(error);
  }
}

/** The first `$` of a replacement that stands for nothing its pattern has; undefined if there is none. */
export function strayReference(source: string, replacement: string): string | undefined {
  if (!replacement.includes('$') || patternFault(source) !== undefined) return undefined;
  const compiled = compilePattern(source);
  const names = Object.keys(compiled.namedGroups());
  const count = compiled.groupCount();
  for (const [reference, number, name] of replacement.matchAll(/\$(?:[$&]|(\d{1,2})|<([^>]*)>|)/g)) {
    if (reference === '$$' || reference === '$&') continue;
    if (name !== undefined && names.includes(name)) continue;
    // of two digits the second may be a digit that follows
    if (number !== undefined && [number, number.slice(0, 1)].some((each) => +each > 0 && +each <= count)) continue;
    return reference;
  }
  return undefined;
}
