import { readFileSync } from 'node:fs';

/** What ends a run early: Ctrl-C, a signal, or that who started it is gone. */
export class Interrupted extends Error {
  constructor(
    readonly exitCode: number,
    message = 'Stopped. Nothing was left half-made.',
  ) {
    super(message);
  }
}

const SIGNALS = [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const;

/** Waits for something that goes on elsewhere, or until a signal says that nobody waits any more. */
export async function untilSignal<T>(work: () => Promise<T>, stopped: (code: number) => Interrupted): Promise<T> {
  let off = (): void => undefined;
  const signal = new Promise<never>((_, reject) => {
    const handlers = SIGNALS.map(([name, code]) => {
      const handler = (): void => reject(stopped(code));
      process.once(name, handler);
      return () => void process.off(name, handler);
    });
    off = () => handlers.forEach((each) => each());
  });
  try {
    return await Promise.race([work(), signal]);
  } finally {
    off();
  }
}

/**
 * Undoes what a run has begun, whichever way it ends. Nothing is left: no process, no lock, no half-made folder.
 */
export class Run {
  private readonly undo: (() => void | Promise<void>)[] = [];
  private readonly aborted = new AbortController();

  /** Aborted when the run is to end. */
  readonly signal = this.aborted.signal;

  /** Runs a command until it is done or interrupted; in both cases everything begun is undone. */
  static async of<T>(work: (run: Run) => Promise<T>): Promise<T> {
    const run = new Run();
    const stop = run.watch();
    try {
      const result = await Promise.race([work(run), run.interruption()]);
      return result;
    } finally {
      stop();
      // a step may take back another one's, so each is taken out before it runs
      for (let step = run.undo.pop(); step !== undefined; step = run.undo.pop()) await step();
    }
  }

  /** Adds something to be undone at the end; what it returns takes that back. */
  atEnd(step: () => void | Promise<void>): () => void {
    this.undo.push(step);
    return () => {
      const index = this.undo.indexOf(step);
      if (index >= 0) this.undo.splice(index, 1);
    };
  }

  private interruption(): Promise<never> {
    return new Promise((_, reject) => {
      this.signal.addEventListener('abort', () => reject(this.signal.reason as Interrupted));
    });
  }

  private watch(): () => void {
    const handlers = SIGNALS.map(([name, code]) => {
      const handler = (): void => this.aborted.abort(new Interrupted(code));
      process.on(name, handler);
      return () => void process.off(name, handler);
    });
    const parents = ancestors();
    const poll = setInterval(() => {
      if (ancestors().join() !== parents.join()) this.aborted.abort(new Interrupted(129));
    }, 300);
    return () => {
      clearInterval(poll);
      handlers.forEach((off) => off());
    };
  }
}

/** Who started this process; under npm also the npm behind the shell it starts commands with. */
function ancestors(): number[] {
  const parent = process.ppid;
  if (process.env.npm_lifecycle_event === undefined) return [parent];
  return [parent, parentOf(parent)];
}

function parentOf(pid: number): number {
  try {
    // after the name in parentheses, which may hold anything: the state, then the parent
    return Number(
      readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ')[1],
    );
  } catch {
    return 0; // no /proc on this system, or the process is gone
  }
}
