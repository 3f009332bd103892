/** How many zones an address plan has room for. No region has more than six, and most have three or four. */
export type ZoneSlots = 4 | 8;

/** The room of an address plan if nothing else is said. */
export const DEFAULT_ZONE_SLOTS: ZoneSlots = 4;

/** Whether a zone is written as an id, such as `apne1-az4`, which means the same place in every account. */
export function isZoneId(zone: string): boolean {
  return /-az\d+$/.test(zone);
}

/**
 * The number of a zone in its region, from its own letter or number: `ap-northeast-1c` and `apne1-az3` are 2.
 *
 * It follows from the zone alone, so adding or removing another zone never moves this one. undefined if it is not a zone
 * of the region: a Local Zone, a Wavelength Zone or another region's.
 */
export function zoneOrdinal(zone: string, region: string): number | undefined {
  if (isZoneId(zone)) {
    const [prefix = '', number = ''] = zone.split('-az');
    const code = regionCode(region);
    if (code === undefined ? !/^[a-z]+\d$/.test(prefix) : prefix !== code) return undefined;
    return within(Number(number) - 1);
  }
  if (zone.length !== region.length + 1 || !zone.startsWith(region)) return undefined;
  return within(zone.charCodeAt(zone.length - 1) - 'a'.charCodeAt(0));
}

/** The region of a zone's name; undefined for an id. */
export function regionOf(zone: string): string | undefined {
  return isZoneId(zone) ? undefined : zone.slice(0, -1);
}

const DIRECTIONS: Readonly<Record<string, string>> = {
  central: 'c',
  north: 'n',
  south: 's',
  east: 'e',
  west: 'w',
  northeast: 'ne',
  northwest: 'nw',
  southeast: 'se',
  southwest: 'sw',
};

/**
 * How zone ids of a region begin: `apne1` for `ap-northeast-1`. undefined where the name does not say.
 *
 * @see https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html
 */
export function regionCode(region: string): string | undefined {
  const match = /^([a-z]{2})-(gov-)?([a-z]+)-(\d)$/.exec(region);
  const direction = DIRECTIONS[match?.[3] ?? ''];
  if (match === null || direction === undefined) return undefined;
  const [, area = '', government, , number = ''] = match;
  return `${area}${government === undefined ? '' : 'g'}${direction}${number}`;
}

function within(ordinal: number): number | undefined {
  return Number.isInteger(ordinal) && ordinal >= 0 && ordinal < 8 ? ordinal : undefined;
}
