import * as http from 'node:http';
import * as https from 'node:https';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';

/** What CloudFormation is told. */
export interface Outcome {
  /** Whether it worked. */
  readonly Status: 'SUCCESS' | 'FAILED';
  /** Stable for as long as it is the same resource; another one makes CloudFormation delete the old. */
  readonly PhysicalResourceId: string;
  /** Why it failed. */
  readonly Reason?: string;
}

/** Puts the answer where CloudFormation waits for it, at most 4,096 bytes. */
export function respond(event: CloudFormationCustomResourceEvent, outcome: Outcome): Promise<void> {
  const { StackId, RequestId, LogicalResourceId, ResponseURL } = event;
  const Reason = outcome.Reason?.slice(0, 1000);
  const body = JSON.stringify({ ...outcome, Reason, StackId, RequestId, LogicalResourceId });
  const url = new URL(ResponseURL);
  const { request } = url.protocol === 'http:' ? http : https;
  return new Promise((resolve, reject) => {
    const put = request(
      url,
      { method: 'PUT', headers: { 'content-type': '', 'content-length': Buffer.byteLength(body) } },
      (response) => {
        response.resume();
        response.on('end', resolve);
      },
    );
    put.on('error', reject);
    put.end(body);
  });
}
