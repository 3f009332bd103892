import type { PlatformConfig } from '../lib/platform-config';
import { access } from './access';
import { existingVpc } from './existing-vpc';
import { fargate } from './fargate';
import { ipv6 } from './ipv6';
import { podSubnets } from './pod-subnets';
import { privateOnly } from './private';

/** Complete platforms to copy from. Each is synthesized and compared with its snapshot in CI. */
export const examples: Readonly<Record<string, PlatformConfig>> = {
  access,
  'existing-vpc': existingVpc,
  fargate,
  ipv6,
  'pod-subnets': podSubnets,
  private: privateOnly,
};
