import { fieldsOf, isAbsent, listOf, textOf, textsOf } from './loose';
import type { RbacObjects, RoleRef, Subject } from './rbac-objects';
import type { BindingReason } from './reason';

/** A binding as far as it counts: its subjects are those that somebody can be. */
export interface Binding extends Pick<BindingReason, 'kind' | 'name' | 'namespace' | 'roleRef'> {
  /** How messages call it. */
  readonly label: string;
  /** To whom it gives its role; service accounts have their namespace. */
  readonly subjects: readonly Subject[];
}

/** A binding of an identity, and as what. */
export interface Bound {
  /** The binding. */
  readonly binding: Binding;
  /** The first of its subjects that the identity is. */
  readonly subject: Subject;
}

/** Bindings that count together: those of the cluster, or those of one namespace. */
export interface BindingScope {
  /** All of them, in the order they were given. */
  readonly bindings: readonly Binding[];
  /** Those of one identity, in the same order. */
  of(identity: unknown): readonly Bound[];
}

/** The bindings of a cluster, where they count. */
export interface Bindings {
  /** The cluster role bindings. */
  readonly cluster: BindingScope;
  /** The role bindings of each namespace that has any. */
  readonly namespaces: ReadonlyMap<string, BindingScope>;
  /** A line about each part that could not be read. */
  readonly errors: readonly string[];
}

/** Sorts the bindings by where they count and whom they name, so that one identity's are found at once. */
export function bindingsOf(objects: RbacObjects): Bindings {
  const { clusterRoleBindings, roleBindings } = fieldsOf(objects);
  const nowhere: string[] = [];
  const ofNamespaces = new Map<string, unknown[]>();
  for (const each of listOf(roleBindings)) {
    const { namespace, name } = fieldsOf(fieldsOf(each).metadata);
    const home = textOf(namespace);
    if (home === '') {
      nowhere.push(`RoleBinding ${textOf(name)}: it has no namespace, so it counts for nothing`);
      continue;
    }
    const others = ofNamespaces.get(home);
    if (others) others.push(each);
    else ofNamespaces.set(home, [each]);
  }
  const cluster = lazyScope(listOf(clusterRoleBindings), 'ClusterRoleBinding');
  const namespaces = new Map(
    [...ofNamespaces].map(([namespace, bindings]) => [namespace, lazyScope(bindings, 'RoleBinding')]),
  );
  return {
    cluster,
    namespaces,
    get errors() {
      return [...cluster.errors, ...nowhere, ...[...namespaces.values()].flatMap(({ errors }) => errors)];
    },
  };
}

interface LazyScope extends BindingScope {
  readonly errors: readonly string[];
}

/** Reads its bindings when it is first asked: most questions are about one namespace of many. */
function lazyScope(objects: readonly unknown[], kind: Binding['kind']): LazyScope {
  let made: LazyScope | undefined;
  const scope = (): LazyScope => {
    if (made) return made;
    const errors: string[] = [];
    made = { ...scopeOf(objects.map((each) => read(each, kind, errors))), errors };
    return made;
  };
  return {
    get bindings() {
      return scope().bindings;
    },
    get errors() {
      return scope().errors;
    },
    of: (identity) => scope().of(identity),
  };
}

/** The user name of a service account. */
function serviceAccountUser(namespace: string, name: string): string {
  return `system:serviceaccount:${namespace}:${name}`;
}

interface Place {
  readonly at: number;
  readonly subject: number;
}

function scopeOf(bindings: readonly Binding[]): BindingScope {
  const users = new Map<string, Place[]>();
  const groups = new Map<string, Place[]>();
  for (const [at, { subjects }] of bindings.entries()) {
    for (const [index, { kind, name, namespace = '' }] of subjects.entries()) {
      const named = kind === 'Group' ? groups : users;
      const key = kind === 'ServiceAccount' ? serviceAccountUser(namespace, name) : name;
      const places = named.get(key);
      if (places) places.push({ at, subject: index });
      else named.set(key, [{ at, subject: index }]);
    }
  }
  const of = (identity: unknown): readonly Bound[] => {
    const { username, groups: memberships } = fieldsOf(identity);
    const firsts = new Map<number, number>();
    const note = (places: readonly Place[] = []): void => {
      for (const { at, subject } of places) firsts.set(at, Math.min(subject, firsts.get(at) ?? subject));
    };
    note(users.get(textOf(username)));
    for (const group of textsOf(memberships)) note(groups.get(group));
    return [...firsts]
      .sort(([one], [other]) => one - other)
      .flatMap(([at, index]) => {
        const binding = bindings[at];
        const subject = binding?.subjects[index];
        return binding && subject ? [{ binding, subject }] : [];
      });
  };
  return { bindings, of };
}

function read(object: unknown, kind: Binding['kind'], errors: string[]): Binding {
  const { metadata, roleRef, subjects } = fieldsOf(object);
  const name = textOf(fieldsOf(metadata).name);
  const home = kind === 'RoleBinding' ? textOf(fieldsOf(metadata).namespace) : '';
  const label = `${kind} ${home === '' ? name : `${home}/${name}`}`;
  if (!isAbsent(subjects) && !Array.isArray(subjects)) errors.push(`${label}: \`subjects\` is no list`);
  return {
    kind,
    name,
    ...(home !== '' && { namespace: home }),
    label,
    roleRef: readRoleRef(roleRef),
    subjects: listOf(subjects).flatMap((subject, index) => {
      const known = readSubject(subject, home);
      if (typeof known === 'string') errors.push(`${label}: \`subjects[${index}]\` ${known}, so it is nobody`);
      return typeof known === 'string' ? [] : [known];
    }),
  };
}

/** The role a binding names. A kind Kubernetes does not have stays, for the message about it. */
export function readRoleRef(roleRef: unknown): RoleRef {
  const { kind, name, apiGroup } = fieldsOf(roleRef);
  return {
    kind: textOf(kind) as RoleRef['kind'],
    name: textOf(name),
    ...(textOf(apiGroup) !== '' && { apiGroup: textOf(apiGroup) }),
  };
}

function readSubject(subject: unknown, home: string): Subject | string {
  const { kind, name, namespace, apiGroup } = fieldsOf(subject);
  if (typeof name !== 'string') return 'has no name';
  const group = typeof apiGroup === 'string' ? { apiGroup } : {};
  if (kind === 'User' || kind === 'Group') return { kind, name, ...group };
  if (kind !== 'ServiceAccount') return 'is no User, Group or ServiceAccount';
  const own = textOf(namespace) === '' ? home : textOf(namespace);
  return own === '' ? 'is a ServiceAccount without a namespace' : { kind, name, namespace: own, ...group };
}
