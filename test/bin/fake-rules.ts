import type { RuleStore, StoredRules } from '../../bin/logs/rule-store';
import type { Rollout, RolloutState } from '../../lib/logs/rule-history';

/** A store of rules in memory; what is started goes through the states given, one at each look. */
export class FakeRules implements RuleStore {
  readonly stored = new Map<number, StoredRules>();
  readonly begun: Rollout[] = [];
  readonly strategies: string[] = [];
  /** Thrown by the next start. */
  refusal: Error | undefined;
  /** What a rollout does next, each time it is looked at. */
  next: RolloutState[] = [];
  private latest = 0;

  async rollouts(): Promise<Rollout[]> {
    return [...this.begun].reverse();
  }

  async rollout(number: number): Promise<{ rollout: Rollout; events: readonly string[] }> {
    const state = this.next.shift();
    if (state !== undefined) this.set(number, state);
    const rollout = this.begun.find((each) => each.number === number)!;
    return { rollout, events: rollout.state === 'ROLLED_BACK' ? ['alarm dev-logs-eats-everything went off'] : [] };
  }

  async read(version: number): Promise<StoredRules | undefined> {
    return this.stored.get(version);
  }

  async versions(): Promise<number[]> {
    return [...this.stored.keys()];
  }

  async add(rules: StoredRules): Promise<number> {
    this.latest += 1;
    this.stored.set(this.latest, rules);
    return this.latest;
  }

  async remove(version: number): Promise<void> {
    this.stored.delete(version);
  }

  async start(version: number, strategy: string): Promise<Rollout> {
    if (this.refusal !== undefined) throw this.refusal;
    this.strategies.push(strategy);
    return this.out(version, 'BAKING');
  }

  async stop(number: number): Promise<void> {
    const { state } = this.begun.find((each) => each.number === number)!;
    this.set(number, state === 'COMPLETE' ? 'REVERTED' : 'ROLLED_BACK');
  }

  /** Adds rules and a rollout of them that has come to a state. */
  async had(text: string, state: RolloutState = 'COMPLETE', completedAt?: Date): Promise<number> {
    const version = await this.add({ text, description: 'ann@example.com, config/logs/dev.yaml of 1234567' });
    this.out(version, state, completedAt);
    return version;
  }

  /** Adds a rollout that has come to a state. */
  out(version: number, state: RolloutState, completedAt?: Date): Rollout {
    const startedAt = new Date('2026-11-25T14:00:00Z');
    const rollout = {
      number: this.begun.length + 1,
      version,
      state,
      percent: state === 'DEPLOYING' ? 40 : 100,
      minutes: 0,
      bakeMinutes: 10,
      startedAt,
      completedAt,
    };
    this.begun.push(rollout);
    return rollout;
  }

  private set(number: number, state: RolloutState): void {
    const at = this.begun.findIndex((each) => each.number === number);
    this.begun[at] = { ...this.begun[at]!, state };
  }
}
