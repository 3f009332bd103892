import * as fc from 'fast-check';
import {
  goodVersions,
  liveVersion,
  previousVersion,
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
