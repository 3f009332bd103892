import type { Alarm, Alarms } from '../../bin/logs/alarms';
import type { Change } from '../../bin/logs/change-report';
import { StopRefused, type RuleStore, type StoredRules, type StoredVersion } from '../../bin/logs/rule-store';
import type { RolloutEvent } from '../../lib/logs/rollout-events';
import type { Rollout, RolloutState } from '../../lib/logs/rule-history';
import type { LogRules } from '../../lib/logs/rules/log-rule';

const ARN = 'arn:aws:cloudwatch:ap-northeast-1:111122223333:alarm:';

/** The alarm that takes rollouts back here. */
export const EATS = 'dev-Logs-LogsAlarmsEatsEverything0A1B2C3D-4E5F60718293';

/** Rules to be pushed. */
export const RULES: LogRules = {
  version: 1,
  rules: [
    {
      id: 'probes',
      action: 'drop',
      match: { message: { contains: 'healthz' } },
      tests: [{ record: { log: 'GET /healthz' }, expect: 'drop' }],
    },
  ],
};
/** Other rules, as the store holds them. */
export const OTHERS = '{"version":1,"rules":[]}';
/** Where rules are said to come from. */
export const FILE = 'config/logs/dev.yaml';

/** A store of rules in memory; what is started goes through the states given, one at each look. */
export class FakeRules implements RuleStore {
  readonly stored = new Map<number, StoredRules>();
  readonly begun: Rollout[] = [];
  readonly strategies: string[] = [];
  /** Thrown by the next start. */
  refusal: Error | undefined;
  /** What a rollout does next, each time it is looked at. */
  next: RolloutState[] = [];
  /** What is started is taken back at once by an alarm. */
  takesBack = false;
  /** AppConfig takes nothing back that has ended. */
  keepsWhatEnded = false;
  private latest = 0;
  private readonly stoppedByHand = new Set<number>();

  async rollouts(): Promise<Rollout[]> {
    return [...this.begun].reverse();
  }

  async rollout(number: number): Promise<{ rollout: Rollout; events: readonly RolloutEvent[] }> {
    const state = this.next.shift();
    if (state !== undefined) this.set(number, state);
    const rollout = this.begun.find((each) => each.number === number)!;
    return { rollout, events: this.eventsOf(rollout) };
  }

  async read(version: number): Promise<StoredRules | undefined> {
    return this.stored.get(version);
  }

  async versions(): Promise<StoredVersion[]> {
    return [...this.stored].map(([number, { description }]) => ({ number, description })).reverse();
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
    return this.out(version, this.takesBack ? 'ROLLED_BACK' : 'BAKING');
  }

  async stop(number: number): Promise<void> {
    const { state } = this.begun.find((each) => each.number === number)!;
    if (state === 'COMPLETE' && this.keepsWhatEnded)
      throw new StopRefused(`AppConfig does not take rollout ${number} back: it has ended`);
    this.stoppedByHand.add(number);
    this.set(number, state === 'COMPLETE' ? 'REVERTED' : 'ROLLED_BACK');
  }

  /** Adds rules and a rollout of them that has come to a state. */
  async had(text: string, state: RolloutState = 'COMPLETE', completedAt?: Date): Promise<number> {
    const version = await this.add({ text, description: 'ann@example.com, config/logs/dev.yaml of 1234567' });
    this.out(version, state, completedAt);
    return version;
  }

  /** Adds a rollout that has come to a state. */
  out(version: number, state: RolloutState, completedAt?: Date, minutes = 0): Rollout {
    const startedAt = new Date('2026-11-25T14:00:00Z');
    const rollout = {
      number: this.begun.length + 1,
      version,
      state,
      percent: state === 'DEPLOYING' ? 40 : 100,
      minutes,
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

  private eventsOf({ number, state }: Rollout): RolloutEvent[] {
    const event = (kind: string, by: string, text: string): RolloutEvent => ({ kind, by, text, at: undefined });
    if (state === 'REVERTED') return [event('REVERT_COMPLETED', 'USER', 'Reverted')];
    if (state !== 'ROLLED_BACK' && state !== 'ROLLING_BACK') return [];
    return [
      event('ROLLBACK_COMPLETED', 'APPCONFIG', 'Rolled back'),
      this.stoppedByHand.has(number)
        ? event('ROLLBACK_STARTED', 'USER', 'Rolled back by 111122223333')
        : event('ROLLBACK_STARTED', 'CLOUDWATCH_ALARM', `Rolled back by ${ARN}${EATS}.`),
    ];
  }
}

/** Alarms in memory. */
export class FakeAlarms implements Alarms {
  /** What each of them says. */
  alarms: Alarm[] = [];
  /** Thrown instead. */
  refusal: Error | undefined;

  async rollback(): Promise<Alarm[]> {
    if (this.refusal !== undefined) throw this.refusal;
    return this.alarms;
  }

  all(): Promise<Alarm[]> {
    return this.rollback();
  }

  /** Lets the alarm ring that takes rollouts back, or have no data. */
  ring(state: Alarm['state'] = 'ALARM', name = EATS): void {
    const since = new Date('2026-11-25T13:50:00Z');
    this.alarms = [{ name, state, since, what: 'The rules drop more than 60 % of what comes in.' }];
  }
}

/** A change of the rules of dev in a store, in which no time passes. */
export function fakeChange(store: FakeRules, alarms: FakeAlarms, more: Partial<Change> = {}): Change {
  const options = { strategy: 'all-at-once', wait: false, json: false, sleep: async () => undefined };
  return { target: { platform: 'dev' }, store, alarms, ...options, ...more };
}
