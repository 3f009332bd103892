import { fieldsOf, textOf } from './loose';

/** What is asked of Kubernetes, as its authorizers see it. */
export type AccessRequest = ResourceRequest | UrlRequest;

/**
 * A request for objects.
 *
 * Kubernetes takes a namespace by name, as in `get namespaces shop`, for a request in that namespace. Whoever makes
 * the request sets `namespace` so; it is taken here as it stands.
 */
export interface ResourceRequest {
  /** Such as `get` or `create`. */
  readonly verb: string;
  /** The API group; `''` is the core group. */
  readonly apiGroup: string;
  /** The plural, such as `pods`. */
  readonly resource: string;
  /**
   * Such as `log` in `pods/log`.
   *
   * @default - the object itself
   */
  readonly subresource?: string;
  /**
   * The name of the object. A list or watch has one if a field selector asks for `metadata.name`; a create has none.
   *
   * @default - no single object
   */
  readonly name?: string;
  /**
   * The namespace.
   *
   * @default - all namespaces at once, or an object that is in none
   */
  readonly namespace?: string;
}

/** A request for a URL that is no resource. */
export interface UrlRequest {
  /** Such as `get`. */
  readonly verb: string;
  /** Such as `/healthz`. */
  readonly path: string;
}

/** Tells a request for a URL from one for objects. */
export function isUrlRequest(request: AccessRequest): request is UrlRequest {
  return 'path' in request;
}

/** The namespace a request is in; `''` for none. */
export function namespaceOf(request: AccessRequest): string {
  return isUrlRequest(request) ? '' : (request.namespace ?? '');
}

/** The request as it may be taken, from data that may not be what its type says; nothing if nothing is asked. */
export function readRequest(request: unknown): AccessRequest | undefined {
  const fields = fieldsOf(request);
  const verb = fields.verb;
  if (typeof verb !== 'string') return undefined;
  if (typeof fields.path === 'string') return { verb, path: fields.path };
  if (typeof fields.resource !== 'string') return undefined;
  return {
    verb,
    apiGroup: textOf(fields.apiGroup),
    resource: fields.resource,
    subresource: textOf(fields.subresource),
    name: textOf(fields.name),
    namespace: textOf(fields.namespace),
  };
}
