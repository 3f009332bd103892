import { ALL, charSet, foldCase, inverse, type CharSet } from './char-set';
import { escapedSet, type EscapedSet } from './escapes';

/** What must hold between two characters; the numbers are bits. */
export const ASSERTION = { textStart: 1, textEnd: 2, lineStart: 4, lineEnd: 8, wordEdge: 16, noWordEdge: 32 } as const;

/** A regular expression, read. */
export type Node =
  | { readonly kind: 'set'; readonly set: CharSet }
  | { readonly kind: 'assertion'; readonly bit: number }
  | { readonly kind: 'sequence'; readonly parts: readonly Node[] }
  | { readonly kind: 'choice'; readonly parts: readonly Node[] }
  | { readonly kind: 'group'; readonly number: number; readonly part: Node }
  | {
      readonly kind: 'repeat';
      readonly part: Node;
      readonly least: number;
      readonly most: number;
      readonly greedy: boolean;
    };

/** What is read from a text: the expression, and the names of its groups by their number. */
export interface Expression {
  /** The whole. */
  readonly node: Node;
  /** Names of the groups from the first; `undefined` for one without a name. */
  readonly groups: readonly (string | undefined)[];
}

/** A text that is no RE2 expression; the message says why, and what to do instead. */
export class PatternError extends Error {}

interface Flags {
  readonly ignoreCase: boolean;
  readonly lines: boolean;
  readonly dotAll: boolean;
  readonly lazy: boolean;
}

const REPEATS_AT_MOST = 1000;
const NESTS_AT_MOST = 200;
const NO_BREAK: CharSet = inverse([10, 10]);

/** Reads the syntax of RE2. */
export function readPattern(source: string, ignoreCase: boolean): Expression {
  const reader = new Reader(source);
  const node = reader.choice({ ignoreCase, lines: false, dotAll: false, lazy: false }, 0);
  if (!reader.ended()) throw new PatternError('a `)` has no `(`; write `\\)` for the character');
  return { node, groups: reader.groups };
}

/** Reads from left to right; one for each expression. */
class Reader {
  readonly groups: (string | undefined)[] = [];
  private at = 0;

  constructor(private readonly source: string) {}

  ended(): boolean {
    return this.at >= this.source.length;
  }

  choice(flags: Flags, depth: number): Node {
    if (depth > NESTS_AT_MOST) throw new PatternError(`groups nest deeper than ${NESTS_AT_MOST}`);
    const parts: Node[] = [];
    let sequence: Node[] = [];
    let current = flags;
    while (!this.ended() && this.source[this.at] !== ')') {
      if (this.take('|')) {
        parts.push({ kind: 'sequence', parts: sequence });
        sequence = [];
        continue;
      }
      const changed = this.flagsOnly(current);
      if (changed !== undefined) {
        current = changed;
        continue;
      }
      const literal = this.quoted(current);
      if (literal === undefined) sequence.push(this.repeated(this.atom(current, depth), current));
      else if (literal.length > 0)
        sequence.push(...literal.slice(0, -1), this.repeated(literal.at(-1) as Node, current));
    }
    parts.push({ kind: 'sequence', parts: sequence });
    return choiceOf(parts);
  }

  private take(text: string): boolean {
    if (!this.source.startsWith(text, this.at)) return false;
    this.at += text.length;
    return true;
  }

  private match(form: RegExp): RegExpExecArray | undefined {
    form.lastIndex = this.at;
    const found = form.exec(this.source) ?? undefined;
    if (found !== undefined) this.at = form.lastIndex;
    return found;
  }

  /** `(?i)`: flags for the rest of the group. */
  private flagsOnly(flags: Flags): Flags | undefined {
    const found = this.match(/\(\?([imsU]*(?:-[imsU]+)?)\)/y);
    return found?.[1] === undefined || found[1] === '' ? undefined : withFlags(flags, found[1]);
  }

  /** `\Q…\E`: characters as they are. */
  private quoted(flags: Flags): Node[] | undefined {
    if (!this.take('\\Q')) return undefined;
    const end = this.source.indexOf('\\E', this.at);
    const text = this.source.slice(this.at, end < 0 ? undefined : end);
    this.at = end < 0 ? this.source.length : end + 2;
    return Array.from(text, (letter) => literal(letter.codePointAt(0) as number, flags));
  }

