import Table from 'cli-table3';

/** A table without colour of its own: it also goes into files. */
export function table(head: readonly string[], rows: readonly (readonly (string | number | undefined)[])[]): string {
  const drawn = new Table({ head: [...head], style: { head: [], border: [], compact: true } });
  for (const row of rows) drawn.push(row.map((cell) => cell ?? ''));
  return drawn.toString();
}
