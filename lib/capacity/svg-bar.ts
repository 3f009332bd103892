import type { SubnetCapacity } from './capacity';
import { line, rect } from './svg-shapes';
import { standingOf } from './svg-shortage';
import { rounded } from './svg-text';

/** The bar's height, and how far its mark sticks out, in pixels. */
const BAR = { height: 12, stickOut: 3 } as const;

/** How much of a bar's length is 100 %; what is left shows what is too much. */
const HUNDRED = 5 / 6;

/** A fill of some addresses that is too small to be seen is drawn so wide. */
const LEAST_SEEN = 2;

/** One kind of fill: its colour's name is its own. */
export interface FillRow {
  /** What it is. */
  readonly name: 'standing' | 'desired' | 'maximum';
  /** How many addresses it is, with what is below it. */
  readonly addresses: number;
}

/** The fill from the left, each row on top of those that are more, with a mark where the subnet ends. */
export function bar(subnet: SubnetCapacity, x: number, y: number, width: number): string[] {
  const { usable, taken } = subnet;
  const { height, stickOut } = BAR;
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
  const { height } = BAR;
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
