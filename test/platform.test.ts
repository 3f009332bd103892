import * as cdk from 'aws-cdk-lib';
import { platforms } from '../config';
import { examples } from '../examples';
import { Platform } from '../lib/platform';
import type { NetworkSettings } from '../lib/network/network-settings';
import type { PlatformConfig } from '../lib/platform-config';
import cdkJson from '../cdk.json';
import { brokenEdges, clusterWaitsForEgress, EDGES } from './order';
import { resourcesOf, synthesize, type SynthesizedStack } from './synthesized';

const all: Readonly<Record<string, PlatformConfig>> = { ...platforms, ...examples };
const stacksOf = Object.fromEntries(Object.entries(all).map(([name, config]) => [name, synthesize(name, config)]));
const of = (name: string): Readonly<Record<string, SynthesizedStack>> => {
  const stacks = stacksOf[name];
  if (stacks === undefined) throw new Error(`no platform ${name}`);
  return stacks;
};

describe.each(Object.keys(all))('%s', (name) => {
  test('its templates are as reviewed', () => {
    const templates = Object.fromEntries(Object.entries(of(name)).map(([id, { template }]) => [id, template]));
    // the function's bundle has another hash with every version of a library in it
    expect(JSON.parse(JSON.stringify(templates).replace(/[0-9a-f]{64}/g, '<asset>'))).toMatchSnapshot();
  });

  test('deploys in the right order', () => {
    expect(brokenEdges(of(name))).toEqual([]);
    expect(clusterWaitsForEgress(of(name))).toBe(false);
  });

  test('two synths give the same bytes', () => {
    const again = synthesize(name, all[name] ?? platforms.dev!); // the key comes from `all` itself
    expect(JSON.stringify(again)).toBe(JSON.stringify(of(name)));
  });

  test('asks nothing of the account at synth', () => {
    expect(Object.values(of(name)).map(({ missing }) => missing)).toEqual(Object.values(of(name)).map(() => 0));
  });

  test('has no stack without resources', () => {
    for (const { template } of Object.values(of(name)))
      expect(Object.keys(template.Resources).length).toBeGreaterThan(1);
  });

  test('a node has one security group with the cluster tag, the one EKS makes', () => {
    // two of them, and the load balancer controller refuses to choose
    expect(JSON.stringify(of(name))).not.toContain('"kubernetes.io/cluster/');
    for (const { Properties } of resourcesOf(of(name), 'AWS::EC2::LaunchTemplate')) {
      const data = Properties?.LaunchTemplateData as Record<string, unknown>;
      expect([data.SecurityGroupIds, data.NetworkInterfaces]).toEqual([undefined, undefined]);
    }
  });

  test("the VPC's default security group is used by nothing", () => {
    // what is given no group of its own would be given that one
    for (const { Properties } of resourcesOf(of(name), 'AWS::Lambda::Function')) {
      // those of the log pipeline are in no VPC
      const network = Properties?.VpcConfig as { SecurityGroupIds: unknown[] } | undefined;
      if (network !== undefined) expect(network.SecurityGroupIds).toHaveLength(1);
    }
    for (const { Properties } of resourcesOf(of(name), 'AWS::EC2::VPCEndpoint'))
      if (Properties?.VpcEndpointType === 'Interface') expect(Properties.SecurityGroupIds).toHaveLength(1);
    expect(JSON.stringify(of(name))).not.toContain('DefaultSecurityGroup');
  });

  test('has no cluster behind a custom resource', () => {
    expect(resourcesOf(of(name), /^Custom::(?!KotohajimeAwsAuth)/)).toEqual([]);
    expect(resourcesOf(of(name), 'AWS::EKS::Cluster')).toHaveLength(1);
  });

  test('its cross-stack references are strong', () => {
    expect(JSON.stringify(of(name))).not.toContain('Fn::GetStackOutput');
  });
});

test.each<[string, PlatformConfig['cni']]>([
  ['prefixes off', { networkPolicy: true }],
  ['security groups of pods', { prefixDelegation: true, networkPolicy: true, podSecurityGroups: {} }],
  ['pod subnets', { prefixDelegation: true, networkPolicy: true, customNetworking: { cidrs: ['100.64.0.0/16'] } }],
])('another CNI mode, %s, rolls the node groups after the add-on', (_, cni) => {
  const before = of('dev');
  const after = synthesize('dev', { ...platforms.dev!, cni });
  const templates = (stacks: typeof before): unknown =>
    resourcesOf(stacks, 'AWS::EC2::LaunchTemplate').map(({ Properties }) => Properties);
  expect(templates(after)).not.toEqual(templates(before));
  // and a setting that running nodes take up by themselves does not
  const warmer = synthesize('dev', { ...platforms.dev!, cni: { ...platforms.dev!.cni, warmPrefixTarget: 2 } });
  expect(templates(warmer)).toEqual(templates(before));
  expect(after.Nodes?.waitsFor).toContain('Cluster');
});

