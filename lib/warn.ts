import { Annotations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Warning } from './validate';

/** Puts warnings on a construct, as the CDK shows and acknowledges them. */
export function warn(construct: Construct, warnings: readonly Warning[]): void {
  for (const { id, message } of warnings) Annotations.of(construct).addWarningV2(id, message);
}
