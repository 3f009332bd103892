import { contains, networkForm, overlaps, parseCidr } from '../network/cidr';
import { retentionProblems } from '../network/network-rules';
import { flag, integer, listOf, oneOf, optional, text, type Check } from '../shape';
import { problem, within } from '../validate';
import type { ControlPlaneSettings } from './control-plane';
import { compareMinors, knownMinors } from './kubernetes-versions';

/** The control plane logs EKS can send. */
export const LOG_TYPES = ['api', 'audit', 'authenticator', 'controllerManager', 'scheduler'] as const;

/** The form of {@link ControlPlaneSettings}, row by row, for the config to add its own to. */
export const controlPlaneRows = {
  version: text,
  publicAccessCidrs: optional(listOf(text)),
  serviceIpv4Cidr: optional(text),
  logTypes: optional(listOf(oneOf(...LOG_TYPES))),
  logRetentionDays: optional(integer(1)),
  deletionProtection: optional(flag),
  retainOnDelete: optional(flag),
  supportType: optional(oneOf('STANDARD', 'EXTENDED')),
  zonalShift: optional(flag),
} satisfies Record<keyof Required<ControlPlaneSettings>, Check>;

/** Every mistake in a control plane's own settings. `vpcCidr` is the range the service range must keep clear of. */
export function controlPlaneProblems(
  settings: ControlPlaneSettings,
  vpcCidr: string | undefined,
  holder = '',
): string[] {
  const at = (property: string): string => within(holder, property);
  return [
    ...versionProblems(settings.version, at('version')),
    ...publicAccessProblems(settings.publicAccessCidrs, at('publicAccessCidrs')),
    ...serviceCidrProblems(settings.serviceIpv4Cidr, vpcCidr, at('serviceIpv4Cidr')),
    ...duplicateLogTypes(settings.logTypes ?? [], at('logTypes')),
    ...retentionProblems(settings.logRetentionDays, at('logRetentionDays')),
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
  const inside = PRIVATE_RANGES.find((each) => isWithin(cidr, each));
  return inside === undefined
    ? []
    : [problem(property, `must be a public range: ${inside} never reaches a public endpoint`, cidr)];
}

function serviceCidrProblems(cidr: string | undefined, vpcCidr: string | undefined, property: string): string[] {
  if (cidr === undefined) return defaultServiceRangeProblems(vpcCidr, property);
  const range = parseCidr(cidr);
  if (range === undefined) return [problem(property, 'must be an IPv4 CIDR', cidr, 'such as "172.20.0.0/16"')];
  const problems: string[] = [];
  if (networkForm(cidr) !== cidr) {
    problems.push(
      problem(property, 'must be a network address without host bits', cidr, `write "${networkForm(cidr)}"`),
    );
  }
  if (range.prefix < 12 || range.prefix > 24) problems.push(problem(property, 'must be from /12 to /24', cidr));
  if (!PRIVATE_RANGES.some((each) => isWithin(cidr, each))) {
    problems.push(problem(property, `must be inside ${PRIVATE_RANGES.join(', ')}`, cidr));
  }
  const vpc = vpcCidr === undefined ? undefined : parseCidr(vpcCidr);
  if (vpc !== undefined && overlaps(range, vpc)) {
    problems.push(
      problem(property, `must not overlap the VPC (${vpcCidr ?? ''})`, cidr, 'pods could not reach the VPC there'),
    );
  }
  return problems;
}

/** The service range this project writes when none is given; written out, because EKS picks one of two by itself. */
export const DEFAULT_SERVICE_CIDR = '172.20.0.0/16';

function defaultServiceRangeProblems(vpcCidr: string | undefined, property: string): string[] {
  const vpc = vpcCidr === undefined ? undefined : parseCidr(vpcCidr);
  const service = parseCidr(DEFAULT_SERVICE_CIDR);
  if (vpc === undefined || service === undefined || !overlaps(vpc, service)) return [];
  const rule = `must be given when the VPC (${vpcCidr ?? ''}) overlaps its default ${DEFAULT_SERVICE_CIDR}`;
  return [problem(property, rule, undefined, 'such as "10.100.0.0/16"')];
}

function isWithin(cidr: string, outer: string): boolean {
  const [a, b] = [parseCidr(outer), parseCidr(cidr)];
  return a !== undefined && b !== undefined && contains(a, b);
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
