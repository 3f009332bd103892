import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';

/** AWS credentials as the runtime gives them to a function. */
export interface Credentials {
  /** The access key id. */
  readonly accessKeyId: string;
  /** The secret access key. */
  readonly secretAccessKey: string;
  /** The token of a role's session. */
  readonly sessionToken?: string;
}

/**
 * The bearer token EKS takes: a presigned call of STS that only this cluster can replay, valid for 15 minutes.
 *
 * @see https://github.com/kubernetes-sigs/aws-iam-authenticator/blob/81b1daba/pkg/token/token.go
 */
export async function bearerToken(
  clusterName: string,
  region: string,
  credentials: Credentials,
  now: Date = new Date(),
): Promise<string> {
  const hostname = `sts.${region}.${region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com'}`;
  const signer = new SignatureV4({ service: 'sts', region, credentials, sha256: Sha256 });
  const { query = {} } = await signer.presign(
    {
      method: 'GET',
      protocol: 'https:',
      hostname,
      path: '/',
      query: { Action: 'GetCallerIdentity', Version: '2011-06-15' },
      headers: { host: hostname, 'x-k8s-aws-id': clusterName },
    },
    {
      expiresIn: 60,
      signingDate: now,
      unhoistableHeaders: new Set(['x-k8s-aws-id']),
      signableHeaders: new Set(['host', 'x-k8s-aws-id']),
    },
  );
  const pairs = Object.entries(query).map(([key, value]) => `${key}=${encodeURIComponent(String(value))}`);
  return `k8s-aws-v1.${Buffer.from(`https://${hostname}/?${pairs.join('&')}`).toString('base64url')}`;
}
