import type { FilterMetric } from '../../lib/logs/log-metrics';
import { IDLE_DAYS } from '../../lib/logs/watch/idle-rules';
import { table } from '../../sandbox/table';
import { colour } from '../use';
import { shortName } from './alarms';
import { commandLine, type Target } from './command-line';
import { MINUTES, type Counted } from './counts';
import { bytes, count, counted, percent } from './figures';
import { rolloutUnderWay, type Rollout } from '../../lib/logs/rule-history';
import { byWhom, clock, decidesFrom, isTakenBack, moment, stateInWords, watchedUntil } from './rollout';
import { healthy, type Status, type ToldRollout } from './status';
import { warningLines } from './warning-lines';

/** A status as people read it: what is live, what is wrong, what is doubtful, then the figures. */
export function statusText(status: Status, target: Target, file: string | undefined): string {
  const { idle, warnings, rollouts, sameAsFile, counts } = status;
  const doubt = (text: string): string => `  ${colour.yellow('!')} ${text}`;
  return [
    colour.bold(headline(status, target)),
    ...authors(status),
    ...wrong(status, target),
    ...lastTakenBack(status).map(doubt),
    ...(sameAsFile === false
      ? [doubt(`${file ?? ''} differs: ${commandLine(target, 'diff', '--sample', 'yesterday')}`)]
      : []),
    ...warningLines(warnings, commandLine(target, 'status', '--json')),
    ...(idle.length > 0 ? [doubt(`matched nothing for ${IDLE_DAYS} days: ${idle.join(', ')}`)] : []),
    ...(rollouts.length > 0 ? [rolloutTable(rollouts)] : []),
    ...(counts === undefined ? [] : [countsText(counts, target)]),
  ].join('\n');
}

function authors({ live, running }: Status): string[] {
  const by = (who: string): string => `by ${who || 'somebody who did not say'}`;
  if (running?.by === undefined || !isUnderWay(running)) return live?.by === undefined ? [] : [`  ${by(live.by)}`];
  return [
    `  version ${running.version} ${by(running.by)}`,
    ...(live?.by === undefined ? [] : [`  version ${live.version} ${by(live.by)}`]),
  ];
}

function headline({ live, running }: Status, target: Target): string {
  const { platform } = target;
  if (running !== undefined && isUnderWay(running)) {
    const before =
      live === undefined
        ? `version ${running.version} decides or everything is kept, by chance`
        : `versions ${live.version} and ${running.version} decide, the same line by chance`;
    const all = running.startedAt === undefined ? '' : `; all from ${clock(decidesFrom(running, running.startedAt))}`;
    return `Version ${running.version} ${stateInWords(running)} on ${platform}: until then ${before}${all}`;
  }
  if (live === undefined)
    return `No rules are live on ${platform}: everything is kept. Push some: ${commandLine(target, 'push')}`;
  const { version, rules = 0, since } = live;
  const until = running?.state === 'BAKING' ? watchedUntil(running) : undefined;
  const watched = until === undefined ? '' : `, watched until ${clock(until)}`;
  return `Version ${version} is live on ${platform}, ${counted(rules, 'rule')}, since ${moment(since)} UTC${watched}`;
}

function isUnderWay(rollout: Rollout): boolean {
  return rolloutUnderWay([rollout]) !== undefined;
}

/** Each is a reason why not all is well. */
function wrong({ ringing, failedObjects, unknown }: Status, target: Target): string[] {
  const bad = (text: string): string => `  ${colour.red('✗')} ${text}`;
  const { waiting = 0, complete = true, oldest } = failedObjects ?? {};
  const since = oldest === undefined ? '' : oldest.toISOString().slice(0, 16);
  const are = waiting === 1 ? 'is' : 'are';
  return [
    ...ringing.map(({ name, since: at, what }) =>
      bad(`alarm ${name} rings${at === undefined ? '' : ` since ${moment(at)} UTC`}: ${what}`),
    ),
    ...(waiting === 0
      ? []
      : [
          bad(
            `${complete ? '' : 'at least '}${counted(waiting, 'object')} under failed/ ${are} not replayed: ${commandLine(target, 'replay', '--from', 'failed', '--since', since)}`,
          ),
        ]),
    ...unknown.map(({ what, why }) => bad(`not known: ${what}: ${why}`)),
  ];
}

/** Why the newest rollout came to nothing. */
function lastTakenBack({ rollouts }: Status): string[] {
  const [last] = rollouts;
  if (last === undefined || !isTakenBack(last)) return [];
  const when = last.completedAt === undefined ? '' : ` at ${moment(last.completedAt)} UTC`;
  return [
    `version ${last.version} ${stateInWords(last)}${byWhom(last.takenBackBy ?? undefined)}${when} (rollout ${last.number})`,
  ];
}

function rolloutTable(rollouts: readonly ToldRollout[]): string {
  const rows = rollouts.map((rollout) => [
    rollout.number,
    rollout.version,
    `${stateInWords(rollout)}${inShort(rollout)}`,
    moment(rollout.startedAt),
    moment(rollout.completedAt),
  ]);
  return table(['Rollout', 'Version', 'It', 'Begun (UTC)', 'Ended (UTC)'], rows);
}

/** Who took it back, with the name an alarm has in the code: the whole one is in the line above. */
function inShort({ takenBackBy }: ToldRollout): string {
  if (takenBackBy === null) return '';
  const { alarm } = takenBackBy;
  return byWhom({ ...takenBackBy, alarm: alarm === undefined ? undefined : shortName(alarm) });
}

/** What the function counted that is wrong, and from where it is replayed if it is so many records. */
const WRONG: readonly (readonly [FilterMetric, string, 'failed' | 'hot' | undefined])[] = [
  [
    'RulesStale',
    'the function could not read the rules: it decides by the last good ones, or keeps everything if it knows none',
    undefined,
  ],
  ['RulesMissing', 'the function has no rules at all and keeps everything', undefined],
  ['Failed', 'records were given up on and are under failed/', 'failed'],
  ['HotFailed', 'records are missing in the hot copy', 'hot'],
];

function countsText(found: Counted, target: Target): string {
  const { InRecords: came = 0, InBytes: size = 0, KeptBytes: kept = 0, HotBytes: hot = 0 } = found;
  if (came === 0 && healthy(found)) return `The function was handed nothing in the last ${MINUTES} minutes.`;
  return [
    `In the last ${MINUTES} minutes: ${counted(came, 'record')}, ${bytes(size)}; ${percent(kept, size)} kept, ${percent(hot, size)} in the hot copy.`,
    ...(found.Unparsed
      ? [`  ${colour.yellow('!')} ${counted(found.Unparsed, 'record')} could not be parsed (unparsed/)`]
      : []),
    ...(found.RuleErrors
      ? [`  ${colour.yellow('!')} a rule passed ${counted(found.RuleErrors, 'record')} by on which it threw`]
      : []),
    ...WRONG.flatMap(([name, text, from]) => {
      const number = found[name] ?? 0;
      if (number === 0) return [];
      if (from === undefined) return [`  ${colour.red('✗')} ${text}`];
      const line = commandLine(target, 'replay', '--from', from, '--since', '1h');
      return [`  ${colour.red('✗')} ${count(number)}: ${text}: ${line}`];
    }),
  ].join('\n');
}
