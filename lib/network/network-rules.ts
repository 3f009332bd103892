import { element, problem, within } from '../validate';
import { flag, integer, listOf, mapOf, object, oneOf, optional, text } from '../shape';
import { VPC_PREFIX } from './address-plan';
import { networkForm, parseCidr } from './cidr';
import type { NetworkProps, ZoneProps } from './network';
import { ZONE_SLOTS, zoneSlot } from './zone';

/** Retention periods that CloudWatch Logs knows, in days. @see PutRetentionPolicy in the CloudWatch Logs API reference */
export const RETENTION_DAYS: readonly number[] = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** What is wrong with a retention period, if one is given. */
export function retentionProblems(days: number | undefined, property: string): string[] {
  if (days === undefined || RETENTION_DAYS.includes(days)) return [];
  return [problem(property, `must be one of the periods CloudWatch Logs knows (${RETENTION_DAYS.join(', ')})`, days)];
}

/** The form of {@link NetworkProps}. */
export const networkShape = object<NetworkProps>({
  cidr: text,
  zones: mapOf(object<ZoneProps>({ retire: optional(flag) })),
  nat: oneOf('per-zone', 'single', 'none'),
  natZone: optional(text),
  interfaceEndpoints: optional(listOf(text)),
  flowLogRetentionDays: optional(integer(1)),
  retainOnDelete: optional(flag),
});

/** Every mistake in a network's own properties. */
export function networkProblems(props: NetworkProps, region: string, holder = ''): string[] {
  const at = (property: string): string => within(holder, property);
  return [
    ...vpcCidrProblems(props.cidr, at('cidr')),
    ...zoneProblems(props.zones, region, at('zones')),
    ...natProblems(props, at),
    ...endpointProblems(props, at('interfaceEndpoints')),
    ...retentionProblems(props.flowLogRetentionDays, at('flowLogRetentionDays')),
  ];
}

/** The zones that are in use: those that are not being retired. */
export function activeZones(zones: Readonly<Record<string, ZoneProps>>): string[] {
  return Object.entries(zones).flatMap(([zone, { retire }]) => (retire === true ? [] : [zone]));
}

/** The zones that get a NAT gateway. */
export function natZones(props: Pick<NetworkProps, 'nat' | 'natZone' | 'zones'>): string[] {
  const zones = activeZones(props.zones);
  if (props.nat === 'none') return [];
  return props.nat === 'per-zone' ? zones : zones.filter((zone) => zone === (props.natZone ?? zones[0]));
}

function vpcCidrProblems(cidr: string, property: string): string[] {
  const range = parseCidr(cidr);
  if (range === undefined) {
    return [problem(property, 'must be an IPv4 CIDR', cidr, 'write it as "10.0.0.0/16"')];
  }
  const problems: string[] = [];
  if (networkForm(cidr) !== cidr) {
    problems.push(
      problem(property, 'must be a network address without host bits', cidr, `write "${networkForm(cidr)}"`),
    );
  }
  if (range.prefix < VPC_PREFIX.largest || range.prefix > VPC_PREFIX.smallest) {
    const { largest, smallest } = VPC_PREFIX;
    const why = range.prefix < largest ? 'EC2 takes no VPC larger than that' : 'the subnets would not fit in less';
    problems.push(problem(property, `must be from /${largest} to /${smallest}: ${why}`, cidr));
  }
  return problems;
}

function zoneProblems(zones: NetworkProps['zones'], region: string, property: string): string[] {
  const strangers = Object.keys(zones)
    .filter((zone) => zoneSlot(zone, region) === undefined)
    .map((zone) =>
      problem(
        property,
        `must be availability zones of ${region}, named ${region}a to ${region}${'abcdefgh'[ZONE_SLOTS - 1]}`,
        zone,
        'Local Zones, Wavelength Zones and Outposts cannot hold a cluster',
      ),
    );
  const active = activeZones(zones);
  const tooFew =
    active.length < 2
      ? [problem(property, 'must hold at least two zones that are not being retired: EKS needs two', active)]
      : [];
  return [...strangers, ...tooFew];
}

function natProblems(props: NetworkProps, at: (property: string) => string): string[] {
  if (props.natZone === undefined) return [];
  if (props.nat !== 'single') {
    return [problem(at('natZone'), `goes with \`nat: 'single'\` only, not with '${props.nat}'`, props.natZone)];
  }
  const zones = activeZones(props.zones);
  return zones.includes(props.natZone)
    ? []
    : [problem(at('natZone'), `must be a zone in use (${zones.join(', ')})`, props.natZone)];
}

/**
 * What nodes and the first add-ons call before anything else can run; without NAT each needs an endpoint of its own.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/private-clusters.html
 */
export const ENDPOINTS_WITHOUT_NAT: Readonly<Record<string, string>> = {
  ec2: 'the VPC CNI attaches interfaces',
  'ecr.api': 'nodes pull images',
  'ecr.dkr': 'nodes pull images',
  eks: 'nodes join the cluster',
  'eks-auth': 'the pod identity agent fetches credentials',
  sts: 'nodes and roles authenticate',
};

function endpointProblems(props: NetworkProps, property: string): string[] {
  const given = props.interfaceEndpoints ?? [];
  const malformed = given
    .filter((service) => !/^[a-z][a-z0-9-]*(\.[a-z0-9-]+)*$/.test(service) || service.startsWith('com.'))
    .map((service) =>
      problem(property, 'must be short service names, without `com.amazonaws.<region>.`', service, 'such as "ecr.api"'),
    );
  const twice = given
    .filter((service, index) => given.indexOf(service) !== index)
    .map((service) => problem(property, 'must name each service once', service));
  const gateways = given
    .filter((service) => service === 's3' || service === 'dynamodb')
    .map((service) => problem(property, 'must not name a service that has a gateway endpoint here already', service));
  const missing =
    props.nat === 'none'
      ? Object.entries(ENDPOINTS_WITHOUT_NAT)
          .filter(([service]) => !given.includes(service))
          .map(([service, who]) =>
            problem(
              property,
              `must include "${service}" when \`nat\` is 'none': ${who} and there is no other way out`,
              given,
              `add "${service}"`,
            ),
          )
      : [];
  return [...malformed, ...twice, ...gateways, ...missing];
}

/** What is wrong with a list of zones a part wants to be in. */
export function zoneChoiceProblems(
  chosen: readonly string[],
  zones: NetworkProps['zones'],
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
