import { testRows } from './rows';

testRows([
  [
    { multiNic: true, logLevel: 'INFO' },
    { addonVersion: 'v1.19.9-eksbuild.5' },
    [
      '`cni.multiNic` needs VPC CNI 1.20.0 or later (`env.ENABLE_MULTI_NIC`), and the add-on is v1.19.9-eksbuild.5, got true',
    ],
  ],
  [{ multiNic: true }, { addonVersion: 'v1.20.0-eksbuild.1' }, []],
  [{ multiNic: true }, { addonVersion: '1.19.0' }, []],
  [
    { podSecurityGroups: {} },
    { ipFamily: 'ipv6', addonVersion: 'v1.15.5-eksbuild.1' },
    [
      '`cni.podSecurityGroups` needs VPC CNI 1.16.0 or later on an IPv6 cluster, and the add-on is v1.15.5-eksbuild.1, got {}',
    ],
  ],
  [{ podSecurityGroups: {} }, { ipFamily: 'ipv6', addonVersion: 'v1.16.0-eksbuild.1' }, []],
  [{ podSecurityGroups: {} }, { addonVersion: 'v1.15.5-eksbuild.1' }, []],
  [
    { subnetDiscovery: false, podMtu: 1400, networkPolicy: { enforcingMode: 'standard' } },
    { addonVersion: 'v1.16.3-eksbuild.1' },
    [
      '`cni.subnetDiscovery` needs VPC CNI 1.18.0 or later (`env.ENABLE_SUBNET_DISCOVERY`), and the add-on is v1.16.3-eksbuild.1, got false',
      '`cni.networkPolicy` needs VPC CNI 1.17.1 or later (`env.NETWORK_POLICY_ENFORCING_MODE`), and the add-on is v1.16.3-eksbuild.1, got {"enforcingMode":"standard"}',
      '`cni.podMtu` needs VPC CNI 1.16.4 or later (`env.POD_MTU`), and the add-on is v1.16.3-eksbuild.1, got 1400',
    ],
  ],
  [{ subnetDiscovery: false, podMtu: 1400 }, { addonVersion: 'v1.18.0-eksbuild.1' }, []],
]);
