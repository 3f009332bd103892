import { rounded } from './svg-text';

/** A rectangle of the picture. */
export interface Rect {
  /** Its left edge. */
  readonly x: number;
  /** Its upper edge. */
  readonly y: number;
  /** Its width. */
  readonly width: number;
  /** Its height. */
  readonly height: number;
}

/** A part of the picture, and where what comes below it may begin. */
export interface Drawn {
  /** Its elements. */
  readonly svg: readonly string[];
  /** Its lower edge. */
  readonly bottom: number;
}

/** A rectangle of a class, with round corners if asked. */
export function rect(name: string, { x, y, width, height }: Rect, radius = 0): string {
  const corners = radius === 0 ? '' : ` rx="${radius}"`;
  const [left, top, wide, high] = [x, y, width, height].map(rounded);
  return `<rect class="${name}" x="${left}" y="${top}" width="${wide}" height="${high}"${corners}/>`;
}

/** A straight line of a class. */
export function line(name: string, x1: number, y1: number, x2: number, y2: number): string {
  const [a, b, c, d] = [x1, y1, x2, y2].map(rounded);
  return `<line class="${name}" x1="${a}" y1="${b}" x2="${c}" y2="${d}"/>`;
}

/** A tick on a disc: all is well. */
export function goodSign(x: number, y: number, size: number): string {
  const at = (of: number): number => rounded(of * size);
  const disc = `<circle class="good" cx="${rounded(x + size / 2)}" cy="${rounded(y + size / 2)}" r="${at(0.5)}"/>`;
  return `${disc}<path class="sign" d="M${rounded(x + at(0.27))} ${rounded(y + at(0.52))}l${at(0.17)} ${at(0.18)}l${at(0.3)} ${at(-0.36)}"/>`;
}

/** A triangle with an exclamation mark cut out, as on a road: something is wrong. */
export function warningSign(name: string, x: number, y: number, size: number): string {
  const [half, thick] = [rounded(size / 2), Math.max(1, rounded(size / 8))];
  const bar = (from: number, to: number): string => {
    const [left, top, high] = [x + (size - thick) / 2, y + from * size, (to - from) * size].map(rounded);
    return `M${left} ${top}h${thick}v${high}h${-thick}z`;
  };
  const triangle = `M${rounded(x)} ${rounded(y + size)}l${half} ${-rounded(size)}l${half} ${rounded(size)}z`;
  return `<path class="${name}" d="${triangle}${bar(0.36, 0.7)}${bar(0.78, 0.91)}"/>`;
}
