import { stripVTControlCharacters } from 'node:util';
import Table from 'cli-table3';

type Cell = string | number | undefined;

/** A table without colour of its own: it also goes into files. */
export function table(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const drawn = new Table({ head: [...head], style: { head: [], border: [], compact: true } });
  for (const row of rows) drawn.push(row.map((cell) => cell ?? ''));
  return drawn.toString();
}

/**
 * A table, or where it is too wide for the terminal each row by itself: its first cell, and below it what the others say.
 * A terminal would break every line of the table in two.
 */
export function fittingTable(
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
  columns: number = process.stdout.columns ?? Infinity,
): string {
  const drawn = table(head, rows);
  const width = Math.max(...drawn.split('\n').map(widthOf));
  if (width <= columns) return drawn;
  return rows
    .flatMap(([first, ...others]) => [String(first ?? ''), ...folded(head.slice(1), others, columns)])
    .join('\n');
}

/** What the cells of a row say, as many in a line as fit. */
function folded(head: readonly string[], cells: readonly Cell[], columns: number): string[] {
  const parts = cells.flatMap((cell, index) =>
    cell === undefined || cell === '' ? [] : [`${head[index] ?? ''}: ${String(cell).replaceAll('\n', ', ')}`],
  );
  const lines: string[] = [];
  for (const part of parts) {
    const joined = lines.length === 0 ? undefined : `${lines.at(-1)}; ${part}`;
    if (joined !== undefined && widthOf(joined) <= columns) lines[lines.length - 1] = joined;
    else lines.push(`  ${part}`);
  }
  return lines;
}

function widthOf(line: string): number {
  return stripVTControlCharacters(line).length;
}
