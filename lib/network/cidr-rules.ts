import { problem, within } from '../validate';
import { networkForm, overlaps, parseCidr, type CidrRange } from './cidr';

/** What is wrong with the form of one IPv4 range: how it is written, and how large it is. */
export function rangeProblems(
  cidr: string,
  property: string,
  { largest, smallest, why }: { readonly largest: number; readonly smallest: number; readonly why: string },
): string[] {
  const range = parseCidr(cidr);
  if (range === undefined) return [problem(property, 'must be an IPv4 CIDR', cidr, 'write it as "10.0.0.0/16"')];
  const problems: string[] = [];
  if (networkForm(cidr) !== cidr) {
    problems.push(
      problem(property, 'must be a network address without host bits', cidr, `write "${networkForm(cidr)}"`),
    );
  }
  if (range.prefix < largest || range.prefix > smallest) {
    problems.push(
      problem(
        property,
        `must be from /${largest} to /${smallest}: ${range.prefix < largest ? 'EC2 takes no range larger than that' : why}`,
        cidr,
      ),
    );
  }
  return problems;
}

/**
 * What EC2 refuses beside each first range.
 *
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html "IPv4 CIDR block association restrictions"
 */
const ASSOCIATIONS: Readonly<Record<string, readonly string[]>> = {
  '10.0.0.0/8': ['172.16.0.0/12', '192.168.0.0/16', '198.19.0.0/16'],
  '172.16.0.0/12': ['10.0.0.0/8', '192.168.0.0/16', '198.19.0.0/16'],
  '192.168.0.0/16': ['10.0.0.0/8', '172.16.0.0/12', '198.19.0.0/16'],
  '198.19.0.0/16': ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'],
};
const BESIDE_OTHERS = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '198.19.0.0/16'];

/** A range that a VPC has already, and where the user wrote it. */
export interface NamedRange {
  /** Such as `10.0.0.0/16`. */
  readonly cidr: string;
  /** Such as `network.cidr`. */
  readonly property: string;
}

/** What is wrong with a further range of a VPC, beside those it has already. The first of them is the VPC's first. */
export function furtherRangeProblems(cidr: string, property: string, others: readonly NamedRange[]): string[] {
  const range = parseCidr(cidr);
  if (range === undefined) return [];
  const clash = others.find((other) => sharesAddresses(range, other.cidr));
  if (clash !== undefined) {
    return [problem(property, `must not overlap \`${clash.property}\` (${clash.cidr})`, cidr)];
  }
  const primary = others[0]?.cidr ?? '';
  const home = Object.keys(ASSOCIATIONS).find((each) => isInside(primary, each));
  const refused = (home === undefined ? BESIDE_OTHERS : (ASSOCIATIONS[home] ?? [])).find((each) =>
    sharesAddresses(range, each),
  );
  if (refused === undefined) return [];
  return [
    problem(
      property,
      `must not be in ${refused}: EC2 adds no range of it to a VPC in ${home ?? primary}`,
      cidr,
      'take one of 100.64.0.0/10, which every VPC can have',
    ),
  ];
}

/** Whether two ranges share an address; false if one is no range. */
export function sharesAddresses(range: CidrRange | string, cidr: string): boolean {
  const [one, other] = [typeof range === 'string' ? parseCidr(range) : range, parseCidr(cidr)];
  return one !== undefined && other !== undefined && overlaps(one, other);
}

/** Whether every address of a range is in another. */
export function isInside(cidr: string, outer: string): boolean {
  const [one, other] = [parseCidr(cidr), parseCidr(outer)];
  return one !== undefined && other !== undefined && other.first <= one.first && one.last <= other.last;
}

/** Every mistake in a list of further ranges; `others` are the ranges the VPC has before them. */
export function furtherRangesProblems(
  cidrs: readonly string[],
  property: string,
  smallest: number,
  others: readonly NamedRange[],
): string[] {
  const known = [...others];
  return cidrs.flatMap((cidr, index) => {
    const at = within(property, `[${index}]`);
    const why = 'a zone gets a part of it, and EC2 takes no subnet smaller than /28';
    const found = [
      ...rangeProblems(cidr, at, { largest: 16, smallest, why }),
      ...furtherRangeProblems(cidr, at, known),
    ];
    known.push({ cidr, property: at });
    return found;
  });
}
