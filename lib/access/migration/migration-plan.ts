import type { ProposedAccess } from './grants-for';
import { lineRemovals, type LineRemoval } from './line-removal';
import { principalKey, type MapLine } from './map-line';
import { migratingPrincipals, type MigratingPrincipal } from './migrating-principal';
import { migrationProblems } from './migration-problems';
import { migrationStages, type MigrationStage } from './migration-stages';
import { migrationStates, type MigrationInput } from './migration-states';
import { migrationSummary } from './migration-summary';
import { migrationWarnings } from './migration-warnings';
import { nextStep } from './next-step';

/** The way from aws-auth to access entries. */
export interface MigrationPlan {
  /** The lines of aws-auth. */
  readonly lines: readonly MapLine[];
  /** Whom it concerns. */
  readonly principals: readonly MigratingPrincipal[];
  /** What the config needs for them; the stages are reckoned with it. */
  readonly proposed: ProposedAccess;
  /** The stages. */
  readonly stages: readonly MigrationStage[];
  /** When each line may go. */
  readonly removals: readonly LineRemoval[];
  /** Why aws-auth cannot be left behind as things stand. */
  readonly problems: readonly string[];
  /** What may be not meant. */
  readonly warnings: readonly string[];
  /** How many gain, lose and stay as they are, and which lines may go, in one sentence. */
  readonly summary: string;
  /** What to do next, in one sentence. */
  readonly next: string;
}

/** Reckons the way from aws-auth to access entries: four stages, each decided by the simulator for everybody. */
export function migrationPlan(input: MigrationInput): MigrationPlan {
  const states = migrationStates(input);
  const principals = migratingPrincipals(states);
  const removals = lineRemovals(states, principals);
  const stages = migrationStages(states, principals, removals);
  const found = migrationProblems(input, states);
  const problems = [...found.now, ...found.beforeApi];
  return {
    lines: states.lines,
    principals,
    proposed: states.proposed,
    stages,
    removals,
    problems,
    warnings: migrationWarnings(input, states),
    summary: migrationSummary(stages, removals, problems),
    next: nextStep(states, removals, found),
  };
}

/** The principals of lines that let somebody in, and for whom there is neither an access entry nor a grant. */
export function onlyInAwsAuth(input: MigrationInput): string[] {
  const { lines, rendered, staying } = migrationStates(input);
  const known = new Set([...staying, ...rendered.access.entries].map(({ principalArn }) => principalKey(principalArn)));
  return lines.flatMap(({ kind, line, account, grant }) => {
    if (kind === 'without effect' || grant !== undefined) return [];
    if (line === undefined) return [`everybody of account ${account ?? ''}`];
    return known.has(principalKey(line.arn)) ? [] : [line.arn];
  });
}
