import { distance, nearestRemedy } from '../../shape';
import type { Access } from '../access';
import type { CanonicalArn } from '../authenticator/canonical-arn';
import { mapIdentity, type UnmappedCaller } from '../authenticator/map-identity';
import { permissionSetOf } from '../permission-set';
import { inWords } from './caller-step';
import { isLine, knownPrincipals, nameOf, type KnownPrincipal } from './known-principals';
import type { LikelyCause } from './login-step';
import { remediesFor, type MappingPlace } from './mapping-remedies';
import type { MappingFacts } from './mapping-step';

/** What a refusal is about. */
interface Refusal {
  readonly caller: CanonicalArn;
  /** The ARN as it was given. */
  readonly callerArn: string;
  readonly refused: UnmappedCaller;
  readonly access: Access;
  readonly facts: MappingFacts;
  readonly place: MappingPlace;
  readonly known: readonly KnownPrincipal[];
}

/** Why a cluster knows nothing of a caller, the likeliest first. */
export function mappingCauses(
  caller: CanonicalArn,
  callerArn: string,
  refused: UnmappedCaller,
  facts: MappingFacts,
  place: MappingPlace,
): LikelyCause[] {
  const { access } = facts;
  const refusal = { caller, callerArn, refused, access, facts, place, known: knownPrincipals(access) };
  if (refused.reason === 'template-failed') return [templateCause(refusal)];
  const found = CERTAIN.flatMap((causes) => causes(refusal));
  return [...found, ...(found.length > 0 ? [] : nearest(refusal)), ...always(refusal, found.length > 0)];
}

/** What explains a refusal by itself. */
const CERTAIN: readonly ((refusal: Refusal) => LikelyCause[])[] = [
  unread,
  pathInLine,
  sessionInLine,
  permissionSetMadeAgain,
  otherKind,
  userPath,
  elsewhere,
  undeployed,
  unreadable,
];

function undeployed({ callerArn, facts: { configured }, place }: Refusal): LikelyCause[] {
  if (configured === undefined || !mapIdentity(callerArn, configured).mapped) return [];
  const cause = `config/${place.clusterName}.ts grants it something, and the cluster does not hold that`;
  return [{ cause, ...remediesFor(place).deploy }];
}

function unread({ callerArn, access, place }: Refusal): LikelyCause[] {
  const remedies = remediesFor(place);
  if (access.mode === 'API') {
    const there = mapIdentity(callerArn, { ...access, mode: 'CONFIG_MAP' });
    if (!there.mapped) return [];
    return [{ cause: 'it is in aws-auth, and with authentication mode API nobody reads that', ...remedies.entry }];
  }
  if (access.mode === 'API_AND_CONFIG_MAP') return [];
  const there = mapIdentity(callerArn, { ...access, mode: 'API', awsAuth: undefined });
  if (!there.mapped) return [];
  const cause = 'it has an access entry, and with authentication mode CONFIG_MAP nobody reads those';
  return [{ cause, ...remedies.mode }];
}

function pathInLine({ caller, access, known, place }: Refusal): LikelyCause[] {
  if (caller.roleName === undefined || access.mode === 'API') return [];
  return known
    .filter((each) => isLine(each) && each.read?.kind === 'role' && isRoleOf(each.read, caller))
    .map(({ where, written }) => ({
      cause: `the role ARN in aws-auth has a path (${where}: ${written}), which STS never tells, so it never matches`,
      ...remediesFor(place).line(where, withoutPath(caller)),
    }));
}

function sessionInLine({ caller, access, known, place }: Refusal): LikelyCause[] {
  if (access.mode === 'API') return [];
  return known
    .filter((each) => isLine(each) && each.read?.kind === 'assumed-role' && isRoleOf(each.read, caller))
    .map(({ where, written }) => ({
      cause: `aws-auth names a session in place of its role (${where}: ${written}), and nothing there matches sessions`,
      ...remediesFor(place).line(where, withoutPath(caller)),
    }));
}

function permissionSetMadeAgain({ caller, known, place }: Refusal): LikelyCause[] {
  const set = permissionSetOf(caller.roleName ?? '');
  if (set === undefined) return [];
  return known
    .filter(({ read }) => read?.account === caller.account && permissionSetOf(read.roleName ?? '') === set)
    .map(({ where, read }) => ({
      cause: `the permission set ${set} was made again, which gives its role another suffix: ${where} is for ${read?.roleName ?? ''}, and you are in as ${caller.roleName ?? ''}`,
      ...remediesFor(place).permissionSet,
    }));
}

