import { DescribeClusterCommand, EKSClient } from '@aws-sdk/client-eks';
import { examples } from '../../examples';
import type { PlatformConfig } from '../../lib/platform-config';
import { inventory } from './inventory';
import { World } from './world';

/** Every example deploys as it is, a second time changes nothing, and destroying it leaves what holds data alone. */
let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(() => world.stop());

/** Nothing is kept, so that what is left over shows. */
function unprotected(config: PlatformConfig): PlatformConfig {
  const network = 'vpcId' in config.network ? config.network : { ...config.network, retainOnDelete: false };
  return {
    ...config,
    ...(config.logs === undefined ? {} : { logs: { ...config.logs, retainOnDelete: false } }),
    network,
    controlPlane: { ...config.controlPlane, deletionProtection: false, retainOnDelete: false },
  };
}

// its VPC is somebody else's and is not here
const deployable = Object.entries(examples).filter(([name]) => name !== 'existing-vpc');

test.each(deployable)('%s', async (name, example) => {
  const config = unprotected(example);
  const cdk = await world.cdk(config);
  await cdk.bootstrap();
  const before = await inventory(cdk);
  expect(Object.values(await world.deploy(name, config)).every((outcome) => outcome === 'created')).toBe(true);
  expect(Object.values(await world.deploy(name, config)).every((outcome) => outcome === 'unchanged')).toBe(true);
  const { cluster } = await new EKSClient(cdk.client).send(new DescribeClusterCommand({ name }));
  const { ipFamily, serviceIpv4Cidr, serviceIpv6Cidr } = cluster?.kubernetesNetworkConfig ?? {};
  expect([ipFamily, serviceIpv4Cidr !== undefined, serviceIpv6Cidr !== undefined]).toEqual(
    config.controlPlane.ipFamily === 'ipv6' ? ['ipv6', false, true] : ['ipv4', true, false],
  );
  await cdk.destroy(name, () => undefined);
  expect(await inventory(cdk)).toEqual(before);
});
