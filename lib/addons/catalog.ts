/** What an add-on needs to run and where in the order it belongs. */
export interface AddonFacts {
  /** `before-nodes`: no node works without it. `after-nodes`: it runs on nodes. */
  readonly when: 'before-nodes' | 'after-nodes';
  /**
   * The service account whose pods call AWS.
   *
   * @default - none: the add-on calls nothing of AWS
   */
  readonly serviceAccount?: string;
  /**
   * AWS managed policies of that service account's role.
   *
   * @default - none
   */
  readonly managedPolicies?: readonly string[];
}

/**
 * The EKS add-ons this project can place; every platform has the core ones.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/workloads-add-ons-available-eks.html
 */
export const ADDONS = {
  'eks-pod-identity-agent': { when: 'before-nodes' },
  'vpc-cni': { when: 'before-nodes', serviceAccount: 'aws-node', managedPolicies: ['AmazonEKS_CNI_Policy'] },
  'kube-proxy': { when: 'before-nodes' },
  coredns: { when: 'after-nodes' },
  'aws-ebs-csi-driver': {
    when: 'after-nodes',
    serviceAccount: 'ebs-csi-controller-sa',
    managedPolicies: ['service-role/AmazonEBSCSIDriverPolicy'],
  },
  'aws-efs-csi-driver': {
    when: 'after-nodes',
    serviceAccount: 'efs-csi-controller-sa',
    managedPolicies: ['service-role/AmazonEFSCSIDriverPolicy'],
  },
  'snapshot-controller': { when: 'after-nodes' },
  'metrics-server': { when: 'after-nodes' },
  'eks-node-monitoring-agent': { when: 'after-nodes' },
} as const satisfies Readonly<Record<string, AddonFacts>>;

/** The name of an add-on this project can place. */
export type AddonName = keyof typeof ADDONS;

/** The add-ons no cluster of this project is without. */
export const CORE_ADDONS = ['eks-pod-identity-agent', 'vpc-cni', 'kube-proxy', 'coredns'] as const;
