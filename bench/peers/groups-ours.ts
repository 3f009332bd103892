/** `dev` with as many node groups as GROUPS says. */
import * as cdk from 'aws-cdk-lib';
import { platforms } from '../../config';
import { Platform } from '../../lib/platform';
import type { PlatformConfig } from '../../lib/platform-config';

const { nodeGroups, ...dev } = platforms.dev as PlatformConfig;
const [group] = Object.values(nodeGroups ?? {});
if (group === undefined) throw new Error('dev has no node group');
const groups = Array.from({ length: Number(process.env.GROUPS) }, (_, index) => [`g${index}`, group]);
new Platform(new cdk.App(), 'dev', { ...dev, nodeGroups: Object.fromEntries(groups) as typeof nodeGroups });
