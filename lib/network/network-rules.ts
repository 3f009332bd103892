import { flag, integer, listOf, mapOf, object, oneOf, optional, text, type Check } from '../shape';
import { element, problem, within, type Warning } from '../validate';
import { prefixOf, sizeFits, vpcPrefixes, type AddressPlanInput, type SizedTier } from './address-plan';
import { furtherRangesProblems, rangeProblems, sharesAddresses, type NamedRange } from './cidr-rules';
import { endpointProblems, endpointsShape, NODE_ENDPOINTS, type EndpointNeed } from './endpoints';
import { natProblems } from './nat-rules';
import { activeZones, type FlowLogSettings, type NetworkSettings, type ZoneProps } from './network-settings';
import type { NetworkProps } from './network';
import { DEFAULT_ZONE_SLOTS, isZoneId, regionCode, regionOf, zoneOrdinal } from './zone';

/** Retention periods that CloudWatch Logs knows, in days. @see PutRetentionPolicy in the CloudWatch Logs API reference */
export const RETENTION_DAYS: readonly number[] = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** What is wrong with a retention period, if one is given. */
export function retentionProblems(days: number | undefined, property: string): string[] {
  if (days === undefined || RETENTION_DAYS.includes(days)) return [];
  return [problem(property, `must be one of the periods CloudWatch Logs knows (${RETENTION_DAYS.join(', ')})`, days)];
}

const tierSize: Check = (value, property) => {
  if (typeof value === 'number') return integer(1)(value, property);
  const formed = typeof value === 'string' && /^\/\d{1,2}$/.test(value) && prefixOf(value) <= 28;
  const rule = 'must be a number of addresses, or a prefix length of a subnet as a text';
  return formed ? [] : [problem(property, rule, value, 'such as 4000 or "/20"')];
};

function oneOfNumbers(...numbers: readonly number[]): Check {
  return (value, property) =>
    numbers.includes(value as number) ? [] : [problem(property, `must be ${numbers.join(' or ')}`, value)];
}

/** The form of {@link NetworkSettings}. */
export const networkShape = object<NetworkSettings>({
  cidr: text,
  zones: mapOf(object<ZoneProps>({ retire: optional(flag), slot: optional(integer(0, 7)) })),
  zoneSlots: optional(oneOfNumbers(4, 8)),
  sizes: optional(
    object<Required<NetworkSettings>['sizes']>({
      public: optional(tierSize),
      nodes: optional(tierSize),
      intra: optional(tierSize),
    }),
  ),
  secondaryCidrs: optional(listOf(text)),
  nat: oneOf('per-zone', 'single', 'regional', 'none'),
  natZone: optional(text),
  natAllocationIds: optional(mapOf(text)),
  interfaceEndpoints: optional(endpointsShape),
  ipv6: optional(flag),
  flowLog: optional(
    object<FlowLogSettings>({
      destination: optional(oneOf('cloud-watch-logs', 's3')),
      retentionDays: optional(integer(1)),
      traffic: optional(oneOf('ALL', 'ACCEPT', 'REJECT')),
      intervalSeconds: optional(oneOfNumbers(60, 600)),
    }),
  ),
  retainOnDelete: optional(flag),
});

/** Every mistake in a network's own properties. `needs` are the callers of AWS that have no other way out without NAT. */
export function networkProblems(
  props: NetworkProps,
  region: string,
  holder = '',
  needs: readonly EndpointNeed[] = NODE_ENDPOINTS,
): string[] {
  const at = (property: string): string => within(holder, property);
  const zones = zoneProblems(props, region, at('zones'));
  const ranges = vpcRangeProblems(props, at);
  return [
    ...ranges,
    ...zones,
    ...(ranges.length === 0 ? sizeProblems(props, at('sizes')) : []),
    ...natProblems(props, at),
    ...endpointProblems(props.interfaceEndpoints, props.nat === 'none' ? needs : [], at('interfaceEndpoints')),
    ...flowLogProblems(props.flowLog, at('flowLog')),
  ];
}

