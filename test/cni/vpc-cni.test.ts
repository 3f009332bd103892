import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Addon } from '../../lib/addons/addon';
import { ADDON_VERSIONS, pinnedAddonVersion } from '../../lib/addons/versions';
import { CORE_ADDONS } from '../../lib/addons/catalog';
import { KUBERNETES_VERSIONS } from '../../lib/cluster/kubernetes-versions';
import { VpcCni, type VpcCniProps } from '../../lib/cni/vpc-cni';
import { fixture } from '../fixture';

// one whose schema is kept here: nothing to warn of
const addonVersion = 'v1.15.1-eksbuild.1';

// the CDK prints warnings
beforeEach(() => jest.spyOn(console, 'error').mockImplementation());
afterEach(() => jest.restoreAllMocks());

/** The construct in somebody else's stack. */
function place(props: Partial<VpcCniProps> = {}): { stack: Stack; cni: VpcCni; template: Template } {
  const { stack, cluster } = fixture();
  const cni = new VpcCni(stack, 'VpcCni', { cluster, addonVersion, ...props });
  return { stack, cni, template: Template.fromStack(stack) };
}

/** The one add-on of a template. */
function addonIn(template: Template): { Properties: Record<string, unknown>; DependsOn?: string[] } {
  const [addon] = Object.values(template.findResources('AWS::EKS::Addon'));
  return addon as ReturnType<typeof addonIn>;
}

