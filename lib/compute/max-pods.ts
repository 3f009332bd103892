import { nearestRemedy } from '../shape';
import data from './instance-types.json';

/** What the network of an instance type can do. */
export interface InstanceFacts {
  /** Interfaces of the default network card. */
  readonly interfaces: number;
  /** IPv4 addresses of one interface, its own included. */
  readonly ipv4PerInterface: number;
  /** undefined if the source does not say. */
  readonly vCpus: number | undefined;
  /** Whether interfaces take /28 prefixes: Nitro and bare metal do. */
  readonly prefixDelegation: boolean;
}

const TYPES = data.types as unknown as Readonly<Record<string, readonly [number, number, number | null, number]>>;

/** The facts of an instance type; undefined for one that is not in the table. */
export function instanceFacts(instanceType: string): InstanceFacts | undefined {
  const row = TYPES[instanceType];
  if (row === undefined) return undefined;
  const [interfaces, ipv4PerInterface, vCpus, prefixDelegation] = row;
  return { interfaces, ipv4PerInterface, vCpus: vCpus ?? undefined, prefixDelegation: prefixDelegation === 1 };
}

/** "did you mean …" for an instance type that is not in the table. */
export function nearestInstanceType(instanceType: string): string | undefined {
  return nearestRemedy(instanceType, Object.keys(TYPES));
}

/** What decides how many pods a node may run. */
export interface MaxPodsInput {
  /** Such as `m7g.large`. */
  readonly instanceType: string;
  /** @default false */
  readonly prefixDelegation?: boolean;
  /**
   * Whether to stop where AWS recommends: 110, or 250 above 30 vCPU. An unknown vCPU count gives 110.
   *
   * @default true
   */
  readonly capped?: boolean;
}

/**
 * Pods kubelet may run on one node: what its addresses allow, and two for host-network pods.
 *
 * @see https://github.com/awslabs/amazon-eks-ami max-pods-calculator.sh, tag v20241024
 */
export function maxPods({ instanceType, prefixDelegation = false, capped = true }: MaxPodsInput): number {
  const facts = instanceFacts(instanceType);
  if (facts === undefined) {
    throw new Error(
      `instance type ${instanceType} is not known; ${nearestInstanceType(instanceType) ?? 'check its name'}`,
    );
  }
  const slots = facts.interfaces * (facts.ipv4PerInterface - 1);
  const perSlot = prefixDelegation && facts.prefixDelegation ? 16 : 1;
  const cap = facts.vCpus !== undefined && facts.vCpus > 30 ? 250 : 110;
  const pods = slots * perSlot + 2;
  return capped ? Math.min(pods, cap) : pods;
}

/** One number for a group of several types: the smallest, because any node may be of any of them. */
export function groupMaxPods(instanceTypes: readonly string[], prefixDelegation: boolean): number {
  return Math.min(...instanceTypes.map((instanceType) => maxPods({ instanceType, prefixDelegation })));
}
