import type { PlatformConfig } from '../lib/platform-config';
import { dev } from './dev';
import { prod } from './prod';

/** Every platform of this fork. The name is the prefix of its stacks and the name of its cluster. */
export const platforms: Readonly<Record<string, PlatformConfig>> = { dev, prod };
