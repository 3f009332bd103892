import { WrongUse } from '../ending';
import { DeployedAlarms } from './alarms';
import { deployed, output, type AwsOptions, type Deployed } from './aws';
import type { Change } from './change-report';
import { storeOf } from './deployed-rules';
import { dryRun } from './dry-run';
import { forget } from './forget';
import { push } from './push';
import { rollBack, rollBackToNothing } from './rollback';
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
  readonly toNothing?: true;
  readonly dryRun?: true;
  readonly json?: true;
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
  const change = changeOf(place, options, strategy);
  if (options.dryRun !== true) return push(change, { file, rules });
  const words = [
    ...(options.rules === undefined ? [] : ['--rules', options.rules]),
    ...(options.gradual === true ? ['--gradual'] : []),
    ...(options.atOnce === true ? ['--at-once'] : []),
  ];
  return dryRun(change, { file, rules }, words);
}

/** `hajime logs rollback`. */
export async function rollbackAction(
  platform: string | undefined,
  { to, toNothing, ...options }: RolloutWords,
): Promise<void> {
  if (to !== undefined && toNothing === true) throw new WrongUse('--to or --to-nothing, not both');
  const name = oneOf(platform);
  const place = await deployed(name, named(name), options);
  const change = changeOf(place, options, output(place, 'allAtOnce'));
  await (toNothing === true ? rollBackToNothing(change) : rollBack(change, to));
}

function changeOf(place: Deployed, { wait, json }: RolloutWords, strategy: string): Change {
  return {
    target: place,
    store: storeOf(place),
    alarms: new DeployedAlarms(place),
    strategy,
    wait: wait === true,
    json: json === true,
  };
}

/** `hajime logs forget`. */
export async function forgetAction(
  platform: string | undefined,
  { yes, ...options }: AwsOptions & { readonly yes?: true },
): Promise<void> {
  const name = oneOf(platform);
  const place = await deployed(name, named(name), options);
  const buckets = [output(place, 'bucket'), ...(place.outputs.archive === undefined ? [] : [place.outputs.archive])];
  await forget({ target: place, store: storeOf(place), buckets, sure: yes === true });
}
