import type { PlatformConfig } from '../lib/platform-config';

/** Small and cheap: one NAT gateway, two zones, deleted without leaving anything. */
export const dev: PlatformConfig = {
  env: { account: '111122223333', region: 'ap-northeast-1' },
  network: {
    cidr: '10.0.0.0/16',
    zones: { 'ap-northeast-1a': {}, 'ap-northeast-1c': {} },
    nat: 'single',
    retainOnDelete: false,
  },
  controlPlane: {
    version: '1.35',
    zones: ['ap-northeast-1a', 'ap-northeast-1c'],
    logRetentionDays: 30,
    deletionProtection: false,
    retainOnDelete: false,
  },
  cni: { prefixDelegation: true, networkPolicy: true },
  nodeGroups: {
    system: {
      zones: ['ap-northeast-1a', 'ap-northeast-1c'],
      instanceTypes: ['m7g.large'],
      scaling: { min: 2, max: 4 },
    },
  },
  // the rules are in config/logs/dev.yaml and change without a deploy
  logs: { retainOnDelete: false },
  access: {
    // access entries for people, one line in aws-auth for the deployers: the mapping both ways at work
    authenticationMode: 'API_AND_CONFIG_MAP',
    grants: {
      'break-glass': { principal: 'arn:aws:iam::111122223333:role/BreakGlass', can: 'cluster-admin' },
      'shop-developers': {
        principal:
          'arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/ap-northeast-1/AWSReservedSSO_Dev_0123456789abcdef',
        can: 'edit',
        namespaces: ['shop', 'shop-staging'],
      },
      deployers: {
        principal: 'arn:aws:iam::111122223333:role/ci/Deployers',
        groups: ['deployers'],
        renderAs: 'aws-auth',
      },
    },
  },
};
