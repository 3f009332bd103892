import { block, parseCidr } from './cidr';

/** What a subnet is for. The name is part of its construct id. */
export type Tier = 'public' | 'nodes' | 'control-plane';

/** The smallest and largest prefix length of a VPC that the plan can cut into its tiers. */
export const VPC_PREFIX = { largest: 16, smallest: 20 } as const;

/**
 * How a VPC of prefix length P is cut. The upper half is eight node subnets; the first sixteenth holds eight public
 * and, in its second half, eight small control plane subnets. Everything between is kept for tiers to come.
 */
const TIERS: Record<Tier, { readonly prefix: (vpc: number) => number; readonly firstBlock: (vpc: number) => number }> =
  {
    public: { prefix: (vpc) => vpc + 8, firstBlock: () => 0 },
    'control-plane': { prefix: () => 28, firstBlock: (vpc) => 2 ** (28 - (vpc + 5)) },
    nodes: { prefix: (vpc) => vpc + 4, firstBlock: () => 8 },
  };

/** The CIDR of a tier's subnet in a zone. It depends on nothing but its arguments, so no subnet ever moves another. */
export function subnetCidr(vpcCidr: string, tier: Tier, slot: number): string {
  const vpc = parseCidr(vpcCidr);
  if (vpc === undefined) throw new Error(`${vpcCidr} is not a CIDR`);
  const { prefix, firstBlock } = TIERS[tier];
  return block(vpc, prefix(vpc.prefix), firstBlock(vpc.prefix) + slot);
}
