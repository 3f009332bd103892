import { nearestRemedy } from '../shape';
import type { AccessRequest } from './rbac/authorize';
import { findResource, hasSubresource, KNOWN_URL_VERBS, KNOWN_VERBS } from './rbac/resources';

/** Where something is to be done. */
export interface Asking {
  /**
   * The namespace.
   *
   * @default 'default', as kubectl's
   */
  readonly namespace?: string;
  /**
   * In all namespaces at once.
   *
   * @default false
   */
  readonly allNamespaces?: boolean;
  /**
   * Such as `log`.
   *
   * @default - the object itself
   */
  readonly subresource?: string;
}

/** A question as Kubernetes is asked it. */
export interface Question {
  /** The request. */
  readonly request: AccessRequest;
  /** The same in words, such as `create deployments.apps in shop`. */
  readonly inWords: string;
  /** What people should know about how their words were taken. */
  readonly notes: readonly string[];
}

/** Words that are no question, and why. */
export interface NoQuestion {
  /** Why. */
  readonly problem: string;
}

/** Reads what people ask, with the resources of a Kubernetes minor: `create`, `deploy.apps/web`. */
export function readQuestion(verb: string, what: string, asking: Asking, minor: string): Question | NoQuestion {
  if (what.startsWith('/')) return urlQuestion(verb.toLowerCase(), what, asking);
  const found = findResource(minor, what);
  if (!found.found) {
    const near = found.candidates.join(', ');
    return {
      problem: `Kubernetes ${minor} has no resource ${what}; ${near === '' ? 'a custom resource is written as <plural>.<group>' : `did you mean ${near}?`}`,
    };
  }
  const { resource, custom, name, meant, also } = found;
  const { subresource } = asking;
  const notes: string[] = [];
  if (custom) notes.push(`${resource.resource}.${resource.group} is taken for a custom resource in a namespace`);
  if (meant !== undefined) notes.push(`that is the object named ${name ?? ''}; the subresource is ${meant}`);
  const own = resource.group === '' ? "the core group ''" : resource.group;
  if (also.length > 0) {
    const others = also.map(({ resource: plural, group }) => (group === '' ? plural : `${plural}.${group}`));
    notes.push(`taken from ${own}; there is ${others.join(', ')} too`);
  }
  if (subresource !== undefined && subresource !== '*' && !custom && !hasSubresource(resource, subresource)) {
    const known = resource.subresources;
    const remedy =
      nearestRemedy(subresource, known) ?? (known.length === 0 ? 'it has none' : `it has ${known.join(', ')}`);
    return { problem: `${resource.resource} has no subresource ${subresource}; ${remedy}` };
  }
  const asked = verb === '*' ? verb : verb.toLowerCase();
  if (!KNOWN_VERBS.includes(asked)) {
    notes.push(
      `Kubernetes does not know the verb ${asked}; ${nearestRemedy(asked, KNOWN_VERBS) ?? `it knows ${KNOWN_VERBS.join(', ')}`}`,
    );
  }
  const namespace = namespaceFor(resource, name, asking, notes);
  const full = [resource.resource, subresource].filter((part) => part !== undefined).join('/');
  const qualified = resource.group === '' ? full : `${full}.${resource.group}`;
  const where =
    namespace === undefined ? (resource.namespaced === false ? '' : ' in all namespaces') : ` in ${namespace}`;
  return {
    request: {
      verb: asked,
      apiGroup: resource.group,
      resource: resource.resource,
      ...(subresource === undefined ? {} : { subresource }),
      ...(name === undefined ? {} : { name }),
      ...(namespace === undefined ? {} : { namespace }),
    },
    inWords: `${asked} ${qualified}${name === undefined ? '' : ` ${name}`}${where}`,
    notes,
  };
}

function namespaceFor(
  resource: { readonly resource: string; readonly group: string; readonly namespaced: boolean | undefined },
  name: string | undefined,
  { namespace, allNamespaces = false }: Asking,
  notes: string[],
): string | undefined {
  if (resource.namespaced === false) {
    if (namespace !== undefined) {
      notes.push(`${resource.resource} are in no namespace: -n ${namespace} is passed over`);
    }
    // the API server takes a namespace by name for a request in that namespace
    return resource.resource === 'namespaces' && resource.group === '' ? name : undefined;
  }
  if (allNamespaces) return undefined;
  if (namespace === undefined) notes.push('asked in the namespace default; -n names another one, -A means all at once');
  return namespace ?? 'default';
}

function urlQuestion(verb: string, path: string, { namespace, subresource }: Asking): Question {
  const notes: string[] = [];
  if (namespace !== undefined || subresource !== undefined)
    notes.push('a URL is in no namespace and has no subresource: those are passed over');
  if (!KNOWN_URL_VERBS.includes(verb)) notes.push(`a rule for URLs has the verbs ${KNOWN_URL_VERBS.join(', ')}`);
  return { request: { verb, path }, inWords: `${verb} ${path}`, notes };
}
