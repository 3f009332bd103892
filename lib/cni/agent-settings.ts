/** How much the CNI logs, from everything to almost nothing. */
export const LOG_LEVELS = ['DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'] as const;

/** One of {@link LOG_LEVELS}. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** CPU and memory in Kubernetes' own words. */
export interface ResourceQuantities {
  /**
   * Such as `50m` or `0.5`.
   *
   * @default - the add-on's
   */
  readonly cpu?: string;
  /**
   * Such as `128Mi`.
   *
   * @default - the add-on's
   */
  readonly memory?: string;
}

/** What the `aws-node` container asks for and may use. */
export interface AgentResources {
  /**
   * What the scheduler keeps free for it on every node.
   *
   * @default - the add-on's: 25m of CPU in its chart
   */
  readonly requests?: ResourceQuantities;
  /**
   * Where the kernel stops it. A CNI that is stopped stops every new pod of its node.
   *
   * @default - none
   */
  readonly limits?: ResourceQuantities;
}

/** A taint that pods of the CNI run in spite of. */
export interface AgentToleration {
  /**
   * The taint's key.
   *
   * @default - every key, with the operator `Exists`
   */
  readonly key?: string;
  /**
   * Whether the taint must have `value` or only be there.
   *
   * @default 'Equal'
   */
  readonly operator?: 'Equal' | 'Exists';
  /**
   * The taint's value, with the operator `Equal`.
   *
   * @default - the empty value
   */
  readonly value?: string;
  /**
   * The taint's effect, as Kubernetes writes it.
   *
   * @default - every effect
   */
  readonly effect?: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';
  /**
   * How long a pod stays after the taint appears, with `NoExecute`.
   *
   * @default - for ever
   */
  readonly tolerationSeconds?: number;
}

/**
 * The pods of the CNI itself. A change restarts them, node after node, and leaves the nodes and other pods alone.
 *
 * @see https://github.com/aws/amazon-vpc-cni-k8s/blob/v1.23.1/README.md
 */
export interface AgentSettings {
  /**
   * How much the CNI's address manager logs.
   *
   * @default 'DEBUG'
   * @see https://github.com/aws/amazon-vpc-cni-k8s/blob/v1.23.1/README.md#aws_vpc_k8s_cni_loglevel
   */
  readonly logLevel?: LogLevel;
  /**
   * How much the plugin that kubelet calls for each pod logs.
   *
   * @default 'DEBUG'
   * @see https://github.com/aws/amazon-vpc-cni-k8s/blob/v1.23.1/README.md#aws_vpc_k8s_plugin_log_level
   */
  readonly pluginLogLevel?: LogLevel;
  /**
   * Where the address manager logs: a file of the node, `stdout` or `stderr`.
   *
   * @default '/host/var/log/aws-routed-eni/ipamd.log'
   * @see https://github.com/aws/amazon-vpc-cni-k8s/blob/v1.23.1/README.md#aws_vpc_k8s_cni_log_file
   */
  readonly logFile?: string;
  /**
   * Where the plugin logs: a file of the node or `stderr`, which ends in kubelet's log; never `stdout`, where kubelet
   * reads the plugin's answer.
   *
   * @default '/var/log/aws-routed-eni/plugin.log'
   * @see https://github.com/aws/amazon-vpc-cni-k8s/blob/v1.23.1/README.md#aws_vpc_k8s_plugin_log_file
   */
  readonly pluginLogFile?: string;
  /**
   * Whether the CNI serves Prometheus metrics on port 61678 of the node.
   *
   * @default true
   * @see https://github.com/aws/amazon-vpc-cni-k8s/blob/v1.23.1/README.md#disable_metrics
   */
  readonly metrics?: boolean;
  /**
   * Whether the CNI answers on port 61679 of the node's loopback what it knows; its support script asks there.
   *
   * @default true
   * @see https://github.com/aws/amazon-vpc-cni-k8s/blob/v1.23.1/README.md#disable_introspection
   */
  readonly introspection?: boolean;
  /**
   * Writes each pod's address into the annotation `vpc.amazonaws.com/pod-ips`, for a policy engine that must know it
   * before kubelet reports it. The CNI's cluster role must be allowed to patch pods.
   *
   * @default false
   * @see https://github.com/aws/amazon-vpc-cni-k8s/blob/v1.23.1/README.md#annotate_pod_ip-v193
   */
  readonly annotatePodIp?: boolean;
  /**
   * The EC2 endpoint the CNI calls, such as `https://ec2.eu-west-1.amazonaws.com`, where names do not lead there.
   *
   * @default - the region's
   * @see https://github.com/aws/amazon-vpc-cni-k8s/blob/v1.23.1/README.md#aws_ec2_endpoint-v1130
   */
  readonly ec2Endpoint?: string;
  /**
   * Lets the control plane give addresses to pods on Windows nodes. IPv4 clusters only.
   *
   * @default false
   * @see https://docs.aws.amazon.com/eks/latest/userguide/windows-support.html
   */
  readonly windowsIpam?: boolean;
  /**
   * How long the CNI may take to answer that it lives, in seconds, 1 or more. Longer keeps a busy node's CNI from being
   * restarted.
   *
   * @default 10
   */
  readonly livenessProbeTimeoutSeconds?: number;
  /**
   * How long the CNI may take to answer that it is ready, in seconds, 1 or more.
   *
   * @default 10
   */
  readonly readinessProbeTimeoutSeconds?: number;
  /**
   * CPU and memory of the `aws-node` container.
   *
   * @default - the add-on's: 25m of CPU asked for, no limit
   */
  readonly resources?: AgentResources;
  /**
   * Taints the CNI's pods run in spite of, instead of all of them. A node with another taint has no network.
   *
   * @default - all taints
   */
  readonly tolerations?: readonly AgentToleration[];
}
