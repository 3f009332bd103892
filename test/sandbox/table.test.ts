import { createColors } from 'picocolors';
import { fittingTable, table } from '../../sandbox/table';

const { red } = createColors(true);
const HEAD = ['Rule', 'Does', 'Took'];
const ROWS = [
  ['probes', `drop\n${red('2 it threw at')}`, 6],
  ['mail', 'redact', undefined],
];
const width = (text: string): number => text.split('\n')[0]!.length;

test.each([Infinity, 200, width(table(HEAD, ROWS))])('a table that fits into %d columns is drawn', (columns) => {
  expect(fittingTable(HEAD, ROWS, columns)).toBe(table(HEAD, ROWS));
});

test('where it does not fit each row stands by itself, without what is empty', () => {
  expect(fittingTable(HEAD, ROWS, width(table(HEAD, ROWS)) - 1).split('\n')).toEqual([
    'probes',
    `  Does: drop, ${red('2 it threw at')}`,
    '  Took: 6',
    'mail',
    '  Does: redact',
  ]);
});

test('as much stands in a line as fits', () => {
  const head = ['Rule', 'Took', 'Kept', 'Dropped', 'Saved'];
  const row = ['a rule whose name is longer than the terminal', 60, 12, 48, '$1.20'];
  expect(fittingTable(head, [row], 33).split('\n')).toEqual([
    'a rule whose name is longer than the terminal',
    '  Took: 60; Kept: 12; Dropped: 48',
    '  Saved: $1.20',
  ]);
});

test('a file has no width', () => {
  const { columns } = process.stdout;
  try {
    Object.assign(process.stdout, { columns: undefined });
    expect(fittingTable(HEAD, ROWS)).toBe(table(HEAD, ROWS));
    Object.assign(process.stdout, { columns: 10 });
    expect(fittingTable(HEAD, ROWS)).toMatch(/^probes\n/);
  } finally {
    Object.assign(process.stdout, { columns });
  }
});
