import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compareMinors } from '../../cluster/kubernetes-versions';
import type { RbacObjects } from './rbac-objects';

/** Where the data is kept: a file for each minor. `npm run refresh:kubernetes` makes them. */
const FOLDER = join(__dirname, 'default-roles');

const read = new Map<string, RbacObjects>();

/**
 * The RBAC objects that the API server of a Kubernetes minor makes at its start, by themselves: `cluster-admin`,
 * `admin`, `edit`, `view` and those of Kubernetes' own parts. Feature gates are at the defaults of that minor.
 *
 * The rules of a role that is aggregated are not filled in; that is done in the cluster.
 *
 * @param minor such as `1.35`; see {@link dataMinor} for one without data
 */
export function defaultRoles(minor: string): RbacObjects {
  const known = dataMinor(minor);
  const objects = read.get(known) ?? rolesOf(known);
  read.set(known, objects);
  return objects;
}

function rolesOf(minor: string): RbacObjects {
  const data: unknown = JSON.parse(readFileSync(join(FOLDER, `${minor}.json`), 'utf8'));
  const { clusterRoles, clusterRoleBindings, roles, roleBindings } = data as RbacObjects;
  return { clusterRoles, clusterRoleBindings, roles, roleBindings };
}

let minors: readonly string[] | undefined;

/**
 * The minor whose data stands for the given one: itself or, if it has none, the newest before it; the oldest there is
 * for one that is older still.
 */
export function dataMinor(minor: string): string {
  minors ??= readdirSync(FOLDER)
    .map((file) => file.replace(/\.json$/, ''))
    .sort(compareMinors);
  const known = minors.filter((each) => compareMinors(each, minor) <= 0).at(-1) ?? minors[0];
  if (known === undefined) throw new Error(`${FOLDER} holds no data; \`npm run refresh:kubernetes\` makes it`);
  return known;
}
