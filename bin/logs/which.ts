import { platforms } from '../../config';
import type { PlatformConfig } from '../../lib/platform-config';
import { nearestRemedy } from '../../lib/shape';
import { Failure } from '../../sandbox/failure';
import { WrongUse } from '../ending';
import { ruleFile, ruleFileNames, withProblems, type RuleFile } from './rule-file';
import { named } from '../use';

/** The platforms meant: the one named, or all that have rules; of a rule file alone its name. */
export function namesOf(platform: string | undefined, file: string | undefined): string[] {
  if (platform !== undefined) {
    named(platform);
    return [platform];
  }
  if (file !== undefined) return [file];
  const names = ruleFileNames().filter((name) => Object.hasOwn(platforms, name));
  if (names.length === 0) throw new Failure('There are no rule files: config/logs/<platform>.yaml.');
  return names;
}

/** The one platform meant. */
export function oneOf(platform: string | undefined, file?: string): string {
  const names = namesOf(platform, file);
  const [only, more] = names;
  if (only === undefined || more !== undefined) throw new WrongUse(`name the platform: ${names.join(', ')}`);
  return only;
}

/** The rule files meant, as `namesOf`; without a name all of config/logs/, also those that are of no platform. */
export function filesOf(platform: string | undefined, file: string | undefined): Readonly<Record<string, RuleFile>> {
  const names = namesOf(platform, file);
  const strays =
    platform === undefined && file === undefined ? ruleFileNames().filter((name) => !names.includes(name)) : [];
  return Object.fromEntries([
    ...names.map((name) => [name, ruleFile(name, file)] as const),
    ...strays.map((name) => [name, strayFile(name)] as const),
  ]);
}

function strayFile(name: string): RuleFile {
  const file = ruleFile(name);
  const names = Object.keys(platforms);
  const hint = nearestRemedy(name, names) ?? `there are ${names.join(', ')}`;
  const stray = `there is no platform ${name} in config/; ${hint}; rename the file, or move it out of config/logs/`;
  return withProblems(file, [stray, ...(file.parsed.problems ?? [])]);
}

/** The config of a platform whose deployed pipeline is meant. */
export function pipelineOf(platform: string, config: PlatformConfig | undefined): PlatformConfig {
  if (config === undefined) throw new WrongUse(`name the platform whose pipeline is meant: ${platform} is a rule file`);
  return config;
}
