import { platforms } from '../../config';
import { examples } from '../../examples';
import { capacity } from '../../lib/capacity/capacity';
import { capacitySvg } from '../../lib/capacity/capacity-svg';
import type { PlatformConfig } from '../../lib/platform-config';

const drawn = (name: string, config: PlatformConfig): string => capacitySvg(name, config, capacity(config));
const all = Object.entries({ ...platforms, ...examples });

/** Every tag that is opened is closed, in order. */
function isWellFormed(svg: string): boolean {
  const open: string[] = [];
  for (const [, closing, name = '', alone] of svg.matchAll(/<(\/?)([a-z]+)[^>]*?(\/?)>/g)) {
    if (alone === '/') continue;
    if (closing !== '/') open.push(name);
    else if (open.pop() !== name) return false;
  }
  return open.length === 0;
}

test.each(all)('%s: one box for each subnet, well-formed, the same bytes twice, all inside', (name, config) => {
  const svg = drawn(name, config);
  expect(isWellFormed(svg)).toBe(true);
  expect(drawn(name, config)).toBe(svg);
  expect(svg.match(/class="box"/g)).toHaveLength(capacity(config).subnets.length);
  const [, width = 0, height = 0] = (/viewBox="0 0 (\d+) (\d+)"/.exec(svg) ?? []).map(Number);
  for (const [, x, y, w, h] of svg.matchAll(
    /<rect[^>]* x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"/g,
  )) {
    expect(Number(x) + Number(w)).toBeLessThanOrEqual(width);
    expect(Number(y) + Number(h)).toBeLessThanOrEqual(height);
  }
  for (const [, x, y] of svg.matchAll(/<text[^>]* x="([\d.]+)" y="([\d.]+)"/g)) {
    expect(Number(x)).toBeLessThan(width);
    expect(Number(y)).toBeLessThan(height);
  }
});

test('what is too full is said in words and colour', () => {
  const dev = platforms.dev!;
  const group = { ...dev.nodeGroups!.system!, scaling: { min: 1, max: 200 } };
  const svg = drawn('dev', { ...dev, nodeGroups: { system: group } });
  expect(svg).toContain('class="subnet over"');
  expect(svg).toContain('– too full');
  expect(drawn('dev', dev)).not.toContain('too full');
});

test('what the user wrote is text and nothing else', () => {
  const dev = platforms.dev!;
  const svg = drawn('<b>&"x"', { ...dev, nodeGroups: { '<i>': dev.nodeGroups!.system! } });
  expect(svg).not.toContain('<b>');
  expect(svg).not.toContain('<i>');
  expect(svg).toContain('&lt;b&gt;&amp;&quot;x&quot;');
});

test('more than twelve groups are summed up', () => {
  const dev = platforms.dev!;
  const nodeGroups = Object.fromEntries(
    Array.from({ length: 15 }, (_, index) => [`g${index}`, dev.nodeGroups!.system!]),
  );
  expect(drawn('dev', { ...dev, nodeGroups })).toContain('… and 3 more');
});
