import { parseCidr } from '../network/cidr';
import { problem, within } from '../validate';
import type { VpcCniSettings } from './vpc-cni-settings';

/** The sizes of packets the CNI takes; it does not start with others. */
const MTU = { ipv4: { min: 576, max: 9001 }, ipv6: { min: 1280, max: 9001 } } as const;

/** Mistakes in what happens to the packets of pods. */
export function trafficProblems(
  settings: VpcCniSettings,
  ipv6: boolean,
  at: (property: string) => string,
): readonly string[] {
  return [
    ...snatProblems(settings, ipv6, at),
    ...cidrListProblems(settings.excludeSnatCidrs ?? [], at('excludeSnatCidrs')),
    ...cidrListProblems(settings.externalServiceCidrs ?? [], at('externalServiceCidrs')),
    ...mtuProblems(settings, ipv6, at),
    ...familyProblems(settings, ipv6, at),
    ...pluginProblems(settings, at),
  ];
}

function snatProblems(settings: VpcCniSettings, ipv6: boolean, at: (property: string) => string): string[] {
  const { externalSnat, excludeSnatCidrs, randomizeSnat } = settings;
  if (ipv6) {
    const rule = 'has no effect on an IPv6 cluster, whose pods keep their own addresses';
    return [
      ...(externalSnat === true ? [problem(at('externalSnat'), rule, externalSnat)] : []),
      ...(excludeSnatCidrs !== undefined ? [problem(at('excludeSnatCidrs'), rule, excludeSnatCidrs)] : []),
    ];
  }
  if (externalSnat !== true) return [];
  return (['excludeSnatCidrs', 'randomizeSnat'] as const)
    .filter((ignored) => ({ excludeSnatCidrs, randomizeSnat })[ignored] !== undefined)
    .map((ignored) =>
      problem(
        at(ignored),
        'is ignored by the CNI when `externalSnat` is true: it translates nothing',
        settings[ignored],
        'take one of the two out',
      ),
    );
}

/** The CNI skips a range it cannot read, with a line in its log. */
function cidrListProblems(cidrs: readonly string[], property: string): string[] {
  return cidrs.flatMap((cidr, index) => {
    const at = within(property, `[${index}]`);
    if (cidr.includes(':')) return [problem(at, 'must be an IPv4 CIDR: the CNI skips others', cidr)];
    return parseCidr(cidr) === undefined
      ? [problem(at, 'must be an IPv4 CIDR: the CNI skips others', cidr, 'write it as "192.168.0.0/16"')]
      : [];
  });
}

function mtuProblems(settings: VpcCniSettings, ipv6: boolean, at: (property: string) => string): string[] {
  const family = ipv6 ? 'IPv6' : 'IPv4';
  const { min, max } = MTU[ipv6 ? 'ipv6' : 'ipv4'];
  return (['eniMtu', 'podMtu'] as const).flatMap((property) => {
    const bytes = settings[property];
    if (bytes === undefined || (bytes >= min && bytes <= max)) return [];
    const rule = `must be from ${min} to ${max} bytes on an ${family} cluster: the CNI does not start`;
    return [problem(at(property), rule, bytes)];
  });
}

function familyProblems(settings: VpcCniSettings, ipv6: boolean, at: (property: string) => string): string[] {
  const { podIpv6, v4Egress, v6Egress } = settings;
  const problems: string[] = [];
  if (ipv6 && v6Egress !== undefined) {
    problems.push(problem(at('v6Egress'), 'is for IPv4 clusters only: pods of this one have IPv6 addresses', v6Egress));
  }
  if (ipv6 && podIpv6 === false) {
    problems.push(problem(at('podIpv6'), 'must not be false on an IPv6 cluster: pods would have no address', podIpv6));
  }
  if (!ipv6 && v4Egress !== undefined) {
    problems.push(problem(at('v4Egress'), 'is for IPv6 clusters only: pods of this one have IPv4 addresses', v4Egress));
  }
  if (!ipv6 && v6Egress === true && podIpv6 === false) {
    problems.push(problem(at('v6Egress'), 'has no effect with `podIpv6: false`', v6Egress, 'take one of the two out'));
  }
  return problems;
}

function pluginProblems(settings: VpcCniSettings, at: (property: string) => string): string[] {
  const { bandwidthPlugin, networkPolicy = false, vethPrefix } = settings;
  const problems: string[] = [];
  if (bandwidthPlugin === true && networkPolicy !== false) {
    const rule = 'must not be on together with `networkPolicy`: the CNI does not support the two at once';
    problems.push(problem(at('bandwidthPlugin'), rule, bandwidthPlugin, 'take one of the two out'));
  }
  const reserved = ['eth', 'lo', 'vlan'];
  if (vethPrefix !== undefined && (!/^[A-Za-z0-9]{1,4}$/.test(vethPrefix) || reserved.includes(vethPrefix))) {
    const rule = `must be 1 to 4 letters or digits and none of ${reserved.join(', ')}: the CNI does not start`;
    problems.push(problem(at('vethPrefix'), rule, vethPrefix));
  }
  return problems;
}
