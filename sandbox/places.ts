import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import * as path from 'node:path';

/** The project itself. */
export const ROOT = path.join(__dirname, '..');

/** What belongs to this clone alone: the lock, the state, logs and the synthesized app. */
export const STATE = process.env.HAJIME_STATE_DIR ?? path.join(ROOT, '.sandbox');

/** What is dear to make and can be shared by clones. */
export const CACHE = path.join(process.env.XDG_CACHE_HOME ?? path.join(homedir(), '.cache'), 'kotohajime');

/** A short name for contents: the same contents, the same name. */
export function fingerprint(...contents: readonly string[]): string {
  return createHash('sha256').update(contents.join('\0')).digest('hex').slice(0, 12);
}
