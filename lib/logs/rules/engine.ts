import type { Decision } from './decision';
import type { LogRules } from './log-rule';

/** Rules made ready to run. */
export interface RuleEngine {
  /** What it was made of. */
  readonly rules: LogRules;
}

/** Makes rules ready to run; they must have no problems. */
export function compileRules(rules: LogRules): RuleEngine {
  return { rules };
}

/**
 * Decides about one line, as the agent sends it: a JSON object, or any text. The same line, rules and time of arrival
 * (in milliseconds) are always decided the same.
 */
export function decide(_engine: RuleEngine, line: string, _arrival: number): Decision {
  return { keep: true, to: ['archive'], line, hits: [] }; // the walk follows
}
