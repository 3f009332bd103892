import * as cdk from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { LogPipeline, type LogPipelineProps } from '../logs/log-pipeline';

/** The log pipeline. It exports nothing and waits for nothing, so it comes and goes by itself. */
export class LogsStack extends cdk.Stack {
  constructor(scope: Construct, id: string, props: LogPipelineProps & cdk.StackProps) {
    super(scope, id, props);
    const { env: _, terminationProtection: __, ...pipeline } = props;
    const { outputs } = new LogPipeline(this, 'Logs', pipeline);
    for (const [name, value] of Object.entries(outputs)) new cdk.CfnOutput(this, name, { value });
  }
}
