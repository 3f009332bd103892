import { parseCidr } from '../network/cidr';
import { sharesAddresses } from '../network/cidr-rules';
import { problem, within, type Warning } from '../validate';
import { schemaIsUnknown } from './version-rules';
import type { VpcCniContext, VpcCniSettings } from './vpc-cni-settings';

/** What is legal and most likely not meant, or what sources disagree about. */
export function vpcCniWarnings(settings: VpcCniSettings, holder = '', context: VpcCniContext = {}): Warning[] {
  const at = (property: string): string => within(holder, property);
  const ipv6 = context.ipFamily === 'ipv6';
  return [
    ...(ipv6 ? [] : warmTargetWarnings(settings, at)),
    ...interfaceWarnings(settings, ipv6, at),
    ...(ipv6 ? [] : customNetworkingWarnings(settings, at('customNetworking'))),
    ...policyWarnings(settings, at),
    ...packetWarnings(settings, at),
    ...agentWarnings(settings, at),
    ...schemaWarnings(settings, holder, context),
  ];
}

function warning(id: string, ...[property, rule, got, remedy]: Parameters<typeof problem>): Warning {
  return { id: `kotohajime:vpc-cni-${id}`, message: problem(property, rule, got, remedy) };
}

function warmTargetWarnings(settings: VpcCniSettings, at: (property: string) => string): Warning[] {
  const { warmIpTarget = 0, minimumIpTarget = 0 } = settings;
  if (minimumIpTarget > 0 && warmIpTarget === 0) {
    const rule = 'without `warmIpTarget` above 0 is also the most a node ever gets: further pods find no address';
    return [warning('minimum-ip-alone', at('minimumIpTarget'), rule, minimumIpTarget, 'add `warmIpTarget: 2`')];
  }
  if (warmIpTarget > 0 && minimumIpTarget === 0) {
    const rule = 'without `minimumIpTarget` calls EC2 for nearly every pod that comes: EC2 slows large clusters down';
    const remedy = 'add `minimumIpTarget` with the pods you expect on a node';
    return [warning('warm-ip-alone', at('warmIpTarget'), rule, warmIpTarget, remedy)];
  }
  return [];
}

function interfaceWarnings(settings: VpcCniSettings, ipv6: boolean, at: (property: string) => string): Warning[] {
  const { customNetworking, maxEni, multiNic, podSecurityGroups } = settings;
  const warnings: Warning[] = [];
  const needed = customNetworking === undefined ? 2 : 3;
  if (podSecurityGroups !== undefined && maxEni !== undefined && maxEni < needed) {
    const rule = `leaves no interface for \`podSecurityGroups\`, which needs ${needed} with these settings`;
    warnings.push(warning('max-eni-without-trunk', at('maxEni'), rule, maxEni));
  }
  if (multiNic === true && customNetworking !== undefined) {
    const rule = "gives pods on several cards the node's subnet and security groups, not those of `customNetworking`";
    warnings.push(warning('multi-nic-subnets', at('multiNic'), rule, multiNic));
  }
  if (podSecurityGroups !== undefined && ipv6) {
    const rule =
      "on an IPv6 cluster is supported according to the EKS user guide and not according to the CNI's own documentation";
    warnings.push(
      warning('pod-security-groups-ipv6', at('podSecurityGroups'), rule, podSecurityGroups, 'try it first'),
    );
  }
  if (podSecurityGroups?.tcpEarlyDemux === true && (podSecurityGroups.enforcingMode ?? 'strict') === 'strict') {
    const rule =
      "in strict mode keeps kubelet's TCP and HTTP probes from pods with security groups: they are restarted";
    const property = within(at('podSecurityGroups'), 'tcpEarlyDemux');
    warnings.push(warning('tcp-early-demux', property, rule, true, "take it out, or use the mode 'standard'"));
  }
  return warnings;
}

/** Ranges that are not of the internet: private, shared by carriers, for benchmarks. */
const NOT_PUBLIC = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '198.18.0.0/15'];

