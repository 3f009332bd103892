import { KubernetesError, type KubernetesApi, type KubernetesObject } from './kubernetes';
import { mergeEntries, type MapEntry } from './map-merge';

/** The entries of aws-auth that one writer owns or wants. */
export interface AwsAuthEntries {
  /** For mapRoles. */
  readonly roles: readonly MapEntry[];
  /** For mapUsers. */
  readonly users: readonly MapEntry[];
}

/** No entry at all. */
export const NO_ENTRIES: AwsAuthEntries = { roles: [], users: [] };

/**
 * Where the ConfigMap records what each writer put in: other tools rewrite its YAML and lose comments, but not this.
 */
export const OWNED = 'kotohajime.dev/owned';

const MAPS = '/api/v1/namespaces/kube-system/configmaps';
const CONFLICTS = 5;

/** Merges our entries into aws-auth, against the version read, so that a change in between is never overwritten. */
export async function writeAwsAuth(
  api: KubernetesApi,
  owner: string,
  previous: AwsAuthEntries,
  wanted: AwsAuthEntries,
): Promise<'written' | 'unchanged'> {
  for (let attempt = 1; ; attempt++) {
    const { status, body } = await api.call('GET', `${MAPS}/aws-auth`, undefined, undefined, [404]);
    const current = status === 404 ? undefined : body;
    const next = mergedMap(current, owner, previous, wanted);
    if (next === undefined) return 'unchanged';
    try {
      if (current === undefined) await api.call('POST', MAPS, next);
      else await api.call('PUT', `${MAPS}/aws-auth`, next);
      return 'written';
    } catch (error) {
      if (!(error instanceof KubernetesError) || error.status !== 409 || attempt === CONFLICTS) throw error;
    }
  }
}

/** The ConfigMap with our entries merged; undefined if nothing has to be written. */
export function mergedMap(
  current: KubernetesObject | undefined,
  owner: string,
  previous: AwsAuthEntries,
  wanted: AwsAuthEntries,
): KubernetesObject | undefined {
  const empty = wanted.roles.length === 0 && wanted.users.length === 0;
  if (current === undefined && empty) return undefined;
  const record = readRecord(current?.metadata?.annotations?.[OWNED]);
  // the record is what really was written; without it, what CloudFormation says we asked for
  const owned = record[owner] ?? previous;
  const data = { ...current?.data };
  for (const [key, arnKey, mine, goal] of [
    ['mapRoles', 'rolearn', owned.roles, wanted.roles],
    ['mapUsers', 'userarn', owned.users, wanted.users],
  ] as const) {
    const text = mergeEntries(data[key], arnKey, mine, goal);
    if (text !== (data[key] ?? '')) data[key] = text;
  }
  const { [owner]: _, ...others } = record;
  const nextRecord = empty ? others : { ...others, [owner]: wanted };
  const { [OWNED]: recorded, ...annotations } = { ...current?.metadata?.annotations };
  // the map itself stays, however empty: EKS may write lines of nodes into it
  if (Object.keys(nextRecord).length > 0) annotations[OWNED] = JSON.stringify(nextRecord);
  const unchanged =
    current !== undefined &&
    JSON.stringify(data) === JSON.stringify(current.data ?? {}) &&
    annotations[OWNED] === recorded;
  if (unchanged) return undefined;
  return {
    ...current,
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { ...current?.metadata, name: 'aws-auth', namespace: 'kube-system', annotations },
    data,
  };
}

function readRecord(text: string | undefined): Record<string, AwsAuthEntries> {
  if (text === undefined) return {};
  try {
    return JSON.parse(text) as Record<string, AwsAuthEntries>;
  } catch {
    return {}; // somebody edited it: CloudFormation's memory of what we asked for takes its place
  }
}
