import { networkForm, parseCidr } from '../network/cidr';
import { sharesAddresses } from '../network/cidr-rules';
import { problem, within } from '../validate';
import type { CustomNetworking } from './pod-network-settings';
import type { VpcCniSettings } from './vpc-cni-settings';

/** Mistakes in which network pods are in and who may talk to them. */
export function podNetworkProblems(
  settings: VpcCniSettings,
  ipv6: boolean,
  at: (property: string) => string,
): readonly string[] {
  const { customNetworking, networkPolicy } = settings;
  const problems: string[] = [];
  if (customNetworking !== undefined && ipv6) {
    const rule = 'must not be given on an IPv6 cluster: the CNI does not start';
    problems.push(problem(at('customNetworking'), rule, customNetworking, 'take it out'));
  } else if (customNetworking !== undefined) {
    problems.push(...customNetworkingProblems(customNetworking, at('customNetworking')));
  }
  if (typeof networkPolicy === 'object' && networkPolicy.cloudWatchLogs === true && networkPolicy.eventLogs !== true) {
    const rule = 'needs `eventLogs: true`: without it there are no logs to send';
    problems.push(problem(within(at('networkPolicy'), 'cloudWatchLogs'), rule, true));
  }
  return problems;
}

/** A subnet that the construct is to put pods into, for each zone of nodes. */
export function podSubnetProblems(
  { customNetworking }: Pick<VpcCniSettings, 'customNetworking'>,
  zones: readonly string[],
): readonly string[] {
  if (customNetworking !== undefined && zones.length === 0) {
    const rule =
      'must name a subnet for every zone that has nodes, with `customNetworking`: other nodes never get ready';
    return [problem('podSubnets', rule, zones)];
  }
  return customNetworking === undefined && zones.length > 0
    ? [problem('podSubnets', 'has no effect without `customNetworking`', zones, 'take it out')]
    : [];
}

/** Sizes of a range that a VPC can be given. @see https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html */
const PREFIX = { largest: 16, smallest: 28 } as const;

/** Security groups of one interface: the quota's ceiling. @see Amazon VPC quotas, "Security groups per network interface" */
const SECURITY_GROUPS = 16;

function customNetworkingProblems({ cidrs, securityGroupIds }: CustomNetworking, holder: string): string[] {
  const property = within(holder, 'cidrs');
  if (cidrs.length === 0) {
    return [problem(property, 'must name at least one range for pods', cidrs, 'such as "100.64.0.0/16"')];
  }
  return [
    ...cidrs.flatMap((cidr, index) => [
      ...rangeProblems(cidr, within(property, `[${index}]`)),
      ...clashProblems(cidrs, index, property),
    ]),
    ...securityGroupProblems(securityGroupIds ?? [], within(holder, 'securityGroupIds')),
  ];
}

/** Ranges that no VPC can have: this host, loopback, link-local, multicast and reserved. */
const NEVER = ['0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/3'];

function rangeProblems(cidr: string, property: string): string[] {
  const range = parseCidr(cidr);
  if (range === undefined) {
    return [problem(property, 'must be an IPv4 CIDR', cidr, 'write it as "100.64.0.0/16"')];
  }
  const problems: string[] = [];
  if (networkForm(cidr) !== cidr) {
    const rule = 'must be a network address without host bits';
    problems.push(problem(property, rule, cidr, `write "${networkForm(cidr)}"`));
  }
  const { largest, smallest } = PREFIX;
  if (range.prefix < largest || range.prefix > smallest) {
    problems.push(problem(property, `must be from /${largest} to /${smallest}, as every range of a VPC`, cidr));
  }
  const never = NEVER.find((reserved) => sharesAddresses(cidr, reserved));
  if (never !== undefined) problems.push(problem(property, `must not be in ${never}: no VPC can have it`, cidr));
  return problems;
}

function clashProblems(cidrs: readonly string[], index: number, property: string): string[] {
  const cidr = cidrs[index] ?? '';
  const at = within(property, `[${index}]`);
  const earlier = cidrs.findIndex((other, position) => position < index && sharesAddresses(cidr, other));
  if (earlier < 0) return [];
  return cidrs[earlier] === cidr
    ? [problem(at, 'must not name a range twice', cidr)]
    : [problem(at, `must not overlap \`${within(property, `[${earlier}]`)}\` (${cidrs[earlier]})`, cidr)];
}

function securityGroupProblems(ids: readonly string[], property: string): string[] {
  const tooMany =
    ids.length > SECURITY_GROUPS
      ? [problem(property, `must hold at most ${SECURITY_GROUPS}, the most one interface can have`, ids.length)]
      : [];
  const each = ids.flatMap((id, index) => {
    const at = within(property, `[${index}]`);
    if (ids.indexOf(id) !== index) return [problem(at, 'must not name a security group twice', id)];
    // a group that is made in the same app has its id from CloudFormation later
    return /^sg-([0-9a-f]{8}|[0-9a-f]{17})$/.test(id) || id.startsWith('${Token[')
      ? []
      : [problem(at, 'must be the id of a security group', id, 'such as "sg-0123456789abcdef0"')];
  });
  return [...tooMany, ...each];
}
