import type { LogRules } from '../../lib/logs/rules/log-rule';
import type { Deployed } from './aws';
import { liveRules, storedRules, storeOf } from './deployed-rules';

/** Rules and what they are called. */
export interface NamedRules {
  /** A version, or a file. */
  readonly name: string;
  /** The rules. */
  readonly rules: LogRules;
}

/** Whether words name stored rules, `live` or a version; others name a file. */
export function isStored(words: string): boolean {
  return words === 'live' || /^\d+$/.test(words);
}

/** The stored rules that words name. */
export async function rulesBy(words: string, place: Deployed): Promise<NamedRules> {
  if (words === 'live') return liveRules(place);
  return { name: `version ${words}`, rules: await storedRules(place.platform, storeOf(place), Number(words)) };
}
