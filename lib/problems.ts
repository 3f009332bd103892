import { accessProblems, accessShape } from './access/access-rules';
import { grantsRenderedAs } from './access/access-grant';
import { addonProblems, addonsShape } from './addons/addon-rules';
import {
  controlPlaneProblems,
  controlPlaneZoneProblems,
  controlPlaneRows,
  versionProblems,
} from './cluster/control-plane-rules';
import { vpcCniProblems, vpcCniShape } from './cni/vpc-cni-rules';
import { fargateProfileProblems, selectorsShape } from './compute/fargate-profile-rules';
import { instanceFacts } from './compute/max-pods';
import { nodeGroupProblems, nodeGroupRows } from './compute/node-group-rules';
import { networkProblems, networkShape, zoneChoiceProblems } from './network/network-rules';
import type {
  PlatformConfig,
  PlatformControlPlane,
  PlatformEnv,
  PlatformFargateProfile,
  PlatformNodeGroup,
} from './platform-config';
import { isPlainObject, listOf, mapOf, object, optional, text, type Shape } from './shape';
import { element, problem } from './validate';

const SHAPE: Shape<PlatformConfig> = {
  env: object<PlatformEnv>({ account: text, region: text }),
  network: networkShape,
  controlPlane: object<PlatformControlPlane>({ ...controlPlaneRows, zones: listOf(text) }),
  cni: optional(vpcCniShape),
  nodeGroups: optional(mapOf(object<PlatformNodeGroup>({ ...nodeGroupRows, zones: listOf(text) }))),
  fargateProfiles: optional(mapOf(object<PlatformFargateProfile>({ zones: listOf(text), selectors: selectorsShape }))),
  access: accessShape,
  addons: optional(addonsShape),
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
  const whole = (section: keyof PlatformConfig): boolean =>
    SHAPE[section](config[section], section).length === 0 &&
    (config[section] !== undefined || 'optional' in SHAPE[section]);
  // each rule below is behind `whole` of the sections it reads, so their types hold
  const { env, network, controlPlane, cni, nodeGroups, fargateProfiles, access, addons } =
    config as unknown as PlatformConfig;
  const region = whole('env') ? env.region : '';
  const found: string[] = [...malformed];
  if (whole('env')) found.push(...envProblems(env));
  if (whole('network') && REGION.test(region)) found.push(...networkProblems(network, region, 'network'));
  if (whole('controlPlane')) {
    const vpcCidr = whole('network') ? network.cidr : undefined;
    found.push(...controlPlaneProblems(controlPlane, vpcCidr, 'controlPlane'));
    found.push(...controlPlaneZoneProblems(controlPlane.zones, 'controlPlane.zones'));
    // a version that is wrong itself has no add-ons either: that would be the same mistake four times more
    const versionIsSound = versionProblems(controlPlane.version, '').length === 0;
    if (whole('addons') && versionIsSound) found.push(...addonProblems(addons ?? {}, controlPlane.version, 'addons'));
  }
  if (whole('cni')) found.push(...vpcCniProblems(cni ?? {}, 'cni'));
  if (whole('nodeGroups')) found.push(...nodeGroupsProblems(nodeGroups ?? {}));
  if (whole('fargateProfiles')) found.push(...fargateProblems(fargateProfiles ?? {}));
  if (whole('access')) {
    found.push(...accessProblems(access, REGION.test(region) ? partitionOf(region) : undefined, 'access'));
  }
  if (whole('network') && whole('controlPlane') && whole('nodeGroups') && whole('fargateProfiles')) {
    found.push(...zonesProblems(config as unknown as PlatformConfig));
  }
  if (whole('nodeGroups') && whole('fargateProfiles')) found.push(...placeForCoreDns(nodeGroups, fargateProfiles));
  if (whole('cni') && whole('nodeGroups')) found.push(...prefixProblems(config as unknown as PlatformConfig));
  if (whole('network') && whole('access')) found.push(...writerRouteProblems(config as unknown as PlatformConfig));
  return found;
}

const REGION = /^[a-z]{2}(-[a-z]+)+-\d$/;

