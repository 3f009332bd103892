import { zonesInUse, type PlatformConfig } from '../platform-config';
import type { Capacity } from './capacity';
import { groupList, legend } from './svg-foot';
import { head } from './svg-head';
import { columnsIn, vpcMap } from './svg-map';
import { rect } from './svg-shapes';
import { isOverfull, shortageIn } from './svg-shortage';
import { styleSheet } from './svg-style';
import { escaped } from './svg-text';
import { verdict } from './verdict';

/** The picture's margin, the gap between its parts, and the least width between the margins, in pixels. */
const LAYOUT = { margin: 24, gap: 18, least: 940 } as const;

/** A platform's VPC as a map, tiers by zones: each subnet with its fill at the desired size and at the maximum. */
export function capacitySvg(platform: string, config: PlatformConfig, now: Capacity): string {
  const { margin, gap, least } = LAYOUT;
  const columns = columnsIn(zonesInUse(config.network).length, least);
  const at = { x: margin, width: columns.all };
  const sentence = verdict(config, now);
  const overfull = now.subnets.filter((subnet) => isOverfull(shortageIn(subnet, now)));

  const top = head(platform, config, { sentence, good: overfull.length === 0 }, { ...at, y: margin });
  const map = vpcMap(config, now, columns, { ...at, y: top.bottom + gap });
  const colours = legend({ ...at, y: map.bottom + gap });
  const groups = groupList(now, config, { ...at, y: colours.bottom + gap });

  const [width, height] = [columns.all + 2 * margin, groups.bottom + margin];
  const full = overfull.length === 0 ? '' : ` Overfull: ${overfull.map(({ id }) => id).join(', ')}.`;
  const id = `capacity-${platform.replace(/[^A-Za-z0-9]+/g, '-')}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="capacity" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="${id} ${id}-more">`,
    `<title id="${id}">${escaped(`${platform}: its VPC and how full it is`)}</title>`,
    `<desc id="${id}-more">${escaped(sentence.replaceAll('`', '') + full)}</desc>`,
    `<style>\n${styleSheet()}\n</style>`,
    rect('page', { x: 0, y: 0, width, height }),
    ...[top, map, colours, groups].flatMap(({ svg }) => svg),
    '</svg>',
    '',
  ].join('\n');
}
