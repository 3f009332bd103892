import { rbacIndex, bindingReason } from './rbac-index';
import type { RbacObjects, Subject } from './rbac-objects';
import { SUPERUSER, type Reason } from './reason';
import { namespaceOf, readRequest, type AccessRequest } from './request';
import { ruleMatcher } from './rule-match';

/** Somebody who may do something, and why. */
export interface AllowedSubject {
  /** The user, group or service account. */
  readonly subject: Subject;
  /** The binding, or the membership of system:masters. */
  readonly reason: Reason;
}

/** Who may do something. */
export interface AllowedSubjects {
  /** Everybody, once for each binding that allows them. */
  readonly subjects: readonly AllowedSubject[];
  /** What could not be taken into account, such as a role that does not exist. */
  readonly errors: readonly string[];
}

const MASTERS: Subject = { kind: 'Group', apiGroup: 'rbac.authorization.k8s.io', name: 'system:masters' };

/**
 * Finds all whom RBAC allows something; system:masters comes first. Access policies are known by access entry only, so
 * ask `authorize` about those.
 */
export function whoMay(request: AccessRequest, objects: RbacObjects): AllowedSubjects {
  const index = rbacIndex(objects);
  const errors = new Set<string>(index.bindings.errors);
  const asked = readRequest(request);
  if (!asked) return { subjects: [], errors: [...errors, 'a request must have a verb, and a resource or a path'] };
  const allows = ruleMatcher(asked);
  const subjects: AllowedSubject[] = [{ subject: MASTERS, reason: SUPERUSER }];
  for (const binding of index.scopes(namespaceOf(asked)).flatMap((scope) => scope.bindings)) {
    const given = index.given(binding);
    for (const error of given.errors) errors.add(error);
    const first = given.rules.find(({ rule }) => allows(rule));
    if (!first) continue;
    for (const subject of binding.subjects)
      subjects.push({ subject, reason: bindingReason({ binding, subject }, first) });
  }
  return { subjects, errors: [...errors] };
}
