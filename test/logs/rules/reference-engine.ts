/**
 * What rules mean, written the plainest way there is: every rule asked in turn, every line parsed, every pattern run by
 * re2js. Shares nothing with the engine but the types. For records without control over their speed, so for tests only.
 */
import { RE2JS } from 're2js';
import type { Did } from '../../../lib/logs/rules/decision';
import type { FieldMatch, Glob, Match, TextMatch } from '../../../lib/logs/rules/log-match';
import type { Destination, LogRule, LogRules, Redaction } from '../../../lib/logs/rules/log-rule';

type Json = Record<string, unknown>;

export interface Expected {
  readonly keep: boolean;
  readonly rule: string | undefined;
  readonly to: readonly Destination[];
  readonly line: string;
  readonly unparsed: boolean;
  readonly hits: readonly string[];
}

export function referenceDecision(rules: LogRules, line: string, arrival: number): Expected {
  const hits: { index: number; did: Did }[] = [];
  const active = rules.rules
    .map((rule, index) => ({ rule, index }))
    .filter(({ rule }) => rule.enabled !== false && !expired(rule, arrival));
  const done = (keep: boolean, rule: LogRule | undefined, redacting: typeof active, doc?: Json): Expected => {
    let text = line;
    if (keep) {
      const passes = new Map<string, { redaction: Redaction; owners: number[] }>();
      for (const { rule: each, index } of redacting) {
        for (const redaction of each.redact ?? []) {
          const key = `${redaction.pattern}\0${redaction.replace}\0${String(redaction.ignoreCase === true)}`;
          if (!passes.has(key)) passes.set(key, { redaction, owners: [] });
          passes.get(key)!.owners.push(index);
        }
      }
      const changed = new Set<number>();
      const change = (value: string): string => {
        let result = value;
        for (const { redaction, owners } of passes.values()) {
          const next = replaceAll(result, redaction);
          if (next !== result) for (const owner of owners) changed.add(owner);
          result = next;
        }
        return result;
      };
      text = doc === undefined ? change(line) : mapTexts(line, change);
      for (const index of changed) hits.push({ index, did: 'redacted' });
    }
    const to = !keep ? [] : (rule?.to ?? ['archive']);
    const names = hits.sort((a, b) => a.index - b.index).map(({ index, did }) => `${rules.rules[index]!.id} ${did}`);
    return { keep, rule: rule?.id, to: [...to], line: text, unparsed: doc === undefined, hits: names };
  };

  const doc = asObject(line);
  if (doc === undefined) {
    return done(
      true,
      undefined,
      active.filter(({ rule }) => rule.action === 'redact' && rule.dryRun !== true),
    );
  }
  const redacting: typeof active = [];
  for (const each of active) {
    const { rule, index } = each;
    if (!fits(rule.match ?? {}, doc)) continue;
    if (rule.action === 'redact') {
      if (rule.dryRun !== true) redacting.push(each);
      else {
        const would = mapTexts(line, (text) => (rule.redact ?? []).reduce(replaceAll, text)) !== line;
        if (would) hits.push({ index, did: 'would' });
      }
      continue;
    }
    let keep = rule.action === 'keep';
    if (rule.action === 'sample') {
      const by = rule.by === undefined ? undefined : written(at(doc, rule.by));
      const none =
        by === undefined || /^(null|none|-)?$/i.test(by) || (by.length > 7 && by.replace(/[-0]/g, '') === '');
      keep = murmur(none ? line : by) < rule.rate!;
    }
    if (!keep && rule.overrides === undefined && guarded(rules, doc)) {
      if (rule.dryRun !== true) hits.push({ index, did: 'guarded' });
      continue;
    }
    if (rule.dryRun === true) {
      if (!(rule.action === 'sample' && keep)) hits.push({ index, did: 'would' });
      continue;
    }
    hits.push({ index, did: keep ? 'kept' : 'dropped' });
    return done(keep, rule, redacting, doc);
  }
  return done(rules.default !== 'drop' || guarded(rules, doc), undefined, redacting, doc);
}

function expired({ expires }: LogRule, arrival: number): boolean {
  if (expires === undefined) return false;
  const moment = new Date(expires).getTime();
  return arrival >= (expires.includes('T') ? moment : moment + 86_400_000);
}

