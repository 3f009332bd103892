import type { Identity } from '../access';
import { authorizerOn, type Decision } from './authorize';
import { readGrant, type GrantKind } from './grant';
import { boundGrounds, isSuperuser } from './grounds';
import { compactRules, covers } from './policy-cover';
import { rbacIndex } from './rbac-index';
import type { ClusterRole, PolicyRule, RbacObjects, Role, RoleBinding } from './rbac-objects';
import { SUPERUSER } from './reason';

/** What the manifest of an object says it is. */
export interface Manifest {
  /**
   * Its API version.
   *
   * @default 'rbac.authorization.k8s.io/v1'
   */
  readonly apiVersion?: string;
  /**
   * Its kind.
   *
   * @default - a binding if it has a `roleRef`, and for the whole cluster if it has no namespace
   */
  readonly kind?: GrantKind;
}

/** An object that gives rights, as its manifest. */
export type Grantable = Manifest & (Role | ClusterRole | RoleBinding);

/** Whether somebody may give certain rights, and why. */
export interface GrantDecision extends Decision {
  /** What they would have to hold for it, and do not; none if they may. */
  readonly missing: readonly PolicyRule[];
}

/**
 * Whether Kubernetes lets an identity put rights into a role or a binding: only those may who hold them, or who have the
 * verb `escalate` on the role, or `bind` on the role that is bound.
 *
 * This is that check alone. Whether they may create or update such objects at all, ask of `authorize`; both must hold.
 *
 * A role that is among `objects` is taken to be updated, any other to be created. It matters for a right to escalate
 * that is limited to some names: a create has no name.
 *
 * Who may by the verb has that for a reason; otherwise the reasons are the rules that cover the rights.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/#privilege-escalation-prevention-and-bootstrapping
 */
export function mayGrant(identity: Identity, object: Grantable, objects: RbacObjects): GrantDecision {
  const index = rbacIndex(objects);
  const errors = new Set<string>(index.bindings.errors);
  // before the object is looked at, as in Kubernetes: who is in system:masters may bind a role that does not exist
  if (isSuperuser(identity)) return { allowed: true, by: [SUPERUSER], missing: [], errors: [...errors] };

  const grant = readGrant(object, index, objects);
  if (typeof grant === 'string') return { allowed: false, by: [], missing: [], errors: [...errors, grant] };

  // all authorizers are asked for the verb, so an access policy with every verb, such as AmazonEKSClusterAdminPolicy,
  // is enough: https://github.com/kubernetes/kubernetes/blob/v1.35.4/pkg/registry/rbac/escalation_check.go
  const instead = authorizerOn(index).authorize(identity, grant.instead);
  for (const error of instead.errors) errors.add(error);
  if (instead.allowed) return { ...instead, missing: [], errors: [...errors] };

  // but only RBAC tells the rules somebody holds: EKS decides on its policies in a webhook, which answers yes or no
  const held = boundGrounds(index, identity, grant.namespace, errors).flatMap(({ rules, reason }) =>
    rules.map((each) => ({ rule: each.rule, reason: () => reason(each) })),
  );
  const { covered, by, missing } = covers(
    held.map(({ rule }) => rule),
    grant.rules,
  );
  const allowed = covered && grant.errors.length === 0;
  const reasons = held.filter(({ rule }) => allowed && by.has(rule)).map(({ reason }) => reason());
  return { allowed, by: reasons, missing: compactRules(missing), errors: [...new Set([...errors, ...grant.errors])] };
}
