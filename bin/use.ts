import { createColors } from 'picocolors';
import { platforms } from '../config';
import type { PlatformConfig } from '../lib/platform-config';
import { nearestRemedy } from '../lib/shape';
import { WrongUse } from './ending';

/** Colours for a terminal only; picocolors by itself also colours whatever runs in CI. */
export const colour = createColors(process.stdout.isTTY === true && process.env.NO_COLOR === undefined);

/** A platform of `config/` by its name. */
export function named(platform: string): PlatformConfig {
  const config = Object.hasOwn(platforms, platform) ? platforms[platform] : undefined;
  if (config !== undefined) return config;
  const names = Object.keys(platforms);
  throw new WrongUse(
    `there is no platform ${platform} in config/; ${nearestRemedy(platform, names) ?? `there are ${names.join(', ')}`}`,
  );
}

/** The platforms a command is about: one, or all of them. */
export function chosen(platform: string | undefined): Readonly<Record<string, PlatformConfig>> {
  return platform === undefined ? platforms : { [platform]: named(platform) };
}

/** Prints to where answers go. */
export function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
