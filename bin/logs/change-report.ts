import type { RolloutState } from '../../lib/logs/rule-history';
import type { TakenBack } from '../../lib/logs/rollout-events';
import type { Warning } from '../../lib/validate';
import { Failure } from '../../sandbox/failure';
import { say } from '../use';
import type { Alarms } from './alarms';
import type { Target } from './command-line';
import type { RuleStore } from './rule-store';

/** What a command that changes which rules are live works with. */
export interface Change {
  /** The platform, and where. */
  readonly target: Target;
  /** The store of its rules. */
  readonly store: RuleStore;
  /** Its alarms. */
  readonly alarms: Pick<Alarms, 'rollback'>;
  /** The strategy of the rollout. */
  readonly strategy: string;
  /** Whether to wait until it is over. */
  readonly wait: boolean;
  /** For machines. */
  readonly json: boolean;
  /** Lets time pass; a test has none. */
  readonly sleep?: (milliseconds: number) => Promise<void>;
}

/** What came of it, for machines. */
export interface Outcome {
  /** A rollout was begun; one that went on was stopped; one that had ended was taken back; nothing. */
  readonly did: 'rolled-out' | 'stopped' | 'taken-back' | 'nothing';
  /** The version it was about. */
  readonly version: number | null;
  /** The number of that rollout. */
  readonly rollout: number | null;
  /** What the rollout is doing. */
  readonly state: RolloutState | null;
  /** Who took it back. */
  readonly takenBackBy: TakenBack | null;
  /** The version that decides, once `effectiveAt` is over; none if everything is kept. */
  readonly live: number | null;
  /** From when on. */
  readonly effectiveAt: Date | null;
  /** Until when an alarm takes it back. */
  readonly watchedUntil: Date | null;
  /** What is doubtful in the rules. */
  readonly warnings: readonly Warning[];
  /** The line that undoes it. */
  readonly undo: string | null;
}

const NOTHING: Outcome = {
  did: 'nothing',
  version: null,
  rollout: null,
  state: null,
  takenBackBy: null,
  live: null,
  effectiveAt: null,
  watchedUntil: null,
  warnings: [],
  undo: null,
};

/** Tells somebody who reads. */
export function tell({ json }: Pick<Change, 'json'>, text: string): void {
  if (!json) say(text);
}

/** Tells a machine, once, at the end. */
export function report(change: Pick<Change, 'json' | 'target'>, outcome: Partial<Outcome>): void {
  if (change.json) say(JSON.stringify(told(change, outcome), null, 2));
}

/** A change that did not last; a machine is told beside why what came of it. */
export class ChangeFailure extends Failure {
  /** What came of it. */
  readonly outcome: object;

  constructor(message: string, change: Pick<Change, 'target'>, outcome: Partial<Outcome>) {
    super(message);
    this.outcome = told(change, outcome);
  }
}

function told({ target }: Pick<Change, 'target'>, outcome: Partial<Outcome>): object {
  return { platform: target.platform, ...NOTHING, ...outcome };
}
