import type { PlatformConfig } from '../lib/platform-config';
import { fargate } from './fargate';
import { privateOnly } from './private-only';

/** Complete platforms to copy from. Each is synthesized and compared with its snapshot in CI. */
export const examples: Readonly<Record<string, PlatformConfig>> = { fargate, 'private-only': privateOnly };
