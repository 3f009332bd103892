import * as fc from 'fast-check';
import { platforms } from '../../config';
import { examples } from '../../examples';
import { capacity, type Capacity } from '../../lib/capacity/capacity';
import { capacitySvg } from '../../lib/capacity/capacity-svg';
import { escaped, fitted, widthOf, wrapped, WRITINGS, type Writing } from '../../lib/capacity/svg-text';
import { verdict } from '../../lib/capacity/verdict';
import type { PlatformConfig, PlatformNodeGroup } from '../../lib/platform-config';

const dev = platforms.dev!;
const system = dev.nodeGroups!.system!;
const existing = examples['existing-vpc']!;

function picture(config: PlatformConfig, platform = 'test', now = capacity(config)): string {
  return capacitySvg(platform, config, now);
}

/** dev in a VPC that is too small for what it asks for. */
const OVERFULL: PlatformConfig = {
  ...dev,
  network: { ...dev.network, cidr: '10.0.0.0/20' } as PlatformConfig['network'],
  nodeGroups: {
    system: { ...system, scaling: { min: 2, max: 8 } },
    batch: { ...system, scaling: { min: 0, max: 6 } },
  },
};

function inZones(count: number, groups = 1): PlatformConfig {
  const zones = ['a', 'b', 'c', 'd', 'e', 'f'].slice(0, count).map((letter) => `us-east-1${letter}`);
  const group: PlatformNodeGroup = { ...system, zones, scaling: { min: 1, desired: 20, max: 450 } };
  return {
    ...dev,
    env: { ...dev.env, region: 'us-east-1' },
    network: {
      cidr: '10.0.0.0/16',
      zones: Object.fromEntries(zones.map((zone) => [zone, {}])),
      zoneSlots: 8,
      nat: 'per-zone',
      interfaceEndpoints: 'private',
      secondaryCidrs: ['100.100.0.0/16'],
      sizes: { intra: '/23', nodes: 6000 },
    },
    controlPlane: { ...dev.controlPlane, zones: zones.slice(0, 2) },
    nodeGroups: Object.fromEntries(
      Array.from({ length: groups }, (_, index) => [`workload-group-with-quite-a-long-name-${index}`, group]),
    ),
  };
}

/** One zone has its own subnet for each tier, the other one for nodes and the control plane, and none for pods. */
const SHARED: PlatformConfig = {
  ...existing,
  network: {
    ...existing.network,
    zones: {
      'eu-west-1a': {
        ...(existing.network.zones['eu-west-1a'] as { nodes: { subnetId: string; cidr: string } }),
        pods: { subnetId: 'subnet-pods', cidr: '100.64.0.0/18' },
      },
      'eu-west-1b': { nodes: { subnetId: 'subnet-b', cidr: '10.6.32.0/19' } },
    },
  } as PlatformConfig['network'],
};

const NASTY = `</title><script>"&'\u0007\uD800`;
const HOSTILE: PlatformConfig = {
  ...dev,
  network: {
    ...dev.network,
    zones: { [NASTY]: { slot: 0 }, 東京の長い名前のゾーン: { slot: 1 } },
  } as PlatformConfig['network'],
  controlPlane: { ...dev.controlPlane, zones: [NASTY] },
  nodeGroups: { [NASTY]: { ...system, zones: [NASTY] } },
  fargateProfiles: { [NASTY]: { zones: [NASTY], selectors: [] } },
};

const { nodeGroups: _, ...WITHOUT_GROUPS } = dev;

const ALL: Readonly<Record<string, PlatformConfig>> = {
  ...platforms,
  ...examples,
  'an overfull one': OVERFULL,
  'two zones': inZones(2),
  'four zones': inZones(4),
  'six zones and fifty groups': inZones(6, 50),
  'shared subnets': SHARED,
  'hostile names': HOSTILE,
  'no groups': WITHOUT_GROUPS,
};

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: (Element | string)[];
}

