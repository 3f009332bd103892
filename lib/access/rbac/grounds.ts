import type { Identity } from '../access';
import type { HeldRule } from './aggregation';
import { fieldsOf, textsOf } from './loose';
import { inNamespaces } from './namespace-pattern';
import { policiesOf } from './policy-scope';
import { bindingReason, type RbacIndex } from './rbac-index';
import type { Reason } from './reason';

/** One thing that gives an identity rights: a binding or an access policy. */
export interface Ground {
  /** What it permits. */
  readonly rules: readonly HeldRule[];
  /** One of those rules as a reason. */
  reason(held: HeldRule): Reason;
}

/** Whether an identity is in the group that Kubernetes allows everything. */
export function isSuperuser(identity: Identity): boolean {
  return textsOf(fieldsOf(identity).groups).includes('system:masters');
}

/** The bindings that give an identity rights in a namespace, in Kubernetes' order, and what is wrong with them. */
export function boundGrounds(index: RbacIndex, identity: Identity, namespace: string, errors: Set<string>): Ground[] {
  return index.scopes(namespace).flatMap((scope) =>
    scope.of(identity).map((bound) => {
      const given = index.given(bound.binding);
      for (const error of given.errors) errors.add(error);
      return { rules: given.rules, reason: (held: HeldRule) => bindingReason(bound, held) };
    }),
  );
}

/** The access policies that give an identity rights in a namespace; `''` is none, where limited ones give nothing. */
export function policyGrounds(identity: Identity, namespace: string, errors: Set<string>): Ground[] {
  const read = policiesOf(identity);
  for (const error of read.errors) errors.add(error);
  return read.policies
    .filter(({ namespaces }) => namespaces === undefined || inNamespaces(namespaces, namespace))
    .map(({ rules, ...policy }) => ({
      rules,
      reason: ({ rule }: HeldRule) => ({ source: 'policy', ...policy, rule }),
    }));
}
