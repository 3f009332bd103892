import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { ControlPlane, type ControlPlaneProps } from '../../lib/cluster/control-plane';
import { compareMinors, knownMinors, KUBERNETES_VERSIONS } from '../../lib/cluster/kubernetes-versions';
import { fixture } from '../fixture';

function synthesized(changes: Partial<ControlPlaneProps> = {}): { template: Template; annotations: Annotations } {
  const { stack, vpc, subnets } = fixture();
  new ControlPlane(stack, 'ControlPlane', { clusterName: 'shop', version: '1.35', vpc, subnets, ...changes });
  return { template: Template.fromStack(stack), annotations: Annotations.fromStack(stack) };
}

test('by default it is private, encrypted, logged, protected and nobody is administrator by birth', () => {
  synthesized().template.hasResourceProperties('AWS::EKS::Cluster', {
    Name: 'shop',
    AccessConfig: { AuthenticationMode: 'API', BootstrapClusterCreatorAdminPermissions: false },
    BootstrapSelfManagedAddons: false,
    DeletionProtection: true,
    EncryptionConfig: [{ Resources: ['secrets'] }],
    KubernetesNetworkConfig: { IpFamily: 'ipv4', ServiceIpv4Cidr: '172.20.0.0/16' },
    Logging: {
      ClusterLogging: {
        EnabledTypes: ['api', 'audit', 'authenticator', 'controllerManager', 'scheduler'].map((Type) => ({ Type })),
      },
    },
    ResourcesVpcConfig: {
      EndpointPrivateAccess: true,
      EndpointPublicAccess: false,
      PublicAccessCidrs: Match.absent(),
      SubnetIds: ['subnet-a', 'subnet-b'],
    },
    UpgradePolicy: { SupportType: 'STANDARD' },
    ZonalShiftConfig: { Enabled: true },
  });
});

test('its logs go to a group that is there before it, kept 90 days', () => {
  const { template } = synthesized();
  template.hasResource('AWS::Logs::LogGroup', {
    DeletionPolicy: 'Retain',
    Properties: { LogGroupName: '/aws/eks/shop/cluster', RetentionInDays: 90 },
  });
  const [logGroup = ''] = Object.keys(template.findResources('AWS::Logs::LogGroup'));
  template.hasResource('AWS::EKS::Cluster', { DependsOn: Match.arrayWith([logGroup]) });
});

test('its key rotates and is kept', () => {
  synthesized().template.hasResource('AWS::KMS::Key', {
    DeletionPolicy: 'Retain',
    Properties: { EnableKeyRotation: true },
  });
  synthesized({ retainOnDelete: false }).template.hasResource('AWS::KMS::Key', { DeletionPolicy: 'Delete' });
});

test('every setting reaches the cluster', () => {
  synthesized({
    version: '1.34',
    publicAccessCidrs: ['203.0.113.0/24'],
    serviceIpv4Cidr: '10.100.0.0/16',
    logTypes: ['audit'],
    deletionProtection: false,
    supportType: 'EXTENDED',
    zonalShift: false,
    authenticationMode: 'API_AND_CONFIG_MAP',
  }).template.hasResourceProperties('AWS::EKS::Cluster', {
    Version: '1.34',
    AccessConfig: { AuthenticationMode: 'API_AND_CONFIG_MAP' },
    DeletionProtection: false,
    KubernetesNetworkConfig: { ServiceIpv4Cidr: '10.100.0.0/16' },
    Logging: { ClusterLogging: { EnabledTypes: [{ Type: 'audit' }] } },
    ResourcesVpcConfig: {
      EndpointPublicAccess: true,
      EndpointPrivateAccess: true,
      PublicAccessCidrs: ['203.0.113.0/24'],
    },
    UpgradePolicy: { SupportType: 'EXTENDED' },
    ZonalShiftConfig: { Enabled: false },
  });
});

test.each([
  ['a dot', 'shop.dev'],
  ['a hyphen first', '-shop'],
  ['a line break behind', 'shop\n'],
  ['101 characters', 's'.repeat(101)],
  ['nothing', ''],
])('a cluster name with %s is refused', (_, clusterName) => {
  expect(() => synthesized({ clusterName })).toThrow(
    '`clusterName` must be 1 to 100 letters, digits, hyphens and underscores',
  );
});

test('one zone is not enough', () => {
  const { subnets } = fixture();
  expect(() => synthesized({ subnets: subnets.slice(0, 1) })).toThrow(
    '`subnets` must be in two or three different zones: EKS fixes them when the cluster is made, got ["eu-west-1a"]',
  );
});

test('what is doubtful is a warning', () => {
  synthesized({ publicAccessCidrs: ['0.0.0.0/0'] }).annotations.hasWarning(
    '*',
    Match.stringLikeRegexp('the whole internet'),
  );
  synthesized({ version: '1.99' }).annotations.hasWarning(
    '*',
    Match.stringLikeRegexp(`Kubernetes 1.99 is newer than the newest this project knows \\(${knownMinors().newest}\\)`),
  );
  synthesized().annotations.hasNoWarning('*', Match.anyValue());
});

test('minors are compared by number', () => {
  expect(compareMinors('1.9', '1.35')).toBeLessThan(0);
  // whatever a refresh has written
  const minors = Object.keys(KUBERNETES_VERSIONS).map((minor) => Number(minor.split('.')[1]));
  expect(knownMinors()).toEqual({ oldest: `1.${Math.min(...minors)}`, newest: `1.${Math.max(...minors)}` });
});
