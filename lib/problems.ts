import { accessProblems, accessShape } from './access/access-rules';
import { addonProblems, addonsShape } from './addons/addon-rules';
import { capacityProblems } from './capacity/capacity-rules';
import {
  controlPlaneProblems,
  controlPlaneRows,
  controlPlaneZoneProblems,
  versionProblems,
} from './cluster/control-plane-rules';
import { vpcCniProblems, vpcCniShape } from './cni/vpc-cni-rules';
import { fargateProfileProblems, selectorsShape } from './compute/fargate-profile-rules';
import { nodeGroupProblems, nodeGroupRows } from './compute/node-group-rules';
import { logsProblems, logsShape } from './logs/log-settings-rules';
import { existingNetworkProblems, existingNetworkShape } from './network/existing-network-rules';
import { networkProblems, networkShape } from './network/network-rules';
import {
  addonVersionOf,
  isExisting,
  type CapacityRequirements,
  type PlatformConfig,
  type PlatformControlPlane,
  type PlatformEnv,
  type PlatformFargateProfile,
  type PlatformNodeGroup,
} from './platform-config';
import { integer, isPlainObject, listOf, mapOf, object, oneOf, optional, text, type Check, type Shape } from './shape';
import { partitionOf } from './partition';
import { endpointNeeds } from './spanning-rules/endpoint-needs';
import { spanningProblems } from './spanning-rules/spanning-rules';
import type { Whole } from './spanning-rules/whole';
import { element, problem } from './validate';

const eitherNetwork: Check = (value, property) =>
  (isPlainObject(value) && 'vpcId' in value ? existingNetworkShape : networkShape)(value, property);

const subnetPlace: Check = (value, property) =>
  typeof value === 'string' || (typeof value === 'number' && Number.isInteger(value) && value >= 1)
    ? []
    : [problem(property, 'must be the number of a subnet, from 1, or a range of `network.secondaryCidrs`', value)];

const SHAPE: Shape<PlatformConfig> = {
  env: object<PlatformEnv>({ account: text, region: text }),
  network: eitherNetwork,
  controlPlane: object<PlatformControlPlane>({ ...controlPlaneRows, zones: listOf(text) }),
  cni: optional(vpcCniShape),
  nodeGroups: optional(
    mapOf(object<PlatformNodeGroup>({ ...nodeGroupRows, zones: listOf(text), subnet: optional(subnetPlace) })),
  ),
  fargateProfiles: optional(mapOf(object<PlatformFargateProfile>({ zones: listOf(text), selectors: selectorsShape }))),
  access: accessShape,
  addons: optional(addonsShape),
  logs: optional(logsShape),
  capacity: optional(
    object<CapacityRequirements>({
      require: optional(oneOf('sum')),
      pods: optional(integer(1)),
      loadBalancers: optional(integer(0)),
    }),
  ),
  tags: optional(mapOf(text)),
};

const configShape = object<PlatformConfig>(SHAPE);

/**
 * Every mistake in a platform's config, in one list; empty if there is none. Pure: no network, no clock.
 *
 * A rule that spans parts looks only at parts whose form is right, so that one slip does not cause ten lines.
 */
