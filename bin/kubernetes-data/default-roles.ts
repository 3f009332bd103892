import { isDeepStrictEqual } from 'node:util';
import { parse } from 'yaml';
import type {
  ClusterRole,
  ObjectMeta,
  PolicyRule,
  RbacObjects,
  RoleBinding,
  RoleRef,
  Subject,
} from '../../lib/access/rbac/rbac-objects';

/** The RBAC objects the API server of one minor makes, as `lib/access/rbac/default-roles/<minor>.json` keeps them. */
export interface DefaultRoles extends RbacObjects {
  readonly source: string;
}

type List = keyof RbacObjects;

const LISTS: readonly List[] = ['clusterRoles', 'clusterRoleBindings', 'roles', 'roleBindings'];

/** The objects as they are kept: in order, and without what says nothing about access. */
export function toDefaultRoles(printed: RbacObjects, source: string): DefaultRoles {
  return {
    source,
    clusterRoles: printed.clusterRoles.map(toRole).sort(byName),
    clusterRoleBindings: printed.clusterRoleBindings.map(toBinding).sort(byName),
    roles: printed.roles.map(toRole).sort(byName),
    roleBindings: printed.roleBindings.map(toBinding).sort(byName),
  };
}

function toRole({ metadata, aggregationRule, rules }: ClusterRole): ClusterRole {
  return {
    metadata: toMeta(metadata),
    ...(aggregationRule ? { aggregationRule } : {}),
    ...(rules ? { rules: rules.map(toRule) } : {}),
  };
}

function toRule({ apiGroups, resources, resourceNames, nonResourceURLs, verbs }: PolicyRule): PolicyRule {
  return defined<PolicyRule>({ apiGroups, resources, resourceNames, nonResourceURLs, verbs });
}

function toBinding({ metadata, roleRef, subjects }: RoleBinding): RoleBinding {
  const { apiGroup, kind, name } = roleRef;
  return {
    metadata: toMeta(metadata),
    roleRef: defined<RoleRef>({ apiGroup, kind, name }),
    ...(subjects ? { subjects: subjects.map(toSubject) } : {}),
  };
}

function toSubject({ apiGroup, kind, name, namespace }: Subject): Subject {
  return defined<Subject>({ apiGroup, kind, name, namespace });
}

/** Without annotations: the only one says that the API server keeps the object up to date. */
function toMeta({ name, namespace, labels }: ObjectMeta): ObjectMeta {
  return defined<ObjectMeta>({ name, namespace, labels });
}

/** An object without those properties that have no value, in the order they are written. */
function defined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as T;
}

function byName({ metadata: a }: RoleBinding | ClusterRole, { metadata: b }: RoleBinding | ClusterRole): number {
  return keyOf(a) < keyOf(b) ? -1 : 1;
}

function keyOf({ namespace, name }: ObjectMeta): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

/** The text of the file: one rule a line, so that a difference can be reviewed. */
export function defaultRolesText({ source, ...objects }: DefaultRoles): string {
  const lists = LISTS.map((list) => `  "${list}": [\n${objects[list].map(objectText).join(',\n')}\n  ]`);
  return `{\n  "source": ${JSON.stringify(source)},\n${lists.join(',\n')}\n}\n`;
}

function objectText(object: ClusterRole | RoleBinding): string {
  if (!('rules' in object) || object.rules?.length === 0) return `    ${JSON.stringify(object)}`;
  const { rules, ...rest } = object;
  const lines = (rules ?? []).map((rule) => `      ${JSON.stringify(rule)}`).join(',\n');
  return `    ${JSON.stringify(rest).slice(0, -1)},"rules":[\n${lines}\n    ]}`;
}

/** Each object of the file by what it is, as one text. */
export function defaultRolesLines(data: RbacObjects): Map<string, string> {
  return new Map(
    LISTS.flatMap((list) =>
      data[list].map((object): [string, string] => [`${list} ${keyOf(object.metadata)}`, JSON.stringify(object)]),
    ),
  );
}

/** Where upstream keeps what its own tests expect of these objects, below the package. */
export const EXPECTED: Readonly<Record<List, readonly string[]>> = {
  clusterRoles: ['cluster-roles.yaml', 'controller-roles.yaml'],
  clusterRoleBindings: ['cluster-role-bindings.yaml', 'controller-role-bindings.yaml'],
  roles: ['namespace-roles.yaml'],
  roleBindings: ['namespace-role-bindings.yaml'],
};

/** Every object that is not exactly what upstream's tests expect; `read` gives the text of one of their files. */
export function unexpected(printed: RbacObjects, read: (file: string) => string): string[] {
  return LISTS.flatMap((list) => {
    const wanted = byKey(EXPECTED[list].flatMap((file) => (parse(read(file)) as { items: Expected[] }).items));
    const got = byKey(printed[list]);
    return [...new Set([...wanted.keys(), ...got.keys()])]
      .filter((key) => !isDeepStrictEqual(wanted.get(key), got.get(key)))
      .map((key) => `${list} ${key}`);
  });
}

/** An object in full, as it is in YAML or as Go prints it. */
interface Expected {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: ObjectMeta & { readonly creationTimestamp?: null };
}

function byKey(objects: readonly Expected[]): Map<string, object> {
  // Go prints neither version nor kind, and older libraries print the time an object does not have
  const bare = ({ apiVersion: _, kind: __, metadata, ...rest }: Expected): object => {
    const { creationTimestamp: ___, ...meta } = metadata;
    return { ...rest, metadata: meta };
  };
  return new Map(objects.map((each) => [keyOf(each.metadata), bare(each)]));
}
