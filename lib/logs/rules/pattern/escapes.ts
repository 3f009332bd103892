import { ALL, charSet, foldCase, inverse, unicodeSet, type CharSet } from './char-set';

/** What an escape or a named class stands for. */
export interface EscapedSet {
  /** The characters. */
  readonly set: CharSet;
  /**
   * The one character it is, if it may be an end of a range.
   *
   * @default - it is a class
   */
  readonly code?: number;
  /** Where the text goes on. */
  readonly end: number;
}

const of = (characters: string): CharSet => charSet(Array.from(characters, (each) => [ord(each), ord(each)]).flat());
const ord = (character: string): number => character.codePointAt(0) as number;
const ranges = (...pairs: string[]): CharSet => charSet(pairs.flatMap((pair) => Array.from(pair, ord)));

const PERL: Readonly<Record<string, CharSet>> = {
  d: ranges('09'),
  s: of('\t\n\f\r '),
  w: ranges('09', 'AZ', 'az', '__'),
};

const POSIX: Readonly<Record<string, CharSet>> = {
  alnum: ranges('09', 'AZ', 'az'),
  alpha: ranges('AZ', 'az'),
  ascii: [0, 127],
  blank: of('\t '),
  cntrl: charSet([0, 31, 127, 127]),
  digit: ranges('09'),
  graph: ranges('!~'),
  lower: ranges('az'),
  print: ranges(' ~'),
  punct: ranges('!/', ':@', '[`', '{~'),
  space: of('\t\n\v\f\r '),
  upper: ranges('AZ'),
  word: ranges('09', 'AZ', 'az', '__'),
  xdigit: ranges('09', 'AF', 'af'),
};

const CONTROLS: Readonly<Record<string, number>> = { a: 7, f: 12, t: 9, n: 10, r: 13, v: 11 };

/** What other kinds of regular expressions have, and what to write here. */
const INSTEAD: Readonly<Record<string, string>> = {
  Z: '`\\z` for the end of the text',
  R: '`\\r?\\n` for the end of a line',
  h: '`[ \\t]` for a space or a tab',
  e: '`\\x1b` for the escape character',
  u: '`\\x{…}` for a character by its number',
  G: '`\\A` for the beginning of the text',
};

/** What stands for one or more characters at `at` of a pattern; a text is what is wrong with it. */
export function escapedSet(source: string, at: number, ignoreCase: boolean): EscapedSet | string {
  const rest = source.slice(at, at + 64);
  const fold = (set: CharSet): CharSet => (ignoreCase ? foldCase(set) : set);
  const posix = /^\[:(\^?)(\w+):\]/.exec(rest);
  if (posix !== null) {
    const set = Object.hasOwn(POSIX, posix[2] as string) ? POSIX[posix[2] as string] : undefined;
    if (set === undefined) return `\`${posix[0]}\` is no class RE2 knows; there are ${Object.keys(POSIX).join(', ')}`;
    return { set: posix[1] === '^' ? inverse(fold(set)) : fold(set), end: at + posix[0].length };
  }
  if (rest.startsWith('[')) return { set: [91, 91], code: 91, end: at + 1 };
  const letter = rest[1] ?? '';
  const perl = Object.hasOwn(PERL, letter.toLowerCase()) ? PERL[letter.toLowerCase()] : undefined;
  if (perl !== undefined) {
    return { set: letter === letter.toLowerCase() ? fold(perl) : inverse(fold(perl)), end: at + 2 };
  }
  const property = /^\\([pP])(?:\{(\^?)([A-Za-z_]+)\}|([A-Z]))/.exec(rest);
  if (property !== null) {
    const set = namedSet((property[3] ?? property[4]) as string);
    if (set === undefined) return `\`${property[0]}\` is no Unicode class RE2 knows; use one like \\pL or \\p{Greek}`;
    const inverted = (property[1] === 'P') !== (property[2] === '^');
    return { set: inverted ? inverse(fold(set)) : fold(set), end: at + property[0].length };
  }
  const code = characterCode(rest);
  if (typeof code === 'string') return code;
  return { set: [code.code, code.code], code: code.code, end: at + code.length };
}

function namedSet(name: string): CharSet | undefined {
  if (name === 'Any') return ALL;
  return unicodeSet(/^[A-Z][a-z]?$/.test(name) ? name : `Script=${name}`);
}

function characterCode(rest: string): { code: number; length: number } | string {
  const letter = rest[1] ?? '';
  const control = CONTROLS[letter];
  if (control !== undefined) return { code: control, length: 2 };
  const hex = /^\\x(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]{1,8})\})/.exec(rest);
  if (hex !== null) {
    const code = parseInt((hex[1] ?? hex[2]) as string, 16);
    return code <= 0x10ffff ? { code, length: hex[0].length } : `\`${hex[0]}\` is beyond the last character`;
  }
  // a single digit other than 0 would be a back-reference elsewhere
  const octal = /^\\(0[0-7]{0,2}|[1-7][0-7]{1,2})/.exec(rest);
  if (octal !== null) return { code: parseInt(octal[1] as string, 8), length: octal[0].length };
  if (/^\\(?:[1-9]|k[<{'])/.test(rest)) return 'back-references are not in RE2; write the text out';
  if (rest === '\\') return 'a `\\` stands at the end; write `\\\\` for the character';
  const code = rest.codePointAt(1) as number;
  if (code < 128 && !/[A-Za-z0-9]/.test(letter)) return { code, length: 2 };
  const character = String.fromCodePoint(code);
  const instead = Object.hasOwn(INSTEAD, letter) ? INSTEAD[letter] : `\`${character}\` for the character`;
  return `\`\\${character}\` is not in RE2; write ${instead}`;
}