test('pod subnets, the label that chooses them and fewer pods come of one property', () => {
  const cni = { customNetworking: { cidrs: ['100.64.0.0/16'] } };
  const stacks = synthesize('dev', { ...platforms.dev!, cni });
  const subnets = Object.entries(stacks.Network!.template.Resources).filter(([id]) => id.includes('pods'));
  expect(subnets.filter(([, { Type }]) => Type === 'AWS::EC2::Subnet')).toHaveLength(2);
  const addon = resourcesOf(stacks, 'AWS::EKS::Addon').find(({ Properties }) => Properties?.AddonName === 'vpc-cni')!;
  const configuration = JSON.stringify(addon.Properties?.ConfigurationValues);
  for (const part of ['AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG', 'ENI_CONFIG_LABEL_DEF', 'eniConfig', 'ap-northeast-1c'])
    expect(configuration).toContain(part);
  const [template] = resourcesOf(stacks, 'AWS::EC2::LaunchTemplate');
  const { UserData } = template?.Properties?.LaunchTemplateData as { UserData: string };
  expect(Buffer.from(UserData, 'base64').toString()).toContain('maxPods: 20\n');
  expect(resourcesOf(stacks, /^Custom::|Lambda/).length).toBe(resourcesOf(of('dev'), /^Custom::|Lambda/).length);
});

test('strong references are what cdk.json asks for', () => {
  expect(cdkJson.context['@aws-cdk/core:defaultCrossStackReferences']).toBe('strong');
});

describe('the order test itself', () => {
  /** Takes one dependency out of a synthesized platform, by stack or by resource. */
  function without(stacks: Readonly<Record<string, SynthesizedStack>>, edge: string): Record<string, SynthesizedStack> {
    const copy = JSON.parse(JSON.stringify(stacks)) as Record<
      string,
      { waitsFor: string[]; template: { Resources: Record<string, { Type: string; DependsOn?: string[] }> } }
    >;
    const cut: Record<string, () => void> = {
      'vpc-cni before nodes': () => dropStack('Nodes', 'Cluster'),
      'kube-proxy before nodes': () => dropStack('Nodes', 'Cluster'),
      'pod identity agent before nodes': () => dropStack('Nodes', 'Cluster'),
      'pod identity agent before vpc-cni': () => dropDependency('Cluster', 'any', 'PodIdentityAgent'),
      'nodes before CoreDNS': () => dropDependency('Nodes', 'AWS::EKS::Addon', 'NodeGroups'),
      'NAT routes before nodes': () => dropStack('Nodes', 'Egress'),
      'log group before the cluster': () => dropDependency('Cluster', 'AWS::EKS::Cluster', 'Logs'),
      "the writer's access entry before its first write": () =>
        dropDependency('Platform', 'Custom::KotohajimeAwsAuth', 'WriterAccess'),
      'the way into the API before the first write': () =>
        dropDependency('Platform', 'Custom::KotohajimeAwsAuth', 'WriterToApi'),
    };
    function dropStack(from: string, on: string): void {
      const stack = copy[from];
      if (stack !== undefined) stack.waitsFor = stack.waitsFor.filter((each) => each !== on);
    }
    function dropDependency(from: string, type: string, on: string): void {
      for (const resource of Object.values(copy[from]?.template.Resources ?? {})) {
        if (type === 'any' || resource.Type === type)
          resource.DependsOn = resource.DependsOn?.filter((each) => !each.includes(on));
      }
    }
    cut[edge]?.();
    return copy as unknown as Record<string, SynthesizedStack>;
  }

  test.each(Object.keys(EDGES))('fails when "%s" is taken away', (edge) => {
    expect(brokenEdges(without(of('dev'), edge))).toContain(edge);
  });
});

