import type { PlatformConfig } from '../lib/platform-config';

/** In a VPC that somebody else looks after, by its ids: no stack of ours changes it. */
export const existingVpc: PlatformConfig = {
  env: { account: '111122223333', region: 'eu-west-1' },
  network: {
    vpcId: 'vpc-0a1b2c3d4e5f60718',
    cidr: '10.6.0.0/16',
    zones: {
      'eu-west-1a': {
        nodes: { subnetId: 'subnet-0a1b2c3d4e5f60701', cidr: '10.6.0.0/19' },
        'control-plane': { subnetId: 'subnet-0a1b2c3d4e5f60702', cidr: '10.6.128.0/28' },
      },
      'eu-west-1b': {
        nodes: { subnetId: 'subnet-0a1b2c3d4e5f60703', cidr: '10.6.32.0/19' },
        'control-plane': { subnetId: 'subnet-0a1b2c3d4e5f60704', cidr: '10.6.128.16/28' },
      },
    },
    internet: true,
  },
  controlPlane: { version: '1.35', zones: ['eu-west-1a', 'eu-west-1b'] },
  nodeGroups: {
    general: { zones: ['eu-west-1a', 'eu-west-1b'], instanceTypes: ['m7g.large'], scaling: { min: 2, max: 6 } },
  },
  access: {
    grants: { 'break-glass': { principal: 'arn:aws:iam::111122223333:role/BreakGlass', can: 'cluster-admin' } },
  },
};