/** What is legal in a network and most likely not meant. */
export function networkWarnings(props: NetworkProps, holder = ''): Warning[] {
  const at = (property: string): string => within(holder, property);
  const ranges: NamedRange[] = [
    { cidr: props.cidr, property: at('cidr') },
    ...(props.secondaryCidrs ?? []).map((cidr, index) => ({ cidr, property: at(`secondaryCidrs[${index}]`) })),
  ];
  const docker = ranges
    .filter(({ cidr }) => sharesAddresses('172.17.0.0/16', cidr))
    .map(({ cidr, property }) => ({
      id: 'kotohajime:docker-range',
      message: `\`${property}\` (${cidr}) overlaps 172.17.0.0/16, which Docker's bridge and some AWS services use: nodes may not reach addresses there`,
    }));
  const further = (props.secondaryCidrs ?? []).length + (props.podCidrs ?? []).length;
  const quota =
    further > VPC_RANGES - 1
      ? [
          {
            id: 'kotohajime:vpc-range-quota',
            message: `the VPC has ${further + 1} ranges and the quota is ${VPC_RANGES} unless it was raised ("IPv4 CIDR blocks per VPC")`,
          },
        ]
      : [];
  const oneNat =
    props.nat === 'single' && activeZones(props.zones).length > 2
      ? [
          {
            id: 'kotohajime:single-nat',
            message: `\`${at('nat')}\` is 'single' over ${activeZones(props.zones).length} zones: without its zone no node reaches the internet`,
          },
        ]
      : [];
  return [...docker, ...quota, ...oneNat];
}

/** IPv4 ranges of one VPC before a quota is raised. @see https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html (2026-11) */
const VPC_RANGES = 5;

/** The slot of every zone in the address plan. */
export function zoneSlotsOf(zones: Readonly<Record<string, ZoneProps>>, region?: string): Record<string, number> {
  return Object.fromEntries(
    Object.entries(zones).map(([zone, { slot }]) => {
      // where the region is not known yet, the zone's own letter or number decides
      const home = region ?? regionOf(zone) ?? '';
      return [zone, slot ?? zoneOrdinal(zone, home) ?? 0];
    }),
  );
}

/** What the address plan of a network is made from. */
export function addressPlanInput(props: NetworkProps, region?: string): AddressPlanInput {
  const { cidr, zoneSlots = DEFAULT_ZONE_SLOTS, sizes, secondaryCidrs, podCidrs } = props;
  return { cidr, zoneSlots, zones: zoneSlotsOf(props.zones, region), sizes, secondaryCidrs, podCidrs };
}

function vpcRangeProblems(props: NetworkProps, at: (property: string) => string): string[] {
  const { zoneSlots = DEFAULT_ZONE_SLOTS, secondaryCidrs = [], podCidrs = [] } = props;
  const { largest, smallest } = vpcPrefixes(zoneSlots);
  const first = rangeProblems(props.cidr, at('cidr'), {
    largest,
    smallest,
    why: `the subnets of ${zoneSlots} zones would not fit in less`,
  });
  if (props.ipv6 === true && secondaryCidrs.length > 0) {
    const rule =
      'must not be given with `ipv6`: pods take no IPv4 addresses there, and such a subnet would have no IPv6';
    return [...first, problem(at('secondaryCidrs'), rule, secondaryCidrs)];
  }
  const lastZonePrefix = 28 - Math.log2(zoneSlots);
  const primary: NamedRange = { cidr: props.cidr, property: at('cidr') };
  const named = secondaryCidrs.map((cidr, index) => ({ cidr, property: at(`secondaryCidrs[${index}]`) }));
  return [
    ...first,
    ...furtherRangesProblems(secondaryCidrs, at('secondaryCidrs'), lastZonePrefix, [primary]),
    ...furtherRangesProblems(podCidrs, at('podCidrs'), lastZonePrefix, [primary, ...named]),
  ];
}

