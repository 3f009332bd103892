import { nearestRemedy } from '../shape';
import table from './instance-types.json';

/** The name of an EC2 instance type in the table, such as `m7g.large`. */
export type InstanceTypeName = keyof typeof table.types;

/** What the network of an instance type can do. What the source does not say is undefined, never 0. */
export interface InstanceFacts {
  /** Interfaces of the default network card. */
  readonly interfaces: number;
  /** IPv4 addresses of one interface, its own included. */
  readonly ipv4PerInterface: number;
  /** Virtual processors. */
  readonly vCpus: number | undefined;
  /** Whether interfaces take /28 prefixes: Nitro and bare metal do. */
  readonly prefixDelegation: boolean;
  /** Whether it can have the trunk interface that security groups for pods need. */
  readonly trunk: boolean | undefined;
  /** Pods with security groups of their own that it can run: one branch interface each, 0 without a trunk. */
  readonly branchInterfaces: number | undefined;
}

/** A row of the table: the columns its head names. */
type Row = readonly [number, number, number | null, number, number | null];

const ROWS = table.types as unknown as Readonly<Record<string, Row | undefined>>;

/** Every instance type in the table, in the order of its letters. */
export const INSTANCE_TYPES = Object.keys(table.types) as readonly InstanceTypeName[];

/** The facts of an instance type; undefined for one that is not in the table. */
export function instanceFacts(instanceType: string): InstanceFacts | undefined {
  const row = Object.hasOwn(ROWS, instanceType) ? ROWS[instanceType] : undefined;
  if (row === undefined) return undefined;
  const [interfaces, ipv4PerInterface, vCpus, prefixDelegation, branchInterfaces] = row;
  return {
    interfaces,
    ipv4PerInterface,
    vCpus: vCpus ?? undefined,
    prefixDelegation: prefixDelegation === 1,
    trunk: branchInterfaces === null ? undefined : branchInterfaces > 0,
    branchInterfaces: branchInterfaces ?? undefined,
  };
}

/** The facts of an instance type; throws for one that is not in the table, with the names it may be a slip of. */
export function knownInstanceFacts(instanceType: string): InstanceFacts {
  const facts = instanceFacts(instanceType);
  if (facts !== undefined) return facts;
  const remedy = nearestInstanceType(instanceType) ?? 'a new one comes with `npm run refresh:instance-types`';
  throw new Error(`instance type ${instanceType} is not known; ${remedy}`);
}

/** "did you mean …" for an instance type that is not in the table: up to three names that are one slip away. */
export function nearestInstanceType(instanceType: string): string | undefined {
  const got = instanceType.toLowerCase();
  const slips = INSTANCE_TYPES.map((name) => ({ name, ...slip(got, name) })).filter(({ letters }) => letters <= 2);
  const least = Math.min(...slips.map(({ letters }) => letters));
  const nearest = slips
    .filter(({ letters }) => letters === least)
    .sort((a, b) => b.before - a.before)
    .slice(0, 3)
    .map(({ name }) => `\`${name}\``);
  if (nearest.length === 0) return nearestRemedy(instanceType, INSTANCE_TYPES);
  return `did you mean ${nearest.join(', ').replace(/, ([^,]*)$/, ' or $1')}?`;
}

/** The letters between the common start and the common end of two words, and how long that start is. */
function slip(a: string, b: string): { readonly letters: number; readonly before: number } {
  const shorter = Math.min(a.length, b.length);
  let before = 0;
  while (before < shorter && a[before] === b[before]) before += 1;
  let after = 0;
  while (after < shorter - before && a[a.length - 1 - after] === b[b.length - 1 - after]) after += 1;
  return { letters: Math.max(a.length, b.length) - before - after, before };
}
