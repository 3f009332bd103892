/** Pods in address ranges and subnets of their own. */
export interface CustomNetworking {
  /**
   * Ranges the VPC gets for pods, /16 to /28, such as `['100.64.0.0/16']`, newest last: new interfaces come from the
   * last one. Append to grow. To take out the last, make it the first in a deploy of its own.
   */
  readonly cidrs: readonly string[];
  /**
   * Security groups of the pods' interfaces, at most five by the usual quota. They must let pods reach CoreDNS and
   * nodes reach pods. A pod that a SecurityGroupPolicy chooses has that policy's groups instead.
   *
   * @default - those of the node's first interface
   */
  readonly securityGroupIds?: readonly string[];
  /**
   * Takes pods out of their own subnets and keeps those, the first of the two deploys that end custom networking. After
   * it, take `customNetworking` out.
   *
   * @default false
   */
  readonly retire?: boolean;
}

/** Security groups for single pods, by `SecurityGroupPolicy` objects. */
export interface PodSecurityGroups {
  /**
   * `strict`: only the pod's own groups apply, its traffic keeps its own address and goes out by NAT gateway.
   * `standard`: the node's groups apply too; it is what NodeLocal DNSCache, IPVS and `externalTrafficPolicy: Local`
   * need. Only pods made after a change follow it.
   *
   * @default 'strict'
   * @see https://docs.aws.amazon.com/eks/latest/best-practices/sgpp.html
   */
  readonly enforcingMode?: 'strict' | 'standard';
  /**
   * Whether the kernel looks up TCP sockets early. With it, kubelet's TCP and HTTP probes do not reach pods in `strict`
   * mode; without it, local connections take a little longer.
   *
   * @default - false in `strict` mode, else the node's own (true)
   * @see https://github.com/aws/amazon-vpc-cni-k8s/blob/v1.23.1/README.md#disable_tcp_early_demux-v173
   */
  readonly tcpEarlyDemux?: boolean;
}

/** How Kubernetes NetworkPolicy objects are enforced. */
export interface NetworkPolicyEnforcement {
  /**
   * `standard`: a new pod's traffic passes until its policies are in place. `strict`: a new pod is cut off until a
   * policy allows something, CoreDNS and every other pod that is not on the host network included.
   *
   * @default 'standard'
   * @see https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy-configure.html
   */
  readonly enforcingMode?: 'standard' | 'strict';
  /**
   * Writes each decision to a log on the node. Costs about one core of the node while traffic is heavy.
   *
   * @default false
   */
  readonly eventLogs?: boolean;
  /**
   * Sends those logs to the cluster's log group, `/aws/eks/<cluster>/cluster`, and gives the CNI's role the right to.
   * CloudWatch charges by volume.
   *
   * @default false
   */
  readonly cloudWatchLogs?: boolean;
}

/** Which network pods are in and who may talk to them. */
export interface PodNetworkSettings {
  /**
   * Puts pods into ranges and subnets of their own, for when the VPC's first range runs out of addresses. Pods on the
   * host network stay with the node, and the node's first interface serves no pods any more, so fewer fit on a node.
   *
   * IPv4 only. A change rolls the nodes, because only new ones take it up.
   *
   * @default - pods have addresses of their node's subnet
   * @see https://docs.aws.amazon.com/eks/latest/userguide/cni-custom-network.html
   */
  readonly customNetworking?: CustomNetworking;
  /**
   * Lets pods have security groups of their own; `{}` for the defaults. One interface of each node is taken by it.
   *
   * Not for instance types of the t family, nor on Windows. A change rolls the nodes: an interface that is there stays
   * until the node goes.
   *
   * @default - pods have the groups of the interface they are on
   * @see https://docs.aws.amazon.com/eks/latest/userguide/security-groups-for-pods.html
   */
  readonly podSecurityGroups?: PodSecurityGroups;
  /**
   * Enforces Kubernetes NetworkPolicy objects on the nodes; without it they are kept and do nothing. Takes effect on
   * running nodes. Linux nodes on EC2 only.
   *
   * @default false
   * @see https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html
   */
  readonly networkPolicy?: boolean | NetworkPolicyEnforcement;
}

/** The settings that nodes follow: custom networking that is being retired is over for them. */
export function withoutRetired<T extends PodNetworkSettings>(settings: T): T {
  return settings.customNetworking?.retire === true ? { ...settings, customNetworking: undefined } : settings;
}
