import type { Level } from './log-match';

/** The levels from the lightest to the gravest; rank 0 is no level. */
export const LEVELS: readonly Level[] = ['trace', 'debug', 'info', 'notice', 'warn', 'error', 'fatal'];

/** What pino and bunyan write, by rank. */
const NUMBERS: readonly number[] = [10, 20, 30, 35, 40, 50, 60];

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

const WORDS: readonly (readonly [string, number])[] = [
  ...LEVELS.map((level, index) => [level, index + 1] as const),
  ...Object.entries(ALIASES).map(([word, level]) => [word, LEVELS.indexOf(level) + 1] as const),
];
const RANKS: ReadonlyMap<string, number> = new Map(
  WORDS.flatMap(([word, rank]) => [[word, rank] as const, [word.toUpperCase(), rank] as const]),
);

/** How many ranks there are, with 0. */
export const RANK_COUNT = LEVELS.length + 1;

/** The rank of a level as a record says it, as a word or a number; 0 if it is none. */
export function rankOf(value: unknown): number {
  if (typeof value === 'number') {
    // 32 is still info: the gravest that is not above it
    return value < 70 ? NUMBERS.filter((number) => number <= value).length : 0;
  }
  if (typeof value !== 'string' || value.length > 11) return 0;
  return RANKS.get(value) ?? RANKS.get(value.toLowerCase()) ?? 0;
}

/** How far into a message a level is looked for. */
const NEAR = 128;
const NEAR_IN_JSON = 1_024;

const IN_JSON = /"(?:level|severity|lvl|log_level)"\s*:\s*(?:"([A-Za-z]{1,11})"|(\d{1,3})\b)/;
const KLOG = /^[IWEF]\d{4} /;
const KLOG_RANKS: Readonly<Record<string, number>> = { I: 3, W: 5, E: 6, F: 7 };
const WORD = new RegExp(
  `(?:^|[\\s[("'=:|<,;{])(${WORDS.map(([word]) => word).join('|')})(?=$|[\\s\\])"':|>,;}.!])`,
  'i',
);

/** The rank of the first level that a message names near its beginning; 0 if it names none. */
export function rankOfMessage(message: string): number {
  const first = message.charCodeAt(0);
  if (first === 123) {
    const [, word, number] =
      IN_JSON.exec(message.length > NEAR_IN_JSON ? message.slice(0, NEAR_IN_JSON) : message) ?? [];
    const rank = rankOf(number === undefined ? word : Number(number));
    if (rank > 0) return rank;
  } else if (isDigit(message.charCodeAt(1)) && KLOG.test(message)) {
    return KLOG_RANKS[message.charAt(0)] ?? 0;
  }
  const [, word] = WORD.exec(message.length > NEAR ? message.slice(0, NEAR) : message) ?? [];
  return rankOf(word);
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}