describe('Lambdas and custom resources', () => {
  const withoutLogs = ({ Logs: _, ...others }: Readonly<Record<string, SynthesizedStack>>): typeof others => others;

  test('a platform with access entries only has none, but for its log pipeline', () => {
    const code = /^(Custom::|AWS::CloudFormation::CustomResource|AWS::Lambda::)/;
    expect(resourcesOf(withoutLogs(of('prod')), code)).toEqual([]);
    expect(resourcesOf(of('private'), code)).toEqual([]);
  });

  test('grants in aws-auth bring one function', () => {
    expect(resourcesOf(withoutLogs(of('dev')), 'AWS::Lambda::Function')).toHaveLength(1);
    expect(resourcesOf(of('dev'), /^Custom::/)).toHaveLength(1);
  });
});

test('stateful logical ids are a contract', () => {
  const stateful =
    /^AWS::(EC2::(VPC|Subnet|EIP)|EKS::Cluster|KMS::Key|Logs::LogGroup|IAM::Role|S3::Bucket|KinesisFirehose::DeliveryStream|AppConfig::(Application|Environment|ConfigurationProfile))$/;
  const ids = Object.values(of('dev')).flatMap(({ id, template }) =>
    Object.entries(template.Resources)
      .filter(([, { Type }]) => stateful.test(Type))
      .map(([logicalId, { Type }]) => `${id.padEnd(9)}${Type.padEnd(38)}${logicalId}`),
  );
  expect(ids).toMatchInlineSnapshot(`
   [
     "Logs     AWS::S3::Bucket                       LogsBuckets0706B68A",
     "Logs     AWS::AppConfig::Application           LogsRulesApplication589914BD",
     "Logs     AWS::IAM::Role                        LogsRulesMonitorRole8D89AB3D",
     "Logs     AWS::AppConfig::Environment           LogsRulesEnvironment5FA20209",
     "Logs     AWS::Logs::LogGroup                   LogsRulesValidatorLogsDD219102",
     "Logs     AWS::IAM::Role                        LogsRulesValidatorRoleCA0A27BE",
     "Logs     AWS::AppConfig::ConfigurationProfile  LogsRulesA754E605",
     "Logs     AWS::Logs::LogGroup                   LogsFilterHotCopy7ECF83FF",
     "Logs     AWS::Logs::LogGroup                   LogsFilterLogs1179F9F8",
     "Logs     AWS::IAM::Role                        LogsFilterRoleB404429F",
     "Logs     AWS::IAM::Role                        LogsDeliveryRoleC28E05CD",
     "Logs     AWS::Logs::LogGroup                   LogsDeliveryErrorsC0FA6F7A",
     "Logs     AWS::KinesisFirehose::DeliveryStream  LogsDeliveryStreamD67E589D",
     "Logs     AWS::KinesisFirehose::DeliveryStream  LogsDeliveryUnparsedD179877B",
     "Logs     AWS::Logs::LogGroup                   LogsWatchLogsA432A118",
     "Logs     AWS::IAM::Role                        LogsWatchRole03C580AC",
     "Logs     AWS::Logs::LogGroup                   LogsFailedLog996ED457",
     "Network  AWS::EC2::VPC                         NetworkVpcFAC8F4A5",
     "Network  AWS::EC2::Subnet                      Networkpublicapnortheast1aSubnet02D480DE",
     "Network  AWS::EC2::Subnet                      Networkpublicapnortheast1cSubnetB8BD84E3",
     "Network  AWS::EC2::Subnet                      Networknodesapnortheast1aSubnet07197172",
     "Network  AWS::EC2::Subnet                      Networknodesapnortheast1cSubnet5F01B605",
     "Network  AWS::EC2::Subnet                      Networkcontrolplaneapnortheast1aSubnetD735EBB2",
     "Network  AWS::EC2::Subnet                      Networkcontrolplaneapnortheast1cSubnet7B771C32",
     "Network  AWS::Logs::LogGroup                   NetworkFlowLogGroup4F8CEEEF",
     "Network  AWS::IAM::Role                        NetworkFlowLogIAMRoleF1E78E9D",
     "Cluster  AWS::KMS::Key                         ControlPlaneSecretsKey72FED211",
     "Cluster  AWS::IAM::Role                        ControlPlaneRoleC1F9F2DA",
     "Cluster  AWS::Logs::LogGroup                   ControlPlaneLogs565FD5C2",
     "Cluster  AWS::EKS::Cluster                     ControlPlaneE65BD0FC",
     "Cluster  AWS::IAM::Role                        VpcCniAddonRoleE0245B8B",
     "Cluster  AWS::IAM::Role                        NodeRoleB5643E21",
     "Egress   AWS::EC2::EIP                         EgressNatAddressapnortheast1aF6D0A2B7",
     "Platform AWS::IAM::Role                        AwsAuthWriterRole43421AAA",
     "Platform AWS::Logs::LogGroup                   AwsAuthWriterLogs8C1F291C",
     "Platform AWS::IAM::Role                        LogAgentsRole63527CC3",
   ]
  `);
});

