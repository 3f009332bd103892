import { statfsSync } from 'node:fs';

/** Why a command cannot go on, in words for the user: what is wrong, then what to do. Never shown with a stack trace. */
export class Failure extends Error {}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Why a file or folder that somebody named cannot be read, as a sentence. */
export function whyUnreadable(name: string, error: unknown, what = 'file'): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') return `There is no ${what} ${name}.`;
  if (code === 'EISDIR') return `${name} is a folder, not a file.`;
  if (code === 'EACCES' || code === 'EPERM') return `${name} may not be read by who runs this command.`;
  return `${name} cannot be read: ${messageOf(error)}.`;
}

/** Too little for anything here. */
const NO_ROOM = 8 * 1024 * 1024;

/** Turns what the system says when a disk is full into something a user can act on; not every tool passes it on. */
export function diskFull(text: string, where: string): string | undefined {
  return /ENOSPC|No space left on device|EDQUOT|Disk quota exceeded/.test(text) || freeBytes(where) < NO_ROOM
    ? `The disk is full: nothing more can be written to ${where}. Make room, then run the same command again.`
    : undefined;
}

function freeBytes(where: string): number {
  try {
    const { bavail, bsize } = statfsSync(where);
    return bavail * bsize;
  } catch {
    return Infinity; // not there, or a system that cannot tell
  }
}
