import { Progress } from '../../sandbox/progress';

/** How long a command may be silent. */
const PATIENCE = 2000;

/** Progress of work that is mostly over before anybody would ask: it is shown only if it takes longer. */
export class LateProgress {
  private readonly progress = new Progress();
  private readonly timer: NodeJS.Timeout;

  constructor(text: string) {
    this.timer = setTimeout(() => this.progress.step(text), PATIENCE);
  }

  /** Tells how far it is. */
  note(detail: string): void {
    this.progress.note(detail);
  }

  /** It is over, well or not. */
  end(outcome: 'done' | 'failed' = 'done'): void {
    clearTimeout(this.timer);
    this.progress[outcome]();
  }
}
