import { isExisting, type PlatformConfig } from '../platform-config';
import type { Capacity, PoolCapacity, SubnetCapacity } from './capacity';
import { LEVELS } from './group-capacity';
import { bar, type FillRow } from './svg-bar';
import { rect, warningSign, type Rect } from './svg-shapes';
import { isOverfull, MOMENTS, poolOf, shortageIn, shortageWords, standingOf, type Shortage } from './svg-shortage';
import { escaped, number, percent, spans, text, wrapped } from './svg-text';

/** Where everything is in the box of a subnet, in pixels. */
const BOX = {
  padding: 10,
  corner: 6,
  id: 19,
  cidr: 36,
  bar: 46,
  rows: 78,
  row: 16,
  swatch: 9,
  shareWidth: 64,
  smallGap: 2,
  small: 14,
  end: 10,
  strip: 22,
} as const;

/** How much of the end of a long id stays: a further range of the VPC. */
const RANGE_LETTERS = 14;

/** A space where no line ends. */
const NO_BREAK = '\u00A0';

/** The height of a subnet's box of a width. */
export function subnetHeight(subnet: SubnetCapacity, now: Capacity, width: number): number {
  return partsOf(subnet, now, width).height;
}

interface Parts {
  readonly shortage: Shortage | undefined;
  readonly rows: readonly FillRow[];
  readonly things: ReturnType<typeof wrapped>;
  /** The base line above what stands there. */
  readonly base: number;
  readonly height: number;
}

function partsOf(subnet: SubnetCapacity, now: Capacity, width: number): Parts {
  const shortage = shortageIn(subnet, now);
  const rows = rowsOf(subnet, now);
  const things = thingsIn(subnet, width);
  const base = BOX.rows + (rows.length - 1) * BOX.row + (things.length === 0 ? 0 : BOX.smallGap);
  const strip = shortage === undefined ? 0 : BOX.strip;
  return { shortage, rows, things, base, height: base + things.length * BOX.small + BOX.end + strip };
}

/** A subnet: what it is, a bar with its fill, the same in numbers, and what stands there. */
export function subnetBox(
  subnet: SubnetCapacity,
  now: Capacity,
  config: PlatformConfig,
  { x, y, width }: Omit<Rect, 'height'>,
): string {
  const { id, cidr, usable } = subnet;
  const { shortage, rows, things, base, height } = partsOf(subnet, now, width);
  const left = x + BOX.padding;
  const inside = width - 2 * BOX.padding;
  return [
    `<g class="subnet${isOverfull(shortage) ? ' over' : ''}">`,
    `<title>${escaped(details(subnet, poolOf(now, subnet), config).join('\n'))}</title>`,
    rect('box', { x, y, width, height }, BOX.corner),
    text(id, 'id', { x: left, y: y + BOX.id, width: inside, keepAtEnd: RANGE_LETTERS }),
    text(cidr, 'cidr', { x: left, y: y + BOX.cidr }),
    text(`${number(usable)} usable`, 'small', { x: left + inside, y: y + BOX.cidr, anchor: 'end' }),
    ...bar(subnet, left, y + BOX.bar, inside),
    ...rows.flatMap((row, index) => fillRow(row, usable, left, y + BOX.rows + index * BOX.row, inside)),
    ...things.map((words, index) => spans(words, 'small', { x: left, y: y + base + (index + 1) * BOX.small })),
    ...(shortage === undefined ? [] : strip(shortage, { x, y: y + height - BOX.strip, width, height: BOX.strip })),
    '</g>',
  ].join('');
}

/** Where no node is or comes, only what stands there is told of. */
function rowsOf(subnet: SubnetCapacity, now: Capacity): FillRow[] {
  const standing: FillRow = { name: 'standing', addresses: standingOf(subnet) };
  if (now.groups.length === 0 || poolOf(now, subnet) === undefined) return [standing];
  const { desired, maximum } = subnet.taken;
  return [standing, { name: 'desired', addresses: desired }, { name: 'maximum', addresses: maximum }];
}

function fillRow({ name, addresses }: FillRow, usable: number, x: number, y: number, width: number): string[] {
  const { swatch, shareWidth } = BOX;
  const over = addresses > usable;
  return [
    rect(name, { x, y: y - swatch, width: swatch, height: swatch }, 2),
    text(name, 'count', { x: x + swatch + 6, y }),
    text(number(addresses), 'count', { x: x + width - shareWidth, y, anchor: 'end' }),
    text(percent(addresses, usable), over ? 'badshare' : 'percent', { x: x + width, y, anchor: 'end' }),
  ];
}

/** What stands in a subnet, and what else it serves, in as many lines as it takes. */
function thingsIn({ standing, tiers }: SubnetCapacity, width: number): ReturnType<typeof wrapped> {
  const things = [
    ...tiers.slice(1).map((tier) => `also${NO_BREAK}${tier}`),
    ...standing.map(({ what, addresses }) => `${what} ${number(addresses)}`.replaceAll(' ', NO_BREAK)),
  ];
  return wrapped(things.join(', '), 'small', width - 2 * BOX.padding);
}

function strip(shortage: Shortage, at: Rect): string[] {
  const over = isOverfull(shortage);
  const sign = 9;
  const inner = { x: at.x + 1, y: at.y, width: at.width - 2, height: at.height - 1 };
  const words = shortageWords(shortage);
  const y = at.y + at.height / 2;
  const from = at.x + BOX.padding + sign + 6;
  return [
    ...(over ? [rect('plate', inner, BOX.corner - 1)] : []),
    warningSign(over ? 'on-plate' : 'wrong', at.x + BOX.padding, y - sign / 2, sign),
    text(words, over ? 'alarm' : 'tight', { x: from, y: y + 4, width: at.x + at.width - BOX.padding - from }),
  ];
}

function details(subnet: SubnetCapacity, pool: PoolCapacity | undefined, { network }: PlatformConfig): string[] {
  const { id, tiers, zone, cidr, usable, standing, taken } = subnet;
  const tier = tiers[0];
  const existing =
    isExisting(network) && tier !== undefined && tier !== 'intra' ? network.zones[zone]?.[tier]?.subnetId : undefined;
  const others = pool?.subnets.filter((other) => other !== id) ?? [];
  return [
    `${id}${existing === undefined ? '' : ` (${existing})`}: ${tiers.join(', ')}`,
    `${cidr}: ${number(usable)} usable addresses`,
    ...standing.map(({ what, addresses }) => `${what}: ${number(addresses)}`),
    ...(pool === undefined
      ? []
      : LEVELS.map((level) => `${MOMENTS[level]}: ${number(taken[level])} (${percent(taken[level], usable)})`)),
    ...(pool?.blocks === undefined
      ? []
      : [
          `wants ${number(pool.blocks.wanted)} /28 blocks at maximum; ${number(pool.blocks.fresh)} are whole, ${number(pool.blocks.fragmented)} once single addresses lie scattered`,
        ]),
    ...(others.length === 0 ? [] : [`shares what nodes take with ${others.join(', ')}`]),
  ];
}
