import type { RbacSettings } from './rbac/rbac-settings';

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
   *
   * @default - the role of `permissionSet`
   */
  readonly principal?: string;
  /**
   * The name of a permission set of IAM Identity Center, such as `Developers`, in place of `principal`. Its role has a
   * random suffix, so `access.sso` says which role that is; `npx hajime access resolve` writes it.
   *
   * @default - `principal` is given
   */
  readonly permissionSet?: string;
  /**
   * What the principal may do.
   *
   * @default - nothing but what its groups are bound to
   */
  readonly can?: Permission;
  /**
   * Where the principal may do it; `*` stands for any letters, such as `shop-*`, in an access policy.
   *
   * @default - in the whole cluster
   */
  readonly namespaces?: readonly string[];
  /**
   * What gives `can` its meaning in an access entry: an EKS access policy, or a group bound to the Kubernetes role of
   * that name. The role permits what no policy does: custom resources, eviction, service account tokens, leases, and
   * roles and bindings that have rules. In aws-auth it is always a group.
   *
   * @default 'policy'
   */
  readonly via?: 'policy' | 'groups';
  /**
   * Kubernetes groups the principal is in, for bindings of your own: `access.rbac.bindings` or under `k8s/`.
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

/** A grant whose principal is known. */
export interface PrincipalGrant extends AccessGrant {
  /** The role's or user's whole ARN. */
  readonly principal: string;
}

/** Grants by name, with the principal of each. */
export type PrincipalGrants = Readonly<Record<string, PrincipalGrant>>;

/** The types of access entry that nodes have. */
export type NodeEntryType = 'EC2_LINUX' | 'EC2_WINDOWS' | 'EC2' | 'FARGATE_LINUX' | 'HYBRID_LINUX' | 'HYPERPOD_LINUX';

/** The role of nodes that EKS makes no access entry for: self-managed ones, Karpenter's, hybrid ones. */
export interface NodeAccess {
  /** The role's whole ARN. Changing it replaces the entry. */
  readonly principal: string;
  /** What kind of node. Changing it replaces the entry. */
  readonly type: NodeEntryType;
}

/** The roles of permission sets, as `npx hajime access resolve` found them. */
export interface SsoLock {
  /** By account of twelve digits, then by the permission set's name: the role's ARN, with its path. */
  readonly accounts: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/**
 * The access that is deployed, as `npx hajime access record` wrote it. Against it a change is checked that would lock
 * somebody out while it is deployed.
 */
export interface AccessRecord {
  /** Who decides on access now. */
  readonly authenticationMode: string;
  /** Where each principal of ours stands now, by ARN. */
  readonly principals: Readonly<Record<string, Rendering>>;
  /** Its administrators: cluster-admins by access policy, by ARN. */
  readonly administrators: readonly string[];
  /**
   * Principals in lines of aws-auth that are not ours and have no access entry: nodes, Fargate, other people.
   *
   * @default - none
   */
  readonly onlyInAwsAuth?: readonly string[];
}

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
  /**
   * Who may do what. At least one is a `cluster-admin` by access policy, for the day everything else fails: such a grant
   * depends on nothing inside the cluster, and the creator of the cluster is no administrator here.
   */
  readonly grants: AccessGrants;
  /**
   * The roles of permission sets: `config/sso.json`.
   *
   * @default - none; needed by a grant with a `permissionSet`
   */
  readonly sso?: SsoLock;
  /**
   * Roles of nodes that EKS makes no access entry for, by name. Node groups and Fargate profiles need none.
   *
   * @default - none
   */
  readonly nodeRoles?: Readonly<Record<string, NodeAccess>>;
  /**
   * Roles and bindings of your own; `npx hajime access manifests` writes them under `k8s/`.
   *
   * @default - none
   */
  readonly rbac?: RbacSettings;
  /**
   * The access that is deployed: this platform's part of `config/access-record.json`.
   *
   * @default - nothing is deployed yet
   */
  readonly record?: AccessRecord;
}

/** The grants that are written to one of the two places. */
export function grantsRenderedAs<Grant extends AccessGrant>(
  place: 'access-entries' | 'aws-auth',
  { renderAs = 'access-entries', grants }: { renderAs?: Rendering; grants: Readonly<Record<string, Grant>> },
): Record<string, Grant> {
  return Object.fromEntries(
    Object.entries(grants).filter(([, grant]) => [place, 'both'].includes(grant.renderAs ?? renderAs)),
  );
}

/** Whether a grant's holder can repair everything else: a cluster-admin that depends on nothing inside the cluster. */
export function isAdministrator(grant: AccessGrant, renderAs: Rendering = 'access-entries'): boolean {
  return grant.can === 'cluster-admin' && grant.via !== 'groups' && (grant.renderAs ?? renderAs) !== 'aws-auth';
}

/** Whether a grant's `can` is a group with bindings where it is written. */
export function isBound(grant: AccessGrant, place: 'access-entries' | 'aws-auth'): boolean {
  return grant.can !== undefined && (place === 'aws-auth' || grant.via === 'groups');
}

/** The Kubernetes group that stands for a grant. */
export function groupOf(grant: string): string {
  return `kotohajime:${grant}`;
}
