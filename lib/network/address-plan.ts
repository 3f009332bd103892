import { block, parseCidr, type CidrRange } from './cidr';
import type { ZoneSlots } from './zone';

/** What a subnet is for. The name is part of its construct id. */
export type Tier = 'public' | 'nodes' | 'control-plane' | 'intra' | 'pods';

/** The tiers in the order they are shown and made. */
export const TIERS: readonly Tier[] = ['public', 'nodes', 'control-plane', 'intra', 'pods'];

/** The tiers whose size may be chosen. */
export type SizedTier = 'public' | 'nodes' | 'intra';

/**
 * What each zone of a tier should hold at least: a prefix length, such as `/19`, or a number of addresses. Either way
 * whole reserved places are opened, each a power of two.
 */
export type TierSize = `/${number}` | number;

/** What an address plan is made from. It never depends on what was there before. */
export interface AddressPlanInput {
  /** The VPC's first range. */
  readonly cidr: string;
  /** How many zones there is room for. */
  readonly zoneSlots: ZoneSlots;
  /** The slot of each zone. */
  readonly zones: Readonly<Record<string, number>>;
  /**
   * Sizes of tiers; `intra` exists only if it has one.
   *
   * @default - the first place of each tier
   */
  readonly sizes?: Readonly<Partial<Record<SizedTier, TierSize>>>;
  /**
   * Further ranges of the VPC for nodes.
   *
   * @default - none
   */
  readonly secondaryCidrs?: readonly string[];
  /**
   * Further ranges of the VPC for pods alone.
   *
   * @default - none
   */
  readonly podCidrs?: readonly string[];
}

/** One subnet of the plan. */
export interface PlannedSubnet {
  /** Its construct id, such as `nodes-ap-northeast-1a`. */
  readonly id: string;
  /** What it is for. */
  readonly tier: Tier;
  /** Its zone. */
  readonly zone: string;
  /** Its place in the tier and zone: 1 for the first, 2 and on for those appended, or the CIDR of a further range. */
  readonly place: number | string;
  /** Its addresses. */
  readonly cidr: string;
  /** The range of the VPC it lies in. */
  readonly range: string;
  /** Which /64 of an IPv6 VPC is its own. */
  readonly ipv6Index: number;
}

interface Place {
  /** Where it begins, in 32nds of the VPC. */
  readonly at: number;
  /** How many 32nds it takes for all zones together. */
  readonly size: 1 | 2 | 8 | 16;
}

/**
 * How a VPC is cut: each tier has places, each place a block for every zone slot. A tier opens its places first to last,
 * as many as its size takes, and nothing else ever lies where a place is not open yet. So no edit moves a subnet.
 */
const PLACES: Readonly<Record<SizedTier, readonly Place[]>> = {
  public: [
    { at: 0, size: 1 },
    { at: 2, size: 1 },
    { at: 4, size: 2 },
  ],
  intra: [
    { at: 6, size: 2 },
    { at: 3, size: 1 },
  ],
  nodes: [
    { at: 16, size: 16 },
    { at: 8, size: 8 },
  ],
};
const CONTROL_PLANE_AT = 1;

/** The largest and smallest VPC the plan can cut: below, a subnet would be smaller than EC2 takes. */
export function vpcPrefixes(zoneSlots: ZoneSlots): { readonly largest: number; readonly smallest: number } {
  return { largest: 16, smallest: 28 - 5 - Math.log2(zoneSlots) };
}

/** Addresses a subnet gives out: EC2 keeps the first four and the last. */
export function usableAddresses(prefix: number): number {
  return 2 ** (32 - prefix) - 5;
}

/** Every subnet of a network. Each depends on nothing but its own tier, zone and place. */
export function addressPlan(input: AddressPlanInput): PlannedSubnet[] {
  return TIERS.flatMap((tier) => {
    const places = placesOf(tier, input);
    return Object.entries(input.zones).flatMap(([zone, slot]) =>
      places.map(({ place, range, within, prefix, first, ipv6Place }): PlannedSubnet => ({
        id: `${tier}-${zone}${place === 1 ? '' : `-${String(place).replace('/', '-')}`}`,
        tier,
        zone,
        place,
        cidr: block(within, prefix, first + slot),
        range,
        ipv6Index: ipv6Place * 8 + slot,
      })),
    );
  });
}

/** A place of a tier with a block for every zone slot. */
interface OpenPlace extends Pick<PlannedSubnet, 'place' | 'range'> {
  readonly within: CidrRange;
  readonly prefix: number;
  /** The number of the first zone's block in the range. */
  readonly first: number;
  readonly ipv6Place: number;
}

