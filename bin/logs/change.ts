import { readMoment } from '../../lib/logs/replay';
import { compileRules, decide } from '../../lib/logs/rules/engine';
import { Failure } from '../../sandbox/failure';
import { fingerprint } from '../../sandbox/places';
import { WrongUse } from '../ending';
import { DeployedAlarms } from './alarms';
import { deployed, output, type AwsOptions, type Deployed } from './aws';
import type { Change } from './change-report';
import { liveRules, storedRules, storeOf } from './deployed-rules';
import { dryRun } from './dry-run';
import { S3Objects } from './objects';
import { forget } from './forget';
import { push } from './push';
import { rollBack, rollBackToNothing } from './rollback';
import { HotCopyStream, replayStream } from './hot-stream';
import { replay, type Replay, type ReplayPlace } from './replay';
import { showReplayed } from './show-replayed';
import { ruleFile, soundRules } from './rule-file';
import { DeliveryStream } from './stream';
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

/** Options of the command that sends records again. */
export interface ReplayWords extends AwsOptions {
  readonly from: ReplayPlace;
  readonly since: string;
  readonly until?: string;
  readonly droppedBy?: string;
  readonly again?: true;
  readonly dryRun?: true;
  readonly mbPerSecond: number;
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

/** `hajime logs replay`. */
export async function replayAction(platform: string | undefined, options: ReplayWords): Promise<void> {
  const now = new Date();
  const [since, until] = [momentOf('--since', options.since, now), momentOf('--until', options.until ?? '0m', now)];
  if (since >= until) throw new WrongUse(`--since ${options.since} must be before --until ${options.until ?? 'now'}`);
  if (options.droppedBy !== undefined && options.from !== 'archive')
    throw new WrongUse('--dropped-by chooses lines of the archive: give --from archive');
  const name = oneOf(platform);
  const place = await deployed(name, named(name), options);
  if (options.from === 'archive' && place.outputs.archive === undefined)
    throw new Failure(`${name} has no archive: what the rules dropped was not kept (logs.archive: 'dropped-too').`);
  const what: Replay = {
    from: options.from,
    bucket: output(place, options.from === 'archive' ? 'archive' : 'bucket'),
    since,
    until,
    only: options.from === 'hot' ? await sentHot(place) : await droppedBy(name, place, options.droppedBy),
    again: options.again === true,
    dryRun: options.dryRun === true,
    bytesPerSecond: options.mbPerSecond * 1_000_000,
    json: options.json === true,
  };
  const objects = new S3Objects(place.settings);
  if (options.from !== 'hot') {
    const stream = new DeliveryStream(output(place, 'stream'), place.settings);
    return showReplayed(what, await replay(what, objects, stream));
  }
  const hot = new HotCopyStream(replayStream(output(place, 'hotGroup'), place.settings, now), since);
  const found = await replay(what, objects, hot);
  showReplayed(what, { ...found, records: found.records - hot.refused, unreadable: hot.refused });
}

/** What one version of the rules, or a file of rules, drops; decided as of now. */
async function droppedBy(platform: string, place: Deployed, by: string | undefined): Promise<Replay['only']> {
  if (by === undefined) return undefined;
  const rules = /^\d+$/.test(by)
    ? await storedRules(platform, storeOf(place), Number(by))
    : soundRules(ruleFile(platform, by));
  const engine = compileRules(rules);
  const arrival = Date.now();
  return { name: fingerprint(JSON.stringify(rules)), wanted: (line) => !decide(engine, line, arrival).keep };
}

/** What the live rules send to CloudWatch Logs; decided as of now. */
async function sentHot(place: Deployed): Promise<NonNullable<Replay['only']>> {
  const engine = compileRules((await liveRules(place)).rules);
  const arrival = Date.now();
  return { name: 'hot', wanted: (line) => decide(engine, line, arrival).to.includes('cloudwatch') };
}

function momentOf(option: string, text: string, now: Date): Date {
  const moment = readMoment(text, now);
  if (moment !== undefined) return moment;
  throw new WrongUse(
    `${option} ${text} must be a time in UTC such as 2026-11-24T10:00, a day, yesterday, or 90m, 6h, 2d`,
  );
}
