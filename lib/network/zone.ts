/** How many availability zones an address plan has room for: a to h. No region has more than six. */
export const ZONE_SLOTS = 8;

/**
 * The place of a zone in the address plan, from its own letter: `ap-northeast-1c` is 2.
 *
 * It follows from the zone alone, so adding or removing another zone never moves this one. undefined if the name is not
 * that of a zone of the region: a Local Zone, a Wavelength Zone, a zone id or another region's.
 */
export function zoneSlot(zone: string, region: string): number | undefined {
  if (zone.length !== region.length + 1 || !zone.startsWith(region)) return undefined;
  const slot = zone.charCodeAt(zone.length - 1) - 'a'.charCodeAt(0);
  return slot >= 0 && slot < ZONE_SLOTS ? slot : undefined;
}
