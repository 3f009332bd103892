import { runRuleTests } from '../rules/rule-tests';
import { parseStoredRules } from '../rules/stored-rules';

/** What AppConfig hands over. @see https://docs.aws.amazon.com/appconfig/latest/userguide/appconfig-creating-configuration-profile-validators.html (2026-11) */
export interface ValidatorEvent {
  /** The version's content, in base64. */
  readonly content: string;
}

/** Problems that are told; AppConfig hands on only so much of what a validator says. */
const MOST_TOLD = 50;

/** Called by AppConfig before rules are rolled out, which it is not if this throws. */
export function handler(event: ValidatorEvent): Promise<void> {
  const problems = storedProblems(Buffer.from(event.content, 'base64'));
  if (problems.length === 0) return Promise.resolve();
  const told = problems.slice(0, MOST_TOLD).map((each) => `- ${each}`);
  if (told.length < problems.length) told.push(`- and ${problems.length - told.length} more`);
  return Promise.reject(new Error(['the rules are not valid:', ...told].join('\n')));
}

/** All that is wrong with a stored version; with valid rules, which of their own tests fail. */
export function storedProblems(content: Uint8Array): readonly string[] {
  const { rules, problems } = parseStoredRules(new TextDecoder().decode(content));
  if (rules === undefined) return problems;
  return runRuleTests(rules).flatMap(({ rule, name, failures }) =>
    failures.map((failure) => `test ${JSON.stringify(name)} of ${JSON.stringify(rule)}: ${failure}`),
  );
}
