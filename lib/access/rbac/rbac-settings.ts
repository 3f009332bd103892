import type { LabelSelector, PolicyRule } from './rbac-objects';

/** A cluster role of your own. */
export interface ClusterRoleSettings {
  /**
   * What it permits.
   *
   * @default - nothing of its own; then it aggregates
   */
  readonly rules?: readonly PolicyRule[];
  /**
   * Kubernetes' own roles that get its rules too, which is how custom resources come into `edit` and `view`.
   *
   * @default - none
   */
  readonly aggregateTo?: readonly ('admin' | 'edit' | 'view')[];
  /**
   * Cluster roles whose rules it has, by their labels. It has no rules of its own then.
   *
   * @default - none
   */
  readonly aggregates?: readonly LabelSelector[];
  /**
   * Labels, by which others aggregate it.
   *
   * @default - none
   */
  readonly labels?: Readonly<Record<string, string>>;
}

/** A role of your own, the same in each of its namespaces. */
export interface RoleSettings {
  /** The namespaces it is in. */
  readonly namespaces: readonly string[];
  /** What it permits there. */
  readonly rules: readonly PolicyRule[];
}

/** Who gets a role. */
export interface BindingSettings {
  /**
   * A role in each of `namespaces`.
   *
   * @default - `clusterRole` is given
   */
  readonly role?: string;
  /**
   * A cluster role: one of Kubernetes' own, such as `view`, or of yours.
   *
   * @default - `role` is given
   */
  readonly clusterRole?: string;
  /**
   * Where it is given.
   *
   * @default - in the whole cluster; only with `clusterRole`
   */
  readonly namespaces?: readonly string[];
  /**
   * Grants of `access.grants`, by name.
   *
   * @default - none
   */
  readonly grants?: readonly string[];
  /**
   * Kubernetes groups.
   *
   * @default - none
   */
  readonly groups?: readonly string[];
  /**
   * Kubernetes users.
   *
   * @default - none
   */
  readonly users?: readonly string[];
  /**
   * Service accounts as `namespace/name`.
   *
   * @default - none
   */
  readonly serviceAccounts?: readonly string[];
}

/** RBAC objects of a platform, as plain data; what is easier written as YAML stands under `k8s/`. */
export interface RbacSettings {
  /**
   * Cluster roles by name.
   *
   * @default - none
   */
  readonly clusterRoles?: Readonly<Record<string, ClusterRoleSettings>>;
  /**
   * Roles by name.
   *
   * @default - none
   */
  readonly roles?: Readonly<Record<string, RoleSettings>>;
  /**
   * Bindings by name. Another role under the same name is refused by Kubernetes: give the binding another name too.
   *
   * @default - none
   */
  readonly bindings?: Readonly<Record<string, BindingSettings>>;
}
