/**
 * What happens to the packets of pods. Everything here takes effect without new nodes, some of it for new pods only.
 *
 * @see https://github.com/aws/amazon-vpc-cni-k8s/blob/v1.23.1/README.md
 */
export interface TrafficSettings {
  /**
   * Leaves pod traffic to other networks with the pod's own address, for a NAT elsewhere to translate. Pods in public
   * subnets then do not reach the internet. IPv4 clusters only.
   *
   * @default false
   * @see https://docs.aws.amazon.com/eks/latest/userguide/external-snat.html
   */
  readonly externalSnat?: boolean;
  /**
   * IPv4 ranges outside the VPC that pods reach with their own address, such as `['192.168.0.0/16']` behind a VPN.
   *
   * @default - none: whatever leaves the VPC has the node's address
   * @see https://github.com/aws/amazon-vpc-cni-k8s/blob/v1.23.1/README.md#aws_vpc_k8s_cni_exclude_snat_cidrs-v160
   */
  readonly excludeSnatCidrs?: readonly string[];
  /**
   * How source ports are chosen when the node's address replaces the pod's: by a random generator (`prng`), by a hash
   * (`hashrandom`), or in order (`none`).
   *
   * @default 'prng'
   * @see https://github.com/aws/amazon-vpc-cni-k8s/blob/v1.23.1/README.md#aws_vpc_k8s_cni_randomizesnat
   */
  readonly randomizeSnat?: 'prng' | 'hashrandom' | 'none';
  /**
   * IPv4 ranges that are reached by the node's main routes whatever interface a pod is on, such as an appliance in the
   * VPC.
   *
   * @default - none
   * @see https://github.com/aws/amazon-vpc-cni-k8s/blob/v1.23.1/README.md#aws_external_service_cidrs-v1126
   */
  readonly externalServiceCidrs?: readonly string[];
  /**
   * The largest packet of the node's interfaces, in bytes, 576 to 9001; from 1280 on an IPv6 cluster. 1500 where
   * traffic leaves the VPC through a gateway that takes no more.
   *
   * @default 9001
   * @see https://github.com/aws/amazon-vpc-cni-k8s/blob/v1.23.1/README.md#aws_vpc_eni_mtu-v160
   */
  readonly eniMtu?: number;
  /**
   * The largest packet of pods' interfaces, in bytes; the same range. Pods made after a change have it.
   *
   * @default - that of `eniMtu`
   * @see https://github.com/aws/amazon-vpc-cni-k8s/blob/v1.23.1/README.md#pod_mtu-v1164
   */
  readonly podMtu?: number;
  /**
   * Whether NodePort services work on the node's first interface.
   *
   * @default true
   * @see https://github.com/aws/amazon-vpc-cni-k8s/blob/v1.23.1/README.md#aws_vpc_cni_node_port_support
   */
  readonly nodePortSupport?: boolean;
  /**
   * Obeys the annotations `kubernetes.io/ingress-bandwidth` and `egress-bandwidth` of pods. Not together with
   * `networkPolicy`.
   *
   * @default false
   * @see https://github.com/aws/amazon-vpc-cni-k8s/blob/v1.23.1/README.md#enable_bandwidth_plugin-v1100
   */
  readonly bandwidthPlugin?: boolean;
  /**
   * Lets pods of an IPv6 cluster reach IPv4 addresses, by an address of the node's own (169.254.172.0/22) and its SNAT.
   *
   * @default true
   * @see https://github.com/aws/amazon-vpc-cni-k8s/blob/v1.23.1/README.md#enable_v4_egress-v1151
   */
  readonly v4Egress?: boolean;
  /**
   * Lets pods of an IPv4 cluster reach IPv6 addresses. The node's subnet must hand out IPv6 addresses.
   *
   * @default false
   * @see https://github.com/aws/amazon-vpc-cni-k8s/blob/v1.23.1/README.md#enable_v6_egress-v1130
   */
  readonly v6Egress?: boolean;
  /**
   * Whether the kernel of a pod knows IPv6 at all. Turn it off for software that picks an IPv6 address nobody reaches.
   *
   * @default true
   * @see https://github.com/aws/amazon-vpc-cni-k8s/blob/v1.23.1/README.md#disable_pod_v6-v1150
   */
  readonly podIpv6?: boolean;
  /**
   * What the names of pods' interfaces on the node begin with, at most four letters or digits. A change rolls the
   * nodes, so that rules written for the old name meet no pod of the new one.
   *
   * @default 'eni'
   * @see https://github.com/aws/amazon-vpc-cni-k8s/blob/v1.23.1/README.md#aws_vpc_k8s_cni_vethprefix
   */
  readonly vethPrefix?: string;
}