/** The usual quota, which can be raised. @see https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html */
const SECURITY_GROUPS = 5;

function customNetworkingWarnings({ customNetworking }: VpcCniSettings, holder: string): Warning[] {
  if (customNetworking === undefined) return [];
  const { cidrs, securityGroupIds = [] } = customNetworking;
  const each = cidrs.flatMap((cidr, index) => {
    const at = within(within(holder, 'cidrs'), `[${index}]`);
    if (parseCidr(cidr) === undefined) return [];
    if (sharesAddresses(cidr, '172.17.0.0/16')) {
      const rule = 'shares addresses with 172.17.0.0/16, which Docker and some AWS services use on their hosts';
      return [warning('docker-bridge', at, rule, cidr, 'take another range, such as "100.64.0.0/16"')];
    }
    if (NOT_PUBLIC.some((range) => sharesAddresses(cidr, range))) return [];
    const rule = 'is a range of the internet: pods cannot reach whoever has it there';
    return [warning('public-pod-range', at, rule, cidr, 'take another range, such as "100.64.0.0/16"')];
  });
  const count = securityGroupIds.length;
  const rule = `exceeds the usual quota of ${SECURITY_GROUPS} groups of an interface`;
  const tooMany =
    count > SECURITY_GROUPS
      ? [warning('security-group-quota', within(holder, 'securityGroupIds'), rule, count, 'have it raised')]
      : [];
  return [...each, ...tooMany];
}

function policyWarnings({ networkPolicy }: VpcCniSettings, at: (property: string) => string): Warning[] {
  if (typeof networkPolicy !== 'object' || networkPolicy.enforcingMode !== 'strict') return [];
  const rule = 'cuts every new pod off until a NetworkPolicy allows its traffic, CoreDNS and add-ons included';
  const remedy = 'have policies for them in place before nodes are replaced';
  const property = within(at('networkPolicy'), 'enforcingMode');
  return [warning('network-policy-strict', property, rule, networkPolicy.enforcingMode, remedy)];
}

function packetWarnings(settings: VpcCniSettings, at: (property: string) => string): Warning[] {
  const { eniMtu = 9001, ipCooldownSeconds, podMtu } = settings;
  const warnings: Warning[] = [];
  if (podMtu !== undefined && podMtu > eniMtu) {
    const rule = `is above that of the node's interfaces (\`eniMtu\`, ${eniMtu}): packets are split or lost`;
    warnings.push(warning('pod-mtu', at('podMtu'), rule, podMtu));
  }
  if (ipCooldownSeconds === 0) {
    const rule = 'at 0 gives a new pod the address of one that just ended, while services still send traffic there';
    warnings.push(warning('ip-cooldown', at('ipCooldownSeconds'), rule, ipCooldownSeconds));
  }
  return warnings;
}

function agentWarnings({ tolerations }: VpcCniSettings, at: (property: string) => string): Warning[] {
  const all = (tolerations ?? []).some(
    ({ key, operator, effect }) => key === undefined && operator === 'Exists' && effect === undefined,
  );
  if (tolerations === undefined || all) return [];
  const rule = 'keeps the CNI from nodes with any other taint: they never get ready';
  return [warning('tolerations', at('tolerations'), rule, tolerations, "add `{ operator: 'Exists' }`")];
}

function schemaWarnings(settings: VpcCniSettings, holder: string, context: VpcCniContext): Warning[] {
  if (!schemaIsUnknown(settings, context)) return [];
  const { addonVersion = '' } = context;
  const what = holder === '' ? 'the settings' : `\`${holder}\``;
  const message =
    `${what} of vpc-cni ${addonVersion} cannot be held against the schema of that version, which is not kept here; ` +
    `\`npm run refresh:cni-schema -- ${addonVersion}\` fetches it`;
  return [{ id: 'kotohajime:vpc-cni-schema-unknown', message }];
}
