import { podNetworkMode } from '../cni/pod-network-mode';
import { withoutRetired } from '../cni/pod-network-settings';
import { isExisting, type PlatformConfig } from '../platform-config';
import { goodSign, rect, warningSign, type Drawn } from './svg-shapes';
import { spans, text, wrapped } from './svg-text';

/** Where everything is above the map, in pixels. */
const HEAD = {
  name: 20,
  facts: 48,
  fact: 18,
  factGap: 24,
  shares: [0.36, 0.2, 0.44],
  corner: 8,
  padding: 14,
  sentence: 21,
  sign: 18,
  gap: 16,
} as const;

/** The platform's name, its facts side by side, and the verdict. */
export function head(
  platform: string,
  config: PlatformConfig,
  { sentence, good }: { readonly sentence: string; readonly good: boolean },
  { x, y, width }: { readonly x: number; readonly y: number; readonly width: number },
): Drawn {
  const facts = factsOf(config, x, y + HEAD.facts, width);
  const box = facts.bottom + HEAD.gap;
  const { padding, sign } = HEAD;
  const lines = wrapped(sentence, 'verdict', width - 2 * padding - sign - padding);
  const height = lines.length * HEAD.sentence + 2 * padding - 4;
  return {
    svg: [
      text(platform, 'platform', { x, y: y + HEAD.name, width }),
      ...facts.svg,
      rect('vpc', { x, y: box, width, height }, HEAD.corner),
      good
        ? goodSign(x + padding, box + padding - 1, sign)
        : warningSign('wrong', x + padding, box + padding - 1, sign),
      ...lines.map((words, index) =>
        spans(words, 'verdict', { x: x + 2 * padding + sign, y: box + padding + 13 + index * HEAD.sentence }),
      ),
    ],
    bottom: box + height,
  };
}

function factsOf(config: PlatformConfig, x: number, y: number, width: number): Drawn {
  const facts = [
    { label: 'VPC', sentences: rangesOf(config) },
    { label: 'Region', sentences: [config.env.region] },
    { label: 'Addresses of pods', sentences: modeOf(config) },
  ];
  let bottom = y;
  const svg = facts.flatMap(({ label, sentences }, index) => {
    const share = HEAD.shares[index] ?? 0;
    const left = x + HEAD.shares.slice(0, index).reduce((sum, each) => sum + each, 0) * width;
    const lines = sentences.flatMap((sentence) => wrapped(sentence, 'fact', share * width - HEAD.factGap));
    bottom = Math.max(bottom, y + lines.length * HEAD.fact);
    return [
      text(label, 'label', { x: left, y }),
      ...lines.map((line, row) => spans(line, 'fact', { x: left, y: y + (row + 1) * HEAD.fact })),
    ];
  });
  return { svg, bottom };
}

function rangesOf({ network, cni }: PlatformConfig): string[] {
  const [further, pods] = [network.secondaryCidrs ?? [], cni?.customNetworking?.cidrs ?? []];
  return [
    `\`${network.cidr}\``,
    ...further.filter((range) => !pods.includes(range)).map((range) => `\`${range}\``),
    ...pods.map((range) => `\`${range}\` for pods`),
    ...(isExisting(network) ? [`in \`${network.vpcId}\`, there already`] : []),
  ];
}

/** How pods get their addresses, in words. */
function modeOf({ cni = {}, controlPlane, fargateProfiles = {} }: PlatformConfig): string[] {
  const settings = withoutRetired(cni);
  const { ipFamily, prefixDelegation, podSecurityGroups } = podNetworkMode(settings, controlPlane.ipFamily);
  const newest = settings.customNetworking?.cidrs.at(-1);
  const words: string[] = [];
  if (ipFamily === 'ipv6') words.push('IPv6: pods take no IPv4 addresses');
  else if (prefixDelegation) words.push('Prefix delegation: 16 at a time, in /28 blocks');
  else words.push('Secondary addresses: one for each pod');
  if (newest !== undefined) words.push(`Custom networking: pods in \`${newest}\``);
  if (podSecurityGroups) words.push('Security groups for pods: an interface for each such pod');
  if (Object.keys(fargateProfiles).length > 0) words.push('Fargate: one address of a node subnet for each pod');
  return words;
}
