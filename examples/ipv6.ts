import type { PlatformConfig } from '../lib/platform-config';

/** Pods and services with IPv6 addresses, which do not run out; nodes have both families. */
export const ipv6: PlatformConfig = {
  env: { account: '111122223333', region: 'eu-west-1' },
  network: {
    cidr: '10.5.0.0/20',
    zones: { 'eu-west-1a': {}, 'eu-west-1b': {}, 'eu-west-1c': {} },
    nat: 'per-zone',
    ipv6: true,
  },
  controlPlane: { version: '1.35', zones: ['eu-west-1a', 'eu-west-1b', 'eu-west-1c'], ipFamily: 'ipv6' },
  nodeGroups: {
    general: {
      zones: ['eu-west-1a', 'eu-west-1b', 'eu-west-1c'],
      instanceTypes: ['m7g.xlarge'],
      scaling: { min: 3, max: 30 },
    },
  },
  access: {
    grants: { 'break-glass': { principal: 'arn:aws:iam::111122223333:role/BreakGlass', can: 'cluster-admin' } },
  },
};
