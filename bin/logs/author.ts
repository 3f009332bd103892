import { execFileSync } from 'node:child_process';
import { userInfo } from 'node:os';
import { ROOT } from '../../sandbox/places';

/** Who pushes, and from what: AppConfig does not write that down by itself. */
export function author(file: string): string {
  return `${user()}, ${file} ${commit(file)}`;
}

function user(): string {
  const own = git('config', 'user.email');
  if (own !== undefined && own !== '') return own;
  try {
    return userInfo().username;
  } catch {
    return 'somebody'; // a container's user without a name
  }
}

function commit(file: string): string {
  const head = git('rev-parse', '--short', 'HEAD');
  if (head === undefined) return 'outside of git';
  return git('status', '--porcelain', '--', file) === '' ? `of ${head}` : `changed since ${head}`;
}

function git(...args: readonly string[]): string | undefined {
  try {
    return execFileSync('git', [...args], { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined; // no git, or no repository
  }
}
