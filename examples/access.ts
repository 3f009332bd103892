import type { PlatformConfig } from '../lib/platform-config';

/** Every kind of grant, and roles of one's own: access entries for people, aws-auth for a tool that has not moved yet. */
export const access: PlatformConfig = {
  env: { account: '111122223333', region: 'eu-west-1' },
  network: { cidr: '10.5.0.0/18', zones: { 'eu-west-1a': {}, 'eu-west-1b': {} }, nat: 'single' },
  controlPlane: { version: '1.35', zones: ['eu-west-1a', 'eu-west-1b'] },
  nodeGroups: {
    system: {
      zones: ['eu-west-1a', 'eu-west-1b'],
      instanceTypes: ['m7g.large'],
      scaling: { min: 2, max: 4 },
    },
  },
  access: {
    authenticationMode: 'API_AND_CONFIG_MAP',
    // what `npx hajime access resolve` finds; a platform of config/ takes it from config/sso.json
    sso: {
      accounts: {
        '111122223333': {
          Developers:
            'arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Developers_0123456789abcdef',
        },
      },
    },
    grants: {
      // for the day everything else fails: a policy, which depends on nothing inside the cluster
      'break-glass': { principal: 'arn:aws:iam::111122223333:role/BreakGlass', can: 'cluster-admin' },
      // people of IAM Identity Center, in every namespace that begins so
      developers: { permissionSet: 'Developers', can: 'edit', namespaces: ['shop', 'shop-*'] },
      // the Kubernetes role itself: evicts pods, and gives others what it has
      'release-engineers': {
        principal: 'arn:aws:iam::111122223333:role/ReleaseEngineers',
        can: 'admin',
        namespaces: ['shop'],
        via: 'groups',
      },
      auditors: { principal: 'arn:aws:iam::111122223333:user/audit/Mei', can: 'read-all' },
      // not moved yet: a line of aws-auth, with the rights of the binding below
      deployers: { principal: 'arn:aws:iam::111122223333:role/ci/Deployers', renderAs: 'aws-auth' },
    },
    // nodes that EKS makes no entry for
    nodeRoles: { karpenter: { principal: 'arn:aws:iam::111122223333:role/KarpenterNodes', type: 'EC2_LINUX' } },
    // `npx hajime access manifests` writes these for the Kubernetes layer
    rbac: {
      clusterRoles: {
        // whoever has `edit` as a role, not as a policy, may edit the custom resource too
        'widgets-edit': {
          aggregateTo: ['edit'],
          rules: [
            {
              apiGroups: ['shop.example.com'],
              resources: ['widgets'],
              verbs: ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'],
            },
          ],
        },
      },
      roles: {
        restarter: {
          namespaces: ['shop', 'till'],
          rules: [{ apiGroups: ['apps'], resources: ['deployments'], verbs: ['get', 'patch'] }],
        },
      },
      bindings: {
        'deployers-edit': { clusterRole: 'edit', namespaces: ['shop'], grants: ['deployers'] },
        'deployers-restart': { role: 'restarter', namespaces: ['till'], grants: ['deployers'] },
      },
    },
  },
};
