import type { PlatformConfig } from '../lib/platform-config';

/** No nodes at all: CoreDNS and the workloads run on Fargate, and so does their log router. */
export const fargate: PlatformConfig = {
  env: { account: '111122223333', region: 'eu-west-1' },
  network: { cidr: '10.2.0.0/18', zones: { 'eu-west-1a': {}, 'eu-west-1b': {} }, nat: 'per-zone' },
  controlPlane: { version: '1.35', zones: ['eu-west-1a', 'eu-west-1b'] },
  fargateProfiles: {
    system: { zones: ['eu-west-1a', 'eu-west-1b'], selectors: [{ namespace: 'kube-system' }] },
    shop: { zones: ['eu-west-1a', 'eu-west-1b'], selectors: [{ namespace: 'shop-*', labels: { tier: 'web' } }] },
  },
  logs: {},
  access: {
    grants: { 'break-glass': { principal: 'arn:aws:iam::111122223333:role/BreakGlass', can: 'cluster-admin' } },
  },
};