export function problems(config: unknown): string[] {
  const malformed = configShape(config, '');
  if (!isPlainObject(config)) return [problem('config', 'must be an object', config)];
  const whole: Whole = (...sections) =>
    sections.every(
      (section) =>
        SHAPE[section](config[section], section).length === 0 &&
        (config[section] !== undefined || 'optional' in SHAPE[section]),
    );
  // each rule below is behind `whole` of the sections it reads, so their types hold
  const typed = config as unknown as PlatformConfig;
  const { env, network, controlPlane, cni, nodeGroups, fargateProfiles, access, addons } = typed;
  const region = whole('env') && REGION.test(env.region) ? env.region : undefined;
  const found: string[] = [...malformed];
  if (whole('env')) found.push(...envProblems(env));
  if (whole('network') && region !== undefined) {
    const needs = endpointNeeds(typed, whole);
    found.push(
      ...(isExisting(network)
        ? existingNetworkProblems(network, region, 'network', needs)
        : networkProblems(network, region, 'network', needs)),
    );
  }
  if (whole('controlPlane')) {
    found.push(...controlPlaneProblems(controlPlane, vpcRanges(typed, whole), 'controlPlane'));
    found.push(...controlPlaneZoneProblems(controlPlane.zones, 'controlPlane.zones'));
    // a version that is wrong itself has no add-ons either: that would be the same mistake four times more
    const versionIsSound = versionProblems(controlPlane.version, '').length === 0;
    if (whole('addons') && versionIsSound) found.push(...addonProblems(addons ?? {}, controlPlane.version, 'addons'));
  }
  if (whole('cni')) {
    const ipFamily = whole('controlPlane') ? controlPlane.ipFamily : undefined;
    found.push(...vpcCniProblems(cni ?? {}, 'cni', { ipFamily, addonVersion: cniVersion(typed, whole) }));
  }
  if (whole('nodeGroups')) found.push(...nodeGroupsProblems(nodeGroups ?? {}));
  if (whole('fargateProfiles')) found.push(...fargateProblems(fargateProfiles ?? {}));
  if (whole('access')) {
    const account = whole('env') && ACCOUNT.test(env.account) ? env.account : undefined;
    const partition = region === undefined ? undefined : partitionOf(region);
    found.push(...accessProblems(access, { account, partition }, 'access'));
  }
  if (whole('logs') && typed.logs !== undefined) found.push(...logsProblems(typed.logs, region, 'logs'));
  found.push(...spanningProblems(typed, whole));
  // what fits can be reckoned only where everything else is right
  return found.length > 0 ? found : capacityProblems(typed);
}

/** Every range of the VPC, as far as the config can be read. */
function vpcRanges({ network, cni }: PlatformConfig, whole: Whole): string[] {
  if (!whole('network')) return [];
  const pods = whole('cni') ? (cni?.customNetworking?.cidrs ?? []) : [];
  return [network.cidr, ...(network.secondaryCidrs ?? []), ...pods];
}

function cniVersion(config: PlatformConfig, whole: Whole): string | undefined {
  return whole('addons', 'controlPlane') ? addonVersionOf('vpc-cni', config) : undefined;
}

const ACCOUNT = /^\d{12}$/;
const REGION = /^[a-z]{2}(-[a-z]+)+-\d$/;

function envProblems({ account, region }: PlatformEnv): string[] {
  return [
    ...(ACCOUNT.test(account)
      ? []
      : [problem('env.account', 'must be an AWS account id of twelve digits, in quotes', account)]),
    ...(REGION.test(region)
      ? []
      : [problem('env.region', 'must be an AWS region', region, 'such as "ap-northeast-1"')]),
  ];
}

function nodeGroupsProblems(groups: Readonly<Record<string, PlatformNodeGroup>>): string[] {
  return Object.entries(groups).flatMap(([name, group]) => [
    ...idProblems('nodeGroups', name),
    ...nodeGroupProblems(group, element('nodeGroups', name)),
  ]);
}

function fargateProblems(profiles: Readonly<Record<string, PlatformFargateProfile>>): string[] {
  return Object.entries(profiles).flatMap(([name, { selectors }]) => [
    ...idProblems('fargateProfiles', name),
    ...fargateProfileProblems(selectors, `${element('fargateProfiles', name)}.selectors`),
  ]);
}

/** Names become construct ids and parts of resource names. */
function idProblems(holder: string, name: string): string[] {
  return /^[a-z][a-z0-9-]{0,39}$/.test(name)
    ? []
    : [
        problem(
          element(holder, name),
          'must be named by at most 40 small letters, digits and hyphens, beginning with a letter',
          name,
        ),
      ];
}
