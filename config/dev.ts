import type { PlatformConfig } from '../lib/platform-config';
import sso from './sso.json';

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
    sso, // the roles of permission sets, as `npx hajime access resolve` found them
    grants: {
      'break-glass': { principal: 'arn:aws:iam::111122223333:role/BreakGlass', can: 'cluster-admin' },
      'shop-developers': { permissionSet: 'Dev', can: 'edit', namespaces: ['shop', 'shop-staging'] },
      deployers: {
        principal: 'arn:aws:iam::111122223333:role/ci/Deployers',
        groups: ['deployers'],
        renderAs: 'aws-auth',
      },
    },
    rbac: {
      // `npx hajime access manifests` writes them to k8s/rbac/dev/grants.yaml
      bindings: { deployers: { clusterRole: 'edit', namespaces: ['shop', 'shop-staging'], groups: ['deployers'] } },
    },
  },
};
