import { Command } from 'commander';
import { platforms } from '../../config';
import { end, EXIT, WrongUse } from '../../bin/ending';
import { logsCommands } from '../../bin/logs/commands';

/** What a command said, and what it ended with. */
export interface Said {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs something and takes down what it writes. */
export async function heard(work: () => Promise<unknown>): Promise<Said> {
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
    await work().catch(end);
    return { status: Number(process.exitCode), ...said };
  } finally {
    process.exitCode = before;
    spies.forEach((spy) => spy.mockRestore());
  }
}

/** Runs `hajime logs …` without starting a process for it. */
export function hajimeLogs(...args: readonly string[]): Promise<Said> {
  const program = new Command('hajime').exitOverride().configureOutput({
    writeOut: (text) => process.stdout.write(text),
    writeErr: (text) => process.stderr.write(text),
  });
  logsCommands(program, {
    platforms,
    named: (platform) => {
      const config = platforms[platform];
      if (config === undefined) throw new WrongUse(`there is no platform ${platform}`);
      return config;
    },
  });
  return heard(() => program.parseAsync(['logs', ...args], { from: 'user' }));
}
