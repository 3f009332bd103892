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
const NEAR_AT_MOST = 256;

const KLOG = /^[IWEF]\d{4} /;
const KLOG_RANKS: Readonly<Record<string, number>> = { I: 3, W: 5, E: 6, F: 7 };

/** What a character next to a word says of it, as bits. */
const ABOUT = { before: 1, after: 2, opens: 4, closes: 8, parts: 16 } as const;
const characters = new Uint8Array(128);
for (const [list, bit] of [
  ['\t\n\v\f\r [("\'=:|<,;{', ABOUT.before],
  ['\t\n\v\f\r []()"\':|>,;}.!', ABOUT.after],
  ['[("\'=|<', ABOUT.opens],
  ['\t\n\v\f\r ])"\':|>,;', ABOUT.closes],
  ['\t\n\v\f\r ,;|{', ABOUT.parts],
] as const) {
  for (const code of Buffer.from(list)) characters[code] = (characters[code] as number) | bit;
}

/** Names of a level in logfmt. */
const NAMES: ReadonlySet<string> = new Set(['level', 'Level', 'lvl', 'severity', 'Severity', 'loglevel']);
const NAMED = /^=["']?([A-Za-z]{1,11}|\d{1,5})\b/;
const CAPITALS: ReadonlyMap<string, number> = new Map([
  ...WORDS.map(([word, rank]) => [word.toUpperCase(), rank] as const),
  ...SHORT_WORDS,
]);
const SMALL: ReadonlyMap<string, number> = new Map(
  WORDS.flatMap(([word, rank]) => [
    [word, rank] as const,
    [word.charAt(0).toUpperCase() + word.slice(1), rank] as const,
  ]),
);
const LONGEST = 11;
/** For the first letter and the length of a word whether it may be one of these. */
const may = new Uint8Array(26 * (LONGEST + 1));
for (const word of [...CAPITALS.keys(), ...SMALL.keys(), ...NAMES])
  may[letterAt(word, 0) * (LONGEST + 1) + word.length] = 1;

/** The number of a letter in the alphabet from 0; above 25 for what is none. */
function letterAt(text: string, at: number): number {
  return ((text.charCodeAt(at) | 32) - 97) >>> 0;
}

/** Parts of all words that are levels, and of the graver ones: to look for them goes ten times as fast as over words. */
const ANY = /trac|trc|verb|deb|dbg|inf|noti|warn|wrn|err|sever|fat|ftl|crit|alert|emerg|panic|lvl|level/i;
const GRAVE = /err|sever|fat|ftl|crit|alert|emerg|panic|lvl|level/i;
const ERROR = 6;

/** The rank of the level a text has by where the words stand that may be one; 0 if it has none. */
export function rankOfText(text: string): number {
  return klogRank(text) || (ANY.test(beginning(text, NEAR)) ? rankInWords(text, NEAR, false) : 0);
}

/** The rank of a text that names an error anywhere near its beginning where loggers put a level; else as it is. */
export function gravestRankOfText(text: string): number {
  const rank = rankOfText(text);
  if (rank >= ERROR || !GRAVE.test(beginning(text, NEAR_AT_MOST))) return rank;
  const gravest = klogRank(text) || rankInWords(text, NEAR_AT_MOST, true);
  return gravest >= ERROR ? gravest : rank;
}

/** The words of a text that begin before `near`. */
function beginning(text: string, near: number): string {
  return text.length > near + LONGEST ? text.slice(0, near + LONGEST) : text;
}

function klogRank(text: string): number {
  return isDigit(text.charCodeAt(1)) && KLOG.test(text) ? (KLOG_RANKS[text.charAt(0)] ?? 0) : 0;
}

/**
 * Goes through the words that begin before `near`. A level counts where loggers put one: in capitals, in brackets or
 * quotes, as a value, or first and before a colon; the first of these, or the gravest. `level=info` decides if it comes
 * first. If there is none, the first word counts that is one anywhere, though it may be part of a sentence.
 */
function rankInWords(text: string, near: number, gravest: boolean): number {
  const end = Math.min(near, text.length);
  let marked = 0;
  let bare = 0;
  for (let at = 0; at < end; at++) {
    const first = letterAt(text, at);
    if (first > 25) continue;
    const start = at;
    do at++;
    while (letterAt(text, at) < 26);
    if (at - start > LONGEST || may[first * (LONGEST + 1) + at - start] === 0) continue;
    const word = text.slice(start, at);
    const rank = NAMES.has(word) ? namedRank(text, start, at) : markedRank(text, word, start, at);
    if (rank > 0) {
      if (!gravest || (marked === 0 && NAMES.has(word))) return rank;
      marked = Math.max(marked, rank);
    } else if (bare === 0 && isWordAt(text, start, at)) {
      bare = SMALL.get(word) ?? RANKS.get(word.toLowerCase()) ?? 0;
    }
  }
  return marked > 0 ? marked : bare;
}

function namedRank(text: string, start: number, end: number): number {
  if (text.charCodeAt(end) !== 61) return 0;
  const opens =
    start === 0 || is(text.charCodeAt(start - 1), ABOUT.parts) || /log[_.]$/.test(text.slice(start - 4, start));
  return opens ? rankOf(NAMED.exec(text.slice(end, end + 16))?.[1]) : 0;
}

function markedRank(text: string, word: string, start: number, end: number): number {
  const capitals = CAPITALS.get(word);
  if (capitals !== undefined) return isWordAt(text, start, end) ? capitals : 0;
  const small = SMALL.get(word);
  if (small === undefined) return 0;
  const closes = end === text.length || is(text.charCodeAt(end), ABOUT.closes);
  if (start > 0) return closes && is(text.charCodeAt(start - 1), ABOUT.opens) ? small : 0;
  return /^\s?[:|\]]/.test(text.slice(end, end + 2)) ? small : 0;
}

