import { isPlainObject, nearestRemedy } from '../../shape';
import { problem, within } from '../../validate';
import type { ClusterRole, PolicyRule, RbacObjects, Role, RoleBinding } from './rbac-objects';

/** A manifest, and where it stands, such as `k8s/rbac/deployers.yaml (document 2)`. */
export interface ManifestSource {
  /** Where it stands. */
  readonly where: string;
  /** What stands there. */
  readonly value: unknown;
}

const KINDS: Readonly<Record<string, keyof RbacObjects>> = {
  Role: 'roles',
  ClusterRole: 'clusterRoles',
  RoleBinding: 'roleBindings',
  ClusterRoleBinding: 'clusterRoleBindings',
};

/** The RBAC objects among manifests, and every mistake in those. Manifests of other kinds are passed over. */
export function readManifests(sources: readonly ManifestSource[]): { objects: RbacObjects; problems: string[] } {
  const objects = { roles: [], clusterRoles: [], roleBindings: [], clusterRoleBindings: [] } as {
    [K in keyof RbacObjects]: RbacObjects[K][number][];
  };
  const problems: string[] = [];
  const seen = new Map<string, string>();
  for (const { where, value } of sources.flatMap(items)) {
    if (!isPlainObject(value) || !String(value.apiVersion).startsWith('rbac.authorization.k8s.io/')) continue;
    const wrong = manifestProblems(value, where);
    problems.push(...wrong);
    const list = Object.hasOwn(KINDS, String(value.kind)) ? KINDS[String(value.kind)] : undefined;
    if (wrong.length > 0 || list === undefined) continue;
    // the form was looked at just now
    const object = value as unknown as Role & ClusterRole & RoleBinding;
    const key = `${String(value.kind)} ${object.metadata.namespace ?? ''}/${object.metadata.name}`;
    const earlier = seen.get(key);
    if (earlier === undefined) {
      seen.set(key, where);
      objects[list].push(object);
    } else problems.push(problem(where, `must not be there twice: ${earlier} has it`, key));
  }
  return { objects, problems };
}

/** The items of a list, of whatever kind of list. */
function items(source: ManifestSource): ManifestSource[] {
  const { value, where } = source;
  if (!isPlainObject(value) || !String(value.kind).endsWith('List') || !Array.isArray(value.items)) return [source];
  return value.items.map((item: unknown, index) => ({ where: `${where} items[${index}]`, value: item }));
}

function manifestProblems(manifest: Record<string, unknown>, where: string): string[] {
  const at = (property: string): string => `${where} ${property}`;
  const kind = String(manifest.kind);
  const problems: string[] = [];
  if (!Object.hasOwn(KINDS, kind)) {
    const known = Object.keys(KINDS);
    return [problem(at('kind'), `must be one of ${known.join(', ')}`, manifest.kind, nearestRemedy(kind, known))];
  }
  if (manifest.apiVersion !== 'rbac.authorization.k8s.io/v1') {
    problems.push(problem(at('apiVersion'), 'must be rbac.authorization.k8s.io/v1', manifest.apiVersion));
  }
  const metadata = isPlainObject(manifest.metadata) ? manifest.metadata : {};
  if (typeof metadata.name !== 'string' || metadata.name === '') {
    problems.push(problem(at('metadata.name'), 'must be given', metadata.name));
  }
  const namespaced = !kind.startsWith('Cluster');
  if (namespaced && typeof metadata.namespace !== 'string') {
    const remedy = 'without one it lands wherever it is applied from';
    problems.push(problem(at('metadata.namespace'), 'must be given', metadata.namespace, remedy));
  }
  if (!namespaced && metadata.namespace !== undefined) {
    problems.push(
      problem(at('metadata.namespace'), `must not be given: a ${kind} is in no namespace`, metadata.namespace),
    );
  }
  return [...problems, ...(kind.endsWith('Binding') ? bindingForm(manifest, kind, at) : roleForm(manifest, at))];
}

function roleForm({ rules, aggregationRule }: Record<string, unknown>, at: (property: string) => string): string[] {
  if (rules === undefined || rules === null) {
    return aggregationRule === undefined ? [problem(at('rules'), 'must be given', rules)] : [];
  }
  if (!Array.isArray(rules)) return [problem(at('rules'), 'must be a list', rules)];
  return rules.flatMap((rule: unknown, index) => {
    const holder = at(`rules[${index}]`);
    if (!isPlainObject(rule)) return [problem(holder, 'must be an object', rule)];
    const unknown = Object.keys(rule)
      .filter((name) => !RULE.includes(name))
      .map((name) =>
        problem(within(holder, name), 'is not a property of a rule', rule[name], nearestRemedy(name, RULE)),
      );
    const lists = RULE.flatMap((name) =>
      rule[name] === undefined || (Array.isArray(rule[name]) && rule[name].every((each) => typeof each === 'string'))
        ? []
        : [problem(within(holder, name), 'must be a list of texts', rule[name])],
    );
    const verbs =
      rule.verbs === undefined ? [problem(within(holder, 'verbs'), 'must be given', undefined, "such as ['get']")] : [];
    return [...unknown, ...lists, ...verbs];
  });
}

const RULE: readonly string[] = [
  'verbs',
  'apiGroups',
  'resources',
  'resourceNames',
  'nonResourceURLs',
] satisfies (keyof PolicyRule)[];

function bindingForm(
  { roleRef, subjects }: Record<string, unknown>,
  kind: string,
  at: (property: string) => string,
): string[] {
  const problems: string[] = [];
  const known = kind === 'ClusterRoleBinding' ? ['ClusterRole'] : ['Role', 'ClusterRole'];
  if (!isPlainObject(roleRef)) problems.push(problem(at('roleRef'), 'must be given', roleRef));
  else {
    if (!known.includes(String(roleRef.kind)))
      problems.push(problem(at('roleRef.kind'), `must be ${known.join(' or ')}`, roleRef.kind));
    if (typeof roleRef.name !== 'string') problems.push(problem(at('roleRef.name'), 'must be given', roleRef.name));
  }
  if (subjects === undefined || subjects === null) return problems;
  if (!Array.isArray(subjects)) return [...problems, problem(at('subjects'), 'must be a list', subjects)];
  const each = subjects.flatMap((subject: unknown, index) => {
    const holder = at(`subjects[${index}]`);
    if (!isPlainObject(subject)) return [problem(holder, 'must be an object', subject)];
    const kinds = ['User', 'Group', 'ServiceAccount'];
    const wrong = kinds.includes(String(subject.kind))
      ? []
      : [problem(within(holder, 'kind'), `must be one of ${kinds.join(', ')}`, subject.kind)];
    if (typeof subject.name !== 'string') wrong.push(problem(within(holder, 'name'), 'must be given', subject.name));
    if (subject.kind === 'ServiceAccount' && kind === 'ClusterRoleBinding' && typeof subject.namespace !== 'string') {
      wrong.push(problem(within(holder, 'namespace'), 'must be given: this binding has none to take over', undefined));
    }
    return wrong;
  });
  return [...problems, ...each];
}
