/** Who decides on access to a cluster. `CONFIG_MAP` alone is refused: nobody but the creator could write the map. */
export type AuthenticationMode = 'API_AND_CONFIG_MAP' | 'API';

/** Where a grant is written: an access entry, a line of the aws-auth ConfigMap, or both while moving. */
export type Rendering = 'access-entries' | 'aws-auth' | 'both';

/** What a grant permits, in the words of Kubernetes' own roles. `read-all` reads everything, secrets too. */
export type Permission = 'cluster-admin' | 'admin' | 'edit' | 'view' | 'read-all';

/** What one IAM role or user may do in the cluster. */
export interface AccessGrant {
  /**
   * The role's or user's whole ARN, with its path, such as `arn:aws:iam::111122223333:role/BreakGlass`. Not that of a
   * session.
   */
  readonly principal: string;
  /**
   * What the principal may do.
   *
   * @default - nothing but what its `groups` are bound to
   */
  readonly can?: Permission;
  /**
   * Where the principal may do it; `*` stands for any letters, such as `shop-*`.
   *
   * @default - in the whole cluster
   */
  readonly namespaces?: readonly string[];
  /**
   * Kubernetes groups the principal is in, for role bindings of your own under `k8s/`.
   *
   * @default - none
   */
  readonly groups?: readonly string[];
  /**
   * The name Kubernetes knows the principal by.
   *
   * @default - for an access entry EKS's own, from the ARN; in aws-auth the grant's name and the session's
   */
  readonly username?: string;
  /**
   * Where this grant is written.
   *
   * @default - as the platform's `access.renderAs`
   */
  readonly renderAs?: Rendering;
}

/** Grants by name; the name is the construct id. */
export type AccessGrants = Readonly<Record<string, AccessGrant>>;

/** Who may do what in a platform's cluster. */
export interface AccessSettings {
  /**
   * Who decides on access. It only moves from `API_AND_CONFIG_MAP` to `API`, never back.
   *
   * @default 'API'
   */
  readonly authenticationMode?: AuthenticationMode;
  /**
   * Where grants are written that do not say so themselves.
   *
   * @default 'access-entries'
   */
  readonly renderAs?: Rendering;
  /** Who may do what; at least one is a `cluster-admin` by access entry, for the day everything else fails. */
  readonly grants: AccessGrants;
}

/** The grants that are written to one of the two places. */
export function grantsRenderedAs(place: 'access-entries' | 'aws-auth', access: AccessSettings): AccessGrants {
  const fallback = access.renderAs ?? 'access-entries';
  return Object.fromEntries(
    Object.entries(access.grants).filter(([, grant]) => [place, 'both'].includes(grant.renderAs ?? fallback)),
  );
}
