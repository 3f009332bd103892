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
  /**
   * AWS services it calls, by the short names of their endpoints, beside those every node calls.
   *
   * @default - none
   */
  readonly calls?: readonly string[];
  /**
   * Runs a pod on every node: on the node's own network, or with an address of the pod network.
   *
   * @default - none
   */
  readonly onEveryNode?: 'host-network' | 'pod-network';
  /**
   * Pods it runs somewhere in the cluster.
   *
   * @default - none
   */
  readonly replicas?: number;
}

/**
 * The EKS add-ons this project can place; every platform has the core ones.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/workloads-add-ons-available-eks.html
 */
export const ADDONS = {
  'eks-pod-identity-agent': { when: 'before-nodes', onEveryNode: 'host-network' },
  'vpc-cni': {
    when: 'before-nodes',
    serviceAccount: 'aws-node',
    managedPolicies: ['AmazonEKS_CNI_Policy'],
    onEveryNode: 'host-network',
  },
  'kube-proxy': { when: 'before-nodes', onEveryNode: 'host-network' },
  coredns: { when: 'after-nodes', replicas: 2 },
  'aws-ebs-csi-driver': {
    when: 'after-nodes',
    serviceAccount: 'ebs-csi-controller-sa',
    managedPolicies: ['service-role/AmazonEBSCSIDriverPolicy'],
    onEveryNode: 'pod-network',
    replicas: 2,
  },
  'aws-efs-csi-driver': {
    when: 'after-nodes',
    serviceAccount: 'efs-csi-controller-sa',
    managedPolicies: ['service-role/AmazonEFSCSIDriverPolicy'],
    calls: ['elasticfilesystem'],
    onEveryNode: 'host-network',
    replicas: 2,
  },
  'snapshot-controller': { when: 'after-nodes', replicas: 2 },
  'metrics-server': { when: 'after-nodes', replicas: 2 },
  'eks-node-monitoring-agent': { when: 'after-nodes', onEveryNode: 'host-network' },
} as const satisfies Readonly<Record<string, AddonFacts>>;

/** The name of an add-on this project can place. */
export type AddonName = keyof typeof ADDONS;

/** The add-ons no cluster of this project is without. */
export const CORE_ADDONS = ['eks-pod-identity-agent', 'vpc-cni', 'kube-proxy', 'coredns'] as const;
