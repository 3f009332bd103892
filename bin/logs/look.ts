import { platforms } from '../../config';
import type { PlatformConfig } from '../../lib/platform-config';
import type { LogRules } from '../../lib/logs/rules/log-rule';
import { WrongUse } from '../ending';
import { DeployedAlarms } from './alarms';
import { clientSettings, deployed, output, type AwsOptions } from './aws';
import { checkRules } from './check';
import { countsOf } from './counts';
import { idleOf, liveRules, storeOf } from './deployed-rules';
import { showDiff } from './diff';
import { failedObjects } from './failed-objects';
import { S3Objects } from './objects';
import { ruleFile, ruleFileNames, soundRules } from './rule-file';
import { sampleOf, type Sample, type SampleAccess } from './sample-source';
import { showStatus } from './status';
import { showSample, showTests } from './test';
import { showRules, showVersions } from './versions';
import { namesOf, oneOf, pipelineOf } from './which';
import { named } from '../use';

/** Options of the commands that look at a sample. */
export interface SampleWords extends AwsOptions {
  readonly rules?: string;
  readonly sample?: string;
  readonly limit?: number;
  readonly json?: true;
}

/** `hajime logs check`; true if there is no problem. */
export function checkAction(
  platform: string | undefined,
  options: { readonly rules?: string; readonly json?: true },
): boolean {
  const names = namesOf(platform, options.rules);
  return checkRules(Object.fromEntries(names.map((name) => [name, ruleFile(name, options.rules)])), options);
}

/** `hajime logs test`; true if every test passed. */
export async function testAction(
  platform: string | undefined,
  options: SampleWords & { readonly gbPerDay?: number; readonly region?: string },
): Promise<boolean> {
  const names = namesOf(platform, options.rules);
  const tested = names.map((name) => {
    const file = ruleFile(name, options.rules);
    return { file: file.name, rules: soundRules(file) };
  });
  if (options.sample === undefined) return showTests(tested, options);
  const [only, more] = tested;
  const [name = ''] = names;
  if (only === undefined || more !== undefined)
    throw new WrongUse(`--sample is looked at by the rules of one platform: name it (${names.join(', ')})`);
  const config = platforms[name];
  const region = options.region ?? config?.env.region ?? 'us-east-1';
  return showSample(only, await sampleFor(name, config, options.sample, options), { ...options, region });
}

/** `hajime logs diff`. */
export async function diffAction(
  platform: string | undefined,
  options: SampleWords & { readonly sample: string; readonly against: string },
): Promise<void> {
  const name = oneOf(platform, options.rules);
  const file = ruleFile(name, options.rules);
  const after = { name: file.name, rules: soundRules(file) };
  const config = platforms[name];
  const before =
    options.against === 'live'
      ? await liveRules(await deployed(name, pipelineOf(name, config), options))
      : { name: options.against, rules: soundRules(ruleFile(name, options.against)) };
  await showDiff({ before, after }, await sampleFor(name, config, options.sample, options), options);
}

/** `hajime logs status`; true if all is well. */
export async function statusAction(
  platform: string | undefined,
  options: AwsOptions & { readonly json?: true },
): Promise<boolean> {
  const name = oneOf(platform);
  const place = await deployed(name, named(name), options);
  return showStatus({
    target: place,
    store: storeOf(place),
    alarms: new DeployedAlarms(place),
    failed: () => failedObjects(output(place, 'bucket'), new S3Objects(place.settings)),
    counts: (since) => countsOf(name, place.settings, new Date(), since),
    idle: () => idleOf(place),
    file: soundFile(name),
    json: options.json,
  });
}

/** `hajime logs versions`. */
export async function versionsAction(
  platform: string | undefined,
  options: AwsOptions & { readonly json?: true },
): Promise<void> {
  const name = oneOf(platform);
  const place = await deployed(name, named(name), options);
  await showVersions({ target: place, store: storeOf(place), json: options.json });
}

/** `hajime logs show`. */
export async function showAction(
  platform: string,
  version: number | undefined,
  options: AwsOptions & { readonly json?: true },
): Promise<void> {
  const place = await deployed(platform, named(platform), options);
  await showRules({ target: place, store: storeOf(place), json: options.json }, version);
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

function soundFile(platform: string): { name: string; rules: LogRules } | undefined {
  if (!ruleFileNames().includes(platform)) return undefined;
  const { name, parsed } = ruleFile(platform);
  return parsed.problems === undefined ? { name, rules: parsed.rules } : undefined;
}