  private atom(flags: Flags, depth: number): Node {
    const code = this.source.codePointAt(this.at) as number;
    const letter = String.fromCodePoint(code);
    if (letter === '(') return this.group(flags, depth);
    if (letter === '[') return { kind: 'set', set: this.bracketed(flags) };
    if (letter === '\\') return this.escape(flags);
    if ('*+?'.includes(letter) || this.repeatCount() !== undefined) {
      throw new PatternError(`\`${letter}\` repeats nothing; write \`\\${letter}\` for the character`);
    }
    this.at += letter.length;
    if (letter === '.') return { kind: 'set', set: flags.dotAll ? ALL : NO_BREAK };
    if (letter === '^') return assertion(flags.lines ? ASSERTION.lineStart : ASSERTION.textStart);
    if (letter === '$') return assertion(flags.lines ? ASSERTION.lineEnd : ASSERTION.textEnd);
    return literal(code, flags);
  }

  private group(flags: Flags, depth: number): Node {
    if (this.match(/\(\?(?:=|!)/y)) {
      throw new PatternError('look-ahead is not in RE2; say what must not match with `not`, or match more');
    }
    if (this.match(/\(\?<[=!]/y)) {
      throw new PatternError('look-behind is not in RE2; match what goes before as well, as a group if it is to stay');
    }
    if (this.match(/\(\?>/y)) {
      throw new PatternError('atomic groups are not in RE2, which never tracks back; write `(?:` for `(?>`');
    }
    if (this.match(/\(\?P[=>]/y)) throw new PatternError('references to groups are not in RE2; write the text out');
    const named = this.match(/\(\?P?<([A-Za-z_0-9]+)>/y);
    const flagged = named ?? this.match(/\(\?([imsU]*(?:-[imsU]+)?):/y);
    if (flagged === undefined && this.source.startsWith('(?', this.at)) {
      throw new PatternError(groupFault(this.source.slice(this.at)));
    }
    if (flagged === undefined) this.at++;
    const captures = named !== undefined || flagged === undefined;
    if (named?.[1] !== undefined && this.groups.includes(named[1])) {
      throw new PatternError(`the name \`${named[1]}\` is given to two groups; name one otherwise`);
    }
    const number = captures ? this.groups.push(named?.[1]) : 0;
    const inner = named === undefined && flagged?.[1] !== undefined ? withFlags(flags, flagged[1]) : flags;
    const part = this.choice(inner, depth + 1);
    if (!this.take(')')) throw new PatternError('a `(` is not closed; write `\\(` for the character');
    return captures ? { kind: 'group', number, part } : part;
  }

  private repeatCount(): { least: number; most: number; text: string } | undefined {
    const form = /\{(\d+)(,(\d*))?\}/y;
    form.lastIndex = this.at;
    const found = form.exec(this.source);
    if (found === null) return undefined;
    const least = Number(found[1]);
    return {
      least,
      most: found[2] === undefined ? least : found[3] === '' ? Infinity : Number(found[3]),
      text: found[0],
    };
  }

  private repeated(part: Node, flags: Flags): Node {
    const from = this.at;
    const count = this.repeatCount();
    if (count !== undefined) this.at += count.text.length;
    else if (!'*+?'.includes(this.source[this.at] ?? ' ')) return part;
    const sign = count === undefined ? this.source[this.at++] : undefined;
    const { least, most } = count ?? { least: sign === '+' ? 1 : 0, most: sign === '?' ? 1 : Infinity };
    if (least > most)
      throw new PatternError(`\`${count?.text ?? ''}\` ends before it begins; write the smaller number first`);
    if (least > REPEATS_AT_MOST || (most !== Infinity && most > REPEATS_AT_MOST)) {
      throw new PatternError(`\`${count?.text ?? ''}\` is not in RE2, which repeats up to ${REPEATS_AT_MOST} times`);
    }
    const greedy = this.take('?') === flags.lazy;
    if (/^[*+?]/.test(this.source.slice(this.at)) || this.repeatCount() !== undefined) {
      const [once, twice] = [this.source.slice(from, this.at), this.source.slice(from, this.at + 1)];
      throw new PatternError(
        `\`${twice}\` repeats twice: possessive and double repetitions are not in RE2; write \`${once}\``,
      );
    }
    return { kind: 'repeat', part, least, most, greedy };
  }

  private escape(flags: Flags): Node {
    const bit = { A: ASSERTION.textStart, z: ASSERTION.textEnd, b: ASSERTION.wordEdge, B: ASSERTION.noWordEdge }[
      this.source[this.at + 1] ?? ''
    ];
    if (bit !== undefined) {
      this.at += 2;
      return assertion(bit);
    }
    const { set, code } = this.escaped(flags);
    return code === undefined ? { kind: 'set', set } : literal(code, flags);
  }

  private escaped(flags: Flags): EscapedSet {
    const escaped = escapedSet(this.source, this.at, flags.ignoreCase);
    if (typeof escaped === 'string') throw new PatternError(escaped);
    this.at = escaped.end;
    return escaped;
  }

  private bracketed(flags: Flags): CharSet {
    this.at++;
    const inverted = this.take('^');
    const pairs: number[] = [];
    const sets: number[] = [];
    for (let first = true; first || this.source[this.at] !== ']'; first = false) {
      if (this.ended()) throw new PatternError('a `[` is not closed; write `\\[` for the character');
      const begin = this.at;
      const from = this.member(flags);
      if (from.code === undefined) {
        sets.push(...from.set);
      } else if (this.source[this.at] === '-' && !['', ']'].includes(this.source[this.at + 1] ?? '')) {
        const middle = this.at++;
        const to = this.member(flags);
        if (to.code === undefined || to.code < from.code) {
          const [first, last] = [this.source.slice(begin, middle), this.source.slice(middle + 1, this.at)];
          const instead = to.code === undefined ? '`\\-` for the character' : `\`${last}-${first}\``;
          throw new PatternError(`\`${first}-${last}\` in brackets is no range; write ${instead}`);
        }
        pairs.push(from.code, to.code);
      } else {
        pairs.push(from.code, from.code);
      }
    }
    this.at++;
    const own = flags.ignoreCase ? foldCase(charSet(pairs)) : pairs;
    const set = charSet([...own, ...sets]);
    return inverted ? inverse(set) : set;
  }

  private member(flags: Flags): EscapedSet {
    if (this.source.startsWith('[:', this.at) || this.source[this.at] === '\\') return this.escaped(flags);
    const code = this.source.codePointAt(this.at);
    if (code === undefined) throw new PatternError('a `[` is not closed; write `\\[` for the character');
    this.at += code > 0xffff ? 2 : 1;
    return { set: [code, code], code, end: this.at };
  }
}

/** What is wrong with a group that begins with `(?`. */
function groupFault(rest: string): string {
  if (rest === '(?') return '`(?` is not closed; write `(?:…)` for a part';
  const open = /^\(\?[imsU-]*$/.exec(rest);
  if (open !== null)
    return `\`${rest}\` is not closed; write \`${rest})\` for what follows, or \`${rest}:…)\` for a part`;
  if (/^\(\?P?<[^>]*$/.test(rest)) return `\`${rest.slice(0, 12)}\` is not closed; write \`(?P<name>…)\``;
  if (/^\(\?P?</.test(rest))
    return `\`${rest.slice(0, rest.indexOf('>') + 1)}\` is no name; use letters, digits and \`_\``;
  return `\`${rest.slice(0, 4)}\` is not in RE2; the flags are i, m, s and U, a group without a number is \`(?:…)\``;
}

function withFlags(flags: Flags, text: string): Flags {
  const [on = '', off = ''] = text.split('-');
  const flag = (letter: string, now: boolean): boolean => (on.includes(letter) || now) && !off.includes(letter);
  return {
    ignoreCase: flag('i', flags.ignoreCase),
    lines: flag('m', flags.lines),
    dotAll: flag('s', flags.dotAll),
    lazy: flag('U', flags.lazy),
  };
}

/** A choice of these, neighbours that take one character joined into one. */
function choiceOf(parts: readonly Node[]): Node {
  const joined: Node[] = [];
  for (const each of parts) {
    const part = each.kind === 'sequence' && each.parts.length === 1 ? (each.parts[0] as Node) : each;
    const last = joined.at(-1);
    if (part.kind === 'set' && last?.kind === 'set') {
      joined[joined.length - 1] = { kind: 'set', set: charSet([...last.set, ...part.set]) };
    } else joined.push(part);
  }
  return joined.length === 1 ? (joined[0] as Node) : { kind: 'choice', parts: joined };
}

function assertion(bit: number): Node {
  return { kind: 'assertion', bit };
}

function literal(code: number, flags: Flags): Node {
  return { kind: 'set', set: flags.ignoreCase ? foldCase([code, code]) : [code, code] };
}
