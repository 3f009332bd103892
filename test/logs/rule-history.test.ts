import * as fc from 'fast-check';
import {
  goodVersions,
  liveSince,
  liveVersion,
  previousVersion,
  revertTo,
  rolloutUnderWay,
  runningRollout,
  type Rollout,
  type RolloutState,
} from '../../lib/logs/rule-history';

const rollout = (number: number, version: number, state: RolloutState = 'COMPLETE'): Rollout => ({
  number,
  version,
  state,
  percent: 100,
  minutes: 0,
  bakeMinutes: 10,
  startedAt: undefined,
  completedAt: undefined,
});

/** Newest first, as AppConfig lists them. */
const listed = (...each: readonly (readonly [number, RolloutState?])[]): Rollout[] =>
  each.map(([version, state], index) => rollout(index + 1, version, state)).reverse();

test.each([
  ['nothing yet', listed(), []],
  ['one', listed([1]), [1]],
  ['a push after a push', listed([1], [2]), [1, 2]],
  ['one an alarm took back', listed([1], [2, 'ROLLED_BACK']), [1]],
  ['one that is watched decides already', listed([1], [2, 'BAKING']), [1, 2]],
  ['one that goes out does not decide alone', listed([1], [2, 'DEPLOYING']), [1]],
  ['a way back: what was left is not good', listed([1], [2], [1]), [1]],
  ['two steps back', listed([1], [2], [3], [2], [1]), [1]],
  ['forward again after a way back', listed([1], [2], [1], [3]), [1, 3]],
  ['back over one that was taken back', listed([1], [2, 'REVERTED'], [3], [1]), [1]],
])('%s', (_, rollouts, good) => {
  expect(goodVersions(rollouts)).toEqual(good);
  expect(liveVersion(rollouts)).toBe(good.at(-1));
  expect(previousVersion(rollouts)).toBe(good.at(-2));
});

test('rolling back again and again walks to the first version and never forward', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 12 }), (pushes) => {
      let rollouts = listed(...Array.from({ length: pushes }, (_, index): [number] => [index + 1]));
      for (let expected = pushes - 1; expected >= 1; expected--) {
        const target = previousVersion(rollouts);
        expect(target).toBe(expected);
        rollouts = [rollout(rollouts.length + 1, target!), ...rollouts];
      }
      expect(previousVersion(rollouts)).toBeUndefined();
    }),
  );
});

test.each<[RolloutState, boolean]>([
  ['VALIDATING', true],
  ['DEPLOYING', true],
  ['BAKING', true],
  ['ROLLING_BACK', true],
  ['COMPLETE', false],
  ['ROLLED_BACK', false],
  ['REVERTED', false],
])('%s goes on: %p', (state, goesOn) => {
  expect(runningRollout([rollout(1, 1, state)]) !== undefined).toBe(goesOn);
});

test.each<[RolloutState, boolean]>([
  ['VALIDATING', true],
  ['DEPLOYING', true],
  ['BAKING', false],
  ['ROLLING_BACK', false],
  ['COMPLETE', false],
])('%s is on its way: %p', (state, onItsWay) => {
  expect(rolloutUnderWay([rollout(1, 1, state)]) !== undefined).toBe(onItsWay);
});

/** Rollouts that began and ended at these minutes, newest first. */
const timed = (...each: readonly (readonly [number, RolloutState, number, number?])[]): Rollout[] =>
  each
    .map(([version, state, from, to], index) => ({
      ...rollout(index + 1, version, state),
      startedAt: new Date(from * 60_000),
      completedAt: to === undefined ? undefined : new Date(to * 60_000),
    }))
    .reverse();

test.each<[string, Rollout[], number | undefined]>([
  ['nothing yet', timed(), undefined],
  ['its rollout began', timed([1, 'COMPLETE', 0, 10], [2, 'BAKING', 20]), 20],
  ['a rollback began', timed([1, 'COMPLETE', 0, 10], [2, 'COMPLETE', 20, 30], [1, 'COMPLETE', 40, 50]), 40],
  ['what came after it was taken back', timed([1, 'COMPLETE', 0, 10], [2, 'REVERTED', 20, 90]), 90],
  ['an alarm took back what had decided', timed([1, 'COMPLETE', 0, 10], [2, 'ROLLED_BACK', 20, 25]), 25],
  ['what was taken back at once decided nothing', timed([1, 'COMPLETE', 0, 10], [2, 'ROLLED_BACK', 20, 20.1]), 0],
  ['the same version failed later', timed([1, 'COMPLETE', 0, 10], [1, 'ROLLED_BACK', 20, 20]), 0],
  ['what was taken back before it', timed([1, 'REVERTED', 0, 10], [2, 'COMPLETE', 20, 30]), 20],
])('live since: %s', (_, rollouts, minute) => {
  expect(liveSince(rollouts)?.getTime()).toBe(minute === undefined ? undefined : minute * 60_000);
});

const HOUR = 60;
test.each<[string, Rollout[], number | undefined, number | undefined]>([
  ['to the version before', timed([1, 'COMPLETE', 0, 1], [2, 'COMPLETE', 2, 3]), 1, 2],
  [
    'behind one that was taken back',
    timed([1, 'COMPLETE', 0, 1], [2, 'COMPLETE', 2, 3], [3, 'ROLLED_BACK', 4, 4]),
    1,
    2,
  ],
  ['once more', timed([1, 'COMPLETE', 0, 1], [2, 'COMPLETE', 2, 3], [3, 'REVERTED', 4, 5]), 1, 2],
  ['from the first to nothing', timed([1, 'COMPLETE', 0, 1]), undefined, 1],
  ['not to another version', timed([1, 'COMPLETE', 0, 1], [2, 'COMPLETE', 2, 3], [3, 'COMPLETE', 4, 5]), 1, undefined],
  [
    'not from a rollback',
    timed([1, 'COMPLETE', 0, 1], [2, 'COMPLETE', 2, 3], [1, 'COMPLETE', 4, 5]),
    undefined,
    undefined,
  ],
  ['not after three days', timed([1, 'COMPLETE', 0, 1], [2, 'COMPLETE', 2 - 72 * HOUR, 3 - 72 * HOUR]), 1, undefined],
  ['not if it is not said when it ended', timed([1, 'COMPLETE', 0, 1], [2, 'COMPLETE', 2]), 1, undefined],
  ['not without any', timed(), undefined, undefined],
])('a rollout is taken back: %s', (_, rollouts, version, number) => {
  expect(revertTo(rollouts, version, new Date(10 * 60_000))?.number).toBe(number);
});
