import type { Match, TextMatch } from './log-match';
import { listOf, textCondition } from './text-test';

/** Texts with nothing in common: a pattern found in all of them is found in about every text. */
const UNLIKE = ['a', '0', '~', ' ', 'é', '日本'];

/** Whether a match without problems fits about every record there can be, however much is written in it. */
export function matchesAll({ namespace, pod, container, message, ...others }: Match): boolean {
  return (
    [namespace, pod, container].every(
      (glob) => glob === undefined || listOf(glob).some((each) => /^\*+$/.test(each)),
    ) &&
    (message === undefined || isAnyText(message)) &&
    Object.values(others).every((each) => each === undefined)
  );
}

function isAnyText(message: TextMatch): boolean {
  const { test } = textCondition(message);
  return test === undefined || UNLIKE.every(test);
}
