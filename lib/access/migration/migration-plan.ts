import type { Access } from '../access';
import { identityMapper, type MappedIdentity } from '../authenticator/map-identity';
import { authorizer } from '../rbac/authorize';
import type { ProposedAccess } from './grants-for';
import { lineRemovals, remainingLines, type LineRemoval } from './line-removal';
import { migratingPrincipals, type MigratingPrincipal } from './migrating-principal';
import { migrationProblems } from './migration-problems';
import { migrationStates, type MigrationInput, type MigrationStates } from './migration-states';
import { principalKey, type MapLine } from './map-line';
import { nextStep } from './next-step';
import { policyNotes } from './policy-note';
import { boundGroups, identityInWords, rightsChange, type Held, type Verdict } from './rights-change';

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
  readonly gains: readonly string[];
  /** What it may do no more. */
  readonly loses: readonly string[];
  /** What else is to be known. */
  readonly notes: readonly string[];
}

/** One state of a cluster on the way. */
export interface MigrationStage {
  /** From 1. */
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
  /** What to do next, in one sentence. */
  readonly next: string;
}

/** Reckons the way from aws-auth to access entries: four stages, each decided by the simulator for everybody. */
export function migrationPlan(input: MigrationInput): MigrationPlan {
  const states = migrationStates(input);
  const principals = migratingPrincipals(states);
  const removals = lineRemovals(states, principals);
  const remaining = remainingLines(states, removals);
  const problems = migrationProblems(input, states);
  return {
    lines: states.lines,
    principals,
    proposed: states.proposed,
    stages: stagesOf(states, principals, [
      { title: 'as it is', access: states.now, wayBack: '' },
      ...(states.mode === 'API'
        ? []
        : [
            {
              title: 'entries beside aws-auth',
              access: states.beside(states.lines),
              wayBack: 'without its entry a line counts again, so an entry may go; the mode stays',
            },
            {
              title: 'lines taken out',
              access: states.beside(remaining),
              wayBack: 'a line may be written again; it counts when its entry goes',
            },
          ]),
      {
        title: 'mode API',
        access: states.beside([], 'API'),
        wayBack: 'none: EKS never leaves mode API',
      },
    ]),
    removals,
    problems: [...problems.now, ...problems.beforeApi],
    warnings: warningsOf(input, states),
    next: nextStep(states, removals, problems),
  };
}

/** The principals of lines that let somebody in, and for whom there is neither an access entry nor a grant. */
export function onlyInAwsAuth(input: MigrationInput): string[] {
  const { lines, rendered, standing } = migrationStates(input);
  const known = new Set(
    [...standing.entries, ...rendered.access.entries].map(({ principalArn }) => principalKey(principalArn)),
  );
  return lines.flatMap(({ kind, line, account, grant }) => {
    if (kind === 'without effect' || grant !== undefined) return [];
    if (line === undefined) return [`everybody of account ${account ?? ''}`];
    return known.has(principalKey(line.arn)) ? [] : [line.arn];
  });
}

interface Step {
  readonly title: string;
  readonly access: Access;
  readonly wayBack: string;
}

function stagesOf(states: MigrationStates, principals: readonly MigratingPrincipal[], steps: Step[]): MigrationStage[] {
  const comparison = { authorizer: authorizer(states.objects), boundGroups: boundGroups(states.objects) };
  let before: readonly Held[] | undefined;
  return steps.map(({ title, access, wayBack }, index) => {
    const identityOf = identityMapper(access);
    const after = principals.map(({ caller, principal }): Held => {
      const held = identityOf(caller);
      const hidden = held.mapped && held.by.source === 'entry' && states.standing.unknown.has(principalKey(principal));
      return hidden && !isTarget(principal, index, states) ? 'not known' : held;
    });
    const rows = principals.map(({ principal, grant }, at): PrincipalStage => {
      const held = after[at] ?? 'not known';
      const change = rightsChange(before?.[at] ?? held, held, comparison);
      const byPolicy = policyNotes(grant, change, states, comparison);
      const { verdict, gains, loses, notes } = change;
      return { principal, ...standing(held), verdict, gains, loses, notes: [...byPolicy, ...notes] };
    });
    before = after;
    return { stage: index + 1, title, mode: access.mode, wayBack, principals: rows };
  });
}

/** From stage 2 on an entry is as the config writes it. */
function isTarget(principal: string, index: number, { target }: MigrationStates): boolean {
  return index > 0 && target.access.entries.some((each) => principalKey(each.principalArn) === principalKey(principal));
}

function standing(held: Held): Pick<PrincipalStage, 'by' | 'identity'> {
  if (held === 'not known') return { by: 'entry', identity: 'not known' };
  return held.mapped
    ? { by: byInWords(held), identity: identityInWords(held) }
    : { by: 'nothing', identity: 'is not let in' };
}

function byInWords({ by: { source, index } }: MappedIdentity): string {
  return source === 'entry' ? source : `${source}[${index}]`;
}

/** An entry that is there and not ours is in the way of a deploy. */
function warningsOf(input: MigrationInput, { standing: { entries }, target }: MigrationStates): string[] {
  const record = input.record ?? input.config.access.record;
  if (input.entries === undefined) return [];
  const recorded = new Set(Object.keys(record?.principals ?? {}).map(principalKey));
  const ours = new Set(target.access.entries.map(({ principalArn }) => principalKey(principalArn)));
  return entries.flatMap(({ principalArn }) => {
    const key = principalKey(principalArn);
    if (!ours.has(key) || recorded.has(key)) return [];
    return [
      `${principalArn} has an access entry already: if this platform did not make it, delete it right before the deploy of stage 2, which EKS refuses otherwise`,
    ];
  });
}
