import { nodeInterfaces, type NodeInterfacesInput } from '../cni/node-interfaces';

/** What decides how many pods a node may run. `podSecurityGroups` does not: kubelet counts their pods like any other. */
export interface MaxPodsInput extends NodeInterfacesInput {
  /**
   * Whether to stop where AWS recommends: 110, or 250 above 30 vCPU. An unknown vCPU count gives 110, and so does
   * Windows.
   *
   * @default true
   */
  readonly capped?: boolean;
}

/**
 * Pods kubelet may run on one node: what its addresses allow, and on Linux two for host-network pods.
 *
 * Pure. An unknown type throws with the nearest names: it is never 0 and never a guess.
 *
 * @see https://github.com/awslabs/amazon-eks-ami max-pods-calculator.sh, tag v20241024
 * @see https://docs.aws.amazon.com/eks/latest/best-practices/windows-networking.html
 */
export function maxPods(input: MaxPodsInput): number {
  const { customNetworking = false, os = 'linux', capped = true } = input;
  const { facts, interfaces, slotsPerInterface, addressesPerSlot } = nodeInterfaces(input);
  const perInterface = slotsPerInterface * addressesPerSlot;
  // a Windows node uses one interface, and its kube-proxy and CNI are no pods
  const pods = os === 'windows' ? perInterface : (interfaces - (customNetworking ? 1 : 0)) * perInterface + 2;
  const cap = os === 'linux' && facts.vCpus !== undefined && facts.vCpus > 30 ? 250 : 110;
  return capped ? Math.min(pods, cap) : pods;
}

/** One number for a group of several types: the smallest, because any node may be of any of them. */
export function groupMaxPods(instanceTypes: readonly string[], mode: Omit<MaxPodsInput, 'instanceType'>): number {
  return Math.min(...instanceTypes.map((instanceType) => maxPods({ ...mode, instanceType })));
}
