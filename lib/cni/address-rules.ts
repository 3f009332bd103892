import { element, problem } from '../validate';
import type { VpcCniSettings } from './vpc-cni-settings';

const WARM_TARGETS = ['warmEniTarget', 'warmIpTarget', 'minimumIpTarget', 'warmPrefixTarget'] as const;

/** Mistakes in where pods' addresses come from and how many are kept ready. */
export function addressProblems(
  settings: VpcCniSettings,
  ipv6: boolean,
  at: (property: string) => string,
): readonly string[] {
  return [
    ...(ipv6 ? ipv6Problems(settings, at) : warmTargetProblems(settings, at)),
    ...startProblems(settings, ipv6, at),
    ...interfaceProblems(settings, at),
    ...tagProblems(settings.additionalEniTags ?? {}, at('additionalEniTags')),
  ];
}

/** The target by address that makes the CNI ignore those by interface and by block. */
function targetByAddress({ warmIpTarget = 0, minimumIpTarget = 0 }: VpcCniSettings): string | undefined {
  return warmIpTarget > 0 ? 'warmIpTarget' : minimumIpTarget > 0 ? 'minimumIpTarget' : undefined;
}

/** @see https://github.com/aws/amazon-vpc-cni-k8s/blob/v1.23.1/pkg/ipamd/ipamd.go StartNodeIPPoolManager */
function ipv6Problems(settings: VpcCniSettings, at: (property: string) => string): string[] {
  const ignored = WARM_TARGETS.filter((target) => settings[target] !== undefined)
    // that one is worse than ignored: see startProblems
    .filter((target) => !(target === 'warmPrefixTarget' && settings.warmPrefixTarget === 0))
    .map((target) =>
      problem(at(target), 'has no effect on an IPv6 cluster, where each node has one /80 prefix', settings[target]),
    );
  return settings.prefixDelegation === false
    ? [
        problem(
          at('prefixDelegation'),
          'must not be false on an IPv6 cluster: the CNI does not start',
          false,
          'take it out',
        ),
        ...ignored,
      ]
    : ignored;
}

function warmTargetProblems(settings: VpcCniSettings, at: (property: string) => string): string[] {
  const { prefixDelegation = false, warmEniTarget, warmPrefixTarget } = settings;
  const problems: string[] = [];
  if (warmPrefixTarget !== undefined && !prefixDelegation) {
    problems.push(problem(at('warmPrefixTarget'), 'has no effect without `prefixDelegation: true`', warmPrefixTarget));
  }
  const byAddress = targetByAddress(settings);
  if (byAddress !== undefined) {
    for (const ignored of ['warmEniTarget', 'warmPrefixTarget'] as const) {
      if (settings[ignored] === undefined) continue;
      const rule = `is ignored by the CNI when \`${byAddress}\` is set`;
      problems.push(problem(at(ignored), rule, settings[ignored], 'take one of the two out'));
    }
    return problems;
  }
  if (warmEniTarget !== undefined && prefixDelegation) {
    problems.push(
      problem(at('warmEniTarget'), 'is not used with `prefixDelegation`', warmEniTarget, 'use `warmPrefixTarget`'),
    );
  }
  const instead = prefixDelegation ? 'warmPrefixTarget' : 'warmEniTarget';
  for (const unset of ['warmIpTarget', 'minimumIpTarget'] as const) {
    if (settings[unset] !== 0) continue;
    const rule = `has no effect at 0, which the CNI takes for not set: \`${instead}\` decides`;
    problems.push(problem(at(unset), rule, 0, 'take it out'));
  }
  return problems;
}

/** The CNI's start-up check: it exits if prefix delegation is on and all three targets are zero. */
function startProblems(settings: VpcCniSettings, ipv6: boolean, at: (property: string) => string): string[] {
  const prefixes = ipv6 || settings.prefixDelegation === true;
  if (!prefixes || settings.warmPrefixTarget !== 0 || targetByAddress(settings) !== undefined) return [];
  const rule = ipv6
    ? 'must not be 0: the CNI does not start'
    : 'must not be 0 with `prefixDelegation` unless `warmIpTarget` or `minimumIpTarget` is above 0: the CNI does not start';
  return [problem(at('warmPrefixTarget'), rule, 0)];
}

function interfaceProblems(settings: VpcCniSettings, at: (property: string) => string): string[] {
  const { customNetworking, maxEni, multiNic, podSecurityGroups, subnetDiscovery } = settings;
  const problems: string[] = [];
  if (maxEni === 1 && customNetworking !== undefined) {
    const rule = "must be 2 or more with `customNetworking`: a node's first interface serves no pods";
    problems.push(problem(at('maxEni'), rule, maxEni));
  }
  if (subnetDiscovery === true && customNetworking !== undefined) {
    const rule = 'is ignored by the CNI when `customNetworking` is set';
    problems.push(problem(at('subnetDiscovery'), rule, subnetDiscovery, 'take one of the two out'));
  }
  if (multiNic === true && podSecurityGroups !== undefined) {
    const rule = 'must not be on together with `podSecurityGroups`: AWS does not support the two at once';
    problems.push(problem(at('multiNic'), rule, multiNic, 'take one of the two out'));
  }
  return problems;
}

/** The most tags EC2 takes on one interface. */
const TAGS = 50;

function tagProblems(tags: Readonly<Record<string, string>>, holder: string): string[] {
  const count = Object.keys(tags).length;
  const tooMany = count > TAGS ? [problem(holder, `must hold at most ${TAGS} tags, the limit of EC2`, count)] : [];
  const each = Object.entries(tags).flatMap(([key, value]) => {
    const at = element(holder, key);
    const problems: string[] = [];
    if (key.length < 1 || key.length > 128) {
      problems.push(problem(at, 'must have a key of 1 to 128 characters', key.length));
    }
    if (value.length > 256) problems.push(problem(at, 'must have a value of at most 256 characters', value.length));
    if (key.includes('k8s.amazonaws.com')) {
      problems.push(
        problem(at, "must not have a key with k8s.amazonaws.com: it is the CNI's, which drops the tag", key),
      );
    }
    if (/^aws:/i.test(key)) {
      problems.push(
        problem(at, 'must not have a key that begins with aws: it is reserved, and EC2 makes no interface', key),
      );
    }
    return problems;
  });
  return [...tooMany, ...each];
}
