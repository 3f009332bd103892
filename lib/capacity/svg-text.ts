/** The typefaces: those of the reader's system, as an image may load no others. */
export type Face = 'plain' | 'bold' | 'code';

/** How each kind of words is written. Style sheet and reckoned widths both come from here. */
export const WRITINGS = {
  platform: { size: 22, face: 'bold', ink: 'ink' },
  heading: { size: 14, face: 'bold', ink: 'ink' },
  label: { size: 11, face: 'plain', ink: 'soft' },
  fact: { size: 12.5, face: 'plain', ink: 'ink' },
  verdict: { size: 14, face: 'plain', ink: 'ink' },
  zone: { size: 13, face: 'bold', ink: 'ink' },
  tier: { size: 12.5, face: 'bold', ink: 'ink' },
  id: { size: 11.5, face: 'bold', ink: 'ink' },
  cidr: { size: 11.5, face: 'code', ink: 'ink' },
  small: { size: 10.5, face: 'plain', ink: 'soft' },
  count: { size: 11, face: 'plain', ink: 'ink' },
  percent: { size: 11.5, face: 'bold', ink: 'ink' },
  badshare: { size: 11.5, face: 'bold', ink: 'over' },
  alarm: { size: 10.5, face: 'bold', ink: 'on-over' },
  tight: { size: 10.5, face: 'bold', ink: 'over' },
  cell: { size: 12, face: 'plain', ink: 'ink' },
  name: { size: 12, face: 'bold', ink: 'ink' },
  bad: { size: 12, face: 'bold', ink: 'over' },
} as const satisfies Record<string, { readonly size: number; readonly face: Face; readonly ink: string }>;

/** A kind of words. */
export type Writing = keyof typeof WRITINGS;

/** Words in one typeface. */
export interface Span {
  /** The words. */
  readonly words: string;
  /**
   * The typeface.
   *
   * @default - that of the writing
   */
  readonly face?: Face;
}

/**
 * The width of letters in hundredths of their size, rounded up from DejaVu Sans, the widest of the usual system fonts:
 * whoever reads with another has room to spare.
 */
