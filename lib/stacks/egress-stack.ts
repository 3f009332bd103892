import * as cdk from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Egress, type EgressProps } from '../network/egress';

/** How nodes and pods reach the outside; nothing but nodes waits for it. See {@link Egress}. */
export class EgressStack extends cdk.Stack {
  constructor(scope: Construct, id: string, props: EgressProps & cdk.StackProps) {
    super(scope, id, props);
    new Egress(this, 'Egress', props);
  }
}