test('the CNI has a role of its own that only its pods can take', () => {
  const { template } = place();
  template.hasResourceProperties('AWS::EKS::Addon', {
    AddonName: 'vpc-cni',
    AddonVersion: addonVersion,
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

test('its settings are handed over as JSON', () => {
  const { template } = place({ prefixDelegation: true, networkPolicy: true });
  template.hasResourceProperties('AWS::EKS::Addon', {
    ConfigurationValues: '{"enableNetworkPolicy":"true","env":{"ENABLE_PREFIX_DELEGATION":"true"}}',
  });
});

describe('rights', () => {
  const NONE = { ManagedPolicyArns: Match.absent(), Policies: Match.absent() };

  test('on IPv4 they are the policy that AWS manages', () => {
    const { stack, cni, template } = place({ ipFamily: 'ipv4', additionalEniTags: { team: 'shop' } });
    template.resourceCountIs('AWS::IAM::Role', 1);
    template.resourceCountIs('AWS::IAM::Policy', 0);
    template.hasResourceProperties('AWS::IAM::Role', {
      ...NONE,
      ManagedPolicyArns: [{ 'Fn::Join': ['', ['arn:', Match.anyValue(), ':iam::aws:policy/AmazonEKS_CNI_Policy']] }],
    });
    // its place in the tree is its logical id: another would be another role under running nodes
    expect(cni.role?.node.path).toBe('Theirs/VpcCni/Addon/Role');
    expect(stack.resolve(cni.role?.roleArn)).toEqual({ 'Fn::GetAtt': [expect.any(String), 'Arn'] });
  });

  const ALWAYS = [
    'ec2:AssignIpv6Addresses',
    'ec2:DescribeInstanceTypes',
    'ec2:DescribeInstances',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DescribeSecurityGroups',
    'ec2:DescribeSubnets',
    'ec2:DescribeTags',
    'ec2:ModifyNetworkInterfaceAttribute',
  ];
  const FOR_FURTHER_CARDS = [
    'ec2:AttachNetworkInterface',
    'ec2:CreateNetworkInterface',
    'ec2:DeleteNetworkInterface',
    'ec2:DetachNetworkInterface',
    'ec2:UnassignIpv6Addresses',
  ];

  test.each([
    [false, ALWAYS],
    [true, [...ALWAYS, ...FOR_FURTHER_CARDS].sort()],
  ])('on IPv6, with multiNic %s, they are exactly what the CNI calls', (multiNic, actions) => {
    const newer = multiNic ? { addonVersion: 'v1.21.1-eksbuild.1', multiNic } : {};
    const { template } = place({ ipFamily: 'ipv6', ...newer });
    template.resourceCountIs('AWS::IAM::Role', 1);
    template.resourceCountIs('AWS::IAM::Policy', 0);
    template.hasResourceProperties('AWS::IAM::Role', {
      ...NONE,
      AssumeRolePolicyDocument: {
        Statement: [{ Action: ['sts:AssumeRole', 'sts:TagSession'], Principal: { Service: 'pods.eks.amazonaws.com' } }],
      },
      Policies: [
        {
          PolicyDocument: {
            Statement: [
              { Action: actions, Effect: 'Allow', Resource: '*' },
              {
                Action: 'ec2:CreateTags',
                Effect: 'Allow',
                Resource: 'arn:aws:ec2:*:*:network-interface/*',
              },
            ],
          },
        },
      ],
    });
  });

  test.each(['ipv4', 'ipv6'] as const)(
    'on %s policy logs add the right to write them, before the add-on',
    (ipFamily) => {
      const { template } = place({ ipFamily, networkPolicy: { eventLogs: true, cloudWatchLogs: true } });
      const logGroup = 'arn:aws:logs:eu-west-1:111122223333:log-group:/aws/eks/theirs/cluster';
      template.hasResourceProperties('AWS::IAM::Policy', {
        PolicyDocument: {
          Statement: [
            {
              Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
              Effect: 'Allow',
              Resource: [logGroup, `${logGroup}:*`],
            },
            { Action: 'logs:DescribeLogGroups', Effect: 'Allow', Resource: '*' },
          ],
        },
        Roles: [{ Ref: Object.keys(template.findResources('AWS::IAM::Role'))[0] }],
      });
      expect(addonIn(template).DependsOn).toEqual(Object.keys(template.findResources('AWS::IAM::Policy')));
    },
  );

  test('they are those of the partition', () => {
    const { stack, cluster } = fixture('cn-north-1');
    const networkPolicy = { eventLogs: true, cloudWatchLogs: true };
    new VpcCni(stack, 'VpcCni', { cluster, addonVersion, ipFamily: 'ipv6', networkPolicy });
    expect(JSON.stringify(Template.fromStack(stack)).match(/arn:[a-z-]+/g)).toEqual(Array(3).fill('arn:aws-cn'));
  });

  test.each([true, {}, { eventLogs: true }])('with the policy settings %j there is no such right', (networkPolicy) => {
    place({ networkPolicy }).template.resourceCountIs('AWS::IAM::Policy', 0);
  });
});

describe('custom networking', () => {
  const zones = ['eu-west-1a', 'eu-west-1b', 'eu-west-1c'];

  test.each([
    [undefined, undefined],
    [['sg-01234567'], ['sg-01234567']],
  ])('with the groups %j each zone has its subnet', (securityGroupIds, securityGroups) => {
    const { stack, vpc, cluster } = fixture();
    const made = zones.map((zone, index) => [
      zone,
      new ec2.PrivateSubnet(stack, `pods-${zone}`, {
        vpcId: vpc.vpcId,
        availabilityZone: zone,
        cidrBlock: `100.64.${index}.0/24`,
      }),
    ]);
    const podSubnets = Object.fromEntries(made) as Record<string, ec2.PrivateSubnet>;
    new VpcCni(stack, 'VpcCni', {
      cluster,
      addonVersion,
      customNetworking: { cidrs: ['100.64.0.0/16'], securityGroupIds },
      podSubnets,
    });
    const template = Template.fromStack(stack);
    const values = addonIn(template).Properties.ConfigurationValues as { 'Fn::Join': [string, unknown[]] };
    const text = values['Fn::Join'][1].map((part) => (typeof part === 'string' ? part : (part as { Ref: string }).Ref));
    expect(JSON.parse(text.join(''))).toEqual({
      env: { AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: 'true', ENI_CONFIG_LABEL_DEF: 'topology.kubernetes.io/zone' },
      eniConfig: {
        create: true,
        region: 'eu-west-1',
        subnets: Object.fromEntries(
          Object.entries(podSubnets).map(([zone, { subnetId }]) => [
            zone,
            { id: (stack.resolve(subnetId) as { Ref: string }).Ref, ...(securityGroups && { securityGroups }) },
          ]),
        ),
      },
    });
    template.resourcePropertiesCountIs('AWS::EC2::Subnet', {}, 3);
  });

  test('a stack without a region leaves it to CloudFormation', () => {
    const stack = new Stack(new App({ builtinCloudFormationValidation: false }), 'Anywhere');
    const { cluster } = fixture();
    new VpcCni(stack, 'VpcCni', {
      cluster,
      addonVersion,
      customNetworking: { cidrs: ['100.64.0.0/16'] },
      podSubnets: { a: ec2.Subnet.fromSubnetId(stack, 'Pods', 'subnet-1') },
    });
    expect(JSON.stringify(addonIn(Template.fromStack(stack)))).toContain('{"Ref":"AWS::Region"}');
  });

  test.each([undefined, {}])('with the pod subnets %j it is refused', (podSubnets) => {
    expect(() => place({ customNetworking: { cidrs: ['100.64.0.0/16'] }, podSubnets })).toThrow(
      'Theirs/VpcCni is not valid:\n  `podSubnets` must name a subnet for every zone that has nodes, with `customNetworking`: other nodes never get ready, got []',
    );
  });

  test('pod subnets without it are refused; none are none', () => {
    const { stack } = fixture();
    const podSubnets = { 'eu-west-1a': ec2.Subnet.fromSubnetId(stack, 'Pods', 'subnet-1') };
    expect(() => place({ podSubnets })).toThrow(
      '`podSubnets` has no effect without `customNetworking`, got ["eu-west-1a"]; take it out',
    );
    expect(() => place({ podSubnets: {} })).not.toThrow();
  });
});

test('a setting the CNI would ignore is refused', () => {
  expect(() => place({ warmPrefixTarget: 1 })).toThrow(
    'Theirs/VpcCni is not valid:\n  `warmPrefixTarget` has no effect without `prefixDelegation: true`, got 1',
  );
  expect(() => place({ ipFamily: 'ipv6', warmIpTarget: 1 })).toThrow('`warmIpTarget` has no effect on an IPv6 cluster');
  expect(() => place({ subnetDiscovery: true })).toThrow('whose schema has no `env.ENABLE_SUBNET_DISCOVERY`');
});

test('a setting of the wrong form is refused, also from plain JavaScript', () => {
  expect(() => place({ maxEni: 0 })).toThrow('`maxEni` must be a whole number of 1 or more, got 0');
});

test('what is doubtful is a warning with an id', () => {
  const { stack } = place({ ipCooldownSeconds: 0, addonVersion: 'v1.21.1-eksbuild.1' });
  const warnings = Annotations.fromStack(stack).findWarning('*', Match.anyValue());
  expect(warnings.map(({ id, entry }) => [id, entry.data])).toEqual([
    ['/Theirs/VpcCni', expect.stringMatching(/^`ipCooldownSeconds` at 0 .*\[ack: kotohajime:vpc-cni-ip-cooldown\]$/)],
    ['/Theirs/VpcCni', expect.stringMatching(/fetches it \[ack: kotohajime:vpc-cni-schema-unknown\]$/)],
  ]);
});

test('without settings there is nothing to warn of', () => {
  Annotations.fromStack(place().stack).hasNoWarning('*', Match.anyValue());
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
