import { Match, Template } from 'aws-cdk-lib/assertions';
import { Addon } from '../../lib/addons/addon';
import { ADDON_VERSIONS, pinnedAddonVersion } from '../../lib/addons/versions';
import { CORE_ADDONS } from '../../lib/addons/catalog';
import { KUBERNETES_VERSIONS } from '../../lib/cluster/kubernetes-versions';
import { VpcCni } from '../../lib/cni/vpc-cni';
import { toConfiguration, type VpcCniSettings } from '../../lib/cni/vpc-cni-settings';
import { fixture } from '../fixture';

test('the CNI has a role of its own that only its pods can take', () => {
  const { stack, cluster } = fixture();
  new VpcCni(stack, 'VpcCni', { cluster, addonVersion: 'v1.21.1-eksbuild.1' });
  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::EKS::Addon', {
    AddonName: 'vpc-cni',
    AddonVersion: 'v1.21.1-eksbuild.1',
    ResolveConflicts: 'OVERWRITE',
    ConfigurationValues: Match.absent(),
    PodIdentityAssociations: [{ ServiceAccount: 'aws-node' }],
  });
  template.hasResourceProperties('AWS::IAM::Role', {
    AssumeRolePolicyDocument: {
      Statement: [{ Action: ['sts:AssumeRole', 'sts:TagSession'], Principal: { Service: 'pods.eks.amazonaws.com' } }],
    },
  });
});

test.each<[VpcCniSettings, unknown]>([
  [{}, undefined],
  [{ prefixDelegation: true }, { env: { ENABLE_PREFIX_DELEGATION: 'true' } }],
  [{ warmEniTarget: 2 }, { env: { WARM_ENI_TARGET: '2' } }],
  [{ warmIpTarget: 0, minimumIpTarget: 5 }, { env: { WARM_IP_TARGET: '0', MINIMUM_IP_TARGET: '5' } }],
  [{ warmPrefixTarget: 1 }, { env: { WARM_PREFIX_TARGET: '1' } }],
  [{ networkPolicy: true }, { enableNetworkPolicy: 'true' }],
  [
    { externalSnat: true, logLevel: 'INFO' },
    { env: { AWS_VPC_K8S_CNI_EXTERNALSNAT: 'true', AWS_VPC_K8S_CNI_LOGLEVEL: 'INFO' } },
  ],
])('%j becomes %j', (settings, configuration) => {
  expect(toConfiguration(settings)).toEqual(configuration);
});

test('a setting the CNI would ignore is refused', () => {
  const { stack, cluster } = fixture();
  expect(
    () => new VpcCni(stack, 'VpcCni', { cluster, addonVersion: 'v1.21.1-eksbuild.1', warmPrefixTarget: 1 }),
  ).toThrow('Theirs/VpcCni is not valid:\n  `warmPrefixTarget` has no effect without `prefixDelegation: true`, got 1');
});

describe('Addon', () => {
  test('without calls of AWS it has no role', () => {
    const { stack, cluster } = fixture();
    expect(
      new Addon(stack, 'KubeProxy', { cluster, addonName: 'kube-proxy', addonVersion: 'v1.35.0-eksbuild.2' }).role,
    ).toBeUndefined();
    Template.fromStack(stack).resourceCountIs('AWS::IAM::Role', 0);
  });

  test('its settings are handed over as JSON', () => {
    const { stack, cluster } = fixture();
    new Addon(stack, 'CoreDns', {
      cluster,
      addonName: 'coredns',
      addonVersion: 'v1.13.2-eksbuild.3',
      configuration: { replicaCount: 3 },
    });
    Template.fromStack(stack).hasResourceProperties('AWS::EKS::Addon', { ConfigurationValues: '{"replicaCount":3}' });
  });

  test.each(['1.35', 'latest', 'v1.21.1', 'v1.21.1-eksbuild'])('the version %s is refused', (addonVersion) => {
    const { stack, cluster } = fixture();
    expect(() => new Addon(stack, 'X', { cluster, addonName: 'coredns', addonVersion })).toThrow(
      `\`addonVersion\` must be an exact add-on version, got "${addonVersion}"; such as "v1.21.1-eksbuild.1"`,
    );
  });

  test('every known minor pins every core add-on', () => {
    expect(Object.keys(ADDON_VERSIONS)).toEqual(Object.keys(KUBERNETES_VERSIONS));
    for (const minor of Object.keys(KUBERNETES_VERSIONS)) {
      for (const name of CORE_ADDONS) expect(pinnedAddonVersion(name, minor)).toMatch(/^v\d+\.\d+\.\d+-eksbuild\.\d+$/);
    }
  });
});
