/** What `hajime capacity` does, on 50 node groups over 6 zones. */
import { showCapacity } from '../../bin/capacity';
import { platforms } from '../../config';
import type { PlatformConfig } from '../../lib/platform-config';

const zones = ['a', 'b', 'c', 'd', 'e', 'f'].map((letter) => `us-east-1${letter}`);
const types = ['m7g.large', 'm7g.2xlarge', 'c7g.4xlarge', 'r7g.8xlarge', 'm6g.16xlarge'];
const groups = Array.from({ length: 50 }, (_, index) => [
  `g${index}`,
  { zones, instanceTypes: [types[index % types.length]], scaling: { min: 1, desired: 3, max: 6 } },
]);
const config = {
  ...(platforms.dev as PlatformConfig),
  env: { account: '111122223333', region: 'us-east-1' },
  network: {
    cidr: '10.0.0.0/16',
    zoneSlots: 8,
    zones: Object.fromEntries(zones.map((zone) => [zone, {}])),
    nat: 'single',
  },
  controlPlane: { version: '1.35', zones: zones.slice(0, 3) },
  cni: { prefixDelegation: true, customNetworking: { cidrs: ['100.64.0.0/16'] } },
  nodeGroups: Object.fromEntries(groups) as PlatformConfig['nodeGroups'],
} satisfies PlatformConfig;
process.exitCode = showCapacity({ large: config }, {}) ? 0 : 1;
