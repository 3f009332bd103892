import { stringify } from 'yaml';
import { takenBackBy, type TakenBack } from '../../lib/logs/rollout-events';
import { liveSince, liveVersion, type RolloutState } from '../../lib/logs/rule-history';
import { Failure } from '../../sandbox/failure';
import { table } from '../../sandbox/table';
import { colour, say } from '../use';
import { commandLine, type Target } from './command-line';
import { byWhom, isTakenBack, moment, stateInWords } from './rollout';
import type { RuleStore } from './rule-store';
import { shortName } from './alarms';

/** What is asked about. */
export interface VersionsOptions {
  /** The platform, and where. */
  readonly target: Target;
  /** The store of its rules. */
  readonly store: RuleStore;
  /** For machines. */
  readonly json?: true;
}

/** One version, and what became of it. */
interface VersionRow {
  readonly version: number;
  readonly live: boolean;
  /** Null if the version was deleted from the store. */
  readonly by: string | null;
  /** When it was first rolled out. */
  readonly firstOut: Date | null;
  /** Its last rollout. */
  readonly rollout: number | null;
  readonly state: RolloutState | null;
  readonly percent: number;
  readonly takenBackBy: TakenBack | null;
}

/** How many rollouts are asked who took them back, each with a request of its own. */
const ASKED = 20;
/** How many versions a table shows: the newest are meant mostly, and they must not scroll away. */
const SHOWN = 30;

/** Lists the versions of the rules, newest first: by whom, from what, when, and what became of them. */
export async function showVersions({ target, store, json }: VersionsOptions): Promise<void> {
  const rows = await versionRows(store);
  if (json === true) return say(JSON.stringify(rows, null, 2));
  if (rows.length === 0) return say(`There are no rules of ${target.platform} yet: ${commandLine(target, 'push')}`);
  const shown = rows
    .slice(0, SHOWN)
    .map((row) => [
      `${row.live ? colour.green('●') : ' '} ${row.version}`,
      row.by === null ? 'deleted from AppConfig' : row.by || 'somebody who did not say',
      moment(row.firstOut ?? undefined),
      becameOf(row),
    ]);
  say(table(['Version', 'By, from', 'First out (UTC)', 'Its last rollout'], shown));
  const more = rows.length - shown.length;
  if (more > 0) say(`${more} older: ${commandLine(target, 'versions', '--json')}`);
  const live = rows.find((row) => row.live);
  say(live === undefined ? 'None is live: everything is kept.' : `● Version ${live.version} is live.`);
}

/** Prints the rules of a version as YAML; of the live one if none is named. */
export async function showRules({ target, store, json }: VersionsOptions, wanted?: number): Promise<void> {
  const rollouts = await store.rollouts();
  const live = liveVersion(rollouts);
  const version = wanted ?? live;
  if (version === undefined)
    throw new Failure(
      `No rules are live on ${target.platform}: everything is kept. Push some: ${commandLine(target, 'push')}`,
    );
  const stored = await store.read(version);
  if (stored === undefined)
    throw new Failure(
      `There is no version ${version} of the rules of ${target.platform} in AppConfig. Which there are: ${commandLine(target, 'versions')}`,
    );
  if (json === true) return say(stored.text);
  const since = version === live ? `, live since ${moment(liveSince(rollouts))} UTC` : ', not live';
  say(
    [
      `# version ${version} of the rules of ${target.platform}${since}`,
      `# by ${stored.description || 'somebody who did not say'}`,
      asYaml(stored.text),
    ].join('\n'),
  );
}

async function versionRows(store: RuleStore): Promise<VersionRow[]> {
  const rollouts = [...(await store.rollouts())].sort((a, b) => b.number - a.number);
  const stored = new Map((await store.versions()).map(({ number, description }) => [number, description]));
  const live = liveVersion(rollouts);
  const all = [...new Set([...stored.keys(), ...rollouts.map(({ version }) => version)])].sort((a, b) => b - a);
  let asked = 0;
  return Promise.all(
    all.map(async (version) => {
      const own = rollouts.filter((rollout) => rollout.version === version);
      const [last] = own;
      const ask = last !== undefined && isTakenBack(last) && asked++ < ASKED;
      const events = ask
        ? await store.rollout(last.number).then(
            ({ events: found }) => found,
            () => [],
          )
        : [];
      return {
        version,
        live: version === live,
        by: stored.get(version) ?? null,
        firstOut: own.at(-1)?.startedAt ?? null,
        rollout: last?.number ?? null,
        state: last?.state ?? null,
        percent: last?.percent ?? 0,
        takenBackBy: takenBackBy(events) ?? null,
      };
    }),
  );
}

function becameOf({ rollout, state, percent, takenBackBy }: VersionRow): string {
  if (rollout === null || state === null) return 'never rolled out';
  const alarm = takenBackBy?.alarm;
  const whom = byWhom(
    takenBackBy === null ? undefined : { ...takenBackBy, alarm: alarm === undefined ? undefined : shortName(alarm) },
  );
  return `${rollout}: ${stateInWords({ state, percent })}${whom}`;
}

function asYaml(text: string): string {
  try {
    return stringify(JSON.parse(text) as unknown, { lineWidth: 120 }).trimEnd();
  } catch {
    return text; // somebody put something else there
  }
}
