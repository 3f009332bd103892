import type { Access } from '../access';
import type { MappedIdentity } from '../authenticator/map-identity';
import { readAwsAuth } from '../migration/aws-auth-file';
import { readEntries } from '../migration/entries-file';
import { grantBehind } from '../reasons-in-words';
import type { Simulator } from '../simulator';
import type { MappingFacts } from './mapping-step';
import type { RbacFacts } from './rbac-step';

/** What a cluster really holds, as far as somebody saved it. */
export interface SavedAccess {
  /**
   * The aws-auth ConfigMap, as kubectl prints it.
   *
   * @default - what the config comes to
   */
  readonly awsAuth?: string;
  /**
   * The access entries, as the AWS CLI prints them.
   *
   * @default - what the config comes to
   */
  readonly entries?: string;
  /**
   * Who decides.
   *
   * @default - as in the config
   */
  readonly mode?: Access['mode'];
}

/** Who may come in and what they may do, and why a saved file is of no use. */
export interface LoginAccess {
  /** Who may come in. */
  readonly mapping: MappingFacts;
  /** Who may do what. */
  readonly rbac: Omit<RbacFacts, 'question'>;
  /** Why a file is of no use. */
  readonly problems: readonly string[];
}

/** The access that a login meets: the config's, and in place of its parts what was saved of the cluster. */
export function loginAccess({ rendered, objects, minor }: Simulator, saved: SavedAccess): LoginAccess {
  const configured = rendered.access;
  const map = saved.awsAuth === undefined ? undefined : readAwsAuth(saved.awsAuth);
  const list = saved.entries === undefined ? undefined : readEntries(saved.entries);
  const isSaved = ({ by }: MappedIdentity): boolean => (by.source === 'entry' ? list : map) !== undefined;
  const [flaws, useless] = [true, false].map((part) =>
    (map?.problems ?? []).filter((flaw) => ONE_TEXT.test(flaw) === part),
  );
  return {
    mapping: {
      access: {
        ...configured,
        mode: saved.mode ?? configured.mode,
        entries: list?.entries.map((entry) => ({ type: 'STANDARD', ...entry })) ?? configured.entries,
        awsAuth: map?.texts ?? configured.awsAuth,
      },
      grantOf: (identity) => (isSaved(identity) ? undefined : grantBehind(rendered, identity)),
      ...(map === undefined && list === undefined ? {} : { configured, flaws }),
    },
    rbac: {
      objects,
      minor,
      isUntold: ({ by }) => {
        const entry = by.source === 'entry' ? list?.entries[by.index] : undefined;
        return entry !== undefined && entry.policies === undefined && entry.groups === undefined;
      },
    },
    problems: [...(useless ?? []), ...(list?.problems ?? [])],
  };
}

/** What is wrong with one of the texts only; then the others count, as they do in the cluster. */
const ONE_TEXT = /^`(data\.)?map(Roles|Users|Accounts)`/i;
