import type { Identity } from '../access';
import { boundGrounds, isSuperuser, policyGrounds, type Ground } from './grounds';
import { fieldsOf, textOf } from './loose';
import { inNamespaces } from './namespace-pattern';
import { policiesOf } from './policy-scope';
import { rbacIndex, type RbacIndex } from './rbac-index';
import type { RbacObjects } from './rbac-objects';
import { SUPERUSER, type Reason } from './reason';
import { namespaceOf, readRequest, type AccessRequest } from './request';
import { ruleMatcher } from './rule-match';

export type { AccessRequest } from './request';

/** Whether something is allowed, and why. */
export interface Decision {
  /** Whether it is. */
  readonly allowed: boolean;
  /** Every ground that allows it, each with its first rule that does; none if it is not allowed. */
  readonly by: readonly Reason[];
  /** What could not be taken into account, such as a role that does not exist. */
  readonly errors: readonly string[];
}

/** What an identity holds. */
export interface Holdings {
  /** Every rule, as the reason it would be; whoever is in system:masters has that reason, and needs no rule. */
  readonly rules: readonly Reason[];
  /** What could not be taken into account. */
  readonly errors: readonly string[];
}

/** Decides on requests for one state of a cluster. */
export interface Authorizer {
  /** What could not be read of the objects, whoever asks. */
  readonly errors: readonly string[];
  /** Decides. Its errors are those of this identity's own bindings and policies. */
  authorize(identity: Identity, request: AccessRequest): Decision;
  /**
   * Every rule an identity holds in a namespace, the cluster-wide ones among them; without a namespace only those.
   * With `reasonAllows` one may ask many requests of them.
   */
  rulesFor(identity: Identity, namespace?: string): Holdings;
  /**
   * The namespaces in which an identity may have other rights than in all others, by name. Those that only a pattern of
   * an access policy matches are among them if there is a role binding in them.
   */
  namespacesOf(identity: Identity): readonly string[];
}

/**
 * Decides whether an identity may do something, as EKS does: system:masters may do everything, then RBAC and the access
 * policies are asked, and one yes is enough. What Kubernetes' node authorizer adds for nodes is left out.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/
 */
export function authorize(identity: Identity, request: AccessRequest, objects: RbacObjects): Decision {
  const { errors, authorize: decide } = authorizer(objects);
  const decision = decide(identity, request);
  return { ...decision, errors: [...errors, ...decision.errors] };
}

/** Sorts a cluster's objects once, for many decisions. Neither they nor the identities may change afterwards. */
export function authorizer(objects: RbacObjects): Authorizer {
  return authorizerOn(rbacIndex(objects));
}

/** An {@link Authorizer} for objects that are sorted already. */
export function authorizerOn(index: RbacIndex): Authorizer {
  const known = new WeakMap<object, Map<string, Standing>>();
  const standingOf = (identity: Identity, namespace: string): Standing => {
    const ofIdentity = known.get(fieldsOf(identity)) ?? new Map<string, Standing>();
    const before = ofIdentity.get(namespace);
    if (before) return before;
    const errors = new Set<string>();
    // the order in which EKS asks: Kubernetes' own authorizers, then EKS' webhook for the access policies
    const grounds = [
      ...boundGrounds(index, identity, namespace, errors),
      ...policyGrounds(identity, namespace, errors),
    ];
    const now = { grounds, errors: [...errors] };
    known.set(fieldsOf(identity), ofIdentity.set(namespace, now));
    return now;
  };
  return {
    get errors() {
      return index.bindings.errors;
    },
    authorize(identity, request) {
      const asked = readRequest(request);
      if (!asked) return { allowed: false, by: [], errors: ['a request must have a verb, and a resource or a path'] };
      const allows = ruleMatcher(asked);
      const by: Reason[] = isSuperuser(identity) ? [SUPERUSER] : [];
      const { grounds, errors } = standingOf(identity, namespaceOf(asked));
      for (const { rules, reason } of grounds) {
        const first = rules.find(({ rule }) => allows(rule));
        if (first) by.push(reason(first));
      }
      return { allowed: by.length > 0, by, errors };
    },
    rulesFor(identity, namespace) {
      const { grounds, errors } = standingOf(identity, textOf(namespace));
      const held = grounds.flatMap(({ rules, reason }) => rules.map(reason));
      return { rules: isSuperuser(identity) ? [SUPERUSER, ...held] : held, errors };
    },
    namespacesOf(identity) {
      const limits = policiesOf(identity).policies.flatMap((policy) => policy.namespaces ?? []);
      const bound = [...index.bindings.namespaces]
        .filter(([namespace, scope]) => inNamespaces(limits, namespace) || scope.of(identity).length > 0)
        .map(([namespace]) => namespace);
      return [...new Set([...bound, ...limits.filter((limit) => !limit.includes('*'))])].sort();
    },
  };
}

/** What gives an identity rights in one namespace. */
interface Standing {
  readonly grounds: readonly Ground[];
  readonly errors: readonly string[];
}
