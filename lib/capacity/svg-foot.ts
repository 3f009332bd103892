import type { PlatformConfig } from '../platform-config';
import type { Capacity } from './capacity';
import type { GroupCapacity } from './group-capacity';
import { line, rect, warningSign, type Drawn } from './svg-shapes';
import { escaped, number, text, widthOf, type Writing } from './svg-text';

/** Where everything is below the map, in pixels. */
const FOOT = {
  swatch: 11,
  swatchGap: 6,
  itemGap: 22,
  legendRow: 20,
  heading: 20,
  row: 25,
  cellGap: 14,
  end: 6,
} as const;

/** Groups that are told of one by one. */
const MOST_GROUPS = 12;

interface Width {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

const LEGEND = [
  ['standing', 'standing: endpoints, load balancers, NAT, control plane'],
  ['desired', 'at desired: with it, nodes at their desired number, full of pods'],
  ['maximum', 'at maximum: all groups at their maximum'],
  ['mark', '100 % of the usable addresses'],
  ['plate', 'OVERFULL: more than usable'],
] as const;

/** What the colours mean, in as many rows as it takes. */
export function legend({ x, y, width }: Width): Drawn {
  const { swatch, swatchGap, itemGap, legendRow } = FOOT;
  let [left, base] = [x, y + swatch];
  const svg: string[] = [];
  for (const [name, words] of LEGEND) {
    const wide = swatch + swatchGap + widthOf(words, 'label');
    if (left > x && left + wide > x + width) [left, base] = [x, base + legendRow];
    svg.push(
      name === 'mark'
        ? line('mark', left + swatch / 2, base - swatch, left + swatch / 2, base + 2)
        : rect(name, { x: left, y: base - swatch + 1, width: swatch, height: swatch }, 2),
      text(words, 'label', { x: left + swatch + swatchGap, y: base }),
    );
    left += wide + itemGap;
  }
  return { svg, bottom: base + FOOT.end };
}

/** A column of the list of node groups: its share of the width, and what it says of a group. */
interface Column {
  readonly title: string;
  readonly share: number;
  readonly words: (group: GroupCapacity) => string;
  /** @default - that of every cell */
  readonly writing?: Writing;
  /** @default 0 */
  readonly keepAtEnd?: number;
}

const BINDS: Readonly<Record<GroupCapacity['bindsFirst'], (group: GroupCapacity) => string>> = {
  'max pods': () => 'max pods',
  interfaces: () => 'interfaces',
  'addresses of the subnets': ({ nodes, nodesThatFit }) =>
    `addresses: ${number(nodesThatFit)} of ${number(nodes.maximum)} fit`,
};

const COLUMNS: readonly Column[] = [
  { title: 'Node group', share: 0.17, words: ({ name }) => name, writing: 'name', keepAtEnd: 8 },
  { title: 'Instance types', share: 0.2, words: ({ instanceTypes }) => instanceTypes.join(', ') },
  {
    title: 'Nodes min / desired / max',
    share: 0.19,
    words: ({ nodes }) => [nodes.minimum, nodes.desired, nodes.maximum].map(number).join(' / '),
  },
  { title: 'Pods a node', share: 0.1, words: ({ maxPods }) => number(maxPods) },
  { title: 'Addresses, full', share: 0.12, words: ({ addressesPerNode }) => number(addressesPerNode.full) },
  { title: 'Binds first', share: 0.22, words: (group) => BINDS[group.bindsFirst](group) },
];

/** The node groups in a line each, and the Fargate profiles. */
export function groupList({ groups }: Capacity, { fargateProfiles = {} }: PlatformConfig, at: Width): Drawn {
  const { x, y, width } = at;
  const profiles = Object.keys(fargateProfiles);
  const svg: string[] = [];
  let base = y + FOOT.heading;
  const say = (words: string): void => {
    svg.push(text(words, 'cell', { x, y: base, width }));
    base += FOOT.row;
  };
  if (groups.length > 0) {
    svg.push(...cells(({ title }) => ({ words: title, writing: 'label' }), { x, y: base, width }));
    for (const group of groups.slice(0, MOST_GROUPS)) {
      svg.push(line('rule', x, base + 8, x + width, base + 8));
      base += FOOT.row;
      svg.push(groupLine(group, { x, y: base, width }));
    }
    base += FOOT.row;
  } else say('No node groups.');
  if (groups.length > MOST_GROUPS) say(`… and ${number(groups.length - MOST_GROUPS)} more`);
  if (profiles.length > 0) say(`Fargate profiles: ${profiles.join(', ')}`);
  return { svg, bottom: base - FOOT.row + FOOT.end };
}

function groupLine(group: GroupCapacity, at: Width): string {
  const { name, zones, maxPodsAuthor, schedulable, addressesPerNode, bindsFirst } = group;
  const details = [
    `${name} in ${zones.join(', ')}`,
    `max pods ${group.maxPods}, ${maxPodsAuthor}; ${schedulable} of them yours`,
    `a node takes ${number(addressesPerNode.idle)} addresses idle, ${number(addressesPerNode.full)} full`,
  ];
  const short = bindsFirst === 'addresses of the subnets';
  const last = COLUMNS.at(-1);
  return [
    `<g><title>${escaped(details.join('\n'))}</title>`,
    ...cells((column) => {
      const bad = short && column === last;
      return { words: column.words(group), writing: bad ? 'bad' : (column.writing ?? 'cell'), sign: bad };
    }, at),
    '</g>',
  ].join('');
}

/** What stands in a column of one row. */
interface Cell {
  readonly words: string;
  readonly writing: Writing;
  /** @default false */
  readonly sign?: boolean;
}

function cells(cellOf: (column: Column) => Cell, { x, y, width }: Width): string[] {
  let left = x;
  return COLUMNS.flatMap((column) => {
    const { words, writing, sign = false } = cellOf(column);
    const [at, wide] = [left, column.share * width - FOOT.cellGap];
    left += column.share * width;
    const room = sign ? FOOT.swatch + FOOT.swatchGap : 0;
    return [
      ...(sign ? [warningSign('wrong', at, y - FOOT.swatch + 1, FOOT.swatch)] : []),
      text(words, writing, { x: at + room, y, width: wide - room, keepAtEnd: column.keepAtEnd }),
    ];
  });
}
