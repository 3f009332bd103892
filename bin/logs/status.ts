import { ruleWarnings } from '../../lib/logs/rule-warnings';
import { takenBackBy, type TakenBack } from '../../lib/logs/rollout-events';
import { liveSince, liveVersion, runningRollout, type Rollout } from '../../lib/logs/rule-history';
import { sameRules } from '../../lib/logs/rule-changes';
import type { LogRules } from '../../lib/logs/rules/log-rule';
import { parseStoredRules, type ParsedRules } from '../../lib/logs/rules/stored-rules';
import type { Warning } from '../../lib/validate';
import { messageOf } from '../../sandbox/failure';
import { say } from '../use';
import { ringing, type Alarm, type Alarms } from './alarms';
import type { Target } from './command-line';
import type { Counted } from './counts';
import type { FailedObjects } from './failed-objects';
import { LateProgress } from './late-progress';
import { isTakenBack } from './rollout';
import type { RuleStore, StoredRules } from './rule-store';
import { statusText } from './status-text';

/** What is asked about. */
export interface StatusOptions {
  /** The platform, and where. */
  readonly target: Target;
  /** The store of its rules. */
  readonly store: RuleStore;
  /** Its alarms. */
  readonly alarms: Pick<Alarms, 'all'>;
  /** What Firehose gave up on and nobody has replayed. */
  readonly failed: () => Promise<FailedObjects>;
  /** What the filter function counted lately; `since` is when the live rules began to decide. */
  readonly counts: (since: Date | undefined) => Promise<Counted>;
  /** The rules that have matched nothing for a month. */
  readonly idle: () => Promise<readonly string[]>;
  /** The rule file and what it holds, if it is there and sound. */
  readonly file?: { readonly name: string; readonly rules: LogRules };
  /** For machines. */
  readonly json?: true;
}

/** A rollout, and who took it back. */
export type ToldRollout = Rollout & { readonly takenBackBy: TakenBack | null };

/** How a platform's rules and its pipeline are. */
export interface Status {
  /** Whether nothing is wrong, and all could be looked at. */
  readonly well: boolean;
  /** The version that decides; while another is on its way, the one before. */
  readonly live: LiveRules | undefined;
  /** The rollout that goes on, and who pushed its version. */
  readonly running: (Rollout & { readonly by: string | undefined }) | undefined;
  /** The last rollouts, newest first. */
  readonly rollouts: readonly ToldRollout[];
  /** Whether the rule file holds what is live, or on its way. */
  readonly sameAsFile: boolean | undefined;
  /** What the function counted. */
  readonly counts: Counted | undefined;
  /** Alarms that ring. */
  readonly ringing: readonly Alarm[];
  /** What waits to be replayed. */
  readonly failedObjects: FailedObjects | undefined;
  /** Rules that match nothing. */
  readonly idle: readonly string[];
  /** What is doubtful in the live rules. */
  readonly warnings: readonly Warning[];
  /** What could not be looked at, and why. */
  readonly unknown: readonly { readonly what: string; readonly why: string }[];
}

/** The version that decides. */
export interface LiveRules {
  /** Its number. */
  readonly version: number;
  /** Since when. */
  readonly since: Date | undefined;
  /** Who pushed it, and from what. */
  readonly by: string | undefined;
  /** How many rules it has. */
  readonly rules: number | undefined;
}

/** How many rollouts are shown. */
const SHOWN = 5;

/** Says which rules are live, since when and by whom, and whether the pipeline works; true if all is well. */
export async function showStatus(options: StatusOptions): Promise<boolean> {
  const progress = new LateProgress('Looking');
  let status: Status;
  try {
    status = await statusOf(options);
    progress.end();
  } catch (error) {
    progress.end('failed');
    throw error;
  }
  const { target, file, json } = options;
  if (json !== true) say(statusText(status, target, file?.name));
  else {
    const { well, live, running, sameAsFile, counts, failedObjects, ...others } = status;
    const machine = { platform: target.platform, well, live: live ?? null, running: running ?? null, ...others };
    // nothing is left out because it is not there
    const known = { sameAsFile: sameAsFile ?? null, counts: counts ?? null, failedObjects: failedObjects ?? null };
    say(JSON.stringify({ ...machine, ...known }, null, 2));
  }
  return status.well;
}

async function statusOf({ store, alarms, failed, counts, idle, file }: StatusOptions): Promise<Status> {
  const rollouts = await store.rollouts();
  const version = liveVersion(rollouts);
  const since = liveSince(rollouts);
  const running = runningRollout(rollouts);
  const [stored, next] = await Promise.all([readOf(store, version), readOf(store, running?.version)]);
  const live = parsedOf(stored);
  const unknown: { what: string; why: string }[] = [];
  const known = async <T>(what: string, look: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await look();
    } catch (error) {
      unknown.push({ what, why: messageOf(error).replaceAll(/\s*\n\s*/g, ' ') });
      return undefined;
    }
  };
  const [counted, all, failedObjects, idleRules] = await Promise.all([
    known('what the function counted', () => counts(since)),
    known('the alarms', () => alarms.all()),
    known('what is under failed/', failed),
    known('which rules match nothing', idle),
  ]);
  const told = await Promise.all(rollouts.slice(0, SHOWN).map((rollout) => withWhom(store, rollout)));
  // what is being taken back is not what anybody means
  const compared = (running?.state === 'ROLLING_BACK' ? undefined : parsedOf(next)?.rules) ?? live?.rules;
  const rings = ringing(all ?? []);
  const wrong = [counted === undefined || healthy(counted), rings.length === 0, (failedObjects?.waiting ?? 0) === 0];
  return {
    well: wrong.every(Boolean) && unknown.length === 0,
    live:
      version === undefined ? undefined : { version, since, by: stored?.description, rules: live?.rules?.rules.length },
    running: running === undefined ? undefined : { ...running, by: next?.description },
    rollouts: told,
    sameAsFile: file === undefined || compared === undefined ? undefined : sameRules(file.rules, compared),
    counts: counted,
    ringing: rings,
    failedObjects,
    idle: idleRules ?? [],
    warnings: live?.rules === undefined ? unreadable(version, live) : ruleWarnings(live.rules, new Date()),
    unknown,
  };
}

/** Whether the function counted nothing that is wrong. */
export function healthy({ RulesStale, RulesMissing, Failed, HotFailed }: Counted): boolean {
  return [RulesStale, RulesMissing, Failed, HotFailed].every((metric) => (metric ?? 0) === 0);
}

async function readOf(store: RuleStore, version: number | undefined): Promise<StoredRules | undefined> {
  return version === undefined ? undefined : store.read(version);
}

function parsedOf(stored: StoredRules | undefined): ParsedRules | undefined {
  return stored === undefined ? undefined : parseStoredRules(stored.text);
}

/** A newer project may have pushed what this one does not know, or somebody put something else there. */
function unreadable(version: number | undefined, parsed: ParsedRules | undefined): Warning[] {
  const [first] = parsed?.problems ?? [];
  if (first === undefined) return [];
  return [{ id: 'kotohajime:log-rules-unreadable', message: `version ${version} is not valid here: ${first}` }];
}

async function withWhom(store: RuleStore, rollout: Rollout): Promise<ToldRollout> {
  if (!isTakenBack(rollout)) return { ...rollout, takenBackBy: null };
  // that it is not known who it was is no reason to say nothing
  const events = await store.rollout(rollout.number).then(
    (found) => found.events,
    () => [],
  );
  return { ...rollout, takenBackBy: takenBackBy(events) ?? null };
}
