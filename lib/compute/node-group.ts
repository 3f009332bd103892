import { Stack } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import { CfnLaunchTemplate } from 'aws-cdk-lib/aws-ec2';
import { CfnNodegroup } from 'aws-cdk-lib/aws-eks';
import type * as eks from 'aws-cdk-lib/aws-eks-v2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { PodNetworkMode } from '../cni/pod-network-mode';
import { throwIfAny } from '../validate';
import { AMI_TYPES, defaultAmiType, type AmiType } from './ami-type';
import { groupMaxPods } from './max-pods';
import { nodeGroupProblems } from './node-group-rules';
import { userData } from './user-data';

/** How many nodes a group has. */
export interface NodeScaling {
  /** The fewest nodes, 0 or more. */
  readonly min: number;
  /**
   * Nodes to start with. Every deploy that changes it sets the count again, past an autoscaler.
   *
   * @default - `min`
   */
  readonly desired?: number;
  /** The most nodes, 1 to 450. */
  readonly max: number;
}

/** Keeps pods away that do not tolerate it. */
export interface NodeTaint {
  /** Such as `example.com/batch`. */
  readonly key: string;
  /** @default - none */
  readonly value?: string;
  /** What happens to pods that do not tolerate it. */
  readonly effect: 'NO_SCHEDULE' | 'PREFER_NO_SCHEDULE' | 'NO_EXECUTE';
}

/** What may be chosen about a node group, apart from where it stands. */
export interface NodeGroupSettings {
  /** EC2 instance types, 1 to 20, all of one architecture, such as `['m7g.large']`. Changing them replaces the group. */
  readonly instanceTypes: readonly string[];
  /** How many nodes. */
  readonly scaling: NodeScaling;
  /**
   * The image family. Changing it replaces the group.
   *
   * @default - Amazon Linux 2023 for the instance types' architecture
   */
  readonly amiType?: AmiType;
  /**
   * How the instances are bought. Changing it replaces the group.
   *
   * @default 'ON_DEMAND'
   */
  readonly capacityType?: 'ON_DEMAND' | 'SPOT';
  /**
   * Size of the encrypted gp3 volume, in GiB.
   *
   * @default 50
   */
  readonly diskSizeGiB?: number;
  /**
   * Node labels.
   *
   * @default - none
   */
  readonly labels?: Readonly<Record<string, string>>;
  /**
   * Node taints, at most 50.
   *
   * @default - none
   */
  readonly taints?: readonly NodeTaint[];
  /**
   * The pods kubelet may run on a node. EKS writes a value of its own and documents that it wins, so a larger number than
   * what the addresses and AWS's recommendation (110, or 250 above 30 vCPU) allow has no effect.
   *
   * @default - what the addresses of the smallest type allow, at most AWS's recommendation
   * @see https://docs.aws.amazon.com/eks/latest/userguide/choosing-instance-type.html
   */
  readonly maxPods?: number;
  /**
   * How many nodes an update may take out at a time, 1 to 100.
   *
   * @default 1
   */
  readonly maxUnavailable?: number;
  /**
   * Replaces nodes that EKS finds unhealthy.
   *
   * @default true
   */
  readonly autoRepair?: boolean;
  /**
   * How far from the node its metadata can be read: 1 keeps pods from the node's role, 2 lets them at it.
   *
   * @default 1
   */
  readonly metadataHopLimit?: number;
  /**
   * The image release, such as `1.35.0-20260120`; the nodes roll when it changes.
   *
   * @default - the release EKS has when the group is made or its Kubernetes version changes
   */
  readonly releaseVersion?: string;
}

