import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { Failure } from './failure';
import { STATE } from './places';

interface Holder {
  readonly pid: number;
  readonly born: string;
  readonly command: string;
  readonly since: string;
}

/** Lets one command at a time change the sandbox; a second one is told who is at work. Returns what releases it. */
export function takeLock(command: string, folder = STATE): () => void {
  const lock = path.join(folder, 'lock');
  mkdirSync(folder, { recursive: true });
  const mine: Holder = { pid: process.pid, born: bornAt(process.pid), command, since: new Date().toISOString() };
  const draft = `${lock}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(mine));
  try {
    for (let attempt = 0; attempt < 5; attempt++) {
      if (tryLink(draft, lock)) return () => release(mine, lock);
      const holder = readHolder(lock);
      if (holder !== undefined && isAlive(holder)) throw new Failure(busy(holder));
      rmSync(lock, { force: true }); // its holder was killed
    }
    throw new Failure(`The lock ${lock} cannot be taken: others take it at the same time. Try again.`);
  } finally {
    rmSync(draft, { force: true });
  }
}

/** When a process began, in the system's own terms: a pid is used again, this is not. Empty where it cannot be told. */
export function bornAt(pid: number): string {
  try {
    return (
      readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ')[19] ?? ''
    );
  } catch {
    return '';
  }
}

/** Whether the very process still runs. */
export function isAlive({ pid, born }: { readonly pid: number; readonly born: string }): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return born === '' || bornAt(pid) === born;
}

function tryLink(draft: string, lock: string): boolean {
  try {
    linkSync(draft, lock); // there at once with all that is in it, or not at all
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function readHolder(lock: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(lock, 'utf8')) as Holder;
  } catch {
    return undefined;
  }
}

function release(mine: Holder, lock: string): void {
  const holder = readHolder(lock);
  if (holder?.pid === mine.pid && holder.born === mine.born) rmSync(lock, { force: true });
}

function busy({ pid, command, since }: Holder): string {
  return `\`${command}\` is at work on this sandbox (process ${pid}, since ${since}). Wait until it is done, or stop it with Ctrl-C.`;
}
