import type { PlatformConfig } from '../platform-config';
import { problem } from '../validate';

/** CoreDNS is a Deployment: without a place to run, its add-on fails after twenty minutes. */
export function placeForCoreDns({ nodeGroups = {}, fargateProfiles = {} }: PlatformConfig): string[] {
  const nodes = Object.values(nodeGroups).some(
    ({ scaling, taints }) => scaling.max > 0 && !(taints ?? []).some(({ effect }) => effect !== 'PREFER_NO_SCHEDULE'),
  );
  const fargate = Object.values(fargateProfiles).some(({ selectors }) =>
    selectors.some(({ namespace }) => namespace === 'kube-system'),
  );
  if (nodes || fargate) return [];
  const rule =
    'must hold a group without taints, unless a Fargate profile selects kube-system: CoreDNS has nowhere to run';
  return [problem('nodeGroups', rule, Object.keys(nodeGroups))];
}
