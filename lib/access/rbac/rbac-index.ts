import type { HeldRule } from './aggregation';
import { bindingsOf, type Binding, type Bindings, type BindingScope, type Bound } from './bindings';
import type { RbacObjects } from './rbac-objects';
import type { BindingReason } from './reason';
import { roleLookup, type RoleLookup } from './role-lookup';

/** A binding and what its role permits. */
export interface Given {
  /** The binding. */
  readonly binding: Binding;
  /** The rules of its role. */
  readonly rules: readonly HeldRule[];
  /** A line about each part of the role that is missing or could not be read. */
  readonly errors: readonly string[];
}

/** The RBAC objects of a cluster, sorted once for many questions. They must not change afterwards. */
export interface RbacIndex {
  /** The bindings, where they count. */
  readonly bindings: Bindings;
  /** Finds a role. */
  readonly role: RoleLookup;
  /** The bindings that count in a namespace, in Kubernetes' order; `''` for what is in none. */
  scopes(namespace: string): readonly BindingScope[];
  /** What a binding gives. */
  given(binding: Binding): Given;
}

/** Sorts RBAC objects for many questions. Roles are read when they are first asked for. */
export function rbacIndex(objects: RbacObjects): RbacIndex {
  const bindings = bindingsOf(objects);
  const role = roleLookup(objects);
  const read = new Map<Binding, Given>();
  return {
    bindings,
    role,
    scopes(namespace) {
      const own = bindings.namespaces.get(namespace);
      return own ? [bindings.cluster, own] : [bindings.cluster];
    },
    given(binding) {
      const before = read.get(binding);
      if (before) return before;
      const found = role(binding.roleRef, binding.namespace ?? '');
      const now =
        typeof found === 'string'
          ? { binding, rules: [], errors: [`${binding.label}: ${found}`] }
          : { binding, rules: found.rules, errors: found.errors };
      read.set(binding, now);
      return now;
    },
  };
}

/** A rule of a binding's role as a reason. */
export function bindingReason({ binding, subject }: Bound, { rule, from }: HeldRule): BindingReason {
  const { kind, name, namespace, roleRef } = binding;
  return {
    source: 'binding',
    kind,
    name,
    ...(namespace !== undefined && { namespace }),
    subject,
    roleRef,
    rule,
    ...(from !== undefined && { from }),
  };
}
