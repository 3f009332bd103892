import type { Warning } from '../../validate';
import type { ClusterRole, PolicyRule, RbacObjects, Role } from './rbac-objects';
import { findResource, hasSubresource, KNOWN_VERBS } from './resources';

/** What is legal in roles and most likely not meant, each with the role and the rule. `minor` is the Kubernetes minor. */
export function roleWarnings(objects: Pick<RbacObjects, 'roles' | 'clusterRoles'>, minor: string): Warning[] {
  return [
    ...objects.clusterRoles.flatMap((role) => rulesWarnings(`cluster role ${role.metadata.name}`, role, minor)),
    ...objects.roles.flatMap((role) =>
      rulesWarnings(`role ${role.metadata.namespace ?? ''}/${role.metadata.name}`, role, minor),
    ),
  ];
}

function rulesWarnings(what: string, { rules }: Role | ClusterRole, minor: string): Warning[] {
  return (rules ?? []).flatMap((rule, index) => {
    const which = `${what}, rule ${index + 1} (${ruleInWords(rule)})`;
    return [...wildcards(rule), ...powers(rule), ...effectless(rule, minor)].map(({ id, message }) => ({
      id,
      message: `${which} ${message}`,
    }));
  });
}

/** A rule as people say it: `get, list pods.metrics.k8s.io`. */
export function ruleInWords({ verbs, apiGroups, resources, resourceNames, nonResourceURLs }: PolicyRule): string {
  const groups = (apiGroups ?? []).filter((group) => group !== '');
  const what = nonResourceURLs?.join(', ') ?? (resources ?? []).join(', ');
  const group = groups.length === 0 ? '' : ` of ${groups.join(', ')}`;
  const names = (resourceNames ?? []).length === 0 ? '' : ` named ${resourceNames?.join(', ')}`;
  return `${verbs.join(', ')} ${what}${group}${names}`;
}

function wildcards({ verbs, apiGroups, resources, nonResourceURLs }: PolicyRule): Warning[] {
  const parts: readonly (readonly [string, readonly string[] | undefined])[] = [
    ['verb', verbs],
    ['API group', apiGroups],
    ['resource', resources],
    ['URL', nonResourceURLs],
  ];
  const wild = parts.filter(([, values]) => values?.includes('*') === true).map(([part]) => part);
  if (wild.length === 0) return [];
  const every = wild.map((part) => `every ${part}`).join(', ');
  return [
    {
      id: 'kotohajime:rbac-wildcard',
      message: `permits ${every}, also those that come with the next version or controller`,
    },
  ];
}

const POWERS: Readonly<Record<string, string>> = {
  escalate: 'lets its holder write roles that permit more than the holder may: all that there is',
  bind: 'lets its holder give anybody a role, also one that permits more than the holder may',
  impersonate: 'lets its holder act as somebody else',
};

function powers({ verbs }: PolicyRule): Warning[] {
  return verbs.flatMap((verb) => {
    const power = Object.hasOwn(POWERS, verb) ? POWERS[verb] : undefined;
    return power === undefined ? [] : [{ id: 'kotohajime:rbac-power', message: power }];
  });
}

const UNNAMED = ['create', 'deletecollection'];

/** What looks as if it permitted something. */
function effectless(rule: PolicyRule, minor: string): Warning[] {
  const { verbs, apiGroups = [], resources = [], resourceNames = [] } = rule;
  const warnings: Warning[] = [];
  const unnamed = verbs.filter((verb) => UNNAMED.includes(verb));
  if (resourceNames.length > 0 && unnamed.length > 0) {
    const message = `names objects, and ${unnamed.join(' and ')} never has a name to compare: take resourceNames out of it`;
    warnings.push({ id: 'kotohajime:rbac-no-effect', message });
  }
  for (const verb of verbs) {
    if (verb === '*' || KNOWN_VERBS.includes(verb)) continue;
    warnings.push({ id: 'kotohajime:rbac-no-effect', message: `has the verb ${verb}, which Kubernetes does not know` });
  }
  for (const text of resources) {
    const [resource = '', subresource] = text.split('/');
    if (resource === '*' || apiGroups.includes('*')) continue;
    const missing = missingFrom(resource, subresource, apiGroups, minor);
    if (missing !== undefined) warnings.push({ id: 'kotohajime:rbac-no-effect', message: missing });
  }
  return warnings;
}

/** Only groups that Kubernetes itself serves are looked at: nobody here knows the others' resources. */
function missingFrom(
  resource: string,
  subresource: string | undefined,
  groups: readonly string[],
  minor: string,
): string | undefined {
  const found = groups.map((group) => findResource(minor, group === '' ? resource : `${resource}.${group}`));
  if (found.length === 0) return undefined;
  const served = found.flatMap((each, index) =>
    each.found && !('custom' in each && each.custom === true) && each.resource.group === groups[index]
      ? [each.resource]
      : [],
  );
  const custom = found.some((each) => each.found && 'custom' in each && each.custom === true);
  if (custom) return undefined;
  const exact = served.find(({ resource: plural }) => plural === resource);
  if (exact === undefined) {
    const [near] = served;
    const hint = near === undefined ? candidateOf(resource, minor) : `; the plural is ${near.resource}`;
    return `has the resource ${resource}, which none of its API groups (${groups.map((group) => group || "''").join(', ')}) has in ${minor}${hint}`;
  }
  if (subresource === undefined || hasSubresource(exact, subresource)) return undefined;
  return `has the subresource ${resource}/${subresource}, which does not exist in ${minor}`;
}

function candidateOf(resource: string, minor: string): string {
  const anywhere = findResource(minor, resource);
  if (anywhere.found) {
    const { group, resource: plural } = anywhere.resource;
    return group === '' ? `; ${plural} is in the core group ''` : `; ${plural} is in ${group}`;
  }
  return anywhere.candidates.length === 0 ? '' : `; did you mean ${anywhere.candidates.slice(0, 3).join(', ')}?`;
}
