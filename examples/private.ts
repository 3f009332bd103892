import type { PlatformConfig } from '../lib/platform-config';

/** No way to the internet: every service that nodes and add-ons call has an endpoint in the VPC, and no more. */
export const privateOnly: PlatformConfig = {
  env: { account: '111122223333', region: 'eu-central-1' },
  network: {
    cidr: '10.3.0.0/16',
    zones: { 'eu-central-1a': {}, 'eu-central-1b': {}, 'eu-central-1c': {} },
    nat: 'none',
    interfaceEndpoints: ['ec2', 'ecr.api', 'ecr.dkr', 'eks', 'eks-auth', 'sts', 'logs'],
    flowLog: { destination: 's3', retentionDays: 400 },
  },
  controlPlane: { version: '1.35', zones: ['eu-central-1a', 'eu-central-1b'], serviceIpv4Cidr: '10.100.0.0/16' },
  cni: { networkPolicy: { eventLogs: true, cloudWatchLogs: true } },
  nodeGroups: {
    general: {
      zones: ['eu-central-1a', 'eu-central-1b', 'eu-central-1c'],
      instanceTypes: ['m7i.large', 'm6i.large'],
      amiType: 'BOTTLEROCKET_x86_64',
      scaling: { min: 3, max: 9 },
    },
  },
  access: {
    grants: { 'break-glass': { principal: 'arn:aws:iam::111122223333:role/BreakGlass', can: 'cluster-admin' } },
  },
  addons: { 'aws-ebs-csi-driver': {} },
};
