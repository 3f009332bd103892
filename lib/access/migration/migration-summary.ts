import type { LineRemoval } from './line-removal';
import type { MigrationStage, PrincipalStage } from './migration-stages';

/** A migration in one sentence. */
export function migrationSummary(
  stages: readonly Pick<MigrationStage, 'principals'>[],
  removals: readonly LineRemoval[],
  { length }: readonly string[],
): string {
  const changes = new Map<string, PrincipalStage[]>();
  for (const { principals } of stages)
    for (const each of principals) changes.set(each.principal, [...(changes.get(each.principal) ?? []), each]);
  const count = (has: (all: readonly PrincipalStage[]) => boolean): number => [...changes.values()].filter(has).length;
  const gain = count((all) => all.some(({ gains }) => gains.length > 0));
  const lose = count((all) => all.some(({ loses }) => loses.length > 0));
  const unknown = count((all) => all.some(({ verdict }) => verdict === 'not known'));
  const same = count((all) => all.every(({ verdict }) => verdict === 'unchanged'));
  const lines = removals.length;
  const go = removals.filter(({ time }) => time !== 'stays').length;
  const problems = length === 0 ? 'no problem' : length === 1 ? '1 problem' : `${length} problems`;
  const people = [`${verb(gain, 'gain')}, ${verb(lose, 'lose')}, ${verb(same, 'stay')} the same`];
  if (unknown > 0) people.push(`of ${unknown} it is not known`);
  return `On the way ${people.join(', ')}; ${go} of ${lines} line${lines === 1 ? '' : 's'} may go; ${problems} before mode API.`;
}

function verb(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? 's' : ''}`;
}
