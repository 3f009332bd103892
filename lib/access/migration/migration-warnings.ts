import { principalKey } from './map-line';
import type { MigrationInput, MigrationStates } from './migration-states';

/** What is in the way of a deploy, was never so, or is only taken to be so. */
export function migrationWarnings(
  { awsAuth, entries, config, ...input }: MigrationInput,
  states: MigrationStates,
): string[] {
  const record = input.record ?? config.access.record;
  const recorded = new Set(Object.keys(record?.principals ?? {}).map(principalKey));
  const ours = new Set(states.target.access.entries.map(({ principalArn }) => principalKey(principalArn)));
  return [
    ...(awsAuth !== undefined && entries === undefined && record === undefined
      ? ['without --entries the cluster is taken to be in mode CONFIG_MAP, without access entries']
      : []),
    ...states.lines.flatMap(({ place, kind, line, why, remedy }) => {
      if (kind !== 'without effect' || remedy === undefined) return [];
      // whoever comes in all the same needs no other way
      const known = line !== undefined && ours.has(principalKey(line.arn)) && line.arn.includes(':role/');
      return known ? [] : [`${place} does not count: ${why ?? ''}; ${remedy}`];
    }),
    ...(entries ?? [])
      .filter(({ principalArn }) => ours.has(principalKey(principalArn)) && !recorded.has(principalKey(principalArn)))
      .map(
        ({ principalArn }) =>
          `${principalArn} has an access entry already: if this platform did not make it, delete it right before the deploy of stage 2, which EKS refuses otherwise`,
      ),
  ];
}
