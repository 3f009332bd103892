import { PREFIXES } from '../../lib/logs/deployed';
import { wholeHours } from '../../lib/logs/replay';
import { table } from '../../sandbox/table';
import { bytes, count, counted, duration } from './figures';
import type { Replay, Replayed, ReplayPlace } from './replay';
import { say } from '../use';

const PLACES: Readonly<Record<ReplayPlace, string>> = { failed: PREFIXES.failed, archive: '', hot: PREFIXES.logs };

/** Says what came of a replay. */
export function showReplayed(
  { from, bucket, dryRun, json, since, until, bytesPerSecond }: Replay,
  { objects, earlier, lines, bytes: size, unreadable, reasons }: Replayed,
): void {
  const hours = wholeHours(since, until);
  const seconds = size / bytesPerSecond;
  if (json) {
    const machine = { from, bucket, dryRun, since, until, wholeHours: hours, objects, earlier, lines, bytes: size };
    const rest = { unreadable, ...(dryRun ? { seconds } : {}), reasons: Object.fromEntries(reasons) };
    say(JSON.stringify({ ...machine, ...rest }, null, 2));
    return;
  }
  const span = `the whole hours ${hourSpan(hours)}`;
  if (objects === 0) {
    say(`Nothing of ${span} is in s3://${bucket}/${PLACES[from]}.`);
    return;
  }
  if (reasons.size > 0)
    say(
      table(
        ['Why Firehose gave up', 'Lines'],
        [...reasons].map(([reason, number]) => [reason, count(number)]),
      ),
    );
  const where = `${counted(objects, 'object')} of ${span}${earlier > 0 ? `, ${count(earlier)} of them replayed before` : ''}`;
  if (lines === 0) say(`There is nothing to send (${where}).`);
  else {
    const became = dryRun ? 'would be sent' : `were accepted by ${from === 'hot' ? 'the hot copy' : 'the stream'}`;
    say(`${counted(lines, 'line')}, ${bytes(size)} ${became} (${where}).`);
  }
  if (lines > 0 && dryRun)
    say(`At ${bytes(bytesPerSecond)} a second that takes about ${duration(seconds)} (--mb-per-second).`);
  if (unreadable > 0)
    say(
      `${counted(unreadable, 'line')} cannot be sent: no record of Firehose, or too large for one; left where ${unreadable === 1 ? 'it is' : 'they are'}.`,
    );
  if (lines > 0 && !dryRun && from !== 'hot')
    say('Nothing was deleted. In about the time of two buffers they are decided by the rules of now.');
}

function hourSpan({ from, to }: ReturnType<typeof wholeHours>): string {
  const [first, last] = [from, to].map((date) => date.toISOString().slice(0, 16).replace('T', ' ')) as [string, string];
  return `${first} to ${first.slice(0, 10) === last.slice(0, 10) ? last.slice(11) : last} UTC`;
}
