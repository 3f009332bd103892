import { problem } from '../../validate';

/** Where a cluster's endpoint is. */
export interface EndpointUrl {
  /** The whole, as kubeconfigs have it. */
  readonly url: string;
  /** Its host, an IPv6 address without brackets. */
  readonly host: string;
  /** Its port. */
  readonly port: number;
}

/** Reads an endpoint such as `https://ABC.gr7.eu-west-1.eks.amazonaws.com`; a text says what is wrong with it. */
export function readEndpoint(text: string, what: string): EndpointUrl | string {
  const given = text.includes('://') ? text : `https://${text}`;
  const url = URL.canParse(given) ? new URL(given) : undefined;
  const bare = url !== undefined && `${url.pathname}${url.search}${url.hash}${url.username}` === '/';
  if (url?.protocol !== 'https:' || !bare) {
    return problem(what, 'must be the https:// address of a cluster and nothing behind it', text);
  }
  return {
    url: given.replace(/\/$/, ''),
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? 443 : Number(url.port),
  };
}

/**
 * Whether a host is an endpoint that EKS gives.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html
 */
export function isEksHost(host: string): boolean {
  return /\.eks\.amazonaws\.(com|com\.cn|eu)$|^eks-cluster\..*\.(api\.aws|api\.amazonwebservices\.com\.cn)$|\.eks\.[\w.-]+\.(gov|uk)$/.test(
    host,
  );
}
