import { isDeepStrictEqual } from 'node:util';
import { identityMapper } from '../authenticator/map-identity';
import type { MigratingPrincipal } from './migrating-principal';
import { principalKey, type MapLine } from './map-line';
import type { MigrationStates } from './migration-states';

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
  let before = identities(states, remaining, principals);
  return ordered.map(({ line: { place }, time, why }) => {
    if (time === 'stays') return { place, time, why, affects: [] };
    remaining = remaining.filter((each) => each.place !== place);
    const after = identities(states, remaining, principals);
    const affects = principals.filter((_, index) => !isDeepStrictEqual(before[index], after[index]));
    before = after;
    return { place, time, why, affects: affects.map(({ principal }) => principal) };
  });
}

/** The lines that are left when all have gone that may. */
export function remainingLines({ lines }: MigrationStates, removals: readonly LineRemoval[]): MapLine[] {
  const stay = new Set(removals.filter(({ time }) => time === 'stays').map(({ place }) => place));
  return lines.filter(({ place }) => stay.has(place));
}

function timeOf({ kind, line, why, grant }: MapLine, states: MigrationStates): Pick<LineRemoval, 'time' | 'why'> {
  const { mode, standing, target } = states;
  if (mode === 'API') return { time: 'now', why: 'with mode API nobody reads it' };
  if (kind === 'without effect') return { time: 'now', why: `it lets in nobody: ${why ?? ''}` };
  const key = line === undefined ? '' : principalKey(line.arn);
  const stands = standing.entries.some(({ principalArn }) => principalKey(principalArn) === key);
  const comes = target.access.entries.some(({ principalArn }) => principalKey(principalArn) === key);
  if (kind === 'node' || kind === 'fargate') {
    if (!stands && !comes) return { time: 'stays', why: 'these nodes have no access entry yet' };
    const what = kind === 'node' ? 'a node that has joined' : 'a pod that has started';
    return { time: 'last', why: `after ${what} by the access entry${stands ? '' : ' of stage 2'}` };
  }
  if (kind === 'blocked') return { time: 'stays', why: why ?? '' };
  if (stands) return { time: 'now', why: `its access entry wins already${byDeploy(grant, states)}` };
  if (comes)
    return { time: 'after entries', why: `the access entry of stage 2 wins over it${byDeploy(grant, states)}` };
  return { time: 'stays', why: 'it has no access entry and no grant' };
}

/** A line that the config writes comes again with the next deploy if a hand takes it out. */
function byDeploy(grant: string | undefined, { rendered }: MigrationStates): string {
  if (grant === undefined) return '';
  const written = [...rendered.behind.mapRoles, ...rendered.behind.mapUsers].includes(grant);
  return written ? `; \`renderAs: 'access-entries'\` of ${grant} takes it out` : '';
}

function identities(
  states: MigrationStates,
  lines: readonly MapLine[],
  principals: readonly MigratingPrincipal[],
): readonly unknown[] {
  const identityOf = identityMapper(states.beside(lines));
  return principals.map(({ caller }) => identityOf(caller));
}
