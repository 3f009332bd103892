import * as cdk from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { TIERS } from '../network/address-plan';
import { Network, type NetworkProps } from '../network/network';
import { allOf } from '../network/network-view';

/** What almost never changes: see {@link Network}. */
export class NetworkStack extends cdk.Stack {
  /** The network. */
  readonly network: Network;

  constructor(scope: Construct, id: string, props: NetworkProps & cdk.StackProps) {
    super(scope, id, props);
    this.network = new Network(this, 'Network', props);
    // exported whether used or not: a consumer that goes, or a zone that retires, must not take the export away first
    this.exportValue(this.network.vpc.vpcId);
    for (const subnet of TIERS.flatMap((tier) => allOf(this.network.subnets[tier]))) {
      this.exportValue(subnet.subnetId);
    }
    for (const subnet of Object.values(this.network.subnets.nodes)) {
      const { routeTableId } = subnet['1']?.routeTable ?? {};
      if (routeTableId !== undefined) this.exportValue(routeTableId); // those that Egress gives a way out
    }
  }
}
