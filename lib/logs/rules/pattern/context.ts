import { KIND } from './alphabet';
import { ASSERTION } from './syntax';

/** A spot between two characters, of which only the kinds count: a number below 16. */
export function contextOf(before: number, after: number): number {
  return before * 4 + after;
}

/** Which assertions hold in each context, as bits of ASSERTION. */
export const HOLDS: Uint8Array = Uint8Array.from({ length: 16 }, (_, context) => {
  const [before, after] = [context >> 2, context & 3];
  return (
    (before === KIND.edge ? ASSERTION.textStart : 0) |
    (after === KIND.edge ? ASSERTION.textEnd : 0) |
    (before === KIND.edge || before === KIND.newline ? ASSERTION.lineStart : 0) |
    (after === KIND.edge || after === KIND.newline ? ASSERTION.lineEnd : 0) |
    ((before === KIND.word) !== (after === KIND.word) ? ASSERTION.wordEdge : ASSERTION.noWordEdge)
  );
});
