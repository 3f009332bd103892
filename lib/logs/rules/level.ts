import type { Level } from './log-match';

/** The levels from the lightest to the gravest; rank 0 is no level. */
export const LEVELS: readonly Level[] = ['trace', 'debug', 'info', 'notice', 'warn', 'error', 'fatal'];

/** How many ranks there are, with 0. */
export const RANK_COUNT = LEVELS.length + 1;

/** What else applications write, in any case. */
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
  dpanic: 'fatal',
};

/** What some loggers write in capitals to have columns; in small letters most of it is no level, or no word. */
const SHORT: Readonly<Record<string, Level>> = {
  TRC: 'trace',
  DBG: 'debug',
  DEBU: 'debug',
  INF: 'info',
  WRN: 'warn',
  ERRO: 'error',
  FTL: 'fatal',
  FATA: 'fatal',
};

/** Every word that names a level in any case, in small letters, with its rank. */
export const WORDS: readonly (readonly [string, number])[] = [
  ...LEVELS.map((level, index) => [level, index + 1] as const),
  ...Object.entries(ALIASES).map(([word, level]) => [word, LEVELS.indexOf(level) + 1] as const),
];
/** Those that do in capitals only. */
export const SHORT_WORDS = Object.entries(SHORT).map(([word, level]) => [word, LEVELS.indexOf(level) + 1] as const);
const RANKS: ReadonlyMap<string, number> = new Map([
  ...WORDS.flatMap(([word, rank]) => [[word, rank] as const, [word.toUpperCase(), rank] as const]),
  ...SHORT_WORDS,
]);

/** The rank of a level as a record says it, as a word or a number; 0 if it is none. */
export function rankOf(value: unknown): number {
  if (typeof value === 'number') return rankOfNumber(value);
  if (typeof value !== 'string' || value.length > 16) return 0;
  const known = RANKS.get(value);
  if (known !== undefined) return known;
  const word = value.trim();
  return /^\d{1,5}$/.test(word) ? rankOfNumber(Number(word)) : (RANKS.get(word.toLowerCase()) ?? RANKS.get(word) ?? 0);
}

/** What syslog and GELF write: from 0, an emergency, to 7, for who looks for a fault. @see https://www.rfc-editor.org/rfc/rfc5424#section-6.2.1 */
const SYSLOG: readonly number[] = [7, 7, 7, 6, 5, 4, 3, 2];
/** What pino and bunyan write, by rank: each takes what is not above the next. */
const PINO: readonly number[] = [10, 20, 30, 35, 40, 50, 60];
/** What log4j and logback write, by rank but for `notice`. */
const LOG4J: readonly (readonly [least: number, rank: number])[] = [
  [50_000, 7],
  [40_000, 6],
  [30_000, 5],
  [20_000, 3],
  [10_000, 2],
  [5_000, 1],
];

function rankOfNumber(number: number): number {
  if (number < 8) return SYSLOG[number] ?? 0;
  if (number < 70) return PINO.filter((each) => each <= number).length;
  return number > 60_000 ? 0 : (LOG4J.find(([least]) => least <= number)?.[1] ?? 0);
}

/** How far into a message its level is looked for. */
const NEAR = 128;
/** How far it is looked for before something is dropped. */
const NEAR_AT_MOST = 1_024;

const KLOG = /^[IWEF]\d{4} /;
const KLOG_RANKS: Readonly<Record<string, number>> = { I: 3, W: 5, E: 6, F: 7 };

