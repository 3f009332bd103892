import { KubernetesError, type KubernetesApi, type KubernetesObject } from './kubernetes';

/** The field manager of everything the writer applies. */
export const FIELD_MANAGER = 'kotohajime';
const OWNER = 'kotohajime.dev/owner';

const CLUSTER_KINDS: Readonly<Record<string, string>> = {
  ClusterRole: '/apis/rbac.authorization.k8s.io/v1/clusterroles',
  ClusterRoleBinding: '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings',
};

/** The path of an object; throws for a kind the writer has no business with. */
export function pathOf({ kind = '', metadata }: KubernetesObject): string {
  const collection = CLUSTER_KINDS[kind];
  if (collection === undefined)
    throw new Error(`the writer applies ${Object.keys(CLUSTER_KINDS).join(' and ')} only, not ${kind}`);
  return `${collection}/${encodeURIComponent(metadata?.name ?? '')}`;
}

/** Applies objects as their field manager; a binding to another role is made anew, because its role cannot change. */
export async function applyObjects(
  api: KubernetesApi,
  owner: string,
  objects: readonly KubernetesObject[],
): Promise<void> {
  for (const object of objects) {
    const path = pathOf(object);
    const owned = {
      ...object,
      metadata: { ...object.metadata, annotations: { ...object.metadata?.annotations, [OWNER]: owner } },
    };
    const apply = (): Promise<unknown> =>
      api.call('PATCH', `${path}?fieldManager=${FIELD_MANAGER}&force=true`, owned, 'application/apply-patch+yaml');
    try {
      await apply();
    } catch (error) {
      if (!(error instanceof KubernetesError) || error.status !== 422 || object.roleRef === undefined) throw error;
      if (!(await deleteOwned(api, owner, object))) throw error;
      await apply();
    }
  }
}

/** Deletes what an earlier version applied and this one does not, and only what carries our owner. */
export async function pruneObjects(
  api: KubernetesApi,
  owner: string,
  earlier: readonly KubernetesObject[],
  now: readonly KubernetesObject[],
): Promise<void> {
  const kept = new Set(now.map(pathOf));
  for (const object of earlier) {
    if (!kept.has(pathOf(object))) await deleteOwned(api, owner, object);
  }
}

async function deleteOwned(api: KubernetesApi, owner: string, object: KubernetesObject): Promise<boolean> {
  const { status, body } = await api.call('GET', pathOf(object), undefined, undefined, [404]);
  if (status === 404 || body.metadata?.annotations?.[OWNER] !== owner) return false;
  await api.call('DELETE', pathOf(object), undefined, undefined, [404]);
  return true;
}
