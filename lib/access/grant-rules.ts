import { Token } from 'aws-cdk-lib';
import { element, problem, within } from '../validate';
import type { AccessGrant, AccessGrants, NodeAccess, PrincipalGrants } from './access-grant';
import { parsePrincipal, principalProblems, withoutRolePath } from './principal';
import type { RbacSettings } from './rbac/rbac-settings';

/** What is around grants; what is unknown is not checked. */
export interface GrantSurroundings {
  /**
   * The partition of the region.
   *
   * @default - not known
   */
  readonly partition?: string;
  /**
   * The account of the cluster.
   *
   * @default - not known
   */
  readonly account?: string;
  /**
   * Bindings of the platform, which may name grants.
   *
   * @default - none
   */
  readonly rbac?: RbacSettings;
}

/** Every mistake in grants by themselves, wherever they are written. */
export function grantProblems(
  grants: PrincipalGrants,
  { partition, rbac }: GrantSurroundings,
  holder: string,
): string[] {
  const each = Object.entries(grants).flatMap(([name, grant]) =>
    Token.isUnresolved(grant.principal)
      ? []
      : principalProblems(grant.principal, partition, within(element(holder, name), 'principal')),
  );
  return [...each, ...termsProblems(grants, rbac, holder), ...duplicates(grants, holder)];
}

/** Every mistake in what grants permit, whoever they are for. */
export function termsProblems(grants: AccessGrants, rbac: RbacSettings | undefined, holder: string): string[] {
  const bound = new Set(Object.values(rbac?.bindings ?? {}).flatMap((binding) => binding.grants ?? []));
  return Object.entries(grants).flatMap(([name, grant]) => {
    const at = (property: string): string => within(element(holder, name), property);
    return [
      ...permissionProblems(grant, bound.has(name), at),
      ...namespaceProblems(grant, at),
      ...groupProblems(grant, at),
      ...usernameProblems(grant, at),
    ];
  });
}

function permissionProblems(
  { can, groups = [], via }: AccessGrant,
  bound: boolean,
  at: (property: string) => string,
): string[] {
  const problems: string[] = [];
  if (can === undefined && groups.length === 0 && !bound) {
    problems.push(problem(at('can'), 'must be given, or `groups`: the grant permits nothing', undefined));
  }
  if (via !== undefined && can === undefined) {
    problems.push(problem(at('via'), 'says how `can` is given, which is not there', via, 'take it out'));
  }
  return problems;
}

function namespaceProblems({ can, namespaces, via }: AccessGrant, at: (property: string) => string): string[] {
  if (namespaces === undefined) return [];
  const problems: string[] = [];
  if (namespaces.length === 0) {
    problems.push(problem(at('namespaces'), 'must name a namespace', [], 'take it out to grant the whole cluster'));
  }
  if (can === undefined) {
    const rule = 'limits `can`, which is not given; what `groups` may do is said by their bindings';
    problems.push(problem(at('namespaces'), rule, namespaces));
  }
  if (can === 'cluster-admin') {
    const rule = 'must not be given with cluster-admin, which is for the whole cluster';
    problems.push(problem(at('namespaces'), rule, namespaces, "use `can: 'admin'`"));
  }
  const seen = new Set<string>();
  for (const [index, namespace] of namespaces.entries()) {
    const property = (): string => at(`namespaces[${index}]`);
    const again = seen.has(namespace);
    seen.add(namespace);
    if (!/^[a-z0-9*]([a-z0-9*-]{0,61}[a-z0-9*])?$/.test(namespace)) {
      const rule = 'must be a namespace of at most 63 small letters, digits and hyphens; `*` is a wildcard';
      problems.push(problem(property(), rule, namespace));
    } else if (again) {
      problems.push(problem(property(), 'must not be there twice', namespace));
    } else if (via === 'groups' && namespace.includes('*')) {
      const rule = 'must not hold a wildcard with `via: groups`: a role binding is in one namespace';
      problems.push(problem(property(), rule, namespace, 'name each namespace, or leave `via` out'));
    }
  }
  return problems;
}

const RESERVED_NAMES = ['system:', 'eks:', 'aws:', 'amazon:', 'iam:'];

