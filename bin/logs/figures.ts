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

/** The largest number that an option takes unless it says otherwise. */
const MOST = 1_000_000_000;

/** A reader of a number above zero, such as `1.5`, `1,000` or `1_000`. */
export function upTo(most: number): (text: string) => number {
  return (text) => {
    const number = numberIn(text);
    if (number === undefined || number <= 0)
      throw new InvalidArgumentError(`It must be a number above 0${hint(text) ?? ', such as 1.5 or 1,000'}.`);
    if (number > most) throw new InvalidArgumentError(`It must be at most ${count(most)}.`);
    return number;
  };
}

/** Reads a number above zero. */
export const above0 = upTo(MOST);

/** Reads a whole number, zero or more. */
export function whole(text: string): number {
  return wholeIn(text, 0);
}

/** Reads a whole number above zero, such as a count or a version. */
export function ordinal(text: string): number {
  return wholeIn(text, 1);
}

function wholeIn(text: string, least: number): number {
  const number = numberIn(text);
  if (number === undefined || !Number.isInteger(number) || number < least)
    throw new InvalidArgumentError(`It must be a whole number${least > 0 ? ' above 0' : ''}, such as 30 or 1,000.`);
  if (number > MOST) throw new InvalidArgumentError(`It must be at most ${count(MOST)}.`);
  return number;
}

/** A number as people write it: thousands may stand apart, and only thousands. */
function numberIn(text: string): number | undefined {
  const plain = text.trim();
  if (!/^(?:\d+|\d{1,3}(?:,\d{3})+|\d{1,3}(?:_\d{3})+)(?:\.\d+)?$|^\.\d+$/.test(plain)) return undefined;
  return Number(plain.replaceAll(/[,_]/g, ''));
}

/** A comma for a point, as much of the world writes it, would be read as something else. */
function hint(text: string): string | undefined {
  const [, before, after] = /^(\d+),(\d+)$/.exec(text.trim()) ?? [];
  return before === undefined ? undefined : `: write ${before}.${after}; commas are for thousands, such as 1,000`;
}
