import { listOf, mapOf, object, oneOf, optional, text } from '../shape';
import { element, problem, within } from '../validate';
import { grantsRenderedAs, type AccessGrant, type AccessGrants, type AccessSettings } from './access-grant';
import { principalProblems, withoutRolePath } from './principal';

const renderings = oneOf('access-entries', 'aws-auth', 'both');

/** The form of {@link AccessSettings}. */
export const accessShape = object<AccessSettings>({
  authenticationMode: optional((value, property) => {
    if (value !== 'CONFIG_MAP') return oneOf('API_AND_CONFIG_MAP', 'API')(value, property);
    const rule = 'must not be CONFIG_MAP: nobody but the creator of the cluster could write the first aws-auth';
    return [problem(property, rule, value, "use 'API_AND_CONFIG_MAP'; it keeps aws-auth and adds access entries")];
  }),
  renderAs: optional(renderings),
  grants: mapOf(
    object<AccessGrant>({
      principal: text,
      can: optional(oneOf('cluster-admin', 'admin', 'edit', 'view', 'read-all')),
      namespaces: optional(listOf(text)),
      groups: optional(listOf(text)),
      username: optional(text),
      renderAs: optional(renderings),
    }),
  ),
});

/** Every mistake in a platform's access, those that lock people out among them. */
export function accessProblems(access: AccessSettings, partition: string | undefined, holder: string): string[] {
  const grants = within(holder, 'grants');
  return [
    ...grantProblems(access.grants, partition, grants),
    ...administratorProblems(access, grants),
    ...modeProblems(access, holder, grants),
    ...awsAuthProblems(grantsRenderedAs('aws-auth', access), grants),
  ];
}

/** Every mistake in grants by themselves, wherever they are written. */
export function grantProblems(grants: AccessGrants, partition: string | undefined, holder: string): string[] {
  const each = Object.entries(grants).flatMap(([name, grant]) => {
    const at = (property: string): string => within(element(holder, name), property);
    return [
      ...principalProblems(grant.principal, partition, at('principal')),
      ...permissionProblems(grant, at),
      ...nameProblems(grant, at),
    ];
  });
  return [...each, ...duplicates(grants, holder)];
}

function permissionProblems(grant: AccessGrant, at: (property: string) => string): string[] {
  const problems: string[] = [];
  if (grant.can === undefined && (grant.groups ?? []).length === 0) {
    problems.push(problem(at('can'), 'must be given, or `groups`: the grant permits nothing', undefined));
  }
  if (grant.namespaces === undefined) return problems;
  if (grant.namespaces.length === 0) {
    problems.push(problem(at('namespaces'), 'must name a namespace', [], 'take it out to grant the whole cluster'));
  }
  if (grant.can === undefined) {
    problems.push(
      problem(
        at('namespaces'),
        'limits `can`, which is not given; what `groups` may do is said by their bindings',
        grant.namespaces,
      ),
    );
  }
  if (grant.can === 'cluster-admin') {
    problems.push(
      problem(
        at('namespaces'),
        'must not be given with cluster-admin, which is for the whole cluster',
        grant.namespaces,
        "use `can: 'admin'`",
      ),
    );
  }
  for (const [index, namespace] of grant.namespaces.entries()) {
    if (/^[a-z0-9*]([a-z0-9*-]{0,61}[a-z0-9*])?$/.test(namespace)) continue;
    problems.push(
      problem(
        at(`namespaces[${index}]`),
        'must be a namespace of at most 63 small letters, digits and hyphens; `*` is a wildcard',
        namespace,
      ),
    );
  }
  return problems;
}

const RESERVED_NAMES = ['system:', 'eks:', 'aws:', 'amazon:', 'iam:'];

function nameProblems(grant: AccessGrant, at: (property: string) => string): string[] {
  const groups = (grant.groups ?? []).flatMap((group, index) =>
    group.startsWith('system:')
      ? [
          problem(
            at(`groups[${index}]`),
            'must not begin with system:, EKS refuses it',
            group,
            group === 'system:masters' ? "use `can: 'cluster-admin'`" : 'bind the role to a group of your own',
          ),
        ]
      : [],
  );
  const reserved = RESERVED_NAMES.find((prefix) => grant.username?.startsWith(prefix) === true);
  const username =
    reserved === undefined
      ? []
      : [problem(at('username'), `must not begin with ${reserved}, EKS refuses it`, grant.username)];
  return [...groups, ...username];
}

function duplicates(grants: AccessGrants, holder: string): string[] {
  const first = new Map<string, string>();
  return Object.entries(grants).flatMap(([name, { principal }]) => {
    const key = principal.toLowerCase();
    const earlier = first.get(key);
    if (earlier === undefined) {
      first.set(key, name);
      return [];
    }
    const rule = `must not be granted twice: \`${element(holder, earlier)}\` has it already`;
    return [problem(within(element(holder, name), 'principal'), rule, principal, 'put both into one grant')];
  });
}

/** A cluster nobody can administer is beyond repair by its users. */
function administratorProblems(access: AccessSettings, property: string): string[] {
  const entries = Object.values(grantsRenderedAs('access-entries', access));
  return entries.some(({ can }) => can === 'cluster-admin')
    ? []
    : [
        problem(
          property,
          "must hold at least one grant with `can: 'cluster-admin'` written as an access entry: the creator of the cluster is no administrator here",
          Object.keys(access.grants),
          'add a break-glass role',
        ),
      ];
}

function modeProblems(access: AccessSettings, holder: string, property: string): string[] {
  if ((access.authenticationMode ?? 'API') !== 'API') return [];
  const remedy = `set \`${within(holder, 'authenticationMode')}: 'API_AND_CONFIG_MAP'\` or write it as an access entry`;
  return Object.keys(grantsRenderedAs('aws-auth', access)).map((name) =>
    problem(
      element(property, name),
      'must not be written to aws-auth: with authentication mode API nobody reads it',
      'aws-auth',
      remedy,
    ),
  );
}

/** What only aws-auth gets wrong. */
export function awsAuthProblems(grants: AccessGrants, holder: string): string[] {
  const first = new Map<string, string>();
  return Object.entries(grants).flatMap(([name, grant]) => {
    const at = element(holder, name);
    const problems: string[] = [];
    const arn = withoutRolePath(grant.principal).toLowerCase();
    const earlier = first.get(arn);
    if (earlier === undefined) first.set(arn, name);
    else if (grants[earlier]?.principal.toLowerCase() !== grant.principal.toLowerCase()) {
      const rule = `must differ from \`${element(holder, earlier)}\` by more than its path: aws-auth sees the same role`;
      problems.push(problem(within(at, 'principal'), rule, grant.principal, 'write one of them as an access entry'));
    }
    if (grant.namespaces !== undefined) {
      const rule =
        'must not limit a grant in aws-auth: a binding needs its namespace to exist, and namespaces belong to the Kubernetes layer';
      problems.push(
        problem(
          within(at, 'namespaces'),
          rule,
          grant.namespaces,
          'give it `groups` and bind those under k8s/, or write it as an access entry',
        ),
      );
    }
    return problems;
  });
}
