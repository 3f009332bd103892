import type { Identity } from '../access';
import { authorizerOn } from './authorize';
import { fieldsOf, listOf, textOf, textsOf } from './loose';
import { rbacIndex } from './rbac-index';
import type { RbacObjects } from './rbac-objects';
import type { ResourceRequest } from './request';

/** Whom a request is made as, as the `Impersonate-` headers say; kubectl's `--as` and its kin. */
export interface Impersonation {
  /** The user name; that of a service account is `system:serviceaccount:<namespace>:<name>`. */
  readonly username: string;
  /**
   * The groups. If any are given, a service account has no others.
   *
   * @default - those of a service account, or none; `system:authenticated` comes by itself
   */
  readonly groups?: readonly string[];
  /**
   * The user's unique id.
   *
   * @default - none
   */
  readonly uid?: string;
  /**
   * Further facts about the user, by key: lower-case, and percent-escaped as it is in the header.
   *
   * @default - none
   */
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

/** Whether somebody may act as somebody else, and who they are then. */
export interface ImpersonationDecision {
  /** Whether they may: each part must be allowed by itself. */
  readonly allowed: boolean;
  /**
   * Who they are then. It has no access policies: those belong to the caller's entry and are left behind.
   *
   * @default - they may not
   */
  readonly identity?: Identity;
  /** What they may not impersonate, such as `groups ops`. */
  readonly refused: readonly string[];
  /** What could not be taken into account, or why the request as such is none. */
  readonly errors: readonly string[];
}

/**
 * Whether an identity may act as another one, which Kubernetes asks of all authorizers: access policies count too.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation
 */
export function impersonate(identity: Identity, as: Impersonation, objects: RbacObjects): ImpersonationDecision {
  const index = rbacIndex(objects);
  const { authorize } = authorizerOn(index);
  const errors = new Set<string>(index.bindings.errors);
  const { username: user, groups: given, uid, extra } = fieldsOf(as);
  const [username, groups] = [textOf(user), textsOf(given)];
  const requests = [
    ...userRequests(username),
    ...groups.map((name) => ask('', 'groups', name)),
    ...Object.entries(fieldsOf(extra)).flatMap(([key, values]) => extraRequests(key, listOf(values))),
    ...(textOf(uid) === '' ? [] : [ask('authentication.k8s.io', 'uids', textOf(uid))]),
  ];
  if (requests.length === 0) return { allowed: true, identity, refused: [], errors: [...errors] };
  if (username === '') {
    const rule = 'groups, a uid and extra facts cannot be impersonated without a user';
    return { allowed: false, refused: [], errors: [...errors, rule] };
  }
  const refused = requests.filter((request) => {
    const decision = authorize(identity, request);
    for (const error of decision.errors) errors.add(error);
    return !decision.allowed;
  });
  return {
    allowed: refused.length === 0,
    ...(refused.length === 0 && { identity: { username, groups: withDefaults(username, groups) } }),
    refused: refused.map(told),
    errors: [...errors],
  };
}

function ask(apiGroup: string, resource: string, name: string): ResourceRequest {
  return { verb: 'impersonate', apiGroup, resource, name };
}

function userRequests(username: string): ResourceRequest[] {
  if (username === '') return [];
  const account = serviceAccountOf(username);
  if (!account) return [ask('', 'users', username)];
  return [{ ...ask('', 'serviceaccounts', account.name), namespace: account.namespace }];
}

function extraRequests(key: string, values: readonly unknown[]): ResourceRequest[] {
  const request = { ...ask('authentication.k8s.io', 'userextras', ''), subresource: unescaped(key.toLowerCase()) };
  return values.map((value) => ({ ...request, name: textOf(value) }));
}

function unescaped(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key; // Kubernetes, too, takes a key with broken escapes as it is
  }
}

function told({ resource, subresource, namespace, name = '' }: ResourceRequest): string {
  const what = subresource === undefined ? resource : `${resource}/${subresource}`;
  return `${what} ${namespace === undefined ? name : `${namespace}/${name}`}`;
}

/** Everybody is either authenticated or not, and a service account is in the groups of its kind. */
function withDefaults(username: string, groups: readonly string[]): readonly string[] {
  const account = groups.length === 0 ? serviceAccountOf(username) : undefined;
  const own = account ? ['system:serviceaccounts', `system:serviceaccounts:${account.namespace}`] : groups;
  if (username === 'system:anonymous') {
    return own.includes('system:unauthenticated') ? own : [...own, 'system:unauthenticated'];
  }
  const said = own.includes('system:authenticated') || own.includes('system:unauthenticated');
  return said ? own : [...own, 'system:authenticated'];
}

const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const SERVICE_ACCOUNT = new RegExp(`^system:serviceaccount:(?<namespace>${LABEL}):(?<name>${LABEL}(\\.${LABEL})*)$`);

/** A user name that only looks like a service account's is an ordinary user's. */
function serviceAccountOf(username: string): { readonly namespace: string; readonly name: string } | undefined {
  const { namespace = '', name = '' } = SERVICE_ACCOUNT.exec(username)?.groups ?? {};
  return namespace === '' || namespace.length > 63 || name.length > 253 ? undefined : { namespace, name };
}
