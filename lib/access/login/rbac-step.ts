import type { Access } from '../access';
import { mapIdentity, type MappedIdentity } from '../authenticator/map-identity';
import type { Question } from '../question';
import { ACCESS_POLICY_RULES } from '../rbac/access-policies';
import { authorizer, type Authorizer } from '../rbac/authorize';
import type { RbacObjects } from '../rbac/rbac-objects';
import type { ResourceRequest } from '../rbac/request';
import { groundInWords } from '../reasons-in-words';
import { lineInWords } from './known-principals';
import { failed, passed, skipped, type LikelyCause, type LoginStep } from './login-step';
import { policyName, rbacCauses } from './rbac-causes';

/** What a cluster's RBAC is asked. */
export interface RbacFacts {
  /** Every RBAC object of the cluster, Kubernetes' own among them. */
  readonly objects: RbacObjects;
  /** The Kubernetes minor, such as `1.35`. */
  readonly minor: string;
  /**
   * What is asked.
   *
   * @default - `get pods` in `default`, and where that is refused in every namespace the identity has rights in
   */
  readonly question?: Question;
  /**
   * Whether it is not known what the identity's access entry permits.
   *
   * @default - it is known
   */
  readonly isUntold?: (identity: MappedIdentity) => boolean;
}

/** What RBAC messages name. */
export interface RbacPlace {
  /** The platform, whose config and cluster have its name. */
  readonly clusterName: string;
}

const PODS: ResourceRequest = { verb: 'get', apiGroup: '', resource: 'pods', namespace: 'default' };
const USUAL: Question = { request: PODS, inWords: 'get pods in default', notes: [] };

/** Whether somebody who is in may do anything there. */
export function rbacStep(
  identity: MappedIdentity,
  callerArn: string,
  facts: RbacFacts,
  access: Access,
  place: RbacPlace,
): LoginStep {
  const { objects, question = USUAL, isUntold } = facts;
  if (isUntold?.(identity) === true) {
    return skipped('RBAC', 'not asked: the file of entries tells nothing of this one but its ARN');
  }
  const { request, inWords, notes } = question;
  const decide = authorizer(objects);
  const { allowed, by, errors } = decide.authorize(identity, request);
  const remarks = [...errors, ...notes];
  const [ground] = by;
  if (allowed && ground !== undefined) return passed('RBAC', `may ${inWords}: ${groundInWords(ground)}`, remarks);
  const elsewhere = question === USUAL ? rightsElsewhere(decide, identity) : undefined;
  if (elsewhere !== undefined) return passed('RBAC', elsewhere, remarks);
  const unknown = identity.policies
    .map(({ policy }) => policyName(policy))
    .filter((name) => !Object.hasOwn(ACCESS_POLICY_RULES, name));
  if (unknown.length > 0) return skipped('RBAC', `not known: what ${unknown.join(', ')} permits is not known here`);
  const causes = [
    ...outdone(identity, callerArn, access, facts, question),
    ...rbacCauses(identity, facts, question, place),
  ];
  const nothing = ownGrounds(decide, identity).length === 0;
  const line = nothing ? 'is in, and may do nothing but what everybody may who is' : `may not ${inWords}`;
  return failed('RBAC', line, causes, remarks);
}

/** Where the usual question is answered with yes, or what else there is to do. */
function rightsElsewhere(decide: Authorizer, identity: MappedIdentity): string | undefined {
  const allowed = namespacesOf(decide, identity).filter(
    ({ namespace }) => decide.authorize(identity, { ...PODS, namespace }).allowed,
  );
  if (allowed.length > 0) {
    const names = allowed.map(({ shown }) => shown).join(', ');
    return `may get pods in ${names}; not in default, so name one: kubectl -n ${allowed[0]?.shown ?? ''}`;
  }
  const grounds = ownGrounds(decide, identity);
  if (grounds.length === 0) return undefined;
  const more = grounds.length > 3 ? ` and ${grounds.length - 3} more` : '';
  return `may not get pods, and has rights by ${grounds.slice(0, 3).join(', ')}${more}`;
}

/** Namespaces to ask about; one for each pattern, shown as the pattern. */
function namespacesOf(decide: Authorizer, identity: MappedIdentity): { namespace: string; shown: string }[] {
  const patterns = identity.policies.flatMap(({ namespaces = [] }) => namespaces.filter((each) => each.includes('*')));
  return [...decide.namespacesOf(identity), ...patterns].map((shown) => ({
    shown,
    namespace: shown.replaceAll('*', 'x'),
  }));
}

/** What gives an identity more than everybody who is in has. */
function ownGrounds(decide: Authorizer, identity: MappedIdentity): string[] {
  const everybody = { username: '', groups: ['system:authenticated'] };
  const places = ['', ...namespacesOf(decide, identity).map(({ namespace }) => namespace)];
  const inAll = (who: typeof everybody | MappedIdentity): string[] =>
    places.flatMap((namespace) => decide.rulesFor(who, namespace).rules.map((reason) => groundInWords(reason)));
  const common = new Set(inAll(everybody));
  return [...new Set(inAll(identity))].filter((ground) => !common.has(ground));
}

/** A line of aws-auth that would have allowed it, if there were no access entry. */
function outdone(
  { by }: MappedIdentity,
  callerArn: string,
  access: Access,
  { objects }: RbacFacts,
  { request }: Question,
): LikelyCause[] {
  if (by.source !== 'entry' || access.mode !== 'API_AND_CONFIG_MAP') return [];
  const below = mapIdentity(callerArn, { ...access, mode: 'CONFIG_MAP' });
  if (!below.mapped || !authorizer(objects).authorize(below, request).allowed) return [];
  return [
    {
      cause: `${lineInWords(below.by.source, below.by.index)} would allow it, and counts for nothing: the access entry wins wholly`,
      fix: 'give the access entry the same groups or a policy, or delete it',
      who: 'whoever may call eks:UpdateAccessEntry, eks:AssociateAccessPolicy or eks:DeleteAccessEntry',
    },
  ];
}
