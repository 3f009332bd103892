import { readMoment } from '../../lib/logs/replay';
import { compileRules, decide } from '../../lib/logs/rules/engine';
import type { LogRules } from '../../lib/logs/rules/log-rule';
import { Failure } from '../../sandbox/failure';
import { Interrupted, Run } from '../../sandbox/interrupt';
import { fingerprint } from '../../sandbox/places';
import { WrongUse } from '../ending';
import { deployed, output, type AwsOptions, type Deployed } from './aws';
import { liveRules } from './deployed-rules';
import { HotCopyStream, replayStream } from './hot-stream';
import { S3Objects } from './objects';
import { acceptedSoFar, nothingReplayed, replay, type Replay, type Replayed, type ReplayPlace } from './replay';
import { ruleFile, soundRules } from './rule-file';
import { isStored, rulesBy } from './rules-by';
import { showReplayed } from './show-replayed';
import { DeliveryStream } from './stream';
import { oneOf } from './which';
import { named } from '../use';

/** Options of the command that sends records again. */
export interface ReplayWords extends AwsOptions {
  readonly from: ReplayPlace;
  readonly since: string;
  readonly until?: string;
  readonly droppedBy?: string;
  readonly again?: true;
  readonly dryRun?: true;
  readonly mbPerSecond: number;
  readonly json?: true;
}

/** How long what is under way may take when somebody stops a replay, in milliseconds. */
const PATIENCE = 10_000;

/** `hajime logs replay`. */
export async function replayAction(platform: string | undefined, options: ReplayWords): Promise<void> {
  const now = new Date();
  const { since, until } = spanOf(options, now);
  const name = oneOf(platform);
  const { droppedBy: by } = options;
  // a file with mistakes is told of before anybody is asked
  const file = by === undefined || isStored(by) ? undefined : soundRules(ruleFile(name, by));
  const place = await deployed(name, named(name), options);
  if (options.from === 'archive' && place.outputs.archive === undefined)
    throw new Failure(`${name} has no archive: what the rules dropped was not kept (logs.archive: 'dropped-too').`);
  const what: Replay = {
    from: options.from,
    bucket: output(place, options.from === 'archive' ? 'archive' : 'bucket'),
    since,
    until,
    only: options.from === 'hot' ? await sentHot(place) : await droppedBy(place, by, file),
    again: options.again === true,
    dryRun: options.dryRun === true,
    bytesPerSecond: options.mbPerSecond * 1_000_000,
    json: options.json === true,
  };
  const objects = new S3Objects(place.settings);
  if (options.from !== 'hot') {
    const stream = new DeliveryStream(output(place, 'stream'), place.settings);
    return showReplayed(what, await untilStopped(what, (so, signal) => replay(what, objects, stream, { signal }, so)));
  }
  const hot = new HotCopyStream(replayStream(output(place, 'hotGroup'), place.settings, now), since);
  const found = await untilStopped(what, (so, signal) => replay(what, objects, hot, { signal }, so));
  showReplayed(what, { ...found, lines: found.lines - hot.refused, unreadable: hot.refused });
}

/** Replays until it is done, or until somebody stops it: then what is under way is sent and marked, and told. */
export async function untilStopped(
  what: Pick<Replay, 'again' | 'dryRun'>,
  work: (so: Replayed, signal: AbortSignal) => Promise<Replayed>,
): Promise<Replayed> {
  const so = nothingReplayed();
  try {
    return await Run.of((run) => {
      const replayed = work(so, run.signal);
      const settled = replayed.then(
        () => undefined,
        () => undefined,
      );
      run.atEnd(() => Promise.race([settled, new Promise<void>((resolve) => setTimeout(resolve, PATIENCE).unref())]));
      return replayed;
    });
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    throw new Interrupted(
      error.exitCode,
      `Stopped. ${what.dryRun ? 'Nothing was sent: it was a dry run.' : acceptedSoFar(what, so)}`,
    );
  }
}

/** What the live rules, one version of them or a file of rules drops; decided as of now. */
async function droppedBy(place: Deployed, by: string | undefined, file: LogRules | undefined): Promise<Replay['only']> {
  if (by === undefined) return undefined;
  const rules = file ?? (await rulesBy(by, place)).rules;
  const engine = compileRules(rules);
  const arrival = Date.now();
  return { name: fingerprint(JSON.stringify(rules)), wanted: (line) => !decide(engine, line, arrival).keep };
}

/** What the live rules send to CloudWatch Logs; decided as of now. */
async function sentHot(place: Deployed): Promise<NonNullable<Replay['only']>> {
  const engine = compileRules((await liveRules(place)).rules);
  const arrival = Date.now();
  return { name: 'hot', wanted: (line) => decide(engine, line, arrival).to.includes('cloudwatch') };
}

/** The span of time meant; all that is wrong with it and what goes with it at once. */
function spanOf(
  { since: first, until: last, droppedBy: by, from }: ReplayWords,
  now: Date,
): { readonly since: Date; readonly until: Date } {
  const [since, until = now] = [readMoment(first, now), last === undefined ? now : readMoment(last, now)];
  const wrong = Object.entries({ since: first, until: last })
    .filter(([, text]) => text !== undefined && readMoment(text, now) === undefined)
    .map(
      ([option, text]) =>
        `--${option} ${text} must be a time in UTC such as 2026-11-24T10:00, a day, yesterday, or 90m, 6h, 2d`,
    );
  if (wrong.length === 0 && since !== undefined && since >= until)
    wrong.push(`--since ${first} must be before --until ${last ?? 'now'}`);
  if (by !== undefined && from !== 'archive')
    wrong.push('--dropped-by chooses lines of the archive: give --from archive');
  if (wrong.length > 0 || since === undefined) throw new WrongUse(wrong.join('\n'));
  return { since, until };
}
