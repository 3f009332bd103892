import type { AccessRequest } from '../../../lib/access/rbac/authorize';
import type { PolicyRule, RbacObjects, RoleBinding, Subject } from '../../../lib/access/rbac/rbac-objects';

/** A rule for resources; each part is a list with commas. */
export function on(verbs: string, groups: string, resources: string, names?: string): PolicyRule {
  const rule = { apiGroups: groups.split(','), resources: resources.split(','), verbs: verbs.split(',') };
  return names === undefined ? rule : { ...rule, resourceNames: names.split(',') };
}

/** A rule for URLs. */
export function url(verbs: string, urls: string): PolicyRule {
  return { nonResourceURLs: urls.split(','), verbs: verbs.split(',') };
}

/** A request: `get group resource/subresource`, with `core` for the core group, or `get /url`. */
export function request(text: string, namespace?: string, name?: string): AccessRequest {
  const [verb = '', group = '', whole] = text.split(' ');
  if (whole === undefined) return { verb, path: group };
  const [resource = '', subresource] = whole.split('/');
  const place = { ...(namespace !== undefined && { namespace }), ...(name !== undefined && { name }) };
  return {
    verb,
    apiGroup: group === 'core' ? '' : group,
    resource,
    ...(subresource !== undefined && { subresource }),
    ...place,
  };
}

/** A cluster with these objects only. */
export function cluster(objects: Partial<RbacObjects>): RbacObjects {
  return { roles: [], clusterRoles: [], roleBindings: [], clusterRoleBindings: [], ...objects };
}

/** Subjects as `User:name`, `Group:name` or `ServiceAccount:namespace/name`. */
export function subjects(...texts: string[]): Subject[] {
  return texts.map((text) => {
    const [, kind = '', whole = ''] = /^(User|Group|ServiceAccount):(.*)$/.exec(text) ?? [];
    const apiGroup = kind === 'ServiceAccount' ? '' : 'rbac.authorization.k8s.io';
    const [namespace, name] = kind === 'ServiceAccount' && whole.includes('/') ? whole.split('/') : [undefined, whole];
    return { kind: kind as Subject['kind'], name: name ?? '', apiGroup, ...(namespace !== undefined && { namespace }) };
  });
}

/** A binding of a cluster role, in a namespace or of the cluster. */
export function binding(name: string, role: string, to: readonly string[], namespace?: string): RoleBinding {
  return {
    metadata: { name, ...(namespace !== undefined && { namespace }) },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
    subjects: subjects(...to),
  };
}

/** A binding of a role of the namespace. */
export function localBinding(name: string, role: string, to: readonly string[], namespace: string): RoleBinding {
  return {
    ...binding(name, role, to, namespace),
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: role },
  };
}
