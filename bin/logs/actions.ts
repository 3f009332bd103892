import type * as appConfigSdk from '@aws-sdk/client-appconfig';
import type * as cloudWatchSdk from '@aws-sdk/client-cloudwatch';
import type { PlatformConfig } from '../../lib/platform-config';
import type { LogRules } from '../../lib/logs/rules/log-rule';
import { readMoment } from '../../lib/logs/replay';
import { compileRules, decide } from '../../lib/logs/rules/engine';
import { parseStoredRules } from '../../lib/logs/rules/stored-rules';
import { liveVersion } from '../../lib/logs/rule-history';
import type * as watch from '../../lib/logs/watch';
import { problemList } from '../../lib/validate';
import { Failure } from '../../sandbox/failure';
import { fingerprint } from '../../sandbox/places';
import { WrongUse } from '../ending';
import { clientSettings, deployed, output, type AwsOptions, type Deployed } from './aws';
import { checkRules } from './check';
import type { LogsContext } from './commands';
import { showDiff } from './diff';
import { S3Objects } from './objects';
import { push, rollBack } from './push';
import { replay, showReplayed, type Replay } from './replay';
import { ruleFile, ruleFileNames, soundRules } from './rule-file';
import { AppConfigRules, type RulesPlace, type RuleStore } from './rule-store';
import { sampleOf, type Sample, type SampleAccess } from './sample-source';
import { countsOf, showStatus } from './status';
import { DeliveryStream } from './stream';
import { showSample, showTests } from './test';

/** Options of the commands that look at a sample. */
export interface SampleWords extends AwsOptions {
  readonly rules?: string;
  readonly sample?: string;
  readonly limit?: number;
  readonly json?: true;
}

/** Options of the commands that change which rules are live. */
export interface RolloutWords extends AwsOptions {
  readonly rules?: string;
  readonly gradual?: true;
  readonly atOnce?: true;
  readonly wait?: true;
  readonly to?: number;
}