const LETTERS: readonly (readonly [RegExp, Readonly<Record<Exclude<Face, 'code'>, number>>])[] = [
  [/[ijlI.,:;'|!` ·\u00A0]/u, { plain: 34, bold: 41 }],
  [/[frt()[\]/"\\-]/u, { plain: 46, bold: 53 }],
  [/[mwMW%@&…—]/u, { plain: 100, bold: 111 }],
  [/[CEFJLPSTYZ]/u, { plain: 70, bold: 74 }],
  [/[A-Z+=<>~#^]/u, { plain: 84, bold: 87 }],
  [/[aceksvxyz_?]/u, { plain: 62, bold: 68 }],
  [/[ -~]/u, { plain: 64, bold: 72 }],
];
const CODE_LETTER = 61;
const OTHER_LETTER = 115;

/** A width that words surely do not exceed. */
export function widthOf(words: string, writing: Writing, face: Face = WRITINGS[writing].face): number {
  const hundredths = [...words].reduce((sum, letter) => sum + letterWidth(letter, face), 0);
  return (hundredths * WRITINGS[writing].size) / 100;
}

function letterWidth(letter: string, face: Face): number {
  if (face === 'code') return /[ -~…\u00A0]/u.test(letter) ? CODE_LETTER : OTHER_LETTER;
  return LETTERS.find(([letters]) => letters.test(letter))?.[1][face] ?? OTHER_LETTER;
}

/** As much of the beginning as surely fits, and as much of the end as is asked for, with … for what is left out. */
export function fitted(words: string, writing: Writing, width: number, face?: Face, keepAtEnd = 0): string {
  if (widthOf(words, writing, face) <= width) return words;
  const letters = [...words];
  const end = letters.slice(letters.length - Math.min(keepAtEnd, letters.length));
  const begin = letters.slice(0, letters.length - end.length);
  const shown = (): string => [...begin, '…', ...end].join('');
  while (begin.length + end.length > 0 && widthOf(shown(), writing, face) > width) {
    if (begin.length > 0) begin.pop();
    else end.shift();
  }
  return shown();
}

/** Lines of words that are each no wider than asked; what is in backticks is code. A word that is too wide is cut. */
export function wrapped(sentence: string, writing: Writing, width: number): Span[][] {
  const lines: Span[][][] = [];
  let used = 0;
  const space = widthOf(' ', writing);
  for (const word of wordsOf(sentence)) {
    const spans = word.map(({ words, face }) => ({ words: fitted(words, writing, width, face), face }));
    const wide = spans.reduce((sum, { words, face }) => sum + widthOf(words, writing, face), 0);
    const line = lines.at(-1);
    if (line === undefined || used + space + wide > width) {
      lines.push([spans]);
      used = wide;
    } else {
      line.push(spans);
      used += space + wide;
    }
  }
  return lines.map((words) => words.flatMap((spans, index) => (index === 0 ? spans : [{ words: ' ' }, ...spans])));
}

function wordsOf(sentence: string): Span[][] {
  const words: Span[][] = [[]];
  for (const [index, part] of sentence.split('`').entries()) {
    const face = index % 2 === 1 ? 'code' : undefined;
    for (const [place, piece] of part.split(' ').entries()) {
      if (place > 0) words.push([]);
      if (piece !== '') words.at(-1)?.push({ words: piece, face });
    }
  }
  return words.filter((spans) => spans.length > 0);
}

/** Where words go. */
export interface Place {
  /** Where they begin, or end if they are anchored there. */
  readonly x: number;
  /** Their base line. */
  readonly y: number;
  /**
   * What they must not exceed; what does is cut, and whole in a tooltip.
   *
   * @default - nothing: they are known to be short
   */
  readonly width?: number;
  /**
   * Which end of them is at `x`.
   *
   * @default 'start'
   */
  readonly anchor?: 'start' | 'end';
  /**
   * How many letters of the end stay when they are cut.
   *
   * @default 0
   */
  readonly keepAtEnd?: number;
}

/** One line of words. */
export function text(words: string, writing: Writing, { x, y, width, anchor, keepAtEnd }: Place): string {
  const shown = width === undefined ? words : fitted(words, writing, width, undefined, keepAtEnd);
  const whole = shown === words ? '' : `<title>${escaped(words)}</title>`;
  const end = anchor === 'end' ? ' text-anchor="end"' : '';
  return `<text class="${writing}" x="${rounded(x)}" y="${rounded(y)}"${end}>${whole}${escaped(shown)}</text>`;
}

/** One line of words in several typefaces. */
export function spans(line: readonly Span[], writing: Writing, { x, y }: Place): string {
  const inner = line.map(({ words, face }) =>
    face === undefined ? escaped(words) : `<tspan class="${face}">${escaped(words)}</tspan>`,
  );
  return `<text class="${writing}" x="${rounded(x)}" y="${rounded(y)}">${inner.join('')}</text>`;
}

/** A text as XML takes it; characters that XML has no way to write become �. */
export function escaped(words: string): string {
  return words
    .replace(/[&<>"]/g, (letter) => ENTITIES[letter] ?? letter)
    .replace(/\p{Cc}|\p{Cs}|[\uFFFE\uFFFF]/gu, (letter) => (letter === '\n' ? letter : '\uFFFD'));
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** A number as people read it. */
export function number(value: number): string {
  return value.toLocaleString('en-US');
}

/** A share in whole per cent, rounded up: what is above 100 % never looks as if it were not. */
export function percent(part: number, whole: number): string {
  return `${number(Math.ceil((part / whole) * 100))} %`;
}

/** A coordinate: a tenth of a pixel is enough. */
export function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
