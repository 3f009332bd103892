import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import * as path from 'node:path';
import { stringify } from 'yaml';
import { toManifests } from '../../lib/access/rbac/rbac-rendering';
import { renderedAccess } from '../../lib/access/rendered-access';
import type { PlatformConfig } from '../../lib/platform-config';
import { writeWhole } from '../refresh';
import { manifestsFile } from './k8s-objects';

/** The file for the Kubernetes layer to apply; undefined if the platform's access needs nothing there. */
export function manifestsText(platform: string, config: Pick<PlatformConfig, 'env' | 'access'>): string | undefined {
  const manifests = toManifests(renderedAccess(config).manifests);
  if (manifests.length === 0) return undefined;
  const head = `# Written by \`npx hajime access manifests\` from config/${platform}.ts: change that, not this.\n`;
  return head + manifests.map((manifest) => `---\n${stringify(manifest, { lineWidth: 0 })}`).join('');
}

/** Whether the file under `k8s/` says what the config does. */
export function manifestsAreCurrent(platform: string, config: PlatformConfig, folder?: string): boolean {
  const file = manifestsFile(platform, folder);
  return (existsSync(file) ? readFileSync(file, 'utf8') : undefined) === manifestsText(platform, config);
}

/** Writes the file, or takes it away where it is not needed. */
export function writeManifests(platform: string, config: PlatformConfig, folder?: string): string {
  const file = manifestsFile(platform, folder);
  const shown = path.relative(process.cwd(), file);
  const text = manifestsText(platform, config);
  if (text === undefined) {
    rmSync(file, { force: true });
    return `${platform}: its access needs nothing under k8s/`;
  }
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return `${platform}: ${shown} is as it should be`;
  mkdirSync(path.dirname(file), { recursive: true });
  writeWhole(shown, { [file]: text });
  return `${platform}: ${shown} written; apply it with the rest of k8s/`;
}
