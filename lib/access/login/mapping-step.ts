import type { Access } from '../access';
import type { CanonicalArn } from '../authenticator/canonical-arn';
import { mapIdentity, type MappedIdentity } from '../authenticator/map-identity';
import { scopeInWords } from '../reasons-in-words';
import { knownPrincipals, lineInWords } from './known-principals';
import { failed, passed, type LoginStep } from './login-step';
import { mappingCauses } from './mapping-causes';
import type { MappingPlace } from './mapping-remedies';
import { policyName } from './rbac-causes';

/** What a cluster holds about who may come in. */
export interface MappingFacts {
  /** Entries and aws-auth. */
  readonly access: Access;
  /**
   * The name of the grant that lets somebody in.
   *
   * @default - nothing is a grant's
   */
  readonly grantOf?: (identity: MappedIdentity) => string | undefined;
  /**
   * What the config comes to, if the rest is what a cluster holds.
   *
   * @default - the rest is what the config comes to
   */
  readonly configured?: Access;
  /**
   * What is wrong with an aws-auth that was read from a file.
   *
   * @default - nothing
   */
  readonly flaws?: readonly string[];
}

/** Who a caller is to the cluster, or why nobody. */
export function mappingStep(
  caller: CanonicalArn,
  callerArn: string,
  facts: MappingFacts,
  place: MappingPlace,
): { step: LoginStep; identity?: MappedIdentity } {
  const { access, grantOf } = facts;
  const identity = mapIdentity(callerArn, access);
  if (!identity.mapped) {
    const causes = mappingCauses(caller, callerArn, identity, facts, place);
    return { step: failed('mapping', identity.detail, causes) };
  }
  const through = sourceOf(identity, access, grantOf?.(identity));
  const line = [`${through}: user ${identity.username || '""'}`, ...memberships(identity)].join(', ');
  return { step: passed('mapping', line, remarks(callerArn, caller, identity, access)), identity };
}

function sourceOf({ by }: MappedIdentity, { entries }: Access, grant: string | undefined): string {
  if (by.source !== 'entry')
    return `${lineInWords(by.source, by.index)}${grant === undefined ? '' : `, grant ${grant}`}`;
  return `access entry of ${grant === undefined ? (entries[by.index]?.principalArn ?? '') : `grant ${grant}`}`;
}

function memberships({ groups, policies }: MappedIdentity): string[] {
  const own = groups.filter((group) => group !== 'system:authenticated');
  return [
    ...(own.length === 0 ? [] : [`groups ${own.join(' ')}`]),
    ...policies.map(({ policy, namespaces }) => `${policyName(policy)} ${scopeInWords(namespaces)}`),
  ];
}

function remarks(callerArn: string, caller: CanonicalArn, { by }: MappedIdentity, access: Access): string[] {
  const below = by.source === 'entry' && access.mode === 'API_AND_CONFIG_MAP';
  const line = below ? mapIdentity(callerArn, { ...access, mode: 'CONFIG_MAP' }) : undefined;
  const places = knownPrincipals(access).filter(({ place, read }) => place === by.source && read !== undefined);
  const written = places.find(({ read }) => isSpelledOtherwise(read, caller))?.written;
  return [
    ...(line?.mapped === true
      ? [
          `${lineInWords(line.by.source, line.by.index)} is for it too, and counts for nothing: the access entry wins wholly`,
        ]
      : []),
    ...(written === undefined ? [] : [`written ${written}: capitals and small letters are the same here`]),
  ];
}

function isSpelledOtherwise(read: CanonicalArn | undefined, caller: CanonicalArn): boolean {
  const name = ({ roleName, arn }: CanonicalArn): string => roleName ?? arn;
  if (read === undefined || read.account !== caller.account) return false;
  return name(read) !== name(caller) && name(read).toLowerCase() === name(caller).toLowerCase();
}
