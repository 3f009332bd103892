import { createColors } from 'picocolors';
import { platforms } from '../config';
import type { PlatformConfig } from '../lib/platform-config';
import { nearestRemedy } from '../lib/shape';
import { WrongUse } from './ending';

/** Colours for a terminal that has some only; picocolors by itself also colours whatever runs in CI. */
export const colour = createColors(hasColours(process.stdout, process.env));

/** Whether what is written there is to be coloured. */
export function hasColours({ isTTY }: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv): boolean {
  return isTTY === true && env.NO_COLOR === undefined && env.TERM !== 'dumb';
}

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
