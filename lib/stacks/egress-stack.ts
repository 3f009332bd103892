import * as cdk from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Egress, type EgressProps } from '../network/egress';
import { firstOf } from '../network/network-view';
import type { NetworkSource } from './network-source';

/** Properties of {@link EgressStack}. */
export interface EgressStackProps
  extends
    cdk.StackProps,
    Pick<
      EgressProps,
      'natZones' | 'natAllocationIds' | 'natAvailability' | 'ipv6' | 'interfaceEndpoints' | 'clientCidrs'
    > {
  /** The network. */
  readonly network: NetworkSource;
  /** The zones in use. */
  readonly zones: readonly string[];
}

/** How nodes and pods reach the outside; nothing but nodes waits for it. See {@link Egress}. */
export class EgressStack extends cdk.Stack {
  constructor(scope: Construct, id: string, props: EgressStackProps) {
    super(scope, id, props);
    const { vpc, subnets } = props.network(this);
    const { natZones, natAllocationIds, natAvailability, ipv6, interfaceEndpoints, clientCidrs } = props;
    new Egress(this, 'Egress', {
      vpc,
      publicSubnets: firstOf(subnets.public, props.zones),
      privateSubnets: firstOf(subnets.nodes, props.zones),
      natZones,
      natAllocationIds,
      natAvailability,
      ipv6,
      interfaceEndpoints,
      clientCidrs,
    });
  }
}
