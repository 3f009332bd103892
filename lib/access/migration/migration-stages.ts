import type { Access } from '../access';
import { identityMapper } from '../authenticator/map-identity';
import { authorizer } from '../rbac/authorize';
import { remainingLines, type LineRemoval } from './line-removal';
import { principalKey } from './map-line';
import type { MigratingPrincipal } from './migrating-principal';
import type { MigrationStates } from './migration-states';
import { policyNotes } from './policy-note';
import {
  groupsBoundIn,
  identityInWords,
  NO_CHANGE,
  rightsChange,
  type Comparison,
  type Held,
  type RightsChange,
  type Verdict,
} from './rights-change';
import { inOneWord, type RightsPart } from './rights-part';

/** What a stage comes to for one principal. */
export interface PrincipalStage {
  /** Its ARN, or `account 222233334444`. */
  readonly principal: string;
  /** What lets it in: `entry`, `mapRoles[0]`, or `nothing`. */
  readonly by: string;
  /** What it is there. */
  readonly identity: string;
  /** What has changed since the stage before; in the first stage nothing has. */
  readonly verdict: Verdict;
  /** What it may do since. */
  readonly gains: readonly RightsPart[];
  /** What it may do no more. */
  readonly loses: readonly RightsPart[];
  /** What else is to be known. */
  readonly notes: readonly string[];
}

/** One state of a cluster on the way. */
export interface MigrationStage {
  /** 1 to 4; a cluster in mode API has left out the second and the third. */
  readonly stage: number;
  /** In words. */
  readonly title: string;
  /** Who decides on access. */
  readonly mode: Access['mode'];
  /** How to go back from it to the one before. */
  readonly wayBack: string;
  /** Everybody. */
  readonly principals: readonly PrincipalStage[];
}

/** The stages, each decided by the simulator for everybody. */
export function migrationStages(
  states: MigrationStates,
  principals: readonly MigratingPrincipal[],
  removals: readonly LineRemoval[],
): MigrationStage[] {
  const last = { stage: 4, title: 'aws-auth left behind', access: states.beside([], 'API') };
  const between: readonly Step[] = [
    {
      stage: 2,
      title: 'entries beside aws-auth',
      access: states.beside(states.lines),
      wayBack: 'without its entry a line counts again, so an entry may go; the mode stays',
    },
    {
      stage: 3,
      title: 'lines taken out',
      access: states.beside(remainingLines(states, removals)),
      wayBack: 'a line may be written again; it counts when its entry goes',
    },
  ];
  return stagesOf(states, principals, [
    { stage: 1, title: 'as it is', access: states.now, wayBack: '' },
    ...(states.mode === 'API' ? [] : between),
    { ...last, wayBack: 'none: EKS never leaves mode API' },
  ]);
}

interface Step {
  readonly stage: number;
  readonly title: string;
  readonly access: Access;
  readonly wayBack: string;
}

function stagesOf(states: MigrationStates, principals: readonly MigratingPrincipal[], steps: Step[]): MigrationStage[] {
  const comparison = { authorizer: authorizer(states.objects), boundGroups: groupsBoundIn(states.objects) };
  let before: readonly Standing[] | undefined;
  return steps.map(({ stage, title, access, wayBack }) => {
    const identityOf = identityMapper(access);
    const after = principals.map(({ principal, caller }): Standing => {
      const held = identityOf(caller);
      return { held, hidden: isHidden(held, principal, stage, states) };
    });
    const rows = after.map((now, at): PrincipalStage => {
      const { principal = '', grant } = principals[at] ?? {};
      const change = changeOf(before?.[at] ?? now, now, comparison);
      const notes = [...policyNotes(grant, change, states, comparison), ...change.notes];
      const { verdict, gains, loses } = change;
      return { principal, by: byInWords(now.held), identity: inWords(now), verdict, gains, loses, notes };
    });
    before = after;
    return { stage, title, mode: access.mode, wayBack, principals: rows };
  });
}

/** Who somebody is to the cluster, and whether that is an entry of which only the ARN is known. */
interface Standing {
  readonly held: Held;
  readonly hidden: boolean;
}

const HIDDEN = 'what its access entry says: `aws eks describe-access-entry` tells';

function changeOf(was: Standing, now: Standing, comparison: Comparison): RightsChange {
  if (!was.hidden || now.hidden) return rightsChange(was.held, now.held, comparison);
  return now.held.mapped
    ? { ...NO_CHANGE, verdict: 'not known', notes: [`had ${HIDDEN}`] }
    : { ...NO_CHANGE, verdict: 'shut out', loses: [inOneWord(`had ${HIDDEN}`)] };
}

function isHidden(held: Held, principal: string, stage: number, { standing, target }: MigrationStates): boolean {
  const key = principalKey(principal);
  if (!held.mapped || held.by.source !== 'entry' || !standing.unknown.has(key)) return false;
  // from stage 2 on an entry is what the config writes
  return stage === 1 || !target.access.entries.some(({ principalArn }) => principalKey(principalArn) === key);
}

function inWords({ held, hidden }: Standing): string {
  if (!held.mapped) return 'is not let in';
  return hidden ? HIDDEN : identityInWords(held);
}

function byInWords(held: Held): string {
  if (!held.mapped) return 'nothing';
  const { source, index } = held.by;
  return source === 'entry' ? source : `${source}[${index}]`;
}
