import { isExisting, type PlatformConfig } from '../platform-config';
import type { Capacity, PoolCapacity, SubnetCapacity } from './capacity';
import { LEVELS, type Level } from './group-capacity';
import { line, rect, warningSign, type Rect } from './svg-shapes';
import { escaped, number, percent, rounded, spans, text, wrapped } from './svg-text';

/** Where everything is in the box of a subnet, in pixels. */
const BOX = {
  padding: 10,
  corner: 6,
  id: 19,
  cidr: 36,
  bar: { top: 46, height: 12, stickOut: 3 },
  rows: 78,
  row: 16,
  swatch: 9,
  shareWidth: 64,
  smallGap: 2,
  small: 14,
  end: 10,
  strip: 22,
} as const;

/** How much of a bar's length is 100 %; what is left shows what is too much. */
const HUNDRED = 5 / 6;

/** A fill of some addresses that is too small to be seen is drawn so wide. */
const LEAST_SEEN = 2;

/** How much of the end of a long id stays: a further range of the VPC. */
const RANGE_LETTERS = 14;

/** A space where no line ends. */
const NO_BREAK = '\u00A0';

/** What a subnet lacks first, from the fewest nodes to the most. */
export interface Shortage {
  /** When; `standing` is before there is any node. */
  readonly level: 'standing' | Exclude<Level, 'minimum'>;
  /** How many addresses are missing; 0 if there are enough, and whole /28 blocks are missing. */
  readonly by: number;
}

/** What a subnet lacks, by itself or in whole blocks together with those of its pool; undefined if it has enough. */
export function shortageIn(subnet: SubnetCapacity, now: Capacity): Shortage | undefined {
  const { usable, taken } = subnet;
  const standing = standingOf(subnet);
  if (standing > usable) return { level: 'standing', by: standing - usable };
  const pool = poolOf(now, subnet);
  const inPool = now.subnets.filter(({ id }) => pool?.subnets.includes(id) === true);
  for (const level of ['desired', 'maximum', 'update'] as const) {
    if (taken[level] > usable) return { level, by: taken[level] - usable };
    const anotherLacks = inPool.some((other) => other.taken[level] > other.usable);
    if (pool?.fits[level] === false && !anotherLacks && taken[level] > standing) return { level, by: 0 };
  }
  return undefined;
}

/** Whether a shortage is one of what the config asks for, and not of a while. */
export function isOverfull(shortage: Shortage | undefined): shortage is Shortage {
  return shortage !== undefined && shortage.level !== 'update';
}

function poolOf({ pools }: Capacity, { id }: SubnetCapacity): PoolCapacity | undefined {
  return pools.find(({ subnets }) => subnets.includes(id));
}

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
    ...bar(subnet, left, y + BOX.bar.top, inside),
    ...rows.flatMap((row, index) => fillRow(row, usable, left, y + BOX.rows + index * BOX.row, inside)),
    ...things.map((words, index) => spans(words, 'small', { x: left, y: y + base + (index + 1) * BOX.small })),
    ...(shortage === undefined ? [] : strip(shortage, { x, y: y + height - BOX.strip, width, height: BOX.strip })),
    '</g>',
  ].join('');
}

/** One kind of fill: its colour's name is its own. */
interface FillRow {
  readonly name: 'standing' | 'desired' | 'maximum';
  readonly addresses: number;
}

/** Where no node is or comes, only what stands there is told of. */
function rowsOf(subnet: SubnetCapacity, now: Capacity): FillRow[] {
  const standing: FillRow = { name: 'standing', addresses: standingOf(subnet) };
  if (now.groups.length === 0 || poolOf(now, subnet) === undefined) return [standing];
  const { desired, maximum } = subnet.taken;
  return [standing, { name: 'desired', addresses: desired }, { name: 'maximum', addresses: maximum }];
}

function standingOf({ standing }: Pick<SubnetCapacity, 'standing'>): number {
  return standing.reduce((sum, { addresses }) => sum + addresses, 0);
}

/** The fill from the left, each row on top of those that are more, with a mark where the subnet ends. */
function bar(subnet: SubnetCapacity, x: number, y: number, width: number): string[] {
  const { usable, taken } = subnet;
  const { height, stickOut } = BOX.bar;
  const end = Math.floor(width * HUNDRED);
  const most = Math.max(standingOf(subnet), taken.maximum);
  const long = (addresses: number): number =>
    addresses === 0 ? 0 : Math.max(LEAST_SEEN, Math.min(1, addresses / usable) * end);
  const rows: FillRow[] = [
    { name: 'maximum', addresses: taken.maximum },
    { name: 'desired', addresses: taken.desired },
    { name: 'standing', addresses: standingOf(subnet) },
  ];
  const tooMuch = (most / usable - 1) * end;
  const room = width - end;
  return [
    rect('track', { x, y, width: end, height }),
    ...rows
      .filter(({ addresses }, index) => addresses > (rows[index + 1]?.addresses ?? 0))
      .map(({ name, addresses }) => rect(name, { x, y, width: long(addresses), height })),
    ...(tooMuch > 0 ? excess(x + end, y, Math.max(LEAST_SEEN, Math.min(room, tooMuch)), tooMuch > room) : []),
    line('mark', x + end, y - stickOut, x + end, y + height + stickOut),
  ];
}

/** What is more than a subnet has: striped, and pointing on where the box ends before it does. */
function excess(x: number, y: number, width: number, goesOn: boolean): string[] {
  const { height } = BOX.bar;
  const half = height / 2;
  const straight = goesOn ? width - half : width;
  const tip = goesOn ? `l${half} ${half}l${-half} ${half}` : `v${height}`;
  const stripes = Math.max(0, Math.floor((straight - half) / height));
  return [
    `<path class="plate" d="M${rounded(x)} ${rounded(y)}h${rounded(straight)}${tip}H${rounded(x)}z"/>`,
    ...Array.from({ length: stripes }, (_, index) => {
      const from = x + half + index * height;
      return line('stripe', from, y + height, from + half, y);
    }),
  ];
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
  const words = wordsFor(shortage);
  const y = at.y + at.height / 2;
  const from = at.x + BOX.padding + sign + 6;
  return [
    ...(over ? [rect('plate', inner, BOX.corner - 1)] : []),
    warningSign(over ? 'on-plate' : 'wrong', at.x + BOX.padding, y - sign / 2, sign),
    text(words, over ? 'alarm' : 'tight', { x: from, y: y + 4, width: at.x + at.width - BOX.padding - from }),
  ];
}

function wordsFor({ level, by }: Shortage): string {
  if (level === 'update') return by > 0 ? `lacks ${number(by)} while updating` : 'lacks /28 blocks while updating';
  if (by === 0) return 'OVERFULL in /28 blocks';
  return `OVERFULL by ${number(by)} ${level === 'standing' ? 'before any node' : `at ${level}`}`;
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
      : LEVELS.map((level) => `at ${level}: ${number(taken[level])} (${percent(taken[level], usable)})`)),
    ...(pool?.blocks === undefined
      ? []
      : [
          `/28 blocks at maximum: ${number(pool.blocks.wanted)} of ${number(pool.blocks.fresh)}; ${number(pool.blocks.fragmented)} once single addresses lie scattered`,
        ]),
    ...(others.length === 0 ? [] : [`shares what nodes take with ${others.join(', ')}`]),
  ];
}
