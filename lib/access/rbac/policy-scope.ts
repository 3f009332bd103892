import { ACCESS_POLICY_RULES } from './access-policies';
import type { HeldRule } from './aggregation';
import { fieldsOf, isAbsent, listOf, textsOf } from './loose';
import type { PolicyReason } from './reason';

/** An access policy of an identity whose rules are known. */
export interface KnownPolicy extends Pick<PolicyReason, 'policy' | 'namespaces'> {
  /** What it permits where it holds. */
  readonly rules: readonly HeldRule[];
}

const RULES: ReadonlyMap<string, readonly HeldRule[]> = new Map(
  Object.entries(ACCESS_POLICY_RULES).map(([policy, rules]) => [policy, rules.map((rule) => ({ rule }))]),
);

/** Reads the access policies of an identity, and has a line about each that counts for nothing. */
export function policiesOf(identity: unknown): {
  readonly policies: readonly KnownPolicy[];
  readonly errors: readonly string[];
} {
  const policies: KnownPolicy[] = [];
  const errors: string[] = [];
  for (const each of listOf(fieldsOf(identity).policies)) {
    const { policy: written, namespaces } = fieldsOf(each);
    const policy = typeof written === 'string' ? written.replace(ARN_PREFIX, '') : 'an access policy without a name';
    const rules = RULES.get(policy);
    if (!rules) errors.push(`${policy}: its rules are not known here, so it counts for nothing`);
    else if (isAbsent(namespaces)) policies.push({ policy, rules });
    else if (Array.isArray(namespaces)) policies.push({ policy, namespaces: textsOf(namespaces), rules });
    else errors.push(`${policy}: its namespaces are no list, so it counts for nothing`);
  }
  return { policies, errors };
}

const ARN_PREFIX = /^arn:[^:]+:eks::aws:cluster-access-policy\//;
