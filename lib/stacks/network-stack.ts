import * as cdk from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Network, type NetworkProps } from '../network/network';

/** What almost never changes: see {@link Network}. */
export class NetworkStack extends cdk.Stack {
  /** The network. */
  readonly network: Network;

  constructor(scope: Construct, id: string, props: NetworkProps & cdk.StackProps) {
    super(scope, id, props);
    this.network = new Network(this, 'Network', props);
    // exported whether used or not: a consumer that goes, or a zone that retires, must not take the export away first
    this.exportValue(this.network.vpc.vpcId);
    for (const byZone of Object.values(this.network.subnets)) {
      for (const subnet of Object.values(byZone)) {
        this.exportValue(subnet.subnetId);
        this.exportValue(subnet.routeTable.routeTableId);
      }
    }
    for (const allocationId of Object.values(this.network.natAddresses)) this.exportValue(allocationId);
  }
}
