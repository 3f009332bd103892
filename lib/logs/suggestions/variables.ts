/** What stands in a template for a part that varies: one character each, of those no text has a use for. */
export const VARIABLES = {
  any: '\ue000',
  number: '\ue001',
  hex: '\ue002',
  uuid: '\ue003',
  ip: '\ue004',
  time: '\ue005',
  duration: '\ue006',
} as const;

/** As they are shown. */
const SHOWN: Readonly<Record<string, string>> = {
  [VARIABLES.any]: '<*>',
  [VARIABLES.number]: '<num>',
  [VARIABLES.hex]: '<hex>',
  [VARIABLES.uuid]: '<uuid>',
  [VARIABLES.ip]: '<ip>',
  [VARIABLES.time]: '<time>',
  [VARIABLES.duration]: '<duration>',
};

/** Any run of variables. */
export const VARIABLE = /[\ue000-\ue006]+/g;

/** Characters of a message that are looked at: what tells messages apart stands at their beginning. */
const LOOKED_AT = 1_024;
/** Characters of a quoted text from which on it is content, not a word in quotes. */
const QUOTED_CONTENT = 40;

const OTHER = 0;
const LETTER = 1;
const DIGIT = 2;
const QUOTE = 3;
const CONTROL = 4;

/** What each character of ASCII is to the scan. */
const KINDS = Uint8Array.from({ length: 128 }, (_, code) => {
  const letter = String.fromCharCode(code);
  if (/[A-Za-z_]/.test(letter)) return LETTER;
  if (/\d/.test(letter)) return DIGIT;
  if (/["']/.test(letter)) return QUOTE;
  return code < 32 || code === 127 ? CONTROL : OTHER;
});

/** What a word with a digit may be the beginning of; the first that fits counts. */
const UNITS: readonly (readonly [RegExp, string])[] = [
  [/[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}(?!\w)/iy, VARIABLES.uuid],
  [
    /(?:\d{4}[-/]\d\d[-/]\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?)?(?: ?(?:Z|[+-]\d\d:?\d\d))?|\d\d:\d\d:\d\d(?:[.,]\d+)?|\d\d?\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d(?: [+-]\d{4})?)(?!\w)/y,
    VARIABLES.time,
  ],
  [/(?:\d{1,3}\.){3}\d{1,3}(?::\d{1,5})?(?![\w.])/y, VARIABLES.ip],
  [/[\da-f]{1,4}(?::[\da-f]{0,4}){3,7}(?!\w)/iy, VARIABLES.ip],
  [/(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h|d))+(?!\w)/y, VARIABLES.duration],
  [/\d+(?:[.,]\d+)*(?:e[+-]?\d+)?(?!\w)/iy, VARIABLES.number],
  [/(?:0x[\da-f]+|[\da-f]{6,})(?!\w)/iy, VARIABLES.hex],
];
/** Names of versions say what is meant, not which one: `/api/v1/`. */
const VERSION = /v\d{1,2}(?:(?:alpha|beta)\d{1,2})?(?!\w)/y;
/** A name with a number: `worker-12` without the line. */
const NUMBERED = /([A-Za-z_]{3,})\d+(?!\w)/y;
// eslint-disable-next-line no-control-regex -- it begins so
const COLOUR = /\u001b\[[\d;]*[A-Za-z]/y;

/**
 * A message with what varies in it taken out: numbers, times, addresses, identifiers (also in paths), and values in quotes.
 * What is left of it stands in the message as it is, in the same order; of a long message only the beginning counts.
 */
export function masked(message: string): string {
  return message.length <= LOOKED_AT ? new Scan(message).run() : new Scan(beginning(message)).run() + VARIABLES.any;
}

/** A template as people read it. */
export function shownTemplate(template: string): string {
  return template.replace(VARIABLE, (run) => Array.from(new Set(run), (each) => SHOWN[each] ?? each).join(''));
}

/** Ends between words: half a word may look like another. */
function beginning(message: string): string {
  const space = message.lastIndexOf(' ', LOOKED_AT);
  return message.slice(0, space > LOOKED_AT / 2 ? space + 1 : LOOKED_AT);
}

/** One way through a text, from the left to the right. */
class Scan {
  private result = '';
  /** Up to where the text is in the result. */
  private done = 0;

  constructor(private readonly text: string) {}

  run(): string {
    const { text } = this;
    for (let i = 0; i < text.length;) {
      const kind = kindOf(text.charCodeAt(i));
      if (kind === LETTER || kind === DIGIT) {
        let end = i;
        let digits = 0;
        for (let next = kind; next === LETTER || next === DIGIT; next = kindOf(text.charCodeAt(++end))) {
          if (next === DIGIT) digits++;
        }
        // the first part of a UUID may be all letters
        if (digits === 0 && (end - i !== 8 || text.charCodeAt(end) !== 45)) i = end;
        else i = this.word(i, end, digits > 0);
      } else if (kind === QUOTE) i = this.quoted(i);
      else if (kind === CONTROL) i = this.put(i, controlEnd(text, i), VARIABLES.any);
      else i++;
    }
    return this.done === 0 ? text : this.result + text.slice(this.done);
  }

  private put(from: number, to: number, variable: string): number {
    this.result += this.text.slice(this.done, from) + variable;
    this.done = to;
    return to;
  }

  private word(from: number, end: number, digits: boolean): number {
    const { text } = this;
    for (const [unit, variable] of UNITS) {
      unit.lastIndex = from;
      if (unit.test(text)) return this.put(isSigned(text, from) ? from - 1 : from, unit.lastIndex, variable);
      if (!digits) return end; // only a UUID begins without one
    }
    VERSION.lastIndex = from;
    if (VERSION.test(text)) return end;
    NUMBERED.lastIndex = from;
    const [, name] = NUMBERED.exec(text) ?? [];
    if (name === undefined) return this.put(from, end, VARIABLES.any);
    return this.put(from + name.length, end, VARIABLES.number);
  }

  /** A value in quotes goes as a whole: `user="Ann Bee"`, and so does what is long; a word or a request line stays. */
  private quoted(at: number): number {
    const { text } = this;
    const before = text.charCodeAt(at - 1);
    const isValue = before === 61 || before === 58;
    if (!isValue && at > 0 && (kindOf(before) === LETTER || kindOf(before) === DIGIT)) return at + 1;
    const end = closing(text, at);
    if (end < 0) return at + 1;
    const isContent = end - at > QUOTED_CONTENT && text.slice(at, end).split(' ').length > 4;
    return isValue || isContent ? this.put(at + 1, end, VARIABLES.any) + 1 : at + 1;
  }
}

/** Where a control character ends, or what it tells a terminal. */
function controlEnd(text: string, at: number): number {
  COLOUR.lastIndex = at;
  return COLOUR.test(text) ? COLOUR.lastIndex : at + 1;
}

/** Whether the character before a number is its sign. */
function isSigned(text: string, at: number): boolean {
  const sign = text.charCodeAt(at - 1);
  return (sign === 45 || sign === 43) && (at === 1 || ' =:(,['.includes(text.charAt(at - 2)));
}

function closing(text: string, from: number): number {
  const quote = text.charAt(from);
  for (let end = text.indexOf(quote, from + 1); end >= 0; end = text.indexOf(quote, end + 1)) {
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === 92) slashes++;
    if (slashes % 2 === 0) return end;
  }
  return -1;
}

function kindOf(code: number): number {
  if (code < 128) return KINDS[code] as number;
  if (Number.isNaN(code)) return OTHER; // past the end
  // what a terminal acts on, what ends a line, halves of characters, and what stands for a variable
  const isOdd = code < 160 || code === 0x2028 || code === 0x2029 || (code >= 0xd800 && code <= 0xf8ff);
  return isOdd ? CONTROL : LETTER;
}
