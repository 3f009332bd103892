import type { PlatformConfig } from '../../lib/platform-config';
import { Failure } from '../../sandbox/failure';
import { WrongUse } from '../ending';
import { ruleFileNames } from './rule-file';

/** What the commands of the log pipeline need of the others. */
export interface LogsContext {
  /** Every platform of config/. */
  readonly platforms: Readonly<Record<string, PlatformConfig>>;
  /** One of them; wrong use if there is none of that name. */
  readonly named: (platform: string) => PlatformConfig;
}

/** The platforms meant: the one named, or all that have rules. */
export function namesOf(context: LogsContext, platform: string | undefined, file: string | undefined): string[] {
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

/** The config of a platform whose deployed pipeline is meant. */
export function pipelineOf(platform: string, config: PlatformConfig | undefined): PlatformConfig {
  if (config === undefined) throw new WrongUse(`name the platform whose pipeline is meant: ${platform} is a rule file`);
  return config;
}
