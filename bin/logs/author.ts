import { execFileSync } from 'node:child_process';
import { userInfo } from 'node:os';
import { ROOT } from '../../sandbox/places';
import type { RuleFile } from './rule-file';

/** Who pushes, and from what: AppConfig does not write that down by itself. */
export function author(file: Pick<RuleFile, 'name' | 'path'>, project = ROOT): string {
  return `${user()}, ${file.name}${commit(file.path, project)}`;
}

/** Who pushes. */
export function user(): string {
  const own = git(ROOT, 'config', 'user.email');
  if (own !== undefined && own !== '') return own;
  try {
    return userInfo().username;
  } catch {
    return 'somebody'; // a container's user without a name
  }
}

/** The commit that holds a file as it is; of one that was changed, the commit it was changed since. */
function commit(file: string | undefined, project: string): string {
  // git has nothing to say of a file it does not know: that is not the same as a file that was not changed
  const tracked = file !== undefined && git(project, 'ls-files', '--error-unmatch', '--', file) !== undefined;
  const head = tracked ? git(project, 'rev-parse', '--short', 'HEAD') : undefined;
  if (file === undefined || head === undefined) return ', not in git';
  return git(project, 'status', '--porcelain', '--', file) === '' ? ` of ${head}` : ` changed since ${head}`;
}

function git(cwd: string, ...args: readonly string[]): string | undefined {
  try {
    return execFileSync('git', [...args], { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined; // no git, no repository, or nothing it knows of
  }
}
