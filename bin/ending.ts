import { CommanderError } from 'commander';
import { diskFull, Failure, messageOf } from '../sandbox/failure';
import { Interrupted } from '../sandbox/interrupt';
import { STATE } from '../sandbox/places';

/** What a command ends with: fine, problems found, wrong use. */
export const EXIT = { fine: 0, problems: 1, wrongUse: 2 } as const;

/** Words the user wrote that mean nothing here. */
export class WrongUse extends Error {}

/** Says why a command ended, in one sentence or a list of problems; a stack trace only for who asks. */
export function end(error: unknown, words: readonly string[] = process.argv): void {
  if (words.includes('--json')) sayToMachine(error);
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT.fine : EXIT.wrongUse;
  else if (error instanceof WrongUse || error instanceof Failure) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = error instanceof WrongUse ? EXIT.wrongUse : EXIT.problems;
  } else if (error instanceof Interrupted) {
    process.stderr.write(`${error.message}\n`);
    process.exit(error.exitCode);
  } else {
    const { stack } = error instanceof Error ? error : new Error(String(error));
    process.stderr.write(`${unforeseen(error)}\n`);
    if (process.env.DEBUG !== undefined) process.stderr.write(`${stack}\n`);
    process.exitCode = EXIT.problems;
  }
}

/** The same as JSON, where the answer would be: whoever reads that has nothing else to read. */
function sayToMachine(error: unknown): void {
  if (error instanceof CommanderError && (error.exitCode === 0 || error.code.startsWith('commander.help'))) return;
  const foreseen = [CommanderError, WrongUse, Failure, Interrupted].some((each) => error instanceof each);
  const message = foreseen ? messageOf(error).replace(/^error: /gm, '') : unforeseen(error);
  // of files that are not valid also what is wrong with each, of a change that did not last what came of it
  const { problems, outcome } = error as { readonly problems?: unknown; readonly outcome?: object };
  process.stdout.write(`${JSON.stringify({ error: message, problems, ...outcome }, null, 2)}\n`);
}

function unforeseen(error: unknown): string {
  const message = messageOf(error);
  return diskFull(message, STATE) ?? `hajime stopped: ${message} (DEBUG=1 shows where)`;
}

/** Ends a command quietly when nobody reads on what it prints, such as `head`. */
export function endWithReader(): void {
  process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    if (code !== 'EPIPE') process.stderr.write(`hajime stopped: ${message}\n`);
    process.exit(code === 'EPIPE' ? EXIT.fine : EXIT.problems);
  });
}