/** Options of the command that sends records again. */
export interface ReplayWords extends AwsOptions {
  readonly from: 'failed' | 'archive';
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

/** `hajime logs check`; true if there is no problem. */
export function checkAction(
  context: LogsContext,
  platform: string | undefined,
  options: { readonly rules?: string; readonly json?: true },
): boolean {
  const names = namesOf(context, platform, options.rules);
  return checkRules(Object.fromEntries(names.map((name) => [name, ruleFile(name, options.rules)])), options);
}

/** `hajime logs test`; true if every test passed. */
export async function testAction(
  context: LogsContext,
  platform: string | undefined,
  options: SampleWords & { readonly gbPerDay?: number; readonly region?: string },
): Promise<boolean> {
  const names = namesOf(context, platform, options.rules);
  const tested = names.map((name) => {
    const file = ruleFile(name, options.rules);
    return { file: file.name, rules: soundRules(file) };
  });
  if (options.sample === undefined) return showTests(tested, options);
  const [only, more] = tested;
  const [name = ''] = names;
  if (only === undefined || more !== undefined)
    throw new WrongUse(`--sample is looked at by the rules of one platform: name it (${names.join(', ')})`);
  const config = context.platforms[name];
  const region = options.region ?? config?.env.region ?? 'us-east-1';
  return showSample(only, await sampleFor(name, config, options.sample, options), { ...options, region });
}

/** `hajime logs diff`. */
export async function diffAction(
  context: LogsContext,
  platform: string | undefined,
  options: SampleWords & { readonly sample: string; readonly against: string },
): Promise<void> {
  const name = oneOf(context, platform, options.rules);
  const file = ruleFile(name, options.rules);
  const after = { name: file.name, rules: soundRules(file) };
  const config = context.platforms[name];
  const before =
    options.against === 'live'
      ? await liveRules(name, pipelineOf(name, config), options)
      : { name: options.against, rules: soundRules(ruleFile(name, options.against)) };
  await showDiff({ before, after }, await sampleFor(name, config, options.sample, options), options);
}

/** `hajime logs push`. */
export async function pushAction(
  context: LogsContext,
  platform: string | undefined,
  options: RolloutWords,
): Promise<void> {
  if (options.gradual === true && options.atOnce === true) throw new WrongUse('--gradual or --at-once, not both');
  const name = oneOf(context, platform);
  const file = ruleFile(name, options.rules);
  const rules = soundRules(file);
  const place = await deployed(name, context.named(name), options);
  const chosen = output(place, 'strategy');
  const allAtOnce = output(place, 'allAtOnce');
  const gradual = chosen === allAtOnce ? GRADUAL : chosen;
  const strategy = options.gradual === true ? gradual : options.atOnce === true ? allAtOnce : chosen;
  await push({ platform: name, file: file.name, rules, store: storeOf(place), strategy, wait: options.wait === true });
}

/** `hajime logs rollback`. */
export async function rollbackAction(
  context: LogsContext,
  platform: string | undefined,
  { to, ...options }: RolloutWords,
): Promise<void> {
  const name = oneOf(context, platform);
  const place = await deployed(name, context.named(name), options);
  const strategy = output(place, 'allAtOnce');
  await rollBack({ platform: name, store: storeOf(place), strategy, wait: options.wait === true }, to);
}

/** `hajime logs status`; true if all is well. */
export async function statusAction(
  context: LogsContext,
  platform: string | undefined,
  options: AwsOptions & { readonly json?: true },
): Promise<boolean> {
  const name = oneOf(context, platform);
  const place = await deployed(name, context.named(name), options);
  return showStatus({
    platform: name,
    store: storeOf(place),
    counts: () => countsOf(name, place.settings, new Date()),
    idle: () => idleOf(place),
    file: soundFile(name),
    json: options.json,
  });
}

/** `hajime logs replay`. */
export async function replayAction(
  context: LogsContext,
  platform: string | undefined,
  options: ReplayWords,
): Promise<void> {
  const now = new Date();
  const [since, until] = [momentOf('--since', options.since, now), momentOf('--until', options.until ?? '0m', now)];
  if (since >= until) throw new WrongUse(`--since ${options.since} must be before --until ${options.until ?? 'now'}`);
  if (options.droppedBy !== undefined && options.from !== 'archive')
    throw new WrongUse('--dropped-by chooses lines of the archive: give --from archive');
  const name = oneOf(context, platform);
  const place = await deployed(name, context.named(name), options);
  if (options.from === 'archive' && place.outputs.archive === undefined)
    throw new Failure(`${name} has no archive: what the rules dropped was not kept (logs.archive: 'dropped-too').`);
  const what: Replay = {
    from: options.from,
    bucket: output(place, options.from === 'archive' ? 'archive' : 'bucket'),
    since,
    until,
    only: options.droppedBy === undefined ? undefined : await droppedBy(name, place, options.droppedBy),
    again: options.again === true,
    dryRun: options.dryRun === true,
    bytesPerSecond: options.mbPerSecond * 1_000_000,
    json: options.json === true,
  };
  const stream = new DeliveryStream(output(place, 'stream'), place.settings);
  showReplayed(what, await replay(what, new S3Objects(place.settings), stream));
}

/** What one version of the rules, or a file of rules, drops; decided as of now. */
async function droppedBy(platform: string, place: Deployed, by: string): Promise<NonNullable<Replay['only']>> {
  const rules = /^\d+$/.test(by)
    ? await storedRules(platform, storeOf(place), Number(by))
    : soundRules(ruleFile(platform, by));
  const engine = compileRules(rules);
  const arrival = Date.now();
  return { name: fingerprint(JSON.stringify(rules)), wanted: (line) => !decide(engine, line, arrival).keep };
}

function momentOf(option: string, text: string, now: Date): Date {
  const moment = readMoment(text, now);
  if (moment !== undefined) return moment;
  throw new WrongUse(
    `${option} ${text} must be a time in UTC such as 2026-11-24T10:00, a day, yesterday, or 90m, 6h, 2d`,
  );
}

/** The platforms meant: the one named, or all that have rules. */
function namesOf(context: LogsContext, platform: string | undefined, file: string | undefined): string[] {
  if (platform !== undefined) {
    context.named(platform);
    return [platform];
  }
  if (file !== undefined) return [file];
  const names = ruleFileNames();
  if (names.length === 0) throw new Failure('There are no rule files: config/logs/<platform>.yaml.');
  names.forEach((name) => context.named(name));
  return names;
}

/** The one platform meant. */
export function oneOf(context: LogsContext, platform: string | undefined, file?: string): string {
  const names = namesOf(context, platform, file);
  const [only, more] = names;
  if (only === undefined || more !== undefined) throw new WrongUse(`name the platform: ${names.join(', ')}`);
  return only;
}

async function sampleFor(
  platform: string,
  config: PlatformConfig | undefined,
  text: string,
  options: AwsOptions,
): Promise<Sample> {
  const access: SampleAccess = {
    deployed: () => deployed(platform, pipelineOf(platform, config), options),
    // of a rule file alone no region is known: the SDK has its own ways to find one
    objects: async () => new S3Objects(config === undefined ? {} : await clientSettings(config.env, options)),
  };
  return sampleOf(text, access, new Date());
}

function pipelineOf(platform: string, config: PlatformConfig | undefined): PlatformConfig {
  if (config === undefined) throw new WrongUse(`name the platform whose pipeline is meant: ${platform} is a rule file`);
  return config;
}

async function liveRules(
  platform: string,
  config: PlatformConfig,
  options: AwsOptions,
): Promise<{ name: string; rules: LogRules }> {
  const store = storeOf(await deployed(platform, config, options));
  const version = liveVersion(await store.rollouts());
  if (version === undefined) return { name: 'no rules', rules: { version: 1, rules: [] } };
  return { name: `version ${version}`, rules: await storedRules(platform, store, version) };
}

async function storedRules(platform: string, store: RuleStore, version: number): Promise<LogRules> {
  const stored = await store.read(version);
  if (stored === undefined)
    throw new Failure(`There is no version ${version} of the rules of ${platform} in AppConfig.`);
  const parsed = parseStoredRules(stored.text);
  if (parsed.problems !== undefined)
    throw new Failure(problemList(`version ${version} of the rules of ${platform}`, parsed.problems));
  return parsed.rules;
}

function soundFile(platform: string): { name: string; rules: LogRules } | undefined {
  if (!ruleFileNames().includes(platform)) return undefined;
  const { name, parsed } = ruleFile(platform);
  return parsed.problems === undefined ? { name, rules: parsed.rules } : undefined;
}

/** As the daily look of the stack finds them. */
async function idleOf(place: Deployed): Promise<readonly string[]> {
  /* eslint-disable @typescript-eslint/no-require-imports -- import() would look for compiled files */
  const { idleRules } = require('../../lib/logs/watch') as typeof watch;
  const { AppConfigClient } = require('@aws-sdk/client-appconfig') as typeof appConfigSdk;
  const { CloudWatchClient } = require('@aws-sdk/client-cloudwatch') as typeof cloudWatchSdk;
  /* eslint-enable @typescript-eslint/no-require-imports */
  const event = { ...rulesPlace(place), stream: output(place, 'stream') };
  return idleRules(event, new Date(), new AppConfigClient(place.settings), new CloudWatchClient(place.settings));
}

function rulesPlace(place: Deployed): RulesPlace {
  return {
    application: output(place, 'application'),
    environment: output(place, 'environment'),
    profile: output(place, 'profile'),
  };
}

function storeOf(place: Deployed): RuleStore {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- import() would look for compiled files
  const appConfig = require('@aws-sdk/client-appconfig') as typeof appConfigSdk;
  return new AppConfigRules(appConfig, new appConfig.AppConfigClient(place.settings), rulesPlace(place));
}
