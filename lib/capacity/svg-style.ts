import { WRITINGS, type Face } from './svg-text';

/**
 * Colours, light and dark. What fills a subnet goes from strong to faint, so that it can be told apart by brightness
 * alone; orange beside blue is told apart by all kinds of colour-blind eyes.
 */
const COLOURS: Readonly<Record<string, readonly [light: string, dark: string]>> = {
  page: ['#ffffff', '#0d1117'],
  vpc: ['#f6f8fa', '#11161d'],
  zone: ['#e9eef4', '#1a212b'],
  box: ['#ffffff', '#0d1117'],
  line: ['#c3ccd6', '#3a444f'],
  ink: ['#1b2128', '#e8edf2'],
  soft: ['#55606c', '#9fabb8'],
  track: ['#edf1f5', '#232c37'],
  standing: ['#2b3440', '#d5dde6'],
  desired: ['#0b6bcb', '#4aa3ff'],
  maximum: ['#7ab6f3', '#2767b3'],
  over: ['#b84300', '#ff9a57'],
  'on-over': ['#ffffff', '#1c0d02'],
};

const FAMILIES: Readonly<Record<Face, string>> = {
  plain: '400 %s system-ui,sans-serif',
  bold: '600 %s system-ui,sans-serif',
  code: '400 %s ui-monospace,monospace',
};

/** The style sheet. Its rules begin with the picture's class, so that they hold in it alone wherever it is put. */
export function styleSheet(): string {
  const colours = (which: 0 | 1): string =>
    Object.entries(COLOURS)
      .map(([name, pair]) => `--${name}:${pair[which]}`)
      .join(';');
  const writings = Object.entries(WRITINGS).map(([name, { size, face, ink }]) =>
    rule(`.${name}`, `font:${FAMILIES[face].replace('%s', `${size}px`)};fill:var(--${ink})`),
  );
  return [
    `.capacity{${colours(0)}}`,
    `@media (prefers-color-scheme:dark){.capacity{${colours(1)}}}`,
    ...writings,
    rule('tspan.code', 'font-family:ui-monospace,monospace'),
    ...['page', 'vpc', 'zone', 'box', 'track', 'standing', 'desired', 'maximum'].map((name) =>
      rule(`rect.${name}`, `fill:var(--${name})`),
    ),
    rule('.vpc,.capacity .box,.capacity .gap', 'stroke:var(--line)'),
    rule('rect.gap', 'fill:none;stroke-dasharray:4 4'),
    rule('.plate', 'fill:var(--over)'),
    rule('.on-plate', 'fill:var(--on-over)'),
    rule('.over .box', 'stroke:var(--over);stroke-width:2'),
    rule('.rule', 'stroke:var(--line)'),
    rule('.mark', 'stroke:var(--ink);stroke-width:2'),
    rule('.good', 'fill:var(--desired)'),
    rule('.wrong,.capacity .on-plate', 'fill-rule:evenodd'),
    rule('.wrong', 'fill:var(--over)'),
    rule('.sign', 'fill:none;stroke:var(--page);stroke-width:2;stroke-linecap:round;stroke-linejoin:round'),
    rule('.stripe', 'stroke:var(--page);stroke-width:2'),
  ].join('\n');
}

function rule(selector: string, declarations: string): string {
  return `.capacity ${selector}{${declarations}}`;
}
