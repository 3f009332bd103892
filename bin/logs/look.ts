import { platforms } from '../../config';
import type { PlatformConfig } from '../../lib/platform-config';
import type { LogRules } from '../../lib/logs/rules/log-rule';
import { WrongUse } from '../ending';
import { DeployedAlarms } from './alarms';
import { clientSettings, deployed, output, type AwsOptions } from './aws';
import { checkRules } from './check';
import { countsOf } from './counts';
import { idleOf, storeOf } from './deployed-rules';
import { showDiff } from './diff';
import { failedObjects } from './failed-objects';
import { S3Objects } from './objects';
import { ruleFile, ruleFileNames, soundRules } from './rule-file';
import { isStored, rulesBy } from './rules-by';
import { sampleOf, type Sample, type SampleAccess } from './sample-source';
import { showStatus } from './status';
import { showSample, showTests } from './test';
import { showRules, showVersions } from './versions';
import { filesOf, namesOf, oneOf, pipelineOf } from './which';
import { idleProblems, regionProblems, stdinProblems, throwWrongUse } from './wrong-use';
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
  return checkRules(filesOf(platform, options.rules), options);
}

/** `hajime logs test`; true if every test passed. */
export async function testAction(
  platform: string | undefined,
  options: SampleWords & { readonly gbPerDay?: number; readonly region?: string },
): Promise<boolean> {
  throwWrongUse([
    ...stdinProblems({ '--sample': options.sample, '--rules': options.rules }),
    ...(options.sample === undefined
      ? idleProblems('--sample', {
          '--gb-per-day': options.gbPerDay,
          '--region': options.region,
          '--limit': options.limit,
        })
      : regionProblems(options.region)),
  ]);
  if (options.sample === undefined) return showTests(Object.values(filesOf(platform, options.rules)), options);
  const names = namesOf(platform, options.rules);
  const [name = '', more] = names;
  if (more !== undefined)
    throw new WrongUse(`--sample is looked at by the rules of one platform: name it (${names.join(', ')})`);
  const file = ruleFile(name, options.rules);
  const only = { file: file.name, rules: soundRules(file) };
  const config = platforms[name];
  const region = options.region ?? config?.env.region ?? 'us-east-1';
  return showSample(only, await sampleFor(name, config, options.sample, options), { ...options, region });
}

/** `hajime logs diff`. */
export async function diffAction(
  platform: string | undefined,
  options: SampleWords & { readonly sample: string; readonly against: string },
): Promise<void> {
  const { sample, rules, against } = options;
  throwWrongUse(stdinProblems({ '--sample': sample, '--rules': rules, '--against': against }));
  const name = oneOf(platform, rules);
  const config = platforms[name];
  const file = ruleFile(name, rules);
  const other = isStored(against) ? undefined : ruleFile(name, against);
  const after = { name: file.name, rules: soundRules(file, ...(other === undefined ? [] : [other])) };
  const before =
    other === undefined
      ? await rulesBy(against, await deployed(name, pipelineOf(name, config), options))
      : { name: other.name, rules: soundRules(other) };
  await showDiff({ before, after }, await sampleFor(name, config, sample, options), options);
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
  options: AwsOptions & { readonly region?: string },
): Promise<Sample> {
  const access: SampleAccess = {
    deployed: () => deployed(platform, pipelineOf(platform, config), options),
    objects: async () => {
      if (config !== undefined) return new S3Objects(await clientSettings(config.env, options));
      if (options.sandbox === true)
        throw new WrongUse(`--sandbox needs the platform in whose account ${text} is: name it`);
      // of a rule file alone no region is known: the SDK has its own ways to find one
      return new S3Objects(options.region === undefined ? {} : { region: options.region });
    },
  };
  return sampleOf(text, access, new Date());
}

function soundFile(platform: string): { name: string; rules: LogRules } | undefined {
  if (!ruleFileNames().includes(platform)) return undefined;
  const { name, parsed } = ruleFile(platform);
  return parsed.problems === undefined ? { name, rules: parsed.rules } : undefined;
}
