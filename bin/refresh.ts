import { renameSync, rmSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { CommanderError } from 'commander';
import { diskFull, Failure, messageOf } from '../sandbox/failure';

/** What the commands share that refresh pinned data: `npm run refresh:…`. */

/** What AWS says when it does not answer, and what to do; a function if that has to be found out first. */
export type Remedies = readonly (readonly [RegExp, string | (() => string)])[];

const REMEDIES: Remedies = [
  [/Region is missing/, 'No region: give --region, or set AWS_REGION.'],
  [/ProviderError/, 'No AWS credentials: set AWS_PROFILE or sign in, or read a saved answer with --from (see --help).'],
  [
    /Expired|UnrecognizedClient|InvalidClientToken|InvalidSignature|AuthFailure|SignatureDoesNotMatch/,
    'AWS refused the credentials: sign in again.',
  ],
];

/** Asks AWS something. Why it did not answer is said in one sentence, with what to do, and then in its own words. */
export async function asking<T>(service: string, remedies: Remedies, ask: () => Promise<T>): Promise<T> {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true'; // not for who only runs a command
  try {
    return await ask();
  } catch (error) {
    if (error instanceof Failure) throw error;
    const text = `${error instanceof Error ? error.name : ''}: ${messageOf(error)}`;
    const remedy = [...remedies, ...REMEDIES].find(([pattern]) => pattern.test(text))?.[1];
    throw new Failure(
      `${(typeof remedy === 'function' ? remedy() : remedy) ?? `${service} could not be asked.`}\n  ${text}`,
    );
  }
}

/** Writes texts by the paths of their files: each is there as a whole or as it was. */
export function writeWhole(what: string, files: Readonly<Record<string, string>>): void {
  const moves = Object.entries(files).map(([to, text]) => ({ text, to, from: `${to}.${process.pid}.tmp` }));
  try {
    for (const { from, text } of moves) writeFileSync(from, text);
    for (const { from, to } of moves) renameSync(from, to);
  } catch (error) {
    const why = messageOf(error);
    const [folder = '.'] = Object.keys(files).map((file) => path.dirname(file));
    throw new Failure(diskFull(why, folder) ?? `${what} cannot be written: ${why}`);
  } finally {
    for (const { from } of moves) rmSync(from, { force: true });
  }
}

/** The day of a date in UTC, in which AWS counts. */
export function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}

/** Ends a command: 0 fine, 1 failed, 2 wrong use; a stack trace only for who asks. */
export function end(error: unknown): void {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else {
    process.stderr.write(`${messageOf(error)}\n`);
    if (process.env.DEBUG !== undefined && error instanceof Error) process.stderr.write(`${error.stack}\n`);
    process.exitCode = 1;
  }
}
