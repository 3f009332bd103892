import type { PlatformConfig } from '../../lib/platform-config';
import { Failure } from '../../sandbox/failure';
import { WrongUse } from '../ending';
import { ruleFileNames } from './rule-file';
import { named } from '../use';

/** The platforms meant: the one named, or all that have rules. */
export function namesOf(platform: string | undefined, file: string | undefined): string[] {
  if (platform !== undefined) {
    named(platform);
    return [platform];
  }
  if (file !== undefined) return [file];
  const names = ruleFileNames();
  if (names.length === 0) throw new Failure('There are no rule files: config/logs/<platform>.yaml.');
  names.forEach((name) => named(name));
  return names;
}

/** The one platform meant. */
export function oneOf(platform: string | undefined, file?: string): string {
  const names = namesOf(platform, file);
  const [only, more] = names;
  if (only === undefined || more !== undefined) throw new WrongUse(`name the platform: ${names.join(', ')}`);
  return only;
}

/** The config of a platform whose deployed pipeline is meant. */
export function pipelineOf(platform: string, config: PlatformConfig | undefined): PlatformConfig {
  if (config === undefined) throw new WrongUse(`name the platform whose pipeline is meant: ${platform} is a rule file`);
  return config;
}
