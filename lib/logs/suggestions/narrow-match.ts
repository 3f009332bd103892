import { LEVELS } from '../rules/level';
import type { FieldMatch, Match, TextMatch } from '../rules/log-match';
import type { LineKind } from './line-group';
import { MEMBER_END, written } from './said';
import { constants, tokensOf } from './template';
import { VARIABLES } from './variables';

/** Letters and digits a constant text needs before it says anything. */
const TELLING = 4;
/** Characters of a constant text that are enough. */
const CONTAINS_AT_MOST = 120;
/** Characters, and texts, of a regular expression: more of them make it no narrower. */
const REGEX_AT_MOST = 300;
const TEXTS_AT_MOST = 12;
/** Members of an object that are asked for. */
const MEMBERS_AT_MOST = 6;

/**
 * Matches that take every line with a template, the plainest first: by its longest constant text, then by a regular
 * expression of all of them in their order. None if nothing in the template tells its lines from others.
 */
export function narrowMatches(kind: LineKind, template: string): Match[] {
  const where = whereOf(kind);
  const not = newsOf(kind);
  const { form, path } = kind.said;
  const message = kind.probe === undefined ? {} : { message: { regex: kind.probe.regex } };
  if (form === 'fields') {
    const fields = membersOf(path, template);
    return Object.keys(fields).length === 0 ? [] : [{ ...where, ...message, fields, ...not }];
  }
  const texts = textsOf(template, form === 'logfmt');
  if (form === 'json')
    return texts.map((text) => ({ ...where, ...message, fields: { [written(path)]: text }, ...not }));
  if (kind.probe === undefined) return texts.map((text) => ({ ...where, message: text, ...not }));
  // what shows the probe must be asked for, or it is no rule for probes
  const contains = texts.filter(({ regex }) => regex === undefined);
  return [...contains, {}].map((text) => ({ ...where, message: { ...text, ...message.message }, ...not }));
}

/** What looks alike and is news: a request that failed, a probe that was refused. */
function newsOf({ answer, probe }: LineKind): Pick<Match, 'not'> {
  if (answer === undefined) return {};
  return { not: { message: { regex: `${escaped(answer.before)}${probe === undefined ? '5' : '[45]'}\\d\\d\\b` } } };
}

function whereOf({ namespace, container, rank }: LineKind): Match {
  const level = LEVELS[rank - 1];
  return {
    ...(namespace === '' ? {} : { namespace }),
    ...(container === '' ? {} : { container }),
    ...(level === undefined ? {} : { level }),
  };
}

function textsOf(template: string, inQuotes: boolean): TextMatch[] {
  const texts = constants(template);
  const [longest = ''] = texts.map((text) => text.trim()).sort((one, other) => other.length - one.length);
  const contains = shortened(longest);
  return [
    ...(tells(contains, TELLING) ? [{ contains }] : []),
    ...(texts.some((text) => tells(text, TELLING / 2)) ? [{ regex: regexOf(template, texts, inQuotes) }] : []),
  ];
}

/** A long text without its end; not in the middle of a word. */
function shortened(text: string): string {
  if (text.length <= CONTAINS_AT_MOST) return text;
  const end = text.lastIndexOf(' ', CONTAINS_AT_MOST);
  return text.slice(0, end > CONTAINS_AT_MOST / 2 ? end : CONTAINS_AT_MOST);
}

/** The constant texts of a template in their order, with its beginning and its end where they are constant. */
function regexOf(template: string, texts: readonly string[], inQuotes: boolean): string {
  let room = REGEX_AT_MOST;
  const parts = texts
    .map((text, index) => ({ text: text.slice(0, REGEX_AT_MOST), index, whole: text.length <= REGEX_AT_MOST }))
    .filter(({ text }) => tells(text, 1))
    .sort((one, other) => other.text.length - one.text.length || one.index - other.index)
    .slice(0, TEXTS_AT_MOST)
    .filter(({ text }) => (room -= text.length) >= 0)
    .sort((one, other) => one.index - other.index)
    .map(({ text, index, whole }) => {
      const start = index > 0 ? '' : inQuotes ? '="' : '^';
      const end = index < texts.length - 1 || !whole ? '' : inQuotes ? '"' : '$';
      return `${start}${escaped(text)}${end}`;
    });
  return `${template.includes(VARIABLES.any) ? '(?s)' : ''}${parts.join('.*')}`;
}

function membersOf(path: readonly string[], template: string): Record<string, FieldMatch> {
  const members = tokensOf(template, MEMBER_END).flatMap((token) => {
    const [, name, value] = /^([^=]+)=([^]*)\ue00f$/.exec(token) ?? [];
    if (name === undefined || value === undefined) return [];
    const match: FieldMatch = constants(value).length === 1 ? { equals: value } : { exists: true };
    return [{ name, match, constant: match.equals !== undefined }];
  });
  return Object.fromEntries(
    [...members.filter(({ constant }) => constant), ...members.filter(({ constant }) => !constant)]
      .slice(0, MEMBERS_AT_MOST)
      .map(({ name, match }) => [written([...path, name]), match]),
  );
}

function tells(text: string, least: number): boolean {
  return (text.match(/[\p{L}\p{N}]/gu)?.length ?? 0) >= least;
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
