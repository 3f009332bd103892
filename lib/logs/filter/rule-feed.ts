import { compileRules, type RuleEngine } from '../rules/engine';
import { parseStoredRules } from '../rules/stored-rules';
import type { KnownRules, RuleFeed } from './parts';

/** What the store answers to a look. */
export interface Look {
  /** What to ask with the next time. */
  readonly token: string;
  /** Seconds the store wants to be left alone. */
  readonly waitSeconds: number;
  /** The rules; empty if they are those of the look before. */
  readonly content: string;
}

/** The store of the rules, as its data plane shows it. */
export interface RuleSource {
  /** Begins a session; the answer is the token of the first look. */
  start(signal: AbortSignal): Promise<string>;
  /** Looks at the rules. A token is for one look. */
  latest(token: string, signal: AbortSignal): Promise<Look>;
}

/** Properties of {@link RulePolling}. */
export interface RulePollingProps {
  /** Where the rules are. */
  readonly source: RuleSource;
  /** Seconds between two looks; the store may want more. */
  readonly pollSeconds: number;
  /** Where it is said what is wrong. */
  readonly tell: (event: Readonly<Record<string, unknown>>) => void;
}

/** Milliseconds a batch waits for a look: with rules at hand, and without any. */
const WAIT = { warm: 2_000, cold: 5_000 } as const;
/** Milliseconds after a look that failed. */
const RETRY = 5_000;
/** Milliseconds without a look after which rules are stale: what was pushed would have to be in force. */
const STALE_AFTER = 60_000;

/** The rules, looked at every few seconds, when there is a batch for them. Good ones stay until better ones are there. */
export class RulePolling implements RuleFeed {
  private engine: RuleEngine | undefined;
  private text: string | undefined;
  /** The last rules that were of no use. */
  private invalid: string | undefined;
  private token: string | undefined;
  /** When the store was asked last, whatever came of it, and when it may be asked again. */
  private asked = -Infinity;
  private nextLook = -Infinity;
  private lastLook = -Infinity;
  private unreachable = false;

  constructor(private readonly props: RulePollingProps) {}

  async current(now: number): Promise<KnownRules> {
    // a clock that was put back would put the next look off; one that never goes back stands still in a frozen environment
    const turned = now < this.asked;
    if (turned) this.lastLook = Math.min(this.lastLook, now);
    if (turned || now >= this.nextLook) await this.look(now);
    const { engine } = this;
    const outOfReach = this.unreachable && (engine === undefined || now - this.lastLook > STALE_AFTER);
    const stale = this.invalid !== undefined || outOfReach;
    return { engine, stale, missing: engine === undefined && !stale };
  }

  private async look(now: number): Promise<void> {
    this.asked = now;
    const wait = this.engine === undefined ? WAIT.cold : WAIT.warm;
    try {
      const { token, waitSeconds, content } = await this.ask(AbortSignal.timeout(wait));
      this.token = token;
      this.nextLook = now + Math.max(waitSeconds, this.props.pollSeconds) * 1000;
      this.lastLook = now;
      this.unreachable = false;
      if (content !== '') this.use(content);
    } catch (error) {
      this.token = undefined;
      this.nextLook = now + RETRY;
      // the store's own word that nothing was rolled out yet
      if (this.engine === undefined && error instanceof Error && error.name === 'ResourceNotFoundException') {
        this.unreachable = false;
        return;
      }
      if (!this.unreachable) this.props.tell({ level: 'error', message: 'no look at the rules', error: String(error) });
      this.unreachable = true;
    }
  }

  /** A token that was of no use may have expired, or its answer was lost: a new session begins from anew. */
  private async ask(signal: AbortSignal): Promise<Look> {
    const { source } = this.props;
    const { token } = this;
    if (token !== undefined) {
      try {
        return await source.latest(token, signal);
      } catch (error) {
        if (signal.aborted) throw error;
      }
    }
    return source.latest(await source.start(signal), signal);
  }

  private use(text: string): void {
    if (text === this.text) {
      this.invalid = undefined;
      return;
    }
    if (text === this.invalid) return;
    const problems = this.compile(text);
    if (problems.length === 0) {
      this.text = text;
      this.invalid = undefined;
    } else {
      this.invalid = text;
      this.props.tell({ level: 'error', message: 'the new rules are not valid; the last good ones stay', problems });
    }
  }

  /** What is wrong; if nothing is, the rules are in use. */
  private compile(text: string): readonly string[] {
    try {
      const { rules, problems } = parseStoredRules(text);
      if (rules !== undefined) this.engine = compileRules(rules);
      return problems ?? [];
    } catch (error) {
      return [String(error)];
    }
  }
}
