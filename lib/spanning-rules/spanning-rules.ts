import type { PlatformConfig } from '../platform-config';
import { placeForCoreDns } from './core-dns-rules';
import { instanceTypeProblems, ipFamilyProblems, maxPodsProblems, podRangeProblems } from './pod-network-rules';
import type { Whole } from './whole';
import { zonesProblems } from './zone-rules';

/** A rule that reads several sections, and which. */
interface SpanningRule {
  readonly reads: readonly (keyof PlatformConfig)[];
  readonly rule: (config: PlatformConfig) => string[];
}

const RULES: readonly SpanningRule[] = [
  { reads: ['env', 'network', 'controlPlane', 'nodeGroups', 'fargateProfiles'], rule: zonesProblems },
  { reads: ['nodeGroups', 'fargateProfiles'], rule: placeForCoreDns },
  { reads: ['cni', 'controlPlane', 'nodeGroups'], rule: instanceTypeProblems },
  { reads: ['cni', 'controlPlane', 'nodeGroups'], rule: maxPodsProblems },
  { reads: ['cni', 'network'], rule: podRangeProblems },
  { reads: ['controlPlane', 'network'], rule: ipFamilyProblems },
];

/** Every mistake that is one only because of another section. */
export function spanningProblems(config: PlatformConfig, whole: Whole): string[] {
  return RULES.flatMap(({ reads, rule }) => (whole(...reads) ? rule(config) : []));
}