function isWordAt(text: string, start: number, end: number): boolean {
  return (
    (start === 0 || is(text.charCodeAt(start - 1), ABOUT.before)) &&
    (end === text.length || is(text.charCodeAt(end), ABOUT.after))
  );
}

function is(code: number, bit: number): boolean {
  return code < 128 && ((characters[code] as number) & bit) !== 0;
}

/** How far it is looked for in JSON that was cut off. */
const NEAR_IN_JSON = 1_024;
const IN_JSON = /"(?:level|severity|lvl|log_level|levelname|log\.level)"\s*:\s*(?:"([A-Za-z]{1,11})"|(\d{1,5})\b)/i;

/** The rank of the first level in a text that begins as a JSON object and is none, such as one that was cut off. */
export function rankOfBrokenJson(text: string): number {
  const found = IN_JSON.exec(text.length > NEAR_IN_JSON ? text.slice(0, NEAR_IN_JSON) : text);
  return rankOf(found?.[2] === undefined ? found?.[1] : Number(found[2]));
}

/** Fields that hold a level, by how loggers name them. */
export const FIELDS: ReadonlySet<string> = new Set([
  ...['level', 'Level', 'LEVEL', 'lvl', 'severity', 'Severity', 'SEVERITY', '@l', 'log.level', 'level_value'],
  ...['log_level', 'loglevel', 'logLevel', 'LogLevel', 'levelname', 'level_name', 'levelName'],
  ...['severity_text', 'severityText', 'SeverityText'],
]);
const OTEL_NUMBERS = ['severity_number', 'severityNumber', 'SeverityNumber'];
const READERS: ReadonlyMap<string, (value: unknown) => number> = new Map([
  ...[...FIELDS].map((name) => [name, rankOf] as const),
  ...OTEL_NUMBERS.map((name) => [name, rankOfOtel] as const),
]);

/** The rank of what stands in a field, if it is one that holds a level; 0 otherwise. */
export function rankOfField(name: string, value: unknown): number {
  return READERS.get(name)?.(value) ?? 0;
}

/** Four numbers for each level. @see https://opentelemetry.io/docs/specs/otel/logs/data-model/#field-severitynumber */
function rankOfOtel(value: unknown): number {
  const number = Number(value);
  return number >= 1 && number <= 24 ? ([1, 2, 3, 5, 6, 7][Math.floor((number - 1) / 4)] ?? 0) : 0;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}
