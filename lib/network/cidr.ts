import { Address4 } from 'ip-address';

/** An IPv4 range: `first` and `last` as numbers, and the prefix length. */
export interface CidrRange {
  /** The network address. */
  readonly first: bigint;
  /** The broadcast address. */
  readonly last: bigint;
  /** Such as 16. */
  readonly prefix: number;
}

/** Reads `10.0.0.0/16`; undefined if it is no IPv4 range in that form. */
export function parseCidr(cidr: string): CidrRange | undefined {
  if (!/^\d{1,3}(\.\d{1,3}){3}\/\d{1,2}$/.test(cidr) || !Address4.isValid(cidr)) return undefined;
  const address = new Address4(cidr);
  return {
    first: address.startAddress().bigInt(),
    last: address.endAddress().bigInt(),
    prefix: address.subnetMask,
  };
}

/** The n-th block of a prefix length inside a range, such as the third /20 of a /16. */
export function block(range: CidrRange, prefix: number, index: number): string {
  const first = range.first + BigInt(index) * 2n ** BigInt(32 - prefix);
  return `${Address4.fromBigInt(first).correctForm()}/${prefix}`;
}

/** Whether two ranges share an address. */
export function overlaps(a: CidrRange, b: CidrRange): boolean {
  return a.first <= b.last && b.first <= a.last;
}

/** Whether every address of `inner` is in `outer`. */
export function contains(outer: CidrRange, inner: CidrRange): boolean {
  return outer.first <= inner.first && inner.last <= outer.last;
}

/** The network address of a range in its usual form, with the host bits cleared. */
export function networkForm(cidr: string): string {
  const address = new Address4(cidr);
  return `${address.startAddress().correctForm()}/${address.subnetMask}`;
}
