import * as fc from 'fast-check';
import { cniModeFingerprint, podNetworkMode } from '../../lib/cni/pod-network-mode';
import { DESTINATIONS } from '../../lib/cni/vpc-cni-configuration';
import type { IpFamily, VpcCniSettings } from '../../lib/cni/vpc-cni-settings';

const cidrs = ['100.64.0.0/16', '100.65.0.0/16'];

test.each<[VpcCniSettings, IpFamily | undefined, object]>([
  [{}, undefined, {}],
  [{}, 'ipv6', { ipFamily: 'ipv6', prefixDelegation: true }],
  [{ prefixDelegation: false }, 'ipv6', { ipFamily: 'ipv6', prefixDelegation: true }],
  [{ prefixDelegation: true, maxEni: 2 }, 'ipv4', { prefixDelegation: true, maxEni: 2 }],
  [{ customNetworking: { cidrs } }, 'ipv4', { customNetworking: true }],
  [{ podSecurityGroups: {} }, 'ipv4', { podSecurityGroups: true }],
])('the mode of %j on %s', (settings, ipFamily, mode) => {
  expect(podNetworkMode(settings, ipFamily)).toEqual({
    ipFamily: 'ipv4',
    prefixDelegation: false,
    customNetworking: false,
    podSecurityGroups: false,
    maxEni: undefined,
    ...mode,
  });
});

test.each<[VpcCniSettings, IpFamily | undefined, string]>([
  [{}, undefined, 'ipv4 addresses'],
  [{ prefixDelegation: false }, 'ipv4', 'ipv4 addresses'],
  [{ prefixDelegation: true }, 'ipv4', 'ipv4 prefixes'],
  [{}, 'ipv6', 'ipv6 prefixes'],
  [{ prefixDelegation: true }, 'ipv6', 'ipv6 prefixes'],
  [{ customNetworking: { cidrs } }, 'ipv4', 'ipv4 addresses pods-in=100.64.0.0/16+100.65.0.0/16'],
  [{ customNetworking: { cidrs: [...cidrs].reverse() } }, 'ipv4', 'ipv4 addresses pods-in=100.65.0.0/16+100.64.0.0/16'],
  [
    { customNetworking: { cidrs: ['100.64.0.0/16'], securityGroupIds: ['sg-b', 'sg-a'] } },
    'ipv4',
    'ipv4 addresses pods-in=100.64.0.0/16 pods-behind=sg-a+sg-b',
  ],
  [{ podSecurityGroups: {} }, 'ipv4', 'ipv4 addresses pod-eni=strict'],
  [{ podSecurityGroups: { enforcingMode: 'strict' } }, 'ipv4', 'ipv4 addresses pod-eni=strict'],
  [{ podSecurityGroups: { enforcingMode: 'standard' } }, 'ipv4', 'ipv4 addresses pod-eni=standard'],
  [{ vethPrefix: 'eni' }, 'ipv4', 'ipv4 addresses'],
  [{ vethPrefix: 'pod' }, 'ipv4', 'ipv4 addresses veth=pod'],
])('the fingerprint of %j on %s is %j', (settings, ipFamily, fingerprint) => {
  expect(cniModeFingerprint(settings, ipFamily)).toBe(fingerprint);
});

/** What running nodes take up by themselves, so that its change must not replace them. */
const WITHOUT_NEW_NODES: VpcCniSettings = {
  warmEniTarget: 2,
  warmIpTarget: 2,
  minimumIpTarget: 10,
  warmPrefixTarget: 2,
  maxEni: 2,
  ipCooldownSeconds: 60,
  subnetDiscovery: false,
  multiNic: true,
  additionalEniTags: { team: 'shop' },
  leakedEniCleanup: false,
  manageEnisNonSchedulable: true,
  networkPolicy: { enforcingMode: 'strict', eventLogs: true, cloudWatchLogs: true },
  externalSnat: true,
  excludeSnatCidrs: ['192.168.0.0/16'],
  randomizeSnat: 'none',
  externalServiceCidrs: ['10.9.0.0/24'],
  eniMtu: 1500,
  podMtu: 1400,
  nodePortSupport: false,
  bandwidthPlugin: true,
  v4Egress: false,
  v6Egress: true,
  podIpv6: false,
  logLevel: 'ERROR',
  pluginLogLevel: 'ERROR',
  logFile: 'stdout',
  pluginLogFile: 'stderr',
  metrics: false,
  introspection: false,
  annotatePodIp: true,
  ec2Endpoint: 'https://ec2.internal',
  windowsIpam: true,
  livenessProbeTimeoutSeconds: 30,
  readinessProbeTimeoutSeconds: 30,
  resources: { requests: { cpu: '1' } },
  tolerations: [{ operator: 'Exists' }],
};

const MODE = ['prefixDelegation', 'customNetworking', 'podSecurityGroups', 'vethPrefix'];

test('every setting either makes nodes wrong or is taken up by running ones', () => {
  expect([...MODE, ...Object.keys(WITHOUT_NEW_NODES)].sort()).toEqual(Object.keys(DESTINATIONS).sort());
});

const modes: fc.Arbitrary<VpcCniSettings> = fc.record(
  {
    prefixDelegation: fc.boolean(),
    customNetworking: fc.record({ cidrs: fc.uniqueArray(fc.constantFrom(...cidrs), { minLength: 1 }) }),
    podSecurityGroups: fc.record({ enforcingMode: fc.constantFrom('strict' as const, 'standard' as const) }),
    vethPrefix: fc.constantFrom('eni', 'pod'),
  },
  { requiredKeys: [] },
);
const families = fc.constantFrom<IpFamily>('ipv4', 'ipv6');

test('no setting that running nodes take up is in it', () => {
  const names = fc.subarray(Object.keys(WITHOUT_NEW_NODES) as (keyof VpcCniSettings)[]);
  fc.assert(
    fc.property(modes, families, names, (mode, family, chosen) => {
      const more = Object.fromEntries(chosen.map((name) => [name, WITHOUT_NEW_NODES[name]]));
      expect(cniModeFingerprint({ ...mode, ...more }, family)).toBe(cniModeFingerprint(mode, family));
    }),
  );
});

test('two modes that differ have two fingerprints', () => {
  const effective = (mode: VpcCniSettings, family: IpFamily): string =>
    JSON.stringify([
      podNetworkMode(mode, family),
      mode.customNetworking?.cidrs,
      mode.podSecurityGroups?.enforcingMode,
      mode.vethPrefix ?? 'eni',
    ]);
  fc.assert(
    fc.property(modes, families, modes, families, (one, family, other, otherFamily) => {
      expect(cniModeFingerprint(one, family) === cniModeFingerprint(other, otherFamily)).toBe(
        effective(one, family) === effective(other, otherFamily),
      );
    }),
  );
});

test('a long one is cut where a tag ends, and still differs', () => {
  const of = (last: number): string =>
    cniModeFingerprint({
      customNetworking: {
        cidrs: Array.from({ length: 30 }, (_, index) => `100.${64 + index}.0.0/16`).concat(`100.94.${last}.0/24`),
      },
    });
  expect(of(1)).toHaveLength(256);
  expect(of(1)).not.toBe(of(2));
});

test('it is a text that a tag may have', () => {
  fc.assert(
    fc.property(modes, families, (mode, family) => {
      expect(cniModeFingerprint(mode, family)).toMatch(/^[A-Za-z0-9 +=._:/@-]{1,256}$/);
    }),
  );
});
