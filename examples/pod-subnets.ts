import type { PlatformConfig } from '../lib/platform-config';

/**
 * Twenty thousand pods beside a small VPC: pods have a range and subnets of their own, in /28 prefixes, and the nodes'
 * range stays free for nodes and load balancers.
 */
export const podSubnets: PlatformConfig = {
  env: { account: '111122223333', region: 'ap-northeast-1' },
  network: {
    cidr: '10.4.0.0/20',
    // by id, which means the same place in every account
    zones: { 'apne1-az1': {}, 'apne1-az2': {}, 'apne1-az4': {} },
    nat: 'regional',
  },
  controlPlane: { version: '1.35', zones: ['apne1-az1', 'apne1-az2', 'apne1-az4'] },
  cni: {
    prefixDelegation: true,
    customNetworking: { cidrs: ['100.64.0.0/16'] },
    podSecurityGroups: { enforcingMode: 'standard' },
  },
  nodeGroups: {
    general: {
      zones: ['apne1-az1', 'apne1-az2', 'apne1-az4'],
      instanceTypes: ['m7g.2xlarge'],
      scaling: { min: 3, max: 189 },
    },
  },
  access: {
    grants: { 'break-glass': { principal: 'arn:aws:iam::111122223333:role/BreakGlass', can: 'cluster-admin' } },
  },
};
