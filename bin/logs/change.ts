import { WrongUse } from '../ending';
import { deployed, output, type AwsOptions } from './aws';
import { storeOf } from './deployed-rules';
import { forget } from './forget';
import { push, rollBack } from './push';
import { ruleFile, soundRules } from './rule-file';
import { oneOf } from './which';
import { named } from '../use';

/** Options of the commands that change which rules are live. */
export interface RolloutWords extends AwsOptions {
  readonly rules?: string;
  readonly gradual?: true;
  readonly atOnce?: true;
  readonly wait?: true;
  readonly to?: number;
}

/** A strategy every account has: a fifth more every six minutes, then half an hour of watch. */
const GRADUAL = 'AppConfig.Linear20PercentEvery6Minutes';

/** `hajime logs push`. */
export async function pushAction(platform: string | undefined, options: RolloutWords): Promise<void> {
  if (options.gradual === true && options.atOnce === true) throw new WrongUse('--gradual or --at-once, not both');
  const name = oneOf(platform);
  const file = ruleFile(name, options.rules);
  const rules = soundRules(file);
  const place = await deployed(name, named(name), options);
  const chosen = output(place, 'strategy');
  const allAtOnce = output(place, 'allAtOnce');
  const gradual = chosen === allAtOnce ? GRADUAL : chosen;
  const strategy = options.gradual === true ? gradual : options.atOnce === true ? allAtOnce : chosen;
  await push({ platform: name, file: file.name, rules, store: storeOf(place), strategy, wait: options.wait === true });
}

/** `hajime logs rollback`. */
export async function rollbackAction(platform: string | undefined, { to, ...options }: RolloutWords): Promise<void> {
  const name = oneOf(platform);
  const place = await deployed(name, named(name), options);
  const strategy = output(place, 'allAtOnce');
  await rollBack({ platform: name, store: storeOf(place), strategy, wait: options.wait === true }, to);
}

/** `hajime logs forget`. */
export async function forgetAction(
  platform: string | undefined,
  { yes, ...options }: AwsOptions & { readonly yes?: true },
): Promise<void> {
  const name = oneOf(platform);
  const place = await deployed(name, named(name), options);
  const buckets = [output(place, 'bucket'), ...(place.outputs.archive === undefined ? [] : [place.outputs.archive])];
  await forget({ platform: name, store: storeOf(place), buckets, sure: yes === true });
}
