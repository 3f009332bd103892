import { networkForm, parseCidr } from '../network/cidr';
import { isInside, sharesAddresses } from '../network/cidr-rules';
import { retentionProblems } from '../network/network-rules';
import { flag, integer, listOf, oneOf, optional, text, type Check } from '../shape';
import { problem, within, type Warning } from '../validate';
import type { ControlPlaneSettings } from './control-plane';
import { compareMinors, knownMinors } from './kubernetes-versions';

/** The control plane logs EKS can send. */
export const LOG_TYPES = ['api', 'audit', 'authenticator', 'controllerManager', 'scheduler'] as const;

/** The form of {@link ControlPlaneSettings}, row by row, for the config to add its own to. */
export const controlPlaneRows = {
  version: text,
  publicAccessCidrs: optional(listOf(text)),
  serviceIpv4Cidr: optional(text),
  ipFamily: optional(oneOf('ipv4', 'ipv6')),
  logTypes: optional(listOf(oneOf(...LOG_TYPES))),
  logRetentionDays: optional(integer(1)),
  deletionProtection: optional(flag),
  retainOnDelete: optional(flag),
  supportType: optional(oneOf('STANDARD', 'EXTENDED')),
  zonalShift: optional(flag),
} satisfies Record<keyof Required<ControlPlaneSettings>, Check>;

/** Every mistake in a control plane's own settings. `vpcCidrs` are the ranges the service range must keep clear of. */
export function controlPlaneProblems(
  settings: ControlPlaneSettings,
  vpcCidrs: readonly string[],
  holder = '',
): string[] {
  const at = (property: string): string => within(holder, property);
  return [
    ...versionProblems(settings.version, at('version')),
    ...publicAccessProblems(settings.publicAccessCidrs, at('publicAccessCidrs')),
    ...serviceCidrProblems(settings, vpcCidrs, at('serviceIpv4Cidr')),
    ...duplicateLogTypes(settings.logTypes ?? [], at('logTypes')),
    ...retentionProblems(settings.logRetentionDays, at('logRetentionDays')),
  ];
}

/** What is legal in a control plane's settings and most likely not meant. */
export function controlPlaneWarnings({ version, publicAccessCidrs }: ControlPlaneSettings, holder = ''): Warning[] {
  const { newest } = knownMinors();
  const unknown = {
    id: 'kotohajime:kubernetes-version-unknown',
    message: `Kubernetes ${version} is newer than the newest this project knows (${newest}); give each add-on's version in \`addons\``,
  };
  const open = {
    id: 'kotohajime:public-endpoint-open',
    message: `the Kubernetes API can be reached from the whole internet; narrow \`${within(holder, 'publicAccessCidrs')}\``,
  };
  return [
    ...(compareMinors(version, newest) > 0 ? [unknown] : []),
    ...(publicAccessCidrs?.includes('0.0.0.0/0') === true ? [open] : []),
  ];
}

/** What EKS says of a cluster's name. @see CreateCluster in the Amazon EKS API reference */
export function clusterNameProblems(name: string, property: string): string[] {
  return /^[0-9A-Za-z][0-9A-Za-z_-]{0,99}$/.test(name)
    ? []
    : [
        problem(
          property,
          'must be 1 to 100 letters, digits, hyphens and underscores, beginning with a letter or digit',
          name,
        ),
      ];
}

/** The rule on a Kubernetes version; one newer than the table is a warning and not here. */
export function versionProblems(version: string, property: string): string[] {
  if (!/^1\.\d{2}$/.test(version)) {
    return [problem(property, 'must be a Kubernetes minor', version, `such as "${knownMinors().newest}", in quotes`)];
  }
  const { oldest } = knownMinors();
  return compareMinors(version, oldest) < 0
    ? [problem(property, `must not be older than ${oldest}, the oldest minor EKS still supports`, version)]
    : [];
}

const PRIVATE_RANGES = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'] as const;

function publicAccessProblems(cidrs: readonly string[] | undefined, property: string): string[] {
  if (cidrs === undefined) return [];
  if (cidrs.length === 0) {
    const remedy = 'name the ranges that may reach it, or take the property out for a private endpoint';
    return [problem(property, 'must name at least one CIDR: it makes the API endpoint public', cidrs, remedy)];
  }
  const tooMany = cidrs.length > 40 ? [problem(property, 'must hold at most 40 CIDRs', cidrs.length)] : [];
  return [...tooMany, ...cidrs.flatMap((cidr, index) => publicCidrProblems(cidr, within(property, `[${index}]`)))];
}

function publicCidrProblems(cidr: string, property: string): string[] {
  const range = parseCidr(cidr);
  if (range === undefined) return [problem(property, 'must be an IPv4 CIDR', cidr, 'such as "203.0.113.0/24"')];
  const inside = PRIVATE_RANGES.find((each) => isInside(cidr, each));
  return inside === undefined
    ? []
    : [problem(property, `must be a public range: ${inside} never reaches a public endpoint`, cidr)];
}

function serviceCidrProblems(
  { serviceIpv4Cidr: cidr, ipFamily }: ControlPlaneSettings,
  vpcCidrs: readonly string[],
  property: string,
): string[] {
  if (ipFamily === 'ipv6') {
    const rule = "must not be given with `ipFamily: 'ipv6'`: EKS chooses the service range itself";
    return cidr === undefined ? [] : [problem(property, rule, cidr)];
  }
  if (cidr === undefined) return defaultServiceRangeProblems(vpcCidrs, property);
  const range = parseCidr(cidr);
  if (range === undefined) return [problem(property, 'must be an IPv4 CIDR', cidr, 'such as "172.20.0.0/16"')];
  const problems: string[] = [];
  if (networkForm(cidr) !== cidr) {
    problems.push(
      problem(property, 'must be a network address without host bits', cidr, `write "${networkForm(cidr)}"`),
    );
  }
  if (range.prefix < 12 || range.prefix > 24) problems.push(problem(property, 'must be from /12 to /24', cidr));
  if (!PRIVATE_RANGES.some((each) => isInside(cidr, each))) {
    problems.push(problem(property, `must be inside ${PRIVATE_RANGES.join(', ')}`, cidr));
  }
  const vpc = vpcCidrs.find((each) => sharesAddresses(range, each));
  if (vpc !== undefined) {
    problems.push(problem(property, `must not overlap the VPC (${vpc})`, cidr, 'pods could not reach the VPC there'));
  }
  return problems;
}

/** The service range this project writes when none is given; written out, because EKS picks one of two by itself. */
export const DEFAULT_SERVICE_CIDR = '172.20.0.0/16';

function defaultServiceRangeProblems(vpcCidrs: readonly string[], property: string): string[] {
  const vpc = vpcCidrs.find((each) => sharesAddresses(DEFAULT_SERVICE_CIDR, each));
  if (vpc === undefined) return [];
  const rule = `must be given when the VPC (${vpc}) overlaps its default ${DEFAULT_SERVICE_CIDR}`;
  return [problem(property, rule, undefined, 'such as "10.100.0.0/16"')];
}

function duplicateLogTypes(types: readonly string[], property: string): string[] {
  return types
    .filter((type, index) => types.indexOf(type) !== index)
    .map((type) => problem(property, 'must name each log once', type));
}

/** The rule on the zones a control plane stands in. */
export function controlPlaneZoneProblems(zones: readonly string[], property: string): string[] {
  const distinct = new Set(zones).size;
  return distinct === zones.length && distinct >= 2 && distinct <= 3
    ? []
    : [problem(property, 'must be in two or three different zones: EKS fixes them when the cluster is made', zones)];
}
