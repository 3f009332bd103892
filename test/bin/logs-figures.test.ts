import { InvalidArgumentError } from 'commander';
import { above0, bytes, duration, ordinal, share, upTo, whole } from '../../bin/logs/figures';
import { hasColours } from '../../bin/use';
import { hajime } from './in-process';

const read = (reader: (text: string) => number, text: string): number | string => {
  try {
    return reader(text);
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidArgumentError);
    return (error as Error).message;
  }
};

test.each<[string, number]>([
  ['1', 1],
  ['1.5', 1.5],
  ['.5', 0.5],
  ['0.001', 0.001],
  [' 7 ', 7],
  ['1000', 1000],
  ['1,000', 1000],
  ['1_000', 1000],
  ['1,234,567.8', 1_234_567.8],
])('%j is the number %d', (text, number) => {
  expect(read(above0, text)).toBe(number);
});

const ABOVE = 'It must be a number above 0, such as 1.5 or 1,000.';
test.each([
  ['1,5', 'It must be a number above 0: write 1.5; commas are for thousands, such as 1,000.'],
  ['1234,5', 'It must be a number above 0: write 1234.5; commas are for thousands, such as 1,000.'],
  ['1,0000', 'It must be a number above 0: write 1.0000; commas are for thousands, such as 1,000.'],
  ['1,00,000', ABOVE],
  ['1,000_000', ABOVE],
  ['0', ABOVE],
  ['0.0', ABOVE],
  ['-1', ABOVE],
  ['0x10', ABOVE],
  ['1e99', ABOVE],
  ['Infinity', ABOVE],
  ['', ABOVE],
  [' ', ABOVE],
  ['1.', ABOVE],
  ['5GB', ABOVE],
  ['1000000001', 'It must be at most 1,000,000,000.'],
  ['9'.repeat(400), 'It must be at most 1,000,000,000.'],
])('%j is no number above zero: %s', (text, told) => {
  expect(read(above0, text)).toBe(told);
});

test.each<[string, (text: string) => number, string, number | string]>([
  ['whole', whole, '0', 0],
  ['whole', whole, '1,000', 1000],
  ['whole', whole, '2.0', 2],
  ['whole', whole, '2.5', 'It must be a whole number, such as 30 or 1,000.'],
  ['whole', whole, '0x10', 'It must be a whole number, such as 30 or 1,000.'],
  ['ordinal', ordinal, '7', 7],
  ['ordinal', ordinal, '0', 'It must be a whole number above 0, such as 30 or 1,000.'],
  ['ordinal', ordinal, '1.5', 'It must be a whole number above 0, such as 30 or 1,000.'],
  ['ordinal', ordinal, '2000000000', 'It must be at most 1,000,000,000.'],
  ['upTo(10)', upTo(10), '10', 10],
  ['upTo(10)', upTo(10), '10.1', 'It must be at most 10.'],
  ['share', share, '30 %', 0.3],
  ['share', share, '0.3', 0.3],
])('%s reads %3$j as %j', (_, reader, text, expected) => {
  expect(read(reader, text)).toBe(expected);
});

test.each([
  [
    ['test', 'dev', '--sample', '-', '--limit', '2.5'],
    "option '--limit <records>' argument '2.5' is invalid. It must be a whole",
  ],
  [['rollback', 'dev', '--to', '1.5'], "option '--to <version>' argument '1.5' is invalid. It must be a whole number"],
  [['test', 'dev', '--sample', '-', '--gb-per-day', '1,5'], 'write 1.5; commas are for thousands'],
  [['replay', 'dev', '--from', 'hot', '--since', '1h', '--mb-per-second', '1001'], 'It must be at most 1,000.'],
])('%j is wrong use', async (words, told) => {
  const { status, stderr } = await hajime('logs', ...words);
  expect([status, stderr]).toEqual([2, expect.stringContaining(told)]);
});

test('sizes and times as people read them', () => {
  expect([0, 999, 1000, 1_500_000].map(bytes)).toEqual(['0 B', '999 B', '1.0 kB', '1.5 MB']);
  expect([0, 1, 119, 120, 7200, 172_800].map(duration)).toEqual([
    '1 second',
    '1 second',
    '119 seconds',
    '2 minutes',
    '2 hours',
    '2 days',
  ]);
});

test.each([
  [true, {}, true],
  [true, { TERM: 'xterm' }, true],
  [true, { TERM: 'dumb' }, false],
  [true, { NO_COLOR: '1' }, false],
  [false, { TERM: 'xterm' }, false],
  [undefined, {}, false],
])('a terminal (%j) with %j has colours: %j', (isTTY, env, colours) => {
  expect(hasColours({ isTTY }, env)).toBe(colours);
});
