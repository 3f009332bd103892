import { end, EXIT } from '../../bin/ending';
import { hajime as program } from '../../bin/program';

/** What a command said, and what it ended with. */
export interface Said {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs something and takes down what it writes. */
export async function heard(work: () => Promise<unknown>, words: readonly string[] = []): Promise<Said> {
  const said = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((stream) =>
    jest.spyOn(process[stream], 'write').mockImplementation((text) => {
      said[stream] += String(text);
      return true;
    }),
  );
  const before = process.exitCode;
  process.exitCode = EXIT.fine;
  try {
    await work().catch((error: unknown) => end(error, words));
    return { status: Number(process.exitCode), ...said };
  } finally {
    process.exitCode = before;
    spies.forEach((spy) => spy.mockRestore());
  }
}

/** Runs `hajime …` without starting a process for it, which takes most of a second. */
export function hajime(...words: readonly string[]): Promise<Said> {
  return heard(() => program().parseAsync(words, { from: 'user' }), words);
}