function guarded({ neverDrop = {} }: LogRules, doc: Json): boolean {
  const guards: Record<string, Match | readonly Match[] | false> = {
    errors: { minLevel: 'error' },
    audit: [
      { fields: { apiVersion: { equals: ['audit.k8s.io/v1', 'audit.k8s.io/v1beta1'] } } },
      { fields: { 'log.apiVersion': { equals: ['audit.k8s.io/v1', 'audit.k8s.io/v1beta1'] } } },
      { container: ['audit', 'audit-*', '*-audit'] },
      { labels: { 'kotohajime.dev/logs': 'audit' } },
    ],
    security: {
      namespace: (
        'security security-* *-security amazon-guardduty falco falco-system gatekeeper-system kyverno tetragon ' +
        'trivy-system'
      ).split(' '),
    },
    ...neverDrop,
  };
  return Object.values(guards)
    .flatMap((guard) => (guard === false ? [] : guard))
    .some((match) => fits(match, doc, true));
}

function fits(match: Match, doc: Json, gravest = false): boolean {
  const pod = plain(doc.kubernetes);
  const name = (key: string): string => (typeof pod[key] === 'string' ? (pod[key] as string) : '');
  const labels = plain(pod.labels);
  if (match.namespace !== undefined && !globFits(match.namespace, name('namespace_name'))) return false;
  if (match.pod !== undefined && !globFits(match.pod, name('pod_name'))) return false;
  if (match.container !== undefined && !globFits(match.container, name('container_name'))) return false;
  for (const [label, glob] of Object.entries(match.labels ?? {})) {
    const value = Object.hasOwn(labels, label) ? labels[label] : undefined;
    if (typeof value !== 'string' || !globFits(glob, value)) return false;
  }
  const level = levelOf(doc, gravest);
  if (match.level !== undefined && !many(match.level).some((word) => order(word) === level)) return false;
  if (match.minLevel !== undefined && !(level >= 0 && level >= order(match.minLevel))) return false;
  if (match.maxLevel !== undefined && !(level >= 0 && level <= order(match.maxLevel))) return false;
  if (match.message !== undefined && !textFits(match.message, message(doc))) return false;
  for (const [path, field] of Object.entries(match.fields ?? {})) if (!fieldFits(field, at(doc, path))) return false;
  return match.not === undefined || !fits(match.not, doc);
}

function fieldFits(field: FieldMatch, value: unknown): boolean {
  if (field.exists === false) return value === undefined;
  const text = written(value);
  if (text === undefined) return false;
  if (field.equals !== undefined && !many(field.equals).some((each) => String(each) === text)) return false;
  if (field.min !== undefined || field.max !== undefined) {
    if (typeof value !== 'number' && !(typeof value === 'string' && value.trim() !== '')) return false;
    const number = Number(text);
    if (Number.isNaN(number) || number < (field.min ?? -Infinity) || number > (field.max ?? Infinity)) return false;
  }
  return textFits(field, text);
}

function textFits({ contains, regex, ignoreCase = false }: TextMatch, text: string): boolean {
  const fold = (each: string): string => (ignoreCase ? each.toLowerCase() : each);
  if (contains !== undefined && !many(contains).some((each) => fold(text).includes(fold(each)))) return false;
  return regex === undefined || RE2JS.compile(regex, ignoreCase ? RE2JS.CASE_INSENSITIVE : 0).test(text);
}

function globFits(glob: Glob, text: string): boolean {
  return many(glob).some((each) => {
    const parts = Array.from(each, (letter) =>
      letter === '*' ? '(?s:.*)' : letter === '?' ? '(?s:.)' : RE2JS.quote(letter),
    );
    return RE2JS.compile(parts.join('')).testExact(text);
  });
}

function replaceAll(text: string, { pattern, replace, ignoreCase }: Redaction): string {
  return RE2JS.compile(pattern, ignoreCase === true ? RE2JS.CASE_INSENSITIVE : 0)
    .matcher(text)
    .replaceAll(replace);
}

const WORDS: Readonly<Record<string, readonly string[]>> = {
  trace: ['trace', 'verbose'],
  debug: ['debug'],
  info: ['info', 'information'],
  notice: ['notice'],
  warn: ['warn', 'warning'],
  error: ['error', 'err', 'severe'],
  fatal: ['fatal', 'critical', 'crit', 'alert', 'emerg', 'emergency', 'panic', 'dpanic'],
};
const CAPITALS: Readonly<Record<string, readonly string[]>> = {
  trace: ['TRC'],
  debug: ['DBG', 'DEBU'],
  info: ['INF'],
  notice: [],
  warn: ['WRN'],
  error: ['ERRO'],
  fatal: ['FTL', 'FATA'],
};

