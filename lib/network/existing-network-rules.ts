import { flag, listOf, mapOf, object, optional, text } from '../shape';
import { element, problem, within } from '../validate';
import { rangeProblems, sharesAddresses, isInside, type NamedRange } from './cidr-rules';
import { endpointProblems, endpointsShape, namedEndpoints, NODE_ENDPOINTS, type EndpointNeed } from './endpoints';
import type { ExistingNetworkSettings, ExistingSubnet, ExistingZone } from './existing-network';
import { isZoneId, zoneOrdinal } from './zone';

const subnetShape = object<ExistingSubnet>({ subnetId: text, cidr: text });

/** The form of {@link ExistingNetworkSettings}. */
export const existingNetworkShape = object<ExistingNetworkSettings>({
  vpcId: text,
  cidr: text,
  secondaryCidrs: optional(listOf(text)),
  zones: mapOf(
    object<ExistingZone>({
      nodes: subnetShape,
      'control-plane': optional(subnetShape),
      public: optional(subnetShape),
      pods: optional(subnetShape),
    }),
  ),
  internet: flag,
  existingEndpoints: optional(listOf(text)),
  interfaceEndpoints: optional(endpointsShape),
  ipv6: optional(flag),
});

/** Every mistake in an existing network that can be seen without looking at it. */
export function existingNetworkProblems(
  props: ExistingNetworkSettings,
  region: string | undefined,
  holder = '',
  needs: readonly EndpointNeed[] = NODE_ENDPOINTS,
): string[] {
  const at = (property: string): string => within(holder, property);
  const existing = props.existingEndpoints ?? [];
  const twice = namedEndpoints(props.interfaceEndpoints)
    .filter((service) => existing.includes(service))
    .map((service) =>
      problem(at('interfaceEndpoints'), 'must not name a service that has an endpoint in the VPC already', service),
    );
  const unmet = props.internet ? [] : needs.filter(({ service }) => !existing.includes(service));
  return [
    ...idProblems(props.vpcId, 'vpc', at('vpcId')),
    ...rangesProblems(props, at),
    ...zonesProblems(props, region, at('zones')),
    ...subnetsProblems(props, at),
    ...twice,
    ...endpointProblems(props.interfaceEndpoints, unmet, at('interfaceEndpoints'), 'when `internet` is false'),
  ];
}

function idProblems(id: string, kind: 'vpc' | 'subnet', property: string): string[] {
  return new RegExp(`^${kind}-([0-9a-f]{8}|[0-9a-f]{17})$`).test(id)
    ? []
    : [
        problem(
          property,
          `must be the id of a ${kind === 'vpc' ? 'VPC' : 'subnet'}`,
          id,
          `such as "${kind}-0123456789abcdef0"`,
        ),
      ];
}

const SIZE = { largest: 16, smallest: 28, why: 'EC2 takes nothing smaller' } as const;

function rangesProblems(props: ExistingNetworkSettings, at: (property: string) => string): string[] {
  const further = props.secondaryCidrs ?? [];
  const overlapping = further.flatMap((cidr, index) => {
    const earlier = [props.cidr, ...further.slice(0, index)].find((other) => sharesAddresses(cidr, other));
    return earlier === undefined
      ? []
      : [problem(at(`secondaryCidrs[${index}]`), `must not overlap ${earlier}, another range of the VPC`, cidr)];
  });
  return [
    ...rangeProblems(props.cidr, at('cidr'), SIZE),
    ...further.flatMap((cidr, index) => rangeProblems(cidr, at(`secondaryCidrs[${index}]`), SIZE)),
    ...overlapping,
  ];
}

function zonesProblems(props: ExistingNetworkSettings, region: string | undefined, property: string): string[] {
  const names = Object.keys(props.zones);
  const strangers = names
    .filter((zone) => region !== undefined && zoneOrdinal(zone, region) === undefined)
    .map((zone) => problem(property, `must be availability zones of ${region ?? ''}`, zone));
  const mixed =
    names.some(isZoneId) && !names.every(isZoneId)
      ? [problem(property, 'must be all by name or all by id: one zone may have both', names)]
      : [];
  const tooFew = names.length < 2 ? [problem(property, 'must hold at least two zones: EKS needs two', names)] : [];
  return [...strangers, ...mixed, ...tooFew];
}

function subnetsProblems(props: ExistingNetworkSettings, at: (property: string) => string): string[] {
  const ranges = [props.cidr, ...(props.secondaryCidrs ?? [])];
  const seen: (NamedRange & { readonly subnetId: string; readonly zone: string })[] = [];
  return Object.entries(props.zones).flatMap(([zone, tiers]) =>
    Object.entries(tiers).flatMap(([tier, subnet]: [string, ExistingSubnet | undefined]) => {
      if (subnet === undefined) return [];
      const property = within(element(at('zones'), zone), tier);
      const { subnetId, cidr } = subnet;
      const problems = [
        ...idProblems(subnetId, 'subnet', within(property, 'subnetId')),
        ...rangeProblems(cidr, within(property, 'cidr'), SIZE),
      ];
      if (!ranges.some((range) => isInside(cidr, range))) {
        problems.push(problem(within(property, 'cidr'), `must be inside the VPC (${ranges.join(', ')})`, cidr));
      }
      const same = seen.find((other) => other.subnetId === subnetId);
      // a tier may share the subnet of another in its zone, and then says the same of it
      if (same !== undefined && (same.zone !== zone || same.cidr !== cidr)) {
        problems.push(
          problem(within(property, 'subnetId'), `must not be that of \`${same.property}\` (${same.cidr})`, subnetId),
        );
      }
      const clash = seen.find((other) => other.subnetId !== subnetId && sharesAddresses(cidr, other.cidr));
      if (clash !== undefined) {
        problems.push(
          problem(within(property, 'cidr'), `must not overlap \`${clash.property}\` (${clash.cidr})`, cidr),
        );
      }
      seen.push({ cidr, property, subnetId, zone });
      return problems;
    }),
  );
}
