import { isDeepStrictEqual } from 'node:util';
import type { Access } from '../access';
import { identityMapper, type MappedIdentity, type UnmappedCaller } from '../authenticator/map-identity';
import type { MigratingPrincipal } from './migrating-principal';
import { principalKey, type MapLine } from './map-line';
import { textsOf } from './map-texts';
import type { MigrationStates } from './migration-states';
import { terms } from './rights-change';

/**
 * When a line may go: now, once the entries of the config are there, after all others, with the mode API at hand; or not
 * before something is done about it.
 */
export type RemovalTime = 'now' | 'after entries' | 'last' | 'stays';

/** When a line of aws-auth may go. */
export interface LineRemoval {
  /** The line, such as `mapRoles[0]`. */
  readonly place: string;
  /** When. */
  readonly time: RemovalTime;
  /** Why then. */
  readonly why: string;
  /** The principals for whom its going changes who they are; none, if it goes in its turn. */
  readonly affects: readonly string[];
}

const ORDER: readonly RemovalTime[] = ['now', 'after entries', 'last', 'stays'];

/** The lines in the order in which they may go, those of nodes last; those that stay come at the end. */
export function lineRemovals(states: MigrationStates, principals: readonly MigratingPrincipal[]): LineRemoval[] {
  const times = states.lines.map((line) => ({ line, ...timeOf(line, states) }));
  const ordered = ORDER.flatMap((time) => times.filter((each) => each.time === time));
  let remaining = states.lines;
  return ordered.map(({ line, time, why }) => {
    const { place } = line;
    if (time === 'stays') return { place, time, why, affects: [] };
    const rest = remaining.filter((each) => each.place !== place);
    const affects = affectedBy(line, time === 'now' ? states.now : states.beside([]), [remaining, rest], principals);
    remaining = rest;
    return { place, time, why, affects: affects.map(({ principal }) => principal) };
  });
}

/** The lines that are left when all have gone that may. */
export function remainingLines({ lines }: MigrationStates, removals: readonly LineRemoval[]): MapLine[] {
  const stay = new Set(removals.filter(({ time }) => time === 'stays').map(({ place }) => place));
  return lines.filter(({ place }) => stay.has(place));
}

function timeOf({ kind, line, why, grant }: MapLine, states: MigrationStates): Pick<LineRemoval, 'time' | 'why'> {
  const { mode, staying, target } = states;
  if (mode === 'API') return { time: 'now', why: 'with mode API nobody reads it' };
  if (kind === 'without effect') return { time: 'now', why: `it does not count: ${why ?? ''}` };
  const key = line === undefined ? '' : principalKey(line.arn);
  const stands = staying.some(({ principalArn }) => principalKey(principalArn) === key);
  const comes = target.access.entries.some(({ principalArn }) => principalKey(principalArn) === key);
  if (kind === 'node' || kind === 'fargate') {
    if (!stands && !comes) return { time: 'stays', why: 'these nodes have no access entry yet' };
    const joined = kind === 'node' ? 'a node has joined' : 'a pod has started';
    return { time: 'last', why: `once ${stands ? '' : 'stage 2 is deployed and '}${joined} by its access entry` };
  }
  if (stands) return { time: 'now', why: `its access entry wins already${byDeploy(grant, states)}` };
  if (comes)
    return { time: 'after entries', why: `the access entry of stage 2 wins over it${byDeploy(grant, states)}` };
  return { time: 'stays', why: why ?? 'it has no access entry and no grant' };
}

/** A line that the config writes comes again with the next deploy if a hand takes it out. */
function byDeploy(grant: string | undefined, { rendered }: MigrationStates): string {
  if (grant === undefined) return '';
  const written = [...rendered.behind.mapRoles, ...rendered.behind.mapUsers].includes(grant);
  return written ? `; \`renderAs: 'access-entries'\` of ${grant} takes it out` : '';
}

/** The principals who are somebody else to the cluster without a line. Only lines for the same ARN or account matter. */
function affectedBy(
  { line, account }: MapLine,
  access: Access,
  [before, after]: readonly [readonly MapLine[], readonly MapLine[]],
  principals: readonly MigratingPrincipal[],
): MigratingPrincipal[] {
  const key = line?.arn.toLowerCase();
  const concerned = principals.filter(({ principal, caller }) =>
    key === undefined ? caller.includes(`:${account ?? ''}:`) : principalKey(principal) === key,
  );
  if (concerned.length === 0) return [];
  const concerns = (each: MapLine): boolean =>
    key === undefined || each.line === undefined || each.line.arn.toLowerCase() === key;
  const [was, is] = [before, after].map((lines) =>
    identityMapper({ ...access, awsAuth: textsOf(lines.filter(concerns)) }),
  );
  // a line that goes moves those below it, so where they stand does not matter
  const termsOf = (identity: MappedIdentity | UnmappedCaller | undefined): unknown =>
    identity?.mapped === true ? terms(identity) : identity?.reason;
  return concerned.filter(({ caller }) => !isDeepStrictEqual(termsOf(was?.(caller)), termsOf(is?.(caller))));
}
