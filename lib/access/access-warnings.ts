import type { PlatformConfig } from '../platform-config';
import type { Warning } from '../validate';
import { isAdministrator } from './access-grant';
import { groupsOf } from './grant-bindings';
import { parsePrincipal } from './principal';
import { SSO_PATH } from './permission-set';
import { defaultRoles } from './rbac/default-roles';
import type { RbacObjects, RoleBinding } from './rbac/rbac-objects';
import { together } from './rbac/rbac-rendering';
import type { RbacSettings } from './rbac/rbac-settings';
import { roleWarnings } from './rbac/rbac-warnings';
import { renderedAccess, type RenderedAccess } from './rendered-access';

/**
 * What is legal in a platform's access and most likely not meant. The config must have no problems.
 *
 * @param k8s - the RBAC objects under `k8s/`; without them nothing is said of groups and roles that may be there
 */
export function accessWarnings(
  config: Pick<PlatformConfig, 'env' | 'access' | 'controlPlane'>,
  k8s?: RbacObjects,
): Warning[] {
  const rendered = renderedAccess(config);
  const own = together(rendered.manifests, ...(k8s === undefined ? [] : [k8s]));
  const { version } = config.controlPlane;
  return [
    ...otherAccounts(rendered, config.env.account),
    ...administratorsBySso(rendered, config.access.renderAs),
    ...roleWarnings(own, version),
    ...(k8s === undefined ? [] : looseEnds(rendered, together(own, rendered.written), config)),
  ];
}

function otherAccounts({ grants }: RenderedAccess, account: string): Warning[] {
  return Object.entries(grants).flatMap(([name, { principal }]) => {
    const theirs = parsePrincipal(principal)?.account;
    if (theirs === undefined || theirs === account) return [];
    const message = `grant ${name} is for a principal of account ${theirs}: who administers that account decides who may use it here`;
    return [{ id: 'kotohajime:access-other-account', message }];
  });
}

function administratorsBySso({ grants }: RenderedAccess, renderAs: PlatformConfig['access']['renderAs']): Warning[] {
  const administrators = Object.entries(grants).filter(([, grant]) => isAdministrator(grant, renderAs));
  if (administrators.some(([, { principal }]) => !principal.includes(SSO_PATH))) return [];
  const names = administrators.map(([name]) => name).join(', ');
  const message = `every administrator (${names}) signs in through IAM Identity Center: on the day it is down nobody can administer the cluster; grant a role without it too`;
  return [{ id: 'kotohajime:access-administrators-by-sso', message }];
}

/** Bindings and groups that meet nothing. */
function looseEnds(
  rendered: RenderedAccess,
  own: RbacObjects,
  { access: { rbac }, controlPlane: { version: minor } }: Pick<PlatformConfig, 'access' | 'controlPlane'>,
): Warning[] {
  const { access, grants } = rendered;
  const bindings = [...own.clusterRoleBindings, ...own.roleBindings];
  const had = new Set([...access.entries.flatMap(({ groups = [] }) => groups), ...groupsInAwsAuth(rendered, rbac)]);
  const defaults = defaultRoles(minor);
  const bound = new Set(groupsIn([...bindings, ...defaults.clusterRoleBindings, ...defaults.roleBindings]));
  const clusterRoles = new Set([...own.clusterRoles, ...defaults.clusterRoles].map(({ metadata }) => metadata.name));
  const roles = new Set(
    [...own.roles, ...defaults.roles].map(({ metadata }) => `${metadata.namespace ?? ''}/${metadata.name}`),
  );
  const nobody = bindings.flatMap((binding) =>
    groupsIn([binding])
      .filter((group) => !had.has(group) && !group.startsWith('system:'))
      .map((group) => ({
        id: 'kotohajime:access-group-without-members',
        message: `${inWords(binding)} is for the group ${group}, which no grant has: it gives nobody anything`,
      })),
  );
  const unbound = Object.entries(grants).flatMap(([name, { groups = [] }]) =>
    groups
      .filter((group) => !bound.has(group))
      .map((group) => ({
        id: 'kotohajime:access-group-without-binding',
        message: `grant ${name} has the group ${group}, which nothing binds: it permits nothing; bind it in \`access.rbac.bindings\` or under k8s/`,
      })),
  );
  const dangling = bindings
    .filter(({ metadata, roleRef: { kind, name } }) =>
      kind === 'ClusterRole' ? !clusterRoles.has(name) : !roles.has(`${metadata.namespace ?? ''}/${name}`),
    )
    .map((binding) => ({
      id: 'kotohajime:rbac-role-missing',
      message: `${inWords(binding)} gives ${binding.roleRef.kind} ${binding.roleRef.name}, which is neither here nor made by Kubernetes ${minor}`,
    }));
  return [...nobody, ...unbound, ...dangling];
}

function groupsInAwsAuth({ grants, behind }: RenderedAccess, rbac: RbacSettings | undefined): string[] {
  return [...behind.mapRoles, ...behind.mapUsers].flatMap((name) => {
    const grant = name === undefined ? undefined : grants[name];
    return name === undefined || grant === undefined ? [] : groupsOf(name, grant, 'aws-auth', rbac);
  });
}

function groupsIn(bindings: readonly RoleBinding[]): string[] {
  return bindings.flatMap(({ subjects }) =>
    (subjects ?? []).filter(({ kind }) => kind === 'Group').map(({ name }) => name),
  );
}

function inWords({ metadata: { name, namespace } }: RoleBinding): string {
  return namespace === undefined ? `cluster role binding ${name}` : `role binding ${namespace}/${name}`;
}
