import type { TakenBack } from '../../lib/logs/rollout-events';
import { previousVersion, revertTo, type Rollout } from '../../lib/logs/rule-history';
import { Failure } from '../../sandbox/failure';
import { alarmInWords, inTheWay, type Alarm } from './alarms';
import { ChangeFailure, type Change, type Outcome } from './change-report';
import { commandLine } from './command-line';
import { moment } from './rollout';

const HELP = 'docs/logs.md, "While an alarm rings", says what helps and what does not.';

/** Who goes on deciding if nothing comes of a rollout. */
export function goesOn(live: number | undefined): string {
  return live === undefined ? 'everything is kept, as before' : `version ${live} goes on deciding`;
}

/** The alarms AppConfig would take a rollout back for; none if the credentials may not look: AppConfig itself will. */
export async function alarmsInTheWay({ alarms }: Pick<Change, 'alarms'>): Promise<Alarm[]> {
  return inTheWay(await alarms.rollback().catch(() => []));
}

/** Refuses a rollout that would be taken back at once. */
export async function refuseWhileRinging(
  change: Change,
  refused: string,
  live: number | undefined,
  ...help: readonly string[]
): Promise<void> {
  const found = await alarmsInTheWay(change);
  const [first] = found;
  if (first === undefined) return;
  const since = first.since === undefined || first.state !== 'ALARM' ? '' : ` since ${moment(first.since)} UTC`;
  const others = found.length === 1 ? '' : `, and ${found.length - 1} more`;
  throw new Failure(
    [
      `${refused}: ${alarmInWords(first)}${since}${others}, and AppConfig takes back at once what is rolled out meanwhile; ${goesOn(live)}.`,
      ...found.map(whatItSays),
      ...help,
      HELP,
    ].join('\n'),
  );
}

/** A rollout that did not last: why, and what to do. */
export async function takenBackFailure(
  change: Change,
  text: string,
  takenBack: TakenBack | undefined,
  outcome: Partial<Outcome>,
): Promise<ChangeFailure> {
  const all = { ...outcome, takenBackBy: takenBack ?? null };
  if (takenBack?.by !== 'alarm') return new ChangeFailure(text, change, all);
  const found = (await change.alarms.rollback().catch(() => [])).filter(({ name }) => name === takenBack.alarm);
  return new ChangeFailure([text, ...found.map(whatItSays), HELP].join('\n'), change, all);
}

/** The way out if the live rules themselves have set an alarm off: to take them back is no rollout. Not what was tried. */
export function wayBack(
  { target }: Pick<Change, 'target'>,
  rollouts: readonly Rollout[],
  tried?: { readonly version: number | undefined },
): string[] {
  const previous = previousVersion(rollouts);
  if (revertTo(rollouts, previous, new Date()) === undefined || (tried !== undefined && previous === tried.version))
    return [];
  const words = previous === undefined ? ['--to-nothing'] : [];
  return [`If the live rules set it off: ${commandLine(target, 'rollback', ...words)}`];
}

function whatItSays({ name, what }: Alarm): string {
  return `  ${name}: ${what}`;
}
