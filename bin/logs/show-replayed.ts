import { PREFIXES } from '../../lib/logs/deployed';
import { table } from '../../sandbox/table';
import { bytes, count, counted } from './figures';
import type { Replay, Replayed, ReplayPlace } from './replay';
import { say } from '../use';

const PLACES: Readonly<Record<ReplayPlace, string>> = { failed: PREFIXES.failed, archive: '', hot: PREFIXES.logs };

/** Says what came of a replay. */
export function showReplayed(
  { from, bucket, dryRun, json, since, until }: Replay,
  { objects, earlier, records, bytes: size, unreadable, reasons }: Replayed,
): void {
  if (json) {
    const machine = { from, bucket, dryRun, since, until, objects, earlier, records, bytes: size, unreadable };
    say(JSON.stringify({ ...machine, reasons: Object.fromEntries(reasons) }, null, 2));
    return;
  }
  const span = `${since.toISOString().slice(0, 16)}Z to ${until.toISOString().slice(0, 16)}Z`;
  if (objects === 0) {
    say(`Nothing of ${span} is in s3://${bucket}/${PLACES[from]}.`);
    return;
  }
  if (reasons.size > 0)
    say(
      table(
        ['Why Firehose gave up', 'Records'],
        [...reasons].map(([reason, number]) => [reason, count(number)]),
      ),
    );
  const where = `${counted(objects, 'object')} of ${span}${earlier > 0 ? `, ${count(earlier)} of them replayed before` : ''}`;
  if (records === 0) say(`There is nothing to send (${where}).`);
  else {
    const became = dryRun ? 'would be sent' : `were accepted by ${from === 'hot' ? 'the hot copy' : 'the stream'}`;
    say(`${counted(records, 'record')}, ${bytes(size)} ${became} (${where}).`);
  }
  if (unreadable > 0)
    say(
      `${counted(unreadable, 'line')} cannot be sent: no record of Firehose, or too large for one; left where ${unreadable === 1 ? 'it is' : 'they are'}.`,
    );
  if (records > 0 && !dryRun && from !== 'hot')
    say('Nothing was deleted. In about the time of two buffers they are decided by the rules of now.');
}
