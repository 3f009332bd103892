/** Figures as people read them, and as they write them. */
import { InvalidArgumentError } from 'commander';

/** A count with its thousands apart. */
export function count(number: number): string {
  return number.toLocaleString('en-US');
}

/** A count of something, such as `1 record` or `2 records`. */
export function counted(number: number, what: string): string {
  return `${count(number)} ${what}${number === 1 ? '' : 's'}`;
}

/** Bytes in the largest unit that leaves something before the point. */
export function bytes(number: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const at = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, number)) / 3)));
  const scaled = number / 1000 ** at;
  return `${at === 0 || scaled >= 100 ? Math.round(scaled) : scaled.toFixed(1)} ${units[at] ?? ''}`;
}

/** US dollars; cents where they matter. */
export function dollars(number: number): string {
  if (number > 0 && number < 0.00005) return '<$0.0001';
  const digits = number !== 0 && Math.abs(number) < 0.1 ? 4 : 2;
  return `$${number.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })}`;
}

/** About how long so many seconds are, in the largest unit of which there are two. */
export function duration(seconds: number): string {
  const units = [
    ['day', 86_400],
    ['hour', 3_600],
    ['minute', 60],
  ] as const;
  const [unit, of] = units.find((each) => seconds >= 2 * each[1]) ?? ['second', 1];
  return counted(Math.max(1, Math.round(seconds / of)), unit);
}

/** A share of a whole in percent; `–` of nothing. */
export function percent(part: number, whole: number): string {
  if (whole === 0) return '–';
  const share = (part / whole) * 100;
  return `${share > 0 && share < 1 ? share.toFixed(2) : share.toFixed(share < 10 ? 1 : 0)} %`.replace('.0 ', ' ');
}

/** Reads a share: `30%`, `30 %`, or a fraction such as `0.3`. */
export function share(text: string): number {
  const [, digits, sign] = /^(\d+(?:\.\d+)?)\s*(%?)$/.exec(text.trim()) ?? [];
  const number = Number(digits) / (sign === '%' ? 100 : 1);
  if (!(number >= 0 && number <= 1)) throw new InvalidArgumentError('It must be a share, such as 30% or 0.3.');
  return number;
}

/** Reads a number above zero. */
export function above0(text: string): number {
  const number = Number(text.replaceAll(/[,_]/g, ''));
  if (!(number > 0 && number < Infinity) || text.trim() === '')
    throw new InvalidArgumentError('It must be a number above 0.');
  return number;
}

/** Reads a whole number, zero or more. */
export function whole(text: string): number {
  const number = Number(text.replaceAll(/[,_]/g, ''));
  if (!Number.isSafeInteger(number) || number < 0 || text.trim() === '')
    throw new InvalidArgumentError('It must be a whole number.');
  return number;
}
