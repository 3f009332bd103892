import type { AccessEntry } from '../access';
import { ACCESS_POLICIES } from '../access-policy';
import type { AccessRecord } from '../access-grant';
import type { KnownEntry } from './entries-file';
import { principalKey, type MapLine } from './map-line';

/** The access entries that a cluster has now. */
export interface StandingEntries {
  /** The entries. */
  readonly entries: readonly AccessEntry[];
  /** The principals, as {@link principalKey} writes them, of those of which only the ARN is known. */
  readonly unknown: ReadonlySet<string>;
}

/**
 * What the entries of a file are in full: those of nodes as their lines say, those that the config has too as the config
 * says, others as far as the file says.
 */
export function standingEntries(
  known: readonly KnownEntry[],
  own: readonly AccessEntry[],
  lines: readonly MapLine[],
): StandingEntries {
  const ownByKey = new Map(own.map((entry) => [principalKey(entry.principalArn), entry]));
  const nodeTypes = new Map(
    lines.flatMap(({ line, nodeType }) =>
      line === undefined || nodeType === undefined ? [] : [[principalKey(line.arn), nodeType] as const],
    ),
  );
  const unknown = new Set<string>();
  const entries = known.map((entry): AccessEntry => {
    const key = principalKey(entry.principalArn);
    const { principalArn, type, policies } = entry;
    const nodeType = nodeTypes.get(key);
    if (type !== undefined && (type !== 'STANDARD' || policies !== undefined)) return { ...entry, type };
    if (nodeType !== undefined && type === undefined) return { principalArn, type: nodeType };
    const ours = ownByKey.get(key);
    if (ours !== undefined) return ours;
    unknown.add(key);
    return { ...entry, type: 'STANDARD' };
  });
  return { entries, unknown };
}

/** The entries that a record tells of. */
export function recordedEntries({ principals, administrators }: AccessRecord): KnownEntry[] {
  return Object.entries(principals)
    .filter(([, place]) => place !== 'aws-auth')
    .map(([principalArn]) =>
      administrators.includes(principalArn)
        ? { principalArn, type: 'STANDARD', policies: [{ policy: ACCESS_POLICIES['cluster-admin'] }] }
        : { principalArn },
    );
}
