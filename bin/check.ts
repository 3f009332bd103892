import * as path from 'node:path';
import type { PlatformConfig } from '../lib/platform-config';
import { problems } from '../lib/problems';
import { problemList, type Warning } from '../lib/validate';
import { warnings } from '../lib/warnings';
import { platforms as all } from '../config';
import { k8sObjects, manifestsFile } from './access/k8s-objects';
import { manifestsAreCurrent } from './access/manifests';
import { colour } from './use';

/** What is found in one platform. */
interface Found {
  readonly problems: readonly string[];
  /** Only of a platform without problems. */
  readonly warnings: readonly Warning[];
}

/** Prints every problem of the platforms given, and what is doubtful in those without; true if there is no problem. */
export function check(platforms: Readonly<Record<string, PlatformConfig>>, { json }: { json?: true }): boolean {
  const found = Object.fromEntries(
    Object.entries(platforms).map(([name, config]): [string, Found] => {
      const k8s = k8sObjects(name, Object.keys(all));
      const list = [...problems(config), ...k8s.problems];
      return [
        name,
        {
          problems: list,
          warnings: list.length === 0 ? [...warnings(config, k8s.objects), ...staleManifests(name, config)] : [],
        },
      ];
    }),
  );
  process.stdout.write(json === true ? `${JSON.stringify(found, null, 2)}\n` : checked(found));
  return Object.values(found).every(({ problems: list }) => list.length === 0);
}

/** What is under `k8s/` of the config's bindings, and says something else. */
function staleManifests(platform: string, config: PlatformConfig): Warning[] {
  if (manifestsAreCurrent(platform, config)) return [];
  const file = path.relative(process.cwd(), manifestsFile(platform));
  const message = `${file} does not say what config/${platform}.ts does: \`npx hajime access manifests ${platform}\` writes it`;
  return [{ id: 'kotohajime:access-manifests-stale', message }];
}

function checked(found: Readonly<Record<string, Found>>): string {
  const all = Object.values(found);
  const lists = Object.entries(found).map(([name, { problems: list, warnings: doubts }]) =>
    list.length > 0
      ? `${colour.red('✗')} ${problemList(`config/${name}.ts`, list)}`
      : [`${colour.green('✓')} ${name}`, ...doubts.map(({ message }) => `  ${colour.yellow('!')} ${message}`)].join(
          '\n',
        ),
  );
  const problemCount = all.reduce((sum, { problems: { length } }) => sum + length, 0);
  const warningCount = all.reduce((sum, { warnings: { length } }) => sum + length, 0);
  const verdict = [
    problemCount === 0 ? 'No problems' : counted(problemCount, 'problem'),
    ...(warningCount === 0 ? [] : [counted(warningCount, 'warning')]),
  ].join(', ');
  return `${[...lists, '', `${verdict}.`].join('\n')}\n`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