/** Where a level stands from 0, the lightest, to 6; -1 if it is none. */
function order(value: unknown): number {
  if (typeof value === 'number') {
    if (value < 8) return [6, 6, 6, 5, 4, 3, 2, 1][value] ?? -1;
    if (value < 70)
      return [60, 50, 40, 35, 30, 20, 10].reduce((at, least, i) => (at < 0 && value >= least ? 6 - i : at), -1);
    if (value > 60000) return -1;
    return [5000, 10000, 20000, Infinity, 30000, 40000, 50000].reduce((at, least, i) => (value >= least ? i : at), -1);
  }
  if (typeof value !== 'string' || value.length > 16) return -1;
  const word = value.trim();
  if (/^\d{1,5}$/.test(word)) return order(Number(word));
  const long = Object.values(WORDS).findIndex((words) => words.includes(word.toLowerCase()));
  return long >= 0 ? long : Object.values(CAPITALS).findIndex((words) => words.includes(word));
}

const NAMES = (
  'level Level LEVEL lvl severity Severity SEVERITY @l log.level level_value log_level loglevel logLevel LogLevel ' +
  'levelname level_name levelName severity_text severityText SeverityText'
).split(' ');

function orderOfFields(doc: Json): number {
  for (const [name, value] of Object.entries(doc)) {
    const otel = ['severity_number', 'severityNumber', 'SeverityNumber'].includes(name);
    let found = NAMES.includes(name) ? order(value) : -1;
    if (name === 'log') found = order(plain(value).level);
    if (otel && Number(value) >= 1 && Number(value) <= 24)
      found = [0, 1, 2, 4, 5, 6][Math.ceil(Number(value) / 4) - 1]!;
    if (found >= 0) return found;
  }
  return -1;
}

/** The level of a record; with `gravest` the gravest of those it may have. */
function levelOf(doc: Json, gravest: boolean): number {
  const own = [orderOfFields(doc), orderOfFields(plain(doc.log_processed))].find((each) => each >= 0) ?? -1;
  const inner = levelOfMessage(message(doc), gravest);
  return gravest ? Math.max(own, inner) : own >= 0 ? own : inner;
}

function levelOfMessage(text: string, gravest: boolean): number {
  if (!text.startsWith('{')) return levelOfText(text, gravest);
  const inner = asObject(text);
  if (inner === undefined) {
    const key = '"(?:level|severity|lvl|log_level|levelname|log\\.level)"';
    const found = new RegExp(`${key}\\s*:\\s*(?:"([a-z]{1,11})"|(\\d{1,5})\\b)`, 'i').exec(text.slice(0, 1024));
    return found === null ? -1 : order(found[2] === undefined ? found[1] : Number(found[2]));
  }
  if (orderOfFields(inner) >= 0) return orderOfFields(inner);
  const said = [inner.message, inner.msg, inner.log].find((each) => each !== undefined);
  return typeof said === 'string' ? levelOfText(said, gravest) : -1;
}

