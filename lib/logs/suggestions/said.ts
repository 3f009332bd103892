import { isObject, type LogRecord } from '../rules/record';
import { jsonObject } from '../rules/record-reader';
import { masked, VARIABLES } from './variables';

/** How a message says what it says. */
export type Form = 'text' | 'logfmt' | 'json' | 'fields';

/** What a record says, in the words that records of one kind share. */
export interface Said {
  /**
   * `text`: the message is it. `logfmt`: the value of its `msg`. `json`: that of a message that is a JSON object, or what
   * stands beside an object in `log`, as ECS has it.
   * `fields`: a JSON object without one, or a record without a message; its members are it.
   */
  readonly form: Form;
  /** The names that lead to the object, or to the text in it; empty if the message is matched as it is. */
  readonly path: readonly string[];
  /** The masked text, or the members with their masked values, each ended by {@link MEMBER_END}. */
  readonly text: string;
  /** The names of the object's members, so that only what looks alike is compared. */
  readonly names: string;
}

/** Ends a member in the text of `fields`. */
export const MEMBER_END = '\ue00f';

/** Where loggers put what they say. */
const TEXT_NAMES = ['msg', 'message', 'event'];
/** What is of the record, not of what it says. */
const NOT_SAID = new Set(['kubernetes', 'time', '@timestamp', 'timestamp', 'ts', 'date', 'stream', '_p']);
const LOGFMT = /(?:^|\s)(?:msg|message)="((?:[^"\\]|\\.){1,4096})"/;

/** Members looked at, and the longest name of one: of objects that make up names there is no end. */
const MEMBERS_AT_MOST = 32;
const NAME_AT_MOST = 64;
/** The longest value that may be what all have in common. */
const VALUE_AT_MOST = 64;

/** What a record says. */
export function saidIn(record: LogRecord): Said {
  const name = ['log', 'message', 'msg'].find((each) => (record.field(each) ?? undefined) !== undefined);
  if (name === undefined) return saidInFields(jsonObject(record.line.trimStart()) ?? {}, []);
  const ecs = isObject(record.field('log')) ? record.field('message') : undefined;
  if (typeof ecs === 'string') return { form: 'json', path: ['message'], text: masked(ecs), names: '' };
  const { message } = record;
  const object = message.charCodeAt(0) === 123 ? jsonObject(message) : undefined;
  if (object !== undefined) return saidInObject(object, name);
  const [, text] = message.includes('="') ? (LOGFMT.exec(message) ?? []) : [];
  if (text !== undefined) return { form: 'logfmt', path: [], text: masked(text), names: '' };
  return { form: 'text', path: [], text: masked(message), names: '' };
}

function saidInObject(object: Readonly<Record<string, unknown>>, holder: string): Said {
  for (const name of TEXT_NAMES) {
    const value = Object.hasOwn(object, name) ? object[name] : undefined;
    if (typeof value === 'string' && value !== '')
      return { form: 'json', path: [holder, name], text: masked(value), names: namesOf(object).join() };
  }
  return saidInFields(object, [holder]);
}

function saidInFields(object: Readonly<Record<string, unknown>>, path: readonly string[]): Said {
  const names = namesOf(object);
  const text = names.map((name) => `${name}=${valueMasked(object[name])}${MEMBER_END}`).join('');
  return { form: 'fields', path, text, names: names.join() };
}

function namesOf(object: Readonly<Record<string, unknown>>): string[] {
  const names = Object.keys(object).filter((name) => name !== '' && name.length <= NAME_AT_MOST && isNamed(name));
  return names.sort().slice(0, MEMBERS_AT_MOST);
}

/** Names that vary are no names: a path or an id as a key. */
function isNamed(name: string): boolean {
  return !NOT_SAID.has(name) && masked(name) === name && !/[=,]/.test(name);
}

function valueMasked(value: unknown): string {
  if (typeof value === 'boolean') return String(value);
  return typeof value === 'string' && value.length <= VALUE_AT_MOST ? masked(value) : VARIABLES.any;
}

/** Names as the path that a rule takes. */
export function written(path: readonly string[]): string {
  if (path.every((name) => /^[^./]+$/.test(name))) return path.join('.');
  return path.map((name) => `/${name.replace(/~/g, '~0').replace(/\//g, '~1')}`).join('');
}
