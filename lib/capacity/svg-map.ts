import { TIERS, type Tier } from '../network/address-plan';
import { withoutRetired } from '../cni/pod-network-settings';
import { zonesInUse, type PlatformConfig } from '../platform-config';
import type { Capacity, SubnetCapacity } from './capacity';
import { rect, warningSign, type Drawn } from './svg-shapes';
import { subnetBox, subnetHeight } from './svg-subnet';
import { number, spans, text, wrapped } from './svg-text';

/** Where everything is in the map, in pixels. */
const MAP = {
  frame: 14,
  corner: 10,
  tiers: { width: 112, gap: 8, name: 19, note: 14 },
  zone: { least: 260, gap: 12, padding: 8, corner: 8, name: 21, pods: 38, loss: 53, head: { named: 34, told: 66 } },
  rowGap: 14,
  boxGap: 8,
  emptyBox: 40,
  boxCorner: 6,
} as const;

/** The widths of the map: of a zone's column, and of all. */
export interface Columns {
  /** Of one column. */
  readonly one: number;
  /** From one edge of the VPC to the other. */
  readonly all: number;
}

/** The widths for so many zones: as wide as is given if that is enough. */
export function columnsIn(zones: number, given: number): Columns {
  const { frame, tiers, zone } = MAP;
  const around = 2 * frame + tiers.width + (zones - 1) * zone.gap;
  const one = Math.max(zone.least, Math.floor((given - around) / zones));
  return { one, all: around + zones * one };
}

interface Spot {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

/** The VPC: a column for each zone, a row for each tier. */
export function vpcMap(config: PlatformConfig, now: Capacity, columns: Columns, { x, y, width }: Spot): Drawn {
  const { frame, tiers, zone } = MAP;
  const top = y + frame;
  const spots = zonesInUse(config.network).map((name, index) => ({
    name,
    x: x + frame + tiers.width + index * (columns.one + zone.gap),
  }));
  const rows: string[] = [];
  let base = top + (now.groups.length === 0 ? zone.head.named : zone.head.told);
  for (const tier of TIERS.filter((each) => now.subnets.some((subnet) => subnet.tiers[0] === each))) {
    const cells = spots.map(({ name, x: left }) =>
      cell(tier, name, now, config, { x: left + zone.padding, y: base, width: columns.one - 2 * zone.padding }),
    );
    rows.push(...tierWords(tier, config, x + frame, base), ...cells.flatMap(({ svg }) => svg));
    base = Math.max(...cells.map(({ bottom }) => bottom)) + MAP.rowGap;
  }
  const bottom = base - MAP.rowGap + zone.padding;
  return {
    svg: [
      rect('vpc', { x, y, width, height: bottom + frame - y }, MAP.corner),
      ...spots.flatMap(({ name, x: left }) => [
        rect('zone', { x: left, y: top, width: columns.one, height: bottom - top }, zone.corner),
        ...zoneWords(name, now, { x: left + zone.padding + 2, y: top, width: columns.one - 2 * zone.padding - 4 }),
      ]),
      ...rows,
    ],
    bottom: bottom + frame,
  };
}

/** The subnets of a tier in a zone, one above the other. */
function cell(tier: Tier, zone: string, now: Capacity, config: PlatformConfig, { x, y, width }: Spot): Drawn {
  const inZone = now.subnets.filter((subnet) => subnet.zone === zone);
  const subnets = inZone.filter(({ tiers }) => tiers[0] === tier);
  if (subnets.length === 0)
    return emptyCell(
      inZone.find(({ tiers }) => tiers.includes(tier)),
      { x, y, width },
    );
  let top = y;
  const svg = subnets.map((subnet) => {
    const box = subnetBox(subnet, now, config, { x, y: top, width });
    top += subnetHeight(subnet, now, width) + MAP.boxGap;
    return box;
  });
  return { svg, bottom: top - MAP.boxGap };
}

/** Another zone has the tier: this one has it in the subnet of another tier, or not at all. */
function emptyCell(shared: SubnetCapacity | undefined, { x, y, width }: Spot): Drawn {
  const { emptyBox, boxCorner } = MAP;
  const words = shared === undefined ? 'none in this zone' : `in ${shared.id}`;
  return {
    svg: [
      rect('gap', { x, y, width, height: emptyBox }, boxCorner),
      text(words, 'small', { x: x + 10, y: y + emptyBox / 2 + 4, width: width - 20 }),
    ],
    bottom: y + emptyBox,
  };
}

function tierWords(tier: Tier, config: PlatformConfig, x: number, y: number): string[] {
  const { width, gap, name, note } = MAP.tiers;
  const lines = wrapped(noteOf(tier, config), 'small', width - gap);
  return [
    text(tier, 'tier', { x, y: y + name, width: width - gap }),
    ...lines.map((line, index) => spans(line, 'small', { x, y: y + name + (index + 1) * note + 2 })),
  ];
}

function noteOf(tier: Tier, { nodeGroups = {}, fargateProfiles = {}, cni = {}, controlPlane }: PlatformConfig): string {
  const [nodes, fargate] = [Object.keys(nodeGroups).length > 0, Object.keys(fargateProfiles).length > 0];
  const apart = withoutRetired(cni).customNetworking !== undefined;
  const ipv6 = controlPlane.ipFamily === 'ipv6';
  const ofNodes = [
    ...(nodes ? [apart ? 'nodes alone' : ipv6 ? 'nodes; pods by IPv6' : 'nodes and their pods'] : []),
    ...(fargate ? ['pods on Fargate'] : []),
  ];
  const notes: Readonly<Record<Tier, string>> = {
    public: 'public load balancers',
    nodes: ofNodes.join(', '),
    'control-plane': "the interfaces of EKS's own control plane",
    intra: 'no way to the internet',
    pods: 'pods alone',
  };
  return notes[tier];
}

/** The zone's name, the pods it has room for, and what the loss of it leaves. */
function zoneWords(zone: string, { groups, podsByZone, losses }: Capacity, { x, y, width }: Spot): string[] {
  const name = text(zone, 'zone', { x, y: y + MAP.zone.name, width });
  const loss = losses.find((each) => each.zone === zone);
  if (groups.length === 0 || loss === undefined) return [name];
  const fewer = !loss.desiredFits;
  const sign = fewer ? 14 : 0;
  return [
    name,
    text(`room for ${number(podsByZone[zone] ?? 0)} pods`, 'small', { x, y: y + MAP.zone.pods, width }),
    ...(fewer ? [warningSign('wrong', x, y + MAP.zone.loss - 9, 9)] : []),
    text(`if lost, ${number(loss.pods)}${fewer ? ': too few' : ' in the others'}`, fewer ? 'tight' : 'small', {
      x: x + sign,
      y: y + MAP.zone.loss,
      width: width - sign,
    }),
  ];
}