function levelOfText(text: string, gravest: boolean): number {
  if (/^[IWEF]\d{4} /.test(text)) return order({ I: 'info', W: 'warn', E: 'error', F: 'fatal' }[text[0]!]);
  const marked: number[] = [];
  const bare: number[] = [];
  for (const { 0: word, index } of text.matchAll(/[A-Za-z]+/g)) {
    if (index >= (gravest ? 256 : 128)) break;
    const [before, rest] = [text.slice(0, index), text.slice(index + word.length)];
    if (['level', 'Level', 'lvl', 'severity', 'Severity', 'loglevel'].includes(word)) {
      const value = /^=["']?([A-Za-z]{1,11}|\d{1,5})\b/.exec(rest.slice(0, 16))?.[1];
      if (/(^|[\t-\r ,;|{]|log[_.])$/.test(before) && order(value) >= 0) {
        if (marked.length === 0)
          return gravest ? Math.max(order(value) >= 5 ? order(value) : -1, levelOfText(text, false)) : order(value);
        marked.push(order(value));
      }
      continue;
    }
    if (order(word) < 0) continue;
    const long = Object.values(WORDS).some((words) => words.includes(word.toLowerCase()));
    const stands = /(^|[\t-\r [("'=:|<,;{])$/.test(before) && /^($|[\t-\r [\]()"':|>,;}.!])/.test(rest);
    const small = long && word.slice(1) === word.slice(1).toLowerCase();
    const quoted = /[[("'=|<]$/.test(before) && /^($|[\t-\r \])"':|>,;])/.test(rest);
    const leads = index === 0 && /^[\s]?[:|\]]/.test(rest);
    if ((word === word.toUpperCase() && stands) || (small && (quoted || leads))) marked.push(order(word));
    else if (long && stands) bare.push(order(word));
  }
  const first = marked[0] ?? bare[0] ?? -1;
  return gravest ? Math.max(levelOfText(text, false), ...[first, ...marked].filter((each) => each >= 5)) : first;
}

function message(doc: Json): string {
  return written(doc.log ?? doc.message ?? doc.msg ?? '') ?? '';
}

function at(doc: Json, path: string): unknown {
  const names = path.startsWith('/')
    ? path
        .slice(1)
        .split('/')
        .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'))
    : path.split('.');
  return names.reduce<unknown>((value, name, depth) => {
    const inner = typeof value === 'string' && depth > 0 ? asObject(value) : value;
    if (typeof inner !== 'object' || inner === null || !Object.hasOwn(inner, name)) return undefined;
    return Array.isArray(inner) && name === 'length' ? undefined : (inner as Json)[name];
  }, doc);
}

function written(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function asObject(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return text.startsWith('{') && typeof value === 'object' ? (value as Json) : undefined;
  } catch {
    return undefined;
  }
}

function plain(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

function many<T>(value: T | readonly T[]): readonly T[] {
  return Array.isArray(value) ? (value as readonly T[]) : [value as T];
}

/** Replaces texts and numbers by going down into the values of a JSON text. */
function mapTexts(json: string, change: (text: string) => string): string {
  const tokens = json.match(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|[{}[\],:]|true|false|null|\s+/g) ?? [];
  let next = 0;
  const space = (): string => (/^\s/.test(tokens[next] ?? '') ? tokens[next++]! : '');
  const value = (spared: boolean, top: boolean): string => {
    const before = space();
    const token = tokens[next++]!;
    let out = token;
    if (token === '{' || token === '[') {
      while (true) {
        out += space();
        if (tokens[next] === '}' || tokens[next] === ']') break;
        let name = '""';
        if (token === '{') {
          name = tokens[next++]!;
          out += name + space() + tokens[next++]!;
        }
        const key: unknown = JSON.parse(name);
        const time =
          top &&
          (key === 'time' || key === '@timestamp') &&
          isDate(tokens.slice(next).find((each) => each.trim() !== ''));
        out += value(spared || (top && key === 'kubernetes') || time, false);
        if (tokens[next] === ',') out += tokens[next++]!;
      }
      out += tokens[next++]!;
    } else if (!spared && /^["\d-]/.test(token)) {
      const text = token.startsWith('"') ? (JSON.parse(token) as string) : token;
      const changed = change(text);
      if (changed !== text) out = JSON.stringify(changed);
    }
    return before + out + space();
  };
  return value(false, true);
}

function isDate(token = ''): boolean {
  return /^"2\d{3}-.*T.*:.*[Z\d]"$/.test(token) && !Number.isNaN(Date.parse(JSON.parse(token) as string));
}

function murmur(text: string): number {
  const rotate = (x: bigint, by: bigint): bigint => ((x << by) | (x >> (32n - by))) & 0xffffffffn;
  let hash = BigInt(text.length);
  for (const code of Array.from({ length: text.length }, (_, i) => BigInt(text.charCodeAt(i)))) {
    const mixed = (rotate((code * 0xcc9e2d51n) & 0xffffffffn, 15n) * 0x1b873593n) & 0xffffffffn;
    hash = (rotate(hash ^ mixed, 13n) * 5n + 0xe6546b64n) & 0xffffffffn;
  }
  hash = ((hash ^ (hash >> 16n)) * 0x85ebca6bn) & 0xffffffffn;
  hash = ((hash ^ (hash >> 13n)) * 0xc2b2ae35n) & 0xffffffffn;
  return Number(hash ^ (hash >> 16n)) / 2 ** 32;
}