/** The places of a tier that are open, first to last. */
function placesOf(tier: Tier, input: AddressPlanInput): OpenPlace[] {
  const { cidr, zoneSlots, secondaryCidrs = [], podCidrs = [] } = input;
  const vpc = parsed(cidr);
  const inFirst = (place: number, prefix: number, at: number, ipv6Place: number): OpenPlace => ({
    place,
    range: cidr,
    within: vpc,
    prefix,
    first: at * 2 ** (prefix - vpc.prefix - 5),
    ipv6Place,
  });
  if (tier === 'control-plane') {
    return [inFirst(1, controlPlanePrefix(vpc, zoneSlots), CONTROL_PLANE_AT, IPV6_PLACES['control-plane'])];
  }
  const further = (tier === 'pods' ? podCidrs : tier === 'nodes' ? secondaryCidrs : []).map((range): OpenPlace => {
    const within = parsed(range);
    return { place: range, range, within, prefix: zonePrefix(within, zoneSlots), first: 0, ipv6Place: 0 };
  });
  if (tier === 'pods' || (tier === 'intra' && input.sizes?.intra === undefined)) return further;
  const opened = openPlaces(tier, vpc, input).map((place, index) =>
    inFirst(index + 1, placePrefix(place, vpc.prefix, zoneSlots), place.at, IPV6_PLACES[tier] + index),
  );
  return [...opened, ...further];
}

/** Where each tier's /64s begin, in eights. Further ranges have none: an IPv6 network needs no more IPv4. */
const IPV6_PLACES: Readonly<Record<SizedTier | 'control-plane', number>> = {
  public: 0,
  nodes: 3,
  'control-plane': 5,
  intra: 6,
};

/** Whether a tier's size fits, and what would: the most addresses one zone can have there. */
export function sizeFits(tier: SizedTier, input: AddressPlanInput): { fits: boolean; most: number; smallest: number } {
  const vpc = parsed(input.cidr);
  const further = tier === 'nodes' ? (input.secondaryCidrs ?? []) : [];
  const prefixes = [
    ...PLACES[tier].map((place) => placePrefix(place, vpc.prefix, input.zoneSlots)),
    ...further.map((range) => zonePrefix(parsed(range), input.zoneSlots)),
  ];
  const most = sum(prefixes.map(usableAddresses));
  const smallest = Math.ceil(32 - Math.log2(sum(prefixes.map((prefix) => 2 ** (32 - prefix)))));
  const size = input.sizes?.[tier];
  const fits = size === undefined || (typeof size === 'number' ? size <= most : prefixOf(size) >= smallest);
  return { fits, most, smallest };
}

/** What a tier's size asks of each zone, and what is reserved for it, in words; undefined if it asks for nothing. */
export function sizeInWords(tier: SizedTier, input: AddressPlanInput): string | undefined {
  const size = input.sizes?.[tier];
  if (size === undefined) return undefined;
  const prefixes = placesOf(tier, input).map(({ prefix }) => prefix);
  const asked = typeof size === 'number' ? `${size} addresses` : `a ${size}`;
  const reserved = sum(prefixes.map(usableAddresses));
  return `${tier}: ${asked} asked for in each zone, ${reserved} reserved in ${prefixes.map((prefix) => `/${prefix}`).join(' and ')}`;
}

/** The prefix length of each zone's share of a further range. */
export function zonePrefix(range: CidrRange, zoneSlots: ZoneSlots): number {
  return range.prefix + Math.log2(zoneSlots);
}

/** The places of a tier in the VPC's first range that its size opens; the first is always open. */
function openPlaces(tier: SizedTier, vpc: CidrRange, { zoneSlots, sizes }: AddressPlanInput): readonly Place[] {
  const size = sizes?.[tier];
  const places = PLACES[tier];
  if (size === undefined) return places.slice(0, 1);
  const addressesOf = (place: Place): number => {
    const prefix = placePrefix(place, vpc.prefix, zoneSlots);
    return typeof size === 'number' ? usableAddresses(prefix) : 2 ** (32 - prefix);
  };
  const wanted = typeof size === 'number' ? size : 2 ** (32 - prefixOf(size));
  const enough = places.findIndex((_, index) => sum(places.slice(0, index + 1).map(addressesOf)) >= wanted);
  return enough < 0 ? places : places.slice(0, enough + 1);
}

function placePrefix({ size }: Place, vpcPrefix: number, zoneSlots: ZoneSlots): number {
  return vpcPrefix + 5 - Math.log2(size) + Math.log2(zoneSlots);
}

/** /27 where there is room, because EKS recommends 16 free addresses; /28 is the least it takes. */
function controlPlanePrefix(vpc: CidrRange, zoneSlots: ZoneSlots): number {
  return Math.min(28, Math.max(27, placePrefix({ at: 0, size: 1 }, vpc.prefix, zoneSlots)));
}

/** The number behind the slash. */
export function prefixOf(size: string): number {
  return Number(size.slice(1));
}

function parsed(cidr: string): CidrRange {
  const range = parseCidr(cidr);
  if (range === undefined) throw new Error(`${cidr} is not a CIDR`);
  return range;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
