import { existsSync, readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { RbacObjects } from '../../lib/access/rbac/rbac-objects';
import { readManifests, type ManifestSource } from '../../lib/access/rbac/read-manifests';

/** Where the Kubernetes layer stands. */
const K8S = path.join(__dirname, '..', '..', 'k8s');

/** What is written for one platform stands under its name, and nowhere else. */
export function manifestsFile(platform: string, folder = K8S): string {
  return path.join(folder, 'rbac', platform, 'grants.yaml');
}

/**
 * The RBAC objects under `k8s/` that are for a platform, and what is wrong with them: those of `k8s/rbac/<another
 * platform>/` are not, and neither is what `hajime access manifests` wrote there, which the config says already.
 */
export function k8sObjects(
  platform: string,
  platforms: readonly string[],
  folder = K8S,
): { objects: RbacObjects; problems: string[] } {
  if (!existsSync(folder)) return readManifests([]);
  const own = manifestsFile(platform, folder);
  const others = platforms
    .filter((name) => name !== platform)
    .map((name) => path.join(folder, 'rbac', name) + path.sep);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((file) => path.join(folder, file))
    .filter((file) => /\.(ya?ml|json)$/.test(file) && file !== own && !others.some((other) => file.startsWith(other)))
    .sort();
  const unread: string[] = [];
  const sources = files.flatMap((file): ManifestSource[] => {
    const shown = path.relative(path.dirname(folder), file);
    const text = readFileSync(file, 'utf8');
    // what is no RBAC need not be YAML: a chart's template, say
    if (!text.includes('rbac.authorization.k8s.io')) return [];
    const documents = parseAllDocuments(text);
    if (!Array.isArray(documents)) return [];
    return documents.flatMap((document, index): ManifestSource[] => {
      const where = documents.length === 1 ? shown : `${shown} (document ${index + 1})`;
      const [error] = document.errors;
      if (error === undefined) return [{ where, value: document.toJS() as unknown }];
      unread.push(`\`${where}\` must be YAML, line ${error.linePos?.[0].line ?? 1}: ${error.message.split('\n')[0]}`);
      return [];
    });
  });
  const { objects, problems } = readManifests(sources);
  return { objects, problems: [...unread, ...problems] };
}
