import { liveVersion, runningRollout } from '../../lib/logs/rule-history';
import { Failure } from '../../sandbox/failure';
import { Progress } from '../../sandbox/progress';
import { say } from '../use';
import { commandLine, type Target } from './command-line';
import { counted } from './figures';
import { stateInWords } from './rollout';
import type { RuleStore } from './rule-store';

/** Rules to be deleted for good. */
export interface Forget {
  /** The platform, and where. */
  readonly target: Target;
  /** The store of its rules. */
  readonly store: RuleStore;
  /** Buckets of the stack, which cannot be deleted either while they hold something. */
  readonly buckets: readonly string[];
  /** Whether to do it, or only to say what would be done. */
  readonly sure: boolean;
}

/** Deletes every version of a platform's rules: until it is done, AppConfig lets the stack's profile not go. */
export async function forget({ target, store, buckets, sure }: Forget): Promise<void> {
  const { platform } = target;
  const versions = await store.versions();
  if (versions.length === 0) {
    say(`There are no rules of ${platform} to delete.`);
    return;
  }
  const rollouts = await store.rollouts();
  const running = runningRollout(rollouts);
  if (running !== undefined)
    throw new Failure(
      `Nothing was deleted: version ${running.version} ${stateInWords(running)} (rollout ${running.number}).\nWait for it: ${commandLine(target, 'status')}\nOr stop it: ${commandLine(target, 'rollback')}`,
    );
  const live = liveVersion(rollouts);
  const all = `${counted(versions.length, 'version')} of the rules of ${platform}${live === undefined ? '' : `, of which version ${live} is live`}`;
  if (!sure) {
    say(
      `This deletes ${all}, and there is no way back: without rules the function keeps everything, and \`rollback\` has nothing to go back to. The rule file stays.\nNothing was deleted. To do it: ${commandLine(target, 'forget', '--yes')}`,
    );
    return;
  }
  const progress = new Progress();
  progress.step(`Deleting ${counted(versions.length, 'version')}`);
  let done = 0;
  try {
    for (const { number } of versions) {
      await store.remove(number);
      progress.note(`${++done} of ${versions.length}`);
    }
    progress.done();
  } catch (error) {
    progress.failed();
    throw error;
  }
  say(
    [
      `Deleted ${all}.`,
      target.sandbox === true
        ? 'The local AWS goes as a whole, buckets and all: npx hajime sandbox down'
        : `Before the stack can be deleted its buckets must be empty, too: ${buckets.map((bucket) => `aws s3 rm s3://${bucket} --recursive`).join(', ')}`,
    ].join('\n'),
  );
}