function envProblems({ account, region }: PlatformEnv): string[] {
  return [
    ...(/^\d{12}$/.test(account)
      ? []
      : [problem('env.account', 'must be an AWS account id of twelve digits, in quotes', account)]),
    ...(REGION.test(region)
      ? []
      : [problem('env.region', 'must be an AWS region', region, 'such as "ap-northeast-1"')]),
  ];
}

/** The partition of a region, from its prefix. */
export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  if (region.startsWith('us-gov-')) return 'aws-us-gov';
  if (region.startsWith('us-isob-')) return 'aws-iso-b';
  if (region.startsWith('us-iso-')) return 'aws-iso';
  if (region.startsWith('eusc-')) return 'aws-eusc';
  return 'aws';
}

function nodeGroupsProblems(groups: Readonly<Record<string, PlatformNodeGroup>>): string[] {
  const count = Object.keys(groups).length;
  return [
    ...(count > 30 ? [problem('nodeGroups', 'must hold at most 30 groups, the quota of a cluster', count)] : []),
    ...Object.entries(groups).flatMap(([name, group]) => [
      ...idProblems('nodeGroups', name),
      ...nodeGroupProblems(group, element('nodeGroups', name)),
    ]),
  ];
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

function zonesProblems({ network, controlPlane, nodeGroups, fargateProfiles }: PlatformConfig): string[] {
  const chosen = [
    { at: 'controlPlane.zones', zones: controlPlane.zones },
    ...Object.entries(nodeGroups ?? {}).map(([name, { zones }]) => ({
      at: `${element('nodeGroups', name)}.zones`,
      zones,
    })),
    ...Object.entries(fargateProfiles ?? {}).map(([name, { zones }]) => ({
      at: `${element('fargateProfiles', name)}.zones`,
      zones,
    })),
  ];
  return chosen.flatMap(({ at, zones }) =>
    zones.length === 0
      ? [problem(at, "must name at least one of the network's zones", zones)]
      : zoneChoiceProblems(zones, network.zones, at),
  );
}

/** CoreDNS is a Deployment: without a place to run, its add-on fails after twenty minutes. */
function placeForCoreDns(
  groups: PlatformConfig['nodeGroups'] = {},
  profiles: PlatformConfig['fargateProfiles'] = {},
): string[] {
  const nodes = Object.values(groups).some(
    ({ scaling, taints }) => scaling.max > 0 && !(taints ?? []).some(({ effect }) => effect !== 'PREFER_NO_SCHEDULE'),
  );
  const fargate = Object.values(profiles).some(({ selectors }) =>
    selectors.some(({ namespace }) => namespace === 'kube-system'),
  );
  if (nodes || fargate) return [];
  const rule =
    'must hold a group without taints, unless a Fargate profile selects kube-system: CoreDNS has nowhere to run';
  return [problem('nodeGroups', rule, Object.keys(groups))];
}

function prefixProblems({ cni, nodeGroups }: PlatformConfig): string[] {
  if (cni?.prefixDelegation !== true) return [];
  return Object.entries(nodeGroups ?? {}).flatMap(([name, { instanceTypes }]) =>
    instanceTypes.flatMap((type, index) =>
      instanceFacts(type)?.prefixDelegation === false
        ? [
            problem(
              `${element('nodeGroups', name)}.instanceTypes[${index}]`,
              'must be a Nitro type with `cni.prefixDelegation`: this one ignores prefixes in silence and pods find no address',
              type,
            ),
          ]
        : [],
    ),
  );
}

/** The writer of aws-auth runs in private subnets and calls EKS and STS. */
function writerRouteProblems({ network, access }: PlatformConfig): string[] {
  if (network.nat !== 'none' || Object.keys(grantsRenderedAs('aws-auth', access)).length === 0) return [];
  return ['eks', 'sts']
    .filter((service) => !(network.interfaceEndpoints ?? []).includes(service))
    .map((service) =>
      problem(
        'network.interfaceEndpoints',
        `must include "${service}" for grants in aws-auth: the function that writes it calls ${service} and there is no NAT`,
        network.interfaceEndpoints ?? [],
        `add "${service}" or write the grants as access entries`,
      ),
    );
}
