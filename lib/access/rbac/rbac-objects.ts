/** One rule of a role: what its verbs may be done to. */
export interface PolicyRule {
  /** Such as `get` or `create`; `*` is every verb. */
  readonly verbs: readonly string[];
  /**
   * API groups; `''` is the core group, `*` every group.
   *
   * @default - none, as in a rule for URLs
   */
  readonly apiGroups?: readonly string[];
  /**
   * Plurals, such as `pods`, or with a subresource `pods/log`; `*` is everything.
   *
   * @default - none, as in a rule for URLs
   */
  readonly resources?: readonly string[];
  /**
   * Names of single objects.
   *
   * @default - every object
   */
  readonly resourceNames?: readonly string[];
  /**
   * URLs that are no resource, such as `/healthz`; a trailing `*` is a wildcard. They count in cluster roles only.
   *
   * @default - none
   */
  readonly nonResourceURLs?: readonly string[];
}

/** Who an object is. */
export interface ObjectMeta {
  /** The name. */
  readonly name: string;
  /**
   * The namespace.
   *
   * @default - none, for cluster roles and their bindings
   */
  readonly namespace?: string;
  /**
   * Labels, which aggregation selects by.
   *
   * @default - none
   */
  readonly labels?: Readonly<Record<string, string>>;
}

/** A role in one namespace. */
export interface Role {
  /** Who it is. */
  readonly metadata: ObjectMeta;
  /**
   * What it permits.
   *
   * @default - nothing
   */
  readonly rules?: readonly PolicyRule[] | null;
}

/** Selects objects by their labels. */
export interface LabelSelector {
  /**
   * Labels that must be there with these values.
   *
   * @default - none
   */
  readonly matchLabels?: Readonly<Record<string, string>>;
  /**
   * Further conditions, all of which must hold.
   *
   * @default - none
   */
  readonly matchExpressions?: readonly LabelExpression[];
}

/** One condition of a {@link LabelSelector}. */
export interface LabelExpression {
  /** The label. */
  readonly key: string;
  /** What must hold of it. */
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  /**
   * The values for `In` and `NotIn`.
   *
   * @default - none
   */
  readonly values?: readonly string[];
}

/** A role for the whole cluster, or for any namespace it is bound in. */
export interface ClusterRole {
  /** Who it is. */
  readonly metadata: ObjectMeta;
  /**
   * What it permits.
   *
   * @default - nothing
   */
  readonly rules?: readonly PolicyRule[] | null;
  /**
   * Cluster roles whose rules it has; its own are overwritten by theirs.
   *
   * @default - none
   */
  readonly aggregationRule?: AggregationRule | null;
}

/** Whose rules a cluster role has. */
export interface AggregationRule {
  /**
   * Selects cluster roles; one of them is enough.
   *
   * @default - none
   */
  readonly clusterRoleSelectors?: readonly LabelSelector[];
}

/** The role a binding gives. */
export interface RoleRef {
  /** A role of the binding's own namespace, or a cluster role. */
  readonly kind: 'Role' | 'ClusterRole';
  /** Its name. */
  readonly name: string;
  /**
   * Its API group.
   *
   * @default 'rbac.authorization.k8s.io'
   */
  readonly apiGroup?: string;
}

/** To whom a binding gives it. */
export interface Subject {
  /** What it is. */
  readonly kind: 'User' | 'Group' | 'ServiceAccount';
  /** Its name. */
  readonly name: string;
  /**
   * The namespace of a service account.
   *
   * @default - the binding's
   */
  readonly namespace?: string;
  /**
   * Its API group.
   *
   * @default - 'rbac.authorization.k8s.io' for users and groups
   */
  readonly apiGroup?: string;
}

/** Gives a role in one namespace. */
export interface RoleBinding {
  /** Who it is. */
  readonly metadata: ObjectMeta;
  /** What it gives. It cannot be changed, only made anew. */
  readonly roleRef: RoleRef;
  /**
   * To whom.
   *
   * @default - nobody
   */
  readonly subjects?: readonly Subject[] | null;
}

/** Gives a cluster role everywhere. */
export type ClusterRoleBinding = RoleBinding;

/** Every RBAC object of a cluster. */
export interface RbacObjects {
  /** Roles. */
  readonly roles: readonly Role[];
  /** Cluster roles. */
  readonly clusterRoles: readonly ClusterRole[];
  /** Role bindings. */
  readonly roleBindings: readonly RoleBinding[];
  /** Cluster role bindings. */
  readonly clusterRoleBindings: readonly ClusterRoleBinding[];
}
