/** How large a set of rules may be; beyond that it is refused when it is checked, not found slow when it runs. */
export const RULE_LIMITS = {
  /** Of the file, in bytes; the store takes 2 MB. */
  fileBytes: 1_000_000,
  /** In the list. */
  rules: 500,
  /** Characters of one regular expression. */
  patternLength: 1_000,
  /** In one rule. */
  redactions: 20,
  /** In one rule. */
  tests: 50,
  /** Of `not` in `not`. */
  depth: 8,
  /** Entries of one list or map inside a rule. */
  entries: 200,
} as const;
