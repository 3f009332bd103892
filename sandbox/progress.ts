import { clearLine, cursorTo } from 'node:readline';
import { createColors } from 'picocolors';

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/** How often a step that lasts tells how far it is, off a terminal: what is silent for long is taken for dead. */
const EVERY = 60_000;

/**
 * What a command is doing, on stderr. On a terminal one line that changes, gone when the step is done; elsewhere a plain
 * line at the beginning and at the end of each step, and once a minute in between. (The spinners on npm end the process by themselves on Ctrl-C, before
 * anything can be undone.)
 */
export class Progress {
  private timer: NodeJS.Timeout | undefined;
  private text = '';
  private detail = '';
  private began = 0;
  private told = 0;
  private readonly live: boolean;
  private readonly colour;

  constructor(private readonly stream: NodeJS.WriteStream = process.stderr) {
    this.live = stream.isTTY === true;
    this.colour = createColors(this.live && process.env.NO_COLOR === undefined);
  }

  /** Begins a step; the one before it is done. */
  step(text: string): void {
    this.done();
    [this.text, this.detail, this.began] = [text, '', Date.now()];
    this.told = this.began;
    if (!this.live) this.stream.write(`${text} …\n`);
    else this.timer = setInterval(() => this.draw(), 100);
  }

  /** Tells how far the step is. */
  note(detail: string): void {
    this.detail = detail;
    if (this.live || this.text === '' || Date.now() - this.told < EVERY) return;
    this.told = Date.now();
    this.stream.write(`${this.text}: ${detail} (${Math.round((this.told - this.began) / 1000)} s)\n`);
  }

  /** Ends the step well, with what came of it. */
  done(outcome?: string): void {
    this.end('✓', this.colour.green, outcome);
  }

  /** Ends the step badly; why is for the caller to say. */
  failed(): void {
    this.end('✗', this.colour.red);
  }

  private end(mark: string, paint: (text: string) => string, outcome?: string): void {
    if (this.text === '') return;
    clearInterval(this.timer);
    const seconds = `${((Date.now() - this.began) / 1000).toFixed(1)} s`;
    const line = [this.text, ...(outcome === undefined ? [] : [outcome])].join(': ');
    if (this.live) this.wipe();
    this.stream.write(`${paint(mark)} ${line} ${this.colour.dim(`(${seconds})`)}\n`);
    this.text = '';
  }

  private draw(): void {
    const seconds = Math.floor((Date.now() - this.began) / 1000);
    const frame = FRAMES[Math.floor(Date.now() / 100) % FRAMES.length];
    const line = `${frame} ${this.text} ${this.detail} ${seconds} s`;
    this.wipe();
    this.stream.write(line.slice(0, (this.stream.columns ?? 80) - 1));
  }

  private wipe(): void {
    cursorTo(this.stream, 0);
    clearLine(this.stream, 0);
  }
}