test('prod is protected against deletion and keeps its key and logs', () => {
  const stacks = of('prod');
  expect(Object.values(stacks).every(({ terminationProtection }) => terminationProtection)).toBe(true);
  expect(resourcesOf(stacks, 'AWS::EKS::Cluster')[0]?.Properties?.DeletionProtection).toBe(true);
  const retained = Object.values(stacks).flatMap(({ template }) =>
    Object.entries(template.Resources)
      .filter(([, { DeletionPolicy }]) => DeletionPolicy === 'Retain')
      .map(([id, { Type }]) => `${Type} ${id}`),
  );
  expect(retained).toMatchInlineSnapshot(`
   [
     "AWS::S3::Bucket LogsBuckets0706B68A",
     "AWS::S3::Bucket LogsBucketsArchive876209F3",
     "AWS::AppConfig::Application LogsRulesApplication589914BD",
     "AWS::AppConfig::ConfigurationProfile LogsRulesA754E605",
     "AWS::Logs::LogGroup LogsFilterHotCopy7ECF83FF",
     "AWS::Logs::LogGroup NetworkFlowLogGroup4F8CEEEF",
     "AWS::KMS::Key ControlPlaneSecretsKey72FED211",
     "AWS::Logs::LogGroup ControlPlaneLogs565FD5C2",
   ]
  `);
});

describe('adding or removing one entry leaves the others alone', () => {
  const base = platforms.dev as PlatformConfig;
  const resources = (config: PlatformConfig): Map<string, string> =>
    new Map(
      Object.values(synthesize('dev', config)).flatMap(({ id, template }) =>
        Object.entries(template.Resources).map(([logicalId, resource]): [string, string] => [
          `${id}/${logicalId}`,
          JSON.stringify(resource),
        ]),
      ),
    );
  const before = resources(base);
  const changed = (after: Map<string, string>): string[] =>
    [...before].filter(([id, text]) => after.get(id) !== text).map(([id]) => id);

  test('a zone', () => {
    const zones = { 'ap-northeast-1a': {}, 'ap-northeast-1b': {}, 'ap-northeast-1c': {} };
    const after = resources({ ...base, network: { ...(base.network as NetworkSettings), zones } });
    // gateway endpoints list all route tables; the writer's function may use the new zone
    expect(changed(after).filter((id) => !/Gateway-?(s3|dynamodb)|AwsAuthWriter|CDKMetadata/.test(id))).toEqual([]);
  });

  test('a node group', () => {
    const batch = { zones: ['ap-northeast-1a'], instanceTypes: ['c7g.large'], scaling: { min: 0, max: 2 } };
    const after = resources({ ...base, nodeGroups: { ...base.nodeGroups, batch } });
    expect(changed(after).map((id) => id.replace(/[0-9A-F]{8}$/, ''))).toEqual(['Nodes/Addonscoredns']);
  });

  test('the log pipeline', () => {
    const { logs: _, ...without } = base;
    const [some, none] = [resources({ ...without, logs: {} }), resources(without)];
    const changedBy = [...none].filter(([id, text]) => some.get(id) !== text).map(([id]) => id);
    expect(changedBy).toEqual([]);
    const added = [...some.keys()].filter((id) => !none.has(id) && !id.startsWith('Logs/'));
    expect(added.map((id) => id.replace(/[0-9A-F]{8}$/, ''))).toEqual([
      'Platform/LogAgentsRole',
      'Platform/LogAgentsMayDeliver',
      'Platform/LogAgents',
    ]);
  });

  test('a grant', () => {
    const grants = {
      ...base.access.grants,
      audit: { principal: 'arn:aws:iam::111122223333:role/Audit', can: 'view' as const },
    };
    expect(changed(resources({ ...base, access: { ...base.access, grants } }))).toEqual([]);
  });
});

test('a platform with mistakes throws all of them and makes nothing', () => {
  const app = new cdk.App();
  const config = { ...platforms.dev, env: { account: '1', region: 'tokyo' } } as PlatformConfig;
  expect(() => new Platform(app, 'broken', config)).toThrow(
    'broken is not valid:\n' +
      '  `env.account` must be an AWS account id of twelve digits, in quotes, got "1"\n' +
      '  `env.region` must be an AWS region, got "tokyo"; such as "ap-northeast-1"',
  );
});
