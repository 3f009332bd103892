import { FIELDS, rankOf, SHORT_WORDS, WORDS } from './rules/level';

// what the rules take for the level of a line (`rules/level.ts`), in SQL that Athena and DuckDB carry out: patterns without
// a look ahead, and with every bracket escaped
const words = WORDS.map(([word]) => word);
const capitals = [...words.map((word) => word.toUpperCase()), ...SHORT_WORDS.map(([word]) => word)].join('|');
const small = words.flatMap((word) => [word, `${word.charAt(0).toUpperCase()}${word.slice(1)}`]).join('|');
const fields = [...FIELDS].map((name) => name.replaceAll('.', '\\.')).join('|');
const BEFORE = String.raw`(?:^|[\s\[("'=:|<,;{])`;
const AFTER = String.raw`(?:$|[\s\[\])"':|>,;}.!])`;

const IN_JSON = String.raw`"(?:${fields})"\s*:\s*"?([A-Za-z]{1,11}|\d{1,5})\b`;
const MESSAGE = String.raw`"(?:message|msg|log)"\s*:\s*"([^"]*)`;
const KLOG = String.raw`^([IWEF])\d{4} `;
const NAMED = String.raw`(?:^|[\s,;|{])(?:[lL]evel|lvl|[sS]everity|loglevel|log_level)=["']?([A-Za-z]{1,11}|\d{1,5})\b`;
const MARKED = String.raw`${BEFORE}(?:${capitals})${AFTER}|[\[("'=|<](?:${small})(?:$|[\s\])"':|>,;])|^(?:${small})\s?[:|\]]`;
const BARE = `(?i)${BEFORE}(${words.join('|')})${AFTER}`;

/** The text of a line, whoever wrote it. */
export const LINE_SQL = `coalesce(log, message, '')`;

/** The words of a line: its message where it is JSON. From a column `line`. */
export const TEXT_SQL = `CASE WHEN line LIKE '{%' THEN coalesce(${found('line', MESSAGE, 1)}, '') ELSE line END`;

/**
 * The level of a line, from columns `level`, `line` and `text`: a word in small letters, a number, the letter of klog, or
 * NULL. Agents send what a container wrote as a text, so it is looked for there: in JSON, in the head of klog, as
 * `level=warn`, as a word where loggers put one, or anywhere near the beginning.
 */
export const LEVEL_SQL = `lower(coalesce(
    nullif(level, ''),
    CASE WHEN line LIKE '{%' THEN coalesce(json_extract_scalar(line, '$.level'), json_extract_scalar(line, '$.severity'),
      ${found('line', IN_JSON, 1)}) END,
    ${found(near(8), KLOG, 1)},
    ${found(near(128), NAMED, 1)},
    ${found(found(near(128), MARKED, 0), '[A-Za-z]+', 0)},
    ${found(near(128), BARE, 1)}))`;

/** Numbers of a level: of syslog, of pino, of log4j. */
const NUMBERS = {
  warn: [
    [0, 4],
    [40, 69],
    [30_000, 60_000],
  ],
  error: [
    [0, 3],
    [50, 69],
    [40_000, 60_000],
  ],
} as const;

/** Whether a level as {@link LEVEL_SQL} has it is that grave or graver. */
export function atLeast(level: string, least: 'warn' | 'error'): string {
  const known = [...WORDS, ...SHORT_WORDS]
    .filter(([, rank]) => rank >= rankOf(least))
    .map(([word]) => word.toLowerCase());
  const klog = least === 'warn' ? ['w', 'e', 'f'] : ['e', 'f'];
  return `(${[
    `${level} IN (${[...known, ...klog].map(quoted).join(', ')})`,
    ...NUMBERS[least].map(([from, to]) => `try_cast(${level} AS integer) BETWEEN ${from} AND ${to}`),
  ].join(' OR ')})`;
}

/** What a pattern finds: NULL in vain, where Athena answers NULL and DuckDB an empty text. */
function found(text: string, pattern: string, group: number): string {
  return `nullif(regexp_extract(${text}, ${quoted(pattern)}, ${group}), '')`;
}

function near(characters: number): string {
  return `substr(text, 1, ${characters})`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
