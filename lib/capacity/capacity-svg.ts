import { TIERS, type Tier } from '../network/address-plan';
import { podNetworkMode } from '../cni/pod-network-mode';
import { zonesInUse, type PlatformConfig } from '../platform-config';
import type { Capacity, SubnetCapacity } from './capacity';
import { verdict } from './verdict';

/** Where everything is, in pixels. */
const LAYOUT = { margin: 24, label: 110, column: 250, gap: 14, box: 84, line: 19, head: 74, text: 7.2 } as const;
const MOST_GROUPS = 12;

/** A platform's VPC as a map, tiers by zones: each subnet with its fill at the desired size and at the maximum. */
export function capacitySvg(platform: string, config: PlatformConfig, now: Capacity): string {
  const zones = zonesInUse(config.network);
  const tiers = TIERS.filter((tier) => now.subnets.some(({ tiers: served }) => served[0] === tier));
  const { margin, label, column, gap, head, line } = LAYOUT;
  const width = 2 * margin + label + zones.length * (column + gap) - gap;
  const sentences = wrapped(verdict(config, now), Math.floor((width - 2 * margin) / LAYOUT.text));
  let y = margin + head + sentences.length * line;
  const top = y;
  const parts: string[] = zones.map((zone, index) => text(left(index), y, zone, 'zone'));
  y += gap;
  for (const tier of tiers) {
    const rows = Math.max(...zones.map((zone) => subnetsOf(now, tier, zone).length));
    parts.push(text(margin, y + line, tier, 'tier'));
    zones.forEach((zone, column_) =>
      subnetsOf(now, tier, zone).forEach((subnet, row) =>
        parts.push(subnetBox(subnet, left(column_), y + row * (LAYOUT.box + gap))),
      ),
    );
    y += rows * (LAYOUT.box + gap);
  }
  parts.push(legend(margin + label, y + line));
  y += 2 * line + gap;
  for (const words of groupLines(now)) {
    parts.push(text(margin, y + line, cut(words, width - 2 * margin), 'group', words));
    y += line;
  }
  const height = y + margin;
  const ranges = [config.network.cidr, ...(config.network.secondaryCidrs ?? []), ...podRanges(config)].join(', ');
  const title = `${platform}: ${ranges} in ${config.env.region}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<desc>${escaped(verdict(config, now))}</desc>`,
    `<style>${STYLE}</style>`,
    `<rect class="page" x="0" y="0" width="${width}" height="${height}"/>`,
    text(margin, margin + 20, cut(platform, width - 2 * margin), 'title', platform),
    text(margin, margin + 42, cut(`${ranges} in ${config.env.region}; ${modeOf(config)}`, width - 2 * margin), 'mono'),
    ...sentences.map((sentence, index) => text(margin, margin + head - 8 + index * line, sentence, 'verdict')),
    `<line class="rule" x1="${margin}" y1="${top + 4}" x2="${width - margin}" y2="${top + 4}"/>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

const STYLE = [
  'svg{--page:#fff;--ink:#1b1f24;--soft:#57606a;--box:#f6f8fa;--line:#d0d7de;--there:#8c959f;--desired:#0969da;--most:#9ec9f5;--over:#bc4c00}',
  '@media(prefers-color-scheme:dark){svg{--page:#0d1117;--ink:#e6edf3;--soft:#9198a1;--box:#161b22;--line:#3d444d;--there:#6e7681;--desired:#4493f8;--most:#1f4b82;--over:#f0883e}}',
  '.page{fill:var(--page)}.box{fill:var(--box);stroke:var(--line)}.over .box{stroke:var(--over);stroke-width:2}.rule{stroke:var(--line)}',
  'text{font:13px system-ui,sans-serif;fill:var(--ink)}.title{font-size:20px;font-weight:600}.zone,.tier,.name{font-weight:600}',
  '.mono{font:12px ui-monospace,monospace;fill:var(--soft)}.soft,.group{fill:var(--soft);font-size:12px}.over .soft{fill:var(--over);font-weight:600}',
  '.track{fill:var(--page);stroke:var(--line)}.there{fill:var(--there)}.desired{fill:var(--desired)}.most{fill:var(--most)}.over .most{fill:var(--over)}',
].join('');

function left(column: number): number {
  return LAYOUT.margin + LAYOUT.label + column * (LAYOUT.column + LAYOUT.gap);
}

function subnetsOf({ subnets }: Capacity, tier: Tier, zone: string): SubnetCapacity[] {
  return subnets.filter((subnet) => subnet.zone === zone && subnet.tiers[0] === tier);
}

function subnetBox({ id, cidr, usable, standing, taken }: SubnetCapacity, x: number, y: number): string {
  const over = taken.maximum > usable;
  const inside = LAYOUT.column - 20;
  const standingThere = standing.reduce((sum, { addresses }) => sum + addresses, 0);
  const bar = (addresses: number): number => Math.round(Math.min(1, addresses / usable) * inside * 10) / 10;
  const details = [
    `${id} ${cidr}: ${usable} addresses`,
    ...standing.map(({ what, addresses }) => `${what}: ${addresses}`),
    `at desired ${taken.desired}, at maximum ${taken.maximum}, updating ${taken.update}`,
  ].join('\n');
  const fill = `${percent(taken.desired, usable)} desired, ${percent(taken.maximum, usable)} maximum${over ? ' – too full' : ''}`;
  return [
    `<g class="subnet${over ? ' over' : ''}"><title>${escaped(details)}</title>`,
    `<rect class="box" x="${x}" y="${y}" width="${LAYOUT.column}" height="${LAYOUT.box}" rx="6"/>`,
    text(x + 10, y + 19, cut(id, inside), 'name'),
    text(x + 10, y + 36, `${cidr}  ${usable.toLocaleString('en-US')} free to use`, 'mono'),
    `<rect class="track" x="${x + 10}" y="${y + 44}" width="${inside}" height="12"/>`,
    `<rect class="most" x="${x + 10}" y="${y + 44}" width="${bar(taken.maximum)}" height="12"/>`,
    `<rect class="desired" x="${x + 10}" y="${y + 44}" width="${bar(taken.desired)}" height="12"/>`,
    `<rect class="there" x="${x + 10}" y="${y + 44}" width="${bar(standingThere)}" height="12"/>`,
    text(x + 10, y + 73, fill, 'soft'),
    '</g>',
  ].join('');
}

function legend(x: number, y: number): string {
  return (
    [
      ['there', 'endpoints, load balancers, control plane'],
      ['desired', 'nodes at the desired size, full'],
      ['most', 'at the maximum'],
    ] as const
  )
    .map(([name, words], index) => {
      const at = x + [0, 265, 470][index as 0 | 1 | 2];
      return `<rect class="${name}" x="${at}" y="${y - 10}" width="12" height="12"/>${text(at + 18, y, words, 'group')}`;
    })
    .join('');
}

function groupLines({ groups }: Capacity): string[] {
  const lines = groups
    .slice(0, MOST_GROUPS)
    .map(({ name, instanceTypes, nodes, maxPods, addressesPerNode, bindsFirst }) => {
      const size = `${nodes.minimum} / ${nodes.desired} / ${nodes.maximum} nodes`;
      return `${name}: ${instanceTypes.join(', ')}; ${size}; ${maxPods} pods and ${addressesPerNode.full} addresses a node; ${bindsFirst} first`;
    });
  return groups.length > MOST_GROUPS ? [...lines, `… and ${groups.length - MOST_GROUPS} more`] : lines;
}

function podRanges({ cni }: PlatformConfig): readonly string[] {
  return cni?.customNetworking?.cidrs ?? [];
}

function modeOf({ cni, controlPlane }: PlatformConfig): string {
  const mode = podNetworkMode(cni ?? {}, controlPlane.ipFamily);
  if (mode.ipFamily === 'ipv6') return 'IPv6 pods';
  return [
    mode.prefixDelegation ? 'pods in /28 prefixes' : 'pods with single addresses',
    ...(mode.customNetworking ? ['in pod subnets'] : []),
  ].join(' ');
}

function percent(part: number, whole: number): string {
  return `${Math.ceil((part / whole) * 100)} %`;
}

function text(x: number, y: number, words: string, kind: string, whole = words): string {
  const tip = whole === words ? '' : `<title>${escaped(whole)}</title>`;
  return `<text class="${kind}" x="${x}" y="${y}">${tip}${escaped(words)}</text>`;
}

/** As much of a text as surely fits into a width. */
function cut(words: string, width: number): string {
  const most = Math.floor(width / LAYOUT.text);
  return words.length > most ? `${words.slice(0, most - 1)}…` : words;
}

function wrapped(words: string, most: number): string[] {
  return words.split(' ').reduce<string[]>((lines, word) => {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > most) return [...lines, word];
    return [...lines.slice(0, -1), `${last} ${word}`];
  }, []);
}

function escaped(words: string): string {
  return words.replace(/[&<>"]/g, (letter) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[letter] ?? '&quot;');
}
