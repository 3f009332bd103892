import { inNamespaces } from './namespace-pattern';
import type { PolicyRule, RoleRef, Subject } from './rbac-objects';
import { namespaceOf, type AccessRequest } from './request';
import { ruleAllows } from './rule-match';

/** Why something is allowed. */
export type Reason = SuperuserReason | BindingReason | PolicyReason;

/** The group Kubernetes allows everything, whatever RBAC says. */
export interface SuperuserReason {
  /** Tells the kinds of reason apart. */
  readonly source: 'superuser';
  /** The group. */
  readonly group: 'system:masters';
}

/** The reason of whoever is in system:masters. */
export const SUPERUSER: SuperuserReason = { source: 'superuser', group: 'system:masters' };

/** An access policy of the identity's entry. */
export interface PolicyReason {
  /** Tells the kinds of reason apart. */
  readonly source: 'policy';
  /** Its name, such as `AmazonEKSViewPolicy`. */
  readonly policy: string;
  /**
   * The namespaces it is limited to, as the entry writes them.
   *
   * @default - the whole cluster
   */
  readonly namespaces?: readonly string[];
  /** The rule that allows it. */
  readonly rule: PolicyRule;
}

/** A role somebody is bound to. */
export interface BindingReason {
  /** Tells the kinds of reason apart. */
  readonly source: 'binding';
  /** What the binding is. */
  readonly kind: 'ClusterRoleBinding' | 'RoleBinding';
  /** The binding's name. */
  readonly name: string;
  /**
   * The namespace of a role binding.
   *
   * @default - none, for cluster role bindings
   */
  readonly namespace?: string;
  /** The binding's first subject that the identity is. */
  readonly subject: Subject;
  /** The role. */
  readonly roleRef: RoleRef;
  /** The role's rule that allows it. */
  readonly rule: PolicyRule;
  /**
   * The cluster role that rule was written in, if the role has it by aggregation.
   *
   * @default - the role itself
   */
  readonly from?: string;
}

/** Whether a reason, such as one of `rulesFor`, allows a request; that the request is where it holds is part of it. */
export function reasonAllows(reason: Reason, request: AccessRequest): boolean {
  if (reason.source === 'superuser') return true;
  return holdsIn(reason, namespaceOf(request)) && ruleAllows(reason.rule, request);
}

function holdsIn(reason: PolicyReason | BindingReason, namespace: string): boolean {
  if (reason.source === 'binding') return reason.namespace === undefined || reason.namespace === namespace;
  return reason.namespaces === undefined || inNamespaces(reason.namespaces, namespace);
}
