import { problem } from '../../validate';
import type { LogRules } from './log-rule';
import { RULE_LIMITS } from './rule-limits';
import { rulesProblems } from './rules-problems';

/** Rules, or all that is wrong with them. */
export type ParsedRules =
  | { readonly rules: LogRules; readonly problems: undefined }
  | { readonly rules: undefined; readonly problems: readonly string[] };

/** A text that cannot be read; each reason is a line of its own. */
export class Unreadable extends Error {
  constructor(readonly problems: readonly string[]) {
    super(problems.join('\n'));
  }
}

/** Reads rules as the store holds them: JSON. */
export function parseStoredRules(text: string): ParsedRules {
  return readRules(text, (json) => JSON.parse(json) as unknown);
}

/** Reads rules in the notation that `read` understands, with a byte order mark or without; nothing is thrown. */
export function readRules(text: string, read: (text: string) => unknown): ParsedRules {
  const bytes = Buffer.byteLength(text);
  if (bytes > RULE_LIMITS.fileBytes) {
    const rule = `must not be larger than ${RULE_LIMITS.fileBytes} bytes`;
    return {
      rules: undefined,
      problems: [problem('the file', rule, bytes, 'join rules that do the same: most matches take lists')],
    };
  }
  try {
    const value = read(text.replace(/^\ufeff/, ''));
    const problems = rulesProblems(value);
    if (problems.length > 0) return { rules: undefined, problems };
    // what an editor wrote into the file is no rule
    const { $schema: _, ...rules } = value as LogRules & { readonly $schema?: string };
    return { rules, problems: undefined };
  } catch (error) {
    if (error instanceof Unreadable) return { rules: undefined, problems: error.problems };
    const why =
      error instanceof RangeError ? 'it nests too deep' : error instanceof Error ? error.message : String(error);
    return { rules: undefined, problems: [`the file cannot be read: ${why}`] };
  }
}
