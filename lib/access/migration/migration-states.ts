import type { PlatformConfig } from '../../platform-config';
import type { Access, AccessEntry } from '../access';
import type { AccessRecord, PrincipalGrants } from '../access-grant';
import { defaultRoles } from '../rbac/default-roles';
import type { RbacObjects } from '../rbac/rbac-objects';
import { NO_OBJECTS, together } from '../rbac/rbac-rendering';
import { renderedAccess, type RenderedAccess } from '../rendered-access';
import { readTexts, type AwsAuthFile, type ReadMapLine } from './aws-auth-file';
import type { KnownEntry } from './entries-file';
import { grantsFor, grantsWithPrincipals, proposedNodeRoles, type ProposedAccess } from './grants-for';
import { classifyLines, principalKey, type MapLine } from './map-line';
import { textsOf } from './map-texts';
import { recordedEntries, standingEntries, type StandingEntries } from './standing-entries';
import { placed, writtenTexts, type Placing } from './written-access';

/** What a migration starts from. */
export interface MigrationInput {
  /** The platform. It must have no problems but those of its record. */
  readonly config: Pick<PlatformConfig, 'env' | 'access' | 'controlPlane'>;
  /**
   * The aws-auth of the cluster.
   *
   * @default - what the config writes there
   */
  readonly awsAuth?: AwsAuthFile;
  /**
   * The access entries of the cluster.
   *
   * @default - those of the record; else with `awsAuth` none, without it those that the config writes
   */
  readonly entries?: readonly KnownEntry[];
  /**
   * The access that is deployed.
   *
   * @default - that of the config
   */
  readonly record?: AccessRecord;
  /**
   * RBAC objects under `k8s/`.
   *
   * @default - none
   */
  readonly k8s?: RbacObjects;
}

/** A migration before any stage is looked at. */
export interface MigrationStates {
  /** Who decides on access now. */
  readonly mode: Access['mode'];
  /** The lines of aws-auth. */
  readonly lines: readonly MapLine[];
  /** What the config needs for them. */
  readonly proposed: ProposedAccess;
  /** What the config comes to as it stands. */
  readonly rendered: RenderedAccess;
  /** What it comes to with the proposed grants, all of them access entries. */
  readonly target: RenderedAccess;
  /** The entries of now. */
  readonly standing: StandingEntries;
  /** Every RBAC object, the same all the way. */
  readonly objects: RbacObjects;
  /** Those that stay; one of ours goes with its grant. */
  readonly staying: readonly AccessEntry[];
  /** The principals that had a grant when the record was made. */
  readonly recorded: readonly string[];
  /** The access of now. */
  readonly now: Access;
  /** With the entries of the target, and with those lines of aws-auth. */
  beside(lines: readonly ReadMapLine[], mode?: Access['mode']): Access;
}

/** Puts together what a cluster holds now and what it will. */
export function migrationStates({ config, awsAuth, entries, ...input }: MigrationInput): MigrationStates {
  const { env, access, controlPlane } = config;
  const record = input.record ?? access.record;
  const rendered = renderedAccess(config);
  const { partition, account } = rendered.access;
  const texts = awsAuth?.texts ?? writtenTexts(config, rendered.grants, record);
  const withPlaces = (grants: PrincipalGrants, place: Placing): PlatformConfig['access'] => ({
    ...access,
    grants: placed(grants, place),
  });
  const lines = classifyLines(awsAuth?.lines ?? readTexts(texts).lines, {
    partition,
    account,
    grants: rendered.grants,
  });
  const mode = modeOf(record, entries) ?? (awsAuth === undefined ? rendered.access.mode : 'CONFIG_MAP');
  const own = renderedAccess({ env, access: withPlaces(rendered.grants, () => 'access-entries') }).access.entries;
  const known = entries ?? (record === undefined ? undefined : recordedEntries(record));
  const unrecorded = awsAuth === undefined ? rendered.access.entries : [];
  const standing = standingEntries(known ?? unrecorded, own, lines);
  const owned = new Set(own.map(({ principalArn }) => principalKey(principalArn)));
  const recorded = Object.keys(record?.principals ?? {});
  const going = new Set(recorded.map(principalKey).filter((key) => !owned.has(key)));
  const staying = standing.entries.filter(({ principalArn }) => !going.has(principalKey(principalArn)));
  // in mode API a line lets in nobody, so a grant for it would be news
  const proposed = grantsFor(mode === 'API' ? [] : lines, {
    account,
    names: { grants: Object.keys(access.grants), nodeRoles: Object.keys(access.nodeRoles ?? {}) },
    arns: [
      ...knownArns(rendered, access.sso?.accounts[account]),
      ...(entries ?? []).map((each) => each.principalArn),
      ...written(lines),
    ],
    entries: entries && staying.map(({ principalArn }) => principalArn),
    own: rendered.access.entries.map(({ principalArn }) => principalArn),
    sso: access.sso,
  });
  const targetGrants = { ...grantsWithPrincipals(proposed.proposals), ...rendered.grants };
  const target = renderedAccess({
    env,
    access: {
      ...withPlaces(targetGrants, () => 'access-entries'),
      authenticationMode: 'API',
      nodeRoles: { ...proposedNodeRoles(proposed.proposals), ...access.nodeRoles },
    },
  });
  // in both places, so that the bindings of every line and every entry are there
  const everywhere = renderedAccess({ env, access: withPlaces(target.grants, () => 'both') });
  const targeted = new Set(target.access.entries.map(({ principalArn }) => principalKey(principalArn)));
  const others = staying.filter(({ principalArn }) => !targeted.has(principalKey(principalArn)));
  return {
    mode,
    lines,
    proposed,
    rendered,
    target,
    standing,
    objects: together(
      defaultRoles(controlPlane.version),
      everywhere.written,
      everywhere.manifests,
      input.k8s ?? NO_OBJECTS,
    ),
    staying,
    recorded,
    now: { mode, partition, account, entries: standing.entries, awsAuth: texts },
    beside: (remaining, then = 'API_AND_CONFIG_MAP') => ({
      mode: then,
      partition,
      account,
      entries: [...target.access.entries, ...others],
      awsAuth: textsOf(remaining),
    }),
  };
}

/** With entries at hand the mode has API: without it EKS shows none. */
function modeOf(record: AccessRecord | undefined, entries: unknown): Access['mode'] | undefined {
  if (record?.authenticationMode === 'API') return 'API';
  if (entries !== undefined || record?.authenticationMode === 'API_AND_CONFIG_MAP') return 'API_AND_CONFIG_MAP';
  return record === undefined ? undefined : 'CONFIG_MAP';
}

/** ARNs with their path. */
function knownArns(
  { grants, access }: RenderedAccess,
  permissionSets: Readonly<Record<string, string>> = {},
): string[] {
  return [
    ...Object.values(permissionSets),
    ...Object.values(grants).map(({ principal }) => principal),
    ...access.entries.map(({ principalArn }) => principalArn),
  ];
}

/** Somebody may have written the ARN with its path, in vain, and then without. */
function written(lines: readonly MapLine[]): string[] {
  return lines.flatMap(({ kind, line }) =>
    kind === 'without effect' && /:role\/.*\//.test(line?.arn ?? '') && !/:sts:/.test(line?.arn ?? '')
      ? [line?.arn ?? '']
      : [],
  );
}