function groupProblems({ groups = [] }: AccessGrant, at: (property: string) => string): string[] {
  return groups.flatMap((group, index) => {
    const property = at(`groups[${index}]`);
    if (group.startsWith('system:')) {
      const remedy = group === 'system:masters' ? "use `can: 'cluster-admin'`" : 'bind the role to a group of your own';
      return [problem(property, 'must not begin with system:, EKS refuses it', group, remedy)];
    }
    if (group.startsWith('kotohajime:')) {
      const rule = 'must not begin with kotohajime:, such groups stand for grants';
      return [problem(property, rule, group, 'name the grant in `access.rbac.bindings.<name>.grants`')];
    }
    return groups.indexOf(group) < index ? [problem(property, 'must not be there twice', group)] : [];
  });
}

function usernameProblems({ username, principal }: AccessGrant, at: (property: string) => string): string[] {
  if (username === undefined) return [];
  const property = at('username');
  const reserved = RESERVED_NAMES.find((prefix) => username.startsWith(prefix));
  if (reserved !== undefined) return [problem(property, `must not begin with ${reserved}, EKS refuses it`, username)];
  const template = username.match(/\{\{[^}]*\}\}/g)?.find((each) => !TEMPLATES.includes(each));
  if (template !== undefined) {
    const rule = `must hold no template but ${TEMPLATES.join(', ')}`;
    return [problem(property, rule, username, 'another one would stand in the name as it is written')];
  }
  const session = username.indexOf('{{SessionName');
  if (session === -1) return [];
  if (parsePrincipal(principal ?? '')?.kind === 'user')
    return [problem(property, 'must not hold {{SessionName}}: an IAM user has no session', username)];
  const colon = username.indexOf(':');
  return colon === -1 || colon > session
    ? [
        problem(
          property,
          'must have a `:` before {{SessionName}}, EKS asks for it',
          username,
          'such as "ci:{{SessionName}}"',
        ),
      ]
    : [];
}

const TEMPLATES = ['{{SessionName}}', '{{SessionNameRaw}}', '{{AccountID}}', '{{AccessKeyID}}'];

function duplicates(grants: PrincipalGrants, holder: string): string[] {
  const first = new Map<string, string>();
  return Object.entries(grants).flatMap(([name, { principal, permissionSet }]) => {
    const key = principal.toLowerCase();
    const earlier = first.get(key);
    if (earlier === undefined) {
      first.set(key, name);
      return [];
    }
    const rule = `must not be granted twice: \`${element(holder, earlier)}\` has it already`;
    const property = within(element(holder, name), permissionSet === undefined ? 'principal' : 'permissionSet');
    return [problem(property, rule, permissionSet ?? principal, 'put both into one grant')];
  });
}

/** What only aws-auth gets wrong. */
export function awsAuthProblems(grants: PrincipalGrants, holder: string): string[] {
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
    const wildcard = grant.namespaces?.find((namespace) => namespace.includes('*'));
    if (wildcard !== undefined && grant.via !== 'groups') {
      const rule = 'must not hold a wildcard in aws-auth: a role binding is in one namespace';
      const remedy = 'name each namespace, or write the grant as an access entry';
      problems.push(problem(within(at, 'namespaces'), rule, grant.namespaces, remedy));
    }
    return problems;
  });
}

/** Every mistake in the roles of nodes. */
export function nodeRoleProblems(
  roles: Readonly<Record<string, NodeAccess>>,
  grants: PrincipalGrants,
  { partition, account }: GrantSurroundings,
  holder: string,
): string[] {
  const taken = new Map(
    Object.entries(grants).map(([name, { principal }]) => [principal.toLowerCase(), element('grants', name)]),
  );
  return Object.entries(roles).flatMap(([name, { principal, type }]) => {
    const property = within(element(holder, name), 'principal');
    const earlier = taken.get(principal.toLowerCase());
    taken.set(principal.toLowerCase(), element('nodeRoles', name));
    if (Token.isUnresolved(principal)) return [];
    const wrong = principalProblems(principal, partition, property);
    if (wrong.length > 0) return wrong;
    const parsed = parsePrincipal(principal);
    if (parsed?.kind === 'user') return [problem(property, 'must be a role: nodes sign in as one', principal)];
    const problems: string[] = [];
    if (account !== undefined && parsed?.account !== account) {
      const rule = `must be a role of the cluster's account (${account}): EKS refuses ${type} entries of others`;
      problems.push(problem(property, rule, principal));
    }
    if (earlier !== undefined) {
      problems.push(problem(property, `must not have two entries: \`${earlier}\` is for it already`, principal));
    }
    return problems;
  });
}
