import * as https from 'node:https';

/** An answer of the Kubernetes API. */
export interface Answer {
  /** The HTTP status. */
  readonly status: number;
  /** The object, or the API's `Status` on failure. */
  readonly body: KubernetesObject;
}

/** A Kubernetes object, as far as the writer looks at it. */
export interface KubernetesObject {
  /** Such as `v1`. */
  apiVersion?: string;
  /** Such as `ConfigMap`. */
  kind?: string;
  /** Its name, its version and what is noted on it. */
  metadata?: {
    name?: string;
    namespace?: string;
    resourceVersion?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
  };
  /** A ConfigMap's values. */
  data?: Record<string, string>;
  /** The role of a binding, which cannot change. */
  roleRef?: unknown;
  /** Why the API refused, in a `Status`. */
  message?: string;
}

/** What the Kubernetes API refused. */
export class KubernetesError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }

  /** Whether the same call may succeed later: the access entry takes a moment to be effective. */
  get mayPass(): boolean {
    return [401, 403, 429, 500, 502, 503, 504].includes(this.status);
  }
}

/** Where the API is and how to be let in. */
export interface ApiAccess {
  /** Such as `https://ABC.gr7.ap-northeast-1.eks.amazonaws.com`. */
  readonly endpoint: string;
  /** The certificate authority of the cluster, base64 as EKS tells it. */
  readonly certificateAuthority: string;
  /** A fresh bearer token. */
  readonly token: () => Promise<string>;
}

/** Calls the Kubernetes API and nothing else. TLS is verified against the cluster's own authority. */
export class KubernetesApi {
  constructor(private readonly access: ApiAccess) {}

  /** One call; throws {@link KubernetesError} for anything but success, save the statuses given. */
  async call(
    method: string,
    path: string,
    body?: object,
    contentType = 'application/json',
    expected: readonly number[] = [],
  ): Promise<Answer> {
    const token = await this.access.token();
    const answer = await this.send(method, path, token, body, contentType);
    if (answer.status < 300 || expected.includes(answer.status)) return answer;
    throw new KubernetesError(
      answer.status,
      `${method} ${path} was answered ${answer.status}: ${answer.body.message ?? 'no reason given'}`,
    );
  }

  private send(
    method: string,
    path: string,
    token: string,
    body: object | undefined,
    contentType: string,
  ): Promise<Answer> {
    const url = new URL(this.access.endpoint.replace(/\/$/, '') + path);
    return new Promise((resolve, reject) => {
      const request = https.request(
        url,
        {
          method,
          ca: Buffer.from(this.access.certificateAuthority, 'base64'),
          timeout: 10_000,
          headers: {
            authorization: `Bearer ${token}`,
            accept: 'application/json',
            ...(body === undefined ? {} : { 'content-type': contentType }),
          },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () => {
            const text = Buffer.concat(chunks).toString('utf8');
            resolve({ status: response.statusCode ?? 0, body: parseBody(text) });
          });
        },
      );
      request.on('timeout', () => request.destroy(new Error('no answer within 10 s')));
      request.on('error', (error: Error) => {
        reject(new KubernetesError(503, `the Kubernetes API at ${url.host} cannot be reached: ${error.message}`));
      });
      request.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }
}

function parseBody(text: string): KubernetesObject {
  try {
    return JSON.parse(text) as KubernetesObject;
  } catch {
    return { message: text.slice(0, 200) };
  }
}
