/**
 * Where pods' addresses come from and how many a node keeps ready.
 *
 * @see https://github.com/aws/amazon-vpc-cni-k8s/blob/v1.23.1/README.md
 */
export interface AddressSettings {
  /**
   * Gives each interface /28 blocks instead of single addresses: many more pods on a node, in larger steps.
   *
   * Nitro instances only: others ignore it. Subnets must have whole free /28 blocks. A change rolls the nodes, because
   * only new ones take it up. An IPv6 cluster always has it.
   *
   * @default false; true on an IPv6 cluster
   * @see https://docs.aws.amazon.com/eks/latest/best-practices/prefix-mode-linux.html
   */
  readonly prefixDelegation?: boolean;
  /**
   * Whole interfaces' worth of free addresses kept ready on each node, 0 or more. Ignored with `warmIpTarget` or
   * `minimumIpTarget`. Takes effect on running nodes.
   *
   * @default 1
   * @see https://github.com/aws/amazon-vpc-cni-k8s/blob/v1.23.1/README.md#warm_eni_target
   */
  readonly warmEniTarget?: number;
  /**
   * Free addresses kept ready on each node. The fewer, the more calls of EC2 while pods come and go. Takes effect on
   * running nodes.
   *
   * @default - not set: `warmEniTarget` or `warmPrefixTarget` decides
   * @see https://github.com/aws/amazon-vpc-cni-k8s/blob/v1.23.1/README.md#warm_ip_target
   */
  readonly warmIpTarget?: number;
  /**
   * Addresses a node holds at least, used or free; set it to the pods you expect on a node, and `warmIpTarget` with it.
   * Takes effect on running nodes.
   *
   * @default - not set
   * @see https://github.com/aws/amazon-vpc-cni-k8s/blob/v1.23.1/README.md#minimum_ip_target-v160
   */
  readonly minimumIpTarget?: number;
  /**
   * Free /28 blocks kept ready on each node, with `prefixDelegation`. Ignored with `warmIpTarget` or `minimumIpTarget`.
   * Takes effect on running nodes.
   *
   * @default 1
   * @see https://github.com/aws/amazon-vpc-cni-k8s/blob/v1.23.1/README.md#warm_prefix_target-v190
   */
  readonly warmPrefixTarget?: number;
  /**
   * The most interfaces the CNI attaches to a node, 1 or more, its first one included; the instance type's own limit
   * stays. It lowers the pods a node can run. Interfaces that are attached already stay.
   *
   * @default - as many as the instance type takes
   * @see https://github.com/aws/amazon-vpc-cni-k8s/blob/v1.23.1/README.md#max_eni
   */
  readonly maxEni?: number;
  /**
   * How long a freed address rests before another pod may have it, in seconds. Shorter saves addresses where pods churn
   * and risks traffic for the old pod reaching the new one. Takes effect on running nodes.
   *
   * @default 30
   * @see https://github.com/aws/amazon-vpc-cni-k8s/blob/v1.23.1/README.md#ip_cooldown_period-v1150
   */
  readonly ipCooldownSeconds?: number;
  /**
   * Lets new interfaces come from other subnets of the node's zone that carry the tag `kubernetes.io/role/cni`: `1`
   * opts a subnet in, `0` opts it out. `customNetworking` wins over it.
   *
   * @default true
   * @see https://docs.aws.amazon.com/eks/latest/userguide/cni-subnet-selection.html
   */
  readonly subnetDiscovery?: boolean;
  /**
   * Gives pods annotated `k8s.amazonaws.com/nicConfig: multi-nic-attachment` an interface on every network card of
   * their node. Only for instance types with several cards; not together with `podSecurityGroups`.
   *
   * @default false
   * @see https://docs.aws.amazon.com/eks/latest/userguide/pod-multiple-network-interfaces.html
   */
  readonly multiNic?: boolean;
  /**
   * Tags on the interfaces the CNI makes, such as `{ team: 'shop' }`, for bills and policies. Keys of 1 to 128
   * characters, values of at most 256.
   *
   * @default - the CNI's own tags: instance, cluster, creation time
   * @see https://github.com/aws/amazon-vpc-cni-k8s/blob/v1.23.1/README.md#additional_eni_tags-v160
   */
  readonly additionalEniTags?: Readonly<Record<string, string>>;
  /**
   * Whether the CNI deletes interfaces it once made and that no node has any more. Turn it off only where something else
   * does.
   *
   * @default true
   * @see https://github.com/aws/amazon-vpc-cni-k8s/blob/v1.23.1/README.md#disable_leaked_eni_cleanup-v1130
   */
  readonly leakedEniCleanup?: boolean;
  /**
   * Whether the CNI goes on attaching and freeing interfaces on a cordoned node.
   *
   * @default false
   * @see https://github.com/aws/amazon-vpc-cni-k8s/blob/v1.23.1/README.md#aws_manage_enis_non_schedulable-v1126
   */
  readonly manageEnisNonSchedulable?: boolean;
}
