import { VARIABLE, VARIABLES } from './variables';

/** Tokens looked at: the rest of a message varies. */
const TOKENS_AT_MOST = 64;
const ANYS = new RegExp(`${VARIABLES.any}{2,}`, 'g');

/**
 * A text in pieces that are compared one by one: words with the blank behind them, and of `name=value` each half. Joined
 * they are the text again, so what stays constant in a template stands in each of its messages as it is.
 */
export function tokensOf(text: string, end?: string): string[] {
  const tokens: string[] = [];
  let from = 0;
  for (let i = 0; i < text.length && tokens.length < TOKENS_AT_MOST; i++) {
    const letter = text.charAt(i);
    if (end === undefined ? letter !== ' ' && letter !== '=' : letter !== end) continue;
    tokens.push(text.slice(from, i + 1));
    from = i + 1;
  }
  if (from < text.length) tokens.push(tokens.length < TOKENS_AT_MOST ? text.slice(from) : VARIABLES.any);
  return tokens;
}

/**
 * How alike two texts of as many tokens are, from 0 to 1: the share of words they have in common. What varies in both and
 * the name of a value say nothing.
 */
export function likeness(template: readonly string[], tokens: readonly string[]): number {
  let same = 0;
  let all = 0;
  for (let i = 0; i < template.length; i++) {
    const token = template[i] as string;
    if (token === tokens[i]) {
      if (!isWord(token)) continue;
      same++;
    } else if (!isWord(token) && !isWord(tokens[i] as string)) continue;
    all++;
  }
  return all === 0 ? 1 : same / all;
}

/** Whether a token says anything by itself. */
export function isWord(token: string): boolean {
  if (token.endsWith('=')) return false;
  for (let i = 0; i < token.length; i++) if (isWordLetter(token.charCodeAt(i))) return true;
  return false;
}

/** Whether a character is part of a word; beyond ASCII all are but those that stand for what varies. */
function isWordLetter(code: number): boolean {
  if (code >= 128) return code < 0xe000 || code > 0xf8ff;
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95;
}

/** The template of two texts: what differs varies, but for its beginning and its end. */
export function joined(one: string, other: string): string {
  if (one === other) return one;
  const [start, rest] = [sameStart(one, other), Math.min(one.length, other.length)];
  const end = sameEnd(one, other, rest - start);
  return `${one.slice(0, start)}${VARIABLES.any}${one.slice(one.length - end)}`.replace(ANYS, VARIABLES.any);
}

function sameStart(one: string, other: string): number {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at++;
  while (at > 0 && isInWord(one, at)) at--;
  return at;
}

function sameEnd(one: string, other: string, most: number): number {
  let length = 0;
  while (length < most && one[one.length - 1 - length] === other[other.length - 1 - length]) length++;
  while (length > 0 && isInWord(one, one.length - length)) length--;
  return length;
}

/** Whether a word goes on at a place: half a word is no constant worth a name. */
function isInWord(text: string, at: number): boolean {
  return at > 0 && isWordLetter(text.charCodeAt(at - 1)) && (at >= text.length || isWordLetter(text.charCodeAt(at)));
}

/** What is constant in a template, in its order; empty at an end that varies. */
export function constants(template: string): string[] {
  return template.split(VARIABLE);
}

/** A template without the difference between one and several parts that vary: lists are of any length. */
export function collapsed(template: string): string {
  return template.replace(/[\ue000-\ue006](?:[\s,;|]*[\ue000-\ue006])+/g, VARIABLES.any);
}
