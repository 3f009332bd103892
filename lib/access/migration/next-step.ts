import type { LineRemoval } from './line-removal';
import { principalKey } from './map-line';
import type { MigrationProblems } from './migration-problems';
import type { MigrationStates } from './migration-states';

/** What to do next on the way, in one sentence. */
export function nextStep(
  states: MigrationStates,
  removals: readonly LineRemoval[],
  { now, beforeApi }: MigrationProblems,
): string {
  const { mode, lines } = states;
  if (now.length > 0) return 'mend the problems';
  if (mode === 'API') return lines.length === 0 ? 'nothing: access entries decide' : 'delete aws-auth: nobody reads it';
  if (mode === 'CONFIG_MAP' || missingEntries(states)) return deployStage2(states);
  if (removals.some(({ time }) => time !== 'stays')) return 'take the lines out in the order of stage 3, one by one';
  if (beforeApi.length > 0) return 'mend the problems';
  return "set `access.authenticationMode: 'API'` and deploy";
}

function missingEntries({ standing, target }: MigrationStates): boolean {
  const has = new Set(standing.entries.map(({ principalArn }) => principalKey(principalArn)));
  return target.access.entries.some(({ principalArn }) => !has.has(principalKey(principalArn)));
}

function deployStage2({ rendered, proposed }: MigrationStates): string {
  const asEntries = new Set(rendered.behind.entry);
  const inAwsAuth = Object.keys(rendered.grants).filter((name) => !asEntries.has(name));
  return [
    'deploy stage 2',
    ...(rendered.access.mode === 'API_AND_CONFIG_MAP' ? [] : ["`access.authenticationMode: 'API_AND_CONFIG_MAP'`"]),
    ...(inAwsAuth.length === 0 ? [] : [`\`renderAs: 'both'\` for ${inAwsAuth.join(', ')}`]),
    ...(proposed.proposals.length === 0 ? [] : ['the grants that `--write <file>` writes']),
  ].join(', with ');
}
