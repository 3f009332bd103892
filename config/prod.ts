import type { PlatformConfig } from '../lib/platform-config';

/** Three zones with a NAT gateway each, access entries only, protected against deletion. */
export const prod: PlatformConfig = {
  env: { account: '444455556666', region: 'ap-northeast-1' },
  network: {
    cidr: '10.1.0.0/16',
    zones: { 'ap-northeast-1a': {}, 'ap-northeast-1c': {}, 'ap-northeast-1d': {} },
    nat: 'per-zone',
    interfaceEndpoints: ['ecr.api', 'ecr.dkr', 'sts'],
    flowLog: { retentionDays: 365 },
  },
  controlPlane: {
    version: '1.35',
    zones: ['ap-northeast-1a', 'ap-northeast-1c', 'ap-northeast-1d'],
    logRetentionDays: 365,
    deletionProtection: true,
  },
  cni: { prefixDelegation: true, networkPolicy: true, warmPrefixTarget: 1 },
  nodeGroups: {
    system: {
      zones: ['ap-northeast-1a', 'ap-northeast-1c', 'ap-northeast-1d'],
      instanceTypes: ['m7g.large'],
      scaling: { min: 3, max: 6 },
    },
    services: {
      zones: ['ap-northeast-1a', 'ap-northeast-1c', 'ap-northeast-1d'],
      instanceTypes: ['m7g.2xlarge', 'm6g.2xlarge'],
      scaling: { min: 3, desired: 6, max: 30 },
      diskSizeGiB: 100,
      maxUnavailable: 2,
    },
  },
  // the rules are in config/logs/prod.yaml and change without a deploy
  logs: { archive: 'dropped-too', hotRetentionDays: 30, expectedGbPerDay: 40 },
  access: {
    authenticationMode: 'API',
    grants: {
      'break-glass': { principal: 'arn:aws:iam::444455556666:role/BreakGlass', can: 'cluster-admin' },
      platform: { principal: 'arn:aws:iam::444455556666:role/PlatformEngineers', can: 'admin' },
      'on-call': { principal: 'arn:aws:iam::444455556666:role/OnCall', can: 'view' },
    },
  },
  addons: { 'aws-ebs-csi-driver': {} },
};
