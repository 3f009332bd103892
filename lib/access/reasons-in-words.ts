import type { MappedIdentity } from './authenticator/map-identity';
import type { Reason } from './rbac/reason';
import { ruleInWords } from './rbac/rbac-warnings';
import type { RenderedAccess } from './rendered-access';

/** The grant that let an identity in; undefined for what is no grant's. */
export function grantBehind({ behind }: RenderedAccess, { by }: MappedIdentity): string | undefined {
  return by.source === 'mapAccounts' ? undefined : behind[by.source][by.index];
}

/** Where an identity comes from: an access entry, or a text of aws-auth. */
export function sourceInWords({ by }: MappedIdentity): string {
  return by.source === 'entry' ? 'access entry' : `aws-auth ${by.source}`;
}

/** A reason without its rule: the policy, or the binding and its role. `where` is a namespace that need not be said. */
export function groundInWords(reason: Reason, where?: string): string {
  if (reason.source === 'superuser') return `group ${reason.group}`;
  if (reason.source === 'policy') return `${reason.policy} ${scopeInWords(reason.namespaces)}`;
  const { kind, name, namespace, roleRef, subject } = reason;
  const what = kind === 'RoleBinding' ? 'role binding' : 'cluster role binding';
  const which = namespace === undefined || namespace === where ? name : `${namespace}/${name}`;
  const role = roleRef.kind === 'Role' ? 'role' : 'cluster role';
  return `${subject.kind.toLowerCase()} ${subject.name} → ${what} ${which} → ${role} ${roleRef.name}`;
}

/** A reason with the rule that allows. */
export function reasonInWords(reason: Reason): string {
  const ground = groundInWords(reason);
  if (reason.source === 'superuser') return ground;
  const from = reason.source === 'binding' && reason.from !== undefined ? ` (aggregated from ${reason.from})` : '';
  return `${ground} → rule: ${ruleInWords(reason.rule)}${from}`;
}

/** Where a policy holds; of many namespaces only the first are said. */
export function scopeInWords(namespaces: readonly string[] | undefined): string {
  if (namespaces === undefined) return 'in the whole cluster';
  const said = namespaces.length > 4 ? [...namespaces.slice(0, 3), `${namespaces.length - 3} more`] : namespaces;
  return `in ${said.join(', ')}`;
}
