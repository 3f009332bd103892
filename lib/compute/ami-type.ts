/** The processor an instance type or an image is for. */
export type Architecture = 'x86_64' | 'arm64';

/** How a node's start-up settings are written. */
export type Bootstrap = 'nodeadm' | 'bottlerocket';

/**
 * The images a node group can run. AL2 is not among them: it ends with Kubernetes 1.32.
 *
 * @see https://docs.aws.amazon.com/eks/latest/APIReference/API_Nodegroup.html amiType
 */
export const AMI_TYPES = {
  AL2023_x86_64_STANDARD: { architecture: 'x86_64', bootstrap: 'nodeadm' },
  AL2023_ARM_64_STANDARD: { architecture: 'arm64', bootstrap: 'nodeadm' },
  AL2023_x86_64_NVIDIA: { architecture: 'x86_64', bootstrap: 'nodeadm' },
  AL2023_ARM_64_NVIDIA: { architecture: 'arm64', bootstrap: 'nodeadm' },
  AL2023_x86_64_NEURON: { architecture: 'x86_64', bootstrap: 'nodeadm' },
  BOTTLEROCKET_x86_64: { architecture: 'x86_64', bootstrap: 'bottlerocket' },
  BOTTLEROCKET_ARM_64: { architecture: 'arm64', bootstrap: 'bottlerocket' },
  BOTTLEROCKET_x86_64_NVIDIA: { architecture: 'x86_64', bootstrap: 'bottlerocket' },
  BOTTLEROCKET_ARM_64_NVIDIA: { architecture: 'arm64', bootstrap: 'bottlerocket' },
} as const satisfies Readonly<Record<string, { architecture: Architecture; bootstrap: Bootstrap }>>;

/** The name of an image family, as EKS writes it. */
export type AmiType = keyof typeof AMI_TYPES;

/**
 * The processor of an instance type, from its name: a `g` among the letters after the generation is Graviton.
 *
 * @see https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html
 */
export function architectureOf(instanceType: string): Architecture {
  const family = instanceType.split('.')[0] ?? '';
  return family === 'a1' || /^[a-z]+\d+[a-z]*g/.test(family) ? 'arm64' : 'x86_64';
}

/** The image a group runs if it names none. */
export function defaultAmiType(instanceTypes: readonly string[]): AmiType {
  const [first = ''] = instanceTypes;
  return architectureOf(first) === 'arm64' ? 'AL2023_ARM_64_STANDARD' : 'AL2023_x86_64_STANDARD';
}