/** Reads XML as strictly as it is written here, or throws. */
function parsed(xml: string): Element {
  const root: Element = { name: '', attributes: {}, children: [] };
  const open = [root];
  for (const [, tag, words] of xml.matchAll(/<([^<>]*)>|([^<]+)/g)) {
    const within = open.at(-1)!;
    if (words !== undefined) {
      if (/&(?!(amp|lt|gt|quot);)|>/.test(words)) throw new Error(`not escaped: ${words}`);
      within.children.push(words);
    } else if (tag!.startsWith('/')) {
      if (within.name !== tag!.slice(1) || open.length === 1) throw new Error(`<${tag}> closes <${within.name}>`);
      open.pop();
    } else {
      const [, name = '', rest = '', closed] = /^([a-z]+)((?: [a-zA-Z0-9-]+="[^"&<]*")*)(\/?)$/.exec(tag!) ?? [];
      if (name === '') throw new Error(`not a tag: <${tag}>`);
      const attributes = Object.fromEntries(
        [...rest.matchAll(/ ([^=]+)="([^"]*)"/g)].map(([, key, value]) => [key, value]),
      );
      const element: Element = { name, attributes, children: [] };
      within.children.push(element);
      if (closed === '') open.push(element);
    }
  }
  if (open.length > 1) throw new Error(`<${open.at(-1)!.name}> is not closed`);
  return root.children[0] as Element;
}

function elements(within: Element): Element[] {
  return within.children.flatMap((each) => (typeof each === 'string' ? [] : [each, ...elements(each)]));
}

/** The words of an element, without those of its tooltip. */
function words(of: Element): string {
  return of.children
    .map((each) => (typeof each === 'string' ? each : each.name === 'title' ? '' : words(each)))
    .join('');
}

function named(name: string, within: Element, kind = ''): Element[] {
  return elements(within).filter(
    (each) => each.name === name && (kind === '' || each.attributes.class?.split(' ').includes(kind) === true),
  );
}

function tooltip(of: Element): string {
  return String((of.children[0] as Element).children[0]);
}

function subnetOf(now: Capacity, id: string): Capacity['subnets'][number] {
  return now.subnets.find((subnet) => subnet.id === id)!;
}

describe.each(Object.entries(ALL))('the picture of %s', (name, config) => {
  const now = capacity(config);
  const svg = capacitySvg(name, config, now);

  test('is well-formed, stands alone, and says to a screen reader what it shows', () => {
    const root = parsed(svg);
    expect(root).toMatchObject({ name: 'svg', attributes: { xmlns: 'http://www.w3.org/2000/svg', role: 'img' } });
    const [title, desc] = root.children.filter((each) => typeof each !== 'string');
    expect([title?.name, desc?.name]).toEqual(['title', 'desc']);
    expect(root.attributes['aria-labelledby']).toBe(`${title?.attributes.id} ${desc?.attributes.id}`);
    expect(words(desc!)).toContain(escaped(verdict(config, now).replaceAll('`', '')));
    expect(svg).not.toMatch(/href|url\(|<script|<image|@import|NaN|undefined|Infinity/);
  });

  test('is the same every time', () => {
    const copy = structuredClone(config);
    expect(capacitySvg(name, copy, capacity(copy))).toBe(svg);
  });

  test('has one box for each subnet, with its range, its addresses and its fill', () => {
    const boxes = named('g', parsed(svg), 'subnet');
    expect(boxes).toHaveLength(now.subnets.length);
    const expected = now.subnets.map((subnet) => {
      const { cidr, usable, standing, taken } = subnet;
      const there = standing.reduce((sum, { addresses }) => sum + addresses, 0);
      const nodes = now.groups.length > 0 && now.pools.some(({ subnets }) => subnets.includes(subnet.id));
      const rows = nodes ? { standing: there, desired: taken.desired, maximum: taken.maximum } : { standing: there };
      return {
        cidr,
        usable: `${usable.toLocaleString('en-US')} usable`,
        rows: Object.entries(rows).flatMap(([row, addresses]) => [
          row,
          addresses.toLocaleString('en-US'),
          `${Math.ceil((addresses / usable) * 100).toLocaleString('en-US')} %`,
        ]),
      };
    });
    const drawn = boxes.map((box) => {
      const rows = elements(box).filter(({ attributes }) => /^(count|percent|badshare)$/.test(attributes.class ?? ''));
      return {
        cidr: words(named('text', box, 'cidr')[0]!),
        usable: words(named('text', box, 'small')[0]!),
        rows: rows.map(words),
      };
    });
    const byCidr = (a: { cidr: string }, b: { cidr: string }): number => a.cidr.localeCompare(b.cidr);
    expect(drawn.sort(byCidr)).toEqual(expected.sort(byCidr));
  });

  test('marks as overfull what does not hold the maximum, in words and not in colour alone', () => {
    const marked = named('g', parsed(svg), 'subnet').filter((box) => words(box).includes('OVERFULL'));
    expect(marked).toEqual(named('g', parsed(svg), 'over'));
    const overfull = now.subnets.filter(({ usable, taken }) => taken.maximum > usable);
    expect(marked.map((box) => words(named('text', box, 'cidr')[0]!)).sort()).toEqual(
      overfull.map(({ cidr }) => cidr).sort(),
    );
  });

  test('has nothing outside itself, and no words outside their box', () => {
    const root = parsed(svg);
    const page = { left: 0, top: 0, right: Number(root.attributes.width), bottom: Number(root.attributes.height) };
    expect(root.attributes.viewBox).toBe(`0 0 ${page.right} ${page.bottom}`);
    for (const each of elements(root)) expect(outside(each, page)).toBe(false);
    for (const box of named('g', root, 'subnet')) {
      const bounds = boundsOf(named('rect', box, 'box')[0]!)!;
      for (const each of elements(box)) expect(outside(each, bounds)).toBe(false);
    }
  });
});

interface Bounds {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Where an element surely is; undefined for what has no place of its own. */
function boundsOf(element: Element): Bounds | undefined {
  const of = (attribute: string): number => Number(element.attributes[attribute]);
  const [x, y] = [of('x'), of('y')];
  if (element.name === 'rect') return { left: x, top: y, right: x + of('width'), bottom: y + of('height') };
  if (element.name === 'line')
    return { left: of('x1'), top: Math.min(of('y1'), of('y2')), right: of('x2'), bottom: of('y2') };
  if (element.name !== 'text') return undefined;
  const writing = element.attributes.class as Writing;
  const wide = widthOf(unescaped(words(element)), writing);
  const left = element.attributes['text-anchor'] === 'end' ? x - wide : x;
  return { left, top: y - WRITINGS[writing].size, right: left + wide, bottom: y + WRITINGS[writing].size / 4 };
}

function outside(element: Element, page: Bounds): boolean {
  const bounds = boundsOf(element);
  if (bounds === undefined) return false;
  const { left, top, right, bottom } = bounds;
  return !(left >= page.left && top >= page.top && right <= page.right + 0.1 && bottom <= page.bottom + 0.1);
}

function unescaped(text: string): string {
  return text.replace(/&(amp|lt|gt|quot);/g, (_, name: string) => ({ amp: '&', lt: '<', gt: '>' })[name] ?? '"');
}

test('names of the user cannot leave the text they are in', () => {
  const svg = picture(HOSTILE, NASTY);
  expect(svg).not.toContain('<script');
  expect(svg).not.toMatch(/[\p{Cs}]|(?!\n)\p{Cc}/u);
  expect(words(named('text', parsed(svg), 'platform')[0]!)).toBe(
    "&lt;/title&gt;&lt;script&gt;&quot;&amp;'\uFFFD\uFFFD",
  );
});

test('an overfull subnet says how much it lacks, and when', () => {
  const now = capacity(OVERFULL);
  const { usable, taken } = subnetOf(now, 'nodes-ap-northeast-1a');
  const over = named('g', parsed(picture(OVERFULL)), 'over');
  expect(over.map((box) => words(named('text', box, 'alarm')[0]!))).toEqual(
    Array(2).fill(`OVERFULL by ${taken.maximum - usable} at maximum`),
  );
  expect(named('path', over[0]!, 'plate')).toHaveLength(1);
  expect(named('text', over[0]!, 'badshare').map(words)).toEqual([`${Math.ceil((taken.maximum / usable) * 100)} %`]);
});

test('a bar is as long as what it stands for, up to the mark', () => {
  const { usable, taken } = subnetOf(capacity(OVERFULL), 'nodes-ap-northeast-1a');
  const [box] = named('g', parsed(picture(OVERFULL)), 'over');
  const wide = (kind: string): number => Number(named('rect', box!, kind)[0]!.attributes.width);
  const [mark] = named('line', box!, 'mark');
  const track = named('rect', box!, 'track')[0]!.attributes;
  expect(Number(mark!.attributes.x1)).toBe(Number(track.x) + Number(track.width));
  expect(wide('maximum')).toBe(wide('track'));
  expect(wide('desired')).toBeCloseTo((taken.desired / usable) * wide('track'), 0);
});

test.each<[string, (now: Capacity) => Capacity, string]>([
  [
    'before there is a node',
    (now) => filled(now, { standing: [{ what: 'load balancers', addresses: 9000 }] }),
    'OVERFULL by 813 before any node',
  ],
  [
    'at the desired size',
    (now) => filled(now, { taken: { minimum: 0, desired: 8188, maximum: 9000, update: 9000 } }),
    'OVERFULL by 1 at desired',
  ],
  [
    'while EKS updates nodes',
    (now) => filled(now, { taken: { minimum: 0, desired: 0, maximum: 8187, update: 8190 } }),
    'lacks 3 while updating',
  ],
  ['in whole blocks', (now) => blocked(now, 'maximum'), 'OVERFULL in /28 blocks'],
  ['in whole blocks for a while', (now) => blocked(now, 'update'), 'lacks /28 blocks while updating'],
])('what a subnet lacks %s is told', (_, change, expected) => {
  const box = named('g', parsed(picture(dev, 'test', change(capacity(dev)))), 'subnet').find((each) =>
    tooltip(each).startsWith('nodes-ap-northeast-1a'),
  );
  expect(words([...named('text', box!, 'alarm'), ...named('text', box!, 'tight')][0]!)).toBe(expected);
});

function filled(now: Capacity, change: Partial<Capacity['subnets'][number]>): Capacity {
  const subnets = now.subnets.map((subnet) =>
    subnet.id === 'nodes-ap-northeast-1a' ? { ...subnet, ...change } : subnet,
  );
  return { ...now, subnets };
}

function blocked(now: Capacity, level: 'maximum' | 'update'): Capacity {
  const pools = now.pools.map((pool) => ({ ...pool, fits: { ...pool.fits, [level]: false, update: false } }));
  return { ...now, pools };
}

test('an empty subnet beside one that is overfull is not marked', () => {
  const now = capacity(inZones(2, 50));
  const empty = now.subnets.filter(({ tiers, taken }) => tiers.includes('nodes') && taken.update === 0);
  const over = named('g', parsed(picture(inZones(2, 50))), 'over').map((box) => tooltip(box).split(':')[0]);
  expect(empty.length).toBeGreaterThan(0);
  expect(over).toEqual(['nodes-us-east-1a', 'nodes-us-east-1b']);
});

test('a box has all details in its tooltip', () => {
  const [first] = named('g', parsed(picture(OVERFULL)), 'over');
  expect(tooltip(first!)).toMatchInlineSnapshot(`
   "nodes-ap-northeast-1a: nodes
   10.0.8.0/23: 507 usable addresses
   load balancers: 8
   writer of aws-auth: 1
   at minimum: 122 (25 %)
   at desired: 122 (25 %)
   at maximum: 800 (158 %)
   while updating: 1,252 (247 %)
   wants 49 /28 blocks at maximum; 30 are whole, 14 once single addresses lie scattered"
  `);
});

test('groups beyond the twelfth are counted', () => {
  const root = parsed(picture(inZones(6, 50)));
  expect(named('text', root, 'name')).toHaveLength(12);
  expect(named('text', root, 'cell').map(words)).toContain('… and 38 more');
});

test('a group is one line: its types, nodes, pods, addresses, and what binds first', () => {
  const shown = named('text', parsed(picture(platforms.prod!)), 'cell').map(words);
  expect(shown.slice(-5)).toEqual(['m7g.2xlarge, m6g.2xlarge', '3 / 6 / 30', '110', '113', 'max pods']);
  const tooLarge = { ...OVERFULL, nodeGroups: { system: { ...system, scaling: { min: 2, max: 40 } } } };
  expect(named('text', parsed(picture(tooLarge)), 'bad').map(words)).toEqual(['addresses: 8 of 40 fit']);
});

test('a zone without a subnet of its own for a tier says where the tier is', () => {
  const shown = named('text', parsed(picture(SHARED)), 'small').map(words);
  expect(shown).toContain('in nodes-eu-west-1b');
  expect(shown).toContain('none in this zone');
  expect(shown.join()).toContain('also\u00A0control-plane');
});

test.each<[string, PlatformConfig, readonly string[]]>([
  ['secondary addresses', examples.private!, ['Secondary addresses: one for each pod']],
  ['prefix delegation', dev, ['Prefix delegation: 16 at a time, in /28 blocks']],
  [
    'pods in subnets of their own',
    examples['pod-subnets']!,
    ['100.64.0.0/16 for pods', 'Custom networking: pods in 100.64.0.0/16'],
  ],
  ['IPv6', examples.ipv6!, ['IPv6: pods take no IPv4 addresses']],
  ['Fargate', examples.fargate!, ['Fargate: one address of a node subnet for each pod']],
  ['a VPC that is there already', existing, ['10.6.0.0/16', 'in vpc-0a1b2c3d4e5f60718, there already']],
])('%s: the head says so', (_, config, expected) => {
  const facts = named('text', parsed(picture(config)), 'fact').map(words);
  expect(facts).toEqual(expect.arrayContaining([...expected, config.env.region]));
});

test('every colour is there for light and for dark', () => {
  const svg = picture(dev);
  const [light = '', dark = ''] = [...svg.matchAll(/\.capacity\{([^}]*)\}/g)].map(([, inside]) => inside);
  const names = (of: string): string[] => [...of.matchAll(/(--[a-z-]+):/g)].map(([, name]) => name!);
  expect(names(dark)).toEqual(names(light));
  expect(svg).toContain('@media (prefers-color-scheme:dark){.capacity{');
  for (const [, used] of svg.matchAll(/var\((--[a-z-]+)\)/g)) expect(names(light)).toContain(used);
});

describe('words', () => {
  const writing = fc.constantFrom(...(Object.keys(WRITINGS) as Writing[]));
  const any = fc.string({ unit: 'binary', maxLength: 60 });

  test('never are wider than asked', () => {
    fc.assert(
      fc.property(any, writing, fc.integer({ min: 30, max: 400 }), fc.nat(20), (long, kind, width, keepAtEnd) => {
        expect(widthOf(fitted(long, kind, width, undefined, keepAtEnd), kind)).toBeLessThanOrEqual(width);
        for (const line of wrapped(long, kind, width)) {
          const wide = line.reduce((sum, each) => sum + widthOf(each.words, kind, each.face), 0);
          expect(wide).toBeLessThanOrEqual(width + 0.001);
        }
      }),
    );
  });

  test('are text to XML whatever they are', () => {
    fc.assert(
      fc.property(any, (each) =>
        expect(unescaped(words(parsed(`<a>x${escaped(each)}</a>`)))).toHaveLength(1 + each.length),
      ),
    );
  });

  test('keep their beginning, and as much of their end as asked', () => {
    expect(fitted('nodes-ap-northeast-1a-100.64.0.0-16', 'id', 170, undefined, 14)).toMatchInlineSnapshot(
      `"nodes-a…-100.64.0.0-16"`,
    );
    expect(fitted('nodes-ap-northeast-1a', 'id', 100)).toMatchInlineSnapshot(`"nodes-ap-no…"`);
  });
});