function zoneProblems(props: NetworkSettings, region: string, property: string): string[] {
  const { zones, zoneSlots = DEFAULT_ZONE_SLOTS } = props;
  const names = Object.keys(zones);
  const strangers = names
    .filter((zone) => zoneOrdinal(zone, region) === undefined)
    .map((zone) => {
      const code = regionCode(region);
      const ids = code === undefined ? '' : `, or by id ${code}-az1 to ${code}-az8`;
      const rule = `must be availability zones of ${region}, named ${region}a to ${region}h${ids}`;
      return problem(property, rule, zone, 'Local Zones, Wavelength Zones and Outposts cannot hold a cluster');
    });
  const mixed =
    names.some(isZoneId) && !names.every(isZoneId)
      ? [problem(property, 'must be all by name or all by id: one zone may have both', names)]
      : [];
  const active = activeZones(zones);
  const tooFew =
    active.length < 2
      ? [problem(property, 'must hold at least two zones that are not being retired: EKS needs two', active)]
      : [];
  return [...strangers, ...mixed, ...tooFew, ...slotProblems(zones, region, zoneSlots, property)];
}

function slotProblems(zones: NetworkSettings['zones'], region: string, slots: number, property: string): string[] {
  const taken = new Map<number, string>();
  return Object.entries(zones).flatMap(([zone, { slot: given }]) => {
    const slot = given ?? zoneOrdinal(zone, region);
    if (slot === undefined) return [];
    const at = `${element(property, zone)}.slot`;
    if (slot >= slots) {
      const free = Array.from({ length: slots }, (_, index) => index).filter((index) => !taken.has(index));
      const remedy = `${slots === 4 ? '`zoneSlots: 8` before the first deploy, or ' : ''}a slot no zone has ever had, such as ${free.at(-1) ?? 'none'}`;
      return [problem(at, `must be from 0 to ${slots - 1}, the slots of \`zoneSlots\` ${slots}`, slot, remedy)];
    }
    const other = taken.get(slot);
    taken.set(slot, zone);
    return other === undefined
      ? []
      : [problem(at, `must differ from that of ${other}: the subnets of both would overlap`, slot)];
  });
}

function sizeProblems(props: NetworkSettings, property: string): string[] {
  return Object.entries(props.sizes ?? {}).flatMap(([tier, size]) => {
    if (size === undefined) return [];
    const { fits, most, smallest } = sizeFits(tier as SizedTier, { ...addressPlanInput(props), zones: {} });
    if (fits) return [];
    const rule =
      typeof size === 'number'
        ? `must be at most ${most}, the most addresses a zone of ${props.cidr} has for ${tier}`
        : `must be /${smallest} or smaller, all a zone of ${props.cidr} has for ${tier}`;
    const remedy =
      tier === 'nodes' && props.ipv6 !== true
        ? 'add a range to `secondaryCidrs`, which takes nothing away'
        : 'take a larger `cidr` before the first deploy';
    return [problem(within(property, tier), rule, size, remedy)];
  });
}

function flowLogProblems(settings: FlowLogSettings | undefined, property: string): string[] {
  return settings?.destination === 's3'
    ? []
    : retentionProblems(settings?.retentionDays, within(property, 'retentionDays'));
}

/** What is wrong with a list of zones a part wants to be in. */
export function zoneChoiceProblems(
  chosen: readonly string[],
  zones: Readonly<Record<string, ZoneProps>>,
  property: string,
): string[] {
  const active = activeZones(zones);
  return chosen.flatMap((zone, index) => {
    const at = within(property, `[${index}]`);
    if (chosen.indexOf(zone) !== index) return [problem(at, 'must not name a zone twice', zone)];
    if (active.includes(zone)) return [];
    const retiring = zones[zone]?.retire === true;
    return retiring
      ? [
          problem(
            at,
            `must not be a zone that is being retired (\`${element('network.zones', zone)}\`)`,
            zone,
            'take it out here first',
          ),
        ]
      : [problem(at, `must be one of the network's zones (${active.join(', ')})`, zone)];
  });
}
