import type { Warning } from '../../lib/validate';
import { colour } from '../use';

/** How many are shown: more would scroll away what matters. */
const SHOWN = 5;

/** What is doubtful in rules, a line each; of many the first, and where the rest is found. */
export function warningLines(warnings: readonly Warning[], all: string): string[] {
  const shown = warnings.length > SHOWN + 1 ? warnings.slice(0, SHOWN) : warnings;
  const more = warnings.length - shown.length;
  return [
    ...shown.map(({ message }) => `  ${colour.yellow('!')} ${message}`),
    ...(more > 0 ? [`  ${colour.yellow('!')} and ${more} more: ${all}`] : []),
  ];
}