function otherKind({ caller, known, place }: Refusal): LikelyCause[] {
  if (caller.kind === 'root' || caller.kind === 'federated-user') return [];
  const isUser = caller.kind === 'user';
  const same = known.find(
    ({ read }) =>
      read?.account === caller.account && (read.kind === 'user') !== isUser && isSameName(nameOf(read), nameOf(caller)),
  );
  if (same === undefined) return [];
  const [theirs, yours] = isUser ? ['role', 'user'] : ['user', 'role'];
  const cause = `${same.where} is for the ${theirs} of that name, and you are in as the ${yours}`;
  return [{ cause, ...remediesFor(place).signInAs(same.written) }];
}

function userPath({ caller, known, place }: Refusal): LikelyCause[] {
  if (caller.kind !== 'user') return [];
  return known
    .filter(({ read }) => read?.kind === 'user' && read.account === caller.account && nameOf(read) === nameOf(caller))
    .map(({ where, written, place: at }) => {
      const cause = `${where} has another path than the user: ${at === 'entry' ? '' : `it says ${written}, and `}STS tells ${caller.arn}`;
      const remedies = remediesFor(place);
      return { cause, ...(at === 'entry' ? remedies.entry : remedies.line(where, caller.arn)) };
    });
}

function elsewhere({ caller, known, place }: Refusal): LikelyCause[] {
  const set = permissionSetOf(caller.roleName ?? '');
  const same = known.find(
    ({ read }) =>
      read !== undefined &&
      (read.account !== caller.account || read.partition !== caller.partition) &&
      (read.kind === 'user') === (caller.kind === 'user') &&
      (isSameName(nameOf(read), nameOf(caller)) || (set !== undefined && permissionSetOf(nameOf(read)) === set)),
  );
  if (same?.read === undefined) return [];
  const { account } = same.read;
  const cause = `${same.where} is of account ${account}, and you are in as ${inWords(caller)} of ${caller.account}`;
  return [{ cause, ...remediesFor(place).signInAs(same.written) }];
}

function unreadable({ refused, facts: { flaws = [] }, place }: Refusal): LikelyCause[] {
  const found = [...(refused.reason === 'invalid-config-map' ? [refused.detail] : []), ...flaws];
  return found.map((flaw) => ({ cause: `not all of aws-auth can be read: ${flaw}`, ...remediesFor(place).configMap }));
}

function templateCause({ callerArn, refused, access, place }: Refusal): LikelyCause {
  const byEntry = refused.detail.includes('`entries[');
  const below = byEntry && mapIdentity(callerArn, { ...access, mode: 'CONFIG_MAP' }).mapped;
  const cause =
    'it is written down as a machine: {{EC2PrivateDNSName}} stands for the instance that a session is named by';
  const remedies = remediesFor(place);
  return {
    cause: below ? `${cause}; the line in aws-auth would do, but an access entry wins wholly` : cause,
    ...(byEntry ? remedies.entryType : remedies.template),
  };
}

/** The principal whose name is only a slip away. */
function nearest({ caller, known, place }: Refusal): LikelyCause[] {
  const name = nameOf(caller);
  const near = known
    .filter(({ read }) => read !== undefined && nearestRemedy(name, [nameOf(read)]) !== undefined)
    .map((each) => ({
      each,
      away: distance(name.toLowerCase(), each.read === undefined ? '' : nameOf(each.read).toLowerCase()),
    }))
    .sort((a, b) => a.away - b.away)[0];
  if (near === undefined) return [];
  const { where, written } = near.each;
  const cause = `${where}${isLine(near.each) ? ` (${written})` : ''} is only nearly for it`;
  return [{ cause, ...remediesFor(place).signInAs(written) }];
}

const EXECUTION_ROLE = /-cfn-exec-role-\d{12}-/;

/** What may always be the matter; what only repeats a cause that was found is left out. */
function always({ caller, place }: Refusal, explained: boolean): LikelyCause[] {
  const remedies = remediesFor(place);
  const forgotten = { cause: `nobody granted anything to ${inWords(caller)}`, ...remedies.entry };
  const profile = { cause: 'the credentials are of somebody else than you think', ...remedies.profile };
  const creator = {
    cause: place.creatorIsAdministrator
      ? 'the cluster was made from another session, and only whoever made it is an administrator by that'
      : 'you made the cluster, and here that gives no rights (bootstrapClusterCreatorAdminPermissions is false)',
    ...remedies.entry,
  };
  if (EXECUTION_ROLE.test(caller.roleName ?? '')) return [creator];
  return explained ? [] : [forgotten, profile, creator];
}

function isRoleOf(one: CanonicalArn, other: CanonicalArn): boolean {
  return (
    one.partition === other.partition &&
    one.account === other.account &&
    isSameName(one.roleName ?? '', other.roleName ?? '')
  );
}

function isSameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function withoutPath({ partition, account, roleName = '' }: CanonicalArn): string {
  return `arn:${partition}:iam::${account}:role/${roleName}`;
}