const BEFORE = `(?:^|[\\s[("'=:|<,;{])`;
const AFTER = `(?=$|[\\s[\\])"':|>,;}.!])`;
const small = WORDS.flatMap(([word]) => [word, `${word.charAt(0).toUpperCase()}${word.slice(1)}`]).join('|');
const capitals = [...WORDS.map(([word]) => word.toUpperCase()), ...SHORT_WORDS.map(([word]) => word)].join('|');
/** `level=info`, as logfmt has it: whatever else the message names, this is its level. */
const NAMED = /(?:^|[\s,;|{])(?:[lL]evel|lvl|[sS]everity|loglevel|log_level)=["']?([A-Za-z]{1,11}|\d{1,5})\b/;
const NAMES = ['evel=', 'lvl=', 'everity='];
/** A word where loggers put a level: in capitals, in brackets or quotes, as a value, or first and before a colon. */
const MARKED = new RegExp(
  `${BEFORE}(${capitals})${AFTER}|[[("'=|<](${small})(?=$|[\\s\\])"':|>,;])|^(${small})(?=\\s?[:|\\]])`,
);
const ALL_MARKED = new RegExp(MARKED, 'g');
/** The word anywhere, which may as well be part of a sentence. */
const BARE = new RegExp(`${BEFORE}(${WORDS.map(([word]) => word).join('|')})${AFTER}`, 'i');

/** The rank of the level a text has by where the words stand that may be one; 0 if it has none. */
export function rankOfText(text: string): number {
  const near = text.length > NEAR ? text.slice(0, NEAR) : text;
  const told = klogRank(near) || namedRank(near);
  if (told > 0) return told;
  const marked = MARKED.exec(near);
  return marked === null ? rankOf(BARE.exec(near)?.[1]) : rankOfMarked(marked);
}

/** The rank of the gravest level a text may be meant to have; 0 if it has none. */
export function gravestRankOfText(text: string): number {
  const near = text.length > NEAR_AT_MOST ? text.slice(0, NEAR_AT_MOST) : text;
  const told = klogRank(near) || namedRank(near);
  if (told > 0) return told;
  const marked = Math.max(0, ...Array.from(near.matchAll(ALL_MARKED), rankOfMarked));
  return marked > 0 ? marked : rankOf(BARE.exec(near)?.[1]);
}

function rankOfMarked([, first, second, third]: RegExpExecArray): number {
  return rankOf(first ?? second ?? third);
}

function klogRank(text: string): number {
  return isDigit(text.charCodeAt(1)) && KLOG.test(text) ? (KLOG_RANKS[text.charAt(0)] ?? 0) : 0;
}

function namedRank(text: string): number {
  return NAMES.some((name) => text.includes(name)) ? rankOf(NAMED.exec(text)?.[1]) : 0;
}

const IN_JSON = /"(?:level|severity|lvl|log_level|levelname|log\.level)"\s*:\s*(?:"([A-Za-z]{1,11})"|(\d{1,5})\b)/i;

/** The rank of the first level in a text that begins as a JSON object and is none, such as one that was cut off. */
export function rankOfBrokenJson(text: string): number {
  const found = IN_JSON.exec(text.length > NEAR_AT_MOST ? text.slice(0, NEAR_AT_MOST) : text);
  return rankOf(found?.[2] === undefined ? found?.[1] : Number(found[2]));
}

/** Fields that hold a level, by how loggers name them. */
export const FIELDS: ReadonlySet<string> = new Set([
  ...['level', 'Level', 'LEVEL', 'lvl', 'severity', 'Severity', 'SEVERITY', '@l', 'log.level', 'level_value'],
  ...['log_level', 'loglevel', 'logLevel', 'LogLevel', 'levelname', 'level_name', 'levelName'],
  ...['severity_text', 'severityText', 'SeverityText'],
]);
const OTEL_NUMBERS: ReadonlySet<string> = new Set(['severity_number', 'severityNumber', 'SeverityNumber']);

/** The rank of what stands in a field, if it is one that holds a level; 0 otherwise. */
export function rankOfField(name: string, value: unknown): number {
  if (FIELDS.has(name)) return rankOf(value);
  return OTEL_NUMBERS.has(name) ? rankOfOtel(value) : 0;
}

/** Four numbers for each level. @see https://opentelemetry.io/docs/specs/otel/logs/data-model/#field-severitynumber */
function rankOfOtel(value: unknown): number {
  const number = Number(value);
  return number >= 1 && number <= 24 ? ([1, 2, 3, 5, 6, 7][Math.floor((number - 1) / 4)] ?? 0) : 0;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}
