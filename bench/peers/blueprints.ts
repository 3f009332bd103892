/** The eks-blueprints peer: its own builder on aws-eks-v2, versions given so that it calls nothing at synth. */
import * as cdk from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as eks from 'aws-cdk-lib/aws-eks';
import * as blueprints from '@aws-quickstart/eks-blueprints';

const REGION = 'ap-northeast-1';

async function platform(
  app: cdk.App,
  name: string,
  account: string,
  zones: number,
  natGateways: number,
  groups: string[],
): Promise<void> {
  const clusterProvider = new blueprints.GenericClusterProvider({
    version: eks.KubernetesVersion.of('1.35'),
    clusterName: name,
    endpointAccess: eks.EndpointAccess.PRIVATE,
    managedNodeGroups: groups.map((id) => ({
      id,
      instanceTypes: [new ec2.InstanceType('m7g.large')],
      minSize: 2,
      maxSize: 4,
      desiredSize: 2,
      amiType: eks.NodegroupAmiType.AL2023_ARM_64_STANDARD,
    })),
  });
  await blueprints.EksBlueprint.builder()
    .account(account)
    .region(REGION)
    .version(eks.KubernetesVersion.of('1.35'))
    .clusterProvider(clusterProvider)
    .resourceProvider(blueprints.GlobalResources.Vpc, {
      provide: ({ scope }) =>
        new ec2.Vpc(scope, 'Vpc', { maxAzs: zones, natGateways, restrictDefaultSecurityGroup: false }),
    })
    .addOns(
      new blueprints.addons.VpcCniAddOn({ version: 'v1.21.1-eksbuild.1' }),
      new blueprints.addons.CoreDnsAddOn('v1.13.2-eksbuild.3'),
      new blueprints.addons.KubeProxyAddOn('v1.35.0-eksbuild.2'),
      new blueprints.addons.EksPodIdentityAgentAddOn('v1.3.10-eksbuild.2'),
    )
    .buildAsync(app, name);
}

async function main(): Promise<void> {
  const app = new cdk.App({
    // both ask AWS for the zones otherwise
    context: {
      [`availability-zones:account=111122223333:region=${REGION}`]: ['a', 'c'].map((zone) => REGION + zone),
      [`availability-zones:account=444455556666:region=${REGION}`]: ['a', 'c', 'd'].map((zone) => REGION + zone),
    },
  });
  await platform(app, 'dev', '111122223333', 2, 1, ['system']);
  await platform(app, 'prod', '444455556666', 3, 3, ['system', 'services']);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
