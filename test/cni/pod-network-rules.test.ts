import type { VpcCniSettings } from '../../lib/cni/vpc-cni-settings';
import { ipv6, testRows } from './rows';

const pods = { cidrs: ['100.64.0.0/16'] };
const custom = (...cidrs: string[]): VpcCniSettings => ({ customNetworking: { cidrs } });
const groups = (...securityGroupIds: string[]): VpcCniSettings => ({ customNetworking: { ...pods, securityGroupIds } });
const numbered = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `sg-${String(index).padStart(8, '0')}`);

testRows([
  [custom('100.64.0.0/16', '100.65.0.0/28'), {}, []],
  [
    custom(),
    {},
    ['`cni.customNetworking.cidrs` must name at least one range for pods, got []; such as "100.64.0.0/16"'],
  ],
  [
    custom('100.64.0.0'),
    {},
    ['`cni.customNetworking.cidrs[0]` must be an IPv4 CIDR, got "100.64.0.0"; write it as "100.64.0.0/16"'],
  ],
  [
    custom('2001:db8::/56'),
    {},
    ['`cni.customNetworking.cidrs[0]` must be an IPv4 CIDR, got "2001:db8::/56"; write it as "100.64.0.0/16"'],
  ],
  [
    custom('100.64.0.1/16'),
    {},
    [
      '`cni.customNetworking.cidrs[0]` must be a network address without host bits, got "100.64.0.1/16"; write "100.64.0.0/16"',
    ],
  ],
  [
    custom('100.64.0.0/15'),
    {},
    ['`cni.customNetworking.cidrs[0]` must be from /16 to /28, as every range of a VPC, got "100.64.0.0/15"'],
  ],
  [
    custom('100.64.0.0/29'),
    {},
    ['`cni.customNetworking.cidrs[0]` must be from /16 to /28, as every range of a VPC, got "100.64.0.0/29"'],
  ],
  [
    custom('169.254.0.0/20'),
    {},
    ['`cni.customNetworking.cidrs[0]` must not be in 169.254.0.0/16: no VPC can have it, got "169.254.0.0/20"'],
  ],
  [
    custom('240.0.0.0/16'),
    {},
    ['`cni.customNetworking.cidrs[0]` must not be in 224.0.0.0/3: no VPC can have it, got "240.0.0.0/16"'],
  ],
  [
    custom('100.64.0.0/16', '100.64.0.0/16'),
    {},
    ['`cni.customNetworking.cidrs[1]` must not name a range twice, got "100.64.0.0/16"'],
  ],
  [
    custom('100.64.0.0/16', '100.65.0.0/16', '100.64.128.0/20'),
    {},
    [
      '`cni.customNetworking.cidrs[2]` must not overlap `cni.customNetworking.cidrs[0]` (100.64.0.0/16), got "100.64.128.0/20"',
    ],
  ],
  [groups('sg-01234567', 'sg-0123456789abcdef0', '${Token[TOKEN.42]}'), {}, []],
  [
    groups('sg-0123'),
    {},
    [
      '`cni.customNetworking.securityGroupIds[0]` must be the id of a security group, got "sg-0123"; such as "sg-0123456789abcdef0"',
    ],
  ],
  [
    groups('sg-01234567', 'sg-01234567'),
    {},
    ['`cni.customNetworking.securityGroupIds[1]` must not name a security group twice, got "sg-01234567"'],
  ],
  [groups(...numbered(16)), {}, []],
  [
    groups(...numbered(17)),
    {},
    ['`cni.customNetworking.securityGroupIds` must hold at most 16, the most one interface can have, got 17'],
  ],
  [
    custom('100.64.0.0/16'),
    ipv6,
    [
      '`cni.customNetworking` must not be given on an IPv6 cluster: the CNI does not start, got {"cidrs":["100.64.0.0/16"]}; take it out',
    ],
  ],
  [
    { networkPolicy: { cloudWatchLogs: true } },
    {},
    ['`cni.networkPolicy.cloudWatchLogs` needs `eventLogs: true`: without it there are no logs to send, got true'],
  ],
  [{ networkPolicy: { cloudWatchLogs: true, eventLogs: true } }, {}, []],
]);
