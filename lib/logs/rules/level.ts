import type { Level } from './log-rule';

/** The levels from the lightest to the gravest; the numbers are those of pino and bunyan. */
export const LEVELS: Readonly<Record<Level, number>> = {
  trace: 10,
  debug: 20,
  info: 30,
  notice: 35,
  warn: 40,
  error: 50,
  fatal: 60,
};

/** What else applications write. */
const ALIASES: Readonly<Record<string, Level>> = {
  verbose: 'trace',
  information: 'info',
  warning: 'warn',
  err: 'error',
  severe: 'error',
  critical: 'fatal',
  crit: 'fatal',
  alert: 'fatal',
  emerg: 'fatal',
  emergency: 'fatal',
  panic: 'fatal',
};

const WORDS: ReadonlyMap<string, number> = new Map([
  ...Object.entries(LEVELS),
  ...Object.entries(ALIASES).map(([word, level]): [string, number] => [word, LEVELS[level]]),
]);

const NUMBERS: readonly number[] = Object.values(LEVELS);

/** The number of a level as a record says it, in words or as a number; 0 if it is none. */
export function levelOf(value: unknown): number {
  if (typeof value === 'number') {
    // 32 is still info: the gravest level that is not above it
    return value < 70 ? NUMBERS.reduce((level, each) => (each <= value ? each : level), 0) : 0;
  }
  if (typeof value !== 'string' || value.length > 11) return 0;
  return WORDS.get(value) ?? WORDS.get(value.toLowerCase()) ?? 0;
}