/** Properties of {@link NodeGroup}. */
export interface NodeGroupProps extends NodeGroupSettings {
  /** The cluster the nodes join. */
  readonly cluster: eks.ICluster;
  /** The role of the nodes. EKS makes its access entry. */
  readonly nodeRole: iam.IRole;
  /** Private subnets for the nodes. Changing them replaces the group. */
  readonly subnets: readonly ec2.ISubnet[];
  /**
   * The Kubernetes minor of the nodes: the control plane's, or up to three older.
   *
   * @default - the control plane's when the group is made; it does not follow later
   */
  readonly kubernetesVersion?: string;
  /**
   * How the VPC CNI gives pods their addresses; it decides how many pods a node can run.
   *
   * @default - single IPv4 addresses of every interface
   */
  readonly podNetwork?: Partial<PodNetworkMode>;
  /**
   * A text that changes when running nodes become wrong for the CNI's settings; see `cniModeFingerprint`. The instances
   * carry it as the tag `kotohajime:cni`, so a change rolls the nodes even where the number of pods stays the same.
   *
   * @default - none
   */
  readonly cniMode?: string;
}

/**
 * A managed node group without SSH, with IMDSv2, an encrypted disk and the number of pods its smallest type can run.
 *
 * Updates respect disruption budgets: a group that cannot be drained fails to update rather than evict by force.
 */
export class NodeGroup extends Construct {
  /** The pods kubelet is told it may run on a node: the smallest type's number. */
  readonly maxPods: number;
  /** The group itself, for what must wait for nodes. */
  readonly resource: CfnNodegroup;

  constructor(scope: Construct, id: string, props: NodeGroupProps) {
    super(scope, id);
    throwIfAny(this, nodeGroupProblems(props));
    const amiType = props.amiType ?? defaultAmiType(props.instanceTypes);
    this.maxPods = props.maxPods ?? groupMaxPods(props.instanceTypes, props.podNetwork ?? {});

    const template = this.launchTemplate(props, amiType);
    this.resource = new CfnNodegroup(this, 'Resource', {
      clusterName: props.cluster.clusterName,
      nodeRole: props.nodeRole.roleArn,
      subnets: props.subnets.map(({ subnetId }) => subnetId),
      amiType,
      capacityType: props.capacityType ?? 'ON_DEMAND',
      instanceTypes: [...props.instanceTypes],
      scalingConfig: {
        minSize: props.scaling.min,
        desiredSize: props.scaling.desired ?? props.scaling.min,
        maxSize: props.scaling.max,
      },
      launchTemplate: { id: template.ref, version: template.attrLatestVersionNumber },
      labels: props.labels === undefined ? undefined : { ...props.labels },
      taints: props.taints?.map((taint) => ({ ...taint })),
      updateConfig: { maxUnavailable: props.maxUnavailable ?? 1 },
      nodeRepairConfig: { enabled: props.autoRepair ?? true },
      version: props.kubernetesVersion,
      releaseVersion: props.releaseVersion,
    });
  }

  private launchTemplate(props: NodeGroupProps, amiType: AmiType): CfnLaunchTemplate {
    const { bootstrap } = AMI_TYPES[amiType];
    const name = `${Stack.of(this).stackName}/${this.node.id}`;
    return new CfnLaunchTemplate(this, 'LaunchTemplate', {
      launchTemplateData: {
        userData: userData(bootstrap, this.maxPods),
        metadataOptions: { httpTokens: 'required', httpPutResponseHopLimit: props.metadataHopLimit ?? 1 },
        blockDeviceMappings: [
          {
            // Bottlerocket keeps images and pods on its second disk
            deviceName: bootstrap === 'bottlerocket' ? '/dev/xvdb' : '/dev/xvda',
            ebs: { volumeSize: props.diskSizeGiB ?? 50, volumeType: 'gp3', encrypted: true, deleteOnTermination: true },
          },
        ],
        tagSpecifications: ['instance', 'volume'].map((resourceType) => ({
          resourceType,
          tags: [
            { key: 'Name', value: name },
            ...(resourceType === 'instance' && props.cniMode !== undefined
              ? [{ key: 'kotohajime:cni', value: props.cniMode }]
              : []),
          ],
        })),
      },
    });
  }
}
