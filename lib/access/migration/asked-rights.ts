import type { Identity } from '../access';
import type { Authorizer } from '../rbac/authorize';
import { atoms } from '../rbac/policy-cover';
import type { PolicyRule } from '../rbac/rbac-objects';
import type { AccessRequest } from '../rbac/request';
import { RIGHTS } from '../rights';

/** Where a request is made. */
export interface AskedPlace {
  /** How people call it. */
  readonly name: string;
  /** The namespace; `''` for all of them at once, and for what is in none. */
  readonly namespace: string;
}

/** All namespaces at once, and what is in none. */
export const WHOLE_CLUSTER = 'the whole cluster';
/** Namespaces that nothing names. */
export const OTHER_NAMESPACES = 'every other namespace';

/** A namespace that no binding and no policy names. */
const ANY_OTHER = '.';

/** Where the rights of some identities may differ. */
export function askedPlaces(identities: readonly Identity[], authorizer: Authorizer): AskedPlace[] {
  const limits = identities.flatMap(({ policies = [] }) => policies.flatMap(({ namespaces = [] }) => namespaces));
  const names = identities.flatMap((identity) => authorizer.namespacesOf(identity));
  return [
    { name: WHOLE_CLUSTER, namespace: '' },
    ...[...new Set([...names, ...limits])].sort().map((name) => ({ name, namespace: name.replaceAll('*', ANY_OTHER) })),
    { name: OTHER_NAMESPACES, namespace: ANY_OTHER },
  ];
}

/**
 * Requests that show every difference between some identities: one for each part of each rule that any of them holds, and
 * those of the access matrix. A wildcard in a rule is asked for as it stands, for all that no other rule names.
 */
export function askedRequests(
  identities: readonly Identity[],
  places: readonly AskedPlace[],
  authorizer: Authorizer,
): AccessRequest[] {
  const held = new Set<PolicyRule>();
  for (const identity of identities) {
    for (const { namespace } of places)
      for (const reason of authorizer.rulesFor(identity, namespace).rules) if ('rule' in reason) held.add(reason.rule);
  }
  const requests = [
    ...RIGHTS.flatMap((right) => right.requests),
    ...[...held].flatMap(atoms).map(toRequest),
    { verb: '*', apiGroup: '*', resource: '*' },
    { verb: '*', path: '*' },
  ];
  return [...new Map(requests.map((request) => [JSON.stringify(Object.entries(request).sort()), request])).values()];
}

function toRequest({ verbs, apiGroups, resources, resourceNames, nonResourceURLs }: PolicyRule): AccessRequest {
  const [verb = ''] = verbs;
  const [path] = nonResourceURLs ?? [];
  if (path !== undefined) return { verb, path };
  const [resource = '', subresource] = (resources?.[0] ?? '').split('/');
  const name = resourceNames?.[0];
  return {
    verb,
    apiGroup: apiGroups?.[0] ?? '',
    resource,
    ...(subresource === undefined ? {} : { subresource }),
    ...(name === undefined ? {} : { name }),
  };
}
